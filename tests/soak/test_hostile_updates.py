"""Hostile updates cause no unexpected errors and no invalid requests; `make soak` sends more."""

from pathlib import Path

import pytest

from tests.soak.hostile_run import send_hostile_updates

UPDATES = 500


async def test_hostile_updates_cause_no_unexpected_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    found = await send_hostile_updates(tmp_path, UPDATES, seed=1)
    assert found.kinds.total() >= UPDATES
    assert found.is_well, found
    assert found.answers > UPDATES / 2

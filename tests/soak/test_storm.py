"""Whatever is sent to the program: it answers within Telegram's limits, and nothing fails that nobody expected."""

from pathlib import Path

import pytest

from tests.soak.storm import weathered

UPDATES = 500


async def test_hostile_updates_of_every_kind_meet_no_unexpected_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    found = await weathered(tmp_path, UPDATES, seed=1)
    assert found.kinds.total() >= UPDATES
    assert found.is_well, found
    assert found.answers > UPDATES / 2

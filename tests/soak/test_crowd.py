"""Many chats are served at the pace that Telegram allows, and whoever asks meanwhile is answered at once."""

from pathlib import Path

import pytest

from tests.soak.crowd import EACH, served

CHATS = 300


async def test_a_crowd_is_served_at_the_pace_of_the_limits_and_questions_are_answered_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    found = await served(tmp_path, CHATS)
    assert found.messages == EACH * CHATS + found.answers
    assert found.is_fast, found

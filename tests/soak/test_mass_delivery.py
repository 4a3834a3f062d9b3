"""Delivery to many chats at the rate limit, with prompt answers meanwhile; `make soak` has more chats."""

from pathlib import Path

import pytest

from tests.soak.mass_delivery import MESSAGES_PER_CHAT, deliver_to_all

CHATS = 300


async def test_mass_delivery_uses_the_rate_limits_fully_and_answers_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    found = await deliver_to_all(tmp_path, CHATS)
    assert found.messages == MESSAGES_PER_CHAT * CHATS + found.answers
    assert found.is_fast, found

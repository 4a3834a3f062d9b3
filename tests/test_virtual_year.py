"""Alerts and digests in all sorts of zones: each once, never in quiet hours, never later than a tick.

`make soak` lives through the whole year with more chats.
"""

from datetime import UTC, datetime
from pathlib import Path

from tests.virtual_year import VirtualYear


def test_each_chat_gets_all_its_messages_once_and_in_time_while_the_clocks_change(tmp_path: Path) -> None:
    """From before a 29 February until the clocks of four continents have changed."""
    spring = VirtualYear(tmp_path, chats=24, begin=datetime(2024, 2, 26, 1, tzinfo=UTC), days=45)
    spring.run()
    assert spring.restarts
    assert spring.told > 24 * 30

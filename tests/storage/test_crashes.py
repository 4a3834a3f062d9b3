"""`kill -9` between any two writes: the next start finds a consistent state and loses nothing."""

from pathlib import Path

from tests.crashes import Killing


def test_killed_between_any_two_writes_the_program_loses_nothing_and_alerts_nothing_twice(tmp_path: Path) -> None:
    killing = Killing(tmp_path)
    gap = 1
    while killing.strike_at(gap):
        gap += 1
    assert killing.killed >= 8, "index, digests, outbox: each is written, and each write has a gap before and behind"

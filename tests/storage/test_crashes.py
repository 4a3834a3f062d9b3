"""`kill -9` in every gap between two writes: the next start is clean and complete."""

from pathlib import Path

from tests.crashes import Killing


def test_killed_in_any_gap_between_two_writes_it_loses_nothing_and_tells_nothing_twice(tmp_path: Path) -> None:
    killing = Killing(tmp_path)
    gap = 1
    while killing.strike_at(gap):
        gap += 1
    assert killing.killed >= 8, "index, digests, outbox: each is written, and each write has a gap before and behind"

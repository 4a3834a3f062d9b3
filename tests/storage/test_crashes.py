"""`kill -9` between any two writes: the next start finds a consistent state and loses nothing."""

from pathlib import Path

from tests.crash_trial import CrashTrial


def test_killed_between_any_two_writes_the_program_loses_nothing_and_alerts_nothing_twice(tmp_path: Path) -> None:
    trial = CrashTrial(tmp_path)
    gap = 1
    while trial.kill_at(gap):
        gap += 1
    assert trial.killed >= 8, "index, digests and outbox are written, with a gap before and after each write"

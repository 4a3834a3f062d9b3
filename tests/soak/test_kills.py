"""Killed at random moments while Telegram refuses, fails and loses answers: nothing is lost. `make soak` does more."""

import asyncio
from pathlib import Path

from tests.soak import killed_process
from tests.soak.fork_server import ForkServer
from tests.soak.kill_trial import FOLLOWING_CHATS, run_trial

LIVES = 12


def test_a_process_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    nursery = ForkServer(killed_process.preload, killed_process.run)
    try:
        trial, found = asyncio.run(run_trial(tmp_path, nursery, LIVES, seed=1))
    finally:
        nursery.close()
    assert found.received >= found.owed >= len(FOLLOWING_CHATS)
    assert found.is_sound, found
    assert len(trial.kills) == LIVES

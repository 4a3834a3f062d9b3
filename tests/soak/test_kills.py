"""The program killed at random moments while Telegram fails; `make soak` kills it more often."""

import asyncio
from pathlib import Path

from tests.soak import killed_process
from tests.soak.fork_server import ForkServer
from tests.soak.kill_trial import FOLLOWING_CHATS, run_trial

RUNS = 12


def test_a_process_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    fork_server = ForkServer(killed_process.preload, killed_process.run)
    try:
        trial, found = asyncio.run(run_trial(tmp_path, fork_server, RUNS, seed=1))
    finally:
        fork_server.close()
    assert found.received >= found.owed >= len(FOLLOWING_CHATS)
    assert found.is_sound, found
    assert len(trial.kills) == RUNS

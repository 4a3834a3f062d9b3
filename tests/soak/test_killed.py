"""Killed at random moments while Telegram refuses, fails and loses answers: nothing is lost. `make soak` does more."""

import asyncio
from pathlib import Path

from tests.soak import life
from tests.soak.nursery import Nursery
from tests.soak.trial import FAITHFUL, lived_through

LIVES = 12


def test_killed_at_any_moment_it_loses_nothing_and_repeats_only_what_was_not_answered(tmp_path: Path) -> None:
    nursery = Nursery(life.load, life.live)
    try:
        trial, found = asyncio.run(lived_through(tmp_path, nursery, LIVES, seed=1))
    finally:
        nursery.close()
    assert found.received >= found.owed >= len(FAITHFUL)
    assert found.is_sound, found
    assert len(trial.kills) == LIVES

"""`kill -9` at any moment: the next start is clean and complete."""

import random
from pathlib import Path

from tests.crashes import Killing


def test_a_taking_in_killed_at_twenty_moments_is_complete_after_the_next_start(tmp_path: Path) -> None:
    killing = Killing(tmp_path, random.Random(5))
    for _ in range(20):
        killing.strike()
    assert killing.killed >= 7, "the kills have to hit the work"

"""`make soak`: kills the real program at random moments, many times, and looks at what it left; lives through a year.

Bounded: KILLS runs of a few seconds each. `make test` kills it in each gap between two writes; this also hits the
writes themselves. The year of CHATS chats is one of their own clocks and takes minutes.
"""

import random
import sys
import tempfile
from pathlib import Path

from tests.bench.tables import show
from tests.crashes import Killing
from tests.yearlong import VirtualYear

KILLS = 100
CHATS = 200


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        killing, choose = Killing(Path(folder)), random.Random()
        whole = killing.duration()
        for done in range(1, KILLS + 1):
            killing.strike_after(whole * choose.uniform(0.5, 1.1))
            if done % 25 == 0:
                print(f"{done} of {KILLS}", file=sys.stderr)
    show("taking in, killed at random moments", ("what", "count"), killing.report())
    with tempfile.TemporaryDirectory() as folder:
        year = VirtualYear(Path(folder), CHATS)
        year.live()
    show("a year of all sorts of clocks", ("what", "count"), year.report())


if __name__ == "__main__":
    main()

"""`make soak`: kills the real program at random moments, many times, and looks at what it left.

Bounded: KILLS runs of a few seconds each. The kills in `make test` are the same, only fewer.
"""

import random
import sys
import tempfile
from pathlib import Path

from tests.bench.tables import show
from tests.crashes import Killing

KILLS = 150


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        killing = Killing(Path(folder), random.Random())
        for done in range(1, KILLS + 1):
            killing.strike()
            if done % 25 == 0:
                print(f"{done} of {KILLS}", file=sys.stderr)
    show("taking in, killed at random moments", ("what", "count"), killing.report())


if __name__ == "__main__":
    main()

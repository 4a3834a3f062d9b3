"""`make quality`: the figures of the README, each beside its floor. Needs the evaluation folder."""

import sys

from tests.bench import quality_pages
from tests.bench.tables import show
from tests.conftest import EVALUATION


def main() -> None:
    if not EVALUATION.is_dir():
        sys.exit(f"the evaluation folder {EVALUATION} is not here: nothing to measure against")
    for title, part in (("reading pages", quality_pages),):
        rows = [(name, reached, floor, "yes" if reached >= floor else "NO") for name, reached, floor in part.rows()]
        show(title, ("figure", "reached", "floor", "held"), rows)


if __name__ == "__main__":
    main()

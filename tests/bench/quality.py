"""`make quality`: the quality figures, each with its floor. Needs the evaluation folder."""

import sys

from tests.bench import (
    quality_ask,
    quality_digest,
    quality_intents,
    quality_names,
    quality_pages,
    quality_promises,
    quality_search,
    quality_styles,
)
from tests.bench.tables import show
from tests.conftest import EVALUATION

PARTS = (
    ("reading pages", quality_pages),
    ("reading pages of other papers", quality_styles),
    ("digests", quality_digest),
    ("names", quality_names),
    ("search and matching", quality_search),
    ("what readers say", quality_intents),
    ("promises", quality_promises),
    ("ask", quality_ask),
)


def main() -> None:
    if not EVALUATION.is_dir():
        sys.exit(f"the evaluation folder {EVALUATION} is not here: nothing to measure against")
    for title, part in PARTS:
        rows = [(name, reached, floor, "yes" if reached >= floor else "NO") for name, reached, floor in part.rows()]
        show(title, ("figure", "reached", "floor", "passed"), rows)


if __name__ == "__main__":
    main()

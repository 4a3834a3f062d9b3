"""The quality of segmentation on other papers: python -m tests.bench.quality_styles [WEIGHTS]

Reads pages of the evaluation's 14 papers, pages of 250 papers whose styles are drawn at random (of articles held out
from training), and the small pages of the cases folder. With WEIGHTS of `train_segment --drawn-only`, the 14 papers are
left out of the training. Needs the evaluation folder.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

from bot.cli import output
from digests import pages, segment
from digests.pages import archive_notes
from digests.segment import model
from digests.segment.certainty import UNSURE
from tests.bench import segment_pages, segment_styles, styled_pages
from tests.bench.evaluation import load_module
from tests.bench.tables import Row, with_floors
from tests.conftest import EVALUATION

FLOORS = {
    "boundary_f1": 0.92,
    "bcubed_f1": 0.965,
    "headline_f1": 0.88,
    "byline_signed": 0.85,
    "caption_f1": 0.90,
    "date": 0.95,
    "page": 0.96,
    "paper": 0.96,
    "kind_notice": 0.85,
    "kind_box": 0.80,
    "furniture": 0.92,
    "jumps": 0.90,
    "from_page": 0.85,
}
"""The floor of each figure; those of drawn papers, whose styles are stranger than those of real ones, have none."""
GIVEN_PAGES, DRAWN_PAGES = 112, 250
MAX_BAD = 0.9
"""A page whose boundaries have a lower F1 is badly cut."""

Figures = Mapping[str, float | None]


def rows() -> Iterator[Row]:
    """Yield name, value and floor of each figure."""
    with tempfile.TemporaryDirectory() as folder:
        given, drawn = Path(folder) / "given", Path(folder) / "drawn"
        compose_given(given)
        compose_drawn(drawn)
        both: list[tuple[float, float]] = []
        for name, place in (("14 papers", given), ("drawn papers", drawn)):
            figures, sureness = score(place)
            both += sureness
            for figure, floor in FLOORS.items():
                if (value := figures["all"][figure]) is not None:
                    yield f"{name} {figure}", value, floor if name == "14 papers" else 0.0
        below = [f1 < MAX_BAD for structure, f1 in both if structure < UNSURE]
        above = [f1 < MAX_BAD for structure, f1 in both if structure >= UNSURE]
        yield "badly cut, of the pages with low structure", sum(below) / (len(below) or 1), 0.5
        yield "well cut, of the other pages", 1 - sum(above) / (len(above) or 1), 0.75
    passed, total = small_pages()
    yield "small pages read as an editor would", passed / (total or 1), 20 / 22


def compose_given(folder: Path) -> None:
    """Compose pages of the evaluation's papers."""
    program = [sys.executable, EVALUATION / "styles" / "compose_styles.py", EVALUATION / "pages_dev.jsonl.gz", folder]
    subprocess.run([*program, "--pages", str(GIVEN_PAGES), "--seed", "1"], check=True, capture_output=True)


def compose_drawn(folder: Path) -> None:
    """Compose pages of papers with drawn styles, of the articles held out from training."""
    module = load_module("styles/compose_styles.py")
    _, sources = segment_pages.sources(EVALUATION)
    folder.mkdir()
    for number in range(DRAWN_PAGES):
        rng = random.Random(f"eval {number}")
        style = segment_styles.drawn_style(module, rng)
        text, where, printed = styled_pages.laid_out(module, style, sources[number % len(sources)], sources, rng)
        name = f"p{number:04}"
        answer = module.gold(f"{name}.{style['ext']}", style, text, where, printed) | {"style": _kind(style)}
        (folder / answer["file"]).write_text("\n".join(text) + "\n", encoding="utf-8", newline="\n")
        (folder / f"{name}.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def _kind(style: segment_styles.Style) -> str:
    if style["ext"] == "md":
        return "markdown"
    return "hard-wrapped" if style["wrap"] else "traditional" if style["script"] != "simp" else "plain"


def score(folder: Path) -> tuple[Mapping[str, Figures], list[tuple[float, float]]]:
    """Return the figures of the pages in `folder`, for all and by style, and structure and boundary F1 of each page."""
    readings = {}
    for path in sorted((*folder.glob("p*.txt"), *folder.glob("p*.md"))):
        page = pages.load_page(path, archive_notes.ArchiveNotes(), name=path.name)
        readings[path.name] = json.loads(output.page_json(segment.parse_page(page)))
    figures, each = load_module("styles/score_styles.py").score(folder, readings)
    sureness = [(readings[name]["structure"], own["boundary_f1"] or 0.0) for name, (own, _) in each.items()]
    return figures, sureness


def small_pages() -> tuple[int, int]:
    """Return how many of the small pages in the cases folder are read rightly, and their number."""
    cases = EVALUATION.parent / "cases"
    command = f"{sys.executable} -m bot parse --json"
    done = subprocess.run(
        [sys.executable, cases / "check_pages.py", cases / "pages", command],
        capture_output=True,
        text=True,
        check=False,
    )
    passed, total = (int(word) for word in done.stdout.splitlines()[-1].split() if word.isdecimal())
    return passed, total


def _print_by_style(compose: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "pages"
        compose(place)
        for style, own in score(place)[0].items():
            shown = (f"{own[name]:.3f}" if own[name] is not None else "  -  " for name in FLOORS)
            print(f"{style:　<6}", *shown)


def main() -> None:
    if not EVALUATION.is_dir():
        sys.exit(f"the evaluation folder {EVALUATION} is not here: nothing to measure against")
    weights = model.load(Path(sys.argv[1])) if len(sys.argv) > 1 else model.bundled_weights()
    with patch.object(model, "bundled_weights", lambda: weights):
        print(*FLOORS)
        _print_by_style(compose_given)
        _print_by_style(compose_drawn)
        print(with_floors(rows()))


if __name__ == "__main__":
    main()

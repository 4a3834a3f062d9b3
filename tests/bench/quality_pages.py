"""The quality of segmentation: python -m tests.bench.quality_pages

Scores composed pages (200, seed 1, plain and --hard), composed pages of days held out from training, and the real pages
in gold/, each figure with its floor. Needs the evaluation folder.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from digests import models, pages, segment
from digests.models import ParsedPage
from digests.pages import archive_notes, issue_date
from tests.bench import segment_pages
from tests.bench.evaluation import load_module
from tests.bench.tables import Row, with_floors
from tests.conftest import EVALUATION

FLOORS = {
    "boundary_f1": (0.96, 0.88, 0.95),
    "bcubed_f1": (0.99, 0.97, 0.98),
    "headline_f1": (0.86, 0.84, 0.90),
    "byline_f1": (0.96, 0.94, 0.95),
    "caption_f1": (0.98, 0.98, 0.95),
    "joins_f1": (0.93, 0.88, 0.95),
    "jumps": (0.99, 0.98, 1.00),
    "month_day": (0.0, 0.0, 1.00),
}
"""For composed, composed --hard and real pages; 0 if the figure is not scored."""

Read = Callable[[models.Page], ParsedPage]


def rows(read: Read = segment.parse_page) -> list[Row]:
    """Return name, value and floor of each figure; nothing without the evaluation folder."""
    if not EVALUATION.is_dir():
        return []
    return [*composed(read), *gold(read)]


def gold(read: Read) -> Iterator[Row]:
    """Yield the figures of the real pages."""
    return _score("gold", EVALUATION / "gold", read, 2)


def composed(read: Read) -> Iterator[Row]:
    """Yield the figures of composed pages."""
    for kind, hard in enumerate((False, True)):
        name = "hard" if hard else "composed"
        with tempfile.TemporaryDirectory() as folder:
            _compose(Path(folder), count=200, seed=1, hard=hard)
            yield from _score(name, Path(folder), read, kind)
        with tempfile.TemporaryDirectory() as folder:
            _compose(Path(folder), count=500, seed=2, hard=hard)
            _keep_held_out(Path(folder))
            yield from _score(f"held-out {name}", Path(folder), read, kind)


def _compose(folder: Path, *, count: int, seed: int, hard: bool) -> None:
    program = [sys.executable, EVALUATION / "compose_pages.py", EVALUATION / "pages_dev.jsonl.gz", folder]
    options = ["--pages", str(count), "--seed", str(seed), *(["--hard"] if hard else [])]
    subprocess.run([*program, *options], check=True, capture_output=True)


def _keep_held_out(folder: Path) -> None:
    """Remove the pages of days that the model was trained on."""
    _, held_out = segment_pages.sources(EVALUATION)
    names = {source["id"] for source in held_out}
    for path in folder.iterdir():
        if path.stem not in names:
            path.unlink()


def _score(name: str, folder: Path, read: Read, kind: int) -> Iterator[Row]:
    readings = {
        path.name: as_parsed(read(pages.load_page(path, archive_notes.ArchiveNotes()))) for path in folder.glob("*.txt")
    }
    for figure, value in load_module("score_pages.py").score(folder, readings).items():
        if FLOORS.get(figure, (0.0,) * 3)[kind]:
            yield f"{name} {figure}", value, FLOORS[figure][kind]


def as_parsed(reading: ParsedPage) -> dict[str, Any]:
    """Return the scored fields of a page as `jianbao parse --json` prints them."""
    day = reading.page.date
    partial = None if day else issue_date.from_text(reading.page.text)
    return {
        "file": reading.page.file,
        "date": day.isoformat() if day else partial.text if partial else None,
        "articles": [
            {
                "headline": article.headline,
                "kind": article.kind,
                "byline": list(article.byline),
                "lines": [list(line_range) for line_range in article.lines],
                "continued_on_page": article.continued_on_page,
                "paragraphs": list(article.paragraphs),
            }
            for article in reading.articles
        ],
    }


def main() -> None:
    figures = rows()
    print(with_floors(figures) if figures else f"skipped: there is no evaluation folder {EVALUATION}")


if __name__ == "__main__":
    main()

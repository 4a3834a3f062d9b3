"""Building the digests of a whole archive: python -m tests.bench.backfill

Issues of a few short stories, put together from sentences of the sample pages, are taken in as ready articles. An issue
should cost the same however many there are; `make bench` prints this too.
"""

import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import orjson

from digests import pages, segment
from digests.analysis.summary import quotable_sentences
from digests.archive import Archive, Phase
from digests.language import words
from digests.pages import archive_notes
from digests.search.index import Index
from digests.storage.stores import DigestStore
from tests.bench.tables import show
from tests.conftest import SEEDS

SIZES = (250, 500, 1000)
STORIES = 6
SENTENCES = 4
FIRST = date(1950, 1, 1)

HEAD = ("issues", "seconds", "ms an issue", "of that digests", "against the first")


def said() -> list[tuple[str, str]]:
    """Headlines of the sample pages, each with a sentence of its story."""
    notes = archive_notes.load_notes(SEEDS)
    read = [segment.parse_page(pages.load_page(path, notes, name=path.name)) for path in sorted(SEEDS.glob("*.txt"))]
    return [
        (article.headline, sentence)
        for reading in read
        for article in reading.articles
        if article.headline
        for paragraph in article.paragraphs
        for sentence in quotable_sentences(paragraph)
    ]


def compose(folder: Path, issues: int) -> None:
    """Write that many issues into `folder`, the same ones in every run."""
    choose, told = random.Random(1), said()
    for number in range(issues):
        day = FIRST + timedelta(days=number)
        rows = []
        for story in range(STORIES):
            chosen = choose.sample(told, SENTENCES)
            row = {"id": f"{day}-{story}", "date": f"{day}", "page": story // 3 + 1, "headline": chosen[0][0]}
            rows.append(orjson.dumps(row | {"paragraphs": [sentence for _, sentence in chosen]}))
        (folder / f"{day}.jsonl").write_bytes(b"\n".join(rows))


def rows() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for size in SIZES:
        whole, digests = _taken_in(size)
        each = 1000 * whole / size
        against = each / float(str(found[0][2])) if found else 1.0
        found.append((size, whole, each, 1000 * digests / size, against))
    return found


def _taken_in(size: int) -> tuple[float, float]:
    """Seconds that taking in so many issues takes, and how many of them go to the digests."""
    with tempfile.TemporaryDirectory() as place:
        folder, data = Path(place) / "pages", Path(place) / "data"
        folder.mkdir()
        data.mkdir()
        compose(folder, size)
        read_until = [0.0]

        def watch(phase: Phase, _done: int, _all: int) -> None:
            if phase == "reading":
                read_until[0] = time.perf_counter()

        digests = DigestStore(data / "digests.json")
        archive = Archive(folder, Index(data / "index"), digests)
        started = time.perf_counter()
        archive.ingest(progress=watch)
        ended = time.perf_counter()
        assert len(archive.issues()) == size, "a bench that measured something else says so"
        archive.close()
        digests.close()
    return ended - started, ended - read_until[0]


def main() -> None:
    words.load()
    show("backfilling an archive", HEAD, rows())


if __name__ == "__main__":
    main()

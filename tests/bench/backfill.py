"""Speed of ingesting a whole archive and building its digests: python -m tests.bench.backfill

Issues of a few short stories, composed of sentences of the sample pages, are ingested as ready articles. The time per
issue should not depend on their number; `make bench` prints this too.
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


def headlines_and_sentences() -> list[tuple[str, str]]:
    """Return each quotable sentence of the sample pages behind the headline of its story."""
    notes = archive_notes.load_notes(SEEDS)
    parsed = [segment.parse_page(pages.load_page(path, notes, name=path.name)) for path in sorted(SEEDS.glob("*.txt"))]
    return [
        (article.headline, sentence)
        for page in parsed
        for article in page.articles
        if article.headline
        for paragraph in article.paragraphs
        for sentence in quotable_sentences(paragraph)
    ]


def compose(folder: Path, issues: int) -> None:
    """Write this number of issues into `folder`, the same ones in every run."""
    chance, pool = random.Random(1), headlines_and_sentences()
    for number in range(issues):
        day = FIRST + timedelta(days=number)
        rows = []
        for story in range(STORIES):
            chosen = chance.sample(pool, SENTENCES)
            row = {"id": f"{day}-{story}", "date": f"{day}", "page": story // 3 + 1, "headline": chosen[0][0]}
            rows.append(orjson.dumps(row | {"paragraphs": [sentence for _, sentence in chosen]}))
        (folder / f"{day}.jsonl").write_bytes(b"\n".join(rows))


def rows() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for size in SIZES:
        seconds, digest_seconds = _ingest(size)
        per_issue = 1000 * seconds / size
        ratio = per_issue / float(str(found[0][2])) if found else 1.0
        found.append((size, seconds, per_issue, 1000 * digest_seconds / size, ratio))
    return found


def _ingest(size: int) -> tuple[float, float]:
    """Return the seconds that ingesting this number of issues takes, and those of them for the digests."""
    with tempfile.TemporaryDirectory() as place:
        folder, data = Path(place) / "pages", Path(place) / "data"
        folder.mkdir()
        data.mkdir()
        compose(folder, size)
        read_until = [0.0]

        def watch(phase: Phase, _done: int, _all: int) -> None:
            if phase == "reading":
                read_until[0] = time.perf_counter()

        digests = DigestStore(data / "digests")
        archive = Archive(folder, Index(data / "index"), digests)
        started = time.perf_counter()
        archive.ingest(progress=watch)
        ended = time.perf_counter()
        assert len(archive.issues()) == size, "all issues were ingested"
        archive.close()
        digests.close()
    return ended - started, ended - read_until[0]


def main() -> None:
    words.load()
    show("backfilling an archive", HEAD, rows())


if __name__ == "__main__":
    main()

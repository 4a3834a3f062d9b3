"""Damage the files of an index at random, read and search it, then let an ingestion build it anew.

    python -m tests.soak.torn_index 2000 --seed 3

Every error has to be one of the program's; after the ingestion, everything is found again. Each trial is a process of
its own, because damaged bytes may end a process or take all its memory. A seed gives the same damage each time, as
segments are taken in the order of their contents.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from digests.archive import Archive
from digests.errors import JianbaoError
from digests.ingest import index_repair
from digests.language import words
from digests.query import Term
from digests.search.index import Index
from digests.storage.stores import DigestStore
from tests.newsroom import story
from tests.soak.fork_server import ForkServer

ISSUES, ARTICLES = 4, 12
TRIAL_SECONDS = 60.0
QUERIES = (
    "防汛",
    "防汛 养老",
    '"市场"',
    "title:防汛 -养老",
    "云河市哪里可以看到防汛的码头",
    "qqzz",
    "2023-03-05..2023-03-06 街巷",
)

QUESTIONS: Sequence[Callable[[Archive], Any]] = (
    lambda archive: archive.issues(),
    lambda archive: archive.digest(),
    lambda archive: archive.check(),
    lambda archive: archive.term_counts("防汛"),
    lambda archive: archive.backtest("防汛"),
    *((lambda archive, query=query: archive.search(query, limit=40)) for query in QUERIES),
    *((lambda archive, query=query: archive.search(query, newest=True)) for query in QUERIES),
    *((lambda archive, query=query: archive.facets(query)) for query in QUERIES),
    lambda archive: [archive.related(article.id) for article in archive.articles(date(2023, 3, 5))],
    lambda archive: archive._index.known_names(),
    lambda archive: archive._index.words_sounding_like("fangxun"),
    lambda archive: [*archive._index.find_misread(Term("防讯"), limit=9)[1]],
    lambda archive: [*archive._index.article_days()],
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One damaged copy of the sound folder; `number` seeds the damage."""

    sound: Path
    number: int


def write_pages(pages: Path) -> None:
    """Write one file of invented articles for each issue."""
    pages.mkdir()
    for issue in range(ISSUES):
        day = date(2023, 3, 5) + timedelta(days=issue)
        numbers = range(issue * ARTICLES, (issue + 1) * ARTICLES)
        rows = [
            {
                "headline": f"第{n}次{'防汛' if n % 3 else '养老'}会议",
                "page": 1 + n % 4,
                "paragraphs": [story("防汛", n)],
            }
            for n in numbers
        ]
        lines = [orjson.dumps(row | {"date": day.isoformat()}).decode() for row in rows]
        (pages / f"{day}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def opened(folder: Path, *, owner: bool) -> Archive:
    """Open the archive in `folder`, with a store of digests that does not outlive the process."""
    index, pages = folder / "index", folder / "pages"
    opened_index = index_repair.open_index(index, pages) if owner else Index(index, owner=False)
    return Archive(pages, opened_index, DigestStore(folder / "none" / "digests"))


def make_sound(folder: Path) -> None:
    """Ingest the issues one by one, so that the index has several segments, and a deleted article."""
    write_pages(folder / "pages")
    archive = opened(folder, owner=True)
    for file in sorted((folder / "pages").iterdir()):
        archive.ingest([file])
    first = min((folder / "pages").iterdir())
    first.write_text(first.read_text(encoding="utf-8").replace("第1次", "第一次"), encoding="utf-8")
    archive.ingest()
    archive.close()


def damage(index: Path, number: int) -> str:
    """Spoil one file of the index and return what was done to it."""
    chance = random.Random(number)
    files = sorted(index.iterdir(), key=lambda file: (file.suffix, file.stat().st_size, file.name))
    file = chance.choice([file for file in files if file.stat().st_size and file.name != "VERSION"])
    content = bytearray(file.read_bytes())
    size = len(content)
    kind = chance.choice(("flip", "flip", "bytes", "cut", "zeros", "longer", "noise", "empty", "gone"))
    match kind:
        case "flip":
            content[chance.randrange(size)] ^= 1 << chance.randrange(8)
        case "bytes":
            for _ in range(chance.randint(2, 20)):
                content[chance.randrange(size)] = chance.randrange(256)
        case "cut":
            del content[chance.randrange(size) :]
        case "zeros":
            start = chance.randrange(size)
            end = min(size, start + chance.choice((8, 64, 4096)))
            content[start:end] = bytes(end - start)
        case "longer":
            content += chance.randbytes(40)
        case "noise":
            content = bytearray(chance.randbytes(min(size, 3000)))
        case "empty":
            content.clear()
    file.unlink()
    if kind != "gone":
        file.write_bytes(content)
    return f"{file.suffix or file.name} {kind}"


def run_trial(trial: Trial) -> None:
    """Damage a copy, ask everything as a reader, then ingest as the owner until all is well; raise if it is not."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:  # threads of tantivy may still write
        folder = Path(shutil.copytree(trial.sound, Path(name) / "data"))
        damage(folder / "index", trial.number)
        with suppress(JianbaoError):
            reader = opened(folder, owner=False)
            for question in QUESTIONS:
                with suppress(JianbaoError):
                    question(reader)
            reader.close()
        for _ in range(2):  # an error of reading is followed up by the next run
            with suppress(JianbaoError):
                owner = opened(folder, owner=True)
                for ask in (Archive.ingest, *QUESTIONS, Archive.ingest, Archive.close):
                    with suppress(JianbaoError):
                        ask(owner)
        owner = opened(folder, owner=True)
        owner.ingest()
        found = owner.search("养老", limit=60).total
        if owner.check() or found != ISSUES * ARTICLES // 3:
            raise AssertionError(owner.check(), found)
        for question in QUESTIONS:
            question(owner)
        owner.close()


def trials(sound: Path, count: int, seed: int) -> Iterator[tuple[int, str]]:
    """Yield the exit code of each trial, with its damage."""
    server = ForkServer(words.load, run_trial)
    for number in range(seed * 1_000_000, seed * 1_000_000 + count):
        code = server.run(Trial(sound, number), TRIAL_SECONDS)
        copy = Path(shutil.copytree(sound / "index", sound / "damaged"))
        yield code, f"{number}: {damage(copy, number)}"
        shutil.rmtree(copy)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        maker = ForkServer(words.load, make_sound)
        maker.run(Path(name))
        maker.close()
        codes = Counter[int]()
        for code, spoilt in trials(Path(name), options.count, options.seed):
            codes[code] += 1
            if code:
                print(f"exit code {code} after {spoilt}")
    print(f"{options.count} damaged indexes, {options.count - codes[0]} failures")
    sys.exit(1 if codes.keys() - {0} else 0)


if __name__ == "__main__":
    main()

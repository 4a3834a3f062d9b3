"""How fast search, taking in and the matching of subscriptions are: python -m tests.bench.search_speed [ARTICLES]

The articles are made of the evaluation archive's sentences, recombined. Every figure stands beside the bare work of the
library below it, measured in the same run: tantivy's query, jieba's cutting, an Aho-Corasick scan.
"""

import gzip
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ahocorasick_rs

from digests import query as queries
from digests import search, words
from digests.index import Index
from digests.matching import fields, level
from digests.models import Article, Source
from digests.query import And, Or, Query, Term
from digests.readers import Chat, Subscription
from digests.text import sentences
from digests.topics import Topics
from tests.conftest import EVALUATION

ARTICLES = 100_000
SUBSCRIPTIONS = 100_000
QUERIES = 300
TAKEN_IN = 2_000

Row = tuple[str, float, float]


def recombined(count: int) -> Iterator[Article]:
    """Articles of about 800 characters, made of sentences of the sample."""
    rng = random.Random(7)
    heads, said = [], []
    with gzip.open(EVALUATION / "archive_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            heads.append(article["headline"])
            for paragraph in article["paragraphs"]:
                said += [paragraph[a:b] for a, b in sentences(paragraph)]
    for number in range(count):
        paragraphs = tuple("".join(rng.choices(said, k=4)) for _ in range(4))
        day = date(2015, 1, 1) + timedelta(days=number % 3000)
        yield Article(f"a{number:010}", rng.choice(heads), paragraphs, date=day, page=1 + number % 12)


def median_ms(work: Callable[[], object], times: int = 3) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def search_rows(index: Index, asked: list[str]) -> list[Row]:
    """Search with excerpts against the bare query over the same index, p50 and p99."""
    bare, ours = [], []
    for one in asked:
        query = queries.parse(one)
        bare.append(median_ms(lambda query=query: index.find(query, limit=10)))  # type: ignore[misc]
        ours.append(median_ms(lambda one=one: search.search(index, one, limit=10)))  # type: ignore[misc]
    bare.sort()
    ours.sort()
    cut = int(len(asked) * 0.99)
    middle = len(asked) // 2
    print(f"search p50 {ours[middle]:.1f} ms (bare {bare[middle]:.1f}), p99 {ours[cut]:.1f} ms (bare {bare[cut]:.1f})")
    return [
        ("search p50 / bare tantivy", ours[middle] / bare[middle], 2.0),
        ("search p99 / bare tantivy", ours[cut] / bare[cut], 2.0),
    ]


def taking_in_row() -> Row:
    """Putting articles into the index against jieba's cutting of their text."""
    articles = list(recombined(TAKEN_IN))
    start = time.perf_counter()
    for article in articles:
        words.cut(f"{article.headline}\n{article.body}")
    cutting = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "index")
        start = time.perf_counter()
        index.replace(Source("sample", "1", (), 0), articles)
        index.commit()
        taking = time.perf_counter() - start
        index.close()
    print(f"taking in {TAKEN_IN} articles {taking:.1f} s, jieba's cutting {cutting:.1f} s")
    return "taking in / jieba's cutting", taking / cutting, 1.5


def topics_rows(articles: list[Article]) -> list[Row]:
    """One article against all subscriptions, and a bare scan with the booleans evaluated."""
    rng = random.Random(3)
    vocabulary = sorted({word for article in articles for word in words.cut(article.body) if len(word) > 1})
    made = [f"{rng.choice(vocabulary)}{rng.choice(vocabulary)}" for _ in range(SUBSCRIPTIONS - len(vocabulary))]
    asked = [*vocabulary, *made][:SUBSCRIPTIONS]
    asked = [one if rng.random() < 0.7 else f"{one} {rng.choice(vocabulary)}" for one in asked]
    now = datetime(2023, 1, 1, tzinfo=UTC)
    chats = [
        Chat(n, subscriptions=tuple(Subscription(i, q, now) for i, q in enumerate(asked[n : n + 10], 1)))
        for n in range(0, len(asked), 10)
    ]
    start = time.perf_counter()
    topics = Topics(chats)
    building = time.perf_counter() - start
    bare = BareScan(asked)
    scan = statistics.median(median_ms(lambda a=a: bare.match(a), 1) for a in articles)  # type: ignore[misc]
    ours = statistics.median(median_ms(lambda a=a: list(topics.match(a)), 1) for a in articles)  # type: ignore[misc]
    print(f"an article against {len(asked)} subscriptions {ours:.1f} ms (bare {scan:.1f}), built in {building:.1f} s")
    return [("subscriptions / bare scan", ours / scan, 3.0), ("building the matcher, seconds", building, 2.0)]


class BareScan:
    """An Aho-Corasick scan with the booleans evaluated, and nothing else."""

    def __init__(self, asked: list[str]) -> None:
        self._queries = [queries.parse(one) for one in asked]
        by_term: dict[str, list[int]] = defaultdict(list)
        for number, query in enumerate(self._queries):
            for term in queries.terms(query):
                by_term[level(term.text)].append(number)
        self._terms, self._of_term = list(by_term), list(by_term.values())
        self._automaton = ahocorasick_rs.AhoCorasick(self._terms)

    def match(self, article: Article) -> list[int]:
        row = "\n".join(level(value) for _, value in fields(article))
        found = {term for term, _, _ in self._automaton.find_matches_as_indexes(row, overlapping=True)}
        held = {self._terms[term] for term in found}
        candidates = {number for term in found for number in self._of_term[term]}
        return [number for number in candidates if _true(self._queries[number], held)]


def _true(query: Query, held: set[str]) -> bool:
    match query:
        case Term():
            return query.text in held
        case And(parts):
            return all(_true(part, held) for part in parts)
        case Or(parts):
            return any(_true(part, held) for part in parts)
        case _:
            return True


def rows(count: int = ARTICLES) -> list[Row]:
    """Each figure with what was reached and its limit; a reached figure should not be above it."""
    words.load()
    rng = random.Random(5)
    made = [taking_in_row()]
    sample = list(recombined(40))
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "index")
        index.replace(Source("sample", "1", (), 0), recombined(count))
        index.commit()
        vocabulary = [word for article in sample for word in words.cut(article.body) if len(word) > 1]
        asked = [" ".join(rng.sample(vocabulary, rng.choice((1, 1, 2)))) for _ in range(QUERIES)]
        made += search_rows(index, asked)
        index.close()
    made += topics_rows(sample)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*made, ("memory of all this, MB", memory, 600.0)]


def main() -> None:
    if not EVALUATION.is_dir():
        print(f"the evaluation folder {EVALUATION} is not here; nothing was measured")
        return
    for figure, reached, limit in rows(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES):
        print(f"{figure:36} {reached:8.2f}   at most {limit:g}{'' if reached <= limit else '   MISSED'}")


if __name__ == "__main__":
    main()

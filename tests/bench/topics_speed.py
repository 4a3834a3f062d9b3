"""Speed of matching all subscriptions, and of answering bad queries: python -m tests.bench.topics_speed

An article of about 800 characters is matched with 100,000 subscriptions, and by a bare Aho-Corasick scan with the
booleans evaluated. The two take turns at each article, so that neither finds a warmer cache than the other, and the
fastest of some rounds counts: other load can only add time. Both are built before the garbage collector is frozen, as a
visit of the bare side's parsed queries would be the work of neither.

Subscriptions come in three kinds: *shared*, as readers subscribe (common words more often, a quarter of them two words,
one in ten with operators), *different*, of which hardly two are equal, and *signed*, all different and with operators.
"""

import gc
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import ahocorasick_rs

from digests import pages, search, segment
from digests import query as queries
from digests.chats import Chat, Subscription
from digests.errors import QueryError
from digests.language import words
from digests.language.normal_form import normal_form
from digests.matching import article_fields, match_query
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, SourceFile
from digests.pages import archive_notes
from digests.query import And, Near, Not, Or, Query, Term
from digests.search.index import Index
from tests.bench.search_speed import recombined
from tests.bench.tables import show
from tests.conftest import EVALUATION, SEEDS

ARTICLES = 40
SUBSCRIPTIONS = 100_000
ROUNDS = 7

Row = tuple[str, float, float]
"""A figure, its value, and its limit."""


def shared(vocabulary: list[str], rng: random.Random) -> Iterator[str]:
    """Yield queries by Zipf's law over the vocabulary: many readers subscribe to a few words."""
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    common = iter(rng.choices(vocabulary, weights, k=4 * SUBSCRIPTIONS))
    for one in common:
        kind = rng.random()
        yield one if kind < 0.65 else f"{one} {next(common)}" if kind < 0.9 else signed_one(one, next(common), rng)


def different(vocabulary: list[str], rng: random.Random) -> Iterator[str]:
    """Yield the vocabulary, then names made of two of its words, three in ten with a second word."""
    yield from vocabulary
    while True:
        made = f"{rng.choice(vocabulary)}{rng.choice(vocabulary)}"
        yield made if rng.random() < 0.7 else f"{made} {rng.choice(vocabulary)}"


def signed(vocabulary: list[str], rng: random.Random) -> Iterator[str]:
    while True:
        yield signed_one(f"{rng.choice(vocabulary)}{rng.choice(vocabulary)}", rng.choice(vocabulary), rng)


def signed_one(one: str, other: str, rng: random.Random) -> str:
    shapes = ("{0} -{1}", "{0} OR {1}", '"{0}"', "({0} OR {1}) {1}", "title:{0}", "={0}", "{0} ~ {1}")
    return str(queries.parse(rng.choice(shapes).format(one, other)))


def chats_of(asked: list[str]) -> list[Chat]:
    """Chats with ten subscriptions each."""
    now = datetime(2023, 1, 1, tzinfo=UTC)
    return [
        Chat(n, subscriptions=tuple(Subscription(i, q, now) for i, q in enumerate(asked[n : n + 10], 1)))
        for n in range(0, len(asked), 10)
    ]


def matching_rows(name: str, asked: list[str], articles: list[Article]) -> list[Row]:
    """Measure an article against all subscriptions, and the preparation of the subscriptions."""
    chats = chats_of(asked)
    gc.collect()
    gc.freeze()  # as bot/process.py does after the start
    building = min(seconds(lambda: SubscriptionMatcher(chats)) for _ in range(3))
    topics, bare = SubscriptionMatcher(chats), BareScan(asked)
    gc.collect()
    gc.freeze()
    ours, scan = [1e9] * len(articles), [1e9] * len(articles)
    for _ in range(ROUNDS):
        for number, article in enumerate(articles):
            scan[number] = min(scan[number], seconds(lambda: bare.match(article)))  # noqa: B023
            ours[number] = min(ours[number], seconds(lambda: list(topics.match(article))))  # noqa: B023
    gc.unfreeze()
    one, other = 1000 * statistics.median(ours), 1000 * statistics.median(scan)
    print(f"{name}: an article {one:.1f} ms (bare {other:.1f}), {len(set(asked))} of {len(asked)} queries differ")
    return [(f"{name} subscriptions / bare scan", one / other, 3.0), (f"building, {name}, seconds", building, 2.0)]


class BareScan:
    """An Aho-Corasick scan with the booleans evaluated and nothing else."""

    def __init__(self, asked: list[str]) -> None:
        self._queries = [queries.parse(one) for one in asked]
        by_term: dict[str, list[int]] = defaultdict(list)
        for number, query in enumerate(self._queries):
            for term in queries.wanted_terms(query):
                by_term[normal_form(term.text)].append(number)
        self._terms, self._of_term = list(by_term), list(by_term.values())
        self._automaton = ahocorasick_rs.AhoCorasick(self._terms)

    def match(self, article: Article) -> list[int]:
        row = "\n".join(normal_form(value) for _, value in article_fields(article))
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
        case Or(parts) | Near(parts):
            return any(_true(part, held) for part in parts)
        case Not(part):
            return not _true(part, held)
        case _:
            return True


def bad_queries() -> dict[str, str]:
    """Return malformed and extreme queries by what is wrong with them."""
    hanzi = [chr(0x4E00 + 7 * number) for number in range(2000)]
    return {
        "4,096 Hanzi": "核" * 4096,
        "4,096 characters, words of one": " ".join(hanzi),
        "4,096 characters, each or": "|".join(hanzi[:800]),
        "200 times 核, or": " OR ".join(["核"] * 200),
        "200 times 核 in a row": "核" * 200,
        "200 words, or": " OR ".join(a + b for a, b in zip(hanzi[:200], hanzi[200:400], strict=True)),
        "200 words close together": " ~ ".join(hanzi[:200]),
        "800 refusals": "防汛 " + " ".join(f"-{one}" for one in hanzi[:800]),
        "a phrase of 4,000": f'"{"".join(hanzi)}{"".join(hanzi)}"',
        "only operators": "|||---~~~" * 400,
        "unbalanced parentheses": "(" * 2000 + "防汛",
        "emoji": "😀👍🏽" * 1000,
        "right to left": "مرحبا بالعالم " * 250,
        "signs of many characters": "ﷺ" * 4096,
        "control characters": "防\x00\x1b[31m\u200d汛\ud800" * 400,
        "impossible days": "2022-02-30 99月99日",
        "after later than before": "after:2023 before:2020",
    }


def bad_rows(folder: Path) -> Iterator[Row]:
    """Yield the time in which each bad query is parsed, searched in the sample pages and matched with an article."""
    index, notes, articles = Index(folder), archive_notes.load_notes(SEEDS), []
    for file in sorted(SEEDS.glob("*.txt")):
        read = segment.parse_page(pages.load_page(file, notes, name=file.name)).articles
        index.replace(SourceFile(file.name, "1", (), 0), read)
        articles += read
    index.commit()
    longest = max(articles, key=lambda article: len(article.body))
    search.search(index, "fangxun", limit=10)  # fills the caches that an archive fills once
    for what, asked in bad_queries().items():
        spent = seconds(lambda: _answered(index, asked, longest))  # noqa: B023
        yield f"bad query: {what}, seconds", spent, 1.0
    index.close()


def _answered(index: Index, asked: str, article: Article) -> None:
    try:
        query = queries.parse(asked, today=date(2023, 1, 1))
        search.search(index, asked, limit=10)
    except QueryError:
        return
    match_query(query, article)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rows() -> list[Row]:
    """Return each figure with its value and its limit; nothing if the evaluation folder is missing."""
    if not EVALUATION.is_dir():
        return []
    words.load()
    articles = list(recombined(ARTICLES))
    vocabulary = sorted({word for article in articles for word in words.cut(article.body) if len(word) > 1})
    random.Random(2).shuffle(vocabulary)
    made: list[Row] = []
    for kind in (shared, different, signed):
        asking = kind(vocabulary, random.Random(3))
        made += matching_rows(kind.__name__, [next(asking) for _ in range(SUBSCRIPTIONS)], articles)
    with tempfile.TemporaryDirectory() as folder:
        return made + list(bad_rows(Path(folder) / "index"))


def main() -> None:
    show("subscriptions and bad queries", ("what", "reached", "at most"), rows())


if __name__ == "__main__":
    main()

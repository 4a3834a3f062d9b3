"""Quality of matching and searching: python -m tests.bench.quality_search

Each figure over the dev sets of the evaluation folder stands beside the floor that it has to reach.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digests import pages, search, segment
from digests.chats import Chat, Subscription
from digests.matching import match_query
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, SourceFile
from digests.pages import archive_notes
from digests.query import Term
from digests.search.index import Index
from tests.bench.evaluation import load_module
from tests.bench.tables import Row, with_floors
from tests.conftest import EVALUATION, SEEDS
from tests.invented import read_articles

_MIN_SHARED_LINES = 0.3
"""Share of lines from which on an article of ours is the one of the gold page."""


def rows() -> list[Row]:
    """Return all figures; none without the evaluation folder."""
    if not EVALUATION.is_dir():
        return []
    with tempfile.TemporaryDirectory() as folder:
        return [*_matching(), *_known_items(Path(folder)), *_pages(Path(folder))]


def _lines(name: str) -> list[dict[str, Any]]:
    path = EVALUATION / name
    opened = gzip.open if name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _matching() -> Iterator[Row]:
    score = load_module("score.py")
    for name, floors in (("match_dev", {"precision": 0.93, "recall": 0.97}), ("noisy_dev", {"f1": 0.90})):
        gold = _lines(f"{name}.jsonl")
        answers = [
            {
                "id": g["id"],
                "match": match_query(Term(g["term"].lower()), Article("", None, (g["sentence"],))) is not None,
            }
            for g in gold
        ]
        reached = score.match(gold, answers)
        for figure, floor in floors.items():
            yield f"{name} {figure}", reached[figure], floor


def _known_items(folder: Path) -> Iterator[Row]:
    clean = 0.0
    for rate, loss in ((0.0, 0.0), (0.1, 0.03), (0.3, 0.08)):
        archive = EVALUATION / "archive_dev.jsonl.gz"
        if rate:
            noisy = folder / f"noisy{rate}.jsonl"
            command = [sys.executable, EVALUATION / "add_noise.py", archive, noisy, str(rate)]
            subprocess.run([str(part) for part in command], check=True)
            archive = noisy
        index = Index(folder / f"known{rate}")
        articles = (article for article in read_articles(archive) if isinstance(article, Article))
        index.replace(SourceFile("archive", "1", (), 0), articles)
        index.commit()
        gold = _lines("known_item_dev.jsonl.gz")
        answers = [_answer(index, g["q"]) for g in gold]
        reached = load_module("score.py").search(gold, answers)["mrr_at_10"]
        index.close()
        clean = clean or reached
        yield f"known items mrr_at_10{f', noise {rate}' if rate else ''}", reached, 0.82 if not rate else clean - loss


def _answer(index: Index, query: str) -> dict[str, Any]:
    found = search.search(index, query, limit=10)
    return {"q": query, "hits": [{"id": hit.article.id} for hit in found.hits]}


def _pages(folder: Path) -> Iterator[Row]:
    """Measure graded answers and subscriptions on those of the five sample pages that gold/ holds."""
    index = Index(folder / "pages")
    notes = archive_notes.load_notes(SEEDS)
    articles: list[Article] = []
    for file in sorted(SEEDS.glob("*.txt")):
        read = segment.parse_page(pages.load_page(file, notes, name=file.name)).articles
        index.replace(SourceFile(file.name, "1", (), 0), read)
        articles += read
    index.commit()
    named = dict(gold_names(articles))
    gold = [{"q": g["q"], "relevant": known_gold(g["relevant"])} for g in _lines("qrels_dev.jsonl")]
    gold = [g for g in gold if g["relevant"]]
    answers = [_answer(index, g["q"]) for g in gold]
    for answer in answers:
        names = known_gold(dict.fromkeys(named[hit["id"]] for hit in answer["hits"]))
        answer["hits"] = [{"id": name} for name in names]
    index.close()
    yield "five pages ndcg_at_10", load_module("score.py").search(gold, answers)["ndcg_at_10"], 0.90
    yield "topics_dev f1", _topics_f1(articles, named), 0.90


def gold_names(articles: Iterable[Article]) -> Iterator[tuple[str, str]]:
    """Yield each article's id with the name FILE#n of the gold article of the same lines, or of its own number."""
    gold: dict[str, list[tuple[str, set[int]]]] = {}
    for file in sorted((EVALUATION / "gold").glob("*.json")):
        page = json.loads(file.read_text("utf-8"))
        name = file.with_suffix(".txt").name
        gold[name] = [(f"{name}#{a['n']}", _covered(a["lines"])) for a in page["articles"]]
    for article in articles:
        own = _covered(article.lines)
        shares = [(len(own & lines) / len(own | lines), name) for name, lines in gold.get(article.file or "", [])]
        share, name = max(shares, default=(0.0, ""))
        yield article.id, name if share > _MIN_SHARED_LINES else f"{article.file}#{article.n}"


def known_gold(names: dict[str, Any]) -> dict[str, Any]:
    """Return the `names` on pages that gold/ holds: only there do gold numbers exist for our articles."""
    known = {file.with_suffix(".txt").name for file in (EVALUATION / "gold").glob("*.json")}
    return {name: value for name, value in names.items() if name.split("#")[0] in known}


def _covered(ranges: Iterable[Iterable[int]]) -> set[int]:
    return {line for first, last in ranges for line in range(first, last + 1)}


def _topics_f1(articles: list[Article], named: dict[str, str]) -> float:
    right = found = wanted = 0
    for topic in _lines("topics_dev.jsonl"):
        chat = Chat(1, subscriptions=(Subscription(1, topic["q"], datetime(2023, 1, 1, tzinfo=UTC)),))
        matcher = SubscriptionMatcher([chat])
        fired = {named[match.article] for article in articles for match in matcher.match(article)}
        fired = set(known_gold(dict.fromkeys(fired - set(topic["acceptable"]))))
        relevant = set(known_gold(dict.fromkeys(topic["relevant"])))
        right += len(fired & relevant)
        found += len(fired)
        wanted += len(relevant)
    return 2 * right / (found + wanted)


def main() -> None:
    reached = rows()
    print(with_floors(reached) if reached else f"the evaluation folder {EVALUATION} is not here; nothing was measured")


if __name__ == "__main__":
    main()

"""Quality of keywords, summaries and themes: python -m tests.bench.quality_digest

Keywords are measured on the items that no weight was fitted to (every second one). Summaries are measured on all: there
are few weights, and tests/bench/train_summary.py prints what a fit to one half reaches on the other.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from digests import pages, segment
from digests.analysis import keywords, summary, themes
from digests.models import Article
from digests.pages import archive_notes
from tests.bench import train_newspaper_keywords, train_story_lines
from tests.bench.evaluation import load_module
from tests.bench.tables import Row, with_floors
from tests.conftest import EVALUATION

FLOORS = {
    "title and body": 0.48,
    "body alone": 0.27,
    "rouge_1": 0.42,
    "rouge_2": 0.22,
    "first theme": 0.90,
    "quoted": 1.0,
}


def rows() -> list[Row]:
    """Return each figure with its value and its floor; nothing if the evaluation folder is missing."""
    if not EVALUATION.is_dir():
        return []
    return [*_story_lines(), *_keywords(), *_newspaper_keywords(), *_summaries(), *_themes()]


def _story_lines() -> Iterator[Row]:
    """Yield the figures of the lines of stories, with weights not fitted to the headings they are measured on."""
    figures = train_story_lines.held_out()
    yield "line of a story, exact choice", figures["exact"], 0.80
    yield "line of a story, not-enough headlines mended", figures["mended"], 0.95
    yield "line of a story, sufficient headlines kept", 1 - figures["spoilt"], 0.92


def items(name: str) -> list[dict[str, Any]]:
    """Return the lines of a file of the evaluation."""
    with gzip.open(EVALUATION / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def article(item: Mapping[str, Any], *, headed: bool = True) -> Article:
    return Article(item["id"], item["title"] if headed else None, tuple(item["body"].split("\n")))


def _keywords() -> Iterator[Row]:
    held_out = items("keywords_dev")[1::2]
    for name, headed in (("title and body", True), ("body alone", False)):
        answers = [
            {"id": item["id"], "keywords": [k.text for k in keywords.article_keywords(article(item, headed=headed))]}
            for item in held_out
        ]
        yield f"keywords f1_at_5, {name}", load_module("score.py").keywords(held_out, answers)["f1_at_5"], FLOORS[name]


def _newspaper_keywords() -> Iterator[Row]:
    for name, left_out in (("dev", False), ("left out", True)):
        for size, reached in train_newspaper_keywords.figures(left_out=left_out).items():
            yield f"keywords of newspapers' articles, {name}, f1_at{size}", reached, 0.40


def _summaries() -> Iterator[Row]:
    gold = items("summaries_dev")
    quoted = [summary.summarise(article(item)) for item in gold]
    answers = [{"id": item["id"], "summary": "".join(parts)} for item, parts in zip(gold, quoted, strict=True)]
    for name, reached in load_module("score.py").summaries(gold, answers).items():
        yield f"summaries {name}", reached, FLOORS[name]
    literal = [part in item["body"] for item, parts in zip(gold, quoted, strict=True) for part in parts]
    yield "summaries quoted word for word", sum(literal) / len(literal), FLOORS["quoted"]


def _themes() -> Iterator[Row]:
    right = [right for gold in sorted((EVALUATION / "gold").glob("*.json")) for right in _first_themes(gold)]
    yield "themes, right first theme", sum(right) / len(right), FLOORS["first theme"]


def _first_themes(gold: Path) -> Iterator[bool]:
    """Yield for each article of a real page whether the first theme that the program gives it is right."""
    wanted = json.loads(gold.read_text(encoding="utf-8"))["articles"]
    page = pages.load_page(gold.with_suffix(".txt"), archive_notes.ArchiveNotes(), name=gold.with_suffix(".txt").name)
    read = segment.parse_page(page).articles
    for told in wanted:
        nearest = max(read, key=lambda other: len(_lines(told["lines"]) & _lines(other.lines)))
        found = themes.article_themes(nearest)
        yield bool(found) and found[0].name == told["topics"][0]


def _lines(ranges: Sequence[Sequence[int]]) -> set[int]:
    return {line for first, last in ranges for line in range(first, last + 1)}


def main() -> None:
    reached = rows()
    print(with_floors(reached) if reached else f"skipped: the evaluation folder {EVALUATION} is not here")


if __name__ == "__main__":
    main()

"""Fits the weights of digests/ask.py: python -m tests.bench.train_ask

The ranking is fitted so that, among the candidates of a question, the likelihood (softmax) of those that answer it is
as high as possible. The refusal is fitted to the best candidate of each question; both classes weigh the same.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy

from digests import ask
from digests.search.index import Index
from tests.bench.evaluation import load_module
from tests.conftest import EVALUATION, ROOT

QUESTIONS, ARCHIVE = EVALUATION / "ask_dev.jsonl", EVALUATION / "ask_dev_archive.jsonl.gz"
RANKING_STRENGTH, REFUSAL_STRENGTH = 1.0, 0.1
"""Factors of the squared weights in the losses."""
RANKING_STEPS, REFUSAL_STEPS = 400, 3000
FOLDS = 10


class Question(NamedTuple):
    """A question of the dev set with its candidates."""

    gold: dict[str, Any]
    quotes: list[dict[str, str]]
    """Article id and quote of each candidate."""
    features: Any
    """Array of candidates × features."""
    right: Any
    """For each candidate whether it answers the question."""

    @property
    def fold(self) -> int:
        """Questions about the same article share a fold."""
        answers = self.gold["answers"]
        return crc32((answers[0]["id"] if answers else self.gold["q"]).encode()) % FOLDS


def articles() -> dict[str, Any]:
    """Return the articles of the dev archive by id, as the file has them."""
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as lines:
        return {article["id"]: article for article in map(json.loads, lines)}


def questions() -> list[Question]:
    """Return the questions of the dev set, searched in an index of its archive."""
    known, is_right = articles(), load_module("score_ask.py").right
    golden = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot", "ingest", "--data", folder, str(ARCHIVE)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        with closing(Index(Path(folder) / "index", owner=False)) as index:
            return [_question(index, gold, lambda quote, answers: is_right(quote, answers, known)) for gold in golden]


def _question(index: Index, gold: dict[str, Any], is_right: Callable[..., bool]) -> Question:
    found = list(ask.candidates(index, gold["q"]))
    quotes = [{"id": candidate.article.id, "quote": candidate.quote} for candidate, _ in found]
    right = numpy.array([bool(gold["answers"]) and is_right(quote, gold["answers"]) for quote in quotes])
    return Question(gold, quotes, numpy.array([list(features) for _, features in found]), right)


def fit_ranking(rows: Iterable[Question]) -> Any:
    """Return the weights of the ranking."""
    known = [row for row in rows if row.right.any()]
    weights = numpy.zeros(len(ask.Features._fields))
    for _ in range(RANKING_STEPS):
        slope = -RANKING_STRENGTH * weights
        for row in known:
            scores = row.features @ weights
            likely = numpy.exp(scores - scores.max())
            wanted = likely * row.right
            slope = slope + (wanted / wanted.sum() - likely / likely.sum()) @ row.features
        weights = weights + 2 * slope / len(known)
    return weights


def fit_refusal(rows: Sequence[Question], ranking: Any) -> Any:
    """Return the weights of the refusal, for the sentences that `ranking` puts first."""
    best = numpy.array([row.features[numpy.argmax(row.features @ ranking)] for row in rows])
    answerable = numpy.array([bool(row.gold["answers"]) for row in rows])
    balance = numpy.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean()))
    weights = numpy.zeros(best.shape[1])
    for _ in range(REFUSAL_STEPS):
        likely = 1 / (1 + numpy.exp(-best @ weights))
        penalty = REFUSAL_STRENGTH * weights
        penalty[0] = 0
        weights += 0.5 * ((balance * (answerable - likely)) @ best - penalty) / len(rows)
    return weights


def main() -> None:
    """Print the weights."""
    rows = questions()
    ranking = fit_ranking(rows)
    for name, weights in (("RANKING_WEIGHTS", ranking), ("ANSWER_WEIGHTS", fit_refusal(rows, ranking))):
        print(f"{name} = Features(")
        for field, weight in zip(ask.Features._fields, weights, strict=True):
            print(f"    {field}={weight:.2f},")
        print(")")


if __name__ == "__main__":
    main()

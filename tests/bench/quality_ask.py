"""Quality of quoted answers: python -m tests.bench.quality_ask

The dev figures are those of the program with its weights; those with *left out* come from weights fitted without the
questions about the same article.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from digests import ask
from tests.bench import train_ask
from tests.bench.evaluation import load_module
from tests.bench.tables import Row, with_floors
from tests.bench.train_ask import Question

FLOORS = {
    "answered_right@1": 0.60,
    "answered_right@3": 0.76,
    "right_article@1": 0.86,
    "right_refusals": 0.70,
    "literal": 1.0,
}
ANSWERED_FLOOR = 0.80
"""Floor of the share of answerable questions that are not refused."""

Answered = list[tuple[Question, dict[str, Any]]]
"""Each question with its answer, in the scorer's form."""


def rows() -> Iterator[Row]:
    """Yield all figures; none without the evaluation folder."""
    if not train_ask.QUESTIONS.exists():
        return
    archive, questions = train_ask.articles(), train_ask.questions()
    weights = ask.RANKING_WEIGHTS, ask.ANSWER_WEIGHTS
    yield from _figures("dev", [_answer(question, *weights) for question in questions], archive)
    left_out = []
    for fold in range(train_ask.FOLDS):
        others = [question for question in questions if question.fold != fold]
        ranking = train_ask.fit_ranking(others)
        refusal = train_ask.fit_refusal(others, ranking)
        left_out += [_answer(question, ranking, refusal) for question in questions if question.fold == fold]
    yield from _figures("left out", left_out, archive)


def _answer(question: Question, ranking: Any, refusal: Any) -> tuple[Question, dict[str, Any]]:
    order = sorted(range(len(question.quotes)), key=lambda at: -float(question.features[at] @ list(ranking)))
    with patch.object(ask, "ANSWER_WEIGHTS", tuple(refusal)):
        refused = not order or ask.is_refused(ask.Features(*question.features[order[0]]))
    best = [question.quotes[at] for at in order[: ask.MAX_ANSWERS]]
    return question, {"q": question.gold["q"], "answers": best, "refused": refused}


def _figures(name: str, answered: Answered, archive: dict[str, Any]) -> Iterator[Row]:
    """Yield the figures with refusals; those of the ranking also without refusals."""
    gold, answers = [question.gold for question, _ in answered], [answer for _, answer in answered]
    score = load_module("score_ask.py").score
    figures, _ = score(gold, answers, archive)
    unrefused, _ = score(gold, [{**answer, "refused": False} for answer in answers], archive)
    for figure in ("answered_right@1", "answered_right@3", "right_article@1"):
        yield f"ask, {name}: {figure} without refusals", unrefused[figure], FLOORS[figure]
    for figure, floor in FLOORS.items():
        yield f"ask, {name}: {figure}", figures[figure], floor
    yield f"ask, {name}: answerable, not refused", 1 - figures["wrong_refusals"], ANSWERED_FLOOR


def main() -> None:
    """Print all figures."""
    print(with_floors(rows()))


if __name__ == "__main__":
    main()

"""Ranking again by closeness: a good answer has the words together and early."""

import math
from datetime import date

import pytest

from digests.search.ranking import COVERAGE_WEIGHT, DATE_WEIGHT, EARLY_SENTENCE_WEIGHT, LENGTH_WEIGHT, Question
from tests.invented import article

SHARE = 0.5


def _equal_rarity(_field: str, _term: str) -> float:
    return 1.0


BRIDGE = Question("石桥完工", ("石桥", "完工"), _equal_rarity)
"""Its bigrams 石桥, 桥完 and 完工 are a third each, its words a half each."""


def _closeness(*paragraphs: str) -> float:
    question = Question("雨水花园开放", ("雨水", "花园", "开放"), _equal_rarity)
    return question.closeness(article(paragraphs=paragraphs), SHARE)


def test_the_weights_of_the_formula_are_those_of_the_docstring() -> None:
    assert (COVERAGE_WEIGHT, EARLY_SENTENCE_WEIGHT, LENGTH_WEIGHT, DATE_WEIGHT) == (0.3, 0.13, 0.07, 0.4)


@pytest.mark.parametrize(
    ("body", "coverage", "best"),
    [
        ("石桥完工。", 1 + 1 + 1 + 1 + 1, 0),
        ("天晴。石桥完工。市民散步。", 1 + 1 + 1 + 1 + 1, 1),
        ("石桥。完工。", 1 / 3 + 2 / 3 + 2 / 3 + 1 / 2 + 1, 0),
        ("石桥。天晴。完工。", 1 / 3 + 1 / 3 + 2 / 3 + 1 / 2 + 1 / 2, 0),
        ("石桥。桥完工。", 2 / 3 + 1 + 1 + 1 / 2 + 1, 1),
        ("石桥多。石桥少。", 1 / 3 + 1 / 3 + 1 / 3 + 1 / 2 + 1 / 2, 0),
        ("石桥完工。石桥。", 1 + 1 + 1 + 1 + 1, 0),
        ("天晴。", 0, 0),
    ],
)
def test_the_parts_of_the_sum_are_as_in_the_formula(body: str, coverage: float, best: int) -> None:
    expected = SHARE + 0.3 * coverage + 0.13 / (1 + best) + 0.07 * math.log(1 + len(body))
    assert BRIDGE.closeness(article(paragraphs=(body,)), SHARE) == pytest.approx(expected, abs=1e-12)


def test_bigrams_and_words_count_by_their_rarity_in_their_own_field() -> None:
    rarities = {("pairs", "石桥"): 3.0, ("pairs", "桥完"): 0.0, ("pairs", "完工"): 1.0, ("body", "石桥"): 1.0}
    question = Question("石桥完工", ("石桥", "完工"), lambda field, term: rarities.get((field, term), 4.0))
    body = "石桥。天晴。"
    expected = SHARE + 0.3 * (0.75 * 3 + 0.2 * 2) + 0.13 + 0.07 * math.log(1 + len(body))
    assert question.closeness(article(paragraphs=(body,)), SHARE) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("day", "dated"), [(4, 0.0), (5, 0.4), (6, 0.4), (7, 0.0)])
def test_the_paper_of_a_day_that_the_question_names_and_of_the_next_is_closer(day: int, dated: float) -> None:
    question = Question("三月五日石桥完工", ("石桥", "完工"), _equal_rarity)
    paper, undated = (article(date=printed, paragraphs=("石桥完工。",)) for printed in (date(2023, 3, day), None))
    assert question.closeness(paper, SHARE) - question.closeness(undated, SHARE) == pytest.approx(dated)
    assert question.closeness(article(date=date(2023, 3, day), paragraphs=()), SHARE) == pytest.approx(SHARE + dated)


def test_words_in_one_sentence_are_closer_than_words_far_apart() -> None:
    assert _closeness("雨水花园昨天开放。天气晴朗。") > _closeness("雨水很多。天气晴朗。花园很大。市民散步。商店开放。")


def test_two_neighbouring_sentences_count_together() -> None:
    assert _closeness("雨水花园建成。今天起开放。") > _closeness("雨水花园建成。天气晴朗。今天起开放。")


def test_what_stands_early_is_closer() -> None:
    assert _closeness("雨水花园开放。", "天气晴朗。") > _closeness("天气晴朗。", "雨水花园开放。")


def test_an_article_without_a_body_keeps_its_share() -> None:
    assert _closeness() == SHARE

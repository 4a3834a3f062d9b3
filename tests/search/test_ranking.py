"""Ranking anew by closeness: an answer has the words together and early."""

from datetime import date

from digests.search.ranking import Question
from tests.invented import article


def _closeness(*paragraphs: str) -> float:
    question = Question("雨水花园开放", ("雨水", "花园", "开放"), lambda _field, _term: 1.0)
    return question.closeness(article(paragraphs=paragraphs), 0.5)


def test_words_in_one_sentence_are_closer_than_words_far_apart() -> None:
    assert _closeness("雨水花园昨天开放。天气晴朗。") > _closeness("雨水很多。天气晴朗。花园很大。市民散步。商店开放。")


def test_two_neighbouring_sentences_count_together() -> None:
    assert _closeness("雨水花园建成。今天起开放。") > _closeness("雨水花园建成。天气晴朗。今天起开放。")


def test_what_stands_early_is_closer() -> None:
    assert _closeness("雨水花园开放。", "天气晴朗。") > _closeness("天气晴朗。", "雨水花园开放。")


def test_the_paper_of_a_day_that_the_question_names_is_closer() -> None:
    question = Question("三月五日石桥完工", ("石桥", "完工"), lambda _field, _term: 1.0)
    papers = [article(date=date(2023, month, day), paragraphs=("石桥完工。",)) for month, day in ((3, 6), (4, 6))]
    assert question.closeness(papers[0], 0.5) > question.closeness(papers[1], 0.5)


def test_an_article_without_a_body_keeps_its_share() -> None:
    assert _closeness() == 0.5

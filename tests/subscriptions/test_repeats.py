"""Repeated articles are recognised if misread, cut, continued or reprinted; similar ones are not."""

import random
from datetime import date, timedelta

import pytest

from digests.models import Article
from digests.subscriptions.alerts import find_repeats, sketch_of, without_repeats
from tests.invented import DAY, article
from tests.newsroom import story

TEXT = "".join(story(f"第{n}件大事办成了", n) for n in range(3))


def told(body: str, *, id: str = "b", day: date | None = DAY, headline: str = "一件大事") -> Article:  # noqa: A002
    return article(id=id, headline=headline, paragraphs=(body,), date=day)


def is_same(one: Article, other: Article) -> bool:
    return list(find_repeats(sketch_of(one), [sketch_of(other)])) == [other.id]


def misread(text: str, share: float) -> str:
    choose = random.Random(1)
    return "".join("囗" if choose.random() < share else char for char in text)


@pytest.mark.parametrize(
    "again",
    [TEXT, TEXT + "本报将继续关注。", TEXT[: len(TEXT) * 3 // 4], misread(TEXT, 0.02), TEXT.replace("，", "、")],
    ids=["reprinted", "continued", "cut", "misread", "other signs"],
)
def test_a_copy_is_a_repetition(again: str) -> None:
    assert is_same(told(again), told(TEXT, id="a", headline="另一个标题"))


def test_a_similar_story_is_no_repetition() -> None:
    other = "".join(story(f"第{n}件大事办成了", n + 7) for n in range(3))
    assert not is_same(told(other), told(TEXT, id="a"))


def test_short_texts_repeat_only_equal_ones() -> None:
    caption = "图为市民在公园里散步。方小满 摄"
    assert is_same(told(caption), told(caption, id="a"))
    assert not is_same(told(caption), told(caption.replace("散步", "跑步"), id="a"))
    assert not is_same(told("方小满 摄", headline="春天的公园"), told("方小满 摄", id="a", headline="夏天的公园"))
    assert not is_same(told("", headline="春天的公园"), told("", id="a", headline="夏天的公园"))


def test_a_copy_more_than_a_week_later_is_no_repetition() -> None:
    assert is_same(told(TEXT), told(TEXT, id="a", day=DAY - timedelta(days=7)))
    assert not is_same(told(TEXT), told(TEXT, id="a", day=DAY - timedelta(days=8)))
    assert not is_same(told(TEXT, day=None), told(TEXT, id="a"))


def test_of_many_copies_one_a_week_is_reported() -> None:
    copies = [told(TEXT, id=f"{n}", day=DAY + timedelta(days=n)) for n in range(10)]
    assert [one.id for one in without_repeats(copies)] == ["0", "8"]

"""Sentences quoted from an article."""

import pytest

from digests import summary
from tests.invented import article

WEIGHT = {"雨水花园": 1.0}


def test_the_quoted_sentence_stands_in_the_body_word_for_word() -> None:
    story = article()
    quoted = summary.quote(story, WEIGHT)
    assert quoted == "3月4日，云河市首座雨水花园建成开放。"
    assert quoted in story.body


@pytest.mark.parametrize(
    "lead", ["本报讯（记者 方小满、石 磊）", "本报讯 ", "本报讯(记者方小满)", "新华社云河3月4日电（记者 方小满）", ""]
)
def test_the_dateline_and_its_reporters_are_not_quoted(lead: str) -> None:
    story = article(paragraphs=(f"{lead}云河市雨水花园开放。",))
    assert summary.quote(story, WEIGHT) == "云河市雨水花园开放。"


def test_a_reporter_named_at_the_end_is_not_quoted() -> None:
    story = article(paragraphs=("云河市雨水花园开放。（方小满）",))
    assert summary.quote(story, WEIGHT) == "云河市雨水花园开放。"


def test_a_sentence_cut_by_a_break_is_not_quoted() -> None:
    story = article(paragraphs=("雨水花园雨水花园雨水花园项目于7月", "第二段说到雨水花园。"))
    assert summary.quote(story, WEIGHT) == "第二段说到雨水花园。"


def test_what_semicolons_part_is_one_sentence() -> None:
    story = article(paragraphs=("一是建设雨水花园；二是修缮石桥；三是疏通河道。完。",))
    assert summary.quote(story, WEIGHT) == "一是建设雨水花园；二是修缮石桥；三是疏通河道。"


def test_subheads_are_not_quoted() -> None:
    story = article(paragraphs=("雨水花园雨水花园！", "云河市雨水花园开放。"), subheads=("雨水花园雨水花园！",))
    assert summary.quote(story, WEIGHT) == "云河市雨水花园开放。"


def test_an_article_without_a_sentence_gives_none() -> None:
    assert summary.quote(article(paragraphs=()), WEIGHT) == ""
    assert summary.quote(article(paragraphs=("距开幕还有3天",)), WEIGHT) == ""

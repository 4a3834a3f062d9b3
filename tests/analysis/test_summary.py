"""Sentences quoted from an article."""

import pytest

from digests.analysis import summary
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


def test_parts_between_semicolons_are_one_sentence() -> None:
    story = article(paragraphs=("一是建设雨水花园；二是修缮石桥；三是疏通河道。完。",))
    assert summary.quote(story, WEIGHT) == "一是建设雨水花园；二是修缮石桥；三是疏通河道。"


def test_subheads_are_not_quoted() -> None:
    story = article(paragraphs=("雨水花园雨水花园！", "云河市雨水花园开放。"), subheads=("雨水花园雨水花园！",))
    assert summary.quote(story, WEIGHT) == "云河市雨水花园开放。"


def test_an_article_without_a_sentence_gives_none() -> None:
    assert summary.quote(article(paragraphs=()), WEIGHT) == ""
    assert summary.quote(article(paragraphs=("距开幕还有3天",)), WEIGHT) == ""


LONG = article(
    headline="云河市建成雨水花园",
    paragraphs=(
        "本报讯（记者 方小满）3月4日，云河市首座雨水花园建成开放，市民前来参观。花园可蓄积雨水八百吨。",
        "“我们每天都来散步。”一位市民说。",
        "云河市计划三年内再建十座雨水花园，让更多街区远离积水。",
        "另有石桥修缮工程下月开工",
    ),
)


def test_a_summary_is_made_of_literal_parts_in_their_order() -> None:
    parts = summary.summarise(LONG)
    assert 2 <= len(parts) <= 3
    assert all(part in LONG.body for part in parts)
    assert [LONG.body.index(part) for part in parts] == sorted(LONG.body.index(part) for part in parts)


@pytest.mark.parametrize("length", [15, 40, 60, 120])
def test_a_summary_has_at_most_its_length(length: int) -> None:
    assert sum(map(len, summary.summarise(LONG, length))) <= length


def test_each_part_ends_where_a_sentence_ends() -> None:
    assert all(part.endswith(("。", "！", "？", "”")) for part in summary.summarise(LONG))


def test_a_summary_repeats_nothing() -> None:
    twice = article(
        headline="雨水花园开放",
        paragraphs=("云河市首座雨水花园建成开放。", "云河市首座雨水花园建成开放。", "石桥已经修好。"),
    )
    assert summary.summarise(twice).count("云河市首座雨水花园建成开放。") == 1


def test_an_article_without_a_sentence_has_no_summary() -> None:
    assert summary.summarise(article(paragraphs=())) == ()
    assert summary.summarise(article(paragraphs=("距开幕还有3天",))) == ()
    assert summary.summarise(LONG, 5) == ()

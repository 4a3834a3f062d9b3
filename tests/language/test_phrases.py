"""Phrases of an article: which runs of words are phrases, and what is counted of them."""

import pytest

from digests.language.phrases import Phrase, extract_phrases
from digests.language.words import ArticleWords


def _phrases(*paragraphs: str, heading: str = "") -> dict[str, Phrase]:
    return extract_phrases(ArticleWords(tuple(heading.split()), tuple(tuple(text.split()) for text in paragraphs)))


def test_a_word_is_counted_in_the_body_with_its_first_position_and_neighbours() -> None:
    found = _phrases("雨水 花园 。 大家 看 花园", "石桥 花园 。", heading="花园 开放")
    assert found["花园"] == Phrase(
        ("花园",), 3, 1, in_lead=True, left_neighbours=3, right_neighbours=3, in_heading=True, opens_heading=True
    )


def test_punctuation_counts_as_a_neighbour_each_time_and_a_word_once() -> None:
    found = _phrases("， 花园 好 ， 花园 好 ， 花园 好")
    assert (found["花园"].left_neighbours, found["花园"].right_neighbours) == (3, 1)
    assert (found["花园好"].left_neighbours, found["花园好"].right_neighbours) == (3, 3)


def test_a_word_is_a_phrase_in_the_lead_once_and_later_twice() -> None:
    found = _phrases("雨水 来", "花园 石桥 。 花园 。")
    assert "雨水" in found
    assert "花园" in found
    assert "石桥" not in found
    assert "来" not in found


def test_a_run_is_a_phrase_if_it_is_repeated() -> None:
    found = _phrases("甲乙 丙丁 。 甲乙 丙丁 。 戊己 庚辛")
    assert found["甲乙丙丁"] == Phrase(("甲乙", "丙丁"), 2, 0, in_lead=True, left_neighbours=2, right_neighbours=2)
    assert "戊己庚辛" not in found


def test_a_run_of_the_heading_is_a_phrase_if_the_body_has_it_or_is_empty() -> None:
    heading = "甲乙 丙丁 戊己"
    found = _phrases("丙丁 戊己 好", heading=heading)
    assert (found["丙丁戊己"].occurrences, found["丙丁戊己"].ends_heading) == (1, True)
    assert "甲乙丙丁" not in found
    assert "甲乙丙丁" in _phrases(heading=heading)
    assert found["甲乙"] == Phrase(("甲乙",), in_heading=True, opens_heading=True)


@pytest.mark.parametrize("quotes", ["“”", "《》", "「」", "『』", "【】", "‘’"])
def test_what_stands_in_quotation_marks_is_a_phrase(quotes: str) -> None:
    found = _phrases(f"看 {quotes[0]} 甲 的 乙 {quotes[1]} 好")
    assert found["甲的乙"] == Phrase(
        ("甲", "的", "乙"), 1, 2, in_lead=True, left_neighbours=1, right_neighbours=1, is_quoted=True
    )


def test_a_phrase_has_at_most_five_words_and_twelve_characters() -> None:
    five, six = "甲 乙 丙 丁 戊", "甲 乙 丙 丁 戊 己"
    found = _phrases(f"{six} 。 {six}")
    assert five.replace(" ", "") in found
    assert six.replace(" ", "") not in found
    found = _phrases(heading="一二三四五六 七八九十百千 万")
    assert "一二三四五六七八九十百千" in found
    assert "一二三四五六七八九十百千万" not in found
    assert "一二三四五六七八九十百千" in _phrases("“ 一二三四五六 七八九十百千 ”")
    assert "一二三四五六七八九十百千万" not in _phrases("“ 一二三四五六 七八九十百千 万 ”")
    assert "一二三四五六七八九十百千" in _phrases("一二三四五六 七八九十百千 。 一二三四五六 七八九十百千")
    assert "一二三四五六七八九十百千万" not in _phrases("一二三四五六 七八九十百千万 。 一二三四五六 七八九十百千万")


def test_no_phrase_crosses_punctuation_or_a_paragraph() -> None:
    assert "甲乙丙丁" not in _phrases("甲乙 。 丙丁 甲乙 。 丙丁", heading="甲乙 ， 丙丁")
    assert "甲乙丙丁" not in _phrases("甲乙", "丙丁 甲乙", "丙丁")

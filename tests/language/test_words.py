"""Words, frequencies and tags."""

import re
from pathlib import Path

import jieba
import pytest

from digests.language import words
from digests.models import Article

_HANZI = re.compile(r"[\u4e00-\u9fff]+")


def test_the_words_of_a_text_are_all_of_it_but_the_white_space() -> None:
    assert "".join(words.cut("省委常委 督导检查")) == "省委常委督导检查"


def test_cutting_for_search_gives_the_words_inside_words_too() -> None:
    assert {"指挥", "指挥部"} <= set(words.cut_for_search("防汛抗旱指挥部"))


def test_rjieba_gives_the_same_words_of_hanzi_as_jieba(seeds: Path) -> None:
    words.load()
    for file in sorted(seeds.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            reference = [word for word in jieba.cut(line) if _HANZI.fullmatch(word)]
            assert [word for word in words.cut(line) if _HANZI.fullmatch(word)] == reference
            reference = [word for word in jieba.cut_for_search(line) if _HANZI.fullmatch(word)]
            assert [word for word in words.cut_for_search(line) if _HANZI.fullmatch(word)] == reference


def test_a_common_word_is_more_frequent_than_a_rare_one_and_an_unknown_one_is_not_counted() -> None:
    assert words.frequency("工作") > words.frequency("防汛") > words.frequency("锂电池隔膜") == 0
    assert words.total_frequency() > 60_000_000


def test_tags_say_what_kind_of_word_it_is() -> None:
    assert words.tag("太原") == "ns"
    assert words.tag("锂电池隔膜") == ""


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("市防 汛办", ("市防汛办",)),
        ("书记习 近 平出席", ("书记习近平出席",)),
        ("记者 殷雪嵩 梁 涛", ("记者", "殷雪嵩", "梁涛")),
        ("精神 状态", ("精神", "状态")),
        ("变局 于危机", ("变局", "于危机")),
        ("深度 learn ing", ("深度", "learn", "ing")),
        ("防\n汛", ("防", "汛")),
    ],
)
def test_white_space_inside_words_and_names_does_not_part_them(heading: str, found: tuple[str, ...]) -> None:
    cut = words.cut_article(Article(id="", headline=heading, paragraphs=())).heading
    assert "".join(cut).split(words.BREAK) == list(found)

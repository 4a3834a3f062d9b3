"""Corrections of the tagger's names by the lexicons."""

import pytest

from digests.names.corrections import corrected
from digests.names.model import ORGANISATION, PERSON, PLACE, Span


def _corrected(text: str, *marked: tuple[str, str]) -> list[tuple[str, str]]:
    """Return kind and name of each corrected span; `marked` are kinds and names that the tagger found."""
    printed = f"\n{text}\n"
    spans = [Span(kind, printed.index(name), printed.index(name) + len(name)) for kind, name in marked]
    return [(kind, printed[start:end]) for kind, start, end in corrected(printed, spans)]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("主席和普京总统会谈", "和普京", "普京"),
        ("和普京会谈", "和普京", "和普京"),
        ("村民和林说", "和林", "和林"),
    ],
)
def test_a_conjunction_inside_a_clause_does_not_belong_to_a_name(text: str, found: str, expected: str) -> None:
    assert _corrected(text, (PERSON, found)) == [(PERSON, expected)]


def test_a_certain_place_is_no_person() -> None:
    assert _corrected("在格林纳达举行", (PERSON, "格林纳达")) == [(PLACE, "格林纳达")]
    assert _corrected("在吉林长春举行", (PERSON, "吉林长春")) == [(PLACE, "吉林"), (PLACE, "长春")]


def test_a_foreign_name_with_a_dot_is_whole_unless_something_is_named_after_it() -> None:
    assert _corrected("，让·皮埃尔，", (PERSON, "皮埃尔")) == [(PERSON, "让·皮埃尔")]
    assert _corrected("“卡尔·文森”号") == []
    assert _corrected("，霍普金斯·大学校", (ORGANISATION, "霍普金斯·大学校"))[0][0] == ORGANISATION


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("安徽省黄山市", ["安徽", "省黄山市"], ["安徽省", "黄山市"]),
        ("延庆区", ["延庆"], ["延庆区"]),
        ("两江新区", ["两江"], ["两江新区"]),
        ("南湖街华锦社区", ["南湖", "街华锦社区"], ["南湖街", "华锦社区"]),
    ],
)
def test_an_ending_belongs_to_the_place_before_it(text: str, found: list[str], expected: list[str]) -> None:
    assert _corrected(text, *((PLACE, name) for name in found)) == [(PLACE, name) for name in expected]


@pytest.mark.parametrize(
    ("text", "missed"),
    [("访问了法国和英国", ["法国", "英国"]), ("前往阳曲县", ["阳曲县"]), ("示范县建设", []), ("朝阳升起", [])],
)
def test_countries_and_full_names_of_divisions_are_never_missed(text: str, missed: list[str]) -> None:
    assert _corrected(text) == [(PLACE, name) for name in missed]


@pytest.mark.parametrize("word", ["开发区", "城墙", "上门"])
def test_an_ending_alone_or_an_ordinary_word_is_no_place(word: str) -> None:
    assert _corrected(f"这是{word}。", (PLACE, word)) == []

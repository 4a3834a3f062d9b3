"""Where a term is meant, and why an article matches."""

import pytest

from digests.language.characters import normalise_in_place
from digests.matching import match_query
from digests.matching.term_meaning import find_meant
from digests.models import Span
from digests.query import Term, parse
from tests.invented import article


def occurrences(term: Term, text: str) -> tuple[Span, ...]:
    return tuple(found.span for found in find_meant(term, normalise_in_place(text)))


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("小店", "小店区召开会议，部署工作。"),
        ("防汛", "市防汛抗旱指挥部发布消息。"),
        ("锂电池", "锂电池隔膜项目投产。"),
        ("gdp", "全年ＧＤＰ增长百分之六。"),
    ],
)
def test_a_term_is_found_also_inside_a_longer_name(term: str, said: str) -> None:
    assert occurrences(Term(term), said)


@pytest.mark.parametrize(("term", "said"), [("长治", "这位校长治学严谨。"), ("古交", "两地开展考古交流。")])
def test_characters_that_meet_by_accident_across_words_are_no_match(term: str, said: str) -> None:
    assert occurrences(Term(term), said) == ()
    assert occurrences(Term(term, exact=True), said), "a phrase in quotation marks counts wherever it stands"


def test_the_spans_are_places_in_the_text_as_printed() -> None:
    said = "㎡与ＧＤＰ：gdp"
    assert [said[a:b] for a, b in occurrences(Term("gdp", exact=True), said)] == ["ＧＤＰ", "gdp"]


def test_levelling_keeps_each_character_in_its_place() -> None:
    assert normalise_in_place("ＡＢ㎡ß①") == "ab㎡ß1"


def test_the_reason_names_term_field_and_sentence() -> None:
    reason = match_query(parse("雨水花园"), article(headline="云河新事"))
    assert reason
    assert (reason.term, reason.where) == ("雨水花园", "body")
    assert reason.snippet.text == "本报讯（记者 方小满）3月4日，云河市首座雨水花园建成开放。"
    assert [reason.snippet.text[a:b] for a, b in reason.snippet.marks] == ["雨水花园"]


def test_the_headline_is_the_first_reason() -> None:
    reason = match_query(parse("雨水花园"), article())
    assert reason
    assert reason.where == "headline"


def test_all_words_must_stand_in_the_article() -> None:
    assert match_query(parse("雨水花园 八百吨"), article())
    assert not match_query(parse("雨水花园 九百吨"), article())


def test_either_word_will_do() -> None:
    assert match_query(parse("地铁 OR 雨水"), article())


def test_a_refused_word_prevents_the_match() -> None:
    assert not match_query(parse("雨水花园 -云河"), article())
    assert match_query(parse("雨水花园 -(云河 地铁)"), article())
    assert not match_query(parse("雨水花园 -(云河 -地铁)"), article())


def test_reporters_and_sections_are_searched_too() -> None:
    found = match_query(parse("生态云河"), article(section="生态云河"))
    assert found
    assert found.where == "section"

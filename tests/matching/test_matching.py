"""Where a term is meant, and why an article matches."""

import pytest

from digests.language.normal_form import normal_form
from digests.matching import ArticleMatcher, match_query
from digests.matching.subscription_matcher import required_terms
from digests.matching.term_meaning import find_meant
from digests.models import Article, Labels, Reason, Reporter, Span
from digests.query import MAX_NEAR_GAP_CHARS, Not, Term, parse
from tests.invented import article


def occurrences(term: Term, text: str) -> tuple[Span, ...]:
    return tuple(found.span for found in find_meant(term, normal_form(text)))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("小店", "小店区召开会议，部署工作。"),
        ("防汛", "市防汛抗旱指挥部发布消息。"),
        ("锂电池", "锂电池隔膜项目投产。"),
        ("gdp", "全年ＧＤＰ增长百分之六。"),
    ],
)
def test_a_term_is_meant_inside_a_longer_name_too(term: str, text: str) -> None:
    assert occurrences(Term(term), text)


@pytest.mark.parametrize(("term", "text"), [("长治", "这位校长治学严谨。"), ("古交", "两地开展考古交流。")])
def test_characters_that_meet_by_accident_across_words_are_no_match(term: str, text: str) -> None:
    assert occurrences(Term(term), text) == ()
    assert occurrences(Term(term, exact=True), text), "a phrase in quotation marks counts wherever it stands"


def test_spans_are_offsets_in_the_printed_text() -> None:
    text = "㎡与ＧＤＰ：gdp"
    reason = match_query(Term("gdp", exact=True), article(paragraphs=(text,)))
    assert reason
    assert [text[a:b] for a, b in reason.snippet.marks] == ["ＧＤＰ", "gdp"]


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


def test_either_word_is_enough() -> None:
    assert match_query(parse("地铁 OR 雨水"), article())


def test_an_excluded_word_prevents_the_match() -> None:
    assert not match_query(parse("雨水花园 -云河"), article())
    assert match_query(parse("雨水花园 -(云河 地铁)"), article())
    assert not match_query(parse("雨水花园 -(云河 -地铁)"), article())


def test_reporters_and_sections_are_searched_too() -> None:
    found = match_query(parse("生态云河"), article(section="生态云河"))
    assert found
    assert found.where == "section"


def _marks(reason: Reason | None) -> list[str]:
    assert reason is not None
    return [reason.snippet.text[start:end] for start, end in reason.snippet.marks]


def test_words_are_close_up_to_the_largest_gap_in_any_order() -> None:
    def story(gap: int) -> Article:
        return article(headline="", paragraphs=(f"花园{'水' * gap}石桥。",))

    assert _marks(match_query(parse("石桥 ~ 花园"), story(MAX_NEAR_GAP_CHARS))) == ["花园", "石桥"]
    assert match_query(parse("石桥 ~ 花园"), story(MAX_NEAR_GAP_CHARS + 1)) is None
    assert match_query(parse("石桥 ~ 花园"), article(headline="", paragraphs=("花园。", "石桥。"))) is None


def test_of_words_that_stand_twice_the_nearest_ones_are_marked() -> None:
    text = f"花园{'水' * (MAX_NEAR_GAP_CHARS + 1)}石桥花园。"
    reason = match_query(parse("花园 ~ 石桥"), article(headline="", paragraphs=(text,)))
    assert _marks(reason) == ["石桥", "花园"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("title:花园", "headline"),
        ("title:睡莲", "kicker"),
        ("title:菖蒲", "deck"),
        ("by:方小满", "byline"),
        ("方小满", "byline"),
        ("石桥", "body"),
        ("专版", "section"),
    ],
)
def test_each_field_is_matched(query: str, where: str) -> None:
    story = article(
        headline="花园",
        kicker="睡莲",
        deck="菖蒲",
        section="专版",
        paragraphs=("石桥。",),
        reporters=(Reporter("方小满"),),
    )
    reason = match_query(parse(query), story)
    assert reason is not None
    assert reason.where == where


@pytest.mark.parametrize("query", ["title:石桥", "by:花园", "by:石桥", "title:方小满"])
def test_a_field_is_no_other_field(query: str) -> None:
    story = article(headline="花园", paragraphs=("石桥。",), reporters=(Reporter("方小满"),))
    assert match_query(parse(query), story) is None


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("page:1", True),
        ("page:2", False),
        ("theme:园林", True),
        ("person:李云", True),
        ("person:方小满", True),
        ("person:云河", False),
        ("place:云河", True),
        ("org:水务", True),
        ("org:园林", False),
        ("paper:云河日报", True),
        ("报纸:云河", True),
        ("paper:江城", False),
        ("2023-03-05", True),
        ("2023-03-06", False),
        ("3月5日", True),
    ],
)
def test_labels_and_days_are_matched(query: str, *, matches: bool) -> None:
    story = article(headline="花园", paragraphs=("石桥。",), reporters=(Reporter("方小满"),))
    labels = Labels(themes=("城市园林",), people=("李云",), places=("云河",), organisations=("水务局",))
    reason = match_query(parse(query), story, labels)
    assert bool(reason) == matches
    assert reason is None or (reason.rule, reason.where, reason.snippet.text) == ("label", "headline", "花园")


def test_the_reason_of_several_words_is_the_first_that_is_no_label() -> None:
    story = article(headline="花园", paragraphs=("石桥。",))

    def term(query: str) -> str:
        reason = match_query(parse(query), story)
        assert reason is not None
        return reason.term

    assert term("page:1 石桥 花园") == "石桥"
    assert term("石桥 page:1") == "石桥"
    assert term("page:1 2023-03-05") == "page:1"
    assert term("睡莲 OR 花园 OR 石桥") == "花园"


def test_only_the_terms_that_can_occur_are_searched_for() -> None:
    matcher = ArticleMatcher(article(headline="花园", paragraphs=("石桥。",)))
    matcher.restrict_terms({"花园"})
    assert matcher.match(parse("花园"))
    assert matcher.match(parse("石桥")) is None
    assert matcher.match(parse("花园 ~ 石桥")) is None


def test_an_exclusion_alone_is_an_error() -> None:
    with pytest.raises(ValueError, match="-花园 alone matches nearly everything"):
        match_query(Not(Term("花园")), article())


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("花园", ["花园"]),
        ("花园 雨水花园", ["雨水花园"]),
        ("花园 OR 雨水花园", ["花园", "雨水花园"]),
        ("石桥修缮 (花园 OR 雨水花园)", ["石桥修缮"]),
        ("(花园 OR 雨水) 石桥", ["石桥"]),
        ("花园 ~ 雨水花园", ["雨水花园"]),
        ("page:1", []),
        ("2023-03", []),
        ("2023-03 OR 花园", []),
        ("花园 2023-03", ["花园"]),
        ("花园 -雨水花园", ["花园"]),
    ],
)
def test_the_required_terms_of_a_query(query: str, terms: list[str]) -> None:
    assert [term.text for term in required_terms(parse(query))] == terms

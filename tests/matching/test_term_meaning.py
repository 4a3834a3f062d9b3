"""Where a term is meant in a sentence, and where it was misread."""

import pytest

from digests.language.characters import normalise_in_place
from digests.matching import term_meaning
from digests.matching.term_meaning import doubtful_positions, find_meant, find_misread
from digests.query import Term


def _rules(term: str, said: str) -> set[str]:
    return {found.rule for found in find_meant(Term(term), normalise_in_place(said))}


@pytest.mark.parametrize(
    ("term", "said", "rule"),
    [
        ("防汛", "各地做好防汛准备。", "word"),
        ("太原", "太原市召开会议。", "inside"),
        ("国防", "国防部发言人答问。", "inside"),
        ("华山", "景区位于华山脚下。", "word"),  # 于华山 is a name in the dictionary, and far less likely here
    ],
)
def test_the_rule_says_whether_it_is_a_word_or_inside_one(term: str, said: str, rule: str) -> None:
    assert _rules(term, said) == {rule}


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("长治", "这位校长治学严谨。"),
        ("大理", "他有远大理想。"),
        ("国安", "记者李国安说完就走。"),
        ("大兴", "列车驶过大兴安岭。"),
        ("太原", "他住在沈阳太原街附近。"),
        ("蒙古", "他来到博尔塔拉蒙古自治州。"),
        ("5g", "下载了9.5GB资料。"),
        ("日本", "1月9日本台消息。"),
    ],
)
def test_what_only_looks_like_the_term_is_no_match(term: str, said: str) -> None:
    assert not _rules(term, said)


def test_traditional_characters_are_the_same_characters() -> None:
    assert _rules("台湾", "他去過臺灣旅行。") == {"word"}
    assert _rules("臺灣", "他去过台湾旅行。") == {"word"}


def _read_as(term: Term, said: str) -> list[str]:
    levelled = normalise_in_place(said)
    return [levelled[slice(*found.span)] for found in find_misread(term, levelled, doubtful_positions(levelled))]


@pytest.mark.parametrize(
    ("term", "said", "printed"),
    [
        ("忻州", "雨后的析州古城。", "析州"),
        ("阳泉", "昨天在阴泉市。", "阴泉"),
        ("火灾情况", "通报大灾情况。", "大灾情况"),  # 大灾 is a word, a rare one, and the rest of the term says enough
    ],
)
def test_a_form_that_looks_like_the_term_is_found(term: str, said: str, printed: str) -> None:
    assert _read_as(Term(term), said) == [printed]


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("太原", "太湖水位上涨。"),
        ("小店", "村民奔小康。"),
        ("地震", "专家考察地质公园。"),
        ("忻州", "朔州迎来客人。"),
        ("种粮大户", "他是种植大户。"),
        ("火灾", "抗击大灾。"),
        ("全国三强", "进入全国二强。"),
    ],
)
def test_another_word_is_no_misread_form(term: str, said: str) -> None:
    assert not _read_as(Term(term), said)


def test_what_has_to_be_sure_or_exact_is_never_misread() -> None:
    for term in (Term("忻州", as_printed=True), Term("忻州", exact=True)):
        assert not _read_as(term, "雨后的析州古城。")


def test_a_sentence_without_punctuation_is_cut_around_the_term() -> None:
    said = "云河市民走进公园" * 500
    assert len(list(find_meant(Term("公园"), said))) == 500
    assert max(len(term_meaning._clause(said, (at, at + 2))[0]) for at in (6, 2000)) <= 250


def test_a_levelled_character_keeps_its_place() -> None:
    said = "臺灣，ＧＤＰ增㎡"
    assert len(normalise_in_place(said)) == len(said)

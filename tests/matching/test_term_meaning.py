"""Where a term is meant in a sentence, and where it was misread."""

import pytest

from digests.language.boundaries import SpanLikelihoods
from digests.language.normal_form import normal_form
from digests.matching import term_meaning
from digests.matching.term_meaning import (
    allows_misreadings,
    differing_in_one,
    doubtful_positions,
    find_meant,
    find_misread,
)
from digests.models import Span
from digests.query import Term


def _rules(term: str, text: str) -> set[str]:
    return {found.rule for found in find_meant(Term(term), normal_form(text))}


@pytest.mark.parametrize(
    ("term", "text", "rule"),
    [
        ("防汛", "各地做好防汛准备。", "word"),
        ("太原", "太原市召开会议。", "inside"),
        ("国防", "国防部发言人答问。", "inside"),
        ("华山", "景区位于华山脚下。", "word"),  # 于华山 is a name in the dictionary, and far less likely here
    ],
)
def test_the_rule_says_whether_it_is_a_word_or_inside_one(term: str, text: str, rule: str) -> None:
    assert _rules(term, text) == {rule}


@pytest.mark.parametrize(
    ("term", "text"),
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
def test_characters_of_the_term_in_other_words_are_no_match(term: str, text: str) -> None:
    assert not _rules(term, text)


def test_traditional_characters_are_the_same_characters() -> None:
    assert _rules("台湾", "他去過臺灣旅行。") == {"word"}
    assert _rules("臺灣", "他去过台湾旅行。") == {"word"}


def _read_as(term: Term, text: str) -> list[str]:
    normalised = normal_form(text)
    return [normalised[slice(*found.span)] for found in find_misread(term, normalised, doubtful_positions(normalised))]


@pytest.mark.parametrize(
    ("term", "text", "printed"),
    [
        ("忻州", "雨后的析州古城。", "析州"),
        ("阳泉", "昨天在阴泉市。", "阴泉"),
        ("火灾情况", "通报大灾情况。", "大灾情况"),  # 大灾 is a word, a rare one, and the rest of the term says enough
    ],
)
def test_a_look_alike_form_of_the_term_is_found(term: str, text: str, printed: str) -> None:
    assert _read_as(Term(term), text) == [printed]


@pytest.mark.parametrize(
    ("term", "text"),
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
def test_another_word_is_no_misread_form(term: str, text: str) -> None:
    assert not _read_as(Term(term), text)


def test_exact_terms_are_never_matched_by_misread_forms() -> None:
    for term in (Term("忻州", as_printed=True), Term("忻州", exact=True)):
        assert not _read_as(term, "雨后的析州古城。")


def test_a_sentence_without_punctuation_is_cut_around_the_term() -> None:
    text = "云河市民走进公园" * 500
    assert len(list(find_meant(Term("公园"), text))) == 500
    assert max(len(term_meaning._clause(text, (at, at + 2))[0]) for at in (6, 2000)) <= 250


class _Cuts:
    """A lattice that gives chosen likelihoods."""

    def __init__(self, *, split: float = 0.0, alone: float = 0.0, covered: float = -9.0, best: float = 0.0) -> None:
        self.clause = ""
        self.names: list[tuple[int, int, str]] = []
        self.edges: frozenset[int] = frozenset()
        self.best = best
        self._likelihoods = SpanLikelihoods(alone, covered, split, (0, 4))

    def span_likelihoods(self, *_: int) -> SpanLikelihoods:
        return self._likelihoods

    def likelihood_with_word(self, *_: int) -> float:
        return self.best + 100.0


@pytest.mark.parametrize(
    ("likelihoods", "rule"),
    [
        ({"split": 0.5, "alone": 0.0}, "word"),
        ({"split": 0.5001, "alone": 0.0}, None),
        ({"split": 0.5, "alone": -9.0, "covered": 0.0}, "inside"),
        ({"split": 0.5001, "alone": -9.0, "covered": 0.0}, None),
        ({"alone": 1.0, "covered": 1.0}, "word"),
    ],
)
def test_a_cut_that_splits_the_term_may_be_half_a_logarithm_likelier(
    monkeypatch: pytest.MonkeyPatch, likelihoods: dict[str, float], rule: str | None
) -> None:
    monkeypatch.setattr(term_meaning, "lattice", lambda _: _Cuts(**likelihoods))
    monkeypatch.setattr(term_meaning, "_covering_word_contains_term", lambda *_: True)
    assert _rules("水杉", "甲水杉乙。") == ({rule} if rule else set())


@pytest.mark.parametrize(("gain", "is_misread"), [(3.0, True), (2.9999, False)])
def test_a_clause_has_to_be_three_logarithms_likelier_with_the_term(
    monkeypatch: pytest.MonkeyPatch, gain: float, *, is_misread: bool
) -> None:
    monkeypatch.setattr(term_meaning, "lattice", lambda clause: _Cuts(best=gain if "火灾情况" in clause else 0.0))
    assert bool(list(find_misread(Term("火灾情况"), "大灾情况", {0: False}))) == is_misread


@pytest.mark.parametrize(("split", "is_misread"), [(0.5, True), (0.5001, False)])
def test_a_misread_term_may_not_be_split_either(
    monkeypatch: pytest.MonkeyPatch, split: float, *, is_misread: bool
) -> None:
    monkeypatch.setattr(
        term_meaning, "lattice", lambda clause: _Cuts(best=9.0 if "火灾情况" in clause else 0.0, split=split)
    )
    assert bool(list(find_misread(Term("火灾情况"), "大灾情况", {0: False}))) == is_misread


def test_a_rare_word_is_doubted_only_in_a_term_of_four_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term_meaning, "lattice", lambda clause: _Cuts(best=9.0 if "火灾" in clause else 0.0))
    assert list(find_misread(Term("火灾情况"), "大灾情况", {0: False}))
    assert not list(find_misread(Term("火灾情"), "大灾情", {0: False}))
    assert list(find_misread(Term("火灾情"), "大灾情", {0: True}))
    assert not list(find_misread(Term("火灾情"), "大灾情", {}))


def test_words_below_a_frequency_of_two_hundred_and_four_characters_are_doubtful(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frequencies = {"大灾": 199, "大情": 200}
    monkeypatch.setattr(term_meaning.words, "frequency", lambda word: frequencies.get(word, 0))
    monkeypatch.setattr(term_meaning.words, "cut_by_dictionary", lambda text: text.split("/"))
    monkeypatch.setattr(term_meaning.characters, "look_alikes", lambda char: "x" if char != "灾" else "")
    assert doubtful_positions("大灾") == {0: False}
    assert doubtful_positions("大情") == {}
    assert doubtful_positions("大") == {0: True}
    assert doubtful_positions("大情报") == {0: False, 1: False, 2: False}
    assert doubtful_positions("大情报员") == {}


@pytest.mark.parametrize(("term", "is_allowed"), [("火", False), ("火灾", True), ("火" * 8, True), ("火" * 9, False)])
def test_terms_of_two_to_eight_characters_are_searched_for_in_misread_forms(term: str, *, is_allowed: bool) -> None:
    assert allows_misreadings(Term(term)) == is_allowed


def test_a_hundred_characters_on_either_side_say_how_a_stretch_is_cut() -> None:
    assert term_meaning._clause("水" * 300, (150, 152)) == ("水" * 202, 50)
    assert term_meaning._clause("火，" + "水" * 20 + "。火", (5, 7)) == ("水" * 20, 2)
    assert term_meaning._clause("水，火", (0, 3)) == ("水，火", 0)


@pytest.mark.parametrize(
    ("term", "text", "rules"),
    [
        ("大兴", "列车到大兴区。", {"inside"}),
        ("太原", "他住在太原街。", set()),
        ("太原", "他住在太原东路。", set()),
        ("5g", "用上5G网。", {"word"}),
        ("5g", "用上15G网。", set()),
        ("g网", "用上5G网。", set()),
    ],
)
def test_divisions_streets_and_rows_of_latin_letters(term: str, text: str, rules: set[str]) -> None:
    assert _rules(term, text) == rules


def test_a_stretch_that_differs_in_one_look_alike_is_found_by_either_half() -> None:
    assert differing_in_one("阳泉市区", "在阴泉市区。") == [(1, 1)]
    assert differing_in_one("市区阳泉", "在市区阴泉。") == [(1, 3)]
    assert differing_in_one("阳泉市", "阴泉市") == [(0, 0)]
    assert differing_in_one("阳泉", "阳泉") == []


@pytest.mark.parametrize(
    ("text", "span", "is_split"),
    [
        ("1b", (1, 2), True),
        ("水1b水", (2, 3), True),
        ("水b1水", (1, 2), True),
        ("b1", (0, 1), True),
        ("1水b", (2, 3), False),
        ("b水1", (0, 1), False),
        ("1 b 2", (2, 3), False),
        ("水b水", (1, 2), False),
        ("1水1", (1, 2), False),
    ],
)
def test_a_stretch_inside_a_row_of_latin_letters_and_digits_is_split(
    text: str, span: tuple[int, int], *, is_split: bool
) -> None:
    assert term_meaning._splits_latin(text, span) == is_split


@pytest.mark.parametrize(
    ("clause", "span", "cover", "is_whole"),
    [
        ("高兴红说", (0, 2), (0, 3), True),
        ("高兴红说", (1, 3), (0, 3), False),
        ("王囗红说", (0, 2), (0, 3), False),
        ("国防部说", (0, 2), (0, 3), True),
        ("远大理想", (1, 3), (0, 4), False),
    ],
)
def test_the_longer_word_around_a_term_must_not_split_it(
    clause: str, span: Span, cover: Span, *, is_whole: bool
) -> None:
    assert term_meaning._covering_word_contains_term(clause, span, SpanLikelihoods(0.0, 0.0, 0.0, cover)) == is_whole

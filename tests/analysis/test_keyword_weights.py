"""The weights of keywords by exact values: the features of a phrase, their weights, and the limits of the lists."""

import math

import pytest

from digests.analysis import keywords
from digests.analysis.keywords import WeighedPhrase
from digests.language import words
from digests.language.phrases import Phrase
from digests.models import Article
from tests.invented import article

STORY = article(
    headline="雨水花园走进社区 3座新站开放《水边的云河》",
    paragraphs=(
        "本报讯 云河市雨水花园项目近日开工。雨水花园可以蓄水，也可以净化空气。推动雨水花园建设的是太原市。",
        "会议要求，各部门要做好工作，推动雨水花园建设。话剧《水边的云河》上演，3座新站开放。太原市的水边有新站。",
    ),
)


VERB_STORY = article(headline="推动花园建成 3座新站开放5座", paragraphs=("推动花园建成。3座新站开放5座。",))


def _rarity(word: str) -> float:
    return math.log(words.total_frequency() / (words.frequency(word) + 5)) / 10


def test_the_features_of_a_phrase() -> None:
    phrase = Phrase(("太原", "建设", "的", "花园"), 3, 7, True, 2, 4, True, True, False, True)
    rarity = sum(map(_rarity, phrase.words)) / 4
    assert keywords.phrase_features(phrase, 5) == (
        1.0, True, math.log(5), 1, False, math.log(4), math.log(8) / 5, True, math.log(3 * 5) / 2, True,
        False, 3 / 4, 0, True, False, False, 0, False, False, rarity, (rarity - 1) ** 2,
    )  # fmt: skip


def test_the_features_of_a_word_in_the_heading_alone() -> None:
    rarity = _rarity("太原")
    assert keywords.phrase_features(Phrase(("太原",), in_heading=True, opens_heading=True, ends_heading=True), 2) == (
        1.0, True, math.log(2), 2, True, 0.0, 0.0, False, 0.0, False,
        True, 0.0, 0, False, False, False, 0, True, False, rarity, (rarity - 1) ** 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phrase_words", "features"),
    [
        (("的", "花园"), {12: 1}),
        (("的", "花园", "的"), {12: 2}),
        (("推动", "花园"), {14: True}),
        (("花园", "建成"), {15: True}),
        (("3", "花园", "5"), {16: 2}),
        (("花园", "太原"), {18: True}),
    ],
)
def test_the_classes_of_the_edges_of_a_phrase(phrase_words: tuple[str, ...], features: dict[int, float]) -> None:
    found = keywords.phrase_features(Phrase(phrase_words), 0)
    assert {at: found[at] for at in (12, 14, 15, 16, 17, 18) if found[at]} == features


def _weights(story: Article) -> dict[str, float]:
    return {text: round(weight, 6) for text, _, weight in keywords.weigh_phrases(story)}


def test_the_weights_of_phrases_with_a_heading() -> None:
    assert _weights(STORY) == WEIGHTS_WITH_HEADING


def test_the_weights_of_phrases_that_begin_or_end_with_a_verb_in_a_heading() -> None:
    assert _weights(VERB_STORY) == WEIGHTS_WITH_VERBS


def test_the_weights_of_phrases_without_a_heading() -> None:
    assert (
        _weights(
            article(headline=None, paragraphs=(*STORY.paragraphs, "3座新站开放，3座新站开放。花园建成，花园建成。"))
        )
        == WEIGHTS_WITHOUT_HEADING
    )


def _phrase(text: str, weight: float, *parts: str) -> WeighedPhrase:
    return WeighedPhrase(text, Phrase(parts or (text,)), weight)


@pytest.mark.parametrize(("headline", "limit"), [("标题", 0.15), (None, 0.05)])
def test_keywords_below_the_least_likelihood_are_left_out_but_the_first(headline: str | None, limit: float) -> None:
    story = article(headline=headline)
    phrases = [_phrase("防汛", 0.5), _phrase("花园", limit), _phrase("石桥", limit - 1e-9)]
    assert [keyword.text for keyword in keywords.article_keywords(story, phrases=phrases)] == ["防汛", "花园"]
    assert [keyword.text for keyword in keywords.article_keywords(story, phrases=phrases[2:])] == ["石桥"]


def test_an_article_lists_eight_keywords_and_an_issue_ten() -> None:
    texts = [f"{first}{second}" for first in "甲乙丙丁" for second in "子丑寅"]
    phrases = [_phrase(text, 0.5) for text in texts]
    assert len(keywords.article_keywords(article(), phrases=phrases)) == 8
    assert len(keywords.issue_keywords([dict.fromkeys(texts, 1.0)])) == 10


def test_weights_are_shares_of_the_total_rounded_down_to_six_digits() -> None:
    phrases = [_phrase("防汛", 0.5), _phrase("花园", 0.25), _phrase("石桥", 0.1)]
    listed = keywords.article_keywords(article(), phrases=phrases)
    assert [(keyword.text, keyword.weight) for keyword in listed] == [("防汛", 0.588235), ("花园", 0.294117)]


@pytest.mark.parametrize(
    ("chosen", "other", "is_listed"),
    [
        ("雨水花园", "雨水", False),
        ("雨水", "雨水花园", False),
        ("雨水花园", "花园建设", False),
        ("花园建设", "雨水花园", False),
        ("雨水花园", "园林建设", True),
        ("雨水花", "花园", True),
    ],
)
def test_no_keyword_overlaps_a_chosen_one_by_two_characters(chosen: str, other: str, *, is_listed: bool) -> None:
    phrases = [_phrase(chosen, 0.9), _phrase(other, 0.5)]
    assert (len(keywords.article_keywords(article(), phrases=phrases)) == 2) == is_listed


@pytest.mark.parametrize(("text", "factor"), [("花园", 0.35), ("雨花园", 0.7), ("雨水花园", 1.0), ("大雨水花园", 1.0)])
def test_short_phrases_count_less_in_an_issue(text: str, factor: float) -> None:
    full = article(paragraphs=("花" * 300,))
    assert keywords.issue_contribution(full, [_phrase(text, 0.5, "花园")]) == {text: pytest.approx(0.5 * factor)}


@pytest.mark.parametrize(("chars", "fullness"), [(0, 0.1), (120, 0.5), (269, 299 / 300), (270, 1.0), (500, 1.0)])
def test_a_short_story_contributes_in_proportion_to_its_length(chars: int, fullness: float) -> None:
    story = article(paragraphs=("花" * chars,))
    assert keywords.issue_contribution(story, [_phrase("雨水花园", 1.0)]) == {"雨水花园": pytest.approx(fullness)}


def test_a_story_contributes_its_eight_weightiest_phrases() -> None:
    phrases = [_phrase(f"雨水花园{n}", n / 10) for n in range(1, 10)]
    contributions = keywords.issue_contribution(article(paragraphs=("花" * 300,)), phrases)
    assert list(contributions) == [f"雨水花园{n}" for n in range(9, 1, -1)]


def test_an_issue_lists_what_weighs_fifteen_hundredths_of_its_first_keyword() -> None:
    contributions = [{"防汛演练": 2.0, "雨水花园": 0.3, "石桥修缮": 0.2999}]
    assert [keyword.text for keyword in keywords.issue_keywords(contributions)] == ["防汛演练", "雨水花园"]


def test_a_keyword_that_half_of_the_last_issues_listed_counts_two_thirds_in_the_order() -> None:
    contributions = [{"防汛演练": 0.9, "雨水花园": 0.6, "石桥修缮": 0.6001}]

    def listed(share: float) -> list[str]:
        found = keywords.issue_keywords(contributions, recent_share=lambda text: share if text == "防汛演练" else 0.0)
        return [keyword.text for keyword in found]

    assert listed(0.5) == ["石桥修缮", "防汛演练", "雨水花园"]
    assert listed(0.51) == ["石桥修缮", "雨水花园", "防汛演练"]
    assert listed(0.49) == ["防汛演练", "石桥修缮", "雨水花园"]


WEIGHTS_WITH_HEADING = {
    "云河": 0.575773,
    "雨水花园": 0.488514,
    "水边": 0.307692,
    "3座新": 0.249142,
    "雨水": 0.225902,
    "开放": 0.221189,
    "新站开放": 0.196503,
    "花园": 0.139967,
    "水边的云河": 0.128558,
    "3座": 0.127329,
    "3座新站开放": 0.103238,
    "座新": 0.098133,
    "座新站开放": 0.093297,
    "社区": 0.04964,
    "走进": 0.03068,
    "太原市": 0.026635,
    "花园建设": 0.008973,
    "可以": 0.008471,
    "开工": 0.008024,
    "蓄水": 0.007593,
    "净化": 0.007129,
    "空气": 0.006658,
    "建设": 0.005216,
}
WEIGHTS_WITHOUT_HEADING = {
    "云河": 0.306629,
    "雨水花园": 0.280717,
    "太原市": 0.203981,
    "花园": 0.180462,
    "雨水": 0.107591,
    "开工": 0.077367,
    "蓄水": 0.072299,
    "花园建设": 0.072285,
    "净化": 0.061262,
    "可以": 0.06075,
    "推动雨水": 0.051219,
    "空气": 0.048295,
    "雨水花园建设": 0.044866,
    "建设": 0.036822,
    "推动雨水花园": 0.028209,
    "推动雨水花园建设": 0.021781,
    "水边": 0.018861,
    "花园建成": 0.014883,
    "新站开放": 0.008966,
    "开放": 0.008255,
    "3座新": 0.008059,
    "3座新站开放": 0.006806,
    "建成": 0.006716,
    "水边的云河": 0.0062,
}


@pytest.mark.parametrize(
    ("parts", "is_listed"),
    [
        (("雨水", "花园"), True),
        (("水", "花园"), False),
        (("雨水", "建成"), False),
        (("建成", "花园"), False),
        (("全市", "花园"), False),
        (("工作", "花园"), False),
        (("花园", "工作"), False),
        (("花园", "的", "雨水"), False),
        (("太原",), True),
        (("花园",), True),
        (("锂电池隔膜",), True),
        (("建成",), False),
        (("美好",), False),
        (("方小满作",), False),
        (("新时代",), False),
    ],
)
def test_an_issue_lists_things_and_names(parts: tuple[str, ...], *, is_listed: bool) -> None:
    full = article(paragraphs=("花" * 300,))
    assert bool(keywords.issue_contribution(full, [_phrase("".join(parts), 0.5, *parts)])) == is_listed


WEIGHTS_WITH_VERBS = {
    "3座新": 0.370236,
    "建成": 0.363238,
    "花园建成": 0.362602,
    "推动花园": 0.296275,
    "花园": 0.276794,
    "开放": 0.211416,
    "3座": 0.205414,
    "新站开放": 0.193995,
    "5座": 0.184333,
    "新站开放5座": 0.167279,
    "新站开放5": 0.162936,
    "开放5座": 0.161343,
    "座新": 0.157384,
    "推动花园建成": 0.129501,
    "3座新站开放": 0.107191,
    "开放5": 0.103782,
    "座新站开放": 0.094173,
    "座新站开放5": 0.0762,
}

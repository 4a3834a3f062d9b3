"""The weights of summaries by exact values: the features of bigrams, their worth, and the limits of quotations."""

import math

import pytest

from digests.analysis import summary
from digests.language import words
from digests.models import Article
from tests.invented import article

STORY = article(
    headline="云河市建成雨水花园",
    paragraphs=(
        "本报讯（记者 方小满）3月4日，云河市首座雨水花园建成开放，市民前来参观。花园可蓄积雨水八百吨。",
        "“我们每天都来散步。”市民李白说。",
        "雨水花园的好处",
        "云河市计划三年内再建十座雨水花园，让更多街区远离积水。",
        "“太好了。”市民李明说：“雨水花园真好。”",
    ),
)


def _rarity(string: str) -> float:
    return math.log(words.total_frequency() / (words.frequency(string) + 50)) / 10


def test_the_features_of_bigrams() -> None:
    features = summary.pair_features(STORY, list(summary.placed_sentences(STORY)))
    garden = (
        1.0, math.log(4), True, True, 0.0, True, True, 0.0, False, False, 0.5, 0.5, 0.25, math.log(7) / 5,
        0.387117, _rarity("花园"), (_rarity("花") + _rarity("园")) / 2, True, 0.305,
    )  # fmt: skip
    assert features["花园"] == pytest.approx(garden, abs=1e-6)
    three_years = (
        1.0, 0.0, False, False, math.log(4) / 3, False, True, 3 / 5, False, True, 5 / 8, 1.0, 0.0, math.log(7) / 5,
        0.258724, _rarity("三年"), (_rarity("三") + _rarity("年")) / 2, False, 23 / 50,
    )  # fmt: skip
    assert features["三年"] == pytest.approx(three_years, abs=1e-6)
    person, early = (list(summary.FEATURE_WEIGHTS).index(name) for name in ("person", "early"))
    assert features["李白"][person] is features["李白"][early] is True
    assert features["李明"][person] is features["李明"][early] is False


def test_the_worth_of_bigrams() -> None:
    worth = summary.sentence_worth(STORY, list(summary.placed_sentences(STORY)))
    assert {pair: round(value, 6) for pair, value in worth.items()} == WORTH


@pytest.mark.parametrize(("chars", "is_short"), [(40, True), (41, False)])
def test_a_subhead_has_at_most_forty_characters(chars: int, *, is_short: bool) -> None:
    assert summary.is_subhead("花" * chars) == is_short


@pytest.mark.parametrize("end", list("。！？”…；："))
def test_a_subhead_does_not_end_as_a_sentence_does(end: str) -> None:
    assert not summary.is_subhead(f"雨水花园{end}")


def _story(*paragraphs: str) -> Article:
    return article(headline="", paragraphs=paragraphs)


def _quoted(weight: dict[str, float], *paragraphs: str) -> str:
    return summary.quote(_story(*paragraphs), weight)


def test_a_sentence_of_up_to_ninety_characters_is_quoted_by_its_keywords_alone() -> None:
    ninety, ninety_one = "石桥" + "水" * 87 + "。", "石桥" + "水" * 88 + "。"
    assert _quoted({"花园": 1.0, "石桥": 1.1501}, "花园。", ninety) == ninety
    assert _quoted({"花园": 1.0, "石桥": 1.1501}, "花园。", ninety_one) == "花园。"


def test_a_later_paragraph_costs_fifteen_hundredths_and_a_later_sentence_ten() -> None:
    assert _quoted({"花园": 1.0, "石桥": 1.15}, "花园。", "石桥。") == "花园。"
    assert _quoted({"花园": 1.0, "石桥": 1.1501}, "花园。", "石桥。") == "石桥。"
    assert _quoted({"花园": 1.0, "石桥": 1.1}, "花园。石桥。") == "花园。"
    assert _quoted({"花园": 1.0, "石桥": 1.1001}, "花园。石桥。") == "石桥。"
    assert _quoted({"花园": 1.0, "石桥": 1.2501}, "花园。", "水。石桥。") == "石桥。"
    assert _quoted({"花园": 1.0, "石桥": 1.2499}, "花园。", "水。石桥。") == "花园。"


def test_six_paragraphs_are_searched_for_a_quotation() -> None:
    assert _quoted({"石桥": 1.0}, *["水。"] * 5, "石桥。") == "石桥。"
    assert _quoted({"石桥": 1.0}, *["水。"] * 6, "石桥。") == ""


def test_a_summary_has_at_most_three_sentences() -> None:
    story = _story("花园开放。", "石桥修好。", "泵站启用。", "书会开幕。")
    assert len(summary.summarise(story)) == 3


def test_the_end_of_a_sentence_can_be_quoted_from_twenty_characters_on() -> None:
    long = "水" * 50 + "，"
    nineteen, twenty = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未。", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申。"
    assert (len(nineteen), len(twenty)) == (19, 20)
    assert summary.summarise(_story(long + nineteen), 30) == ()
    assert summary.summarise(_story(long + twenty), 30) == (twenty,)
    assert summary.summarise(_story(long + twenty), 20) == (twenty,)
    assert summary.summarise(_story(long + twenty), 19) == ()


@pytest.mark.parametrize("word", list("并而但也且则就又还或”、"))
def test_the_end_of_a_sentence_is_not_quoted_from_a_joining_word_on(word: str) -> None:
    assert summary.summarise(_story("水" * 50 + f"，{word}甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥。"), 40) == ()


def test_twenty_thousand_characters_are_read_for_a_summary() -> None:
    before = "水" * 9_999
    assert summary.summarise(_story(before, before, "水", "石桥修好。")) == ("石桥修好。",)
    assert summary.summarise(_story(before, before, "水水", "石桥修好。")) == ()


def test_of_more_than_twenty_pieces_those_worth_most_are_tried() -> None:
    plain = [f"{first}{second}。" for first in "甲乙丙丁戊己庚" for second in "子丑寅"]
    story = article(headline="花园", paragraphs=(*plain, "花园。"))
    sentences = list(summary.placed_sentences(story))
    assert len(sentences) == 22
    assert "花园。" in summary.summarise(story)


WORTH = {
    "成开": 0.194405,
    "民前": 0.20013,
    "3月": 0.223837,
    "4日": 0.225746,
    "市民": 0.343384,
    "开放": 0.278673,
    "市首": 0.201044,
    "花园": 0.935078,
    "建成": 0.593459,
    "参观": 0.288206,
    "河市": 0.662118,
    "雨水": 0.93092,
    "云河": 0.710373,
    "园建": 0.215867,
    "月4": 0.223837,
    "来参": 0.199559,
    "首座": 0.227569,
    "座雨": 0.361445,
    "前来": 0.212189,
    "水花": 0.903444,
    "积雨": 0.04834,
    "蓄积": 0.06741,
    "水八": 0.043652,
    "八百": 0.049057,
    "园可": 0.043598,
    "可蓄": 0.045881,
    "百吨": 0.047971,
    "天都": 0.036222,
    "散步": 0.058732,
    "来散": 0.037479,
    "都来": 0.032898,
    "们每": 0.037263,
    "每天": 0.047403,
    "我们": 0.0494,
    "李白": 0.035035,
    "白说": 0.033566,
    "民李": 0.140123,
    "年内": 0.067438,
    "市计": 0.069794,
    "再建": 0.067093,
    "远离": 0.098937,
    "积水": 0.097585,
    "离积": 0.07492,
    "多街": 0.06644,
    "十座": 0.071658,
    "三年": 0.075618,
    "划三": 0.07125,
    "建十": 0.071636,
    "让更": 0.063796,
    "内再": 0.063838,
    "计划": 0.122175,
    "街区": 0.090187,
    "区远": 0.068578,
    "更多": 0.062458,
    "太好": 0.012572,
    "好了": 0.010939,
    "真好": 0.018399,
    "明说": 0.024077,
    "李明": 0.020157,
    "园真": 0.021235,
}


def _summary_of(monkeypatch: pytest.MonkeyPatch, long: str, worth: float) -> tuple[str, ...]:
    """The summary of twenty short sentences, each worth 1, and a long one of that worth."""
    short = [f"{first}{second}。" for first in "甲乙丙丁" for second in "子丑寅卯辰"]
    of_short = {sentence[:2]: 1.0 for sentence in short}
    of_long = dict.fromkeys(summary.pairs(long), worth / len(summary.pairs(long)))
    monkeypatch.setattr(summary, "sentence_worth", lambda *_: of_short | of_long)
    return summary.summarise(_story(*short, long), len(long))


def _distinct(chars: int) -> str:
    return "".join(chr(0x6000 + n) for n in range(chars - 1)) + "。"


def test_the_worth_of_a_piece_is_compared_by_the_root_of_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    long = _distinct(27)  # three times the root of a short sentence's length
    assert _summary_of(monkeypatch, long, 3.01) == (long,)
    assert len(_summary_of(monkeypatch, long, 2.99)) == 3


def test_twenty_pieces_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(_summary_of(monkeypatch, _distinct(48), 3.5)) == 3


def test_a_summary_has_120_characters_by_default() -> None:
    assert summary.summarise(_story("水" * 119 + "。")) == ("水" * 119 + "。",)
    assert summary.summarise(_story("水" * 120 + "。")) == ()

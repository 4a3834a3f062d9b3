"""The normal form of texts, and the cleaning of texts that are read."""

import tomllib
import unicodedata
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.language.normal_form import clean_text, normal_form, normal_text

_PIECES = (
    "防汛", "习近平", "长", "汛", "⻓", "⾧", "GDP", "Ｇ", "ｄ", "2022", "２", "0", "年", "，", "。", " ", "  ",
    "\u3000",
    "\t", "\n",
    "\u00a0", "\u2009", "\u200b", "\ufeff", "\u00ad", "\ufe0f", "\u3164", "\U000e0041", "ﬁ", "㎡", "½", "①",
    "⑴", "㊗", "e\u0301", "\u0323",
    "ｶﾞ", "か\u3099", "○", "o", "二", "・", "．", ".", "‑", "-", "…", "豈", "\U0002f800", "𝟐", "戶", "臺", "ß",
    "\ud800", "\ue000", "a b c", "1 2 3 4",
)  # fmt: skip
texts = st.lists(st.sampled_from(_PIECES) | st.characters(), max_size=12).map("".join)

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u180b\u200b\u200c\u200d\u200e\u202a\u2060\u2066\u3164\ufe0f\ufeff\uffa0\ufff9\x00\x7f"
)
INVISIBLE += "\U0001bca0\U0001d173\U000e0001\U000e0100"


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        # white space beside Hanzi
        ("防 汛", "防汛"), ("雨水 花园", "雨水花园"), ("习 近 平", "习近平"), ("张\u3000伟", "张伟"),
        ("张\u00a0伟", "张伟"),
        ("防\u2009汛", "防汛"), ("防  汛", "防汛"), ("防\t汛", "防汛"), ("获悉 ， 今年", "获悉,今年"),
        ("8 月 28 日", "8月28日"), ("37 ℃", "37°c"), ("5 %", "5%"),
        ("GDP 增长", "gdp增长"), (" 防汛 ", "防汛"), ("防汛 \n 抗旱", "防汛\n抗旱"),
        # columns, and words in Latin letters
        ("张三  李四", "张三  李四"), ("张 三  李 四", "张三  李四"), ("张三\t李四", "张三  李四"),
        ("machine  learning", "machine learning"),
        ("3 4", "3 4"),
        ("G D P 增长", "gdp增长"), ("a b", "a b"), ("2 0 2 2 年", "2022年"), ("２ ０ ２ ２ 年", "2022年"),
        ("1 2 3", "1 2 3"),
        ("x a b c", "xabc"), ("ab c d e", "ab cde"), ("a b c d2", "abc d2"),
        # invisible characters, radicals and compatibility ideographs
        ("防\u200b汛", "防汛"), ("防\ufeff汛", "防汛"), ("本\u00ad报讯", "本报讯"), ("⻓治⻋站", "长治车站"),
        ("⻢拉松", "马拉松"),
        ("⾼⼭", "高山"), ("⼾籍", "户籍"), ("豈", "岂"), ("\U0002f800", "丽"),
        # widths, letter case, traditional characters
        ("ＧＤＰ增", "gdp增"), ("臺灣", "台湾"), ("増", "増"), ("\U00020000雪", "\U00020000雪"), ("ﾊﾞｽ", "バス"),
        ("ß", "ss"),
        # characters that stand for several, and marks
        ("ﬁsh", "fish"), ("㎡", "m2"), ("37℃", "37°c"), ("①⑴", "1(1)"), ("㊗福", "祝福"), ("…", "…"), ("𝟐𝟎", "20"),
        ("🄰", "a"),
        ("cafe\u0301", "café"), ("防\u0323汛\u0323", "防汛"), ("が", "が"), ("か\u3099", "が"), (" \u0301a", "a"),
        # zeros of years, dots and dashes in names
        ("二○二二年", "二〇二二年"), ("二○○○年", "二〇〇〇年"), ("一九九o年", "一九九〇年"), ("○二", "○二"),
        ("二○", "二○"), ("2000年", "2000年"), ("20000", "20000"), ("2000-01-01", "2000-01-01"),
        ("一九00年", "一九〇〇年"),
        ("阿里木‧江", "阿里木·江"), ("阿里木・江", "阿里木·江"), ("阿里木．江", "阿里木·江"),
        ("阿里木 • 江", "阿里木·江"), ("3．5", "3.5"),
        ("COVID‑19", "covid-19"), ("F–35", "f-35"),
    ],
)  # fmt: skip
def test_one_normal_form_for_all_ways_of_printing(printed: str, normal: str) -> None:
    assert normal_form(printed) == normal


@pytest.mark.parametrize(
    ("printed", "with_spaces"),
    [
        ("王勇 司勇", "王勇 司勇"),
        ("张三\t李四", "张三 李四"),
        ("张\u3000伟", "张 伟"),
        ("防\u200b汛", "防汛"),
        ("G D P", "gdp"),
    ],
)
def test_white_space_beside_hanzi_can_be_kept(printed: str, with_spaces: str) -> None:
    assert normal_text(printed, keep_spaces=True).text == with_spaces


@pytest.mark.parametrize(
    ("printed", "span", "part"),
    [
        ("防 汛工作", (0, 2), "防 汛"),
        ("做好 防\u200b 汛", (2, 4), "防\u200b 汛"),
        ("㎡与ＧＤＰ", (3, 6), "ＧＤＰ"),
        ("100㎡以上", (3, 4), "㎡"),
        ("cafe\u0301店", (3, 4), "e\u0301"),
        ("臺灣", (0, 2), "臺灣"),
    ],
)
def test_a_span_of_the_normal_form_is_found_in_print(printed: str, span: tuple[int, int], part: str) -> None:
    first, last = normal_text(printed).printed(span)
    assert printed[first:last] == part


@given(texts, st.booleans())
def test_each_character_has_its_place_in_print_in_order(printed: str, keep_spaces: bool) -> None:
    normal = normal_text(printed, keep_spaces=keep_spaces)
    spans = [normal.printed((at, at + 1)) for at in range(len(normal.text))]
    assert all(0 <= start < end <= len(printed) for start, end in spans)
    assert spans == sorted(spans)


@given(texts)
def test_the_normal_form_of_a_normal_form_is_itself(printed: str) -> None:
    assert normal_form(normal_form(printed)) == normal_form(printed)


@given(texts)
def test_a_cleaned_text_is_clean_and_has_the_same_normal_form(printed: str) -> None:
    cleaned = clean_text(printed)
    assert clean_text(cleaned) == cleaned
    assert normal_form(cleaned) == normal_form(printed)


@given(st.text(alphabet="防汛工作长治GDP2022年，", min_size=1), st.data())
def test_invisible_characters_and_spaces_between_hanzi_change_nothing(printed: str, data: st.DataObject) -> None:
    inserted = [data.draw(st.sampled_from([*INVISIBLE, "", ""])) for _ in printed]
    assert normal_form("".join(map("".join, zip(printed, inserted, strict=True)))) == normal_form(printed)
    hanzi = "".join(char for char in printed if char > "一" and char != "，")
    spaces = [data.draw(st.sampled_from(["", " ", "\u3000", "\u00a0", "\u200b ", "\u2002"])) for _ in hanzi]
    assert normal_form("".join(map("".join, zip(hanzi, spaces, strict=True)))) == normal_form(hanzi)


def test_every_radical_of_the_supplement_has_the_normal_form_of_a_hanzi() -> None:
    assigned = [chr(code) for code in range(0x2E81, 0x2EF4) if unicodedata.name(chr(code), "")]
    assert len(assigned) == 114
    assert [char for char in assigned if "RADICAL" in unicodedata.name(normal_form(char), "RADICAL")] == []
    assert [char for char in assigned if clean_text(char) == char] == []


def test_the_file_of_radicals_repeats_nothing_that_nfkc_knows() -> None:
    pairs = tomllib.loads(resources.files("digests.language").joinpath("radicals.toml").read_text(encoding="utf-8"))
    radicals = [pair[0] for pair in pairs["equivalent"].split()]
    assert [char for char in radicals if unicodedata.normalize("NFKC", char) != char] == []
    assert all(len(pair) == 2 for pair in pairs["equivalent"].split())


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("⻓治⻋站", "长治车站"), ("⼾籍", "户籍"), ("本\u200b报\ufeff讯", "本报讯"), ("\uf900", "\u8c48"),
        ("防\u0323汛", "防汛"),
        ("e\u0301", "e\u0301"),
        ("\u0323汛", "\u0323汛"), ("防 汛", "防 汛"), ("ＧＤＰ，①", "ＧＤＰ，①"), ("臺灣", "臺灣"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x07a", "\x07a"),
        ("\U00020000\U0001f600", "\U00020000\U0001f600"),
    ],
)  # fmt: skip
def test_cleaning_changes_only_what_no_reader_sees(printed: str, shown: str) -> None:
    assert clean_text(printed) == shown

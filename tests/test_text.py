"""String work."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import text


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3", 3), ("12", 12), ("３", 3), ("2022", 2022), ("二〇二二", 2022), ("零五", 5), ("〇", 0), ("二", 2),
        ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("九十九", 99), ("廿三", 23), ("卅一", 31),
        ("廿", 20), ("2十3", 23), ("", None), ("x十", None), ("十十", None), ("零十", None), ("二百", None),
        ("十零", None),
    ],
)  # fmt: skip
def test_a_number_is_read_in_figures_and_in_chinese_numerals(written: str, number: int | None) -> None:
    assert text.parse_number(written) == number


def test_the_normal_form_knows_neither_width_nor_case_nor_white_space() -> None:
    assert text.normalise("　Ｆｏｏ\n ＢＡＲ，㎡  Ｓtraße ") == "foo bar,m2 strasse"
    assert text.normalise_widths(" （Ａ　版）") == " (A 版)"
    assert text.single_spaced("\ta　 b\n") == "a b"
    assert text.letters_and_digits("Ａ-1，省 城。") == "a1省城"


def test_shingles_are_runs_of_three_letters() -> None:
    assert text.shingles("省城，晴天") == {"省城晴", "城晴天"}
    assert text.shingles("省城") == {"省城"}
    assert text.shingles("，。") == set()


def test_similarity_counts_shared_shingles() -> None:
    assert text.jaccard_similarity(text.shingles("甲乙丙丁"), text.shingles("乙丙丁戊")) == 1 / 3
    assert text.jaccard_similarity(text.shingles("甲乙丙"), set()) == 0.0
    assert text.jaccard_similarity(set(), set()) == 0.0
    assert text.containment({"甲", "乙"}, {"乙", "丙", "丁"}) == 0.5
    assert text.containment(set(), {"乙"}) == 0.0


def test_bigrams_are_all_pairs_of_neighbours() -> None:
    assert text.bigrams("甲乙丙") == ["甲乙", "乙丙"]
    assert text.bigrams("甲") == text.bigrams("") == []


def test_ids_stay_the_same_over_versions() -> None:
    assert text.article_id("市疾控中心发布消息") == "1hrk6-0dh84"
    assert text.article_id("市疾控中心发布消息", 1) == "r7bx9-bs1a2"


def test_an_id_has_two_groups_of_five_characters_without_look_alikes() -> None:
    made = text.article_id("市疾控中心发布消息")
    first, second = made.split("-")
    assert len(first) == len(second) == 5
    assert not set(made) & set("ilou")


def test_an_id_ignores_punctuation_spacing_and_width() -> None:
    same = {text.article_id(printed) for printed in ("8月28日，省城（晴）。", "８月 28日,省城(晴)", "8月28日省城晴")}
    assert len(same) == 1


def test_an_id_changes_with_a_single_character() -> None:
    assert text.article_id("殷雪嵩") != text.article_id("殷雪莺")


def test_equal_texts_get_different_ids_by_repetition() -> None:
    assert len({text.article_id("同文", repetition) for repetition in range(20)}) == 20


@given(st.text())
def test_every_text_has_an_id(given_text: str) -> None:
    assert len(text.article_id(given_text)) == 11


def test_a_sentence_keeps_its_closing_quotes() -> None:
    line = "他说：“好！”大家笑了。“真的？！”谁知道；也许"
    parts = ["他说：“好！”", "大家笑了。", "“真的？！”", "谁知道；", "也许"]
    assert [line[a:b] for a, b in text.sentences(line)] == parts


def test_a_sentence_ends_with_its_line() -> None:
    line = "第一行没有句号\n第二行。"
    assert [line[a:b] for a, b in text.sentences(line)] == ["第一行没有句号", "第二行。"]


@given(st.text(alphabet="字a。！？；“”） \n…"))
def test_sentences_contain_everything_but_white_space(line: str) -> None:
    spans = text.sentences(line)
    assert "".join("".join(line[a:b].split()) for a, b in spans) == "".join(line.split())
    assert all(upper[1] <= lower[0] for upper, lower in pairwise(spans))


@given(st.text(min_size=1), st.integers(min_value=0, max_value=30))
def test_a_shortened_text_is_never_too_long(line: str, length: int) -> None:
    assert len(text.shorten(line, length)) <= length
    assert text.shorten(line, len(line)) == line


def test_a_shortened_text_has_no_comma_before_the_dots() -> None:
    assert text.shorten("一二三，四五六", 5) == "一二三…"
    shortened = [text.shorten("一二三", length) for length in (4, 3, 2, 1, 0, -1)]
    assert shortened == ["一二三", "一二三", "一…", "…", "", ""]


def test_lines_are_joined_with_a_space_only_between_latin_words() -> None:
    assert text.join_lines(["ab1", "cd"]) == "ab1cd"
    assert text.join_lines(["ab", "1c"]) == "ab1c"
    assert text.join_lines(["", "ab", "", "cd", ""]) == "ab cd"
    assert text.join_lines(["全市上", "下齐心", "协力"]) == "全市上下齐心协力"
    assert text.join_lines(["use", "Python 3", "天"]) == "use Python 3天"

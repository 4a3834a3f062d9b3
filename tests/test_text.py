"""Plain string work."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from digests import text


def test_an_id_has_two_groups_of_five_signs_without_look_alikes() -> None:
    made = text.article_id("市疾控中心发布消息")
    first, second = made.split("-")
    assert len(first) == len(second) == 5
    assert not set(made) & set("ilou")


def test_an_id_survives_punctuation_spacing_and_width() -> None:
    same = {text.article_id(printed) for printed in ("8月28日，省城（晴）。", "８月 28日,省城(晴)", "8月28日省城晴")}
    assert len(same) == 1


def test_an_id_changes_with_a_single_character() -> None:
    assert text.article_id("殷雪嵩") != text.article_id("殷雪莺")


def test_equal_texts_are_told_apart_by_their_count() -> None:
    assert len({text.article_id("同文", again) for again in range(20)}) == 20


@given(st.text())
def test_an_id_can_be_made_of_any_text(given_text: str) -> None:
    assert len(text.article_id(given_text)) == 11


def test_a_sentence_keeps_its_closing_quotes() -> None:
    told = "他说：“好！”大家笑了。“真的？！”谁知道；也许"
    parts = ["他说：“好！”", "大家笑了。", "“真的？！”", "谁知道；", "也许"]
    assert [told[a:b] for a, b in text.sentences(told)] == parts


def test_a_sentence_ends_with_its_line() -> None:
    told = "第一行没有句号\n第二行。"
    assert [told[a:b] for a, b in text.sentences(told)] == ["第一行没有句号", "第二行。"]


@given(st.text(alphabet="字a。！？；“”） \n…"))
def test_sentences_hold_everything_but_white_space(told: str) -> None:
    spans = text.sentences(told)
    assert "".join("".join(told[a:b].split()) for a, b in spans) == "".join(told.split())
    assert all(upper[1] <= lower[0] for upper, lower in pairwise(spans))


@given(st.text(min_size=1), st.integers(min_value=0, max_value=30))
def test_a_shortened_text_is_never_longer_than_asked(told: str, length: int) -> None:
    assert len(text.shorten(told, length)) <= length
    assert text.shorten(told, len(told)) == told


def test_shortening_leaves_no_comma_before_the_dots() -> None:
    assert text.shorten("一二三，四五六", 5) == "一二三…"


def test_broken_lines_are_joined_without_space_but_between_latin_words() -> None:
    assert text.join_lines(["全市上", "下齐心", "协力"]) == "全市上下齐心协力"
    assert text.join_lines(["use", "Python 3", "天"]) == "use Python 3天"

"""The facts of single lines, and of a page as runs of headings and text."""

import pytest

from digests.segment.layout import LineFacts, PageView, line_facts, wide_gaps
from digests.segment.lines import make_line, split_lines


def facts(text: str) -> LineFacts:
    return line_facts(make_line(1, 1, text))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("（下转第2版）", "jump"),
        ("（上接第1版）会议召开。", "from"),
        ("距市运动会开幕还有 30 天", "countdown"),
        ("记者 王伟 通讯员 李芳", "byline"),
        ("梁琛 摄", "credit"),
        ("2022年7月2日 星期六 第1版", "folio"),
        ("遗失声明 李芳遗失身份证。", "notice"),
        ("图为公园一角。", "pictured"),
        ("7月1日，市民在公园散步。张平 摄", "credited"),
        ("本报讯 会议召开。", "lead"),
        ("会议召开。", ""),
    ],
)
def test_the_sign_of_a_line_is_what_it_is_printed_as(text: str, sign: str) -> None:
    assert facts(text).sign == sign


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("防汛会议召开", "h"),
        ("会议召开。", "t"),
        ("会议要求，", "h"),
        ("字" * 60, "h"),
        ("字" * 61, "o"),
        ("字" * 60 + "。", "t"),
        ("会议何时召开？", "h"),
        ("会议召开了。何时？", "t"),
        ("会议召开（王伟）", "h"),
    ],
)
def test_a_short_line_that_does_not_end_like_a_sentence_can_be_a_heading(text: str, shape: str) -> None:
    assert facts(text).shape == shape


@pytest.mark.parametrize(
    ("text", "ending", "kind"),
    [
        ("会议召开。（王伟）", "names", "s"),
        ("会议召开。 记者 王伟", "names", "s"),
        ("记者 王伟 李芳", "names", "b"),
        ("会议召开。（下转第2版）", "jump", "j"),
        ("会议召开。（王伟）（下转第2版）", "jump", "s"),
        ("会议召开。", "closed", "s"),
        ("会议要求各部门", "open", "s"),
    ],
)
def test_the_ending_of_a_line(text: str, ending: str, kind: str) -> None:
    assert (facts(text).ending, facts(text).ending_kind) == (ending, kind)


def test_a_caption_with_a_credit_has_at_most_299_characters() -> None:
    assert facts("。" * 295 + "张平 摄").sign == "credited"
    assert facts("。" * 296 + "张平 摄").sign == ""


def test_a_byline_has_at_most_80_characters() -> None:
    assert facts("记者 " + " ".join(["王伟"] * 25)).sign == "byline"  # 77 characters
    assert facts("记者 " + " ".join(["王伟"] * 27)).sign != "byline"


def test_a_jump_is_within_the_last_twelve_characters() -> None:
    assert facts("会议召开。下转2版" + "，" * 7).jumps
    assert not facts("会议召开。下转2版" + "，" * 10).jumps


def test_gaps_wider_than_usual_are_marked() -> None:
    page = split_lines("一\n\n二\n\n三\n\n\n\n四\n\n五")
    assert wide_gaps(page) == [0, 0, 0, 1, 0, 0]
    assert wide_gaps([]) == [0, 0]


PAGE = (
    "防汛会议召开",
    "各部门落实",
    "本报讯（记者 王伟）会议召开，部署工作。",
    "会议要求各部门落实责任，防汛会议还要求加强值守，密切关注雨情水情变化，全面排查各类隐患，做到守土有责守土尽责，在汛期确保全市安全，做好物资",
    "公园开放",
    "本报讯 公园开放。（李芳）",
)


def test_a_page_is_divided_into_runs_of_headings_and_text() -> None:
    lines = split_lines("\n\n".join(PAGE))
    page = PageView([line_facts(line) for line in lines], wide_gaps(lines))
    assert page.run == [1, 1, 1, 1, 2, 2]
    assert page.place == [(0, 2), (1, 2), (0, 0), (0, 0), (0, 1), (0, 0)]
    assert page.text_before == [None, None, None, 2, 3, 3]
    assert page.story_before == [None, None, None, 2, 3, 3]
    assert page.named == {1: "L", 2: "ls"}
    assert page.torn == {1: 3}
    assert page.first == {1: 2, 2: 5}
    assert page.stop == {1: 4, 2: 6}
    assert page.endings == [0, 0, 0, 0, 0, 0, 1]
    assert (page.marked, page.bare) == (0, 0)
    assert (page.sign_above(4), page.sign_below(0), page.sign_below(4)) == ("L0", "L0!", "l0!")
    assert (page.style(1), page.style(2)) == ("L", "l")


def test_the_similarity_to_a_run_counts_its_rare_bigrams() -> None:
    lines = split_lines("\n\n".join(("防汛会议", "本报讯 甲乙丙丁。", "公园", "本报讯 戊己庚辛。防汛")))
    page = PageView([line_facts(line) for line in lines], wide_gaps(lines))
    assert page.pairs[0] == {"防汛", "汛会", "会议"}
    assert page.similarity(0, 2) == (1 / 2) / (3 + 5)
    assert page.similarity(0, 1) == (1 / 2 + 1 + 1) / (3 + 5)
    assert page.similarity(2, 1) == 0.0

"""The lines of a page, and joining hard-wrapped paragraphs."""

from pathlib import Path

import pytest

from digests.segment import lines


def texts(page: str) -> list[str]:
    return [line.text for line in lines.split_lines(page)]


def test_lines_keep_their_numbers_and_lose_their_margins() -> None:
    found = lines.split_lines("\n  防汛会议召开　\n\n　　本报讯 会议召开。\n")
    assert [(line.first, line.last, line.text) for line in found] == [
        (2, 2, "防汛会议召开"),
        (4, 4, "本报讯 会议召开。"),
    ]


def test_markdown_headings_have_their_level() -> None:
    found = lines.split_lines("# 主题 #\n## 副题\n###引题\n正文#1。\n####### 七个\n#\n")
    assert [(line.level, line.text) for line in found] == [
        (1, "主题"),
        (2, "副题"),
        (3, "引题"),
        (0, "正文#1。"),
        (0, "####### 七个"),
        (1, "#"),
    ]


def test_only_line_feeds_end_a_line() -> None:
    assert len(lines.split_lines("一\x0b二\u2028三\x1c四\n五")) == 2


@pytest.mark.parametrize(
    ("ending", "closed"),
    [
        ("召开。", True),
        ("“好！”", True),
        ("(王伟)", True),
        ("公园,", False),
        ("公园", False),
        ("他说:", False),
        ("”", False),
    ],
)
def test_a_line_is_closed_if_it_ends_like_a_sentence(ending: str, closed: bool) -> None:
    assert lines.ends_sentence(ending) is closed


def test_the_sample_pages_are_not_hard_wrapped(seeds: Path) -> None:
    for path in seeds.glob("*.txt"):
        page = path.read_text(encoding="utf-8")
        assert len(lines.split_lines(page)) == sum(bool(line.strip()) for line in page.split("\n"))


PARAGRAPHS = (
    "防汛工作会议召开",
    "本报讯 七月一日，防汛工作会议召开，传达上级会议精神，分析研判当前形势，对下一阶段工作作出部署，各县区设分会场。",
    "会议要求，各级各部门要严格落实值班值守制度，密切关注雨情水情变化，全面排查各类隐患，做到守土有责、守土尽责。",
    "两处公园下月开放",
    "本报讯 位于城东的两处公园下月开放，市民可以免费入园，园内设有健身步道和儿童乐园，总占地二百余亩，绿化率超过七成。",
    "据介绍，公园建设历时两年，雨水经过收集和净化后用于浇灌花木，每年可以节约用水三万多立方米，节能又环保。",
)


@pytest.mark.parametrize("width", [13, 17, 20, 26])
@pytest.mark.parametrize("separator", ["\n", "\n\n"])
def test_paragraphs_of_a_hard_wrapped_page_are_joined(width: int, separator: str) -> None:
    rows = [text[k : k + width] for text in PARAGRAPHS for k in range(0, len(text), width)]
    assert texts(separator.join(rows)) == list(PARAGRAPHS)


def test_an_indent_begins_a_paragraph_even_after_a_full_line() -> None:
    first, second = "一二三四五六七八九十" * 5, "甲乙丙丁戊己庚辛壬癸" * 5
    rows = [
        text[k : k + 10] for text in (first + "一二三四五六七八九。", "　　" + second) for k in range(0, len(text), 10)
    ]
    assert len(texts("\n".join(rows))) == 2


def test_a_page_of_headings_is_not_joined() -> None:
    rows = ["市防汛工作会议召开", "我市新增公园", "能源论坛圆满闭幕了", "高铁通车"] * 5
    assert len(texts("\n\n".join(rows))) >= len(rows) // 2


def rows_of(*widths: int) -> str:
    return "\n".join("字" * width for width in widths)


@pytest.mark.parametrize(
    ("widths", "is_joined"),
    [
        ((10,) * 12, True),
        ((10,) * 11, False),  # too few lines
        ((9,) * 12, False),  # no column is so narrow
        ((45,) * 12, True),
        ((46,) * 12, False),  # no column is so wide
        ((10, 7, 4) * 4, False),  # a third of the lines is full, not more
        ((*(10, 7, 4) * 3, 10, 7, 10), True),
        ((10, 9, 4) * 4, True),  # a line is full up to one character
        ((20, 10, 9, 20, 8, 8, 20, 6, 5, 20, 5, 1), False),  # four pairs of lines have equal widths
        ((20, 10, 9, 20, 8, 8, 20, 6, 5, 4, 20, 20), True),
    ],
)
def test_a_page_is_hard_wrapped_if_its_lines_end_at_columns(widths: tuple[int, ...], is_joined: bool) -> None:
    assert (len(lines.split_lines(rows_of(*widths))) < len(widths)) is is_joined


@pytest.mark.parametrize(("closed", "is_joined"), [(5, True), (6, False)])
def test_a_page_is_hard_wrapped_if_most_lines_end_in_mid_sentence(closed: int, is_joined: bool) -> None:
    rows = ["字" * 9 + "。"] * closed + ["字" * 10] * (12 - closed)
    assert (len(lines.split_lines("\n".join(rows))) < 12) is is_joined


def test_a_blank_line_separates_paragraphs_unless_nearly_every_line_has_one() -> None:
    row = "字" * 10
    assert texts("\n".join([row] * 6) + "\n\n" + "\n".join([row] * 6)) == [row * 6, row * 6]
    assert texts("\n\n".join([row] * 12)) == [row * 12]
    ten_of_eleven = "\n\n".join([row] * 11) + "\n" + row
    assert texts(ten_of_eleven) == [row * 12]
    nine_of_ten = "\n\n".join([row] * 10) + "\n" + row + "\n" + "字" * 9
    assert len(texts(nine_of_ten)) > 1


def test_a_paragraph_ends_above_a_wider_line_and_after_the_end_of_a_sentence() -> None:
    full, closed = "字" * 10, "字" * 9 + "。"
    column = [full] * 12
    assert texts("\n".join([*column, "字" * 11])) == [full * 12 + "字" * 11]
    assert texts("\n".join([*column, "字" * 12])) == [full * 12, "字" * 12]
    assert texts("\n".join([*column, "字" * 8, full])) == [full * 12 + "字" * 8, full]
    assert texts("\n".join([*column, "字" * 9, full])) == [full * 12 + "字" * 9 + full]
    assert texts("\n".join([*column, closed, "字" * 8])) == [full * 12 + closed, "字" * 8]
    assert texts("\n".join([*column, closed, "字" * 9])) == [full * 12 + closed + "字" * 9]


@pytest.mark.parametrize("indent", ["\u3000", "\t", "  ", "# "])
def test_an_indented_line_and_a_markdown_heading_begin_a_paragraph(indent: str) -> None:
    full = "字" * 10
    assert texts("\n".join([*[full] * 12, indent + "字" * 8, "字" * 8]))[0] == full * 12


def test_columns_are_measured_in_printed_width_if_more_lines_agree_on_it() -> None:
    rows = ["字" * 7 + "abcdef", "字" * 8 + "abcd", "字" * 9 + "ab", "字" * 10] * 3
    assert texts("\n".join(rows)) == ["".join(rows)]

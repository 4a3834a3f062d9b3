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

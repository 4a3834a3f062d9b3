"""Pages as recognition and PDF files really give them: spaced, with invisible characters, with radicals."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from digests import pages, segment
from digests.models import Article, ParsedPage
from digests.pages.archive_notes import ArchiveNotes
from digests.pages.ready_articles import parse_article

PAGE = """云河市召开防汛工作会议
部署汛期重点任务

本报讯（记者方小满）3月4日，云河市防汛工作会议召开，市长出席会议并讲话，要求各县区加强巡查，全面排查隐患。
会议指出，今年汛期降雨偏多，各部门要压实责任，做好物资储备和队伍演练，确保群众生命财产安全。

长治车站雨水花园建成开放

本报讯（记者李一帆）3月5日，长治车站雨水花园建成开放，占地三千平方米，可以蓄水两千立方米，受到市民欢迎。
建设单位负责人介绍，花园采用透水铺装，雨水经过净化以后用于浇灌，每年可以节约用水一万立方米。
"""


def read(folder: Path, text: str) -> ParsedPage:
    file = folder / "page.txt"
    file.write_text(text, encoding="utf-8")
    return segment.parse_page(pages.load_page(file, ArchiveNotes()))


def letter_spaced(text: str) -> str:
    return "\n".join(" ".join(line) for line in text.split("\n"))


def with_zero_width_spaces(text: str) -> str:
    return "\n".join("\u200b".join(line) for line in text.split("\n"))


def with_other_invisible_characters(text: str) -> str:
    return "\ufeff" + text.replace("本报讯", "本\u00ad报\u2060讯").replace("防汛", "防\ufe0f\u202a汛")


def with_radicals(text: str) -> str:
    return text.translate(str.maketrans("长车工用一方生", "⻓⻋⼯⽤⼀⽅⽣"))


@pytest.mark.parametrize(
    "printed", [letter_spaced, with_zero_width_spaces, with_other_invisible_characters, with_radicals]
)
def test_a_page_is_read_like_its_clean_text(tmp_path: Path, printed: Callable[[str], str]) -> None:
    assert printed(PAGE) != PAGE
    assert read(tmp_path, printed(PAGE)) == read(tmp_path, PAGE)
    first, second = read(tmp_path, PAGE).articles
    assert f"{first.kicker}{first.headline}{first.deck}".replace(" ", "") == "云河市召开防汛工作会议部署汛期重点任务"
    assert second.headline == "长治车站雨水花园建成开放"


def test_the_fields_of_a_ready_article_are_cleaned_too() -> None:
    fields = {
        "headline": "\u200b防 汛 工 作 会 议",
        "byline": ["张\u200b 伟"],
        "paragraphs": ["⻓治市召开会议。", "\ufeff"],
    }
    article = parse_article("a:1", json.dumps({"id": "a", "date": "2022-08-29", **fields}).encode())
    assert isinstance(article, Article)
    assert (article.headline, article.byline, article.paragraphs) == (
        "防汛工作会议",
        ("张 伟",),
        ("长治市召开会议。",),
    )


def test_a_page_of_invisible_characters_is_empty(tmp_path: Path) -> None:
    with pytest.raises(pages.UnreadablePage, match="is empty"):
        read(tmp_path, "\u200b\ufeff \u3164\n")

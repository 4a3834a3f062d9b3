"""Running heads and feet: what they say, and where the pages of a file begin."""

import datetime as dt
from collections.abc import Sequence

import pytest

from digests.segment.head_parts import cited_source, head_parts, paper_in_lead
from digests.segment.page_heads import PrintedPage, printed_pages

STORY = ("城北石桥三天完工", "本报讯（记者 王伟）5月5日，石桥完工。", "居民说，路好走了。")


def pages(*rows: str) -> list[PrintedPage]:
    return printed_pages([(number, row) for number, row in enumerate(rows, 1) if row.strip()])


def texts(page: PrintedPage) -> list[str]:
    return [text for _, text in page.lines]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2023年5月6日 星期六", dt.date(2023, 5, 6)),
        ("2023.5.6 星期六", dt.date(2023, 5, 6)),
        ("2023/05/06", dt.date(2023, 5, 6)),
        ("2023-05-06 星期六", dt.date(2023, 5, 6)),
        ("二〇二三年五月六日 星期六", dt.date(2023, 5, 6)),
        ("二○二三年五月廿六日", dt.date(2023, 5, 26)),
        ("中華民國一一二年五月六日", dt.date(2023, 5, 6)),
        ("中华民国112年5月6日", dt.date(2023, 5, 6)),
        ("2023年13月6日", None),
    ],
)
def test_the_day_of_a_head_is_read_in_every_form(printed: str, day: dt.date | None) -> None:
    parts = head_parts(printed)
    assert parts
    assert parts.day == day


@pytest.mark.parametrize(
    ("printed", "page"),
    [
        ("第3版", 3),
        ("A03版", 3),
        ("B7 要闻", 7),
        ("03版·要闻", 3),
        ("第十二版", 12),
        ("第三版 综合", 3),
        ("要闻 共8版", None),
    ],
)
def test_the_page_number_of_a_head_is_read_in_every_form(printed: str, page: int | None) -> None:
    parts = head_parts(printed)
    assert parts
    assert parts.page == page


@pytest.mark.parametrize(
    "printed", ["江城晚报", "江 城 晚 报", "江城晚报 2023年5月6日", "A2 江城晚报 责编：王伟 美编：李芳"]
)
def test_the_paper_of_a_head_is_read_letter_spaced_or_not(printed: str) -> None:
    parts = head_parts(printed)
    assert parts
    assert parts.paper == "江城晚报"


@pytest.mark.parametrize("line", ["本报记者 王伟 编辑 李芳", "2023年5月6日，石桥完工通车。", "石" * 91, ""])
def test_a_byline_a_sentence_and_a_long_line_are_no_part_of_a_head(line: str) -> None:
    assert head_parts(line) is None


@pytest.mark.parametrize(
    "head",
    [
        ("江城晚报 2023年5月6日 星期六 第3版",),
        ("A03 城事", "江城晚报", "2023.5.6 星期六", "编辑：王伟 美编：李芳 校对：周可", "新闻热线：0351-8888888"),
        ("江城晚报", "城事", "二〇二三年五月六日", "星期六", "3"),
        ("第三版", "侨乡要闻", "2023-05-06 星期六", "江城晚报", "电子信箱：news@example.cn"),
    ],
)
def test_a_head_of_any_form_belongs_to_no_article_and_tells_the_page(head: Sequence[str]) -> None:
    [page] = pages(*head, *STORY)
    assert texts(page) == list(STORY)
    assert page.furniture == tuple(range(1, len(head) + 1))
    assert (page.paper, page.day, page.number) == ("江城晚报", dt.date(2023, 5, 6), 3)


def test_a_foot_belongs_to_no_article() -> None:
    [page] = pages(*STORY, "社址：江城市解放路1号 邮编：430000", "责任编辑 王伟 版式 李芳")
    assert texts(page) == list(STORY)


def test_the_closing_date_and_telephone_of_a_notice_are_no_foot() -> None:
    [page] = pages(*STORY, "停水通知", "因检修停水。", "咨询电话：0351-8888888", "2023年5月6日")
    assert texts(page)[-1] == "2023年5月6日"


def test_a_page_without_head_keeps_all_its_lines() -> None:
    [page] = pages(*STORY)
    assert texts(page) == list(STORY)
    assert (page.paper, page.day, page.number) == ("", None, None)


def test_a_line_of_the_head_read_between_the_stories_belongs_to_none() -> None:
    [page] = pages(*STORY, "江城晚报 2023年5月6日 星期六 第3版", *STORY)
    assert texts(page) == [*STORY, *STORY]
    assert page.number == 3


@pytest.mark.parametrize("feed", ["\f", ""])
def test_form_feeds_and_further_heads_begin_pages(feed: str) -> None:
    first, second = pages("2023年5月6日 第1版", *STORY, feed + "2023年5月6日 第2版", *STORY)
    assert (first.number, second.number) == (1, 2)
    assert texts(first) == texts(second) == list(STORY)


def test_without_a_first_head_a_later_one_begins_no_page() -> None:
    assert len(pages(*STORY, "2023年5月6日 第2版", *STORY)) == 1


@pytest.mark.parametrize(
    "box",
    [
        ("今日导读", "石桥夜市重新开张 ▶3版", "河边新增两处步道 ▶4版"),
        ("石桥夜市重新开张……A5", "河边新增两处步道……A6"),
        ("扫码看视频",),
        ("制图：王伟",),
    ],
)
def test_index_boxes_and_credits_of_drawings_belong_to_no_article(box: Sequence[str]) -> None:
    [page] = pages(STORY[0], STORY[1], *box, STORY[2])
    assert texts(page) == list(STORY)


def test_a_single_line_that_names_a_page_is_text() -> None:
    [page] = pages(*STORY, "城南菜场重新开张 见3版")
    assert len(page.lines) == len(STORY) + 1


def test_the_source_cited_below_a_headline_tells_paper_day_and_page() -> None:
    cited = cited_source("> 王伟《江城观察报》（2023年05月06日第 02 版）")
    assert cited
    assert (cited.paper, cited.day, cited.page) == ("江城观察报", dt.date(2023, 5, 6), 2)
    assert cited_source("他读《石桥纪事》（2023年版）") is None


@pytest.mark.parametrize(
    ("line", "paper"),
    [
        ("江城晚报讯（记者 王伟）石桥完工。", "江城晚报"),
        ("青川日报古田5月5日电 石桥完工。", "青川日报"),
        ("江城晚报记者 王伟", "江城晚报"),
        ("豐原日報訊 石橋完工。", "豐原日報"),
        ("商报讯 石桥完工。", ""),
        ("本报讯 石桥完工。", ""),
        ("据江城晚报报道，石桥完工。", ""),
    ],
)
def test_leads_and_bylines_tell_the_paper_unless_shortened(line: str, paper: str) -> None:
    assert paper_in_lead(line) == paper

"""Pages to articles: no line is lost, no character changed, and the sample pages become the articles they print."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests import pages, segment
from digests.models import Article, Page, ParsedPage
from digests.pages import archive_notes
from digests.pages.folder import find_page_files
from digests.segment import articles as articles_module
from digests.segment import lines
from digests.segment.model import Role
from digests.segment.quality import POOR_QUALITY

PIECES = (
    "防汛工作会议召开",
    "市领导出席",
    "# 我市新增两处公园",
    "## 王伟讲话",
    "本报讯（记者 王 伟、李芳）7月1日，市防汛工作会议召开。会议要求，各部门守土尽责。",
    "本报讯 新建的两处公园位于城东，占地两百亩，下月开放，届时市民可以免费入园游览，园内",
    "设有健身步道和儿童乐园，还将定期举办各类活动。（李芳）",
    "会议强调，要加强监测预警，密切关注雨情水情变化，做好预判预报。（下转第2版）",
    "（下转第3版）",
    "记者 王 伟 通讯员 李芳",
    "图为公园一角。",
    "张平 摄",
    "7月1日，市民在新公园里散步。 张 平 摄",
    "遗失声明 李芳不慎遗失身份证，声明作废。",
    "通告 因施工，城东路段封闭三天。",
    "距市运动会开幕还有 30 天",
    "2022年7月2日 星期六 第1版",
    "城东区",
    "奋进新征程",
    "（上接第1版）要求各县区加强值守，确保安全度汛。",
    "\x07\x0c乱码\ufffd\ud800",
    "。",
    "#",
    "　　缩进的一行",
)


def read(text: str) -> ParsedPage:
    return segment.parse_page(Page("page.txt", text))


def covered_lines(reading: ParsedPage) -> list[int]:
    rows = reading.page.text.split("\n")
    ranges = [line_range for article in reading.articles for line_range in article.lines]
    ranges += reading.furniture
    return sorted(n for first, last in ranges for n in range(first, last + 1) if rows[n - 1].strip())


def non_blank(text: str) -> list[int]:
    return [n for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def squeezed(text: str) -> str:
    return "".join(text.replace("#", "").split())


def printed(article: Article) -> str:
    return squeezed(
        "".join((article.section, article.kicker, article.headline or "", article.deck, *article.paragraphs))
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 3)), max_size=30))
def test_every_line_of_a_page_belongs_to_one_article_or_to_the_furniture(rows: list[tuple[str, int]]) -> None:
    text = "".join(piece + "\n" * gap for piece, gap in rows)
    reading = read(text)
    assert covered_lines(reading) == non_blank(text)
    assert [article.n for article in reading.articles] == list(range(1, len(reading.articles) + 1))
    assert len({article.id for article in reading.articles}) == len(reading.articles)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="\r"), max_size=300))
def test_every_line_of_any_text_is_covered(text: str) -> None:
    assert covered_lines(read(text)) == non_blank(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_character_of_a_body_is_changed(rows: list[str]) -> None:
    text = "\n".join(rows)
    printed_lines = text.split("\n")
    for article in read(text).articles:
        own = [squeezed(printed_lines[n - 1]) for first, last in article.lines for n in range(first, last + 1)]
        for paragraph in article.paragraphs:
            assert _is_made_of(squeezed(paragraph), own)


def _is_made_of(paragraph: str, pieces: list[str]) -> bool:
    """Return whether the paragraph consists of whole lines."""
    starts = [piece for piece in pieces if piece and paragraph.startswith(piece)]
    return not paragraph or any(_is_made_of(paragraph[len(piece) :], pieces) for piece in starts)


def test_every_line_of_the_sample_pages_is_covered(seeds: Path) -> None:
    notes = archive_notes.load_notes(seeds)
    for path in find_page_files(seeds):
        reading = segment.parse_page(pages.load_page(path, notes))
        assert covered_lines(reading) == non_blank(reading.page.text), path.name
        whole = squeezed(reading.page.text)
        kept = sum(len(printed(article)) for article in reading.articles)
        assert kept > 0.98 * len(whole), path.name  # all but bylines and jumps, which are fields


def test_articles_have_the_paper_date_and_number_of_their_page(seeds: Path) -> None:
    page = pages.load_page(seeds / "002_b581f6f460deb7f6.txt", archive_notes.load_notes(seeds))
    for article in segment.parse_page(page).articles:
        assert (article.paper, article.date, article.page, article.file) == (page.paper, page.date, 1, page.file)


def test_a_page_without_a_date_gets_the_date_of_its_text(seeds: Path) -> None:
    dated = segment.parse_page(pages.load_page(seeds / "000_dae80abf9b835e1c.txt", archive_notes.ArchiveNotes())).page
    assert (dated.date.isoformat() if dated.date else None, dated.date_source) == ("2022-08-29", "text")
    undated = segment.parse_page(pages.load_page(seeds / "004_28efd789d574a832.txt", archive_notes.ArchiveNotes())).page
    assert (undated.date, undated.date_source, undated.date_in_text) == (None, "text", "XXXX-08-12")
    assert 0 < undated.date_confidence < 1


def article_at(seeds: Path, page: str, line: int) -> Article:
    [path] = seeds.glob(f"{page}_*.txt")
    articles = segment.parse_page(pages.load_page(path, archive_notes.ArchiveNotes())).articles
    return next(article for article in articles if any(first <= line <= last for first, last in article.lines))


def test_a_caption_inside_a_story_is_an_article_of_its_own(seeds: Path) -> None:
    caption, story = article_at(seeds, "002", 51), article_at(seeds, "002", 55)
    assert caption.kind == "photo_caption"
    assert caption.lines == ((51, 53),)
    assert caption.byline == ("梁琛",)
    assert caption.reporters[0].role == "摄"
    assert story is not None
    assert story.lines == ((37, 47), (55, 59))
    assert any("罗清宇一行结合展板和电子屏听取项目建设情况介绍,对项目从签约落地" in p for p in story.paragraphs)


def test_kicker_headline_and_reporters_are_fields_of_the_article(seeds: Path) -> None:
    story = article_at(seeds, "000", 9)
    assert story.kicker == "韦韬在督导检查常态化核酸检测工作时强调"
    assert story.headline
    assert "统筹工作力量 提高检测质效" in story.headline
    assert story.byline == ("殷雪嵩", "梁涛")
    assert {reporter.role for reporter in story.reporters} == {"记者"}
    assert len(story.paragraphs) == 3


def test_jumps_notices_countdowns_and_roundups_are_recognised(seeds: Path) -> None:
    assert article_at(seeds, "000", 83).continued_on_page == 2
    assert article_at(seeds, "000", 85).kind == "roundup"
    assert article_at(seeds, "000", 85).subheads == ("小店区", "迎泽区", "杏花岭区", "尖草坪区")
    assert article_at(seeds, "000", 103).kind == "countdown"
    assert article_at(seeds, "001", 135).kind == "notice"
    assert article_at(seeds, "001", 135).title == "通告"
    assert article_at(seeds, "001", 121).byline == ("阎轶洁", "李俾", "张振江")
    assert [reporter.role for reporter in article_at(seeds, "001", 121).reporters] == ["记者", "通讯员", "通讯员"]


def test_a_continued_article_has_the_page_it_began_on() -> None:
    [article] = read("（上接第1版）要求各县区加强值守，确保安全度汛，并做好物资储备。").articles
    assert article.continued_from_page == 1


def test_equal_articles_of_a_page_get_different_stable_ids() -> None:
    text = "遗失声明 李芳遗失身份证，声明作废。\n\n遗失声明 李芳遗失身份证，声明作废。\n"
    first, second = read(text).articles
    assert first.id != second.id
    assert [article.id for article in read(text).articles] == [first.id, second.id]


def test_an_id_depends_only_on_the_body() -> None:
    body = "本报讯（记者 王伟）7月1日，市防汛工作会议召开。会议要求，各部门守土尽责，确保安全度汛。"
    ids = {read(f"{heading}\n\n{body}\n").articles[0].id for heading in ("防汛会议召开", "市里开会部署防汛")}
    assert len(ids) == 1


@pytest.mark.parametrize("width", [13, 20, 26])
def test_a_hard_wrapped_page_has_the_same_paragraphs_and_reporters(seeds: Path, width: int) -> None:
    text = (seeds / "002_b581f6f460deb7f6.txt").read_text(encoding="utf-8")
    wrapped = "\n".join(
        line[k : k + width] for line in text.split("\n") if line.strip() for k in range(0, len(line), width)
    )
    reading = read(wrapped)
    assert covered_lines(reading) == non_blank(wrapped)
    assert {"赵继钊", "殷雪莺", "丁洁"} <= {name for article in reading.articles for name in article.byline}
    longest = max((p for article in reading.articles for p in article.paragraphs), key=len)
    assert len(longest) > 300


def test_windows_line_ends_change_nothing(seeds: Path, tmp_path: Path) -> None:
    source = seeds / "000_dae80abf9b835e1c.txt"
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    plain, windows = (segment.parse_page(pages.load_page(p, archive_notes.ArchiveNotes())) for p in (source, path))
    assert plain.articles == windows.articles


def test_traditional_characters_are_recognised_like_simplified_ones() -> None:
    lead = "本報訊（記者 王偉）7月1日，市防汛會議召開，部署有關工作。（下轉第2版）"
    text = f"防汛會議召開\n\n{lead}\n\n7月1日，市民在公園散步。張平 攝\n"
    story, caption = read(text).articles
    assert (story.byline, story.continued_on_page) == (("王偉",), 2)
    assert (caption.kind, caption.byline) == ("photo_caption", ("張平",))


@pytest.mark.parametrize(
    "text",
    [
        "防汛工作会议召开",
        "通告 因施工，城东路段封闭三天。",
        "\n\n\n",
        "",
        "\n".join(["市防汛工作会议召开", "我市新增两处公园", "能源论坛闭幕"] * 20),
        "\n\n".join(["本报讯 市民在公园里散步，天气晴好，游人如织，秩序井然。（王伟）"] * 300),
    ],
)
def test_no_line_of_an_odd_page_is_lost(text: str) -> None:
    reading = read(text)
    assert covered_lines(reading) == non_blank(text)
    assert 0 <= reading.quality <= 1


def test_one_line_of_five_megabytes_is_read_in_seconds() -> None:
    line = "本报讯 市民在公园里散步，天气晴好。" * (5 * 2**20 // 54)
    [article] = read(line).articles
    assert article.paragraphs == (line,)


def test_quality_falls_with_the_share_of_misread_characters() -> None:
    rng = random.Random(7)
    good = "会议强调，要加强监测预警，密切关注雨情水情变化，做好预判预报，强化值班值守。" * 5

    def misread(rate: float) -> str:
        return "".join(chr(rng.randrange(0x4E00, 0x9FA5)) if rng.random() < rate else char for char in good)

    stray = "".join(rng.choice("□■◇※┃▓?") if rng.random() < 0.4 else char for char in good)
    qualities = [read(text).quality for text in (good, misread(0.1), misread(0.3), misread(0.6))]
    assert qualities == sorted(qualities, reverse=True)
    assert qualities[0] > 0.94
    assert qualities[1] < POOR_QUALITY
    assert qualities[2] < 0.65
    assert read(stray).quality < 0.65


def test_the_same_page_gives_the_same_articles(seeds: Path) -> None:
    page = pages.load_page(seeds / "003_a99d6f3a8a207d3f.txt", archive_notes.ArchiveNotes())
    assert segment.parse_page(page) == segment.parse_page(replace(page))


def test_a_notice_whose_name_is_a_line_has_it_as_headline() -> None:
    page = lines.split_lines("通告\n因施工，城东路段封闭三天。\n市政管理处\n7月1日")
    drafts, _ = articles_module.group_lines(page, [Role.NOTICE, Role.NOTICE_ON, Role.NOTICE_ON, Role.NOTICE_ON])
    [notice] = articles_module.build_articles(drafts, Page("page.txt", ""), [1, 2, 3, 4])
    assert (notice.headline, notice.kicker, notice.kind) == ("通告", "", "notice")
    assert notice.paragraphs == ("因施工，城东路段封闭三天。", "市政管理处", "7月1日")


def test_the_running_head_tells_the_paper_unless_the_file_has_one_of_its_own() -> None:
    text = "江城晚报 2023年5月6日 第3版\n\n城北石桥完工\n\n本报讯（记者 王伟）5月5日，石桥完工。\n"
    usual, own = Page("page.txt", text, "云河日报", has_usual_paper=True), Page("page.txt", text, "云河日报")
    assert segment.parse_page(usual).page.paper == "江城晚报"
    assert segment.parse_page(own).page.paper == "云河日报"
    assert segment.parse_page(Page("page.txt", text)).page.paper == "江城晚报"


def test_the_usual_paper_of_the_archive_counts_more_than_a_lead() -> None:
    text = "城北石桥完工\n\n江城晚报讯（记者 王伟）5月5日，石桥完工。\n"
    assert segment.parse_page(Page("page.txt", text, "云河日报", has_usual_paper=True)).page.paper == "云河日报"
    assert segment.parse_page(Page("page.txt", text)).page.paper == "江城晚报"


def test_date_and_page_number_are_read_from_the_head() -> None:
    text = "江城晚报 二〇二三年五月六日 第三版\n\n城北石桥完工\n\n本报讯（记者 王伟）5月5日，石桥完工。\n"
    page = segment.parse_page(Page("page.txt", text)).page
    assert (page.date, page.date_source, page.date_confidence, page.number) == (date(2023, 5, 6), "text", 1.0, 3)
    known = segment.parse_page(Page("page.txt", text, date=date(2023, 5, 7), date_source="file name", number=4)).page
    assert (known.date, known.number) == (date(2023, 5, 7), 4)


def test_the_articles_of_a_file_with_several_pages_have_their_page_and_one_numbering() -> None:
    story = "城北石桥完工\n\n本报讯（记者 王伟）5月5日，石桥完工。\n\n"
    pages = "".join(f"2023年5月6日 第{n}版\n\n{story}" for n in (1, 2))
    read = segment.parse_page(Page("page.txt", pages))
    assert read.page.number is None
    assert [(article.page, article.n) for article in read.articles] == [(1, 1), (2, 2)]
    assert len({article.id for article in read.articles}) == 2

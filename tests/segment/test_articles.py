"""Lines with their roles to articles."""

import pytest

from digests.models import Article, Page
from digests.segment.articles import build_articles, group_lines
from digests.segment.lines import make_line
from digests.segment.model import Role
from digests.text import article_id


def grouped(*roles: Role) -> tuple[list[list[int]], list[int]]:
    drafts, furniture = group_lines([make_line(n, n, "字") for n in range(1, len(roles) + 1)], roles)
    return [[part.first for part, _ in draft.parts] for draft in drafts], [part.first for part in furniture]


def test_the_first_heading_after_a_body_opens_a_story() -> None:
    roles = (Role.KICKER, Role.HEADLINE, Role.DECK, Role.BODY, Role.SECTION, Role.HEADLINE, Role.BODY)
    assert grouped(*roles) == ([[1, 2, 3, 4], [5, 6, 7]], [])


def test_captions_and_notices_do_not_end_a_story() -> None:
    roles = (Role.HEADLINE, Role.CAPTION, Role.CAPTION_ON, Role.BODY, Role.NOTICE, Role.BODY_ON, Role.COUNTDOWN)
    assert grouped(*roles) == ([[1, 4, 6], [2, 3], [5], [7]], [])


def test_each_caption_and_each_notice_is_an_article_of_its_own() -> None:
    roles = (Role.CAPTION, Role.CAPTION, Role.NOTICE, Role.NOTICE, Role.NOTICE_ON)
    assert grouped(*roles) == ([[1], [2], [3], [4, 5]], [])


def test_a_tail_belongs_to_the_story_before_the_last() -> None:
    roles = (Role.HEADLINE, Role.BODY, Role.HEADLINE, Role.BODY, Role.TAIL, Role.REST, Role.BODY, Role.LABEL)
    assert grouped(*roles) == ([[1, 2, 5, 6], [3, 4, 7, 8]], [])


def test_lines_that_continue_nothing_begin_an_article() -> None:
    assert grouped(Role.TAIL, Role.CAPTION_ON, Role.BODY_ON) == ([[1, 2, 3]], [])
    assert grouped(Role.FURNITURE, Role.BODY, Role.OPENING, Role.FURNITURE) == ([[2], [3]], [1, 4])


def built(*rows: tuple[str, Role]) -> list[Article]:
    page_lines = [make_line(n, n, text) for n, (text, _) in enumerate(rows, 1)]
    drafts, _ = group_lines(page_lines, [role for _, role in rows])
    return list(build_articles(drafts, Page("page.txt", ""), [line.first for line in page_lines]))


@pytest.mark.parametrize(
    ("paragraphs", "kind"),
    [
        (["字" * 250], "brief"),
        (["字" * 251], "news"),
        (["字" * 125] * 2, "brief"),
        (["字" * 80] * 3, "news"),
        (["字" * 200 + "（下转第2版）"], "news"),
        (["字" * 500] * 2, "news"),
        (["字" * 500, "字" * 501], "feature"),
        (["本报讯 " + "字" * 500, "字" * 501], "news"),
    ],
)
def test_the_kind_follows_from_length_and_lead(paragraphs: list[str], kind: str) -> None:
    [article] = built(("题", Role.HEADLINE), *((text, Role.BODY) for text in paragraphs))
    assert article.kind == kind


@pytest.mark.parametrize(
    ("starts", "kind"),
    [
        (["近日，", "8月1日，"], "roundup"),
        (["近日，", "市里"], "roundup"),
        (["市里", "市里"], "news"),
        (["连日来，", "市里", "市里"], "news"),
        (["日前，"], "brief"),
    ],
)
def test_a_roundup_has_subheads_and_half_of_its_paragraphs_begin_with_a_day(starts: list[str], kind: str) -> None:
    rows = [row for start in starts for row in (("城东区", Role.SUBHEAD), (start + "植树。", Role.BODY))]
    [article] = built(("题", Role.HEADLINE), *rows)
    assert article.kind == kind
    assert article.subheads == ("城东区",) * len(starts)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("字。（下转第2版）", 2),
        ("字。（下转第十二版）", 12),
        ("字。（下转第2版）" + "，" * 25, 2),
        ("字。（下转第2版）" + "，" * 26, None),  # not at the end of the line
        ("字。", None),
    ],
)
def test_a_jump_is_at_the_end_of_a_line(text: str, page: int | None) -> None:
    [article] = built(("题", Role.HEADLINE), (text, Role.BODY))
    assert article.continued_on_page == page


def test_the_last_jump_counts_and_a_jump_at_the_start_tells_where_the_article_began() -> None:
    [article] = built(("（上接第1版）字（下转第2版）", Role.OPENING), ("字（下转第3版）", Role.BODY))
    assert (article.continued_from_page, article.continued_on_page) == (1, 3)


def test_fields_are_made_of_lines_by_their_roles() -> None:
    [article] = built(
        *(("栏目", Role.SECTION), ("引题", Role.KICKER), ("续", Role.KICKER_ON), ("主题", Role.HEADLINE)),
        *(("续", Role.HEADLINE_ON), ("副题", Role.DECK), ("续", Role.DECK_ON)),
        *(
            ("新华社北京8月28日电 上", Role.BODY),
            ("下", Role.BODY_ON),
            ("小标题", Role.SUBHEAD),
            ("记者 王伟", Role.BYLINE),
        ),
        ("标签", Role.LABEL),
    )
    assert (article.section, article.kicker, article.headline, article.deck) == (
        "栏目 标签",
        "引题 续",
        "主题 续",
        "副题 续",
    )
    assert article.paragraphs == ("新华社北京8月28日电 上下", "小标题")
    assert (article.dateline_place, article.dateline_day, article.byline) == ("北京", "8月28日", ("王伟",))
    assert (article.subheads, article.n, article.lines) == (("小标题",), 1, ((1, 12),))


def test_line_ranges_include_blank_lines_and_no_lines_of_other_articles() -> None:
    page_lines = [make_line(n, n, "字") for n in (1, 3, 5, 8, 9)]
    drafts, _ = group_lines(page_lines, [Role.HEADLINE, Role.BODY, Role.CAPTION, Role.BODY, Role.BODY])
    story, caption = build_articles(drafts, Page("page.txt", ""), [1, 3, 5, 8, 9])
    assert (story.lines, caption.lines) == (((1, 3), (8, 9)), ((5, 5),))


@pytest.mark.parametrize(
    ("rows", "headline", "kicker", "paragraphs"),
    [
        (["遗失声明 李芳遗失。"], None, "遗失声明", ("遗失声明 李芳遗失。",)),
        (["通告"], None, "通告", ("通告",)),
        (["通告", "因施工。"], "通告", "", ("因施工。",)),
        (["遗失声明 李芳遗失。", "特此声明"], None, "遗失声明", ("遗失声明 李芳遗失。", "特此声明")),
        (["因施工，封闭三天。"], None, "", ("因施工，封闭三天。",)),
    ],
)
def test_the_name_of_a_notice_is_its_headline_on_a_line_of_its_own_else_its_kicker(
    rows: list[str], headline: str | None, kicker: str, paragraphs: tuple[str, ...]
) -> None:
    [notice] = built(*((text, Role.NOTICE_ON if at else Role.NOTICE) for at, text in enumerate(rows)))
    assert (notice.headline, notice.kicker, notice.paragraphs, notice.kind) == (headline, kicker, paragraphs, "notice")


def test_a_countdown_is_its_own_headline() -> None:
    [countdown] = built(("还有 30 天", Role.COUNTDOWN))
    assert (countdown.headline, countdown.paragraphs, countdown.kind) == ("还有 30 天", (), "countdown")


def test_the_id_of_an_article_without_body_depends_on_its_headings() -> None:
    [article] = built(("引题", Role.KICKER), ("主题", Role.HEADLINE))
    assert article.id == article_id("引题\n主题")


def test_equal_articles_are_numbered_by_repetition() -> None:
    notices = built(*[("遗失声明 李芳遗失。", Role.NOTICE)] * 3)
    assert [notice.id for notice in notices] == [article_id("遗失声明 李芳遗失。", n) for n in range(3)]


def test_only_the_first_line_of_a_body_tells_where_the_article_began() -> None:
    [article] = built(("会议召开。", Role.OPENING), ("（上接第1版）会议召开。", Role.BODY))
    assert article.continued_from_page is None


def test_only_the_first_paragraph_has_a_lead() -> None:
    [article] = built(("题", Role.HEADLINE), ("字" * 600, Role.BODY), ("本报讯 " + "字" * 600, Role.BODY))
    assert article.kind == "feature"


TEXT = ("街灯亮了，路人放慢了脚步。" * 6, Role.BODY)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([("社论", Role.SECTION), ("让灯更亮", Role.HEADLINE), TEXT], "commentary"),
        ([("社论 让灯更亮", Role.HEADLINE), TEXT], "commentary"),
        ([("让灯更亮", Role.HEADLINE), ("□本报评论员", Role.BYLINE), TEXT], "commentary"),
        ([("让灯更亮 本报评论员", Role.HEADLINE), TEXT], "commentary"),
        ([("專家座談", Role.HEADLINE), TEXT], "brief"),
        ([("读者来信", Role.SECTION), ("路灯该修了", Role.HEADLINE), TEXT], "letter"),
        ([("对话", Role.HEADLINE), ("记者：为什么修桥？", Role.BODY), ("答：桥老了。", Role.BODY)], "brief"),
        (
            [("对话", Role.HEADLINE), *[("记者：为什么修桥？", Role.BODY), ("答：桥老了。", Role.BODY)] * 2],
            "interview",
        ),
        ([("渡口", Role.HEADLINE), *[("溪水绕过石桥的影子", Role.BODY)] * 5], "literature"),
        ([("渡口", Role.HEADLINE), *[("溪水绕过石桥的影子", Role.BODY)] * 4], "news"),
        ([("获奖名单", Role.HEADLINE), *[("王伟、李芳、周可", Role.BODY)] * 5], "news"),
    ],
)
def test_labels_questions_and_verses_tell_the_kind(rows: list[tuple[str, Role]], kind: str) -> None:
    [article] = built(*rows)
    assert article.kind == kind


def test_a_label_on_the_line_of_the_headline_is_the_section() -> None:
    [article] = built(("社论 让灯更亮", Role.HEADLINE), TEXT)
    assert (article.section, article.headline) == ("社论", "让灯更亮")


def test_a_story_that_comes_from_another_page_says_so_above_or_below_its_headline() -> None:
    above = built(("（上接第一版）", Role.SECTION), ("让灯更亮", Role.HEADLINE), TEXT)
    below = built(("让灯更亮", Role.HEADLINE), ("（上接01版）", Role.JUMP), TEXT)
    assert [article.continued_from_page for article in (*above, *below)] == [1, 1]
    assert above[0].section == ""


def test_a_jump_that_may_mean_both_is_read_by_its_place() -> None:
    [first] = built(("让灯更亮", Role.HEADLINE), TEXT, ("（紧接第三版）", Role.JUMP))
    [rest] = built(("让灯更亮", Role.HEADLINE), ("（紧接第一版）", Role.JUMP), TEXT)
    assert (first.continued_on_page, first.continued_from_page) == (3, None)
    assert (rest.continued_on_page, rest.continued_from_page) == (None, 1)


def test_the_first_line_of_a_caption_is_its_headline_if_it_is_a_heading() -> None:
    [headed] = built(("秋日渡口", Role.CAPTION), ("游客在渡口散步。", Role.CAPTION_ON), ("王伟 摄", Role.CAPTION_ON))
    assert (headed.headline, headed.paragraphs) == ("秋日渡口", ("游客在渡口散步。", "王伟 摄"))
    [plain] = built(("游客在渡口散步。", Role.CAPTION), ("王伟 摄", Role.CAPTION_ON))
    assert plain.headline is None

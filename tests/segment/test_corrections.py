"""Corrections of roles by the page as a whole."""

from digests.segment import lines
from digests.segment.corrections import apply_page_rules
from digests.segment.model import Role

STORY = "本报讯（记者 王伟）7月1日，市防汛工作会议召开，部署有关工作。"
BARE = "天刚蒙蒙亮，社区里的人们就忙碌了起来，准备一天的工作。"


def corrected(*rows: tuple[str, Role]) -> list[Role]:
    page = lines.split_lines("\n\n".join(text for text, _ in rows))
    return apply_page_rules(page, [role for _, role in rows])


def test_labels_stand_above_their_articles_on_a_page_in_order() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (STORY, Role.BODY),
        ("改革进行时", Role.LABEL),
        ("公园", Role.HEADLINE),
        (STORY, Role.BODY),
    ]
    assert corrected(*rows)[2] is Role.SECTION


def test_labels_stand_below_if_an_article_has_neither_lead_nor_names() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (BARE, Role.BODY),
        ("改革进行时", Role.SECTION),
        ("公园", Role.HEADLINE),
        (STORY, Role.BODY),
    ]
    assert corrected(*rows)[2] is Role.LABEL


def test_labels_stand_below_if_an_article_is_torn() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (STORY, Role.BODY),
        ("改革进行时", Role.SECTION),
        ("公园开放", Role.HEADLINE),
        (STORY, Role.BODY),
        ("部署工作。", Role.TAIL),
    ]
    assert corrected(*rows)[2] is Role.LABEL


def test_a_label_at_the_end_or_the_top_of_a_page_decides_for_all_labels() -> None:
    story = [("会议召开", Role.HEADLINE), (STORY, Role.BODY)]
    at_end = corrected(*story, ("改革进行时", Role.SECTION), *story, ("民生直通车", Role.LABEL))
    assert (at_end[2], at_end[5]) == (Role.LABEL, Role.LABEL)
    on_top = corrected(
        ("改革进行时", Role.SECTION), *story, ("民生直通车", Role.LABEL), ("公园", Role.HEADLINE), (BARE, Role.BODY)
    )
    assert (on_top[0], on_top[3]) == (Role.SECTION, Role.SECTION)


def test_a_label_inside_an_article_is_not_changed() -> None:
    rows = [("会议召开", Role.HEADLINE), (STORY, Role.BODY), ("一线担当", Role.LABEL), (STORY, Role.BODY)]
    assert corrected(*rows)[2] is Role.LABEL


def test_a_subhead_below_a_jump_is_a_headline_even_across_a_caption() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (STORY + "（下转第2版）", Role.BODY),
        ("图为会场。", Role.CAPTION),
        ("公园开放", Role.SUBHEAD),
        (BARE, Role.BODY),
        ("免费入园", Role.SUBHEAD),
    ]
    assert corrected(*rows)[3:] == [Role.HEADLINE, Role.BODY, Role.SUBHEAD]


def test_a_subhead_above_a_lead_is_a_headline() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (STORY, Role.BODY),
        ("公园开放", Role.SUBHEAD),
        ("市民称便", Role.SUBHEAD),
        (STORY, Role.BODY),
        ("一线见闻", Role.SUBHEAD),
        (BARE, Role.BODY),
    ]
    assert corrected(*rows)[2:] == [Role.HEADLINE, Role.HEADLINE, Role.BODY, Role.SUBHEAD, Role.BODY]


def test_a_jump_from_another_page_above_a_heading_belongs_to_the_article_below() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (STORY, Role.BODY),
        ("（上接第一版）", Role.JUMP),
        ("公园", Role.SUBHEAD),
        (STORY, Role.BODY),
    ]
    assert corrected(*rows)[2:4] == [Role.SECTION, Role.HEADLINE]


def test_a_jump_that_may_lead_to_another_page_stays_with_the_article_above() -> None:
    rows = [
        ("会议召开", Role.HEADLINE),
        (STORY, Role.BODY),
        ("（紧接第三版）", Role.JUMP),
        ("公园", Role.HEADLINE),
        (STORY, Role.BODY),
    ]
    assert corrected(*rows)[2] is Role.JUMP


def test_text_after_a_jump_from_another_page_opens_an_article_without_heading() -> None:
    rows = [("（上接第1版）公园里种着水杉。", Role.SECTION), ("石桥", Role.HEADLINE), (STORY, Role.BODY)]
    assert corrected(*rows)[0] is Role.OPENING


VERSES = [
    ("溪水绕过石桥", Role.BODY),
    ("灯火一盏一盏", Role.BODY),
    ("谁在岸上", Role.KICKER),
    ("听一夜的雨", Role.HEADLINE),
]


def test_the_verses_between_an_author_and_the_next_signed_title_are_one_poem() -> None:
    rows = [("渡口", Role.HEADLINE), ("王伟", Role.BYLINE), *VERSES, ("老井", Role.DECK), ("李芳", Role.BYLINE)]
    assert corrected(*rows, (BARE, Role.BODY))[2:7] == [Role.BODY] * 4 + [Role.HEADLINE]


def test_fewer_than_four_lines_between_two_authors_are_left_as_they_are() -> None:
    rows = [("渡口", Role.HEADLINE), ("王伟", Role.BYLINE), *VERSES[1:], ("老井", Role.DECK), ("李芳", Role.BYLINE)]
    assert corrected(*rows, (BARE, Role.BODY))[2:6] == [role for _, role in VERSES[1:]] + [Role.DECK]


def test_where_authors_stand_below_their_poems_the_title_below_an_author_stays() -> None:
    rows = [
        ("渡口", Role.HEADLINE),
        *VERSES[:1],
        ("王伟", Role.BYLINE),
        ("老井", Role.HEADLINE),
        *VERSES[:3],
        VERSES[0],
    ]
    roles = corrected(*rows, ("李芳", Role.BYLINE))
    assert roles[3] is Role.HEADLINE


def marked(*rows: tuple[str, Role]) -> list[Role]:
    page = lines.split_lines("\n\n".join(text for text, _ in rows))
    return apply_page_rules(page, [role for _, role in rows])


def test_deeper_headings_below_the_only_title_of_a_markdown_page_are_subheads() -> None:
    rows = [("# 书声", Role.HEADLINE), (BARE, Role.BODY), ("## 书在楼下", Role.HEADLINE), (BARE, Role.BODY)]
    assert marked(*rows)[2] is Role.SUBHEAD


def test_a_deeper_heading_with_a_lead_stays_a_headline_and_so_does_one_beside_other_titles() -> None:
    led = [("# 书声", Role.HEADLINE), (BARE, Role.BODY), ("## 石桥", Role.HEADLINE), (STORY, Role.BODY)]
    assert marked(*led)[2] is Role.HEADLINE
    rows = [("# 书声", Role.HEADLINE), (BARE, Role.BODY), ("## 书在楼下", Role.HEADLINE), (BARE, Role.BODY)]
    assert marked(*rows, ("# 石桥", Role.HEADLINE), (BARE, Role.BODY))[2] is Role.HEADLINE

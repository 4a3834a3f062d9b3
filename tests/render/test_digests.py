"""Digests: head, sections, remarks, figures, quotes, scores, and the longest one."""

from dataclasses import replace
from datetime import date

import pytest

from bot import render
from bot.callbacks import ShowArticle, decode
from bot.render.digests import MAX_QUOTE_CHARS, card_chart, theme_chart
from bot.render.packing import MAX_MESSAGE_UNITS, plain_text, utf16_units
from bot.texts import LANGUAGES
from digests.chats import Language, OutgoingMessage, Picture
from digests.models import ArticleRef, Digest, Figure, Issue, Keyword, ScoreParts, Story
from digests.segment.quality import POOR_QUALITY
from tests.render.samples import DAY, MARKUP, opened, proper

EARLIER = ArticleRef(date(2022, 8, 12), "zzzzz-zzzzz", "锂电池隔膜项目开工")
PARTS = ScoreParts(prominence=0.35, keywords=0.1, substance=0.15, novelty=0.05, local=0.0)


def digest(**parts: object) -> Digest:
    stories = (Story("k7f3m-9wq2d", "厚生锂电池隔膜项目投产", 1, "一号生产线连续转动。", 0.8, ScoreParts()),)
    usual = Digest(DAY, "太原日报", (1,), 12, 2, 0.95, (Keyword("锂电池", 1.0), Keyword("养老", 0.5)), stories, "f")
    return replace(usual, **parts)  # type: ignore[arg-type]


def story(number: int, **parts: object) -> Story:
    usual = Story(f"aaaaa-{number:05}", f"第{number}条", 1, "", 0.5, ScoreParts())
    return replace(usual, **parts)  # type: ignore[arg-type]


def labels(message: OutgoingMessage) -> list[list[str]]:
    return [[label for label, _ in row] for row in message.buttons]


def test_a_digest_has_the_issue_its_keywords_and_its_stories() -> None:
    (message,) = render.digest(digest(), "zh")
    assert plain_text(message.text) == (
        "太原日报 · 2022年8月29日 星期一\n第1版 · 10篇报道 · 2则公告\n\n关键词　锂电池 · 养老\n\n"
        "1. 厚生锂电池隔膜项目投产\n一号生产线连续转动。"
    )
    assert [[label for label, _ in row] for row in message.buttons] == [
        ["1"],
        ["目录（12篇）", "为什么这样排", "往期"],
        ["一图看完", "主题"],
        ["‹ 上一期", "下一期 ›"],
    ]


def test_a_digest_of_several_sections_has_a_button_for_each() -> None:
    (message,) = render.digest(digest(stories=(story(1, theme="科技"), story(2, theme=""))), "zh")
    assert ["【科技】", "【其他】"] in labels(message)


def test_a_digest_in_english_counts_as_english_does() -> None:
    (message,) = render.digest(digest(articles=1, notices=0), "en")
    assert plain_text(message.text).startswith("太原日报 · Monday, 29 August 2022\nPage 1 · 1 story\n")


def test_a_digest_of_several_pages_names_the_page_of_each_story() -> None:
    (message,) = render.digest(digest(pages=(1, 4)), "zh")
    assert "第1、4版" in message.text
    assert "<b>1. 厚生锂电池隔膜项目投产</b>　第1版" in message.text
    assert "共8版" in render.digest(digest(pages=tuple(range(1, 9))), "zh")[0].text


def test_a_digest_of_poor_quality_warns_of_wrong_characters() -> None:
    assert "可能有错字" in render.digest(digest(quality=POOR_QUALITY - 0.1), "zh")[0].text
    assert "可能有错字" not in render.digest(digest(), "zh")[0].text


def test_a_digest_without_stories_says_so() -> None:
    (message,) = render.digest(digest(stories=(), keywords=()), "zh")
    assert message.text.endswith("没有识别出完整的报道。")
    assert "为什么这样排" not in [label for row in message.buttons for label, _ in row]


def test_a_digest_that_is_too_long_keeps_each_story_whole_with_its_button() -> None:
    story = Story("k7f3m-9wq2d", MARKUP * 9, 1, MARKUP * 20, 0.5, ScoreParts())
    messages = render.digest(digest(stories=(story,) * 60), "zh")
    proper(*messages)
    assert len(messages) > 1
    for message in messages:
        assert len(opened(message)) == message.text.count("<blockquote>")


def test_stories_are_grouped_by_theme_and_numbered_in_sequence() -> None:
    stories = (story(1, theme="工业经济"), story(2, theme="工业经济"), story(3), story(4, theme="教育"))
    (message,) = render.digest(digest(stories=stories, keywords=()), "zh")
    assert plain_text(message.text).split("\n\n")[1:] == [
        "【工业经济】\n1. 第1条",
        "2. 第2条",
        "【其他】\n3. 第3条",
        "【教育】\n4. 第4条",
    ]
    assert "【Other】\n<b>3." in render.digest(digest(stories=stories), "en")[0].text


def test_without_themes_there_are_no_headings() -> None:
    assert "【" not in render.digest(digest(), "zh")[0].text


def test_keywords_have_their_trends() -> None:
    keywords = (
        Keyword("锂电池", 1.0, "new"),
        Keyword("养老", 0.5, "up"),
        Keyword("核酸", 0.4, "down"),
        Keyword("供热", 0.3),
    )
    (message,) = render.digest(digest(keywords=keywords), "zh")
    assert "<b>关键词</b>　锂电池 <i>新</i> · 养老 <i>↑</i> · 核酸 <i>↓</i> · 供热\n" in message.text
    assert "锂电池 <i>new</i> · 养老 <i>↑</i>" in render.digest(digest(keywords=keywords), "en")[0].text


def test_one_remark_says_that_all_keywords_are_new() -> None:
    keywords = (Keyword("锂电池", 1.0, "new"), Keyword("养老", 0.5, "new"))
    assert "关键词（近几期首次出现）　锂电池 · 养老\n" in plain_text(
        render.digest(digest(keywords=keywords), "zh")[0].text
    )


def test_figures_have_the_number_of_their_story() -> None:
    figures = (Figure("90亿元", "投资90亿元。", "aaaaa-00002"), Figure("3张", "共3张。", "nnnnn-nnnnn"))
    (message,) = render.digest(digest(stories=(story(1), story(2)), figures=figures), "zh")
    assert "\n数字　90亿元（2）\n\n1. 第1条" in plain_text(message.text)
    assert "Figures 90亿元 (2)\n" in plain_text(
        render.digest(digest(stories=(story(2),) * 2, figures=figures), "en")[0].text
    )


def test_a_follow_up_names_the_day_of_the_earlier_story_and_has_a_button_to_it() -> None:
    (message,) = render.digest(digest(stories=(story(1), story(2, follows=EARLIER))), "zh")
    assert "<b>2. 第2条</b>　后续报道，前文见2022年8月12日" in message.text
    assert labels(message)[:2] == [["1", "2"], ["2 前文"]]
    assert decode(message.buttons[1][0][1]) == ShowArticle(EARLIER.article)
    assert "follows up on 12 August 2022" in render.digest(digest(stories=(story(2, follows=EARLIER),)), "en")[0].text


def test_copies_are_counted_beside_the_story() -> None:
    original = story(1, copies=("bbbbb-bbbbb", "ccccc-ccccc"), follows=EARLIER)
    (message,) = render.digest(digest(stories=(original,), pages=(1, 2)), "zh")
    assert "<b>1. 第1条</b>　第1版 · 另见2处 · 后续报道，前文见2022年8月12日" in message.text
    assert "in 1 more place" in render.digest(digest(stories=(story(1, copies=("b",)),)), "en")[0].text


def test_repeated_articles_are_counted() -> None:
    assert "2则公告 · 另有3篇前几期已刊登\n" in render.digest(digest(repeated=3), "zh")[0].text


def test_an_issue_of_repeated_articles_alone_says_so_in_one_line() -> None:
    nothing = digest(stories=(), keywords=(), notices=0, repeated=12)
    zh, en = render.digest(nothing, "zh")[0], render.digest(replace(nothing, repeated=1), "en")[0]
    assert zh.text.splitlines()[1:] == ["第1版 · 12篇报道", "本期没有新报道，12篇前几期都已刊登。"]
    assert en.text.endswith("Nothing new in this issue: its only story ran in an earlier one.")


def test_a_long_quote_ends_with_a_phrase() -> None:
    long = "八月二十八日上午，" + "项目一号厂房内的生产线连续转动，" * 6 + "工人们正在忙碌。"
    (message,) = render.digest(digest(stories=(story(1, quote=long),)), "zh")
    quote = plain_text(message.text).splitlines()[-1]
    assert len(quote) <= MAX_QUOTE_CHARS
    assert quote.endswith("连续转动…")
    (message,) = render.digest(digest(stories=(story(1, quote="长" * 300),)), "zh")
    assert plain_text(message.text).splitlines()[-1] == "长" * (MAX_QUOTE_CHARS - 1) + "…"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_full_digest_is_one_message_and_escaped(lang: Language) -> None:
    stories = tuple(
        story(n, headline=MARKUP * 2, quote=MARKUP * 3, theme=f"<{n // 2}>", follows=EARLIER, copies=("b",))
        for n in range(12)
    )
    full = digest(
        paper=MARKUP,
        stories=stories,
        keywords=tuple(Keyword(MARKUP, 1.0, "up") for _ in range(10)),
        figures=tuple(Figure(f"<{n}>", "", story(n).article) for n in range(4)),
    )
    (message,) = render.digest(full, lang)
    proper(message)
    assert utf16_units(plain_text(message.text)) < MAX_MESSAGE_UNITS
    assert len(labels(message)) <= 3 + 3 + 2 + 3
    assert sum(map(len, labels(message))) <= 100


# ---- why


def test_scores_are_listed_story_by_story_and_part_by_part() -> None:
    (message,) = render.story_scores(digest(stories=(story(1, score=0.65, parts=PARTS),)), "zh")
    assert "（35）" in message.text
    assert plain_text(message.text).endswith(
        "1. 第1条　65分\n版面35/35 · 关键词10/25 · 篇幅15/15 · 新意5/15 · 本地0/10"
    )
    assert message.buttons == ((("2022年8月29日简报", "1:d:20220829"),),)


def test_scores_are_in_english_too() -> None:
    (message,) = render.story_scores(digest(stories=(story(1, score=0.65, parts=PARTS),)), "en")
    assert message.text.startswith("<b>Why this order?</b> 太原日报 · Monday, 29 August 2022\nOut of 100 points")
    assert message.text.endswith(
        "65 points\nposition 35/35 · keywords 10/25 · length 15/15 · novelty 5/15 · local 0/10"
    )


def test_the_scores_of_many_stories_are_several_messages() -> None:
    messages = render.story_scores(digest(stories=(story(1, headline=MARKUP * 9, parts=PARTS),) * 99), "en")
    proper(*messages)
    assert len(messages) > 1


def test_further_issues_of_one_edition_have_a_button_each() -> None:
    others = [date(year, 8, 29) for year in range(2021, 2000, -1)]
    (message,) = render.digest(digest(), "zh", others=others)
    assert labels(message)[4:][0] == ["2021年8月29日简报", "2020年8月29日简报"]
    assert sum(map(len, labels(message)[4:])) == 10


def test_a_day_without_an_issue_in_earlier_years_is_one_line() -> None:
    for lang in LANGUAGES:
        message = render.no_issue_in_earlier_years(lang)
        assert "\n" not in message.text
        assert len(message.buttons) == 1


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("长" * 80, "长" * 80),
        ("长" * 60 + "，" + "长" * 19, "长" * 60 + "，" + "长" * 19),
        ("长" * 81, "长" * 79 + "…"),
        ("长" * 40 + "，" + "长" * 40, "长" * 40 + "…"),  # the first place of the second half
        ("长" * 39 + "，" + "长" * 41, "长" * 39 + "，" + "长" * 39 + "…"),
        ("长" * 78 + "；" + "长" * 2, "长" * 78 + "…"),  # the last place that leaves room for the ellipsis
        ("长" * 79 + "：" + "长" * 2, "长" * 79 + "…"),
    ],
)
def test_a_quote_has_at_most_80_characters_and_ends_with_a_phrase_of_its_second_half(quote: str, shown: str) -> None:
    (message,) = render.digest(digest(stories=(story(1, quote=quote),)), "zh")
    assert plain_text(message.text).splitlines()[-1] == shown


def test_sections_stand_three_in_a_row() -> None:
    (message,) = render.digest(digest(stories=tuple(story(n, theme=f"主题{n}") for n in range(4))), "zh")
    assert [len(row) for row in labels(message)[1:3]] == [2, 2]
    (message,) = render.digest(digest(stories=tuple(story(n, theme=f"主题{n}") for n in range(3))), "zh")
    assert len(labels(message)[1]) == 3


def test_scores_are_rounded_to_points_of_100() -> None:
    parts = ScoreParts(prominence=0.125, novelty=0.146)
    (message,) = render.story_scores(digest(stories=(story(1, score=0.2714, parts=parts),)), "zh")
    assert plain_text(message.text).endswith("1. 第1条　27分\n版面12/35 · 关键词0/25 · 篇幅0/15 · 新意15/15 · 本地0/10")


def test_the_notice_that_alerts_covered_a_digest_leads_to_it() -> None:
    message = render.digest_covered_by_alerts(digest(), "en")
    assert message.text.endswith("\nYou have already received the 1 story of this issue as an alert.")
    assert message.buttons == ((("Digest, 29 August 2022", "1:d:20220829"),),)


def test_a_card_has_8_keywords_and_the_5_best_stories() -> None:
    full = digest(
        keywords=tuple(Keyword(f"词{n}", 1 - n / 10) for n in range(9)),
        stories=tuple(story(n, score=n / 10) for n in range(6)),
    )
    message = render.issue_card(full, "zh")
    assert plain_text(message.text) == (
        "太原日报 · 2022年8月29日 星期一\n关键词　词0 · 词1 · 词2 · 词3 · 词4 · 词5 · 词6 · 词7\n"
        "1. 第5条\n2. 第4条\n3. 第3条\n4. 第2条\n5. 第1条\n第1版 · 10篇报道"
    )
    card = card_chart(full, "zh")
    assert (card.title, card.day, card.foot) == ("太原日报", "2022年8月29日 星期一", "第1版 · 10篇报道")
    assert card.keywords == tuple((f"词{n}", 1 - n / 10) for n in range(8))
    assert card.stories == ("第5条", "第4条", "第3条", "第2条", "第1条")
    assert card_chart(replace(full, paper=""), "en").title == "Digest"


def test_themes_are_counted_in_the_text_and_in_the_chart() -> None:
    issue = Issue(DAY, "太原日报", (1,), 12, 2, 0.9, "f")
    message = render.theme_counts(issue, (("教育", 3), ("", 1)), "zh")
    assert plain_text(message.text) == "太原日报 · 2022年8月29日 星期一\n各主题的报道：教育3篇 · 其他1篇"
    assert message.picture == Picture("themes", "2022-08-29", "zh")
    empty = render.theme_counts(issue, (), "zh")
    assert (empty.picture, plain_text(empty.text).splitlines()[1]) == (None, "本期没有识别出完整的报道。")
    chart = theme_chart(issue, (("教育", 3), ("", 1)), "zh")
    assert (chart.title, chart.bars) == ("太原日报 2022年8月29日", (("教育", 3), ("其他", 1)))


def test_a_single_new_keyword_has_its_trend_beside_it() -> None:
    (message,) = render.digest(digest(keywords=(Keyword("锂电池", 1.0, "new"),)), "zh")
    assert "<b>关键词</b>　锂电池 <i>新</i>\n" in message.text


def test_quality_at_the_threshold_is_not_poor() -> None:
    assert "可能有错字" not in render.digest(digest(quality=POOR_QUALITY), "zh")[0].text


def test_a_digest_leads_to_the_issue_before_and_after_it() -> None:
    (message,) = render.digest(digest(), "en")
    assert message.buttons[-1] == (("‹ Previous issue", "1:b:20220829:0"), ("Next issue ›", "1:b:20220829:1"))

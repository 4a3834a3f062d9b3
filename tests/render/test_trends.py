"""Weeks and months in review, trends of words, rising words, and the longest of each."""

from datetime import date, timedelta

import pytest

from bot import render
from bot.render.packing import plain_text, utf16_units
from bot.render.trends import MAX_TABLE_ROWS, trend_chart
from bot.texts import LANGUAGES
from digests.chats import Language
from digests.digest.trends import PeriodSummary, RisingKeyword, TermCount
from digests.models import ScoreParts, Story
from tests.render.samples import DAY, MARKUP, opened, proper

STORY = Story("k7f3m-9wq2d", "厚生锂电池隔膜项目投产", 1, "", 0.8, ScoreParts())


def period(**parts: object) -> PeriodSummary:
    usual = {
        "first": date(2022, 8, 29),
        "last": date(2022, 9, 4),
        "issues": (DAY, DAY + timedelta(1)),
        "articles": 21,
        "notices": 1,
        "keywords": (("锂电池", 2), ("养老", 1)),
        "stories": ((DAY, STORY),),
    }
    return PeriodSummary(**usual | parts)  # type: ignore[arg-type]


def counts(*articles: int, of: int = 50) -> tuple[TermCount, ...]:
    return tuple(TermCount(DAY + timedelta(at), n, of) for at, n in enumerate(articles))


# ---- a week, a month


def test_a_week_has_its_issues_keywords_and_best_stories() -> None:
    message = render.period_review(period(), "week", "zh", older=date(2022, 8, 12))
    assert plain_text(message.text) == (
        "一周回顾　2022年8月29日至2022年9月4日\n2期 · 20篇报道 · 1则公告\n\n关键词　锂电池（2期） · 养老\n\n"
        "1. 厚生锂电池隔膜项目投产　2022年8月29日"
    )
    assert opened(message) == [STORY.article]
    assert message.buttons[1:] == ((("较早 ›", "1:w:20220812"),),)


def test_a_month_in_english_leads_both_ways() -> None:
    message = render.period_review(period(), "month", "en", newer=date(2022, 11, 24), older=date(2022, 7, 29))
    assert message.text.startswith(
        "<b>Month in review</b> 29 August 2022 to 4 September 2022\n2 issues · 20 stories · 1 notice"
    )
    assert message.buttons[-1] == (("‹ Newer", "1:m:20221124"), ("Older ›", "1:m:20220729"))


def test_a_week_without_stories_says_so() -> None:
    message = render.period_review(period(stories=(), keywords=()), "week", "zh")
    assert message.text.endswith("\n没有识别出完整的报道。")
    assert message.buttons == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_longest_month_fits_one_message(lang: Language) -> None:
    story = Story("k7f3m-9wq2d", MARKUP * 40, 1, "", 0.8, ScoreParts())
    proper(render.period_review(period(stories=((DAY, story),) * 12, keywords=((MARKUP * 5, 31),) * 10), "month", lang))


# ---- a trend


def test_a_trend_has_a_row_per_issue_with_a_bar_the_articles_and_their_share() -> None:
    message = render.word_trends({"核酸": counts(8, 0, 4)}, "zh")
    assert message.text == (
        "报库共3期。\n每行1期：首日、写到它的报道占比（条形图）、篇数、占比。\n\n"
        "<b>核酸</b>　12篇写到，占全部报道的8.0%\n"
        "<pre>2022-08-29 ████████    8  16.0%\n2022-08-30             0   0.0%\n2022-08-31 ████        4   8.0%</pre>"
    )


def test_a_word_that_never_occurs_has_no_table() -> None:
    message = render.word_trends({"足球": counts(0, 0), "<b>": counts(1, 0)}, "en")
    assert "<b>足球</b> is not mentioned" in message.text
    assert "<b>&lt;b&gt;</b> 1 story, 1.0% of all stories" in message.text
    assert message.text.count("<pre>") == 1


def test_a_row_stands_for_several_issues_and_a_remark_names_the_limit_of_words() -> None:
    message = render.word_trends({"核酸": counts(*range(60))}, "zh", left_out=["第五个"])
    assert message.text.startswith("报库共60期。\n每行5期")
    table = message.text.partition("<pre>")[2].partition("</pre>")[0].splitlines()
    assert len(table) == MAX_TABLE_ROWS
    assert table[0].split() == ["2022-08-29", "█", "10", "4.0%"]
    assert message.text.endswith("一次最多比较1个词。")


def test_pages_without_text_have_no_bar() -> None:
    message = render.word_trends({"核酸": (TermCount(DAY, 1, 0), TermCount(DAY, 0, 0))}, "zh")
    assert "█ " in message.text
    proper(message)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_longest_trend_fits_one_message(lang: Language) -> None:
    proper(render.word_trends({f"{n}{MARKUP * 9}": counts(*[9999] * 60) for n in range(4)}, lang, left_out=["词"]))


def test_rising_words_are_listed_and_new_ones_are_marked() -> None:
    message = render.rising_words([RisingKeyword("防汛", 0.0, 0.5), RisingKeyword("核酸", 0.1, 0.4)], 60, 60, "zh")
    assert "升温　防汛 新 · 核酸 ↑\n" in plain_text(message.text)
    assert "/trend 核酸 防汛" in message.text


def test_without_rising_words_the_message_says_so() -> None:
    assert "No word is clearly rising right now." in render.rising_words([], 1, 1, "en").text


@pytest.mark.parametrize(("issues", "rows", "per_row"), [(12, 12, 1), (13, 7, 2), (24, 12, 2), (25, 9, 3)])
def test_a_table_has_at_most_12_rows(issues: int, rows: int, per_row: int) -> None:
    message = render.word_trends({"核酸": counts(*[1] * issues)}, "zh")
    assert f"\n每行{per_row}期：" in message.text
    assert len(message.text.partition("<pre>")[2].partition("</pre>")[0].splitlines()) == rows


def test_a_bar_has_8_characters_for_the_highest_share_and_at_least_one_for_any() -> None:
    message = render.word_trends({"核酸": counts(16, 8, 3, 1, 0)}, "zh")
    assert [row.count("█") for row in message.text.splitlines() if "2022-" in row] == [8, 4, 2, 1, 0]


@pytest.mark.parametrize(("words", "has_tables"), [(1, True), (4, False)])
def test_tables_that_do_not_fit_below_a_picture_are_left_out(words: int, has_tables: bool) -> None:
    message = render.word_trends({f"{n}号词": counts(*[5] * 12) for n in range(words)}, "zh")
    assert message.picture is not None
    assert message.picture.of == " ".join(f"{n}号词" for n in range(words))
    assert ("<pre>" in message.text) == has_tables


@pytest.mark.parametrize(("width", "units"), [(23, 1024), (24, 129)])
def test_a_caption_is_filled_to_1024_units(width: int, units: int) -> None:
    """The tables of 1024 units in all are shown; with one unit more, the totals alone."""
    times = {"甲" * 24: 1, "乙" * 24: 1, "丙" * width: 1}
    message = render.word_trends({word: counts(*[number] * 9) for word, number in times.items()}, "zh")
    assert utf16_units(plain_text(message.text)) == units
    assert message.picture is not None


def test_one_issue_or_no_mention_has_no_picture() -> None:
    assert render.word_trends({"核酸": counts(3)}, "zh").picture is None
    assert render.word_trends({"核酸": counts(0, 0)}, "zh").picture is None


@pytest.mark.parametrize(
    ("issues", "points", "note"), [(36, 36, "每点为一期"), (37, 19, "每点为2期"), (72, 36, "每点为2期")]
)
def test_a_chart_has_at_most_36_points(issues: int, points: int, note: str) -> None:
    chart = trend_chart({"核酸": counts(*[1] * issues)}, "zh")
    assert len(chart.ticks) == len(chart.series[0].values) == points
    assert chart.note == "占全部报道的百分比，" + note
    assert chart.ticks[0] == (float(DAY.toordinal()), "8月29日")
    assert set(chart.series[0].values) == {2.0}


def test_a_chart_over_two_years_names_the_year_of_each_day() -> None:
    later = (TermCount(date(2021, 7, 31), 1, 50), TermCount(DAY, 2, 50))
    assert [label for _, label in trend_chart({"核酸": later}, "en").ticks] == ["31 July 2021", "29 August 2022"]

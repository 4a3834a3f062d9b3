"""Alerts: reasons, buttons, several articles in one alert."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot import render
from bot.render.packing import plain_text
from digests.chats import Match, Subscription
from digests.models import Article, Reason, Snippet
from digests.subscriptions.alerts import MatchedArticle
from digests.subscriptions.weekly_report import ReportLine, WeeklyReport
from tests.render.samples import DAY, MARKUP, article, opened, proper

NOW = datetime(2022, 8, 1, tzinfo=UTC)


def match(query: str, shown: Article, where: str = "body", term: str | None = None) -> Match:
    reason = Reason(term or query, where, Snippet("锂电池隔膜被源源不断地生产出来。", ((0, 3),)))  # type: ignore[arg-type]
    return Match(7, Subscription(1, query, NOW), shown.id, reason)


def matched(reason: Match, shown: Article) -> list[MatchedArticle]:
    return [MatchedArticle(shown, (reason,))]


def test_an_alert_has_its_reason() -> None:
    shown = article()
    (message,) = render.alert(matched(match("锂电池", shown), shown), "zh")
    assert message.text == (
        "🔔 <b>厚生锂电池隔膜项目投产</b>\n太原日报 · 2022年8月29日 · 第1版\n订阅“<b>锂电池</b>”，见于正文：\n"
        "<blockquote><b>锂电池</b>隔膜被源源不断地生产出来。</blockquote>"
    )
    assert [[label for label, _ in row] for row in message.buttons] == [["阅读全文", "不看这类"], ["我的订阅"]]


def test_an_alert_names_the_term_if_it_is_not_the_whole_subscription() -> None:
    shown = article()
    (message,) = render.alert(matched(match("锂电池 OR 光伏", shown, "headline", "锂电池"), shown), "zh")
    assert "订阅“<b>锂电池 OR 光伏</b>”，标题写到“锂电池”：" in message.text


def test_several_articles_are_one_alert_and_each_is_listed_once() -> None:
    one, other = article(), article(id="zzzzz-zzzzz", headline="另一篇")
    both = MatchedArticle(one, (match("锂电池", one), match("隔膜", one)))
    (message,) = render.alert([both, *matched(match("锂电池", other), other)], "zh")
    assert plain_text(message.text).startswith("🔔 你订阅的话题有2篇新报道\n\n1. 厚生锂电池隔膜项目投产")
    assert "订阅“<b>隔膜</b>”" in message.text
    assert opened(message) == ["k7f3m-9wq2d", "zzzzz-zzzzz"]


def test_an_article_of_two_subscriptions_has_exclusions_for_either() -> None:
    shown = article()
    (message,) = render.alert([MatchedArticle(shown, (match("锂电池", shown), match("隔膜", shown)))], "zh")
    assert [[label for label, _ in row] for row in message.buttons] == [
        ["阅读全文", "我的订阅"],
        ["不看这类：锂电池"],
        ["不看这类：隔膜"],
    ]


def test_an_alert_on_many_articles_is_several_messages() -> None:
    many = {f"{n:05}-aaaaa": article(id=f"{n:05}-aaaaa", headline=MARKUP * 9) for n in range(150)}
    messages = render.alert([one for shown in many.values() for one in matched(match("<锂>" * 60, shown), shown)], "en")
    proper(*messages)
    assert [name for message in messages for name in opened(message)] == list(many)


@pytest.mark.parametrize(("articles", "exclusions"), [(2, 2), (20, 20), (21, 0)])
def test_up_to_20_articles_have_a_button_for_exclusions(articles: int, exclusions: int) -> None:
    several = [one for n in range(articles) for one in matched(match("锂电池", article()), article(id=f"{n:05}-aaaaa"))]
    labels = [label for message in render.alert(several, "zh") for row in message.buttons for label, _ in row]
    assert sum(label.endswith(" 不看这类") for label in labels) == exclusions
    assert [label for label in labels if label.isdecimal()] == [str(number + 1) for number in range(articles)]


def test_a_bundle_lists_even_one_article() -> None:
    shown = article()
    (message,) = render.alert_bundle(matched(match("锂电池", shown), shown), "en")
    assert message.text.startswith("📥 <b>Summary: 1 story</b>\n\n<b>1. 厚生锂电池隔膜项目投产</b>\n")
    assert [[label for label, _ in row] for row in message.buttons] == [["1"], ["Fewer like 1"], ["My subscriptions"]]


def test_a_late_alert_says_so_and_an_empty_snippet_has_no_quotation() -> None:
    shown = article()
    reason = Reason("锂电池", "deck", Snippet(""))
    late = MatchedArticle(shown, (Match(7, Subscription(1, "锂电池", NOW), shown.id, reason),), late=True)
    (message,) = render.alert([late], "zh")
    assert message.text.splitlines()[1].startswith("补发：")
    assert message.text.endswith("见于副题：")


def test_a_subscription_that_cannot_be_read_is_named_with_its_query() -> None:
    message = render.unreadable_subscription(Subscription(1, "(防汛", NOW, name="雨"), "en")
    assert "“<b>雨</b>” can no longer be read: <code>(防汛</code>" in message.text
    assert [label for row in message.buttons for label, _ in row] == ["My subscriptions"]


def test_a_weekly_report_has_a_line_for_each_subscription() -> None:
    one = Subscription(1, "防汛", NOW)
    lines = (ReportLine(one, 2, False), ReportLine(one, 0, False), ReportLine(one, 1, True))
    week = WeeklyReport(DAY, date(2022, 9, 4), 1, 12, (date(2022, 8, 30),), (DAY,), DAY, lines)
    (message,) = render.weekly_report(week, "en")
    assert plain_text(message.text) == (
        "Weekly summary, 29 August 2022 to 4 September 2022\nThis week: 1 issue, 12 pages.\n"
        "Not received: 30 August 2022.\nHard to recognise, so something may be missing: 29 August 2022.\n\n"
        "“防汛”: 2 stories\n“防汛”: no new stories\n“防汛”: paused, 1 story not sent"
    )
    nothing = replace(week, issues=0)
    assert "最近一期是2022年8月29日。\n\n" in render.weekly_report(nothing, "zh")[0].text
    assert "报库还是空的。\n\n" in render.weekly_report(replace(nothing, newest=None), "zh")[0].text

"""From a new page to the messages about it: who gets which articles, when, and never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from digests.chats import Chat
from digests.subscriptions import exclude_term, pause
from tests.newsroom import BEGIN, Newsroom, newsroom, story

SUNDAY = date(2023, 3, 5)
MONDAY = date(2023, 3, 6)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as room:
        yield room


def test_an_alert_names_subscription_term_and_place_and_quotes_the_sentence(room: Newsroom) -> None:
    room.subscribe(7, "内涝 OR 积水", name="城里的水")
    room.add_articles("a", {"headline": "雨后的清晨", "body": "昨夜有大雨。城东三处路面积水已经排除。"})
    room.ingest()
    ((_, alert),) = room.receive_with_topics(7)
    assert "城里的水" in alert
    assert "“积水”" in alert
    assert "正文" in alert
    assert "城东三处路面<b>积水</b>已经排除。" in alert


def test_articles_above_the_daily_cap_are_bundled_with_the_digest(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园", cap=2)
    bodies = [story(f"雨水花园第{n}座建成", n) for n in range(5)]
    room.add_articles("a", *({"headline": f"第{n}座花园", "body": body} for n, body in enumerate(bodies)))
    assert room.ingest() == 1
    (alert,) = room.receive(7)
    assert [f"第{n}座花园" in alert for n in range(5)] == [True, True, False, False, False]
    room.change_settings(7, digest=False)
    room.clock.set_local(MONDAY, 7, 29)
    assert room.queue_due() == 0
    room.clock.set_local(MONDAY, 7, 30)
    assert room.queue_due() == 1
    (bundle,) = room.receive(7)
    assert [f"第{n}座花园" in bundle for n in range(5)] == [False, False, True, True, True]
    assert room.queue_due() == 0


def test_the_cap_counts_per_day(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园", cap=1)
    for n in range(2):
        room.add_articles(f"a{n}", {"headline": f"第{n}座花园", "body": story("雨水花园建成", n)})
        room.ingest()
        room.clock.now += timedelta(days=1)
    assert len(room.receive(7)) == 2


def test_a_subscription_at_its_cap_does_not_delay_the_alert_of_another(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园", cap=1)
    room.subscribe(7, "第二座")
    room.add_articles("a", {"headline": "第一座花园", "body": story("雨水花园建成", 1)})
    room.add_articles("b", {"headline": "第二座花园", "body": story("雨水花园建成", 2)})
    room.ingest()
    assert "第二座花园" in room.receive(7)[0]


def test_alerts_in_quiet_hours_come_as_one_bundle_at_their_end(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    room.change_settings(7, quiet=(time(22), time(6)), digest=False)
    for n, hour in enumerate((22, 23)):
        room.clock.set_local(SUNDAY, hour, 30)
        room.add_articles(f"a{n}", {"headline": f"第{n}座花园", "body": story("雨水花园建成", n)})
        assert room.ingest() == 0
        assert room.queue_due() == 0
    room.clock.set_local(MONDAY, 5, 59)
    assert room.queue_due() == 0
    room.clock.set_local(MONDAY, 6)
    assert room.queue_due() == 1
    (bundle,) = room.receive(7)
    assert "第0座花园" in bundle
    assert "第1座花园" in bundle


def test_waiting_articles_survive_a_restart(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        room.subscribe(7, "雨水花园", rhythm="daily")
        room.change_settings(7, digest=False)
        room.add_articles("a", {"headline": "花园", "body": story("雨水花园建成", 1)})
        room.ingest()
    with newsroom(tmp_path) as room:
        room.clock.set_local(MONDAY, 7, 30)
        assert room.queue_due() == 1
        assert "花园" in room.receive(7)[0]


def test_a_weekly_subscription_comes_once_a_week_on_the_first_of_its_days(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园", rhythm="weekly")
    room.change_settings(7, digest=False)
    for n in range(3):
        room.clock.set_local(MONDAY + timedelta(days=n), 12)
        room.add_articles(f"a{n}", {"headline": f"第{n}座花园", "body": story("雨水花园建成", n)})
        room.ingest()
    for day in range(1, 7):
        room.clock.set_local(MONDAY + timedelta(days=day), 20)
        assert room.queue_due() == 0
    room.clock.set_local(MONDAY + timedelta(days=7), 7, 30)
    assert room.queue_due() == 1
    (bundle,) = room.receive(7)
    assert all(f"第{n}座花园" in bundle for n in range(3))


@pytest.mark.parametrize(
    "rest", [{"paused": True}, {"muted_until": BEGIN + timedelta(days=2)}], ids=["paused", "muted"]
)
def test_matches_of_a_resting_subscription_are_never_reported(room: Newsroom, rest: dict[str, object]) -> None:
    room.subscribe(7, "雨水花园", **rest)
    room.change_settings(7, digest=False)
    room.add_articles("a", {"headline": "花园", "body": story("雨水花园建成", 1)})
    assert room.ingest() == 0
    made = room.services.chats.update(7, lambda chat: pause(chat, 1, paused=False)[0])
    assert made
    room.clock.now += timedelta(days=3)
    assert room.queue_due() == 0
    assert room.ingest() == 0


def test_a_waiting_article_that_no_longer_matches_is_not_reported(room: Newsroom) -> None:
    made = room.subscribe(7, "雨水花园", rhythm="daily")
    room.change_settings(7, digest=False)
    room.add_articles("a", {"headline": "招标公告", "body": story("雨水花园招标", 1)})
    room.ingest()
    room.services.chats.update(7, lambda chat: exclude_term(chat, made.id, "招标")[0])
    room.clock.set_local(MONDAY, 8)
    assert room.queue_due() == 0
    assert room.services.outbox.alert_log.pending_bundles() == []


def test_an_article_on_two_pages_is_reported_once(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    body = story("雨水花园建成", 1)
    room.add_articles("a", {"headline": "花园建成", "body": body})
    room.add_articles("b", {"headline": "花园建成了", "body": body + "本报将继续报道。", "page": 4})
    assert room.ingest() == 1
    assert len(room.receive(7)) == 1
    room.add_articles("c", {"headline": "花园已建成", "body": "快讯。" + body, "date": "2023-03-07"})
    assert room.ingest() == 0


def test_the_same_text_a_month_later_is_reported_again(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    room.add_articles("a", {"headline": "花园开放", "body": story("雨水花园开放", 1)})
    room.ingest()
    room.add_articles("b", {"headline": "花园开放", "body": story("雨水花园开放", 1), "date": "2023-04-05"})
    assert room.ingest() == 1


def test_an_article_whose_date_was_corrected_is_not_reported_twice(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    article = {"headline": "花园", "body": story("雨水花园建成", 1)}
    room.add_articles("a", article)
    assert room.ingest() == 1
    room.add_articles("a", article | {"date": "2023-02-05"})
    assert room.ingest() == 0


PAGE = """
云河市建成首座雨水花园

本报讯（记者 方小满）3月4日，云河市首座{garden}建成开放。花园可蓄积雨水八百吨，周边居民不再担心内涝。

图书馆延长开放时间

本报讯（记者 石磊）市图书馆从下周起开放到晚上九点，读者可以凭身份证入馆。这是今年的一项民生实事。
"""


def test_an_article_that_a_better_reading_reveals_is_reported_once_as_late(room: Newsroom) -> None:
    room.subscribe(7, "湿地公园")
    room.add_page("2023-03-05.txt", PAGE.format(garden="温他公图"))
    assert room.ingest() == 0
    room.add_page("2023-03-05.txt", PAGE.format(garden="湿地公园"))
    assert room.ingest() == 1
    (alert,) = room.receive(7)
    assert "补发" in alert
    room.add_page("2023-03-05.txt", PAGE.format(garden="湿地公园").replace("八百吨", "九百吨"))
    assert room.ingest() == 0


def test_a_better_reading_does_not_alert_a_subscription_that_matched_the_former_one(room: Newsroom) -> None:
    """The subscription was created after the article arrived, so it matches later ones only."""
    room.add_page("2023-03-05.txt", PAGE.format(garden="雨水花园"))
    room.ingest()
    room.subscribe(7, "雨水花园")
    room.clock.now += timedelta(minutes=1)
    room.add_page("2023-03-05.txt", PAGE.format(garden="雨水花园").replace("八百吨", "九百吨"))
    assert room.ingest() == 0


def test_a_backlog_alerts_only_to_articles_within_max_age(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    room.subscribe(7, "雨水花园")
    for n in range(12):
        day = SUNDAY - timedelta(days=10 * n)
        room.add_articles(f"a{n}", {"headline": f"第{n}座", "body": story("雨水花园建成", n), "date": f"{day}"})
    assert room.ingest() == 1
    (alert,) = room.receive(7)
    assert [f"第{n}座" in alert for n in range(5)] == [True] * 4 + [False]
    assert "8 articles of this backlog cause no alerts" in caplog.text


def test_a_few_old_pages_are_no_backlog(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    for n in range(3):
        room.add_articles(
            f"a{n}", {"headline": f"第{n}座", "body": story("雨水花园建成", n), "date": f"{2020 + n}-03-05"}
        )
    room.ingest()
    (alert,) = room.receive(7)
    assert all(f"第{n}座" in alert for n in range(3))


def test_each_forum_topic_gets_the_matches_of_its_own_subscriptions(room: Newsroom) -> None:
    room.subscribe(-100, "雨水花园", topic=5)
    room.subscribe(-100, "雨水花园", topic=9)
    room.subscribe(-100, "地铁")
    room.add_articles("a", {"headline": "开放的一天", "body": story("雨水花园建成，地铁开通", 1)})
    assert room.ingest() == 3
    said = {topic: "“<b>地铁</b>”" in text for topic, text in room.receive_with_topics(-100)}
    assert said == {5: False, 9: False, None: True}
    assert room.ingest() == 0


def test_a_query_that_no_longer_parses_is_reported_once_and_kept(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    room.services.chats.update(7, lambda chat: _with_query(chat, "(("))
    for n in range(2):
        room.add_articles(f"a{n}", {"headline": f"第{n}座", "body": story("雨水花园建成", n)})
        room.ingest()
    (said,) = room.receive(7)
    assert "((" in said
    (chat,) = room.services.chats.all()
    assert [one.query for one in chat.subscriptions] == ["(("]


def _with_query(chat: Chat, query: str) -> Chat:
    return replace(chat, subscriptions=(replace(chat.subscriptions[0], query=query),))


def test_the_digest_begins_with_the_bundle_and_repeats_no_alert(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    room.subscribe(7, "地铁", rhythm="daily")
    room.add_articles(
        "a",
        {"headline": "花园建成", "body": story("雨水花园建成", 1)},
        {"headline": "线路开通", "body": story("地铁二号线开通", 2)},
        {"headline": "球赛结束", "body": story("足球赛结束", 3)},
    )
    room.ingest()
    (alert,) = room.receive(7)
    assert "花园建成" in alert
    room.clock.set_local(MONDAY, 7, 30)
    assert room.queue_due() == 1
    found, digest = room.receive(7)
    assert "线路开通" in found
    assert "球赛结束" in digest
    assert "花园建成" not in digest
    assert "线路开通" not in digest


def test_a_digest_without_new_stories_says_so(room: Newsroom) -> None:
    room.subscribe(7, "雨水花园")
    room.add_articles("a", {"headline": "花园建成", "body": story("雨水花园建成", 1)})
    room.ingest()
    room.receive(7)
    room.clock.set_local(MONDAY, 7, 30)
    room.queue_due()
    (said,) = room.receive(7)
    assert "花园建成" not in said
    assert "不再重复推送" in said


def test_a_digest_has_as_many_stories_as_the_chat_chose(room: Newsroom) -> None:
    room.subscribe(7, "没有的词")
    room.change_settings(7, stories=1)
    room.add_articles("a", *({"headline": f"第{n}件事", "body": story(f"第{n}件事办好了", n)} for n in range(3)))
    room.ingest()
    room.clock.set_local(MONDAY, 7, 30)
    room.queue_due()
    (digest,) = room.receive(7)
    assert sum(f"第{n}件事" in digest for n in range(3)) == 1


def test_the_weekly_report_has_a_line_for_each_subscription(room: Newsroom) -> None:
    room.clock.set_local(SUNDAY - timedelta(days=7), 9)
    room.subscribe(7, "雨水花园")
    room.subscribe(7, "地铁")
    room.subscribe(7, "球赛", paused=True)
    room.change_settings(7, weekly_report=True, digest=False)
    for n in range(3):
        room.clock.set_local(SUNDAY + timedelta(days=n - 3), 9)
        day = SUNDAY + timedelta(days=n - 3)
        room.add_articles(f"a{n}", {"headline": f"第{n}座", "body": story("雨水花园建成", n), "date": f"{day}"})
        room.ingest()
    room.receive(7)
    room.clock.set_local(MONDAY, 7, 30)
    assert room.queue_due() == 1
    (account,) = room.receive(7)
    assert "“雨水花园”：3篇" in account
    assert "“地铁”：没有新报道" in account
    assert "“球赛”：已暂停" in account
    assert "3期" in account
    assert room.queue_due() == 0


def test_an_erased_chat_leaves_no_trace_in_the_data_folder(room: Newsroom) -> None:
    """Neither its id, as text or in SQLite's form, nor its queries, nor its messages and waiting articles."""
    chat, name = 7_123_456_789, "窦大夫祠的庙会"
    for number in (chat, 8):
        said = {"query": "雨水花园 OR 窦大夫祠", "name": name} if number == chat else {"query": "雨水花园"}
        room.subscribe(number, **said, cap=1)
        room.subscribe(number, "地铁", rhythm="weekly")
    room.add_articles(
        "a", *({"headline": f"第{n}座", "body": story(f"雨水花园第{n}座建成，地铁开通", n)} for n in range(3))
    )
    room.ingest()
    room.services.chats.update(chat, lambda known: _with_query(known, "窦大夫祠 (("))
    room.add_articles("b", {"headline": "又一座", "body": story("雨水花园建成", 9)})
    room.ingest()
    room.receive(chat)
    data = room.services.config.data
    signs = (str(chat).encode(), chat.to_bytes(6), "窦大夫祠".encode())
    assert all(_holding(data, sign) for sign in signs)
    room.services.forget(chat)
    assert [_holding(data, sign) for sign in signs] == [[], [], []]
    assert room.services.outbox.reported_articles(8)


def _holding(folder: Path, sign: bytes) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and sign in file.read_bytes()]


BEGINS = PAGE.format(garden="雨水花园").replace("不再担心内涝。", "不再担心内涝。（下转第2版）")
GOES_ON = (
    "（上接第1版）雨水花园里种着两百棵水杉，园丁每天清晨浇水，孩子们在这里认识植物。\n\n石桥修缮完工\n\n"
    "本报讯（记者 石磊）3月4日，云河石桥修缮完工，行人可以从桥上走到对岸的市场。\n"
)


@pytest.mark.parametrize("first", [1, 2])
def test_a_continued_story_is_reported_once_whatever_the_order_of_its_pages(room: Newsroom, first: int) -> None:
    room.subscribe(7, "雨水花园")
    room.subscribe(8, "水杉 内涝")
    pages = {1: BEGINS, 2: GOES_ON}
    for number in (first, 3 - first):
        room.add_page(f"2023-03-05-0{number}.txt", pages[number])
        room.ingest()
    assert len(room.receive(7)) == 1
    assert len(room.receive(8)) == 1, "once it is whole, both words stand in it"
    for number, query in ((7, "雨水花园"), (8, "水杉 内涝")):
        (hit,) = room.services.archive.backtest(query).hits
        assert room.services.archive.article(next(iter(room.services.outbox.reported_articles(number)))) == hit.article

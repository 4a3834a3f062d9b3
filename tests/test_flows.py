"""The flows over real stores: new pages to alerts, due messages to the outbox, each once."""

import asyncio
import threading
import time as time_module
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot import app, config, flows
from bot.context import Services
from bot.flows.new_articles import Ingestion
from digests.models import NewArticle
from digests.storage.outbox import OutboxEntry
from digests.subscriptions import subscribe

PAGE = """
云河市建成首座雨水花园

本报讯（记者 方小满）3月4日，云河市首座雨水花园建成开放。花园可蓄积雨水八百吨，周边居民不再担心内涝。

图书馆延长开放时间

本报讯（记者 石磊）市图书馆从下周起开放到晚上九点，读者可以凭身份证入馆。这是今年的一项民生实事。
"""


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2023, 3, 5, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    folder = tmp_path / "pages"
    folder.mkdir()
    defaults = config.Config()
    archive = defaults.archive.model_copy(update={"folder": folder})
    return defaults.model_copy(update={"data": tmp_path / "data", "archive": archive})


@pytest.fixture
def services(settings: config.Config, clock: _Clock) -> Iterator[Services]:
    with app.open_services(settings, clock) as services:
        yield services


def _drop(services: Services, name: str, text: str = PAGE) -> None:
    """Put a page into the archive folder."""
    file = services.config.archive.folder / name
    file.write_text(text, encoding="utf-8")


def _subscribe(services: Services, chat_id: int, *queries: str) -> None:
    chat = services.chats.get_or_create(chat_id, "zh")
    for query in queries:
        chat, _, _ = subscribe(chat, query, now=services.clock(), limit=100)
    services.chats.put(chat)


def _ingest(services: Services, clock: _Clock) -> int:
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    flows.ingest_pages(services, skip_unsettled=True)
    return flows.queue_alerts(services)


def _owed(services: Services, chat: int) -> list[str]:
    """The texts owed to a chat, in order; marks each as sent."""
    texts = []
    while parts := [part for part in services.outbox.due(services.clock()) if part.chat == chat]:
        for part in parts:
            texts.append(part.message.text)
            services.outbox.mark_sent(part.id, 1, services.clock())
    return texts


def _keys(services: Services) -> set[tuple[int, str]]:
    return services.outbox.keys_with_prefix("")


def test_a_subscriber_is_alerted_of_a_matching_new_page(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _subscribe(services, 8, "地铁")
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 1
    (alert,) = _owed(services, 7)
    assert "雨水花园" in alert
    assert _owed(services, 8) == []


def test_an_article_that_matches_two_subscriptions_is_sent_once_with_both_reasons(
    services: Services, clock: _Clock
) -> None:
    _subscribe(services, 7, "雨水花园", "内涝")
    _drop(services, "2023-03-05.txt")
    _ingest(services, clock)
    (alert,) = _owed(services, 7)
    assert "内涝" in alert


def test_all_new_articles_of_one_ingestion_are_one_message(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园", "图书馆")
    _drop(services, "2023-03-05.txt")
    _ingest(services, clock)
    assert len(_owed(services, 7)) == 1


def test_an_article_alerts_once_even_if_it_is_corrected(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 1
    assert _ingest(services, clock) == 0
    _drop(services, "2023-03-05.txt", PAGE.replace("雨水八百吨", "雨水九百吨"))
    assert _ingest(services, clock) == 0, "a corrected article is no news"


def test_a_renamed_page_does_not_alert_again(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 1
    folder = services.config.archive.folder
    (folder / "2023-03-05.txt").rename(folder / "2023-03-05-1.txt")
    assert _ingest(services, clock) == 0


def test_a_subscription_made_during_an_ingestion_is_alerted_of_later_pages_only(
    services: Services, clock: _Clock
) -> None:
    _drop(services, "2023-03-05.txt")
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    flows.ingest_pages(services)
    clock.now += timedelta(seconds=1)
    _subscribe(services, 7, "雨水花园")
    assert flows.queue_alerts(services) == 0


def test_an_announced_article_that_the_archive_does_not_hold_is_dropped(services: Services, clock: _Clock) -> None:
    services.outbox.add_unmatched([NewArticle("gonea-00001")], clock())
    assert flows.queue_alerts(services) == 0
    assert not services.outbox.unmatched_since()


def test_a_clock_that_is_set_back_does_not_make_subscriptions_newer_than_new_pages(
    services: Services, clock: _Clock
) -> None:
    _subscribe(services, 1, "雨水花园")
    clock.now -= timedelta(days=365)
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 1


def test_articles_ingested_before_a_subscription_do_not_alert(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    _ingest(services, clock)
    _subscribe(services, 7, "雨水花园")
    assert _ingest(services, clock) == 0


def test_a_crash_between_ingesting_and_matching_loses_no_alert(settings: config.Config, clock: _Clock) -> None:
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    with app.open_services(settings, clock) as services:
        _subscribe(services, 7, "雨水花园")
        _drop(services, "2023-03-05.txt")
        flows.ingest_pages(services)
    with app.open_services(settings, clock) as again:
        assert _ingest(again, clock) == 1


def test_a_rebuilt_index_alerts_nobody_again(settings: config.Config, clock: _Clock) -> None:
    with app.open_services(settings, clock) as services:
        _subscribe(services, 7, "雨水花园")
        _drop(services, "2023-03-05.txt")
        assert _ingest(services, clock) == 1
    for file in (settings.data / "index").iterdir():
        file.unlink()
    with app.open_services(settings, clock) as again:
        assert _ingest(again, clock) == 0
        assert again.archive.issues()


def test_the_daily_digest_is_queued_at_its_time_once(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    _ingest(services, clock)
    clock.now = datetime(2023, 3, 5, 1, 0, tzinfo=UTC)
    _subscribe(services, 7, "地铁")
    services.chats.get_or_create(8, "zh")
    clock.now = datetime(2023, 3, 5, 23, 29, tzinfo=UTC)  # 07:29 of the next day in Shanghai
    assert flows.queue_due_messages(services) == 0
    clock.now += timedelta(minutes=1)
    assert flows.queue_due_messages(services) == 1
    assert flows.queue_due_messages(services) == 0
    (digest,) = _owed(services, 7)
    assert "云河市建成首座雨水花园" in digest


def test_a_chat_gets_its_digest_at_its_own_time_and_in_its_own_language(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    _ingest(services, clock)
    clock.now = datetime(2023, 3, 5, 1, 0, tzinfo=UTC)
    _subscribe(services, 7, "地铁")
    chat = services.chats.get(7)
    assert chat
    services.chats.put(replace(chat, settings=replace(chat.settings, language="en", digest_time=time(6, 0))))
    clock.now = datetime(2023, 3, 5, 22, 0, tzinfo=UTC)
    assert flows.queue_due_messages(services) == 1
    (digest,) = _owed(services, 7)
    assert "March 2023" in digest


def test_without_any_issue_no_digest_is_queued(services: Services) -> None:
    _subscribe(services, 7, "地铁")
    assert flows.queue_due_messages(services) == 0


def test_a_replay_sends_an_issue_a_day_until_the_last(services: Services, clock: _Clock) -> None:
    replay = services.config.digest.model_copy(update={"mode": "replay", "replay_since": date(2023, 4, 1)})
    services = replace(services, config=services.config.model_copy(update={"digest": replay}))
    for day in ("2023-03-05", "2023-03-09"):
        _drop(services, f"{day}.txt", PAGE.replace("雨水花园", f"雨水花园{day[-1]}号"))
    _ingest(services, clock)
    clock.now = datetime(2023, 3, 30, tzinfo=UTC)
    _subscribe(services, 7, "地铁")
    mornings = []
    for _ in range(5):
        clock.now += timedelta(days=1)
        flows.queue_due_messages(services)
        mornings.append(len(_owed(services, 7)))
    assert mornings == [0, 1, 1, 0, 0]


def test_matching_waits_for_an_ingestion_under_way_and_loses_no_alert(services: Services, clock: _Clock) -> None:
    """An article is announced before the archive holds it: matched in between, it would count as gone."""
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    announced, go_on = threading.Event(), threading.Event()
    add_unmatched = services.outbox.add_unmatched

    def announce(articles: Iterable[NewArticle], now: datetime) -> None:
        add_unmatched(articles, now)
        announced.set()
        assert go_on.wait(10)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as threads:
        patch.setattr(services.outbox, "add_unmatched", announce)
        ingesting = threads.submit(flows.ingest_pages, services)
        assert announced.wait(10)
        matching = threads.submit(flows.queue_alerts, services)
        time_module.sleep(0.2)
        assert not matching.done()
        go_on.set()
        assert ingesting.result(10).read == 1
        assert matching.result(10) == 1
    assert len(_owed(services, 7)) == 1


def test_ingestions_run_one_at_a_time_and_log_a_problem_once(
    services: Services, clock: _Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    (services.config.archive.folder / "empty.txt").write_bytes(b"")
    ingestion = Ingestion(services)

    async def thrice() -> list[int]:
        return [report.read for report in await asyncio.gather(*(ingestion.run() for _ in range(3)))]

    with caplog.at_level("INFO", "bot.flows"):
        assert asyncio.run(thrice()) == [1, 0, 0]
    messages = [record.getMessage() for record in caplog.records]
    assert [message for message in messages if message.startswith("empty.txt: ")] == [messages[1]]
    assert messages[0].startswith("ingested 1 files with 2 articles")
    assert messages[2:] == ["queued alerts for 1 chats"]


def test_an_alert_has_the_key_of_its_first_article_and_of_its_topic(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    chat, _, _ = subscribe(services.chats.get_or_create(-8, "zh"), "雨水花园", now=clock(), limit=100, topic=3)
    services.chats.put(chat)
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 2
    [article] = [hit.article.id for hit in services.archive.search("雨水花园").hits]
    assert _keys(services) == {(7, f"alert:{article}"), (-8, f"alert:3:{article}")}


def test_a_query_that_no_longer_parses_is_reported_once_for_each_wording(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    chat = services.chats.get(7)
    assert chat
    for day, query in (("2023-03-05", "((("), ("2023-03-06", "((("), ("2023-03-07", "))(")):
        broken = replace(chat.subscriptions[0], query=query)
        services.chats.put(replace(chat, subscriptions=(broken,)))
        _drop(services, f"{day}.txt", PAGE.replace("雨水花园", f"雨水花园{day[-1]}号"))
        _ingest(services, clock)
    assert _keys(services) == {(7, f"unclear:1:{zlib.crc32(query.encode())}") for query in ("(((", "))(")}


def test_the_record_of_a_match_is_deleted_after_forty_days(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 1
    matched = clock.now.astimezone(services.config.zone).date()
    for days, count in ((40, 1), (41, 0)):
        clock.now = datetime(matched.year, matched.month, matched.day, 12, tzinfo=UTC) + timedelta(days=days)
        services.outbox.add_unmatched([NewArticle("gonea-00001")], clock())
        flows.queue_alerts(services)
        counts = services.outbox.alert_log.match_counts(7, matched - timedelta(days=1), matched + timedelta(days=1))
        assert sum(counts.values()) == count


def test_a_backlog_counts_the_articles_that_alert_nobody(services: Services, clock: _Clock) -> None:
    """Eight issues at once are a backlog; articles up to 30 days before the newest issue still alert."""
    _subscribe(services, 7, "雨水花园")
    days = [date(2023, 3, 31) - timedelta(days=days) for days in (0, 1, 2, 3, 4, 29, 30, 31)]
    for day in days:
        _drop(
            services, f"{day}.txt", PAGE.replace("雨水花园", f"雨水花园{day:%m%d}号").replace("图书馆", f"{day:%m%d}馆")
        )
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    flows.ingest_pages(services)
    assert flows.count_stale_articles(services) == 2
    assert flows.queue_alerts(services) == 1
    assert flows.count_stale_articles(services) == 0


def test_due_messages_are_written_in_transactions_of_two_hundred(
    services: Services, clock: _Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _drop(services, "2023-03-05.txt")
    _ingest(services, clock)
    clock.now = datetime(2023, 3, 5, 1, 0, tzinfo=UTC)
    subscribed, _, _ = subscribe(services.chats.get_or_create(1, "zh"), "地铁", now=clock(), limit=100)
    for chat in range(1, 402):
        services.chats.put(replace(subscribed, id=chat))
    sizes, add_many = list[int](), services.outbox.add_many

    def recorded(entries: Sequence[OutboxEntry], now: datetime) -> None:
        sizes.append(len(entries))
        add_many(entries, now)

    monkeypatch.setattr(services.outbox, "add_many", recorded)
    clock.now = datetime(2023, 3, 5, 23, 30, tzinfo=UTC)
    assert flows.queue_due_messages(services) == 401
    assert sizes == [200, 200, 1]


def test_a_bundle_has_the_key_of_its_first_article_and_day_and_unwanted_articles_are_dropped(
    services: Services, clock: _Clock
) -> None:
    chat = services.chats.get_or_create(7, "zh")
    for query in ("雨水花园", "图书馆"):
        chat, _, _ = subscribe(chat, query, now=clock(), limit=100, rhythm="daily")
    services.chats.put(replace(chat, settings=replace(chat.settings, digest=False)))
    _drop(services, "2023-03-05.txt")
    assert _ingest(services, clock) == 0
    assert len(services.outbox.alert_log.waiting_articles(7, None)) == 2
    services.chats.put(
        replace(chat, settings=replace(chat.settings, digest=False), subscriptions=chat.subscriptions[:1])
    )
    clock.now += timedelta(days=1)
    assert flows.queue_due_messages(services) == 1
    [article] = [hit.article.id for hit in services.archive.search("雨水花园").hits]
    assert _keys(services) == {(7, f"bundle:0:{article}:{clock.now:%Y-%m-%d}")}
    assert services.outbox.alert_log.waiting_articles(7, None) == []
    assert flows.queue_due_messages(services) == 0


def test_the_digest_leaves_out_what_its_chat_was_alerted_of(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _subscribe(services, 8, "地铁")
    _drop(services, "2023-03-05.txt")
    clock.now = datetime(2023, 3, 5, 1, 0, tzinfo=UTC)
    flows.ingest_pages(services)
    assert flows.queue_alerts(services) == 1
    _owed(services, 7)
    clock.now = datetime(2023, 3, 5, 23, 30, tzinfo=UTC)
    assert flows.queue_due_messages(services) == 2
    (without,), (whole,) = _owed(services, 7), _owed(services, 8)
    assert "云河市建成首座雨水花园" in whole
    assert "云河市建成首座雨水花园" not in without
    assert "图书馆延长开放时间" in without


def test_a_weekly_report_counts_the_matches_of_the_seven_days_before_it(
    services: Services, clock: _Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _subscribe(services, 7, "地铁")
    chat = services.chats.get(7)
    assert chat
    services.chats.put(replace(chat, settings=replace(chat.settings, digest=False, weekly_report=True)))
    periods: list[tuple[int, date, date]] = []

    def recorded(chat: int, first: date, last: date) -> dict[int, int]:
        periods.append((chat, first, last))
        return {}

    monkeypatch.setattr(services.outbox.alert_log, "match_counts", recorded)
    clock.now = datetime(2023, 3, 12, 23, 30, tzinfo=UTC)  # 07:30 on Monday the 13th in Shanghai
    assert flows.queue_due_messages(services) == 1
    assert periods == [(7, date(2023, 3, 6), date(2023, 3, 12))]
    assert _keys(services) == {(7, "account:2023-03-13")}


def test_a_file_that_was_just_written_waits_unless_it_is_named(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    clock.now = datetime.now(UTC)
    ingestion = Ingestion(services)
    assert asyncio.run(ingestion.run()).read == 0
    assert asyncio.run(ingestion.run([services.config.archive.folder / "2023-03-05.txt"])).read == 1


def test_the_command_line_ingests_a_file_that_was_just_written(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    clock.now = datetime.now(UTC)
    assert flows.ingest_pages(services).read == 1

"""The flows over real stores: new pages to alerts, due messages to the outbox, each once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot import app, config, flows
from bot.context import Services
from digests.models import NewArticle
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


def _take_in(services: Services, clock: _Clock) -> int:
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    flows.ingest_pages(services, skip_unsettled=True)
    return flows.queue_alerts(services)


def _owed(services: Services, chat: int) -> list[str]:
    """The texts owed to a chat, in order; marks each as sent."""
    texts = []
    while parts := [owed for owed in services.outbox.due(services.clock()) if owed.chat == chat]:
        for owed in parts:
            texts.append(owed.message.text)
            services.outbox.mark_sent(owed.id, 1, services.clock())
    return texts


def test_a_subscriber_is_alerted_of_a_matching_new_page(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _subscribe(services, 8, "地铁")
    _drop(services, "2023-03-05.txt")
    assert _take_in(services, clock) == 1
    (alert,) = _owed(services, 7)
    assert "雨水花园" in alert
    assert _owed(services, 8) == []


def test_an_article_that_matches_two_subscriptions_is_sent_once_with_both_reasons(
    services: Services, clock: _Clock
) -> None:
    _subscribe(services, 7, "雨水花园", "内涝")
    _drop(services, "2023-03-05.txt")
    _take_in(services, clock)
    (alert,) = _owed(services, 7)
    assert "内涝" in alert


def test_all_new_articles_of_one_ingestion_are_one_message(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园", "图书馆")
    _drop(services, "2023-03-05.txt")
    _take_in(services, clock)
    assert len(_owed(services, 7)) == 1


def test_an_article_alerts_once_even_if_it_is_corrected(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    assert _take_in(services, clock) == 1
    assert _take_in(services, clock) == 0
    _drop(services, "2023-03-05.txt", PAGE.replace("雨水八百吨", "雨水九百吨"))
    assert _take_in(services, clock) == 0, "a corrected article is no news"


def test_a_renamed_page_does_not_alert_again(services: Services, clock: _Clock) -> None:
    _subscribe(services, 7, "雨水花园")
    _drop(services, "2023-03-05.txt")
    assert _take_in(services, clock) == 1
    folder = services.config.archive.folder
    (folder / "2023-03-05.txt").rename(folder / "2023-03-05-1.txt")
    assert _take_in(services, clock) == 0


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


def test_articles_ingested_before_a_subscription_do_not_alert(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    _take_in(services, clock)
    _subscribe(services, 7, "雨水花园")
    assert _take_in(services, clock) == 0


def test_a_crash_between_ingesting_and_matching_loses_no_alert(settings: config.Config, clock: _Clock) -> None:
    clock.now = datetime.now(UTC) + timedelta(minutes=1)
    with app.open_services(settings, clock) as services:
        _subscribe(services, 7, "雨水花园")
        _drop(services, "2023-03-05.txt")
        flows.ingest_pages(services)
    with app.open_services(settings, clock) as again:
        assert _take_in(again, clock) == 1


def test_a_rebuilt_index_alerts_nobody_again(settings: config.Config, clock: _Clock) -> None:
    with app.open_services(settings, clock) as services:
        _subscribe(services, 7, "雨水花园")
        _drop(services, "2023-03-05.txt")
        assert _take_in(services, clock) == 1
    for file in (settings.data / "index").iterdir():
        file.unlink()
    with app.open_services(settings, clock) as again:
        assert _take_in(again, clock) == 0
        assert again.archive.issues()


def test_the_daily_digest_is_queued_at_its_time_once(services: Services, clock: _Clock) -> None:
    _drop(services, "2023-03-05.txt")
    _take_in(services, clock)
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
    _take_in(services, clock)
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
    told = services.config.digest.model_copy(update={"mode": "replay", "replay_since": date(2023, 4, 1)})
    services = replace(services, config=services.config.model_copy(update={"digest": told}))
    for day in ("2023-03-05", "2023-03-09"):
        _drop(services, f"{day}.txt", PAGE.replace("雨水花园", f"雨水花园{day[-1]}号"))
    _take_in(services, clock)
    clock.now = datetime(2023, 3, 30, tzinfo=UTC)
    _subscribe(services, 7, "地铁")
    mornings = []
    for _ in range(5):
        clock.now += timedelta(days=1)
        flows.queue_due_messages(services)
        mornings.append(len(_owed(services, 7)))
    assert mornings == [0, 1, 1, 0, 0]

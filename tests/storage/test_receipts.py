"""Receipts are kept for a month; the keys and reported articles of entries stay for good."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path
from typing import cast

from bot.delivery import Delivery
from bot.flows.new_articles import Ingestion
from bot.jobs import RECEIPTS_KEPT, Jobs
from digests.chats import OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from tests.newsroom import newsroom
from tests.virtual_clock import NOW

CHAT = 7
DAY = timedelta(days=1)


def entry(key: str, *articles: str) -> OutboxEntry:
    return OutboxEntry(CHAT, key, (OutgoingMessage("防汛"),), articles)


def test_old_sent_and_failed_parts_are_deleted_but_their_keys_and_articles_stay(tmp_path: Path) -> None:
    with contextlib.closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for key in ("old", "failed", "owed", "new"):
            outbox.add(entry(key, f"article of {key}"), NOW)
        old, failed = outbox.due(NOW)[0], outbox.due(NOW)[0].id + 1
        outbox.mark_sent(old.id, 1, NOW)
        outbox.mark_failed(failed, "too long")
        outbox.mark_sent(failed + 2, 2, NOW + DAY)
        outbox.prune(NOW + DAY)
        assert outbox.counts() == {"owed": 1, "held": 0, "sent": 1, "failed": 0}
        assert outbox.reported_articles(CHAT) == {f"article of {key}" for key in ("old", "failed", "owed", "new")}
        assert not outbox.add(entry("old"), NOW + DAY)


def test_the_daily_job_keeps_the_receipts_of_a_month(tmp_path: Path) -> None:
    with newsroom(tmp_path) as news:
        services = news.services
        for key, age in (("old", RECEIPTS_KEPT + DAY), ("new", RECEIPTS_KEPT - DAY)):
            services.outbox.add(entry(key), news.clock.now - age)
            services.outbox.mark_sent(services.outbox.due(news.clock.now)[0].id, 1, news.clock.now - age)
        asyncio.run(Jobs(services, cast(Delivery, None), Ingestion(services)).prune_receipts())
        assert services.outbox.counts()["sent"] == 1


def test_prune_deletes_parts_sent_before_a_moment_and_not_at_it(tmp_path: Path) -> None:
    with contextlib.closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        outbox.add(entry("old"), NOW)
        outbox.mark_sent(1, 1, NOW + DAY)
        outbox.prune(NOW + DAY)
        assert outbox.counts()["sent"] == 1
        outbox.prune(NOW + DAY + timedelta(microseconds=1))
        assert outbox.counts()["sent"] == 0


def test_receipts_are_kept_for_exactly_thirty_days(tmp_path: Path) -> None:
    assert timedelta(days=30) == RECEIPTS_KEPT
    with newsroom(tmp_path) as news:
        outbox = news.services.outbox
        for key, age in (("old", 30 * DAY + timedelta(seconds=1)), ("new", 30 * DAY)):
            outbox.add(entry(key), news.clock.now - age)
            outbox.mark_sent(outbox.due(news.clock.now)[0].id, 1, news.clock.now - age)
        asyncio.run(Jobs(news.services, cast(Delivery, None), Ingestion(news.services)).prune_receipts())
        assert outbox.counts()["sent"] == 1

"""Cost of the storage with many chats: a change of settings, due messages, new messages, receipts, a backup.

Every write is durable as in the running program, on the disk of this machine.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from digests.chats import Chat, OutgoingMessage, Settings, Subscription
from digests.digest.editions import Edition
from digests.storage.backup import back_up
from digests.storage.documents import to_document
from digests.storage.files import encode_envelope
from digests.storage.migrations import CHAT_MIGRATIONS as STEPS
from digests.storage.migrations import latest_version
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import CHAT_FORMAT, ChatStore
from digests.subscriptions import schedule

READERS = 10_000
SUBSCRIPTIONS_EACH = 3
NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DEFAULTS = schedule.ChatDefaults(
    digest_time=datetime(2026, 1, 1, 7, 30).time(), zone=ZONE, max_delay=timedelta(hours=6)
)
EDITION = Edition((NOW.date(),), "digest:2026-11-22")
AT_A_TIME = 32
"""Receipts stored together: as many as there are requests in flight."""

Row = tuple[str, float, str]


def rows() -> Iterator[Row]:
    """Yield what is measured, the figure, and its limit: below (<) or above (>)."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        _many_readers(data / "chats.json")
        chats = ChatStore(data / "chats.json")
        with closing(Outbox(data / "outbox.sqlite")) as outbox:
            yield "a change of settings, ms", 1000 * _each(lambda n: _change(chats, n)), "< 50"
            yield "what is due, nobody owed yet, ms", 1000 * _each(lambda _: _due(chats, outbox)), "< 100"
            entries = [
                OutboxEntry(chat.id, EDITION.key, (OutgoingMessage("防汛" * 400),), (f"article-{chat.id}",))
                for chat in chats.all()
            ]
            yield "messages owed a second", READERS / _once(lambda: outbox.add_many(entries, NOW)), "> 5000"
            yield "what is due, all owed, ms", 1000 * _each(lambda _: _due(chats, outbox)), "< 100"
            yield "what may go next, 100 of 10,000, ms", 1000 * _each(lambda _: outbox.due(NOW)), ""
            yield "a backup of it, s", _once(lambda: back_up(data, data / "kept", NOW)), ""
            yield (
                f"receipts a second, {AT_A_TIME} at a time",
                READERS / 2 / _once(lambda: _receive(outbox, AT_A_TIME)),
                "> 1000",
            )
            yield "receipts a second, each by itself", 1000 / _once(lambda: _receive(outbox, 1, 1000)), ""


def _many_readers(file: Path) -> None:
    def subscriptions(number: int) -> tuple[Subscription, ...]:
        return tuple(
            Subscription(n, f"防汛 {number} {n}", NOW - timedelta(days=9)) for n in range(1, SUBSCRIPTIONS_EACH + 1)
        )

    chats = (
        Chat(n, Settings(), subscriptions(n), next_subscription=SUBSCRIPTIONS_EACH + 1) for n in range(1, READERS + 1)
    )
    documents = {str(chat.id): to_document(CHAT_FORMAT, chat) for chat in chats}
    file.write_bytes(encode_envelope({"chats": documents}, holds="chats", version=latest_version(STEPS)))


def _change(chats: ChatStore, number: int) -> None:
    chats.update(
        number + 1, lambda chat: replace(chat, settings=replace(chat.settings, digest=not chat.settings.digest))
    )


def _due(chats: ChatStore, outbox: Outbox) -> None:
    schedule.due_messages(
        chats.all(),
        outbox.alert_log.pending_bundles(),
        lambda _day: EDITION,
        outbox.chats_with_key,
        now=NOW,
        defaults=DEFAULTS,
        problems=[],
    )


def _receive(outbox: Outbox, at_a_time: int, count: int = READERS // 2) -> None:
    """Store the receipts of `count` owed parts."""
    numbers = [owed.id for owed in outbox.due(NOW, count)]
    for start in range(0, count, at_a_time):
        outbox.mark_many_sent(dict.fromkeys(numbers[start : start + at_a_time], 1), NOW)


def _each(work: Callable[[int], object], runs: int = 15) -> float:
    """Return the median seconds of some runs."""
    return median(_once(lambda n=n: work(n)) for n in range(runs))


def _once(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

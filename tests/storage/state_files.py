"""A data folder with real files for the tests of the storage."""

import contextlib
import os
import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from digests.chats import Chat, OutgoingMessage, Settings, Subscription
from digests.models import Digest, NewArticle
from digests.storage.backup_catalog import Retention
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.stores import ChatStore, DigestStore

NOW = datetime(2026, 11, 22, 20, 41, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
RETENTION = Retention(hourly=3, daily=2)


def reader(chat: int, *queries: str, active: bool = True) -> Chat:
    subscriptions = tuple(Subscription(number, query, NOW - 48 * HOUR) for number, query in enumerate(queries, 1))
    return Chat(chat, Settings(), subscriptions, active=active, next_subscription=len(queries) + 1)


def entry(chat: int, key: str, *texts: str, articles: tuple[str, ...] = ()) -> OutboxEntry:
    return OutboxEntry(chat, key, tuple(OutgoingMessage(text) for text in texts or (key,)), articles)


def furnish(data: Path) -> None:
    """Create two chats, an alert in two parts of which the first was sent, and an unmatched article."""
    chats = ChatStore(data / "chats.json")
    chats.put(reader(7, "防汛", "煤改电"))
    chats.put(reader(8, "养老"))
    with contextlib.closing(Outbox(data / "outbox.sqlite")) as outbox:
        outbox.add_unmatched([NewArticle("article-1"), NewArticle("article-2")], NOW)
        outbox.record_matching(["article-1"], [entry(7, "alert:article-1", "one", "two", articles=("article-1",))], NOW)
        outbox.mark_sent(outbox.due(NOW)[0].id, 55, NOW)
    DigestStore(data / "digests").put(
        Digest(date(2026, 11, 22), "云河日报", (1,), 3, 0, 1.0, keywords=(), stories=(), fingerprint="abc")
    )


def owed(data: Path) -> list[tuple[int, str]]:
    """Return chat and text of all owed messages, in the order in which they are due."""
    with contextlib.closing(Outbox(data / "outbox.sqlite")) as outbox:
        told = []
        while due := outbox.due(NOW + 1000 * HOUR):
            for one in due:
                told.append((one.chat, one.message.text))
                outbox.mark_sent(one.id, 1, NOW)
        return told


def torn_chats(data: Path) -> None:
    (data / "chats.json").write_bytes((data / "chats.json").read_bytes()[:90])


def torn_outbox(data: Path) -> None:
    content = (data / "outbox.sqlite").read_bytes()
    (data / "outbox.sqlite").write_bytes(content[:4096] + b"\xff" * 4096 + content[8192:])


def newer_chats(data: Path) -> None:
    (data / "chats.json").write_bytes(b'{"format":"jianbao","holds":"chats","version":99}')


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@contextlib.contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Simulate a full disk: writing a file beyond `size` bytes fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def not_as_root() -> Iterator[None]:
    """Give up root rights, which the tests often have in containers and which allow writing to read-only folders."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)

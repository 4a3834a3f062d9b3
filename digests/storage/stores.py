"""The stores of digests and chats: TinyDB files with one document per day or per chat (documents.py)."""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from digests.chats import Chat, Language, Settings
from digests.errors import DamagedFile, StateError
from digests.models import Digest, PastDigest
from digests.storage.digest_columns import DigestColumns
from digests.storage.digest_months import DigestMonths, day_month, open_documents
from digests.storage.documents import Documents
from digests.storage.migrations import CHAT_MIGRATIONS
from digests.subscriptions import merge_moved_chat

SINGLE_FILE = "digests.json"
"""The file in which earlier versions stored all digests, in the data folder."""
COLUMNS_FILE = "columns.sqlite"


def _in_utc(chat: Chat) -> Chat:
    """Convert the chat's moments to datetime.UTC: comparisons with pydantic's own zone class are much slower."""
    subscriptions = (
        replace(
            subscription,
            created=subscription.created.astimezone(UTC),
            muted_until=subscription.muted_until and subscription.muted_until.astimezone(UTC),
        )
        for subscription in chat.subscriptions
    )
    settings = chat.settings
    if settings.paused_until:
        settings = replace(settings, paused_until=settings.paused_until.astimezone(UTC))
    return replace(chat, subscriptions=tuple(subscriptions), settings=settings)


CHAT_FORMAT: TypeAdapter[Chat] = TypeAdapter(Annotated[Chat, AfterValidator(_in_utc)])


def has_digests(folder: Path) -> bool:
    """True if digests can be read from `folder`; False before the first ingestion after an installation or update."""
    return (folder / COLUMNS_FILE).exists() and not folder.with_name(SINGLE_FILE).exists()


class DigestStore:
    """The digests by the day of their issue, which can be rebuilt from the pages; thread-safe.

    A digest is in the file of its month, and what trends and later digests need of it also in the columns.
    """

    def __init__(self, folder: Path, *, owner: bool = True) -> None:
        """Open or create the folder; only its `owner` changes it, and takes over the single file of earlier versions.

        Raises DamagedFile or NewerFile, which leave all files unchanged, and StateError.
        """
        self._lock = threading.RLock()
        self._single = folder.with_name(SINGLE_FILE)
        self._months = DigestMonths(folder)
        single = open_documents(self._single) if self._single.exists() else None
        if single and not owner:
            raise StateError(
                f"{self._single} was written by an earlier version of Jianbao; `jianbao ingest` and the start of the "
                f"bot move its digests to {folder}"
            )
        self._columns = DigestColumns(folder / COLUMNS_FILE, owner=owner)
        if owner:
            self._compare_months()
        if single:
            self._take_over(single)

    def get(self, day: date) -> Digest | None:
        """Return the digest of a day; None if there is none, or if it cannot be read: it is then built anew."""
        with self._lock:
            try:
                digest, past = self._months.get(day), self._columns.get(day)
            except DamagedFile:
                return None
            return replace(digest, traces=past.traces if past else ()) if digest else None

    def past(self, day: date) -> PastDigest | None:
        """Return the columns of the digest of a day; None if there is none, or if it has to be built again."""
        with self._lock:
            return self._columns.get(day)

    def put(self, digest: Digest) -> None:
        """Store a digest, replacing the one of the same day, if any; durable on return. Raises StateError."""
        self.put_many([digest])

    def put_many(self, digests: Sequence[Digest]) -> None:
        """Store digests like `put`, in a single write of the file of each month."""
        with self._lock:
            months = self._months.put_many(digests)
            self._columns.put(digests, {month: self._months.signature(month) for month in months})

    def remove_many(self, days: Collection[date]) -> None:
        """Delete the digests of days, those that there are, in a single write a month; durable on return."""
        with self._lock:
            months = self._months.remove_many(days)
            self._columns.remove_many(days, {month: self._months.signature(month) for month in months})

    def fingerprint(self, day: date) -> str | None:
        """Return the fingerprint of the digest of `day`; None if there is none, or if it has to be built again."""
        with self._lock:
            return self._columns.fingerprint(day)

    def fingerprints(self) -> dict[date, str]:
        """Return the fingerprints of the digests by day; "" for one that has to be built again."""
        with self._lock:
            return self._columns.fingerprints()

    def problems(self) -> list[str]:
        """Return what is wrong with the stored files, as sentences; reads all digests, one month at a time."""
        with self._lock:
            return list(self._problems())

    def close(self) -> None:
        with self._lock:
            self._months.close()
            self._columns.close()

    def _problems(self) -> Iterator[str]:
        rows: dict[str, dict[int, str]] = defaultdict(dict)
        for day, fingerprint in self._columns.fingerprints().items():
            rows[day_month(day)][day.toordinal()] = fingerprint
        if damage := self._columns.damage():
            yield f"the columns of the digests are damaged ({damage}); the next start builds all digests again"
        for month in sorted(rows.keys() | self._months.signatures().keys()):
            try:
                if self._months.fingerprints(month) != rows[month]:
                    yield f"the digests of {month} are not those of their columns; the next start builds them again"
            except StateError as error:
                yield str(error)

    def _compare_months(self) -> None:
        """Clear the columns of digests in files that changed since the columns were written."""
        known, found = self._columns.signatures(), self._months.signatures()
        for month in sorted(known.keys() | found.keys()):
            if known.get(month, "") != found.get(month, ""):
                self._columns.compare(month, self._months.fingerprints(month), found.get(month, ""))

    def _take_over(self, single: Documents[Digest]) -> None:
        """Move the digests of the single file to the files of their months; a crash repeats it at the next start."""
        by_month: dict[str, list[Digest]] = defaultdict(list)
        for document in single.documents():
            with suppress(DamagedFile):  # that digest is built anew
                digest = single.value(document)
                by_month[day_month(digest.day)].append(digest)
        single.close()
        for digests in by_month.values():
            self.put_many(digests)
        self._single.unlink()


class ChatStore:
    """The chats of the bot with their settings and subscriptions; thread-safe."""

    def __init__(self, path: Path, *, owner: bool = True) -> None:
        """Open or create the file. Only the `owner` migrates an older file on disk.

        Raises DamagedFile or NewerFile, which leave the file unchanged.
        """
        self._lock = threading.RLock()
        self._documents = Documents(
            path, CHAT_FORMAT, holds="chats", steps=CHAT_MIGRATIONS, rebuildable=False, owner=owner
        )
        # Every tick reads all chats, so they are decoded once and kept; they are frozen.
        self._chats = self._documents.all()

    def get(self, chat_id: int) -> Chat | None:
        with self._lock:
            return self._chats.get(chat_id)

    def get_or_create(self, chat_id: int, language: Language) -> Chat:
        """Return the stored chat, marked as active; if there is none, store and return a new one in `language`."""
        with self._lock:
            stored = self._chats.get(chat_id)
            chat = Chat(chat_id, Settings(language=language)) if stored is None else replace(stored, active=True)
            if chat != stored:
                self.put(chat)
            return chat

    def put(self, chat: Chat) -> None:
        """Store a chat, replacing the one with the same id, if any; durable on return. Raises StateError."""
        with self._lock:
            try:
                self._documents.put(chat.id, chat)
            finally:
                self._reread(chat.id)

    def update(self, chat_id: int, change: Callable[[Chat], Chat], start: Chat | None = None) -> Chat | None:
        """Read, change and store a chat atomically; return the changed chat.

        If the chat is not stored, `start` is changed instead, and stored if the result differs; without `start`, return
        None.
        """
        with self._lock:
            chat = self._chats.get(chat_id, start)
            if chat is None:
                return None
            changed = change(chat)
            if changed != chat:
                self.put(changed)
            return changed

    def move(self, old_id: int, new_id: int) -> None:
        """Move a chat, with its subscriptions, to its new Telegram id (a group that became a supergroup)."""
        with self._lock:
            old = self._chats.get(old_id)
            if old is None or old_id == new_id:
                return
            new = self._chats.get(new_id, replace(old, id=new_id))
            self.put(replace(merge_moved_chat(new, old), active=True))
            self.delete(old_id)

    def all(self) -> list[Chat]:
        with self._lock:
            return list(self._chats.values())

    def delete(self, chat_id: int) -> None:
        """Remove all stored data of a chat; durable on return."""
        with self._lock:
            try:
                self._documents.remove(chat_id)
                self._documents.put_many({})  # a second write: the previous version of the file still contains the chat
            finally:
                self._reread(chat_id)

    def close(self) -> None:
        self._documents.close()

    def _reread(self, chat_id: int) -> None:
        """Read the chat into memory again, so that it equals the file even if a write failed."""
        chat = self._documents.get(chat_id)
        if chat is None:
            self._chats.pop(chat_id, None)
        else:
            self._chats[chat_id] = chat

"""The two TinyDB stores: digests, one document per day, and chats, one document per chat.

A document is a value in pydantic's JSON form, without fields that have their default. Its number is the ordinal of the
day or the id of the chat, so the time to read one does not depend on how many there are.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import AfterValidator, TypeAdapter, ValidationError
from tinydb import TinyDB
from tinydb.table import Document

from digests.chats import Chat, Language, Settings
from digests.errors import DamagedFile
from digests.models import Digest
from digests.storage.json_storage import JsonFile
from digests.storage.migrations import CHAT_MIGRATIONS, DIGEST_MIGRATIONS, Migration
from digests.subscriptions import merge_moved_chat

Value = TypeVar("Value")


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
DIGEST_FORMAT: TypeAdapter[Digest] = TypeAdapter(Digest)


def to_document(value_format: TypeAdapter[Value], value: Value) -> dict[str, Any]:
    """Return the document of a value; defaults are left out, because every write contains all documents."""
    document: dict[str, Any] = value_format.dump_python(value, mode="json", exclude_defaults=True)
    return document


class _Documents(Generic[Value]):
    """A file with one table, values by number; thread-safe, each change durable on return."""

    def __init__(
        self,
        path: Path,
        value_format: TypeAdapter[Value],
        *,
        holds: str,
        steps: Sequence[Migration],
        rebuildable: bool,
        owner: bool = False,
    ) -> None:
        self._format = value_format
        self._lock = threading.RLock()
        self._db = TinyDB(path, storage=JsonFile, holds=holds, steps=steps, rebuildable=rebuildable)
        self._file = cast(JsonFile, self._db.storage)
        self._table = self._db.table(holds)
        if owner and self._file.needs_migration:
            self.put_many({})

    def get(self, number: int) -> Value | None:
        document = self.document(number)
        return None if document is None else self._value(document)

    def document(self, number: int) -> Document | None:
        with self._lock:
            return self._table.get(doc_id=number)

    def put(self, number: int, value: Value) -> None:
        document = to_document(self._format, value)

        def rewrite(stored: Any) -> None:
            stored.clear()
            stored.update(document)

        with self._lock:
            # TinyDB's upsert would write the file twice for a new document, and keep fields that the new value lacks.
            if self._table.contains(doc_id=number):
                self._table.update(rewrite, doc_ids=[number])
            else:
                self._table.insert(Document(document, number))

    def put_many(self, values: Mapping[int, Value]) -> None:
        """Store all values in a single write of the file; the file is written even if `values` is empty."""
        documents = {number: to_document(self._format, value) for number, value in values.items()}

        def rewrite(table: dict[int, Any]) -> None:
            table.update(documents)

        with self._lock:
            # TinyDB's insert_multiple refuses existing numbers, and an update of these would be a second write.
            self._table._update_table(rewrite)  # noqa: SLF001  TinyDB has no public method that changes many at once

    def remove(self, number: int) -> None:
        with self._lock:
            if self._table.contains(doc_id=number):
                self._table.remove(doc_ids=[number])

    def documents(self) -> list[Document]:
        with self._lock:
            return self._table.all()

    def all(self) -> dict[int, Value]:
        return {document.doc_id: self._value(document) for document in self.documents()}

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _value(self, document: Document) -> Value:
        try:
            return self._format.validate_python(document)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            found = f"has a document {document.doc_id} that cannot be read ({where}: {problem['msg']})"
            raise self._file.damaged(found) from error


class DigestStore:
    """The digests by the day of their issue; they can be rebuilt from the pages."""

    def __init__(self, path: Path, *, owner: bool = False) -> None:
        """Open or create the file. Only the `owner` migrates an older file on disk.

        Raises DamagedFile or NewerFile, which leave the file unchanged.
        """
        self._documents = _Documents(
            path, DIGEST_FORMAT, holds="digests", steps=DIGEST_MIGRATIONS, rebuildable=True, owner=owner
        )

    def get(self, day: date) -> Digest | None:
        """Return the digest of a day; None if there is none, or if it cannot be read: it is then built anew."""
        try:
            return self._documents.get(day.toordinal())
        except DamagedFile:
            return None

    def put(self, digest: Digest) -> None:
        """Store a digest, replacing the one of the same day, if any; durable on return. Raises StateError."""
        self._documents.put(digest.day.toordinal(), digest)

    def put_many(self, digests: Sequence[Digest]) -> None:
        """Store digests like `put`, in a single write."""
        self._documents.put_many({digest.day.toordinal(): digest for digest in digests})

    def remove(self, day: date) -> None:
        """Delete the digest of a day, if there is one; durable on return."""
        self._documents.remove(day.toordinal())

    def fingerprint(self, day: date) -> str | None:
        """Return the fingerprint of the stored digest of `day`; None if there is none."""
        document = self._documents.document(day.toordinal())
        return None if document is None else str(document.get("fingerprint"))

    def fingerprints(self) -> dict[date, str]:
        """Return the fingerprints of the stored digests by day."""
        documents = self._documents.documents()
        return {date.fromordinal(document.doc_id): str(document.get("fingerprint")) for document in documents}

    def close(self) -> None:
        self._documents.close()


class ChatStore:
    """The chats of the bot with their settings and subscriptions; thread-safe."""

    def __init__(self, path: Path, *, owner: bool = True) -> None:
        """Open or create the file. Only the `owner` migrates an older file on disk.

        Raises DamagedFile or NewerFile, which leave the file unchanged.
        """
        self._lock = threading.RLock()
        self._documents = _Documents(
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

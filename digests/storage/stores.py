"""The two TinyDB stores: digests, one document an issue; chats, one document a chat.

A document is found by its number (the day's ordinal, the chat's id), so reading one costs the same among ten or ten
thousand. forms.py knows how a value looks as a document.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.table import Document

from digests.chats import Chat, Language, Settings
from digests.errors import DamagedFile
from digests.models import Digest
from digests.storage import files
from digests.storage.documents import chat_document, chat_of, digest_document, digest_of
from digests.storage.files import Step
from digests.storage.json_storage import JsonFile
from digests.storage.manifest import remedy
from digests.subscriptions import adopt


class _Documents:
    """One table of documents addressed by number; thread-safe, each change durable on return."""

    def __init__(
        self, path: Path, *, holds: str, steps: Sequence[Step], rebuildable: bool, owner: bool = False
    ) -> None:
        self._lock = threading.RLock()
        self._db = TinyDB(path, storage=JsonFile, holds=holds, steps=steps, rebuildable=rebuildable)
        self._table = self._db.table(holds)
        if owner and cast(JsonFile, self._db.storage).is_older:
            self.put_many({})

    def get(self, number: int) -> Document | None:
        with self._lock:
            return self._table.get(doc_id=number)

    def put(self, number: int, document: dict[str, Any]) -> None:
        def rewrite(stored: Any) -> None:
            stored.clear()
            stored.update(document)

        with self._lock:
            # TinyDB's own upsert writes the file twice for a new document, and keeps fields that the new one lacks.
            if self._table.contains(doc_id=number):
                self._table.update(rewrite, doc_ids=[number])
            else:
                self._table.insert(Document(document, number))

    def put_many(self, documents: Mapping[int, dict[str, Any]]) -> None:
        def rewrite(table: dict[int, Any]) -> None:
            table.update(documents)

        with self._lock:
            # TinyDB's insert_multiple refuses documents that are there, and an update would be a second write.
            self._table._update_table(rewrite)  # noqa: SLF001  the one place of TinyDB where many change at once

    def remove(self, number: int) -> None:
        with self._lock:
            if self._table.contains(doc_id=number):
                self._table.remove(doc_ids=[number])

    def all(self) -> list[Document]:
        with self._lock:
            return self._table.all()

    def close(self) -> None:
        with self._lock:
            self._db.close()


class Digests:
    """The digests that were built, by the day of their issue. They can be built anew from the pages."""

    def __init__(self, path: Path) -> None:
        """Open or begin the file; raises DamagedFile or NewerFile, and then overwrites nothing."""
        self._documents = _Documents(path, holds="digests", steps=files.DIGESTS, rebuildable=True)

    def get(self, day: date) -> Digest | None:
        document = self._documents.get(day.toordinal())
        return None if document is None else digest_of(document)

    def put(self, digest: Digest) -> None:
        """Store the digest of its day in place of any other; durable on return. Raises StateError."""
        self._documents.put(digest.day.toordinal(), digest_document(digest))

    def put_many(self, digests: Sequence[Digest]) -> None:
        """Store digests in place of any others of their days, all by one write; durable on return."""
        self._documents.put_many({digest.day.toordinal(): digest_document(digest) for digest in digests})

    def remove(self, day: date) -> None:
        """Forget the digest of a day; a day without one is left so."""
        self._documents.remove(day.toordinal())

    def fingerprint(self, day: date) -> str | None:
        """What the stored digest of `day` was made of and by; None where there is none."""
        document = self._documents.get(day.toordinal())
        return None if document is None else str(document["fingerprint"])

    def fingerprints(self) -> dict[date, str]:
        """What each stored digest was made of and by, to see which are out of date."""
        return {date.fromisoformat(d["day"]): d["fingerprint"] for d in self._documents.all()}

    def close(self) -> None:
        self._documents.close()


class Chats:
    """The chats that wrote to the bot, with their settings and subscriptions."""

    def __init__(self, path: Path, *, owner: bool = True) -> None:
        """Open or begin the file; its `owner` brings an older one to the form of today, others only read it so.

        Raises DamagedFile or NewerFile, and overwrites nothing, when it is not whole and ours.
        """
        self._lock = threading.RLock()
        self._documents = _Documents(path, holds="chats", steps=files.CHATS, rebuildable=False, owner=owner)
        # A tick asks for all chats; their values are frozen, so each is read from its document once.
        self._known = {document.doc_id: self._read(path, document) for document in self._documents.all()}

    def get(self, chat_id: int) -> Chat | None:
        with self._lock:
            return self._known.get(chat_id)

    def open(self, chat_id: int, language: Language) -> Chat:
        """The chat as stored, else a new one in `language`, stored; active in either case, since it has written."""
        with self._lock:
            chat = self._known.get(chat_id)
            opened = Chat(chat_id, Settings(language=language)) if chat is None else replace(chat, active=True)
            if opened != chat:
                self.put(opened)
            return opened

    def put(self, chat: Chat) -> None:
        """Store the chat in place of what was stored of it; durable on return. Raises StateError."""
        with self._lock:
            try:
                self._documents.put(chat.id, chat_document(chat))
            finally:
                self._reread(chat.id)

    def change(self, chat_id: int, how: Callable[[Chat], Chat], start: Chat | None = None) -> Chat | None:
        """Read, change and store a chat with nobody in between.

        One that there is not begins as `start`, and is stored if that is changed; without `start` None is given.
        """
        with self._lock:
            chat = self._known.get(chat_id, start)
            if chat is None:
                return None
            changed = how(chat)
            if changed != chat:
                self.put(changed)
            return changed

    def move(self, chat_id: int, to: int) -> None:
        """Carry a chat over to its new Telegram id (a group that became a supergroup), subscriptions and all."""
        with self._lock:
            old = self._known.get(chat_id)
            if old is None or chat_id == to:
                return
            new = self._known.get(to, replace(old, id=to))
            self.put(replace(adopt(new, old), active=True))
            self.forget(chat_id)

    def all(self) -> list[Chat]:
        with self._lock:
            return list(self._known.values())

    def forget(self, chat_id: int) -> None:
        """Remove all that is stored of a chat; durable on return."""
        with self._lock:
            try:
                self._documents.remove(chat_id)
                self._documents.put_many({})  # the version before lies beside the file, and would still hold the chat
            finally:
                self._reread(chat_id)

    def close(self) -> None:
        self._documents.close()

    def _read(self, path: Path, document: Document) -> Chat:
        try:
            return chat_of(document)
        except (LookupError, TypeError, ValueError) as error:
            raise DamagedFile(
                f"{path} holds under {document.doc_id} what cannot be read as a chat ({error!r}); "
                f"nothing was overwritten; {remedy(path.parent)}"
            ) from error

    def _reread(self, chat_id: int) -> None:
        """Know what the file says, also after a write that failed."""
        document = self._documents.get(chat_id)
        if document is None:
            self._known.pop(chat_id, None)
        else:
            self._known[chat_id] = chat_of(document)

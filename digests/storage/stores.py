"""How digests and chats look as documents in the stores, and the way back (pure).

The two TinyDB stores: digests, one document an issue; chats, one document a chat.

A document is found by its number (the day's ordinal, the chat's id), so reading one costs the same among ten or ten
thousand. forms.py knows how a value looks as a document.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.table import Document

from digests.chats import Channel, Chat, Language, Settings, Subscription
from digests.errors import DamagedFile
from digests.models import ArticleRef, Digest, Figure, Keyword, Story, Trace
from digests.storage import migrations
from digests.storage.json_storage import JsonFile
from digests.storage.manifest import recovery_hint
from digests.storage.migrations import Migration
from digests.subscriptions import merge_moved_chat


def digest_document(digest: Digest) -> dict[str, Any]:
    return {
        "day": digest.day.isoformat(),
        "paper": digest.paper,
        "pages": list(digest.pages),
        "articles": digest.articles,
        "notices": digest.notices,
        "quality": digest.quality,
        "keywords": [[keyword.text, keyword.weight, keyword.trend] for keyword in digest.keywords],
        "stories": [
            {
                "article": story.article,
                "headline": story.headline,
                "page": story.page,
                "quote": story.quote,
                "score": story.score,
                "parts": [[name, value] for name, value in story.parts],
                "theme": story.theme,
                "copies": list(story.copies),
                "follows": story.follows
                and [story.follows.day.isoformat(), story.follows.article, story.follows.headline],
            }
            for story in digest.stories
        ],
        "fingerprint": digest.fingerprint,
        "figures": [[figure.text, figure.quote, figure.article] for figure in digest.figures],
        "repeated": digest.repeated,
        "traces": [
            [trace.article, trace.headline, list(trace.keywords), list(trace.sketch)] for trace in digest.traces
        ],
    }


def digest_of(document: Mapping[str, Any]) -> Digest:
    return Digest(
        day=date.fromisoformat(document["day"]),
        paper=document["paper"],
        pages=tuple(document["pages"]),
        articles=document["articles"],
        notices=document["notices"],
        quality=document["quality"],
        keywords=tuple(Keyword(*keyword) for keyword in document["keywords"]),
        stories=tuple(_story(story) for story in document["stories"]),
        fingerprint=document["fingerprint"],
        figures=tuple(Figure(*figure) for figure in document.get("figures", ())),
        repeated=document.get("repeated", 0),
        traces=tuple(
            Trace(article, headline, tuple(listed), tuple(sketch))
            for article, headline, listed, sketch in document.get("traces", ())
        ),
    )


def _story(document: dict[str, Any]) -> Story:
    parts = tuple((name, value) for name, value in document["parts"])
    follows = document.get("follows")
    return Story(
        **{
            **document,
            "parts": parts,
            "copies": tuple(document.get("copies", ())),
            "follows": follows and ArticleRef(date.fromisoformat(follows[0]), *follows[1:]),
        }
    )


def chat_document(chat: Chat) -> dict[str, Any]:
    """What is as it is for everybody is left out: a chat's document stays small, and all are written at each change."""
    return {
        "id": chat.id,
        "settings": _chosen(chat.settings, {"language"}),
        "subscriptions": [_chosen(one, {"id", "query", "created"}) for one in chat.subscriptions],
        "active": chat.active,
        "next_subscription": chat.next_subscription,
        **({"channels": [[one.id, one.title] for one in chat.channels]} if chat.channels else {}),
        **({"manages": chat.managed_channel} if chat.managed_channel is not None else {}),
    }


def chat_of(document: Mapping[str, Any]) -> Chat:
    return Chat(
        id=document["id"],
        settings=Settings(**_read(document["settings"])),
        subscriptions=tuple(Subscription(**_read(one)) for one in document["subscriptions"]),
        active=document["active"],
        next_subscription=document["next_subscription"],
        channels=tuple(Channel(*one) for one in document.get("channels", ())),
        managed_channel=document.get("manages"),
    )


def _chosen(value: Settings | Subscription, always: set[str]) -> dict[str, Any]:
    """The fields that stand in `always` or are not at their defaults."""
    held = {one.name: (getattr(value, one.name), one.default) for one in fields(value)}
    return {
        _STORED_NAMES.get(name, name): _written(now)
        for name, (now, usual) in held.items()
        if name in always or now != usual
    }


def _written(value: object) -> object:
    if isinstance(value, (datetime, time)):
        return value.isoformat()
    return [_written(one) for one in value] if isinstance(value, tuple) else value


def _read(document: dict[str, Any]) -> dict[str, Any]:
    return {_FIELD_NAMES.get(name, name): _READ.get(name, _same)(value) for name, value in document.items()}


def _same(value: Any) -> Any:
    return value


_STORED_NAMES = {"weekly_report": "account"}
"""Fields that are called otherwise in the file."""
_FIELD_NAMES = {stored: name for name, stored in _STORED_NAMES.items()}

_READ: dict[str, Callable[[Any], Any]] = {
    "created": datetime.fromisoformat,
    "muted_until": datetime.fromisoformat,
    "digest_time": time.fromisoformat,
    "quiet": lambda times: tuple(time.fromisoformat(one) for one in times),
    "weekdays": tuple,
}
"""How the fields are read that JSON has no form for."""


class _Documents:
    """One table of documents addressed by number; thread-safe, each change durable on return."""

    def __init__(
        self, path: Path, *, holds: str, steps: Sequence[Migration], rebuildable: bool, owner: bool = False
    ) -> None:
        self._lock = threading.RLock()
        self._db = TinyDB(path, storage=JsonFile, holds=holds, steps=steps, rebuildable=rebuildable)
        self._table = self._db.table(holds)
        if owner and cast(JsonFile, self._db.storage).needs_migration:
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


class DigestStore:
    """The digests that were built, by the day of their issue. They can be built anew from the pages."""

    def __init__(self, path: Path) -> None:
        """Open or begin the file; raises DamagedFile or NewerFile, and then overwrites nothing."""
        self._documents = _Documents(path, holds="digests", steps=migrations.DIGEST_MIGRATIONS, rebuildable=True)

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


class ChatStore:
    """The chats that wrote to the bot, with their settings and subscriptions."""

    def __init__(self, path: Path, *, owner: bool = True) -> None:
        """Open or begin the file; its `owner` brings an older one to the form of today, others only read it so.

        Raises DamagedFile or NewerFile, and overwrites nothing, when it is not whole and ours.
        """
        self._lock = threading.RLock()
        self._documents = _Documents(
            path, holds="chats", steps=migrations.CHAT_MIGRATIONS, rebuildable=False, owner=owner
        )
        # A tick asks for all chats; their values are frozen, so each is read from its document once.
        self._known = {document.doc_id: self._read(path, document) for document in self._documents.all()}

    def get(self, chat_id: int) -> Chat | None:
        with self._lock:
            return self._known.get(chat_id)

    def get_or_create(self, chat_id: int, language: Language) -> Chat:
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

    def update(self, chat_id: int, how: Callable[[Chat], Chat], start: Chat | None = None) -> Chat | None:
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
            self.put(replace(merge_moved_chat(new, old), active=True))
            self.delete(chat_id)

    def all(self) -> list[Chat]:
        with self._lock:
            return list(self._known.values())

    def delete(self, chat_id: int) -> None:
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
                f"nothing was overwritten; {recovery_hint(path.parent)}"
            ) from error

    def _reread(self, chat_id: int) -> None:
        """Know what the file says, also after a write that failed."""
        document = self._documents.get(chat_id)
        if document is None:
            self._known.pop(chat_id, None)
        else:
            self._known[chat_id] = chat_of(document)

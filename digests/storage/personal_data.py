"""A chat's subscriptions and settings as a file, and back (pure): it survives a new bot, and can be read by people.

    {"format": "jianbao-chat", "version": 1, "settings": {"language": "zh", ...},
     "subscriptions": [{"query": "防汛", "rhythm": "daily", ...}, ...]}

What is as it is for everybody is left out. No id of a chat or person stands in it.

A chat that wants to be forgotten is deleted wherever it is kept: in the stores and in the backups of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import orjson

from digests.chats import Chat, Language, Rhythm, Settings, Subscription
from digests.dates import ALL_WEEKDAYS
from digests.errors import DamagedFile, ImportRefused, QueryError
from digests.storage import migrations
from digests.storage.files import decode_envelope, encode_envelope, replace_file
from digests.storage.manifest import BACKUPS_FOLDER, MANIFEST_FILE, backup_names, read_manifest, write_manifest
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from digests.subscriptions import CAP_RANGE, MAX_NAME_CHARS, add_subscription, checked_query, subscriptions_of_topic
from digests.text import single_spaced

EXPORT_FORMAT = "jianbao-chat"
EXPORT_VERSION = 1
MAX_EXPORT_BYTES = 256 * 1024
"""Bytes of a file: a thousand subscriptions with long queries are less."""
STORIES_RANGE = range(1, 31)
TOPIC_RANGE = range(1, 2**31)

SkipReason = Literal["unclear", "limit", "value"]


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """Something of a file that was not taken over."""

    text: str
    """The query; of a setting its name and value."""
    reason: SkipReason
    """A query that means nothing or says nothing; a subscription above the limit; a value that is not possible."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A chat after a file was taken over."""

    chat: Chat
    added: int
    known: int
    """Subscriptions of the file that the chat had already."""
    skipped: tuple[SkippedItem, ...]


def export_chat(chat: Chat) -> str:
    """The file, as JSON text."""
    document = {
        "format": EXPORT_FORMAT,
        "version": EXPORT_VERSION,
        "settings": _exported_fields(chat.settings, Settings(), always=("language",)),
        "subscriptions": [
            _exported_fields(one, Subscription(0, "", one.created), always=("query",), never=("id", "created"))
            for one in chat.subscriptions
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def import_chat(content: bytes, chat: Chat, *, now: datetime, limit: int, forum: bool = False) -> ImportResult:
    """`chat` with the file's settings, and its subscriptions beside those that are there.

    Raises ImportRefused, and takes nothing over, where the content is not such a file (`why`: huge, foreign, newer).
    A single query or value that is not possible is left out and told of. Subscriptions count from `now`. Only in a
    `forum` do they keep their topics.
    """
    document = _document(content)
    settings, left = _settings(document["settings"], chat.settings)
    if not forum:
        settings = replace(settings, topic=None)
    chat = replace(chat, settings=settings)
    known = 0
    before = len(chat.subscriptions)
    for written in document["subscriptions"]:
        subscription, problems = _subscription(written, now)
        left += problems
        if subscription is None:
            continue
        if not forum:
            subscription = replace(subscription, topic=None)
        if any(one.query == subscription.query for one in subscriptions_of_topic(chat, subscription.topic)):
            known += 1
        elif len(chat.subscriptions) >= limit:
            left.append(SkippedItem(subscription.query, "limit"))
        else:
            chat = add_subscription(chat, subscription)
    return ImportResult(chat, len(chat.subscriptions) - before, known, tuple(left))


def _document(content: bytes) -> Mapping[str, Any]:
    if len(content) > MAX_EXPORT_BYTES:
        raise ImportRefused("huge", f"the file has {len(content)} bytes; expected at most {MAX_EXPORT_BYTES}")
    try:
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ImportRefused("foreign", f"the file is not JSON ({error})") from None
    if not isinstance(document, dict) or document.get("format") != EXPORT_FORMAT:
        raise ImportRefused("foreign", "the file is JSON, but no export of Jianbao")
    version = document.get("version")
    if isinstance(version, int) and version > EXPORT_VERSION:
        raise ImportRefused("newer", f"the file has version {version}; this program knows version {EXPORT_VERSION}")
    settings, subscriptions = document.get("settings"), document.get("subscriptions")
    if version != EXPORT_VERSION or not isinstance(settings, dict) or not isinstance(subscriptions, list):
        raise ImportRefused(
            "foreign", "the file is an export of Jianbao that somebody changed: parts of it are missing"
        )
    if not all(isinstance(one, dict) and isinstance(one.get("query"), str) for one in subscriptions):
        raise ImportRefused("foreign", "the file holds subscriptions without a query")
    return document


def _settings(written: Mapping[str, Any], otherwise: Settings) -> tuple[Settings, list[SkippedItem]]:
    values, left = _values(written, _SETTINGS)
    values.setdefault("language", otherwise.language)
    return Settings(**values), left


def _subscription(written: Mapping[str, Any], now: datetime) -> tuple[Subscription | None, list[SkippedItem]]:
    try:
        query = str(checked_query(written["query"]))
    except QueryError:
        return None, [SkippedItem(written["query"], "unclear")]
    values, left = _values({name: value for name, value in written.items() if name != "query"}, _SUBSCRIPTION)
    return Subscription(0, query, now, **values), left


def _values(
    written: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]
) -> tuple[dict[str, Any], list[SkippedItem]]:
    """The values that are possible by their names, and the others; names that are not known are left out too."""
    values, left = dict[str, Any](), list[SkippedItem]()
    for name, value in written.items():
        try:
            values[_FIELD_NAMES.get(name, name)] = readers[name](value)
        except (KeyError, ValueError, TypeError, OSError):
            left.append(SkippedItem(f"{name}: {value}", "value"))
    return values, left


def _exported_fields(
    value: Settings | Subscription,
    usual: Settings | Subscription,
    always: tuple[str, ...],
    never: tuple[str, ...] = (),
) -> dict[str, Any]:
    held = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in never}
    return {
        _EXPORTED_NAMES.get(name, name): now
        for name, now in held.items()
        if name in always or now != getattr(usual, name)
    }


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _within(value: Any, possible: range) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in possible:
        raise ValueError
    return value


def _one_of(value: Any, possible: tuple[Any, ...]) -> Any:
    if value not in possible:
        raise ValueError
    return value


def _time(value: Any) -> time:
    at = time.fromisoformat(value)
    if at.tzinfo is not None:
        raise ValueError
    return at


def _quiet(value: Any) -> tuple[time, time]:
    start, end = map(_time, value)
    return start, end


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _weekdays(value: Any) -> tuple[int, ...]:
    days = tuple(sorted({_within(day, range(len(ALL_WEEKDAYS))) for day in value}))
    if not days:
        raise ValueError
    return days


def _zone(value: Any) -> str:
    return ZoneInfo(value).key


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    said = single_spaced(value)
    if len(said) > MAX_NAME_CHARS:
        raise ValueError
    return said


_EXPORTED_NAMES = {"weekly_report": "account"}
_FIELD_NAMES = {exported: name for name, exported in _EXPORTED_NAMES.items()}

_SETTINGS: Mapping[str, Callable[[Any], Any]] = {
    "language": lambda value: _one_of(value, get_args(Language)),
    "digest": _flag,
    "digest_time": _time,
    "weekdays": _weekdays,
    "zone": _zone,
    "quiet": _quiet,
    "stories": lambda value: _within(value, STORIES_RANGE),
    "account": _flag,
    "pictures": _flag,
    "topic": lambda value: _within(value, TOPIC_RANGE),
}
_SUBSCRIPTION: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "rhythm": lambda value: _one_of(value, get_args(Rhythm)),
    "cap": lambda value: _within(value, CAP_RANGE),
    "paused": _flag,
    "muted_until": _moment,
    "topic": lambda value: _within(value, TOPIC_RANGE),
}


CHATS_FILE, OUTBOX_FILE = "chats.json", "outbox.sqlite"


def erase_chat(data: Path, chats: ChatStore, outbox: Outbox, chat: int) -> None:
    """Delete all that the data folder holds of a chat; durable on return. Raises StateError where that is impossible.

    A channel is forgotten by those who look after it, too. The chat goes before what it is owed, so that after a crash
    nobody owes it anything new. A backup that is torn is left as it is.
    """
    for other in chats.all():
        if any(one.id == chat for one in other.channels):
            chats.update(other.id, partial(_without, channel=chat))
    chats.delete(chat)
    outbox.delete_chat(chat)
    for name in backup_names(data):
        _forget_in(data / BACKUPS_FOLDER / name, chat)


def _forget_in(backup: Path, chat: int) -> None:
    try:
        manifest = read_manifest(backup)
    except DamagedFile:
        return
    (backup / MANIFEST_FILE).unlink()  # until it is whole again it is no backup, also after a crash in between
    if CHATS_FILE in manifest.files:
        _drop_chat(backup / CHATS_FILE, chat)
    if OUTBOX_FILE in manifest.files:
        outbox = Outbox(backup / OUTBOX_FILE)
        outbox.delete_chat(chat)
        outbox.close()
    write_manifest(backup, manifest.taken)


def _without(chat: Chat, channel: int) -> Chat:
    kept = tuple(one for one in chat.channels if one.id != channel)
    return replace(
        chat, channels=kept, managed_channel=None if chat.managed_channel == channel else chat.managed_channel
    )


def _drop_chat(file: Path, chat: int) -> None:
    """Rewrite the file without the chat, in the form in which it is."""
    version, tables = decode_envelope(
        file.read_bytes(), holds="chats", known=migrations.latest_version(migrations.CHAT_MIGRATIONS)
    )
    documents = tables.get("chats", {})
    documents.pop(str(chat), None)
    for document in documents.values():
        if "channels" in document:
            document["channels"] = [one for one in document["channels"] if one[0] != chat]
        if document.get("manages") == chat:
            del document["manages"]
    replace_file(file, encode_envelope(tables, holds="chats", version=version))

"""The data of a chat: export it to a file, import it from one, and erase it from the data folder.

    {"format": "jianbao-chat", "version": 1, "settings": {"language": "zh", ...},
     "subscriptions": [{"query": "防汛", "rhythm": "daily", ...}, ...]}

An export contains no id of a chat or person, and no default values except the language. Readers may edit the file, so
an import checks each value separately, applies the valid ones and lists the others.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from digests.chats import Chat, Language, Rhythm, Settings, Subscription
from digests.dates import ALL_WEEKDAYS
from digests.errors import DamagedFile, ImportRefused, QueryError
from digests.storage.backup_catalog import BACKUPS_FOLDER, MANIFEST_FILE, backup_names, read_manifest, write_manifest
from digests.storage.documents import to_document
from digests.storage.files import decode_envelope, encode_envelope, replace_file
from digests.storage.migrations import CHAT_MIGRATIONS, latest_version, migrate
from digests.storage.outbox import Outbox
from digests.storage.stores import CHAT_FORMAT, ChatStore
from digests.subscriptions import CAP_RANGE, MAX_NAME_CHARS, add_subscription, checked_query, subscriptions_of_topic
from digests.text import single_spaced

EXPORT_FORMAT = "jianbao-chat"
EXPORT_VERSION = 1
MAX_EXPORT_BYTES = 256 * 1024
"""Maximum size of a file to import; enough for a thousand subscriptions with long queries."""
MAX_STORIES = 30
MAX_TOPIC = 2**31 - 1

CHATS_FILE, OUTBOX_FILE = "chats.json", "outbox.sqlite"

SkipReason = Literal["unclear", "limit", "value"]


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """A query or value of a file that was not imported."""

    text: str
    """The query, or the name and the value of a field."""
    reason: SkipReason
    """unclear: the query is not valid; limit: the chat has too many subscriptions; value: the value is not allowed."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import."""

    chat: Chat
    added: int
    """Number of added subscriptions."""
    known: int
    """Number of subscriptions in the file that the chat already had."""
    skipped: tuple[SkippedItem, ...]


def _naive(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("expected a time without a zone")
    return value


def _weekdays(value: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(value)))


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (LookupError, OSError) as error:
        raise ValueError("expected an IANA time zone") from error


def _name(value: str) -> str:
    name = single_spaced(value)
    if len(name) > MAX_NAME_CHARS:
        raise ValueError(f"expected at most {MAX_NAME_CHARS} characters")
    return name


_Time = Annotated[time, AfterValidator(_naive)]
_Weekday = Annotated[int, Field(ge=ALL_WEEKDAYS[0], le=ALL_WEEKDAYS[-1])]
_Topic = Annotated[int, Field(ge=1, le=MAX_TOPIC)]


_NOT_GIVEN: Any = None


class _ExportedSettings(BaseModel):
    """The settings allowed in a file; `account` is the weekly report."""

    model_config = ConfigDict(strict=True, extra="forbid")

    language: Language = _NOT_GIVEN
    digest: bool = _NOT_GIVEN
    digest_time: _Time = _NOT_GIVEN
    weekdays: Annotated[tuple[_Weekday, ...], Field(min_length=1), AfterValidator(_weekdays)] = _NOT_GIVEN
    zone: Annotated[str, AfterValidator(_zone)] = _NOT_GIVEN
    quiet: tuple[_Time, _Time] = _NOT_GIVEN
    stories: Annotated[int, Field(ge=1, le=MAX_STORIES)] = _NOT_GIVEN
    account: bool = _NOT_GIVEN
    pictures: bool = _NOT_GIVEN
    topic: _Topic = _NOT_GIVEN
    paused_until: AwareDatetime = _NOT_GIVEN


class _ExportedSubscription(BaseModel):
    """The fields of a subscription allowed in a file, besides its query."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: Annotated[str, AfterValidator(_name)] = _NOT_GIVEN
    rhythm: Rhythm = _NOT_GIVEN
    cap: Annotated[int, Field(ge=CAP_RANGE.start, lt=CAP_RANGE.stop)] = _NOT_GIVEN
    paused: bool = _NOT_GIVEN
    muted_until: AwareDatetime = _NOT_GIVEN
    topic: _Topic = _NOT_GIVEN


def export_chat(chat: Chat) -> str:
    """Return the export file of a chat, as JSON text."""
    document = to_document(CHAT_FORMAT, chat)
    settings = {"language": chat.settings.language} | document.get("settings", {})
    if "weekly_report" in settings:
        settings["account"] = settings.pop("weekly_report")
    subscriptions = document.get("subscriptions", [])
    for subscription in subscriptions:
        del subscription["id"], subscription["created"]
    file = {
        "format": EXPORT_FORMAT,
        "version": EXPORT_VERSION,
        "settings": settings,
        "subscriptions": subscriptions,
    }
    return orjson.dumps(file, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def import_chat(content: bytes, chat: Chat, *, now: datetime, limit: int, forum: bool = False) -> ImportResult:
    """Return `chat` with the settings of an export file, and with the file's subscriptions added.

    `now` is stored as the time at which they were created. Queries and values that are not allowed are skipped. Topics
    are kept only in a `forum`. Raises ImportRefused, whose `why` is huge, foreign or newer, if the content is not a
    valid export.
    """
    document = _parse(content)
    values, skipped = _allowed_values(_ExportedSettings, document["settings"])
    if "account" in values:
        values["weekly_report"] = values.pop("account")
    settings = Settings(**{"language": chat.settings.language} | values)
    chat = replace(chat, settings=settings if forum else replace(settings, topic=None))
    known, before = 0, len(chat.subscriptions)
    for written in document["subscriptions"]:
        subscription, problems = _subscription(written, now)
        skipped += problems
        if subscription is None:
            continue
        if not forum:
            subscription = replace(subscription, topic=None)
        if any(other.query == subscription.query for other in subscriptions_of_topic(chat, subscription.topic)):
            known += 1
        elif len(chat.subscriptions) >= limit:
            skipped.append(SkippedItem(subscription.query, "limit"))
        else:
            chat = add_subscription(chat, subscription)
    return ImportResult(chat, len(chat.subscriptions) - before, known, tuple(skipped))


def _parse(content: bytes) -> Mapping[str, Any]:
    if len(content) > MAX_EXPORT_BYTES:
        raise ImportRefused("huge", f"the file has {len(content)} bytes; expected at most {MAX_EXPORT_BYTES}")
    try:
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ImportRefused("foreign", f"the file is not JSON ({error})") from None
    if not isinstance(document, dict) or document.get("format") != EXPORT_FORMAT:
        raise ImportRefused("foreign", "the file is JSON, but not an export of Jianbao")
    version = document.get("version")
    if isinstance(version, int) and version > EXPORT_VERSION:
        raise ImportRefused("newer", f"the file has version {version}; this program knows version {EXPORT_VERSION}")
    settings, subscriptions = document.get("settings"), document.get("subscriptions")
    if version != EXPORT_VERSION or not isinstance(settings, dict) or not isinstance(subscriptions, list):
        raise ImportRefused("foreign", "the file is an export of Jianbao with missing or changed parts")
    if not all(isinstance(entry, dict) and isinstance(entry.get("query"), str) for entry in subscriptions):
        raise ImportRefused("foreign", "the file has subscriptions without a query")
    return document


def _subscription(written: Mapping[str, Any], now: datetime) -> tuple[Subscription | None, list[SkippedItem]]:
    try:
        query = str(checked_query(written["query"]))
    except QueryError:
        return None, [SkippedItem(written["query"], "unclear")]
    others = {name: value for name, value in written.items() if name != "query"}
    values, skipped = _allowed_values(_ExportedSubscription, others)
    return Subscription(0, query, now, **values), skipped


def _allowed_values(model: type[BaseModel], written: Mapping[str, Any]) -> tuple[dict[str, Any], list[SkippedItem]]:
    """Return the values that `model` allows, by name, and the skipped ones, which it does not allow or know."""
    try:
        return model.model_validate_json(orjson.dumps(written)).model_dump(exclude_unset=True), []
    except ValidationError as error:
        refused = {problem["loc"][0] for problem in error.errors()}
        skipped = [SkippedItem(f"{name}: {value}", "value") for name, value in written.items() if name in refused]
        values, _ = _allowed_values(model, {name: value for name, value in written.items() if name not in refused})
        return values, skipped


def erase_chat(data: Path, chats: ChatStore, outbox: Outbox, chat: int) -> None:
    """Delete all data of a chat from the data folder and its backups; durable on return. Raises StateError.

    A channel is also removed from the chats that manage it. The chat is deleted before its outbox entries, so that no
    new entry is added after a crash. Damaged backups stay unchanged.
    """
    for manager in chats.all():
        if any(channel.id == chat for channel in manager.channels):
            chats.update(manager.id, partial(_without_channel, channel_id=chat))
    chats.delete(chat)
    outbox.delete_chat(chat)
    for name in backup_names(data):
        _erase_from_backup(data / BACKUPS_FOLDER / name, chat)


def _erase_from_backup(backup: Path, chat: int) -> None:
    try:
        manifest = read_manifest(backup)
    except DamagedFile:
        return
    (backup / MANIFEST_FILE).unlink()  # a crash must not leave an incomplete backup with a manifest
    if CHATS_FILE in manifest.files:
        _erase_from_file(backup / CHATS_FILE, chat)
    if OUTBOX_FILE in manifest.files:
        with closing(Outbox(backup / OUTBOX_FILE)) as outbox:
            outbox.delete_chat(chat)
    write_manifest(backup, manifest.taken)


def _without_channel(chat: Chat, channel_id: int) -> Chat:
    kept = tuple(channel for channel in chat.channels if channel.id != channel_id)
    managed = None if chat.managed_channel == channel_id else chat.managed_channel
    return replace(chat, channels=kept, managed_channel=managed)


def _erase_from_file(file: Path, chat: int) -> None:
    """Delete a chat from a file of chats, and from the chats that manage it; an older file is migrated."""
    version = latest_version(CHAT_MIGRATIONS)
    found, tables = decode_envelope(file.read_bytes(), holds="chats", known=version)
    documents = migrate(tables, found, CHAT_MIGRATIONS).get("chats", {})
    documents.pop(str(chat), None)
    for document in documents.values():
        if "channels" in document:
            document["channels"] = [channel for channel in document["channels"] if channel["id"] != chat]
        if document.get("managed_channel") == chat:
            del document["managed_channel"]
    replace_file(file, encode_envelope({"chats": documents}, holds="chats", version=version))

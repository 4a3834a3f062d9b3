"""A chat's subscriptions and settings as a file, and back (pure): it survives a new bot, and can be read by people.

    {"format": "jianbao-chat", "version": 1, "settings": {"language": "zh", ...},
     "subscriptions": [{"query": "防汛", "rhythm": "daily", ...}, ...]}

What is as it is for everybody is left out. No id of a chat or person stands in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import orjson

from digests.chats import ALL_WEEKDAYS, Chat, Language, Rhythm, Settings, Subscription
from digests.errors import ImportRefused, QueryError
from digests.subscriptions import CAPS, NAME, added, listed, understood

FORMAT = "jianbao-chat"
VERSION = 1
LARGEST = 256 * 1024
"""Bytes of a file: a thousand subscriptions with long queries are less."""
STORIES = range(1, 31)
TOPICS = range(1, 2**31)

Why = Literal["unclear", "limit", "value"]


@dataclass(frozen=True, slots=True)
class Left:
    """Something of a file that was not taken over."""

    what: str
    """The query; of a setting its name and value."""
    why: Why
    """A query that means nothing or says nothing; a subscription above the limit; a value that is not possible."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A chat after a file was taken over."""

    chat: Chat
    added: int
    known: int
    """Subscriptions of the file that the chat had already."""
    left: tuple[Left, ...]


def exported(chat: Chat) -> str:
    """The file, as JSON text."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "settings": _chosen(chat.settings, Settings(), always=("language",)),
        "subscriptions": [
            _chosen(one, Subscription(0, "", one.created), always=("query",), never=("id", "created"))
            for one in chat.subscriptions
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def imported(content: bytes, chat: Chat, *, now: datetime, limit: int, forum: bool = False) -> Imported:
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
        if any(one.query == subscription.query for one in listed(chat, subscription.topic)):
            known += 1
        elif len(chat.subscriptions) >= limit:
            left.append(Left(subscription.query, "limit"))
        else:
            chat = added(chat, subscription)
    return Imported(chat, len(chat.subscriptions) - before, known, tuple(left))


def _document(content: bytes) -> Mapping[str, Any]:
    if len(content) > LARGEST:
        raise ImportRefused("huge", f"the file has {len(content)} bytes; expected at most {LARGEST}")
    try:
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ImportRefused("foreign", f"the file is not JSON ({error})") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ImportRefused("foreign", "the file is JSON, but no export of Jianbao")
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise ImportRefused("newer", f"the file has version {version}; this program knows version {VERSION}")
    settings, subscriptions = document.get("settings"), document.get("subscriptions")
    if version != VERSION or not isinstance(settings, dict) or not isinstance(subscriptions, list):
        raise ImportRefused(
            "foreign", "the file is an export of Jianbao that somebody changed: parts of it are missing"
        )
    if not all(isinstance(one, dict) and isinstance(one.get("query"), str) for one in subscriptions):
        raise ImportRefused("foreign", "the file holds subscriptions without a query")
    return document


def _settings(written: Mapping[str, Any], otherwise: Settings) -> tuple[Settings, list[Left]]:
    values, left = _values(written, _SETTINGS)
    values.setdefault("language", otherwise.language)
    return Settings(**values), left


def _subscription(written: Mapping[str, Any], now: datetime) -> tuple[Subscription | None, list[Left]]:
    try:
        query = str(understood(written["query"]))
    except QueryError:
        return None, [Left(written["query"], "unclear")]
    values, left = _values({name: value for name, value in written.items() if name != "query"}, _SUBSCRIPTION)
    return Subscription(0, query, now, **values), left


def _values(
    written: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]
) -> tuple[dict[str, Any], list[Left]]:
    """The values that are possible by their names, and the others; names that are not known are left out too."""
    values, left = dict[str, Any](), list[Left]()
    for name, value in written.items():
        try:
            values[name] = readers[name](value)
        except (KeyError, ValueError, TypeError, OSError):
            left.append(Left(f"{name}: {value}", "value"))
    return values, left


def _chosen(
    value: Settings | Subscription,
    usual: Settings | Subscription,
    always: tuple[str, ...],
    never: tuple[str, ...] = (),
) -> dict[str, Any]:
    held = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in never}
    return {name: now for name, now in held.items() if name in always or now != getattr(usual, name)}


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
    said = " ".join(value.split())
    if len(said) > NAME:
        raise ValueError
    return said


_SETTINGS: Mapping[str, Callable[[Any], Any]] = {
    "language": lambda value: _one_of(value, get_args(Language)),
    "digest": _flag,
    "digest_time": _time,
    "weekdays": _weekdays,
    "zone": _zone,
    "quiet": _quiet,
    "stories": lambda value: _within(value, STORIES),
    "account": _flag,
    "pictures": _flag,
    "topic": lambda value: _within(value, TOPICS),
}
_SUBSCRIPTION: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "rhythm": lambda value: _one_of(value, get_args(Rhythm)),
    "cap": lambda value: _within(value, CAPS),
    "paused": _flag,
    "muted_until": _moment,
    "topic": lambda value: _within(value, TOPICS),
}

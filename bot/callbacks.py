"""What a button does to what a chat keeps: subscriptions, settings, itself; see bot/callbacks.py for the others.

What a button does when it is pressed: one value a kind, with the letter that stands for it in callback data.

Buttons that concern another chat than the one they stand in: `1:u:3@-1001` is `1:u:3` for the channel -1001.

A channel is managed from the private chat of its administrator. What is shown of it there keeps meaning it, also when
the administrator has gone back to his own subscriptions, and after any number of restarts.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any, Literal, NewType, get_args

from telegram import Message

from digests.chats import Language, OutgoingMessage, Rhythm
from digests.search import Facet

ChatId = NewType("ChatId", int)
"""Telegram's number of a chat; negative for groups and channels."""

SettingsMenu = Literal["all", "time", "days", "zone", "quiet", "stories"]
"""All settings, and the parts of them that have a keyboard of their own."""


Button = tuple[str, str]
Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class ShowSubscription:
    """One subscription with all that can be done to it, in the same message."""

    subscription: int


@dataclass(frozen=True, slots=True)
class SetRhythm:
    """When the matches of a subscription come."""

    subscription: int
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class SetCap:
    """How many alerts of a subscription come a day; 0: as configured for all."""

    subscription: int
    cap: int


@dataclass(frozen=True, slots=True)
class SetPaused:
    """Let a subscription rest until it is told to go on, or let it go on."""

    subscription: int
    on: bool


@dataclass(frozen=True, slots=True)
class MuteSubscription:
    """Hold a subscription for so many days from now; 0: no longer."""

    subscription: int
    days: int


@dataclass(frozen=True, slots=True)
class AskName:
    """Ask what a subscription is to be called."""

    subscription: int


@dataclass(frozen=True, slots=True)
class KeepName:
    """Leave a subscription its name; also the mark by which an answer to `AskName` is known."""

    subscription: int


@dataclass(frozen=True, slots=True)
class ChangeQuery:
    """Ask for another of the forms that stand above, the first is 1; subscription 0 is none yet: follow it."""

    subscription: int
    form: int


@dataclass(frozen=True, slots=True)
class ConfirmFollow:
    """Subscribe to the query above although much will come."""


@dataclass(frozen=True, slots=True)
class ShowExclusions:
    """Propose what a subscription could refuse, so that articles like this one do not come."""

    subscription: int
    article: str


@dataclass(frozen=True, slots=True)
class ExcludeTerm:
    """Let a subscription refuse one of the terms that an article gave reason to propose."""

    subscription: int
    article: str
    term: int
    """The mark of the term."""


@dataclass(frozen=True, slots=True)
class ShowMenu:
    """A part of the settings, in the same message."""

    menu: SettingsMenu


@dataclass(frozen=True, slots=True)
class SetWeekday:
    """Send the digest on this day of the week (0 is Monday), or don't."""

    day: int
    on: bool


@dataclass(frozen=True, slots=True)
class SetTimeZone:
    """Live by the clocks of this IANA zone."""

    zone: str


@dataclass(frozen=True, slots=True)
class SetQuietHours:
    """Send nothing of itself between these times; equal ones: never quiet."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SetStoryCount:
    """Tell at most so many stories in a digest."""

    stories: int


@dataclass(frozen=True, slots=True)
class SetWeeklyReport:
    """Tell once a week what was read and what matched, or don't."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetDigestTopic:
    """Send the digest to the forum topic that the button stands in."""


@dataclass(frozen=True, slots=True)
class ManageChannel:
    """Let commands in this private chat concern a channel."""

    channel: ChatId


@dataclass(frozen=True, slots=True)
class ManageOwn:
    """Let commands in this private chat concern itself again."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete all that is kept of the chat, or keep it after all."""

    sure: bool


@dataclass(frozen=True, slots=True)
class ShowSubscribeHelp:
    """What a subscription is and how to make one."""


@dataclass(frozen=True, slots=True)
class ShowSubscriptions:
    """The subscriptions of this chat."""


@dataclass(frozen=True, slots=True)
class TurnSubscriptions:
    """Another part of the list of subscriptions, in the same message."""

    offset: int


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Drop one subscription of this chat."""

    subscription: int


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """The settings of this chat."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Speak this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True)
class GreetInLanguage:
    """Speak this language from now on, beginning with the greeting."""

    language: Language


@dataclass(frozen=True, slots=True)
class SetDigest:
    """Send the daily digest, or don't."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetDigestTime:
    """Send the daily digest at this time of day."""

    at: time


@dataclass(frozen=True, slots=True)
class SetPictures:
    """Send the day's card with the digest, or don't."""

    on: bool


ChatCallback = (
    ShowSubscription
    | SetRhythm
    | SetCap
    | SetPaused
    | MuteSubscription
    | AskName
    | KeepName
    | ChangeQuery
    | ConfirmFollow
    | ShowExclusions
    | ExcludeTerm
    | ShowMenu
    | SetWeekday
    | SetTimeZone
    | SetQuietHours
    | SetStoryCount
    | SetWeeklyReport
    | SetDigestTopic
    | ManageChannel
    | ManageOwn
    | Forget
    | ShowSubscribeHelp
    | ShowSubscriptions
    | TurnSubscriptions
    | Unsubscribe
    | ShowSettings
    | SetLanguage
    | GreetInLanguage
    | SetDigest
    | SetDigestTime
    | SetPictures
)

# As in bot/callbacks.py, none is ever given another meaning.
CHAT_LETTERS: dict[str, type[ChatCallback]] = {
    "h": ShowSubscribeHelp,
    "l": ShowSubscriptions,
    "L": TurnSubscriptions,
    "u": Unsubscribe,
    "s": ShowSettings,
    "g": SetLanguage,
    "G": GreetInLanguage,
    "o": SetDigest,
    "t": SetDigestTime,
    "v": SetPictures,
    "vs": ShowSubscription,
    "vr": SetRhythm,
    "vc": SetCap,
    "vp": SetPaused,
    "vm": MuteSubscription,
    "vn": AskName,
    "vk": KeepName,
    "vf": ChangeQuery,
    "va": ConfirmFollow,
    "vx": ShowExclusions,
    "vy": ExcludeTerm,
    "zm": ShowMenu,
    "zd": SetWeekday,
    "zz": SetTimeZone,
    "zq": SetQuietHours,
    "zs": SetStoryCount,
    "za": SetWeeklyReport,
    "zt": SetDigestTopic,
    "jc": ManageChannel,
    "jo": ManageOwn,
    "jf": Forget,
}


@dataclass(frozen=True, slots=True)
class ShowNewestDigest:
    """The digest of the newest issue there is when the button is pressed."""


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """The digest of one day."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowScores:
    """Why the stories of one day's digest stand in their order."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowCard:
    """The card of one day's issue: a picture with its keywords and lead stories."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowThemeChart:
    """The themes of one day's issue as a picture."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowWeek:
    """The week of one day, in the same message."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowMonth:
    """The month of one day, in the same message."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowArticle:
    """An article in full."""

    article: str


@dataclass(frozen=True, slots=True)
class ShowContents:
    """What one issue holds, as a new message."""

    day: date


@dataclass(frozen=True, slots=True)
class TurnContents:
    """Another part of what one issue holds, in the same message."""

    day: date
    offset: int


@dataclass(frozen=True, slots=True)
class ShowIssues:
    """The issues there are, as a new message."""


@dataclass(frozen=True, slots=True)
class TurnIssues:
    """Another part of the list of issues, in the same message."""

    offset: int


@dataclass(frozen=True, slots=True)
class TurnHits:
    """Another part of the results of the search above."""

    offset: int


@dataclass(frozen=True, slots=True)
class TurnNewest:
    """Another part of the results of the search above, the newest first."""

    offset: int


@dataclass(frozen=True, slots=True)
class ShowFacet:
    """How the results of the search above fall into months, themes, people or places, in their place."""

    facet: Facet


@dataclass(frozen=True, slots=True)
class SearchInstead:
    """Search for one of the queries that the search above offers, as a new message."""

    query: int
    """The mark of the query."""


@dataclass(frozen=True, slots=True)
class FollowSearch:
    """Subscribe to the search above."""


@dataclass(frozen=True, slots=True)
class StepDigest:
    """The digest of the issue before a day or after it, in the same message."""

    day: date
    onward: bool


@dataclass(frozen=True, slots=True)
class ShowSection:
    """All articles of one theme in an issue, also those that its digest does not tell, as a new message."""

    day: date
    theme: int
    """The mark of the theme's name."""


@dataclass(frozen=True, slots=True)
class TurnSection:
    """Another part of a section, in the same message."""

    day: date
    theme: int
    offset: int


@dataclass(frozen=True, slots=True)
class ShowPage:
    """What one page of an issue holds, as a new message."""

    day: date
    page: int


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Another page, or another part of one, in the same message."""

    day: date
    page: int
    offset: int


@dataclass(frozen=True, slots=True)
class ShowArticlePart:
    """A further part of a long article."""

    article: str
    part: int
    """From 0, which is what `ShowArticle` shows."""


@dataclass(frozen=True, slots=True)
class ShowRelated:
    """Articles that tell of the same."""

    article: str


@dataclass(frozen=True, slots=True)
class ShowNames:
    """The people and places that an article names, each a button."""

    article: str


@dataclass(frozen=True, slots=True)
class SearchName:
    """What else the archive says of a person or a place that an article names."""

    article: str
    name: int
    """The mark of the name."""


@dataclass(frozen=True, slots=True)
class ShowFollowable:
    """What of an article could be followed, each a button."""

    article: str


@dataclass(frozen=True, slots=True)
class FollowWord:
    """Subscribe to a keyword, a person or a place of an article."""

    article: str
    word: int
    """The mark of the word."""


@dataclass(frozen=True, slots=True)
class RunAdminTask:
    """Something for the operator alone; what it is, see bot/handlers/admin.py."""

    task: str


@dataclass(frozen=True, slots=True)
class SendAnnouncement:
    """Send the announcement that the message above proposes to all chats."""


Callback = (
    ShowNewestDigest
    | ShowDigest
    | ShowScores
    | ShowCard
    | ShowThemeChart
    | ShowWeek
    | ShowMonth
    | ShowArticle
    | ShowContents
    | TurnContents
    | ShowIssues
    | TurnIssues
    | TurnHits
    | TurnNewest
    | ShowFacet
    | SearchInstead
    | FollowSearch
    | StepDigest
    | ShowSection
    | TurnSection
    | ShowPage
    | TurnPage
    | ShowArticlePart
    | ShowRelated
    | ShowNames
    | SearchName
    | ShowFollowable
    | FollowWord
    | ChatCallback
    | RunAdminTask
    | SendAnnouncement
)

# A letter is never given another meaning: keyboards that carry it stay in chats for years.
LETTERS: dict[str, type[Callback]] = {
    "n": ShowNewestDigest,
    "d": ShowDigest,
    "y": ShowScores,
    "x": ShowCard,
    "X": ShowThemeChart,
    "w": ShowWeek,
    "m": ShowMonth,
    "a": ShowArticle,
    "c": ShowContents,
    "C": TurnContents,
    "i": ShowIssues,
    "I": TurnIssues,
    "q": TurnHits,
    "Q": TurnNewest,
    "qf": ShowFacet,
    "qi": SearchInstead,
    "f": FollowSearch,
    "b": StepDigest,
    "e": ShowSection,
    "E": TurnSection,
    "p": ShowPage,
    "P": TurnPage,
    "r": ShowArticlePart,
    "R": ShowRelated,
    "N": ShowNames,
    "F": SearchName,
    "k": ShowFollowable,
    "K": FollowWord,
    "ad": RunAdminTask,
    "an": SendAnnouncement,
    **CHAT_LETTERS,
}


def address_buttons(message: OutgoingMessage, chat: int) -> OutgoingMessage:
    """The message with all its buttons meaning `chat`."""
    return replace(message, buttons=tuple(tuple(_addressed(one, chat) for one in row) for row in message.buttons))


def split_address(data: str | None) -> tuple[str, int | None]:
    """The callback data of a button as its chat would have it, and the chat it concerns where it says one."""
    said, at, chat = (data or "").rpartition(ADDRESS_SIGN)
    if at and chat.removeprefix("-").isdecimal() and len(chat) <= 20:
        return said, int(chat)
    return data or "", None


def addressed_chat(message: Message | None) -> int | None:
    """The chat that the buttons of `message` concern."""
    keyboard = message.reply_markup if message else None
    data = (one.callback_data for row in (keyboard.inline_keyboard if keyboard else ()) for one in row)
    chats = (split_address(str(one))[1] for one in data if one)
    return next((chat for chat in chats if chat is not None), message.chat.id if message else None)


def _addressed(button: Button, chat: int) -> Button:
    label, data = button
    return button if data.startswith(INLINE_QUERY_PREFIX) else (label, f"{data}{ADDRESS_SIGN}{chat}")


VERSION = "1"
MAX_CALLBACK_BYTES = 64
"""Bytes that Telegram allows in callback data."""
ADDRESS_SIGN = "@"
"""What stands between the data of a button and the chat that it concerns, where it is another one (addressing.py)."""
INLINE_QUERY_PREFIX = "@"
"""What stands before the inline query of a button that shares; callback data begins with its version instead."""
_MARKS = 1_000_000_000


_LETTER_OF = {kind: letter for letter, kind in LETTERS.items()}


def encode(press: Callback) -> str:
    """The callback data of a button that does `press`; ValueError where it would not fit."""
    values = [_written(getattr(press, field.name)) for field in fields(press)]
    data = ":".join([VERSION, _LETTER_OF[type(press)], *values])
    if len(data.encode()) > MAX_CALLBACK_BYTES:
        raise ValueError(f"callback data {data!r} takes {len(data.encode())} bytes; {MAX_CALLBACK_BYTES} are allowed")
    return data


def decode(data: str | None) -> Callback | None:
    """What a button with this callback data does; None for anything that `encode` never made."""
    version, _, rest = (data or "").partition(":")
    letter, *values = rest.split(":")
    kind = LETTERS.get(letter)
    if version != VERSION or kind is None or len(values) != len(fields(kind)):
        return None
    try:
        return kind(*(_READ[field.type](value) for field, value in zip(fields(kind), values, strict=True)))
    except ValueError:
        return None


def mark(word: str) -> int:
    """The number that stands for a word in callback data, which has no room for Hanzi."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) % _MARKS


def word_of(number: int, words: Iterable[str]) -> str | None:
    """The one of `words` that a button means; None where they no longer hold it."""
    return next((word for word in words if mark(word) == number), None)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    if isinstance(value, time):
        return f"{value:%H%M}"
    return str(value)


def _text(value: str) -> str:
    if not value:
        raise ValueError("an empty value")
    return value


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError(f"{value!r} is not a count")
    return int(value)


def _flag(value: str) -> bool:
    return ("0", "1").index(value) == 1


def _among(choices: Any) -> Callable[[str], str]:
    """The reader of values that are one of a few words."""

    def read(value: str) -> str:
        if value not in get_args(choices):
            raise ValueError(f"{value!r} is none of {get_args(choices)}")
        return value

    return read


def _chat(value: str) -> int:
    sign = "-" if value.startswith("-") else ""
    digits = value.removeprefix(sign)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 16 and digits.lstrip("0") == digits):
        raise ValueError(f"{value!r} is no chat")
    return int(value)


def _day(value: str) -> date:
    return datetime.strptime(f"{_count(value):08}", "%Y%m%d").date()  # noqa: DTZ007  a day has no time zone


def _time(value: str) -> time:
    return datetime.strptime(f"{_count(value):04}", "%H%M").time()  # noqa: DTZ007  a time of day has none either


_READ: dict[Any, Callable[[str], Any]] = {
    str: _text,
    int: _count,
    bool: _flag,
    date: _day,
    time: _time,
    ChatId: _chat,
    **{choices: _among(choices) for choices in (Language, Rhythm, SettingsMenu, Facet)},
}

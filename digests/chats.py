"""The frozen values about those who read: chats with their subscriptions and settings, and what goes to them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from digests.dates import ALL_WEEKDAYS
from digests.models import Reason

Language = Literal["zh", "en"]

Rhythm = Literal["now", "daily", "weekly"]
"""When a subscription's matches come: at once as alerts, with the daily digest, or once a week."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A query that its chat wants to hear of; `id` counts up in a chat and is never used again."""

    id: int
    query: str
    created: dt.datetime
    name: str = ""
    """What its readers call it; empty: by its query."""
    rhythm: Rhythm = "now"
    cap: int | None = None
    """Articles a day that come as alerts, the others are held for one bundle; None: as configured for all."""
    paused: bool = False
    muted_until: dt.datetime | None = None
    topic: int | None = None
    """The forum topic it belongs to; None in chats without topics and in the General topic."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a chat wants to be served; times are wall-clock times of its zone."""

    language: Language = "zh"
    digest: bool = True
    """Whether the daily digest is sent to a chat that has subscriptions."""
    digest_time: dt.time | None = None
    """None: as configured for all."""
    weekdays: tuple[int, ...] = ALL_WEEKDAYS
    """The days on which the digest is sent."""
    zone: str | None = None
    """An IANA name; None: as configured for all."""
    quiet: tuple[dt.time, dt.time] | None = None
    """From when to when nothing is sent of itself; what comes meanwhile is held. None: never quiet."""
    stories: int | None = None
    """Stories in a digest; None: as configured for all."""
    weekly_report: bool = False
    """Whether a line for each subscription tells once a week what was read and what matched."""
    pictures: bool = False
    """Whether the digest comes with the day's card."""
    topic: int | None = None
    """The forum topic that the digest goes to."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that the reader of a private chat looks after."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat that has written to the bot, and of which there is something to keep."""

    id: int
    settings: Settings = field(default_factory=Settings)
    subscriptions: tuple[Subscription, ...] = ()
    active: bool = True
    """False while Telegram refuses our messages (blocked, kicked); nothing is forgotten meanwhile."""
    next_subscription: int = 1
    channels: tuple[Channel, ...] = ()
    """Of a private chat: the channels that its reader looks after from there."""
    managed_channel: int | None = None
    """Of a private chat: the one of them that its commands concern now; None: the chat itself."""


class Match(NamedTuple):
    """A subscription that fires on an article."""

    chat: int
    subscription: Subscription
    article: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by what it shows, drawn when it is sent: the card or the themes of an issue, the trend of words."""

    kind: Literal["card", "themes", "trend"]
    of: str
    """The day of the issue (2022-08-29), or the words with spaces between them."""
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message as it goes to a chat: Telegram HTML and rows of (label, callback data)."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    picture: Picture | None = None
    """Stands above the text, which says the same and goes alone where the chat takes no pictures."""


@dataclass(frozen=True, slots=True)
class OwedPart:
    """A message in the outbox: decided, not yet known to be sent."""

    id: int
    chat: int
    key: str
    """What the message is, unique in its chat: `digest:2022-08-29`, `alert:k7f3m-9wq2d`, with `/2` for part 2."""
    message: OutgoingMessage
    attempts: int = 0
    not_before: dt.datetime | None = None
    topic: int | None = None
    """The forum topic it goes to; None in chats without topics and for the General topic."""

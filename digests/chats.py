"""Frozen dataclasses of chats: their settings and subscriptions, matches, and outgoing messages."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from digests.dates import ALL_WEEKDAYS
from digests.models import Reason

Language = Literal["zh", "en"]

Rhythm = Literal["now", "daily", "weekly"]
"""When the matches of a subscription are sent: at once as alerts, with the daily digest, or once a week."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A query whose matches are sent to a chat."""

    id: int
    """Ascending within a chat; never reused."""
    query: str
    created: dt.datetime
    name: str = ""
    """The name that the reader gave the subscription; if "", the query is shown instead."""
    rhythm: Rhythm = "now"
    cap: int | None = None
    """Maximum number of alerts per day; further matches are bundled. None: the configured number."""
    paused: bool = False
    muted_until: dt.datetime | None = None
    topic: int | None = None
    """The forum topic; None in chats without topics and in the General topic."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a chat; times are wall-clock times of its time zone."""

    language: Language = "zh"
    digest: bool = True
    """Send the daily digest, if the chat has subscriptions."""
    digest_time: dt.time | None = None
    """None: the configured time."""
    weekdays: tuple[int, ...] = ALL_WEEKDAYS
    """Weekdays on which the digest is sent; 0 is Monday."""
    zone: str | None = None
    """An IANA name; None: the configured zone."""
    quiet: tuple[dt.time, dt.time] | None = None
    """Start and end of the quiet hours, in which alerts and digests are held back; None: no quiet hours."""
    stories: int | None = None
    """Maximum number of stories in a digest; None: the configured number."""
    weekly_report: bool = False
    """Send a weekly report of the issues read and the number of matches of each subscription."""
    pictures: bool = False
    """Send the picture of the day with the digest."""
    topic: int | None = None
    """The forum topic of the digest."""
    paused_until: dt.datetime | None = None
    """Until then neither digests nor weekly reports are sent."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that the reader of a private chat manages."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat with stored settings or subscriptions."""

    id: int
    settings: Settings = field(default_factory=Settings)
    subscriptions: tuple[Subscription, ...] = ()
    active: bool = True
    """False while Telegram refuses messages to the chat (blocked, kicked); its data is kept."""
    next_subscription: int = 1
    """Id of the next subscription."""
    channels: tuple[Channel, ...] = ()
    """Channels managed from this private chat."""
    managed_channel: int | None = None
    """The channel that commands in this private chat apply to; None: the chat itself."""


class Match(NamedTuple):
    """A subscription that matches an article."""

    chat: int
    subscription: Subscription
    article: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is drawn when it is sent: the card of an issue, a chart of its themes, or the trend of words."""

    kind: Literal["card", "themes", "trend"]
    of: str
    """The day of the issue (2022-08-29), or the words separated by spaces."""
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to a chat: text in Telegram HTML, and rows of buttons, each with its label and callback data."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    picture: Picture | None = None
    """Picture that has the text as its caption; chats that accept no pictures get the text alone."""


@dataclass(frozen=True, slots=True)
class OwedPart:
    """A message in the outbox whose delivery is not confirmed yet."""

    id: int
    chat: int
    key: str
    """Unique in its chat: `digest:2022-08-29`, `alert:k7f3m-9wq2d`, with `/2` for part 2."""
    message: OutgoingMessage
    attempts: int = 0
    not_before: dt.datetime | None = None
    topic: int | None = None
    """The forum topic; None in chats without topics and for the General topic."""

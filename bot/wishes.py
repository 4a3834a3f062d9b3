"""What a button does to what a chat keeps: subscriptions, settings, itself; see bot/presses.py for the others."""

from dataclasses import dataclass
from datetime import time
from typing import Literal, NewType

from digests.readers import Language, Rhythm

ChatId = NewType("ChatId", int)
"""Telegram's number of a chat; negative for groups and channels."""

Menu = Literal["all", "time", "days", "zone", "quiet", "stories"]
"""All settings, and the parts of them that have a keyboard of their own."""


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
class Mute:
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
class UseForm:
    """Ask for another of the forms that stand above, the first is 1; subscription 0 is none yet: follow it."""

    subscription: int
    form: int


@dataclass(frozen=True, slots=True)
class FollowAnyway:
    """Subscribe to the query above although much will come."""


@dataclass(frozen=True, slots=True)
class NotThis:
    """Propose what a subscription could refuse, so that articles like this one do not come."""

    subscription: int
    article: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Let a subscription refuse one of the terms that an article gave reason to propose."""

    subscription: int
    article: str
    term: int
    """The mark of the term."""


@dataclass(frozen=True, slots=True)
class ShowMenu:
    """A part of the settings, in the same message."""

    menu: Menu


@dataclass(frozen=True, slots=True)
class SetWeekday:
    """Send the digest on this day of the week (0 is Monday), or don't."""

    day: int
    on: bool


@dataclass(frozen=True, slots=True)
class SetZone:
    """Live by the clocks of this IANA zone."""

    zone: str


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Send nothing of itself between these times; equal ones: never quiet."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SetStories:
    """Tell at most so many stories in a digest."""

    stories: int


@dataclass(frozen=True, slots=True)
class SetAccount:
    """Tell once a week what was read and what matched, or don't."""

    on: bool


@dataclass(frozen=True, slots=True)
class DigestHere:
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
class HowToSubscribe:
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
class GreetIn:
    """Speak this language from now on, beginning with the greeting."""

    language: Language


@dataclass(frozen=True, slots=True)
class SetDigest:
    """Send the daily digest, or don't."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetTime:
    """Send the daily digest at this time of day."""

    at: time


@dataclass(frozen=True, slots=True)
class SetPictures:
    """Send the day's card with the digest, or don't."""

    on: bool


Wish = (
    ShowSubscription
    | SetRhythm
    | SetCap
    | SetPaused
    | Mute
    | AskName
    | KeepName
    | UseForm
    | FollowAnyway
    | NotThis
    | Refuse
    | ShowMenu
    | SetWeekday
    | SetZone
    | SetQuiet
    | SetStories
    | SetAccount
    | DigestHere
    | ManageChannel
    | ManageOwn
    | Forget
    | HowToSubscribe
    | ShowSubscriptions
    | TurnSubscriptions
    | Unsubscribe
    | ShowSettings
    | SetLanguage
    | GreetIn
    | SetDigest
    | SetTime
    | SetPictures
)

# As in bot/presses.py, none is ever given another meaning.
LETTERS: dict[str, type[Wish]] = {
    "h": HowToSubscribe,
    "l": ShowSubscriptions,
    "L": TurnSubscriptions,
    "u": Unsubscribe,
    "s": ShowSettings,
    "g": SetLanguage,
    "G": GreetIn,
    "o": SetDigest,
    "t": SetTime,
    "v": SetPictures,
    "vs": ShowSubscription,
    "vr": SetRhythm,
    "vc": SetCap,
    "vp": SetPaused,
    "vm": Mute,
    "vn": AskName,
    "vk": KeepName,
    "vf": UseForm,
    "va": FollowAnyway,
    "vx": NotThis,
    "vy": Refuse,
    "zm": ShowMenu,
    "zd": SetWeekday,
    "zz": SetZone,
    "zq": SetQuiet,
    "zs": SetStories,
    "za": SetAccount,
    "zt": DigestHere,
    "jc": ManageChannel,
    "jo": ManageOwn,
    "jf": Forget,
}

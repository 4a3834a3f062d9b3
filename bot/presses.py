"""What a button does when it is pressed: one value a kind, with the letter that stands for it in callback data."""

from dataclasses import dataclass
from datetime import date, time

from digests.readers import Language


@dataclass(frozen=True, slots=True)
class NewestDigest:
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
class FollowSearch:
    """Subscribe to the search above."""


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


Press = (
    NewestDigest
    | ShowDigest
    | ShowScores
    | ShowWeek
    | ShowMonth
    | ShowArticle
    | ShowContents
    | TurnContents
    | ShowIssues
    | TurnIssues
    | TurnHits
    | FollowSearch
    | HowToSubscribe
    | ShowSubscriptions
    | TurnSubscriptions
    | Unsubscribe
    | ShowSettings
    | SetLanguage
    | GreetIn
    | SetDigest
    | SetTime
)

# A letter is never given another meaning: keyboards that carry it stay in chats for years.
LETTERS: dict[str, type[Press]] = {
    "n": NewestDigest,
    "d": ShowDigest,
    "y": ShowScores,
    "w": ShowWeek,
    "m": ShowMonth,
    "a": ShowArticle,
    "c": ShowContents,
    "C": TurnContents,
    "i": ShowIssues,
    "I": TurnIssues,
    "q": TurnHits,
    "f": FollowSearch,
    "h": HowToSubscribe,
    "l": ShowSubscriptions,
    "L": TurnSubscriptions,
    "u": Unsubscribe,
    "s": ShowSettings,
    "g": SetLanguage,
    "G": GreetIn,
    "o": SetDigest,
    "t": SetTime,
}

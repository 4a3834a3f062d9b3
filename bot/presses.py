"""What a button does when it is pressed: one value a kind, with the letter that stands for it in callback data."""

from dataclasses import dataclass
from datetime import date

from bot.wishes import LETTERS as WISHES
from bot.wishes import Wish
from digests.search import Facet


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
class ShowCard:
    """The card of one day's issue: a picture with its keywords and lead stories."""

    day: date


@dataclass(frozen=True, slots=True)
class ShowThemes:
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
class AskInstead:
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
class ReadOn:
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
class FindName:
    """What else the archive says of a person or a place that an article names."""

    article: str
    name: int
    """The mark of the name."""


@dataclass(frozen=True, slots=True)
class OfferFollowing:
    """What of an article could be followed, each a button."""

    article: str


@dataclass(frozen=True, slots=True)
class FollowWord:
    """Subscribe to a keyword, a person or a place of an article."""

    article: str
    word: int
    """The mark of the word."""


@dataclass(frozen=True, slots=True)
class Administer:
    """Something for the operator alone; what it is, see bot/handlers/admin.py."""

    task: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Send the announcement that the message above proposes to all chats."""


Press = (
    NewestDigest
    | ShowDigest
    | ShowScores
    | ShowCard
    | ShowThemes
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
    | AskInstead
    | FollowSearch
    | StepDigest
    | ShowSection
    | TurnSection
    | ShowPage
    | TurnPage
    | ReadOn
    | ShowRelated
    | ShowNames
    | FindName
    | OfferFollowing
    | FollowWord
    | Wish
    | Administer
    | Announce
)

# A letter is never given another meaning: keyboards that carry it stay in chats for years.
LETTERS: dict[str, type[Press]] = {
    "n": NewestDigest,
    "d": ShowDigest,
    "y": ShowScores,
    "x": ShowCard,
    "X": ShowThemes,
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
    "qi": AskInstead,
    "f": FollowSearch,
    "b": StepDigest,
    "e": ShowSection,
    "E": TurnSection,
    "p": ShowPage,
    "P": TurnPage,
    "r": ReadOn,
    "R": ShowRelated,
    "N": ShowNames,
    "F": FindName,
    "k": OfferFollowing,
    "K": FollowWord,
    "ad": Administer,
    "an": Announce,
    **WISHES,
}

"""Callbacks that show what the archive holds: digests, issues, articles, searches."""

from datetime import date

from bot.callbacks.registry import AnyText, Callback
from digests.search import Facet


class ShowNewestDigest(Callback, letter="n"):
    """The digest of the newest issue there is when the button is pressed."""


class ShowDigest(Callback, letter="d"):
    """The digest of one day, as a new message."""

    day: date


class StepDigest(Callback, letter="b"):
    """The digest of the issue before a day or after it, in the same message."""

    day: date
    onward: bool


class ShowScores(Callback, letter="y"):
    """Why the stories of one day's digest stand in their order."""

    day: date


class ShowCard(Callback, letter="x"):
    """The card of one day's issue: a picture with its keywords and lead stories."""

    day: date


class ShowThemeChart(Callback, letter="X"):
    """The themes of one day's issue as a picture."""

    day: date


class ShowWeek(Callback, letter="w"):
    """The week of one day, in the same message."""

    day: date


class ShowMonth(Callback, letter="m"):
    """The month of one day, in the same message."""

    day: date


class ShowIssues(Callback, letter="i"):
    """The list of issues, as a new message."""


class TurnIssues(Callback, letter="I"):
    """Another part of the list of issues, in the same message."""

    offset: int


class ShowContents(Callback, letter="c"):
    """All articles of one issue, as a new message."""

    day: date


class TurnContents(Callback, letter="C"):
    """Another part of the articles of one issue, in the same message."""

    day: date
    offset: int


class ShowSection(Callback, letter="e"):
    """All articles of one theme in an issue, as a new message; the theme "" has the articles without one."""

    day: date
    theme: AnyText


class TurnSection(Callback, letter="E"):
    """Another part of a section, in the same message."""

    day: date
    theme: AnyText
    offset: int


class ShowPage(Callback, letter="p"):
    """The articles of one page of an issue, as a new message."""

    day: date
    page: int


class TurnPage(Callback, letter="P"):
    """Another page, or another part of one, in the same message."""

    day: date
    page: int
    offset: int


class ShowArticle(Callback, letter="a"):
    """The first part of an article."""

    article: str


class ShowArticlePart(Callback, letter="r"):
    """A further part of a long article; `ShowArticle` shows part 0."""

    article: str
    part: int


class ShowRelated(Callback, letter="R"):
    """Articles about the same events."""

    article: str


class ShowNames(Callback, letter="N"):
    """The people and places in an article, each a button."""

    article: str


class ShowFollowable(Callback, letter="k"):
    """The keywords, people and places of an article, each a button that subscribes to it."""

    article: str


class RunSearch(Callback, letter="qi"):
    """The results of a search, as a new message."""

    query: AnyText


class TurnHits(Callback, letter="q"):
    """Another part of the results of a search, in the same message."""

    query: AnyText
    offset: int
    newest: bool
    """Whether the newest results come first, or the best."""


class ShowFacet(Callback, letter="qf"):
    """The months, themes, people, places or organisations of a search's results, in place of the results."""

    query: AnyText
    facet: Facet

"""Callbacks that show digests, issues, articles and search results."""

from datetime import date

from bot.callbacks.registry import AnyText, Callback
from digests.search import Facet


class ShowNewestDigest(Callback, letter="n"):
    """Show today's edition at the time of the press, as a new message."""


class ShowDigest(Callback, letter="d"):
    """Show the digest of a day, as a new message."""

    day: date


class StepDigest(Callback, letter="b"):
    """Show the digest of the next issue after a day (`onward`) or of the last issue before it, in the same message."""

    day: date
    onward: bool


class ShowScores(Callback, letter="y"):
    """Show the scores that rank the stories of a day's digest."""

    day: date


class ShowCard(Callback, letter="x"):
    """Show the card of a day's issue: a picture with its keywords and lead stories."""

    day: date


class ShowThemeChart(Callback, letter="X"):
    """Show a chart of the themes of a day's issue."""

    day: date


class ShowWeek(Callback, letter="w"):
    """Show the review of the week that contains a day, in the same message."""

    day: date


class ShowMonth(Callback, letter="m"):
    """Show the review of the month that contains a day, in the same message."""

    day: date


class ShowIssues(Callback, letter="i"):
    """Show the list of issues, as a new message."""


class TurnIssues(Callback, letter="I"):
    """Show another part of the list of issues, in the same message."""

    offset: int


class ShowContents(Callback, letter="c"):
    """Show the articles of an issue, as a new message."""

    day: date


class TurnContents(Callback, letter="C"):
    """Show another part of the articles of an issue, in the same message."""

    day: date
    offset: int


class ShowSection(Callback, letter="e"):
    """Show the articles of a theme in an issue, as a new message; the theme "" is for articles without a theme."""

    day: date
    theme: AnyText


class TurnSection(Callback, letter="E"):
    """Show another part of the articles of a theme, in the same message."""

    day: date
    theme: AnyText
    offset: int


class ShowPage(Callback, letter="p"):
    """Show the articles on a page of an issue, as a new message."""

    day: date
    page: int


class TurnPage(Callback, letter="P"):
    """Show another page of an issue, or another part of a page, in the same message."""

    day: date
    page: int
    offset: int


class ShowArticle(Callback, letter="a"):
    """Show the first part of an article."""

    article: str


class ShowArticlePart(Callback, letter="r"):
    """Show a further part of a long article; `ShowArticle` shows part 0."""

    article: str
    part: int


class ShowRelated(Callback, letter="R"):
    """Show the articles most closely related to an article."""

    article: str


class ShowNames(Callback, letter="N"):
    """Show the people and places in an article as buttons that search for them."""

    article: str


class ShowFollowable(Callback, letter="k"):
    """Show keywords, people and places of an article as buttons that subscribe to them."""

    article: str


class RunSearch(Callback, letter="qi"):
    """Show the results of a search, as a new message."""

    query: AnyText


class TurnHits(Callback, letter="q"):
    """Show another part of the results of a search, in the same message."""

    query: AnyText
    offset: int
    newest: bool
    """True: results sorted by date, newest first; False: best first."""


class ShowFacet(Callback, letter="qf"):
    """Show the months, themes, people, places or organisations of a search's results, in the same message."""

    query: AnyText
    facet: Facet

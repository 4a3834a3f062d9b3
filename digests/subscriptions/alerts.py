"""Knowing an article again that was told already: on two pages, in two editions, corrected or cut (pure).

Who is told of what that came in: one pass over new articles and all subscriptions (pure).

An article is told once to a chat, in a forum once to each topic that follows it, however many subscriptions it meets:

resting           where all of them rest, it is passed over
at once           where one of them wants it now and its cap of the day is not reached; in quiet hours it waits for
                  their end
later             else it waits for the next daily digest, or for the end of the week where only weekly ones want it

What was told is not told again, under whatever id or day it comes. Of an article that reads anew, only what the former
reading did not match is news.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from digests.analysis import near_duplicates
from digests.chats import Chat, Match, Settings
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, Labels, NewArticle
from digests.subscriptions import is_resting, subscriptions_of_topic

Bundle = Literal["quiet", "daily", "weekly"]
"""When what waits is told: after the quiet hours, with the next daily digest, at the end of the week."""

Outcome = Literal["now", "held", "passed"]


@dataclass(frozen=True, slots=True)
class LoggedMatch:
    """A subscription matched an article on a day of its chat."""

    chat: int
    subscription: int
    article: str
    day: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class WaitingArticle:
    """An article that waits to be told."""

    chat: int
    topic: int | None
    article: str
    bundle: Bundle
    since: datetime
    late: bool = False
    """Whether it stood in a page that was badly read before (补报)."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """By what an article is known again in the days around its own."""

    article: str
    day: date | None
    hashes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LogEntries:
    """What one matching adds to the ledger."""

    findings: tuple[LoggedMatch, ...] = ()
    waiting: tuple[WaitingArticle, ...] = ()
    imprints: tuple[Imprint, ...] = ()


REPEAT_WINDOW = timedelta(days=7)
"""What is printed again later is news again: a notice of every month, a story retold in another year."""


def imprint(article: Article) -> Imprint:
    """By what `article` is known again."""
    return Imprint(article.id, article.date, near_duplicates.sketch(article))


def same_as(one: Imprint, known: Iterable[Imprint]) -> Iterator[str]:
    """Yield the ids of the articles among `known` that `one` repeats within a week."""
    for other in known:
        if _near(one.day, other.day) and near_duplicates.repeats(one.hashes, other.hashes):
            yield other.article


def told_once(articles: Iterable[Article]) -> Iterator[Article]:
    """The articles that are told, where they come in the order of their days to somebody who wants them all."""
    known: list[Imprint] = []
    for article in articles:
        mark = imprint(article)
        known = [other for other in known if _near(mark.day, other.day)]
        if not any(same_as(mark, known)):
            known.append(mark)
            yield article


def _near(one: date | None, other: date | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) <= REPEAT_WINDOW


BACKLOG_FROM_ISSUES = 7
"""Issues that one taking in may bring and that are all news, however old: a week's, or the pages of an example."""

Destination = tuple[int, int | None]
"""A chat, and in a forum the topic of it."""


@dataclass(frozen=True, slots=True)
class ArrivedArticle:
    """An article that came in, or reads anew."""

    article: Article
    ids: frozenset[str]
    """Of all its pieces, its own among them: it may have been known by any."""
    since: datetime
    """Subscriptions made later do not ask for it."""
    late: bool = False
    former: Article | None = None


@dataclass(frozen=True, slots=True)
class MatchedArticle:
    """An article with all its reasons, as one chat is told of it."""

    article: Article
    matches: tuple[Match, ...]
    late: bool = False


@dataclass(frozen=True)
class EarlierDecisions:
    """What was decided before; it grows while new articles are decided on."""

    decided: set[tuple[int, int | None, str]]
    """Chat, topic and article that was told there or waits to be."""
    immediate_counts: dict[tuple[int, int, date], int] = field(default_factory=dict)
    """How many articles each subscription told at once on each day: by chat, subscription and day."""
    imprints: list[Imprint] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AlertRules:
    """How chats live at this moment."""

    now: datetime
    default_cap: int
    """Articles a day that a subscription tells at once where its chat chose nothing."""
    is_quiet: Callable[[Settings], bool]
    local_day: Callable[[Settings], date]


@dataclass(frozen=True, slots=True)
class AlertDecision:
    immediate: Mapping[Destination, Sequence[Match]]
    """What goes out now, a letter a place."""
    entries: LogEntries


def without_old_backlog(news: Sequence[NewArticle], newest: date | None, max_age: timedelta) -> list[NewArticle]:
    """Those that anybody is told of: all of a few issues, of a backlog what is not older than `max_age`.

    `newest` is the day of the newest issue there is, the measure of age.
    """
    if newest is None or len({one.day for one in news}) <= BACKLOG_FROM_ISSUES:
        return list(news)
    return [one for one in news if one.day is None or newest - one.day <= max_age]


def decide_alerts(
    arrived: Iterable[ArrivedArticle],
    topics: SubscriptionMatcher,
    chats: Mapping[int, Chat],
    known: EarlierDecisions,
    hours: AlertRules,
) -> AlertDecision:
    """Decide on all that arrived, the oldest issue first; `topics` are the subscriptions of `chats`."""
    told: dict[Destination, list[Match]] = defaultdict(list)
    findings, waiting, imprints = list[LoggedMatch](), list[WaitingArticle](), list[Imprint]()
    for one in sorted(arrived, key=lambda one: issue_order(one.article)):
        wanted = _by_place(_news(one, topics))
        if not wanted:
            continue
        mark = imprint(one.article)
        again = one.ids.union(same_as(mark, known.imprints))
        places = [place for place in wanted if not any((*place, article) in known.decided for article in again)]
        before = len(known.decided)
        for place in places:
            verdict = _verdict(wanted[place], chats[place[0]].settings, known, hours)
            findings += verdict.findings
            if verdict.bundle:
                waiting.append(WaitingArticle(*place, one.article.id, verdict.bundle, hours.now, one.late))
            elif verdict.now:
                told[place] += [match for match in wanted[place] if not is_resting(match.subscription, hours.now)]
            if verdict.bundle or verdict.now:
                known.decided.add((*place, one.article.id))
        if len(known.decided) > before:
            imprints.append(mark)
            known.imprints.append(mark)
    return AlertDecision(told, LogEntries(tuple(findings), tuple(waiting), tuple(imprints)))


def group_by_article(
    matches: Iterable[Match], articles: Mapping[str, Article], late: Collection[str]
) -> list[MatchedArticle]:
    """The matches of one chat by their articles, in the order in which these came."""
    reasons: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        reasons[match.article].append(match)
    return [MatchedArticle(articles[name], tuple(because), name in late) for name, because in reasons.items()]


def match_waiting(
    chat: Chat,
    topic: int | None,
    articles: Iterable[Article],
    late: Collection[str],
    label: Callable[[Article], Labels],
    *,
    now: datetime,
) -> list[MatchedArticle]:
    """Those of the `articles` that waited which the subscriptions of a chat's topic still want, with their reasons."""
    awake = tuple(one for one in subscriptions_of_topic(chat, topic) if not is_resting(one, now))
    topics = SubscriptionMatcher([replace(chat, subscriptions=awake)], label)
    wanted = {article.id: article for article in articles}.values()
    found = ((article, tuple(topics.match(article))) for article in wanted)
    return [MatchedArticle(article, matches, article.id in late) for article, matches in found if matches]


def issue_order(article: Article) -> tuple[date, str, int, int]:
    """By which articles are told, the oldest issue first and in page order."""
    return article.date or date.max, article.paper, article.page or 0, article.n or 0


def _news(one: ArrivedArticle, topics: SubscriptionMatcher) -> Iterator[Match]:
    """The matches that the former reading did not give, of subscriptions that were there."""
    before = {(match.chat, match.subscription.id) for match in topics.match(one.former)} if one.former else set()
    for match in topics.match(one.article):
        if (match.chat, match.subscription.id) not in before and match.subscription.created <= one.since:
            yield match


def _by_place(matches: Iterable[Match]) -> dict[Destination, list[Match]]:
    places: dict[Destination, list[Match]] = defaultdict(list)
    for match in matches:
        places[match.chat, match.subscription.topic].append(match)
    return places


@dataclass(frozen=True, slots=True)
class _Verdict:
    now: bool
    bundle: Bundle | None
    findings: tuple[LoggedMatch, ...]


def _verdict(matches: Sequence[Match], settings: Settings, known: EarlierDecisions, hours: AlertRules) -> _Verdict:
    """What becomes of one article at one place; counts what is told at once."""
    day = hours.local_day(settings)
    fates = [(match, _fate(match, day, known, hours)) for match in matches]
    for match, fate in fates:
        if fate == "now":
            key = match.chat, match.subscription.id, day
            known.immediate_counts[key] = known.immediate_counts.get(key, 0) + 1
    findings = tuple(LoggedMatch(m.chat, m.subscription.id, m.article, day, fate) for m, fate in fates)
    return _Verdict(*_outcome(fates, settings, hours), findings)


def _fate(match: Match, day: date, known: EarlierDecisions, hours: AlertRules) -> Outcome:
    subscription = match.subscription
    if is_resting(subscription, hours.now):
        return "passed"
    cap = hours.default_cap if subscription.cap is None else subscription.cap
    told = known.immediate_counts.get((match.chat, subscription.id, day), 0)
    return "now" if subscription.rhythm == "now" and told < cap else "held"


def _outcome(
    fates: Iterable[tuple[Match, Outcome]], settings: Settings, hours: AlertRules
) -> tuple[bool, Bundle | None]:
    awake = [(match.subscription.rhythm, fate) for match, fate in fates if fate != "passed"]
    if not awake:
        return False, None
    if any(fate == "now" for _, fate in awake):
        return (False, "quiet") if hours.is_quiet(settings) else (True, None)
    return False, "weekly" if all(rhythm == "weekly" for rhythm, _ in awake) else "daily"

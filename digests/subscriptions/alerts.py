"""Decide which chats are alerted to new articles, in one pass over the articles and all subscriptions (pure).

A chat, or a forum topic of it, gets an article once, even if several of its subscriptions match:

ignored   if all matching subscriptions are paused or muted
at once   if one of the others alerts at once and is below its daily cap; an alert in quiet hours waits for their end
later     in all other cases: with the next daily digest, or once a week if only weekly subscriptions match

An article that repeats a reported one is not reported again, even under another id. If an article's text changed when
its page was read again, only subscriptions that did not match the earlier text are alerted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from digests.analysis import near_duplicates
from digests.chats import Chat, Match, Settings
from digests.guard import Problem, guard
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, Labels, NewArticle
from digests.subscriptions import is_paused_or_muted, subscriptions_of_topic

REPEAT_WINDOW = timedelta(days=7)
"""Articles further apart than this are both reported, even with the same text (a monthly notice)."""
MAX_FRESH_ISSUES = 7
"""New articles of more than this many days are a backlog; otherwise all are reported, whatever their age."""

Bundle = Literal["quiet", "daily", "weekly"]
"""The event that releases a waiting article: end of quiet hours, next daily digest, next weekly digest day."""
Outcome = Literal["now", "held", "passed"]
"""Outcome of a match: alerted at once, held for a bundle, or ignored because the subscription is paused or muted."""
Destination = tuple[int, int | None]
"""Chat id and, in a forum, topic id."""


@dataclass(frozen=True, slots=True)
class LoggedMatch:
    """A match of a subscription; `day` is the day of the decision in the time zone of the chat."""

    chat: int
    subscription: int
    article: str
    day: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class WaitingArticle:
    """An article that waits for a bundle; `since` is when it began to wait."""

    chat: int
    topic: int | None
    article: str
    bundle: Bundle
    since: datetime
    late: bool = False
    """True if the article was found, or its text changed, when its page was read again (补报)."""


@dataclass(frozen=True, slots=True)
class ArticleSketch:
    """The sketch of a reported article, used to detect repeats."""

    article: str
    day: date | None
    hashes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LogEntries:
    """The rows that one matching run adds to the alert log."""

    matches: tuple[LoggedMatch, ...] = ()
    waiting: tuple[WaitingArticle, ...] = ()
    sketches: tuple[ArticleSketch, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrivedArticle:
    """An article that is new, or whose text changed."""

    article: Article
    ids: frozenset[str]
    """The ids of all pieces of the article, which may have been reported under any of them; usually only its own id."""
    since: datetime
    """When the article arrived; subscriptions created later do not match it."""
    late: bool = False
    former: Article | None = None
    """The article with its earlier text; None for a new article."""


@dataclass(frozen=True, slots=True)
class MatchedArticle:
    """An article with all its matches in one chat."""

    article: Article
    matches: tuple[Match, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class EarlierDecisions:
    """Earlier decisions that concern the arrived articles."""

    decided: Collection[tuple[int, int | None, str]]
    """Chat, topic and article id of each article that was reported or is waiting."""
    immediate_counts: Mapping[tuple[int, int, date], int] = field(default_factory=dict)
    """Number of articles alerted at once, by chat, subscription and day."""
    sketches: Collection[ArticleSketch] = ()


@dataclass(frozen=True, slots=True)
class AlertRules:
    """The moment of the decision and the settings that apply to all chats."""

    now: datetime
    default_cap: int
    """Daily cap on immediate alerts for subscriptions without a cap of their own."""
    is_quiet: Callable[[Settings], bool]
    local_day: Callable[[Settings], date]


@dataclass(frozen=True, slots=True)
class AlertDecision:
    """The matches to alert at once, by destination, and the new rows of the alert log."""

    immediate: Mapping[Destination, Sequence[Match]]
    entries: LogEntries
    problems: Sequence[Problem] = ()
    failed: frozenset[str] = frozenset()
    """The ids of the articles that could not be decided on completely; they must be decided on again."""


def sketch_of(article: Article) -> ArticleSketch:
    """Return the sketch of an article."""
    return ArticleSketch(article.id, article.date, near_duplicates.sketch(article))


def find_repeats(sketch: ArticleSketch, known: Iterable[ArticleSketch]) -> Iterator[str]:
    """Yield the ids of known articles within REPEAT_WINDOW that the sketched article repeats."""
    for other in known:
        if _are_close(sketch.day, other.day) and near_duplicates.repeats(sketch.hashes, other.hashes):
            yield other.article


def without_repeats(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield the articles without repeats; `articles` must be sorted by day."""
    known: dict[int, list[ArticleSketch]] = defaultdict(list)
    for article in articles:
        sketch = sketch_of(article)
        # Two articles without a common hash are no repeats, and most articles have no hash in common.
        similar = {other.article: other for value in sketch.hashes for other in known[value]}
        if not any(find_repeats(sketch, similar.values())):
            for value in sketch.hashes:
                known[value].append(sketch)
            yield article


def _are_close(day: date | None, other: date | None) -> bool:
    """True if the days are at most REPEAT_WINDOW apart, or both None (undated)."""
    return day == other if day is None or other is None else abs(day - other) <= REPEAT_WINDOW


def without_old_backlog(articles: Sequence[NewArticle], newest: date | None, max_age: timedelta) -> list[NewArticle]:
    """Return the articles that may cause alerts: of a backlog those at most `max_age` old, otherwise all.

    The age is counted from `newest`, the day of the newest issue. Undated articles are always returned.
    """
    if newest is None or len({article.day for article in articles}) <= MAX_FRESH_ISSUES:
        return list(articles)
    return [article for article in articles if article.day is None or newest - article.day <= max_age]


def issue_order(article: Article) -> tuple[date, str, int, int]:
    """Return the sort key for reporting articles: oldest day first, then by paper, page and position on the page."""
    return article.date or date.max, article.paper, article.page or 0, article.n or 0


def decide_alerts(
    arrived: Iterable[ArrivedArticle],
    matcher: SubscriptionMatcher,
    chats: Mapping[int, Chat],
    earlier: EarlierDecisions,
    rules: AlertRules,
) -> AlertDecision:
    """Decide which chats get which arrived articles; `matcher` has the subscriptions of `chats`."""
    decider = _Decider(chats, earlier, rules)
    problems, failed = matcher.problems, set[str]()
    for arrival in sorted(arrived, key=lambda arrival: issue_order(arrival.article)):
        known = len(problems)
        with guard(f"article {arrival.article.id} ({arrival.article.date})", problems):
            if matches := list(_new_matches(arrival, matcher)):
                decider.decide(arrival, matches, problems)
        if len(problems) > known:
            failed |= arrival.ids
    return replace(decider.decision(), problems=tuple(problems), failed=frozenset(failed))


class _Decider:
    """Decides on articles one by one and keeps the decisions."""

    def __init__(self, chats: Mapping[int, Chat], earlier: EarlierDecisions, rules: AlertRules) -> None:
        self._chats = chats
        self._rules = rules
        self._decided = set(earlier.decided)
        self._immediate_counts = Counter(earlier.immediate_counts)
        self._sketches = list(earlier.sketches)
        self._immediate: dict[Destination, list[Match]] = defaultdict(list)
        self._logged: list[LoggedMatch] = []
        self._waiting: list[WaitingArticle] = []
        self._new_sketches: list[ArticleSketch] = []

    def decide(self, arrival: ArrivedArticle, matches: Iterable[Match], problems: list[Problem]) -> None:
        """Decide on an article for each destination that has not received it and for which it is not waiting.

        Destinations for which this fails are added to `problems`.
        """
        sketch = sketch_of(arrival.article)
        known_ids = arrival.ids.union(find_repeats(sketch, self._sketches))
        matches_by_destination: dict[Destination, list[Match]] = defaultdict(list)
        for match in matches:
            matches_by_destination[match.chat, match.subscription.topic].append(match)
        reported = False
        for destination, destination_matches in matches_by_destination.items():
            if not any((*destination, article) in self._decided for article in known_ids):
                with guard(f"article {arrival.article.id} for chat {destination[0]}", problems):
                    reported |= self._report(arrival, destination, destination_matches)
        if reported:
            self._sketches.append(sketch)
            self._new_sketches.append(sketch)

    def decision(self) -> AlertDecision:
        entries = LogEntries(tuple(self._logged), tuple(self._waiting), tuple(self._new_sketches))
        return AlertDecision(self._immediate, entries)

    def _report(self, arrival: ArrivedArticle, destination: Destination, matches: Sequence[Match]) -> bool:
        """Alert a destination or queue the article for a bundle.

        Return False if all matching subscriptions are paused or muted.
        """
        settings = self._chats[destination[0]].settings
        day = self._rules.local_day(settings)
        outcomes = [self._outcome(match, day) for match in matches]
        quiet = "now" in outcomes and self._rules.is_quiet(settings)
        self._logged += (
            LoggedMatch(match.chat, match.subscription.id, match.article, day, outcome)
            for match, outcome in zip(matches, outcomes, strict=True)
        )
        reported = [match for match, outcome in zip(matches, outcomes, strict=True) if outcome != "passed"]
        if not reported:
            return False
        article = arrival.article.id
        if bundle := _bundle(reported, at_once="now" in outcomes, quiet=quiet):
            self._waiting.append(WaitingArticle(*destination, article, bundle, self._rules.now, arrival.late))
        else:
            self._immediate[destination] += reported
        self._decided.add((*destination, article))
        return True

    def _outcome(self, match: Match, day: date) -> Outcome:
        """Return the outcome of a match; count it towards the cap if it is alerted at once."""
        subscription = match.subscription
        if is_paused_or_muted(subscription, self._rules.now):
            return "passed"
        cap = self._rules.default_cap if subscription.cap is None else subscription.cap
        key = match.chat, subscription.id, day
        if subscription.rhythm != "now" or self._immediate_counts[key] >= cap:
            return "held"
        self._immediate_counts[key] += 1
        return "now"


def _bundle(matches: Sequence[Match], *, at_once: bool, quiet: bool) -> Bundle | None:
    """Return the bundle that the article waits for; None if it is alerted at once, outside quiet hours."""
    if at_once:
        return "quiet" if quiet else None
    return "weekly" if all(match.subscription.rhythm == "weekly" for match in matches) else "daily"


def _new_matches(arrival: ArrivedArticle, matcher: SubscriptionMatcher) -> Iterator[Match]:
    """Yield the matches of subscriptions created before the article arrived that did not match its earlier text."""
    earlier_matches = matcher.match(arrival.former) if arrival.former else ()
    matched_before = {(match.chat, match.subscription.id) for match in earlier_matches}
    for match in matcher.match(arrival.article):
        if (match.chat, match.subscription.id) not in matched_before and match.subscription.created <= arrival.since:
            yield match


def group_by_article(
    matches: Iterable[Match], articles: Mapping[str, Article], late: Collection[str]
) -> list[MatchedArticle]:
    """Group the matches of one chat by article, in the order of the matches; `late` has the ids of late articles."""
    by_article: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        by_article[match.article].append(match)
    return [MatchedArticle(articles[name], tuple(matches), name in late) for name, matches in by_article.items()]


def match_waiting(
    chat: Chat,
    topic: int | None,
    articles: Iterable[Article],
    late: Collection[str],
    label: Callable[[Article], Labels],
    *,
    now: datetime,
) -> list[MatchedArticle]:
    """Return the waiting articles that a subscription of the topic still matches, each once, with its matches."""
    subscriptions = tuple(
        subscription
        for subscription in subscriptions_of_topic(chat, topic)
        if not is_paused_or_muted(subscription, now)
    )
    matcher = SubscriptionMatcher([replace(chat, subscriptions=subscriptions)], label)
    distinct = {article.id: article for article in articles}.values()
    matched = ((article, tuple(matcher.match(article))) for article in distinct)
    return [MatchedArticle(article, matches, article.id in late) for article, matches in matched if matches]

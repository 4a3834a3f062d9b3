"""Which chats are alerted to new articles: one pass over the articles and all subscriptions (pure).

A chat, or a forum topic of it, gets an article once, however many of its subscriptions match:

passed over   if all of them rest
at once       if one of them wants alerts at once and has not reached its cap of the day; in quiet hours, when they end
later         otherwise with the next daily digest, or at the end of the week if only weekly subscriptions match

An article that repeats a reported one is not reported again, whatever its id. Of an article that was read differently
before, only subscriptions that did not match the former reading are alerted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from digests.analysis import near_duplicates
from digests.chats import Chat, Match, Settings
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import Article, Labels, NewArticle
from digests.subscriptions import is_resting, subscriptions_of_topic

REPEAT_WINDOW = timedelta(days=7)
"""Articles further apart are both reported, even if they say the same: a monthly notice, a story told every year."""
MAX_FRESH_ISSUES = 7
"""New articles of at most so many days are all reported, however old; those of more days are a backlog."""

Bundle = Literal["quiet", "daily", "weekly"]
"""What waiting articles wait for: the end of the quiet hours, the next daily digest, the end of the week."""
Outcome = Literal["now", "held", "passed"]
"""What became of a match: alerted at once, held for a bundle, or passed over as the subscription rests."""
Destination = tuple[int, int | None]
"""A chat, and in a forum the topic of it."""


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
    """An article that a chat will get with its next bundle."""

    chat: int
    topic: int | None
    article: str
    bundle: Bundle
    since: datetime
    late: bool = False
    """True if a better reading of its page revealed it (补报)."""


@dataclass(frozen=True, slots=True)
class ArticleSketch:
    """A reported article's sketch, by which its repetitions are recognised."""

    article: str
    day: date | None
    hashes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LogEntries:
    """What one matching adds to the alert log."""

    matches: tuple[LoggedMatch, ...] = ()
    waiting: tuple[WaitingArticle, ...] = ()
    sketches: tuple[ArticleSketch, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrivedArticle:
    """An article that is new, or that was read differently before."""

    article: Article
    ids: frozenset[str]
    """The ids of all parts of a continued story, its own included; it may have been reported by any of them."""
    since: datetime
    """When it arrived; subscriptions created later do not match it."""
    late: bool = False
    former: Article | None = None
    """The article as it was read before."""


@dataclass(frozen=True, slots=True)
class MatchedArticle:
    """An article with all its matches in one chat."""

    article: Article
    matches: tuple[Match, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class EarlierDecisions:
    """What was decided before, as far as the arrived articles need it."""

    decided: Collection[tuple[int, int | None, str]]
    """Chat, topic and article where an article was reported or waits to be."""
    immediate_counts: Mapping[tuple[int, int, date], int] = field(default_factory=dict)
    """The number of articles alerted at once by chat, subscription and day."""
    sketches: Collection[ArticleSketch] = ()


@dataclass(frozen=True, slots=True)
class AlertRules:
    """The rules that hold for all chats at this moment."""

    now: datetime
    default_cap: int
    """Articles a day that a subscription without a cap of its own alerts to at once."""
    is_quiet: Callable[[Settings], bool]
    local_day: Callable[[Settings], date]


@dataclass(frozen=True, slots=True)
class AlertDecision:
    """Who is alerted at once, and what goes into the log."""

    immediate: Mapping[Destination, Sequence[Match]]
    entries: LogEntries


def sketch_of(article: Article) -> ArticleSketch:
    """Return the sketch of an article."""
    return ArticleSketch(article.id, article.date, near_duplicates.sketch(article))


def find_repeats(sketch: ArticleSketch, known: Iterable[ArticleSketch]) -> Iterator[str]:
    """Yield the ids of the known articles that repeat the sketched one within REPEAT_WINDOW."""
    for other in known:
        if _are_close(sketch.day, other.day) and near_duplicates.repeats(sketch.hashes, other.hashes):
            yield other.article


def without_repeats(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield the articles that a chat that wants all of them would get; they come in the order of their days."""
    known: list[ArticleSketch] = []
    for article in articles:
        sketch = sketch_of(article)
        known = [other for other in known if _are_close(sketch.day, other.day)]
        if not any(find_repeats(sketch, known)):
            known.append(sketch)
            yield article


def _are_close(day: date | None, other: date | None) -> bool:
    return day == other if day is None or other is None else abs(day - other) <= REPEAT_WINDOW


def without_old_backlog(articles: Sequence[NewArticle], newest: date | None, max_age: timedelta) -> list[NewArticle]:
    """Return the articles that may alert: all of a few issues; of a backlog, those at most `max_age` old.

    Age is counted back from `newest`, the day of the newest issue.
    """
    if newest is None or len({article.day for article in articles}) <= MAX_FRESH_ISSUES:
        return list(articles)
    return [article for article in articles if article.day is None or newest - article.day <= max_age]


def issue_order(article: Article) -> tuple[date, str, int, int]:
    """Return the sort key by which articles are reported: the oldest issue first, in the order of its pages."""
    return article.date or date.max, article.paper, article.page or 0, article.n or 0


def decide_alerts(
    arrived: Iterable[ArrivedArticle],
    matcher: SubscriptionMatcher,
    chats: Mapping[int, Chat],
    earlier: EarlierDecisions,
    rules: AlertRules,
) -> AlertDecision:
    """Decide which chats get which of the arrived articles; `matcher` has the subscriptions of `chats`."""
    decider = _Decider(chats, earlier, rules)
    for new in sorted(arrived, key=lambda new: issue_order(new.article)):
        if matches := list(_new_matches(new, matcher)):
            decider.decide(new, matches)
    return decider.decision()


class _Decider:
    """Decides on one article after the other, and remembers what was decided."""

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

    def decide(self, new: ArrivedArticle, matches: Iterable[Match]) -> None:
        """Decide on an article at each destination that it is new to."""
        sketch = sketch_of(new.article)
        known_ids = new.ids.union(find_repeats(sketch, self._sketches))
        by_destination: dict[Destination, list[Match]] = defaultdict(list)
        for match in matches:
            by_destination[match.chat, match.subscription.topic].append(match)
        reported = [
            self._report(new, destination, at_destination)
            for destination, at_destination in by_destination.items()
            if not any((*destination, article) in self._decided for article in known_ids)
        ]
        if any(reported):
            self._sketches.append(sketch)
            self._new_sketches.append(sketch)

    def decision(self) -> AlertDecision:
        entries = LogEntries(tuple(self._logged), tuple(self._waiting), tuple(self._new_sketches))
        return AlertDecision(self._immediate, entries)

    def _report(self, new: ArrivedArticle, destination: Destination, matches: Sequence[Match]) -> bool:
        """Alert a destination or let the article wait; return False if all matching subscriptions rest."""
        settings = self._chats[destination[0]].settings
        day = self._rules.local_day(settings)
        outcomes = [self._outcome(match, day) for match in matches]
        self._logged += (
            LoggedMatch(match.chat, match.subscription.id, match.article, day, outcome)
            for match, outcome in zip(matches, outcomes, strict=True)
        )
        awake = [match for match, outcome in zip(matches, outcomes, strict=True) if outcome != "passed"]
        if not awake:
            return False
        if bundle := self._bundle(awake, settings, at_once="now" in outcomes):
            self._waiting.append(WaitingArticle(*destination, new.article.id, bundle, self._rules.now, new.late))
        else:
            self._immediate[destination] += awake
        self._decided.add((*destination, new.article.id))
        return True

    def _outcome(self, match: Match, day: date) -> Outcome:
        """Return what becomes of a match, and count an alert at once."""
        subscription = match.subscription
        if is_resting(subscription, self._rules.now):
            return "passed"
        cap = self._rules.default_cap if subscription.cap is None else subscription.cap
        key = match.chat, subscription.id, day
        if subscription.rhythm != "now" or self._immediate_counts[key] >= cap:
            return "held"
        self._immediate_counts[key] += 1
        return "now"

    def _bundle(self, awake: Sequence[Match], settings: Settings, *, at_once: bool) -> Bundle | None:
        """Return what the article waits for; None if it is reported at once."""
        if at_once:
            return "quiet" if self._rules.is_quiet(settings) else None
        return "weekly" if all(match.subscription.rhythm == "weekly" for match in awake) else "daily"


def _new_matches(new: ArrivedArticle, matcher: SubscriptionMatcher) -> Iterator[Match]:
    """Yield the matches of subscriptions that existed and that the former reading did not match."""
    former = {(match.chat, match.subscription.id) for match in matcher.match(new.former)} if new.former else set()
    for match in matcher.match(new.article):
        if (match.chat, match.subscription.id) not in former and match.subscription.created <= new.since:
            yield match


def group_by_article(
    matches: Iterable[Match], articles: Mapping[str, Article], late: Collection[str]
) -> list[MatchedArticle]:
    """Return the matches of one chat by article, in the order of the matches; `late` are ids of late articles."""
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
    """Return the waiting articles that subscriptions of a chat's topic still match, each once, with the matches."""
    awake = tuple(one for one in subscriptions_of_topic(chat, topic) if not is_resting(one, now))
    matcher = SubscriptionMatcher([replace(chat, subscriptions=awake)], label)
    distinct = {article.id: article for article in articles}.values()
    matched = ((article, tuple(matcher.match(article))) for article in distinct)
    return [MatchedArticle(article, matches, article.id in late) for article, matches in matched if matches]

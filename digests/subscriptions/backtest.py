"""What a subscription would have brought, had it been there while the archive was taken in day by day.

The index finds candidates by characters, the matcher decides, and what would be told twice is counted once: the same
decisions as for alerts (alerts.py), so that both say the same.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from digests import text
from digests.analysis import Labeller
from digests.language.characters import normalise_in_place
from digests.matching import NO_LABELS, ArticleMatcher, article_fields
from digests.matching.subscription_matcher import required_terms
from digests.models import Article, Issue, Labels, Reason, Snippet
from digests.query import And, DayRange, Near, Not, Or, Query, Term, parse, wanted_terms
from digests.search.compiler import term_words
from digests.search.index import Index
from digests.subscriptions import alerts

ONE_YEAR = timedelta(days=365)
MAX_LOOK_ALIKES = 3
MAX_FORMS = 3
"""Tighter and looser forms that are proposed."""
FIREHOSE_HITS_PER_ISSUE = 3
"""Articles an issue, on the average of the archive, from which on a subscription brings more than anybody reads."""
FIREHOSE_MIN_HITS = 10
"""Articles up to which nothing is a firehose, however few issues there are."""
TITLE_FIELDS = ("headline", "kicker", "deck")


@dataclass(frozen=True, slots=True)
class BacktestHit:
    """An article that would have been told, and why."""

    article: Article
    reason: Reason


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A look-alike: its characters stand in the article, and it is not meant there (长治 in 校长治学)."""

    article: Article
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Backtest:
    """How a query would have done as a subscription."""

    query: str
    """In its normal form."""
    hits: tuple[BacktestHit, ...]
    """All, the newest first; those without a day last."""
    last_year: int
    """Hits of the 365 days up to the newest issue of the archive."""
    issues: int
    """Issues of the archive, of all its time."""
    by_month: Mapping[str, int] = field(default_factory=dict)
    """2022-08 -> hits, the oldest month first; months without any are left out."""
    busiest: tuple[date, int] | None = None
    """The day with the most hits, the latest of several such; None without any."""
    look_alikes: tuple[LookAlike, ...] = ()
    """Some look-alikes, the newest first."""
    tighter: tuple[str, ...] = ()
    """Queries that would bring less of the same."""
    looser: tuple[str, ...] = ()
    """Queries that would bring more of the same."""
    firehose: bool = False
    """Whether it would bring more than anybody reads."""

    @property
    def total(self) -> int:
        return len(self.hits)


def backtest(
    index: Index, asked: str, issues: Sequence[Issue], whole: Callable[[Article], Article], labeller: Labeller
) -> Backtest:
    """How a subscription to `asked` would have done over `issues`; raises QueryError where it means nothing.

    `whole` brings the pieces of a story together that jumps from page to page.
    """
    query = parse(asked)
    label = labeller.label if _asks_labels(query) else _unlabelled
    readers = [ArticleMatcher(article, label(article)) for article in _candidates(index, query, whole)]
    met = {
        reader.article.id: BacktestHit(reader.article, reason) for reader in readers if (reason := reader.match(query))
    }
    in_order = sorted((told.article for told in met.values()), key=alerts.issue_order)
    hits = tuple(met[article.id] for article in alerts.without_repeats(in_order))[::-1]
    days = Counter(hit.article.date for hit in hits if hit.article.date)
    newest = max((issue.day for issue in issues), default=date.min)
    tighter, looser = _forms(query, hits)
    return Backtest(
        query=str(query),
        hits=tuple(sorted(hits, key=lambda hit: hit.article.date or date.min, reverse=True)),
        last_year=sum(count for day, count in days.items() if newest - day < ONE_YEAR),
        issues=len(issues),
        by_month=dict(sorted(Counter(f"{day:%Y-%m}" for day in days.elements()).items())),
        busiest=max(days.items(), key=lambda entry: (entry[1], entry[0]), default=None),
        look_alikes=tuple(islice(_look_alikes(query, readers, met.keys()), MAX_LOOK_ALIKES)),
        tighter=tighter,
        looser=looser,
        firehose=len(hits) > max(FIREHOSE_MIN_HITS, FIREHOSE_HITS_PER_ISSUE * len(issues)),
    )


def _candidates(index: Index, query: Query, whole: Callable[[Article], Article]) -> Iterable[Article]:
    """Every article that the query could match, whole."""
    wanted = required_terms(query)
    if wanted:
        found = index.mentioning(wanted)
    else:
        days = [part for part in _parts(query) if isinstance(part, DayRange)]
        found = index.between(days[0].first, days[0].last) if days else index.between(None, None)
    return {article.id: article for article in map(whole, found)}.values()


def _parts(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, And) else (query,)


def _asks_labels(query: Query) -> bool:
    match query:
        case Term():
            return query.field in ("theme", "person", "place", "org")
        case Not(part):
            return _asks_labels(part)
        case And(parts) | Or(parts) | Near(parts):
            return any(map(_asks_labels, parts))
        case _:
            return False


def _unlabelled(_: Article) -> Labels:
    return NO_LABELS


def _look_alikes(query: Query, readers: Iterable[ArticleMatcher], met: Collection[str]) -> Iterator[LookAlike]:
    """The articles that hold a plain term's characters in a row where it is not meant, the newest first."""
    plain = [term for term in wanted_terms(query) if not term.exact and not term.field]
    for reader in sorted(readers, key=lambda reader: reader.article.date or date.min, reverse=True):
        if reader.article.id in met:
            continue
        for term in plain:
            if normalise_in_place(term.text) in reader.normalised_text and not reader.contains(term):
                yield LookAlike(reader.article, _shown(reader.article, normalise_in_place(term.text)))
                break


def _shown(article: Article, characters: str) -> Snippet:
    """The first sentence that holds the characters, with them marked."""
    for _, value in article_fields(article):
        for start, end in text.sentences(value):
            sentence = value[start:end]
            at = normalise_in_place(sentence).find(characters)
            if at >= 0:
                return Snippet(sentence, ((at, at + len(characters)),))
    return Snippet(article.title)


def _forms(query: Query, hits: Sequence[BacktestHit]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Queries for less of the same and for more of it; only such as make a difference here."""
    tighter, looser = list[Query](), list[Query]()
    match query:
        case Term(field="", exact=False):
            in_titles = sum(hit.reason.where in TITLE_FIELDS for hit in hits)
            if 0 < in_titles < len(hits):
                tighter.append(query._replace(field="title", as_printed=False))
            if any(hit.reason.rule in ("alike", "inside") for hit in hits):
                tighter.append(Term(query.text, exact=True))
            said = tuple(map(Term, term_words(query)))
            if len(said) > 1 and all(len(term.text) > 1 for term in said):
                looser += [Near(said), And(said)]
        case Term(field="" | "title" | "theme"):
            looser.append(Term(query.text))
        case Near(parts):
            looser.append(And(parts))
        case And(parts):
            wanted = tuple(part for part in parts if not isinstance(part, Not))
            if len(wanted) > 1 and all(isinstance(part, Term) and not part.field for part in wanted):
                tighter.append(_with(parts, Near(tuple(part for part in wanted if isinstance(part, Term)))))
            looser += [_without(parts, part) for part in wanted if len(wanted) > 1]
        case Or(parts):
            tighter += parts
    return tuple(map(str, tighter[:MAX_FORMS])), tuple(map(str, looser[:MAX_FORMS]))


def _with(parts: Sequence[Query], together: Near) -> Query:
    refused = tuple(part for part in parts if isinstance(part, Not))
    return And((together, *refused)) if refused else together


def _without(parts: Sequence[Query], one: Query) -> Query:
    rest = tuple(part for part in parts if part is not one)
    return And(rest) if len(rest) > 1 else rest[0]

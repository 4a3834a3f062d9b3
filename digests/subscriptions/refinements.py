"""Proposals to refine a subscription: tighter and looser forms of its query, and terms to exclude (不要这类) (pure)."""

from collections.abc import Iterator, Sequence

from digests.analysis import Labeller
from digests.analysis.newspaper_keywords import keywords_of
from digests.errors import QueryError
from digests.language.normal_form import normal_form
from digests.matching import ArticleMatcher
from digests.models import Article, Labels, Reason
from digests.query import And, Near, Not, Or, Query, Term, parse, wanted_terms
from digests.search.compiler import term_words
from digests.subscriptions import query_excluding

MAX_FORMS = 3
"""Forms proposed of each kind, tighter and looser."""
MAX_EXCLUSIONS = 3
TITLE_FIELDS = ("headline", "kicker", "deck")


def propose_forms(query: Query, reasons: Sequence[Reason]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return tighter and looser forms of a query; `reasons` are the reasons of its matches.

    The tighter forms of a single term are the term in the title, if some but not all matches are in titles, and the
    term in quotation marks, if some matches are misread forms.
    """
    tighter, looser = list[Query](), list[Query]()
    match query:
        case Term(field="", exact=False):
            in_titles = sum(reason.where in TITLE_FIELDS for reason in reasons)
            if 0 < in_titles < len(reasons):
                tighter.append(query._replace(field="title", as_printed=False))
            if any(reason.rule == "alike" for reason in reasons):
                tighter.append(Term(query.text, exact=True))
            words = tuple(map(Term, term_words(query)))
            if len(words) > 1 and all(len(word.text) > 1 for word in words):
                looser += [Near(words), And(words)]
        case Term(field="" | "title" | "theme"):
            looser.append(Term(query.text))
        case Near(parts):
            looser.append(And(parts))
        case And(parts):
            wanted = tuple(part for part in parts if not isinstance(part, Not))
            terms = tuple(part for part in wanted if isinstance(part, Term) and not part.field)
            if len(wanted) > 1 and terms == wanted:
                excluded = tuple(part for part in parts if isinstance(part, Not))
                tighter.append(And((Near(terms), *excluded)) if excluded else Near(terms))
            looser += [_without_part(parts, part) for part in wanted if len(wanted) > 1]
        case Or(parts):
            tighter += parts
    return tuple(map(str, tighter[:MAX_FORMS])), tuple(map(str, looser[:MAX_FORMS]))


def propose_exclusions(
    article: Article, query: str, labeller: Labeller, others: Sequence[Article] = ()
) -> tuple[str, ...]:
    """Return terms that would exclude `article` from the matches of `query`, best first.

    The terms are keywords of the article and its first theme, except those that the query asks for. `others` are
    further matches of the subscription: the best term excludes the fewest of them, and a term that excludes all of
    them is left out. The theme is always among the terms. Return no terms if the query no longer parses.
    """
    try:
        wanted = [normal_form(term.text) for term in wanted_terms(parse(query))]
    except QueryError:
        return ()
    matchers = [ArticleMatcher(other, _theme_labels(other, labeller)) for other in others if other.id != article.id]
    excluded_counts: dict[str, int] = {}
    labels = labeller.label(article)
    for term in _candidates(article, labels, wanted):
        if (exclusion := _parse_or_none(term)) and _excludes(article, labels, query, term):
            excluded_counts[term] = sum(matcher.satisfies(exclusion) for matcher in matchers)
    useful = [term for term, count in excluded_counts.items() if count < len(matchers) or not matchers]
    best = sorted(useful, key=excluded_counts.__getitem__)
    themes = [term for term in best if term in map(_theme_term, labels.themes)]
    chosen = best[:MAX_EXCLUSIONS]
    return tuple(chosen if not themes or themes[0] in chosen else [*chosen[:-1], themes[0]])


def _without_part(parts: Sequence[Query], dropped: Query) -> Query:
    rest = tuple(part for part in parts if part is not dropped)
    return And(rest) if len(rest) > 1 else rest[0]


def _candidates(article: Article, labels: Labels, wanted: Sequence[str]) -> Iterator[str]:
    """Yield keywords of the article and its first theme, except those in `wanted` (normalised terms of the query)."""
    for keyword in keywords_of(article, labels):
        normalised = normal_form(keyword.text)
        if not any(normalised in term or term in normalised for term in wanted):
            yield keyword.text
    for theme in labels.themes[:1]:
        if normal_form(theme) not in wanted:
            yield _theme_term(theme)


def _theme_term(theme: str) -> str:
    return str(Term(theme, field="theme"))


def _excludes(article: Article, labels: Labels, query: str, term: str) -> bool:
    """True if the query no longer matches the article when `term` is excluded."""
    return ArticleMatcher(article, labels).match(parse(query_excluding(query, term))) is None


def _theme_labels(article: Article, labeller: Labeller) -> Labels:
    return Labels(themes=labeller.theme_names(article))


def _parse_or_none(term: str) -> Query | None:
    try:
        return parse(term)
    except QueryError:
        return None  # a keyword can be an operator of the query language

"""What a subscription could refuse, so that articles like a given one do not come (不要这类; pure)."""

from collections.abc import Iterator, Sequence

from digests.analysis import Labeller, keywords
from digests.errors import QueryError
from digests.language.characters import normalise_in_place
from digests.matching import ArticleMatcher
from digests.models import Article, Labels
from digests.query import Query, Term, parse, wanted_terms
from digests.subscriptions import query_excluding

MAX_EXCLUSIONS = 3


def propose_exclusions(
    article: Article, query: str, labeller: Labeller, others: Sequence[Article] = ()
) -> tuple[str, ...]:
    """Terms that set `article` apart from the `others` that a subscription to `query` met, the best first.

    They are keywords of the article, or its theme, that the query does not want itself; each taken alone would have
    kept the article away. Best are those that keep the fewest others away, and among equals the weightiest. Empty where
    the query is understood no longer.
    """
    try:
        wanted = [normalise_in_place(term.text) for term in wanted_terms(parse(query))]
    except QueryError:
        return ()
    readers = [ArticleMatcher(other, _theme_labels(other, labeller)) for other in others if other.id != article.id]
    lost: dict[str, int] = {}
    labels = _theme_labels(article, labeller)
    for term in _candidates(article, labels, wanted):
        if (refused := _parsed(term)) and _keeps_away(article, labels, query, term):
            lost[term] = sum(reader.satisfies(refused) for reader in readers)
    useful = [term for term, count in lost.items() if count < len(readers) or not readers]
    return tuple(sorted(useful, key=lost.__getitem__)[:MAX_EXCLUSIONS])


def _candidates(article: Article, labels: Labels, wanted: Sequence[str]) -> Iterator[str]:
    for keyword in keywords.article_keywords(article):
        said = normalise_in_place(keyword.text)
        if not any(said in term or term in said for term in wanted):
            yield keyword.text
    for theme in labels.themes[:1]:
        if normalise_in_place(theme) not in wanted:
            yield str(Term(theme, field="theme"))


def _keeps_away(article: Article, labels: Labels, query: str, term: str) -> bool:
    return ArticleMatcher(article, labels).match(parse(query_excluding(query, term))) is None


def _theme_labels(article: Article, labeller: Labeller) -> Labels:
    return Labels(themes=labeller.theme_names(article))


def _parsed(term: str) -> Query | None:
    try:
        return parse(term)
    except QueryError:
        return None  # a keyword that is a sign of the query language

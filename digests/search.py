"""Query x index -> ranked hits, each with an excerpt: whole sentences of the article with the found words marked."""

from collections.abc import Iterable, Sequence

from digests import query as queries
from digests import text
from digests.index import Index, loose_words
from digests.matching import level, occurrences
from digests.models import Article, Excerpt, Hit, SearchResult, Span
from digests.query import Query, Term

EXCERPT_LENGTH = 120
"""Characters an excerpt aims at; a longer sentence is shortened around its first found word."""


def search(index: Index, asked: str, *, limit: int, offset: int = 0) -> SearchResult:
    """The hits from `offset` on, the best first; raises QueryError where `asked` means nothing.

    Where no article matches the whole query, those that hold some of its words are given and the result says so.
    """
    query = queries.parse(asked)
    total, found = index.find(query, limit=limit, offset=offset)
    wanted: Sequence[Term] = queries.terms(query)
    loose = total == 0
    if loose:
        total, found = index.find_any(query, limit=limit, offset=offset)
        wanted = [Term(word, exact=True) for word in loose_words(query)]
    hits = tuple(Hit(article, score, excerpt(article, wanted)) for score, article in found)
    return SearchResult(str(query), total, offset, hits, loose=loose and total > 0)


def marked(query: Query, article: Article) -> Excerpt:
    """The excerpt of `article` that shows best what `query` wants."""
    return excerpt(article, queries.terms(query))


def excerpt(article: Article, wanted: Sequence[Term]) -> Excerpt:
    """The sentences of the body that hold most of `wanted`, from the best one on; the first ones if none does."""
    places = [
        (paragraph[start:end].strip(), paragraph)
        for paragraph in article.paragraphs
        for start, end in text.sentences(paragraph)
    ]
    if not places:
        return Excerpt("")
    terms = [(level(term.text), term) for term in wanted]
    counts = [sum(plain in level(said) for plain, _ in terms) for said, _ in places]
    best = max(range(len(places)), key=lambda i: (counts[i], -i))
    said, paragraph = places[best]
    following = best + 1
    while following < len(places) and places[following][1] is paragraph:
        longer = f"{said}{places[following][0]}"
        if len(longer) > EXCERPT_LENGTH:
            break
        said, following = longer, following + 1
    return _shortened(said, _marks(said, [term for _, term in terms]))


def _marks(said: str, wanted: Iterable[Term]) -> tuple[Span, ...]:
    """Where the terms stand, overlapping ones joined."""
    spans = sorted(span for term in wanted for span in occurrences(term, said))
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _shortened(said: str, marks: tuple[Span, ...]) -> Excerpt:
    """At most about twice EXCERPT_LENGTH, around the first mark, with … where something was left out."""
    longest = 2 * EXCERPT_LENGTH
    if len(said) <= longest:
        return Excerpt(said, marks)
    start = max(0, min((marks[0][0] if marks else 0) - longest // 3, len(said) - longest))
    end = start + longest
    head, tail = "…" if start else "", "…" if end < len(said) else ""
    shift = len(head) - start
    kept = tuple((a + shift, b + shift) for a, b in marks if start <= a and b <= end)
    return Excerpt(head + said[start:end] + tail, kept)

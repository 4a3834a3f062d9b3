"""Find and join the pieces of articles that continue on another page (下转第2版, 上接第1版).

The index stores each piece separately; the pieces are joined whenever the article is read from the index.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from digests.models import Article
from digests.text import bigrams, join_lines, letters_and_digits

Jump = tuple[str, date | None, int, int]
"""Paper, day, the page of a piece, and the page on which its article continues."""

_PARAGRAPH_ENDS = ("。", "！", "？", "”", "）", ")", "!", "?", "…")


def is_continued(article: Article) -> bool:
    """True if the article continues on another page or began on another page."""
    return article.continued_on_page is not None or article.continued_from_page is not None


def join_continued(articles: Sequence[Article]) -> list[Article]:
    """Return the articles of one issue with their pieces joined, each at the position of its first piece."""
    continuations = _continuations(articles)
    later = {piece.id for pieces in continuations.values() for piece in pieces}
    return [_joined(article, continuations.get(article.id, [])) for article in articles if article.id not in later]


def whole_story(piece: Article, articles: Sequence[Article]) -> Article:
    """Return the joined article that `piece` belongs to, given the articles of its issue.

    Return `piece` itself if no other piece belongs to it.
    """
    continuations = _continuations(articles)
    for article in articles:
        pieces = continuations.get(article.id, [])
        if article.id == piece.id or piece.id in {other.id for other in pieces}:
            return _joined(article, pieces)
    return piece


def piece_ids(piece: Article, articles: Sequence[Article]) -> frozenset[str]:
    """Return the ids of all pieces of the article that `piece` belongs to, given the articles of its issue."""
    whole = ({first, *(other.id for other in pieces)} for first, pieces in _continuations(articles).items())
    return frozenset(next((ids for ids in whole if piece.id in ids), {piece.id}))


def _continuations(articles: Sequence[Article]) -> dict[str, list[Article]]:
    """Map the id of the first piece of each article to the later pieces, in order."""
    by_id = {article.id: article for article in articles}
    next_piece = match_pieces(articles)
    continuations: dict[str, list[Article]] = {}
    for first in next_piece.keys() - next_piece.values():
        piece = first
        while piece := next_piece.get(piece, ""):
            continuations.setdefault(first, []).append(by_id[piece])
    return continuations


def match_pieces(articles: Iterable[Article]) -> dict[str, str]:
    """Map the id of each piece to the id of the piece that continues it, within one issue.

    If several articles continue from one page on the same other page, pieces with the most similar headings belong
    together; a piece without a similar heading stays alone.
    """
    leaving: dict[Jump, list[Article]] = defaultdict(list)
    arriving: dict[Jump, list[Article]] = defaultdict(list)
    for article in articles:
        if article.page is not None and article.continued_on_page:
            leaving[article.paper, article.date, article.page, article.continued_on_page].append(article)
        if article.page is not None and article.continued_from_page:
            arriving[article.paper, article.date, article.continued_from_page, article.page].append(article)
    found: dict[str, str] = {}
    for jump, firsts in leaving.items():
        found |= _best_pairs(firsts, arriving.get(jump, []))
    return found


def _best_pairs(firsts: list[Article], rests: list[Article]) -> dict[str, str]:
    """Return the most similar pairs; each piece is in at most one pair. A single pair needs no similarity."""
    if len(firsts) == len(rests) == 1:
        return {firsts[0].id: rests[0].id}
    pairs = sorted(((_similarity(a, b), i, k) for i, a in enumerate(firsts) for k, b in enumerate(rests)), reverse=True)
    found: dict[int, int] = {}
    for similarity, i, k in pairs:
        if similarity > 0 and i not in found and k not in found.values():
            found[i] = k
    return {firsts[i].id: rests[k].id for i, k in found.items()}


def _similarity(first: Article, rest: Article) -> float:
    """Return the number of common character pairs divided by the number of pairs in the shorter heading."""
    a, b = _heading_pairs(first), _heading_pairs(rest)
    return len(a & b) / (min(len(a), len(b)) or 1)


def _heading_pairs(article: Article) -> set[str]:
    return set(bigrams(letters_and_digits(f"{article.kicker} {article.headline or ''}")))


def _joined(first: Article, pieces: Sequence[Article]) -> Article:
    if not pieces:
        return first
    paragraphs = list(first.paragraphs)
    for piece in pieces:
        if paragraphs and piece.paragraphs and not paragraphs[-1].endswith(_PARAGRAPH_ENDS):
            paragraphs[-1] = join_lines((paragraphs[-1], piece.paragraphs[0]))
            paragraphs += piece.paragraphs[1:]
        else:
            paragraphs += piece.paragraphs
    reporters = dict.fromkeys(reporter for piece in (first, *pieces) for reporter in piece.reporters)
    return replace(
        first,
        paragraphs=tuple(paragraphs),
        subheads=tuple(subhead for piece in (first, *pieces) for subhead in piece.subheads),
        reporters=tuple(reporters),
        continued_on_page=pieces[-1].continued_on_page,
        quality=min(piece.quality for piece in (first, *pieces)),
    )

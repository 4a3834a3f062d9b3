"""Articles that jump to another page (下转第2版, 上接第1版): finding their pieces and joining them.

The index keeps each piece on its page; the pieces are joined when the article is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from digests.models import Article
from digests.text import bigrams, join_lines, letters_and_digits

Jump = tuple[str, date | None, int, int]
"""Paper, day, the page that an article leaves and the page that it continues on."""

_PARAGRAPH_ENDS = ("。", "！", "？", "”", "）", ")", "!", "?", "…")


def is_continued(article: Article) -> bool:
    """Return whether the article continues on another page or began on one."""
    return article.continued_on_page is not None or article.continued_from_page is not None


def join_continued(articles: Sequence[Article]) -> list[Article]:
    """Return the articles of one issue in page order, the pieces of each joined at the place of its beginning."""
    continuations = _continuations(articles)
    later = {piece.id for pieces in continuations.values() for piece in pieces}
    return [_joined(article, continuations.get(article.id, [])) for article in articles if article.id not in later]


def whole_story(piece: Article, articles: Sequence[Article]) -> Article:
    """Return the joined article that `piece` belongs to, given the articles of its issue; else the piece itself."""
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
    """Return the later pieces of each article in order, by the id of its first piece."""
    by_id = {article.id: article for article in articles}
    next_piece = match_pieces(articles)
    continuations: dict[str, list[Article]] = {}
    for first in next_piece.keys() - next_piece.values():
        piece = first
        while piece := next_piece.get(piece, ""):
            continuations.setdefault(first, []).append(by_id[piece])
    return continuations


def match_pieces(articles: Iterable[Article]) -> dict[str, str]:
    """Return the id of the next piece by the id of each piece that jumps, within one issue.

    If several articles jump between the same two pages, their headings decide; a piece that resembles none stays alone.
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
    """Return the most similar pairs, each article in one; a single pair needs no similarity."""
    if len(firsts) == len(rests) == 1:
        return {firsts[0].id: rests[0].id}
    pairs = sorted(((_similarity(a, b), i, k) for i, a in enumerate(firsts) for k, b in enumerate(rests)), reverse=True)
    found: dict[int, int] = {}
    for similarity, i, k in pairs:
        if similarity > 0 and i not in found and k not in found.values():
            found[i] = k
    return {firsts[i].id: rests[k].id for i, k in found.items()}


def _similarity(first: Article, rest: Article) -> float:
    """Return the share of the character pairs of the shorter heading that the longer one contains."""
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

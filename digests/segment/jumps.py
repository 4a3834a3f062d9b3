"""Stories that go on on another page: which article holds the rest of which."""

from collections.abc import Iterable
from datetime import date

from digests.models import Article
from digests.text import letters

Place = tuple[str, date | None, int, int]
"""Paper, day, the page a story leaves and the page it goes on on."""


def partners(articles: Iterable[Article]) -> dict[str, str]:
    """The id of each first piece with the id of the piece that goes on from it (下转第2版 and 上接第1版, one issue).

    Where several stories jump between the same pages, headings decide; a piece that fits none is left alone.
    """
    leaving: dict[Place, list[Article]] = {}
    arriving: dict[Place, list[Article]] = {}
    for article in articles:
        if article.page is None:
            continue
        where = (article.paper, article.date)
        if article.continued_on_page:
            leaving.setdefault((*where, article.page, article.continued_on_page), []).append(article)
        if article.continued_from_page:
            arriving.setdefault((*where, article.continued_from_page, article.page), []).append(article)
    found: dict[str, str] = {}
    for place, firsts in leaving.items():
        found |= _matched(firsts, arriving.get(place, []))
    return found


def _matched(firsts: list[Article], rests: list[Article]) -> dict[str, str]:
    """The likeliest pairs, each article in one; likeness counts only where there is a choice."""
    if len(firsts) == len(rests) == 1:
        return {firsts[0].id: rests[0].id}
    pairs = sorted(((_likeness(a, b), i, k) for i, a in enumerate(firsts) for k, b in enumerate(rests)), reverse=True)
    found: dict[int, int] = {}
    for likeness, i, k in pairs:
        if likeness > 0 and i not in found and k not in found.values():
            found[i] = k
    return {firsts[i].id: rests[k].id for i, k in found.items()}


def _likeness(first: Article, rest: Article) -> float:
    """How many pairs of characters of the shorter heading stand in the longer."""
    ours, theirs = _pairs(first), _pairs(rest)
    return len(ours & theirs) / (min(len(ours), len(theirs)) or 1)


def _pairs(article: Article) -> set[str]:
    text = letters(f"{article.kicker} {article.headline or ''}")
    return {text[k : k + 2] for k in range(len(text) - 1)}

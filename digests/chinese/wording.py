"""An article's words, cut once and shared by all that count them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digests import words
from digests.models import Article

READ = 2500
"""Characters of body that are cut: a story says what it is about long before."""

BREAK = " "
"""Stands where white space stood, so that no phrase runs over it."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an article's parts in order, punctuation and breaks among them."""

    heading: Words
    """Kicker, headline and deck: the editor's own words for what the story is about."""
    paragraphs: tuple[Words, ...]


def of(article: Article, read: int = READ) -> Wording:
    """Cut an article's heading and the first `read` characters of its body into words."""
    heading = BREAK.join(filter(None, (article.kicker, article.headline, article.deck)))
    return Wording(_cut(heading), tuple(map(_cut, _beginning(article.paragraphs, read))))


def _beginning(paragraphs: Sequence[str], left: int) -> Iterator[str]:
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph[:left]
        left -= len(paragraph)


def _cut(text: str) -> Words:
    found: list[str] = []
    for piece in text.split():
        found += [BREAK, *words.cut(piece)] if found else words.cut(piece)
    return tuple(found)

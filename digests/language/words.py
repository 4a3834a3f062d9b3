"""Words: the only file that knows jieba.

jieba's dictionary says which words there are, how often they are said and of what kind they are; rjieba, its twin in
Rust, cuts texts into them. Their dictionaries take a second and 110 MB, so `load()` is called once at start, off the
event loop; every other function loads what it needs on first use.

An article's words, cut once and shared by all that count them.
"""

import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from digests.models import Article

_loading = threading.Lock()


class _Dictionary(NamedTuple):
    frequencies: Mapping[str, int]
    tags: Mapping[str, str]
    total: int


def load() -> None:
    """Load both dictionaries now rather than at the first word."""
    _dictionary()
    _fast()


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    with _loading:
        return _read()


@lru_cache(maxsize=1)
def _read() -> _Dictionary:
    """In one pass: of jieba's own two tables, for cutting and for tagging, each holds every word for itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has escapes that Python now warns of
        import jieba  # noqa: PLC0415  only where words are needed
    frequencies: dict[str, int] = {}
    tags: dict[str, str] = {}
    with jieba.dt.get_dict_file() as lines:
        for line in lines:
            word, often, kind = line.decode().split()
            frequencies[word] = int(often)
            tags[word] = sys.intern(kind)
            for end in range(1, len(word)):
                frequencies.setdefault(word[:end], 0)
    return _Dictionary(frequencies, tags, sum(frequencies.values()))


def cut(text: str) -> list[str]:
    """The words of `text` in order, without white space.

    By rjieba, jieba's twin in Rust, which is twenty times as fast and cuts Hanzi the same but in rare ties; it leaves
    some figures whole (0351-2366977).
    """
    return [word for word in _fast().cut(text.encode("utf-8", "replace").decode()) if not word.isspace()]


def cut_by_dictionary(text: str) -> list[str]:
    """The dictionary's words of `text`, white space and all; characters in no word of it stand alone.

    By rjieba too.
    """
    return list(_fast().cut(text.encode("utf-8", "replace").decode(), False))


def cut_for_search(text: str) -> list[str]:
    """The words of `text` and the shorter words inside them, as a search wants them.

    By rjieba too: this is the bulk work of the index.
    """
    return [word for word in _fast().cut_for_search(text.encode("utf-8", "replace").decode()) if not word.isspace()]


def _fast() -> Any:
    import rjieba  # noqa: PLC0415  only where words are needed; its functions share one dictionary

    return rjieba


def frequency(word: str) -> int:
    """How often `word` stands in jieba's general corpus (60 million words); 0 where it is not in the dictionary."""
    return _dictionary().frequencies.get(word, 0)


def frequencies() -> Mapping[str, int]:
    """The dictionary's words with their frequencies; the beginnings of its words too, with 0 where they are none."""
    return _dictionary().frequencies


def person_names() -> list[str]:
    """The dictionary's names of people (as jieba tags them), Chinese and foreign."""
    return [word for word, tag in _dictionary().tags.items() if tag == "nr"]


def total_frequency() -> int:
    """The sum of all frequencies."""
    return _dictionary().total


def tag(word: str) -> str:
    """The part of speech that jieba's dictionary gives `word` (n, nr, ns, nt, v, ...); "" for words it lacks."""
    return _dictionary().tags.get(word, "")


MAX_BODY_CHARS = 2500
"""Characters of body that are cut: a story says what it is about long before."""

BREAK = " "
"""Stands where white space stood, so that no phrase runs over it."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """The words of an article's parts in order, punctuation and breaks among them."""

    heading: Words
    """Kicker, headline and deck: the editor's own words for what the story is about."""
    paragraphs: tuple[Words, ...]


def cut_article(article: Article, read: int = MAX_BODY_CHARS) -> ArticleWords:
    """Cut an article's heading and the first `read` characters of its body into words."""
    heading = BREAK.join(filter(None, (article.kicker, article.headline, article.deck)))
    return ArticleWords(_cut(heading), tuple(map(_cut, _beginning(article.paragraphs, read))))


def _beginning(paragraphs: Sequence[str], left: int) -> Iterator[str]:
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph[:left]
        left -= len(paragraph)


def _cut(text: str) -> Words:
    found: list[str] = []
    for piece in text.split():
        found += [BREAK, *cut(piece)] if found else cut(piece)
    return tuple(found)

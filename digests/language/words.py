"""Words: segmentation, frequencies and tags of words, and the words of an article. The only file that uses jieba.

jieba's dictionary gives the words with their frequencies and tags; rjieba, its twin in Rust, segments texts. Their
dictionaries take a second and 110 MB to load, so `load()` is called once at start, off the event loop; every other
function loads what it needs on first use.
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
    """Load both dictionaries now, so that the first text does not wait for them."""
    _dictionary()
    _segmenter()


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    with _loading:
        return _read_dictionary()


@lru_cache(maxsize=1)
def _read_dictionary() -> _Dictionary:
    """Read frequencies and tags in one pass; jieba's own two tables would hold every word twice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has escapes that Python now warns of
        import jieba  # noqa: PLC0415  only where words are needed
    frequencies: dict[str, int] = {}
    tags: dict[str, str] = {}
    with jieba.dt.get_dict_file() as lines:
        for line in lines:
            word, frequency, tag = line.decode().split()
            frequencies[word] = int(frequency)
            tags[word] = sys.intern(tag)
            for end in range(1, len(word)):
                frequencies.setdefault(word[:end], 0)
    return _Dictionary(frequencies, tags, sum(frequencies.values()))


def cut(text: str) -> list[str]:
    """Return the words of `text` in order, without white space.

    rjieba is twenty times as fast as jieba and gives the same words of Hanzi but for rare ties; it leaves some figures
    whole (0351-2366977).
    """
    return [word for word in _segmenter().cut(text.encode("utf-8", "replace").decode()) if not word.isspace()]


def cut_by_dictionary(text: str) -> list[str]:
    """Return the dictionary's words of `text` with all white space; a character in no such word is one by itself."""
    return list(_segmenter().cut(text.encode("utf-8", "replace").decode(), False))


def cut_for_search(text: str) -> list[str]:
    """Return the words of `text` and the shorter words inside them, without white space, as the index needs them."""
    return [
        word for word in _segmenter().cut_for_search(text.encode("utf-8", "replace").decode()) if not word.isspace()
    ]


def _segmenter() -> Any:
    import rjieba  # noqa: PLC0415  only where words are needed; its functions share one dictionary

    return rjieba


def frequency(word: str) -> int:
    """Return the count of `word` in jieba's general corpus (60 million words); 0 if the dictionary lacks it."""
    return _dictionary().frequencies.get(word, 0)


def frequencies() -> Mapping[str, int]:
    """Return the dictionary's words with their frequencies, and all beginnings of words that are no words with 0."""
    return _dictionary().frequencies


def person_names() -> list[str]:
    """Return the dictionary's names of people (tag nr), Chinese and foreign."""
    return [word for word, tag in _dictionary().tags.items() if tag == "nr"]


def total_frequency() -> int:
    """Return the sum of all frequencies."""
    return _dictionary().total


def tag(word: str) -> str:
    """Return the part of speech that jieba's dictionary gives `word` (n, nr, ns, nt, v, ...); "" if it lacks it."""
    return _dictionary().tags.get(word, "")


MAX_BODY_CHARS = 2500
"""Characters of body that are segmented: what a story is about shows long before."""

BREAK = " "
"""Takes the place of white space, so that no phrase runs over it."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """The words of an article's parts in order, with punctuation and breaks."""

    heading: Words
    """Of kicker, headline and deck."""
    paragraphs: tuple[Words, ...]


def cut_article(article: Article, max_body_chars: int = MAX_BODY_CHARS) -> ArticleWords:
    """Segment an article's heading and the first `max_body_chars` characters of its body."""
    heading = BREAK.join(filter(None, (article.kicker, article.headline, article.deck)))
    return ArticleWords(_cut(heading), tuple(map(_cut, _beginning(article.paragraphs, max_body_chars))))


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

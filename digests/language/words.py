"""Words: segmentation, frequencies and tags of words, and the words of an article. The only file that uses jieba.

jieba's dictionary provides words, frequencies and tags; rjieba, a port of jieba to Rust, segments texts. Loading both
takes a second and 110 MB, so `load()` is called once at start, off the event loop. Every other function loads what it
needs on first use.
"""

import math
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, NamedTuple

from digests.models import Article

SURNAMES = 200

_loading = threading.Lock()


class _Dictionary(NamedTuple):
    frequencies: Mapping[str, int]
    tags: Mapping[str, str]
    total: int


def load() -> None:
    """Load both dictionaries, so that the first text does not wait for them."""
    _dictionary()
    _segmenter()


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    with _loading:
        return _read_dictionary()


@lru_cache(maxsize=1)
def _read_dictionary() -> _Dictionary:
    """Read frequencies and tags in one pass; jieba's own tables would store every word twice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns about invalid escapes in jieba 0.42.1
        import jieba  # noqa: PLC0415  loaded on first use
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

    rjieba is twenty times as fast as jieba. It cuts Hanzi into the same words, except in rare cases in which two cuts
    are equally likely, and keeps some numbers whole (0351-2366977).
    """
    return [word for word in _segmenter().cut(text.encode("utf-8", "replace").decode()) if not word.isspace()]


def cut_by_dictionary(text: str) -> list[str]:
    """Return the words of `text` by the dictionary alone, with white space; any other Hanzi is a separate word."""
    return list(_segmenter().cut(text.encode("utf-8", "replace").decode(), False))


def cut_for_search(text: str) -> list[str]:
    """Return the words of `text` and the shorter words inside them, without white space, for the index."""
    return [
        word for word in _segmenter().cut_for_search(text.encode("utf-8", "replace").decode()) if not word.isspace()
    ]


def _segmenter() -> Any:
    import rjieba  # noqa: PLC0415  loaded on first use; its functions share one dictionary

    return rjieba


def frequency(word: str) -> int:
    """Return the count of `word` in jieba's general corpus (60 million words); 0 if the dictionary lacks it."""
    return _dictionary().frequencies.get(word, 0)


def frequencies() -> Mapping[str, int]:
    """Map the dictionary's words to their frequencies; beginnings of words that are not words themselves have 0."""
    return _dictionary().frequencies


def person_names() -> list[str]:
    """Return the dictionary's names of people (tag nr), Chinese and foreign."""
    return words_tagged("nr")


def words_tagged(tag: str) -> list[str]:
    """Return the dictionary's words with a part of speech."""
    return [word for word, own in _dictionary().tags.items() if own == tag]


def is_surname(char: str) -> bool:
    """True for one of the SURNAMES most frequent surnames of one character."""
    return char in _surnames()


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    counts = Counter(name[0] for name in person_names() if len(name) in (2, 3))
    return frozenset(char for char, _ in counts.most_common(SURNAMES))


def total_frequency() -> int:
    """Return the sum of all frequencies."""
    return _dictionary().total


@lru_cache(maxsize=131_072)
def rarity(string: str, frequency_offset: int) -> float:
    """Return the negative log-frequency of `string` in general Chinese, divided by 10 (about 1 for keywords).

    `frequency_offset` is added to its frequency, so that strings missing from the dictionary have a finite rarity.
    """
    return math.log(total_frequency() / (frequency(string) + frequency_offset)) / 10


def tag(word: str) -> str:
    """Return the part of speech of `word` in jieba's dictionary (n, nr, ns, v, ...); "" if the word is not in it."""
    return _dictionary().tags.get(word, "")


MAX_BODY_CHARS = 2500
"""Maximum characters of the body that are segmented; they suffice to find what a story is about."""

BREAK = " "
"""Replaces white space, so that no phrase crosses it."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """The words of an article's parts in order, with punctuation and breaks."""

    heading: Words
    """Words of kicker, headline and deck."""
    paragraphs: tuple[Words, ...]


def cut_article(article: Article, max_body_chars: int = MAX_BODY_CHARS) -> ArticleWords:
    """Segment an article's heading and the first `max_body_chars` characters of its body."""
    heading = "\n".join(filter(None, (article.kicker, article.headline, article.deck)))
    return ArticleWords(_cut(heading), tuple(map(_cut, _beginning(article.paragraphs, max_body_chars))))


def _beginning(paragraphs: Sequence[str], left: int) -> Iterator[str]:
    """Yield the paragraphs up to `left` characters in all; the last one may be cut."""
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph[:left]
        left -= len(paragraph)


def _cut(text: str) -> Words:
    """Return the words of `text`, with BREAK in place of white space between words."""
    found: list[str] = []
    for piece in chain.from_iterable(_unspaced(line.split()) for line in text.split("\n")):
        found += [BREAK, *cut(piece)] if found else cut(piece)
    return tuple(found)


def _unspaced(pieces: Sequence[str]) -> list[str]:
    """Join the pieces of a line between which white space is inside a word (防 汛) or a letter-spaced name (张 伟)."""
    if len(pieces) < 2:
        return list(pieces)
    gaps = list(accumulate(map(len, pieces)))[:-1]
    inside, at = set[int](), 0
    for word in cut("".join(pieces)):
        crossed = {gap for gap in gaps if at < gap < at + len(word)}
        end = at + len(word)
        if crossed and not word.isascii():
            is_letter_spaced = len(crossed) == len(word) - 1 and (at == 0 or at in gaps or is_surname(word[0]))
            has_single_character = 1 in (min(crossed) - at, end - max(crossed))
            if is_letter_spaced or (has_single_character and frequency(word)):
                inside |= crossed
        at = end
    joined = [pieces[0]]
    for gap, piece in zip(gaps, pieces[1:], strict=True):
        if gap in inside:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined

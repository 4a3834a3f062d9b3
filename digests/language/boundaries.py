"""Word boundaries: likelihoods of the possible cuts (segmentations) of a clause into words.

The likelihood of a cut is the product of the likelihoods of its words (a unigram model over jieba's dictionary, whose
frequencies are counts of a general corpus). A lattice contains all cuts of a clause. A stretch is any part of a clause;
the lattice finds the best cut with word boundaries at both ends of the stretch, the best cut in which it is inside a
longer word, and the best cut in which a word crosses one of its ends. All likelihoods are natural logarithms.

Three kinds of words that the dictionary lacks are added: numbers with their unit, words in Latin letters, and names of
people (person_names.py).
"""

import math
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from digests.language import words
from digests.language.characters import HANZI
from digests.language.person_names import names_in
from digests.models import Span

MAX_WORD_CHARS = 3
"""Maximum characters of a dictionary word in the lattice; longer entries are compounds of shorter ones."""

MAX_NAME_CHARS = 10
"""Maximum characters of a dictionary entry that is checked as a name of a place or person."""

IMPOSSIBLE = -1e9
"""Likelihood of an impossible cut, used instead of minus infinity."""

NUMBER_LIKELIHOOD = math.log(1e-3)
"""Likelihood of a number with its unit, or of a word in Latin letters."""

UNCOUNTED_FREQUENCY = 3
"""Frequency in jieba's dictionary of most words without a corpus count; also used for words not in the dictionary."""

_UNITS = re.compile(
    r"约?[0-9]+(?:\.[0-9]+)?(?:[a-z]+|[年月日时分号%])?|[a-z]+|[一二三四五六七八九十两几]+[成年月日号]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SpanLikelihoods:
    """The likelihood of the best cut under each of three conditions on a stretch of a clause."""

    alone: float
    """Both ends of the stretch are word boundaries."""
    covered: float
    """The stretch is inside a longer word, which has the span `cover`."""
    split: float
    """A word crosses one end of the stretch."""
    cover: Span | None


class Lattice:
    """All cuts of one clause; if `whole` is False, without the cut that keeps the clause as one word."""

    def __init__(self, clause: str, *, whole: bool = True) -> None:
        self.clause = clause
        size = len(clause)
        self._words_from, self._long_words = _words_of(clause)
        if not whole:
            self._words_from[0].pop(size, None)
        self._before = before = [0.0] + [IMPOSSIBLE] * size
        self._previous = [0] * (size + 1)
        for start, ends in enumerate(self._words_from):
            reached = before[start]
            for end, likelihood in ends.items():
                if reached + likelihood > before[end]:
                    before[end] = reached + likelihood
                    self._previous[end] = start

    @cached_property
    def _after(self) -> list[float]:
        """Likelihood of the best cut from each position to the end; computed on first use because few terms need it."""
        after = [IMPOSSIBLE] * len(self.clause) + [0.0]
        for start in range(len(self.clause) - 1, -1, -1):
            best = IMPOSSIBLE
            for end, likelihood in self._words_from[start].items():
                best = max(best, likelihood + after[end])
            after[start] = best
        return after

    @cached_property
    def names(self) -> list[tuple[int, int, str]]:
        """Start, end and tag of the dictionary's names of places (ns) and people (nr) of at least three characters."""
        tagged = ((start, end, words.tag(self.clause[start:end])) for start, end in self._long_words)
        return [name for name in tagged if name[2] in ("ns", "nr")]

    @cached_property
    def edges(self) -> frozenset[int]:
        """Positions of the word boundaries of the best cut."""
        found, at = {0}, len(self.clause)
        while at > 0:
            found.add(at)
            at = self._previous[at]
        return frozenset(found)

    @property
    def best(self) -> float:
        """The likelihood of the best cut."""
        return self._before[-1]

    def span_likelihoods(self, start: int, end: int) -> SpanLikelihoods:
        """Return the likelihoods for the stretch from `start` to `end`."""
        covered = split = IMPOSSIBLE
        cover: Span | None = None
        for first in range(max(0, start - MAX_WORD_CHARS - 1), end):
            for last, likelihood in self._words_from[first].items():
                if last <= start or (first, last) == (start, end) or (first >= start and last <= end):
                    continue
                whole = self._before[first] + likelihood + self._after[last]
                if first <= start and last >= end:
                    if whole > covered:
                        covered, cover = whole, (first, last)
                else:
                    split = max(split, whole)
        return SpanLikelihoods(self._alone(start, end), covered, split, cover)

    def is_likelier(self, one: Span, other: Span) -> bool:
        """True if the best cut with boundaries around `one` is likelier than the best cut with boundaries around
        `other`."""
        return self._alone(*one) > self._alone(*other)

    def likelihood_with_word(self, start: int, end: int, frequency: int) -> float:
        """Return the likelihood of the best cut in which the stretch is a word with this corpus `frequency`."""
        return self._before[start] + math.log(frequency) - _log_total() + self._after[end]

    def _alone(self, start: int, end: int) -> float:
        """Return the likelihood of the best cut with word boundaries at `start` and `end`."""
        inner = [0.0] + [IMPOSSIBLE] * (end - start)
        for at in range(start, end):
            for last, likelihood in self._words_from[at].items():
                if last <= end:
                    inner[last - start] = max(inner[last - start], inner[at - start] + likelihood)
        word = max(inner[-1], log_likelihood(self.clause[start:end]))
        return self._before[start] + word + self._after[end]


def log_likelihood(word: str) -> float:
    """Return the likelihood of one word in general Chinese."""
    return math.log(words.frequency(word) or UNCOUNTED_FREQUENCY) - _log_total()


@lru_cache(maxsize=1)
def _log_total() -> float:
    """Return the logarithm of the sum of all word frequencies."""
    return math.log(words.total_frequency())


@lru_cache(maxsize=1024)
def lattice(clause: str) -> Lattice:
    """Return the lattice of a clause. It is cached because a search looks for many terms in the same clauses."""
    return Lattice(clause)


def _words_of(clause: str) -> tuple[list[dict[int, float]], list[Span]]:
    """Return two lists: for each position, the words that begin there (end and likelihood); and the spans of all
    dictionary words of at least three characters."""
    total, size, frequencies, log = _log_total(), len(clause), words.frequencies().get, math.log
    words_from: list[dict[int, float]] = []
    long_words: list[Span] = []
    for start in range(size):
        ends = {start + 1: -total}
        for end in range(start + 1, min(start + MAX_NAME_CHARS, size) + 1):
            frequency = frequencies(clause[start:end])
            if frequency is None:  # not the beginning of any word; beginnings have frequency 0
                break
            if frequency:
                if end - start <= MAX_WORD_CHARS:
                    ends[end] = log(frequency) - total
                if end - start > 2:
                    long_words.append((start, end))
        words_from.append(ends)
    for start, end, likelihood in names_in(clause):
        words_from[start][end] = max(likelihood, words_from[start].get(end, IMPOSSIBLE))
    for unit in _UNITS.finditer(clause):
        start, end = unit.span()
        words_from[start][end] = max(NUMBER_LIKELIHOOD, words_from[start].get(end, IMPOSSIBLE))
    return words_from, long_words


# ---- white space inside words

MIN_GAPS = 3
"""A line with fewer gaps is not judged by itself."""
MIN_LONE_SHARE = 0.7
"""Minimum share of the pieces between gaps that are single characters, in a letter-spaced line."""
MIN_GAP_SHARE = 0.1
"""Minimum number of gaps for each East Asian character, in a line whose words were recognised apart."""
MIN_SPLIT_WORDS, MIN_SPLIT_WORD_SHARE = 2, 1 / 3
"""Minimum number and share of the gaps inside words of the dictionary, in a line whose words were recognised apart."""
MIN_WORD_SHARE = 0.6
"""Minimum share of the pieces that are words of the dictionary, in a sentence with spaces between its words."""
MAX_CHARS_PER_PIECE = 5
"""Maximum characters of a line for each piece, in a line with spaces between its words."""
MIN_SPACED_LINE_SHARE = 0.3
"""Minimum share of the long lines of a text that are spaced, for its other lines to be joined where it is certain."""
MIN_LONG_LINE_CHARS = 12

_SIGNS = "\u3001-\u3003\u3008-\u3011\u3014-\u301b“”‘’…—·，。：；！？（）％０-９Ａ-Ｚａ-ｚ"
_EAST_ASIAN = re.compile(f"[{HANZI}{_SIGNS}]")
_BETWEEN_PIECES = re.compile(r"[\s，。、；：！？（）《》“”]+")
_INNER_GAP = re.compile(r"(?<=[^\s#|])[^\S\n]+(?=[^\s|])")
"""White space inside a line, except after the marks of a heading and beside the cells of a table."""
_GAP_BEFORE_SIGN = re.compile(rf"[{HANZI}][^\S\n]+[，。、；：！？）》”]")
_LONE_HANZI = re.compile(rf"(?<!\S)[{HANZI}][^\S\n]+[{HANZI}](?!\S)")
_SENTENCE_SIGN = re.compile("[，。；！？]")
_REPORTERS = re.compile(
    r"[(（][^()（）]{0,30}(?:记者|通讯员)[^()（）]{1,60}[)）]|^\W{0,2}(?:本报)?(?:记者|通讯员)[^，。]*$"
)
_NAME = re.compile(rf"(?<!\S)([{HANZI}]) [{HANZI}]")
_NAMES = re.compile(rf"(?:\S{{2,}} )*(?:[{HANZI}] [{HANZI}]\S*(?: |$))+")
"""Names of two characters, which are printed as wide as names of three."""


def join_split_words(text: str) -> str:
    """Return `text` without the white space that recognition or letter-spacing put inside sentences and words (防 汛).

    Lines are judged one by one: by single characters apart, by spaces before punctuation, by words that are split, and
    by spaces between all words. White space that separates names, phrases and columns remains.
    """
    lines = text.split("\n")
    spaced = [_is_spaced(line) for line in lines]
    if not any(spaced):
        return text
    long = [is_spaced for line, is_spaced in zip(lines, spaced, strict=True) if len(line) >= MIN_LONG_LINE_CHARS]
    if sum(long) < MIN_SPACED_LINE_SHARE * len(long):
        joined = (_joined(line) if is_spaced else line for line, is_spaced in zip(lines, spaced, strict=True))
    else:
        joined = (
            _joined(line, everywhere=is_spaced or _has_spaces_between_words(line))
            for line, is_spaced in zip(lines, spaced, strict=True)
        )
    return "\n".join(joined)


def _is_spaced(line: str) -> bool:
    """True if white space in a line stands inside words, or between all words of a sentence."""
    pieces = line.split()
    if len(pieces) <= MIN_GAPS or len(gaps := _gaps_beside_hanzi(line)) < MIN_GAPS:
        return False
    if sum(len(piece) == 1 for piece in pieces) >= MIN_LONE_SHARE * len(pieces) and _LONE_HANZI.search(line):
        return not _NAMES.fullmatch(line) or not all(words.is_surname(name[1]) for name in _NAME.finditer(line))
    if len(gaps) < MIN_GAP_SHARE * len(_EAST_ASIAN.findall(line)):
        return False
    split = sum(words.frequency(line[start - 1] + line[end]) > 0 for start, end in gaps)
    if _GAP_BEFORE_SIGN.search(line) or split >= max(MIN_SPLIT_WORDS, MIN_SPLIT_WORD_SHARE * len(gaps)):
        return True
    return _SENTENCE_SIGN.search(line) is not None and _has_spaces_between_words(line)


def _has_spaces_between_words(line: str) -> bool:
    """True if most of the pieces between white space are words of the dictionary."""
    pieces = list(filter(None, _BETWEEN_PIECES.split(line)))
    known = sum(len(piece) == 1 or words.frequency(piece) > 0 for piece in pieces)
    is_dense = len(line) <= MAX_CHARS_PER_PIECE * len(line.split())
    return is_dense and len(pieces) > 1 and known >= MIN_WORD_SHARE * len(pieces)


def _gaps_beside_hanzi(line: str) -> list[Span]:
    gaps = (gap.span() for gap in _INNER_GAP.finditer(line))
    return [gap for gap in gaps if _EAST_ASIAN.match(line, gap[0] - 1) or _EAST_ASIAN.match(line, gap[1])]


def _joined(line: str, *, everywhere: bool = True) -> str:
    """Return a line without its narrowest white space; unless `everywhere`, only beside single characters and in words.

    White space between the names of reporters remains.
    """
    gaps = [gap.span() for gap in _INNER_GAP.finditer(line)]
    narrowest = min((end - start for start, end in gaps), default=0)
    beside_hanzi = set(_gaps_beside_hanzi(line))
    reporters = [match.span() for match in _REPORTERS.finditer(line)]
    joined, done = "", 0
    for start, end in gaps:
        lone = _is_lone(line, start - 1) + _is_lone(line, end)
        is_word = words.frequency(line[start - 1] + line[end]) > 0
        is_between_names = not lone and any(first < start and end < last for first, last in reporters)
        if (
            end - start == narrowest
            and not is_between_names
            and (lone == 2 or ((start, end) in beside_hanzi and (everywhere or lone or is_word)))
        ):
            joined, done = joined + line[done:start], end
    return joined + line[done:]


def _is_lone(line: str, at: int) -> bool:
    """True if the character has white space, or an end of the line, on both sides."""
    return not line[max(0, at - 1) : at].strip() and not line[at + 1 : at + 2].strip()

"""Where a term is meant in a sentence.

Characters meet by accident: 长治 stands in 校长治学 as a string and is not meant there. Three rules decide:

1. Segmentation: the best cut of the clause with the term as a word, or inside a longer word, may be at most
   MAX_SPLIT_ADVANTAGE less likely than the best cut in which a neighbouring word takes a part of the term
   (language/boundaries.py).
2. The longer word around the term: its own best cut must not split the term (远大理想 does not mean 大理); a person's
   name does not mean its second half (李国安); a place name means another place unless an administrative division
   follows (大兴区 means 大兴, 大兴安岭 does not) or the place that it belongs to precedes (北京地铁).
3. The neighbouring character: 5G is not in 9.5GB, and a street named after a place is not that place.

A term that stands nowhere as printed may have been misread. A stretch that differs from the term in one look-alike
character counts as 近形 if what is printed is doubtful (a character in no word or, in a long term, a rare word) and the
clause is far more likely with the term in its place.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from digests.language import characters, words
from digests.language.boundaries import Lattice, SpanLikelihoods, lattice
from digests.language.characters import normalise_in_place
from digests.models import MatchRule, Span
from digests.query import Term

MAX_SPLIT_ADVANTAGE = 0.5
"""By how much (natural logarithm) the best cut that splits the term may be likelier than the best that does not."""

MIN_MISREAD_GAIN = 3.0
"""By how much (natural logarithm) a clause has to be likelier with the term than as printed, to count as misread.

Of editors' tags with one character misread at random it finds nine in ten; of the matches in 1,500 proofread articles
one in 360 is such a false alarm. At 4 false alarms are half as many, and one misread tag in seven is lost."""

MISREAD_TERM_FREQUENCY = 200
"""Corpus frequency assumed for a term there, as a common word is not more likely to be misread than a rare one; words
below this frequency are rare."""

MIN_LONG_TERM_CHARS = 4
"""Characters of a long term: all but one of them are enough to doubt a rare word. For a shorter term, only a character
in no word counts as misread."""

MAX_MISREADABLE_CHARS = 8
"""Characters of the longest term that is searched for in misread forms."""

MAX_CONTEXT_CHARS = 100
"""Characters on either side of a stretch that are cut into words, if no punctuation comes first."""

_DIVISIONS = re.compile(r"省|市|县|区|州|盟|旗|镇|乡|村|新区|地区|人|自治.*")
_STREET = re.compile(r"[东西南北中]?(?:路|街|巷|大街|大道|胡同)")
_PUNCTUATION = re.compile(r"[\s，。、；：？！,;:?!“”‘’「」『』（）()《》〈〉【】\[\]—…·]")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A stretch of a sentence in which a term is meant, and by which rule."""

    span: Span
    rule: MatchRule


def find_meant(term: Term, text: str) -> Iterator[Occurrence]:
    """Yield where `term` is meant in the normalised `text`, as printed."""
    term_text = normalise_in_place(term.text)
    at = text.find(term_text)
    while at >= 0:
        span = at, at + len(term_text)
        rule = "exact" if term.exact else _rule(text, span)
        if rule:
            yield Occurrence(span, rule)
        at = text.find(term_text, span[1] if rule else at + 1)


def _rule(text: str, span: Span) -> MatchRule | None:
    """Return the rule by which the stretch is meant as a word; None if its characters meet by accident."""
    if _splits_latin(text, span):
        return None
    clause, start = _clause(text, span)
    inner = span[0] - start, span[1] - start
    cuts = lattice(clause)
    if _is_other_name(cuts, inner):
        return None
    if cuts.edges.issuperset(inner):  # the best cut has it between two edges, so that no other can be much likelier
        return "word"
    likelihoods = cuts.span_likelihoods(*inner)
    if likelihoods.split - max(likelihoods.alone, likelihoods.covered) > MAX_SPLIT_ADVANTAGE:
        return None
    if likelihoods.covered > likelihoods.alone:
        return "inside" if _cover_keeps_whole(clause, inner, likelihoods) else None
    return "word"


def _clause(text: str, span: Span) -> tuple[str, int]:
    """Return the stretch between punctuation marks around `span`, and its offset; no word reaches beyond it."""
    breaks = _punctuation_positions(text)
    at = bisect_left(breaks, span[0])
    start = max(breaks[at - 1] + 1 if at else 0, span[0] - MAX_CONTEXT_CHARS)
    end = min(breaks[at] if at < len(breaks) else len(text), span[1] + MAX_CONTEXT_CHARS)
    return (text[start:end], start) if end >= span[1] else (text[slice(*span)], span[0])


@lru_cache(maxsize=512)
def _punctuation_positions(text: str) -> list[int]:
    """Memoised, as many terms are searched for in the same text."""
    return [found.start() for found in _PUNCTUATION.finditer(text)]


def _splits_latin(text: str, span: Span) -> bool:
    """True if an edge of the stretch lies inside a row of Latin letters and digits."""
    start, end = span

    def joined(left: str, right: str) -> bool:
        return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()

    return (start > 0 and joined(text[start - 1], text[start])) or (
        end < len(text) and joined(text[end - 1], text[end])
    )


def _is_other_name(cuts: Lattice, span: Span) -> bool:
    """True if the term is only a part of another place's or person's name."""
    start, end = span
    clause = cuts.clause
    tag = words.tag(clause[start:end])
    if not tag:
        return False
    for first, last, kind in cuts.names:
        if first <= start and end <= last and (first, last) != span and cuts.is_likelier((first, last), span):
            if kind == "ns" and not _names_same_place(clause[first:start], clause[end:last]):
                return True
            if kind == "nr" and first == start - 1 and last == end and tag != "nr":
                return True
    return tag == "ns" and _STREET.match(clause, end) is not None


def _names_same_place(before: str, after: str) -> bool:
    """True if a place's name means the term with `before` and `after` around it: 太原市, 山西太原, but not 大兴安岭."""
    return (not before or words.tag(before) == "ns") and (not after or _DIVISIONS.fullmatch(after) is not None)


def _cover_keeps_whole(clause: str, span: Span, likelihoods: SpanLikelihoods) -> bool:
    """True if the best cut of the covering word leaves the term whole."""
    first, last = likelihoods.cover or span
    cover = clause[first:last]
    if not words.frequency(cover):  # a name in no dictionary: the term is its beginning only by accident
        return first == span[0] and words.frequency(clause[slice(*span)]) > 0
    inner = Lattice(cover, whole=False).span_likelihoods(span[0] - first, span[1] - first)
    return inner.split - max(inner.alone, inner.covered) <= MAX_SPLIT_ADVANTAGE


def doubtful_positions(text: str) -> dict[int, bool]:
    """Map the positions of the normalised `text` that may be misread to True for a character in no word, False for a
    character of a word below MISREAD_TERM_FREQUENCY."""
    positions: dict[int, bool] = {}
    at = 0
    for word in words.cut_by_dictionary(text):
        if len(word) == 1:
            positions[at] = True
        elif len(word) < MIN_LONG_TERM_CHARS and words.frequency(word) < MISREAD_TERM_FREQUENCY:
            positions.update(dict.fromkeys(range(at, at + len(word)), False))
        at += len(word)
    return {
        position: in_no_word for position, in_no_word in positions.items() if characters.look_alikes(text[position])
    }


def allows_misreadings(term: Term) -> bool:
    """True if the term may be matched by a misread form."""
    return not term.exact and not term.as_printed and 2 <= len(term.text) <= MAX_MISREADABLE_CHARS


def find_misread(term: Term, text: str, doubtful: Mapping[int, bool]) -> Iterator[Occurrence]:
    """Yield where the normalised sentence `text` has `term` with one character misread.

    `doubtful` is the result of `doubtful_positions(text)`.
    """
    term_text = normalise_in_place(term.text)
    if not allows_misreadings(term):
        return
    for start, wrong in differing_in_one(term_text, text):
        span = start, start + len(term_text)
        in_no_word = doubtful.get(wrong)
        if in_no_word is None or not (in_no_word or len(term_text) >= MIN_LONG_TERM_CHARS):
            continue
        if _is_far_likelier(text, span, term_text, in_no_word=in_no_word):
            yield Occurrence(span, "alike")


def differing_in_one(term_text: str, text: str) -> list[tuple[int, int]]:
    """Return start and differing position of every stretch that is `term_text` but for one look-alike character."""
    half = (len(term_text) + 1) // 2  # one of the two halves was read right
    found = set()
    for shift, part in ((0, term_text[:half]), (half, term_text[half:])):
        at = text.find(part)
        while at >= 0:
            start = at - shift
            stretch = text[start : start + len(term_text)] if start >= 0 else ""
            if (wrong := characters.misread_position(stretch, term_text)) is not None:
                found.add((start, start + wrong))
            at = text.find(part, at + 1)
    return sorted(found)


def _is_far_likelier(text: str, span: Span, term_text: str, *, in_no_word: bool) -> bool:
    """True if the clause is far likelier with `term_text` at `span` than as printed, and `term_text` is meant there.

    `term_text` counts as a word of its own if the misread character is `in_no_word`, else by its own words.
    """
    clause, start = _clause(text, span)
    first, last = span[0] - start, span[1] - start
    mended = clause[:first] + term_text + clause[last:]
    cuts = lattice(mended)
    likelihood = cuts.likelihood_with_word(first, last, MISREAD_TERM_FREQUENCY) if in_no_word else cuts.best
    if likelihood - lattice(clause).best < MIN_MISREAD_GAIN:
        return False
    likelihoods = cuts.span_likelihoods(first, last)
    is_split = likelihoods.split - max(likelihoods.alone, likelihoods.covered) > MAX_SPLIT_ADVANTAGE
    return not is_split and not _is_other_name(cuts, (first, last))

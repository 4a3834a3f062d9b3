"""Decide where a sentence means a term.

A term's characters can occur next to each other without forming the word: 校长治学 contains 长治 but does not mean it.
Three rules decide:

1. Segmentation: compare the best cut that keeps the term whole (alone or inside a longer word) with the best cut that
   splits it; the latter may be likelier by at most MAX_SPLIT_ADVANTAGE (language/boundaries.py).
2. The longer word around the term: the best cut of that word must not split the term (远大理想 does not mean 大理). A
   person's name does not mean the given name in it (国安 in 李国安). A place name means the term only if an
   administrative division follows the term (大兴区 means 大兴, 大兴安岭 does not) or the place that contains it comes
   before it (北京地铁 means 地铁).
3. The neighbouring characters: 9.5GB does not mean 5G, and a street named after a place does not mean that place.

A term that does not occur as printed may have been misread. A substring that differs from the term in one look-alike
character counts as a misread form (近形) if the clause is far likelier with the term and the printed character is in no
word, that is, in no word of several characters. If the term is long, the character may also be in a rare word.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from digests.language import characters, words
from digests.language.boundaries import Lattice, SpanLikelihoods, lattice
from digests.language.normal_form import term_form
from digests.models import MatchRule, Span
from digests.query import MAX_NEAR_GAP_CHARS, Term

MAX_SPLIT_ADVANTAGE = 0.5
"""Maximum log-likelihood (natural) by which the best cut that splits the term may exceed the best that keeps it."""

MIN_MISREAD_GAIN = 3.0
"""Minimum gain in log-likelihood (natural) of the clause with the term over the clause as printed.

At 3.0 nine in ten editors' tags with one randomly misread character are found; one in 360 matches in 1,500 proofread
articles is a false alarm. At 4.0 there are half as many false alarms, and one misread tag in seven is missed."""

MISREAD_TERM_FREQUENCY = 200
"""Corpus frequency assumed for every misread term that replaces a character in no word, because common terms are
not misread more often than rare ones. Words below this frequency are rare."""

MIN_LONG_TERM_CHARS = 4
"""Minimum characters of a long term. A misread character of a long term may be in a rare word, because the other
characters are evidence enough; a misread character of a shorter term must be in no word."""

MAX_MISREADABLE_CHARS = 8
"""Maximum characters of a term whose misread forms are searched for."""

MAX_CONTEXT_CHARS = 100
"""Maximum characters of the clause on either side of a span; punctuation marks end the clause earlier."""

MAX_NUMBER_CHARS = 20
"""Maximum characters of a number on either side of the edge of a span."""

_DIVISIONS = re.compile(r"省|市|县|区|州|盟|旗|镇|乡|村|新区|地区|人|自治.*")
_STREET = re.compile(r"[东西南北中]?(?:路|街|巷|大街|大道|胡同)")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?")
_LONG_NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9][.,])(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+\.[0-9]+)(?![0-9]|[.,][0-9])"
)
"""A number with a decimal point or thousands separators; 2022.8.28 is a date, of which each part is a number."""
_PUNCTUATION = re.compile(r"[\s，。、；：？！,;:?!“”‘’「」『』（）()《》〈〉【】\[\]—…·]")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A span of a sentence that means a term, and the rule that applied."""

    span: Span
    rule: MatchRule


def find_meant(term: Term, text: str) -> Iterator[Occurrence]:
    """Yield the occurrences at which the normalised `text` means `term`, as printed."""
    term_text = term_form(term.text)
    at = text.find(term_text)
    while at >= 0:
        span = at, at + len(term_text)
        rule = "exact" if term.exact else _rule(text, span)
        if rule:
            yield Occurrence(span, rule)
        at = text.find(term_text, span[1] if rule else at + 1)


def _rule(text: str, span: Span) -> MatchRule | None:
    """Return the rule by which the characters of the span form a word; None if they do not form it."""
    if _splits_latin(text, span) or _splits_number(text, span):
        return None
    clause, start = _clause(text, span)
    span_in_clause = span[0] - start, span[1] - start
    cuts = lattice(clause)
    if _is_other_name(cuts, span_in_clause):
        return None
    # No cut that splits the term can be likelier than a best cut with its edges. A number is a word (2022 in 2022年).
    if cuts.edges.issuperset(span_in_clause) or _NUMBER.fullmatch(text, *span):
        return "word"
    likelihoods = cuts.span_likelihoods(*span_in_clause)
    if likelihoods.split - max(likelihoods.alone, likelihoods.covered) > MAX_SPLIT_ADVANTAGE:
        return None
    if likelihoods.covered > likelihoods.alone:
        return "inside" if _covering_word_contains_term(clause, span_in_clause, likelihoods) else None
    return "word"


def _clause(text: str, span: Span) -> tuple[str, int]:
    """Return the clause around `span`, bounded by punctuation or MAX_CONTEXT_CHARS, and its offset."""
    breaks = _punctuation_positions(text)
    at = bisect_left(breaks, span[0])
    start = max(breaks[at - 1] + 1 if at else 0, span[0] - MAX_CONTEXT_CHARS)
    end = min(breaks[at] if at < len(breaks) else len(text), span[1] + MAX_CONTEXT_CHARS)
    return (text[start:end], start) if end >= span[1] else (text[slice(*span)], span[0])


@lru_cache(maxsize=512)
def _punctuation_positions(text: str) -> list[int]:
    """Return the positions of punctuation marks; cached, because many terms are searched for in the same text."""
    return [found.start() for found in _PUNCTUATION.finditer(text)]


def _splits_latin(text: str, span: Span) -> bool:
    """True if the span begins or ends inside a run of Latin letters and digits."""
    start, end = span

    def joined(left: str, right: str) -> bool:
        return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()

    return (start > 0 and joined(text[start - 1], text[start])) or (
        end < len(text) and joined(text[end - 1], text[end])
    )


def _splits_number(text: str, span: Span) -> bool:
    """True if the span begins or ends inside a decimal number or a number with thousands separators."""
    if not (text[span[0]].isdecimal() or text[span[1] - 1].isdecimal()):
        return False
    return any(
        number.start() < edge < number.end()
        for edge in span
        for number in _LONG_NUMBER.finditer(text, max(0, edge - MAX_NUMBER_CHARS), edge + MAX_NUMBER_CHARS)
    )


def _is_other_name(cuts: Lattice, span: Span) -> bool:
    """True if the span is only a part of the name of another place or person, or of a street."""
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
    """True if a place name with `before` and `after` around the term means the term: 太原市, 山西太原, not 大兴安岭."""
    return (not before or words.tag(before) == "ns") and (not after or _DIVISIONS.fullmatch(after) is not None)


def _covering_word_contains_term(clause: str, span: Span, likelihoods: SpanLikelihoods) -> bool:
    """True if the word that covers the term contains it as a word: its best cut does not split the term."""
    first, last = likelihoods.cover or span
    cover = clause[first:last]
    if not words.frequency(cover):  # not in the dictionary: a name or number, which may begin with the term
        return first == span[0] and words.frequency(clause[slice(*span)]) > 0
    in_word = Lattice(cover, whole=False).span_likelihoods(span[0] - first, span[1] - first)
    return in_word.split - max(in_word.alone, in_word.covered) <= MAX_SPLIT_ADVANTAGE


def doubtful_positions(text: str) -> dict[int, bool]:
    """Map each position of the normalised `text` that may be misread to True if its character is in no word, and to
    False if it is in a rare word. Only characters with look-alikes may be misread."""
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
    """True if misread forms of the term count as matches."""
    return not term.exact and not term.as_printed and has_misreadable_length(term.text)


def has_misreadable_length(term_text: str) -> bool:
    """True if a term of this length can be recognised with one character misread."""
    return 2 <= len(term_text) <= MAX_MISREADABLE_CHARS


def find_misread(term: Term, text: str, doubtful: Mapping[int, bool]) -> Iterator[Occurrence]:
    """Yield the spans of the normalised sentence `text` that are `term` with one character misread.

    `doubtful` is the result of `doubtful_positions(text)`.
    """
    term_text = term_form(term.text)
    if not allows_misreadings(term):
        return
    for start, misread_at in differing_in_one(term_text, text):
        span = start, start + len(term_text)
        in_no_word = doubtful.get(misread_at)
        if in_no_word is None or not (in_no_word or len(term_text) >= MIN_LONG_TERM_CHARS):
            continue
        if _is_far_likelier(text, span, term_text, in_no_word=in_no_word):
            yield Occurrence(span, "alike")


def differing_in_one(term_text: str, text: str) -> list[tuple[int, int]]:
    """Return the start and the differing position of every substring that is `term_text` except for one look-alike."""
    half = (len(term_text) + 1) // 2  # one half has no misread character
    found = set()
    for shift, part in ((0, term_text[:half]), (half, term_text[half:])):
        at = text.find(part)
        while at >= 0:
            start = at - shift
            printed = text[start : start + len(term_text)] if start >= 0 else ""
            if (misread_at := characters.misread_position(printed, term_text)) is not None:
                found.add((start, start + misread_at))
            at = text.find(part, at + 1)
    return sorted(found)


def _is_far_likelier(text: str, span: Span, term_text: str, *, in_no_word: bool) -> bool:
    """True if the clause with `term_text` at `span` means the term and is far likelier than the clause as printed.

    If the misread character is `in_no_word`, the corrected clause is scored with `term_text` as one word, otherwise by
    its best cut.
    """
    clause, start = _clause(text, span)
    first, last = span[0] - start, span[1] - start
    corrected = clause[:first] + term_text + clause[last:]
    cuts = lattice(corrected)
    likelihood = cuts.likelihood_with_word(first, last, MISREAD_TERM_FREQUENCY) if in_no_word else cuts.best
    if likelihood - lattice(clause).best < MIN_MISREAD_GAIN:
        return False
    likelihoods = cuts.span_likelihoods(first, last)
    is_split = likelihoods.split - max(likelihoods.alone, likelihoods.covered) > MAX_SPLIT_ADVANTAGE
    return not is_split and not _is_other_name(cuts, (first, last))


def close_spans(spans: list[list[Span]]) -> tuple[Span, ...]:
    """Return a span of the first list and the nearest span of each other list if neighbours are close, else ()."""
    for anchor in spans[0]:
        nearest = [min(others, key=partial(_distance, anchor)) for others in spans[1:]]
        in_order = sorted([anchor, *nearest])
        if all(after[0] - before[1] <= MAX_NEAR_GAP_CHARS for before, after in pairwise(in_order)):
            return tuple(in_order)
    return ()


def _distance(one: Span, other: Span) -> int:
    return abs(one[0] - other[0])

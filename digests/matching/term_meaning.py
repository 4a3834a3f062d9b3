"""Where a term is meant in a sentence.

Characters meet by accident: 长治 stands in 校长治学 as a string and is not meant there. Whether it is, is decided by

1. the cut: the best cut of the clause with the term as a word, or inside a longer one, may be at most SLACK less likely
   than the best cut in which a neighbour takes a part of the term (cuts.py);
2. the longer word that covers it: cut in its turn, it must not tear the term (远大理想 is no 大理); a person's name is
   not its second half (李国安); a place's name is another place unless what follows is the kind of administrative
   division (大兴区 is 大兴, 大兴安岭 is not) or what stands before is the place it lies in (北京地铁);
3. the sign beside it: 5G is not in 9.5GB, and a street named after a place is not that place.

A term that stands nowhere as printed may have been misread: a stretch that differs in one character which looks like
the right one counts as 近形 if what is printed there is doubtful (a character in no word, or, in a long term, a rare
word) and the clause is far likelier with the term in its place.
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

SLACK = 0.5
"""By how much (in natural logarithms) the cut that tears a term may be likelier than the best that does not."""

GAIN = 3.0
"""By how much a clause has to be likelier with the term than as printed, to be taken for misread. Of editors' tags with
one character misread at random, nine in ten are found so; of the matches in 1,500 proofread articles one in 360 is such
a false alarm. At 4 these are half as many, and one misread tag in seven is lost."""

ASKED_FOR = 200
"""The frequency that a term counts with there: a common word is no likelier to be misread here than a rare one."""

TELLING = 4
"""Characters of a term of which all but one say enough to doubt a rare word; in a shorter one only a character that
stands in no word is taken for misread."""

MAX_MISREADABLE_CHARS = 8
"""Characters of the longest term that is looked for in misread forms."""

_DIVISIONS = re.compile(r"省|市|县|区|州|盟|旗|镇|乡|村|新区|地区|人|自治.*")
_STREET = re.compile(r"[东西南北中]?(?:路|街|巷|大街|大道|胡同)")
_BREAK = re.compile(r"[\s，。、；：？！,;:?!“”‘’「」『』（）()《》〈〉【】\[\]—…·]")
FAR = 100
"""Characters on either side of a stretch that say how it is cut, where no punctuation comes first."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A stretch of a sentence in which a term is meant, and by which rule."""

    span: Span
    rule: MatchRule


def occurrences(term: Term, said: str) -> tuple[Span, ...]:
    """Where `term` is meant in `said` as printed, as spans of it; width and letter case do not matter."""
    return tuple(occurrence.span for occurrence in find_meant(term, normalise_in_place(said)))


def find_meant(term: Term, said: str) -> Iterator[Occurrence]:
    """Where `term` is meant in the levelled sentence `said`, as printed."""
    wanted = normalise_in_place(term.text)
    at = said.find(wanted)
    while at >= 0:
        span = at, at + len(wanted)
        rule = "exact" if term.exact else _rule(said, span)
        if rule:
            yield Occurrence(span, rule)
        at = said.find(wanted, span[1] if rule else at + 1)


def _rule(said: str, span: Span) -> MatchRule | None:
    """By which rule the stretch is meant as a word; None where its characters only meet."""
    if _splits_signs(said, span):
        return None
    clause, start = _clause(said, span)
    inner = span[0] - start, span[1] - start
    cuts = lattice(clause)
    if _other_name(cuts, inner):
        return None
    if cuts.edges.issuperset(inner):  # the best cut has it between two of its edges: no other can be much likelier
        return "word"
    place = cuts.place(*inner)
    if place.torn - max(place.alone, place.covered) > SLACK:
        return None
    if place.covered > place.alone:
        return "inside" if _holds_whole(clause, inner, place) else None
    return "word"


def _clause(said: str, span: Span) -> tuple[str, int]:
    """The stretch between punctuation that holds `span`, and where it begins; words never reach beyond it."""
    breaks = _breaks(said)
    at = bisect_left(breaks, span[0])
    start = max(breaks[at - 1] + 1 if at else 0, span[0] - FAR)
    end = min(breaks[at] if at < len(breaks) else len(said), span[1] + FAR)
    return (said[start:end], start) if end >= span[1] else (said[slice(*span)], span[0])


@lru_cache(maxsize=512)
def _breaks(said: str) -> list[int]:
    """Where the punctuation of a sentence stands."""
    return [found.start() for found in _BREAK.finditer(said)]


def _splits_signs(said: str, span: Span) -> bool:
    """Whether an edge of the stretch stands inside a row of Latin letters and digits."""
    start, end = span

    def joined(left: str, right: str) -> bool:
        return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()

    return (start > 0 and joined(said[start - 1], said[start])) or (
        end < len(said) and joined(said[end - 1], said[end])
    )


def _other_name(cuts: Lattice, span: Span) -> bool:
    """Whether the term is only a part of another place's or person's name."""
    start, end = span
    clause = cuts.clause
    tag = words.tag(clause[start:end])
    if not tag:
        return False
    for first, last, kind in cuts.names:
        if first <= start and end <= last and (first, last) != span and cuts.likelier((first, last), span):
            if kind == "ns" and not _names_the_same(clause[first:start], clause[end:last]):
                return True
            if kind == "nr" and first == start - 1 and last == end and tag != "nr":
                return True
    return tag == "ns" and _STREET.match(clause, end) is not None


def _names_the_same(before: str, after: str) -> bool:
    """Whether a place's name means the term that it holds: 太原市, 山西太原, 太原市政府 do, 大兴安岭 does not."""
    return (not before or words.tag(before) == "ns") and (not after or _DIVISIONS.fullmatch(after) is not None)


def _holds_whole(clause: str, span: Span, place: SpanLikelihoods) -> bool:
    """Whether the covering word, cut in its turn, leaves the term whole."""
    first, last = place.cover or span
    cover = clause[first:last]
    if not words.frequency(cover):  # a name made by likelihood: the term is its beginning only by accident
        return first == span[0] and words.frequency(clause[slice(*span)]) > 0
    inner = Lattice(cover, whole=False).place(span[0] - first, span[1] - first)
    return inner.torn - max(inner.alone, inner.covered) <= SLACK


def doubtful_positions(said: str) -> dict[int, bool]:
    """The places of the levelled `said` where something may be misread: True where a character stands in no word, False
    where it stands in a word rarer than one that is asked for."""
    places: dict[int, bool] = {}
    at = 0
    for word in words.cut_by_dictionary(said):
        if len(word) == 1:
            places[at] = True
        elif len(word) < TELLING and words.frequency(word) < ASKED_FOR:
            places.update(dict.fromkeys(range(at, at + len(word)), False))
        at += len(word)
    return {place: alone for place, alone in places.items() if characters.look_alikes(said[place])}


def allows_misreadings(term: Term) -> bool:
    """Whether the term may be matched by a misread form."""
    return not term.exact and not term.as_printed and 2 <= len(term.text) <= MAX_MISREADABLE_CHARS


def find_misread(term: Term, said: str, doubts: Mapping[int, bool]) -> Iterator[Occurrence]:
    """Where `said`, a levelled sentence, has a stretch that is `term` with one character misread.

    `doubts` are the places that `doubtful(said)` gives.
    """
    wanted = normalise_in_place(term.text)
    if not allows_misreadings(term):
        return
    for start, wrong in differing_in_one(wanted, said):
        span = start, start + len(wanted)
        alone = doubts.get(wrong)
        if alone is not None and (alone or len(wanted) >= TELLING) and _likelier(said, span, wanted, alone=alone):
            yield Occurrence(span, "alike")


def differing_in_one(wanted: str, said: str) -> list[tuple[int, int]]:
    """Where a stretch of `said` differs from `wanted` in one character that looks like it, and where that stands."""
    half = (len(wanted) + 1) // 2  # of two halves, one was read right
    found = set()
    for shift, part in ((0, wanted[:half]), (half, wanted[half:])):
        at = said.find(part)
        while at >= 0:
            start = at - shift
            stretch = said[start : start + len(wanted)] if start >= 0 else ""
            if (wrong := characters.misread_position(stretch, wanted)) is not None:
                found.add((start, start + wrong))
            at = said.find(part, at + 1)
    return sorted(found)


def _likelier(said: str, span: Span, wanted: str, *, alone: bool) -> bool:
    """Whether the clause is far likelier, and the term meant, with `wanted` in the place of what was printed; as the
    word that was asked for where a character stands alone, else by its own words."""
    clause, start = _clause(said, span)
    first, last = span[0] - start, span[1] - start
    mended = clause[:first] + wanted + clause[last:]
    cuts = lattice(mended)
    likelihood = cuts.with_word(first, last, ASKED_FOR) if alone else cuts.best
    if likelihood - lattice(clause).best < GAIN:
        return False
    place = cuts.place(first, last)
    return place.torn - max(place.alone, place.covered) <= SLACK and not _other_name(cuts, (first, last))

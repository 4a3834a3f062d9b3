"""Candidates for keywords: the words of an article and the runs of neighbouring words that could be one name.

A run of words is a candidate where an editor or the text itself treats it as one: the body has it from the heading or
has it again, or it is put in quotation marks. Runs never cross punctuation or white space.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from digests.language.words import ArticleWords, Words

MOST_WORDS = 5
LONGEST = 12
"""Characters; what is longer is a sentence's part rather than a name for something."""

_OPENING, _CLOSING = frozenset("“《「『【‘"), frozenset("”》」』】’")


class Phrase(NamedTuple):
    """A word or phrase with what the article shows of it."""

    words: Words
    times: int = 0
    """How often it stands in the body."""
    place: int | None = None
    """Words of body before it; None where the body lacks it."""
    lead: bool = False
    """Whether the first paragraph has it."""
    before: int = 0
    """How many different words stand before it in the body: a part of one longer name always has the same one."""
    after: int = 0
    heading: bool = False
    opens: bool = False
    """Whether a stretch of the heading begins with it."""
    ends: bool = False
    quoted: bool = False

    @property
    def text(self) -> str:
        return "".join(self.words)


def extract_phrases(wording: ArticleWords) -> dict[str, Phrase]:
    """Every candidate of an article by its text."""
    body = _Body(wording.paragraphs)
    heading = {run: (opens, ends) for run, opens, ends in _heading(wording)}
    quoted = {run for words in (wording.heading, *wording.paragraphs) for run in _quoted(words)}
    found: dict[str, Phrase] = {}
    for run in chain(heading, quoted, body.runs()):
        if (text := "".join(run)) in found:
            continue
        seen = body.seen(run)
        if len(run) == 1 or seen is not _NOWHERE or run in quoted or not body.lead:
            opens, ends = heading.get(run, (False, False))
            found[text] = Phrase(run, *seen, run in heading, opens, ends, run in quoted)
    return found


def _heading(wording: ArticleWords) -> Iterator[tuple[Words, bool, bool]]:
    """The runs of the heading, with whether each begins or ends a stretch between signs."""
    for stretch in _stretches(wording.heading):
        for first in range(len(stretch)):
            for last in range(first + 1, min(len(stretch), first + MOST_WORDS) + 1):
                run = stretch[first:last]
                if 2 <= sum(map(len, run)) <= LONGEST:
                    yield run, first == 0, last == len(stretch)


def _stretches(words: Words) -> Iterator[Words]:
    """What stands between signs and breaks."""
    start = 0
    for at, word in enumerate(words):
        if not word[0].isalnum():
            if at > start:
                yield words[start:at]
            start = at + 1
    if start < len(words):
        yield words[start:]


def _quoted(words: Words) -> Iterator[Words]:
    """What stands in quotation marks or book-title marks, where it is short enough to be a name."""
    start = 0
    for at, word in enumerate(words):
        if word in _OPENING:
            start = at + 1
        elif word in _CLOSING and 0 < start < at:
            run = words[start:at]
            if 2 <= sum(map(len, run)) <= LONGEST and all(part[0].isalnum() for part in run):
                yield run
            start = 0


_NOWHERE = (0, None, False, 0, 0)


class _Body:
    """The body's words in one row with what can be counted of them."""

    def __init__(self, paragraphs: Sequence[Words]) -> None:
        self.row = row = ["\n"]
        for paragraph in paragraphs:
            row += paragraph
            row.append("\n")
        self.lead = len(paragraphs[0]) if paragraphs else 0
        self.count = Counter(row)
        self.pairs = Counter(pairwise(row))
        self.signs = {word for word in self.count if not word[0].isalnum()}
        self.first = {word: at for at, word in reversed(list(enumerate(row)))}
        signs = self.signs
        self.before = before = dict.fromkeys(self.count, 0)
        self.after = after = dict.fromkeys(self.count, 0)
        for (one, other), seen in self.pairs.items():
            # A sign leaves a word free each time anew; the same neighbour again shows nothing.
            before[other] += seen if one in signs else 1
            after[one] += seen if other in signs else 1
        self.places = self._again()

    def runs(self) -> Iterator[Words]:
        """The words that come again or stand in the lead, and the runs that come again."""
        for word, at in self.first.items():
            if len(word) > 1 and word not in self.signs and (at <= self.lead or self.count[word] > 1):
                yield (word,)
        yield from self.places

    def _again(self) -> dict[Words, list[int]]:
        """Where each run of two or more words that comes again stands, found by growing those one word shorter."""
        row = self.row
        close = {pair for pair, seen in self.pairs.items() if seen > 1 and self.signs.isdisjoint(pair)}
        follows = [pair in close for pair in pairwise(row)]
        found: dict[Words, list[int]] = {}
        starts = [at for at, together in enumerate(follows) if together]
        for size in range(2, MOST_WORDS + 1):
            grown: dict[Words, list[int]] = defaultdict(list)
            for at in starts:
                grown[tuple(row[at : at + size])].append(at)
            kept = {run: places for run, places in grown.items() if len(places) > 1 and sum(map(len, run)) <= LONGEST}
            found |= kept
            starts = [at for places in kept.values() for at in places if follows[at + size - 1]]
        return found

    def seen(self, run: Words) -> tuple[int, int | None, bool, int, int]:
        """How often and where first the body has a run, whether its lead does, and how many words stand around it."""
        if len(run) > 1:
            places = self.places.get(run) or self._once(run)
            if not places:
                return _NOWHERE
            around = self._around(places, -1), self._around(places, len(run))
            return len(places), places[0] - 1, places[0] <= self.lead, *around
        word = run[0]
        if word not in self.first:
            return _NOWHERE
        at = self.first[word]
        return self.count[word], at - 1, at <= self.lead, self.before[word], self.after[word]

    def _around(self, places: Sequence[int], step: int) -> int:
        neighbours = [self.row[at + step] for at in places]
        return len({word for word in neighbours if word not in self.signs}) + sum(w in self.signs for w in neighbours)

    def _once(self, run: Words) -> list[int]:
        """Where a run stands that comes at most once."""
        for pair in pairwise(run):
            if pair not in self.pairs:
                return []
        row, size = self.row, len(run)
        for at in range(self.first[run[0]], len(row) - size + 1):
            if row[at] == run[0] and tuple(row[at : at + size]) == run:
                return [at]
        return []

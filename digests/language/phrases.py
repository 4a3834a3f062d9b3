"""Phrases of an article: single words, and runs of neighbouring words that could be one name.

A word of at least two characters is a phrase if it occurs in the heading, in the first paragraph, in quotation marks,
or at least twice in the body. A run of several words is a phrase if it occurs in both the heading and the body, at
least twice in the body, or in quotation marks. If the article has no body, every run of the heading is a phrase. Runs
never cross punctuation or white space.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import chain, compress, pairwise
from operator import itemgetter
from typing import NamedTuple

from digests.language.words import ArticleWords, Words

MAX_PHRASE_WORDS = 5
MAX_PHRASE_CHARS = 12
"""Maximum characters of a run; a longer run is part of a sentence, not a name."""

_OPENING_QUOTES, _CLOSING_QUOTES = frozenset("“《「『【‘"), frozenset("”》」』】’")


class Phrase(NamedTuple):
    """A word or run of words, and its occurrences in the article."""

    words: Words
    occurrences: int = 0
    """Number of occurrences in the body."""
    position: int | None = None
    """Number of words and punctuation marks before its first occurrence in the body; None if the body lacks it."""
    in_lead: bool = False
    """True if it occurs in the first paragraph."""
    left_neighbours: int = 0
    """Number of different words before the phrase in the body, plus the number of its occurrences after punctuation.

    The sum is low for a phrase that is part of a longer name, because it always follows the same word.
    """
    right_neighbours: int = 0
    """Number of different words after the phrase in the body, plus the number of its occurrences before punctuation."""
    in_heading: bool = False
    opens_heading: bool = False
    """True if it begins the heading or follows punctuation there."""
    ends_heading: bool = False
    """True if it ends the heading or precedes punctuation there."""
    is_quoted: bool = False

    @property
    def text(self) -> str:
        return "".join(self.words)


def extract_phrases(article_words: ArticleWords) -> dict[str, Phrase]:
    """Return the phrases of an article, with their texts as keys."""
    body = _Body(article_words.paragraphs)
    heading = {run: (opens, ends) for run, opens, ends in _heading_runs(article_words.heading)}
    quoted = {run for part in (article_words.heading, *article_words.paragraphs) for run in _quoted_runs(part)}
    found: dict[str, Phrase] = {}
    for run in chain(heading, quoted, body.runs()):
        if (text := "".join(run)) in found:
            continue
        in_body = body.occurrences(run)
        if len(run) == 1 or in_body is not _NOT_IN_BODY or run in quoted or not body.lead_end:
            opens, ends = heading.get(run, (False, False))
            found[text] = Phrase(run, *in_body, run in heading, opens, ends, run in quoted)
    return found


def _heading_runs(heading: Words) -> Iterator[tuple[Words, bool, bool]]:
    """Yield each run of the heading, whether it begins a stretch between punctuation marks, and whether it ends one."""
    for stretch in _stretches(heading):
        for first in range(len(stretch)):
            for last in range(first + 1, min(len(stretch), first + MAX_PHRASE_WORDS) + 1):
                run = stretch[first:last]
                if 2 <= sum(map(len, run)) <= MAX_PHRASE_CHARS:
                    yield run, first == 0, last == len(stretch)


def _stretches(words: Words) -> Iterator[Words]:
    """Yield the sequences of words between punctuation marks and breaks."""
    start = 0
    for at, word in enumerate(words):
        if not word[0].isalnum():
            if at > start:
                yield words[start:at]
            start = at + 1
    if start < len(words):
        yield words[start:]


def _quoted_runs(words: Words) -> Iterator[Words]:
    """Yield the runs in quotation marks or book-title marks that are short enough to be names."""
    if _OPENING_QUOTES.isdisjoint(words):
        return
    start = 0
    for at, word in enumerate(words):
        if word in _OPENING_QUOTES:
            start = at + 1
        elif word in _CLOSING_QUOTES and 0 < start < at:
            run = words[start:at]
            if 2 <= sum(map(len, run)) <= MAX_PHRASE_CHARS and all(part[0].isalnum() for part in run):
                yield run
            start = 0


_NOT_IN_BODY = (0, None, False, 0, 0)


class _Body:
    """The words of a body in one list, with line feeds between paragraphs, and the counts that phrases need."""

    def __init__(self, paragraphs: Sequence[Words]) -> None:
        self.row = row = ["\n"]
        for paragraph in paragraphs:
            row += paragraph
            row.append("\n")
        self.lead_end = len(paragraphs[0]) if paragraphs else 0
        self.count = Counter(row)
        self.pair_count = Counter(pairwise(row))
        self.punctuation = {word for word in self.count if not word[0].isalnum()}
        self.first = dict(zip(reversed(row), range(len(row) - 1, -1, -1), strict=True))
        self.left_neighbours = Counter(map(itemgetter(1), self.pair_count))
        self.right_neighbours = Counter(map(itemgetter(0), self.pair_count))
        repeated_pairs = [(pair, count) for pair, count in self.pair_count.items() if count > 1]
        for (before, after), count in repeated_pairs:
            # Each punctuation mark is new evidence of a boundary of a name; a repeated neighbouring word is not.
            if before in self.punctuation:
                self.left_neighbours[after] += count - 1
            if after in self.punctuation:
                self.right_neighbours[before] += count - 1
        self.repeated = self._repeated_runs({pair for pair, _ in repeated_pairs if self.punctuation.isdisjoint(pair)})

    def runs(self) -> Iterator[Words]:
        """Yield the words that are repeated or occur in the lead, and the repeated runs."""
        for word, at in self.first.items():
            if len(word) > 1 and word not in self.punctuation and (at <= self.lead_end or self.count[word] > 1):
                yield (word,)
        yield from self.repeated

    def _repeated_runs(self, pairs: Set[tuple[str, str]]) -> dict[Words, list[int]]:
        """Map each repeated run of two or more words to its positions; longer ones consist of repeated pairs."""
        row = self.row
        is_pair = list(map(pairs.__contains__, pairwise(row)))
        found: dict[Words, list[int]] = {}
        starts = list(compress(range(len(is_pair)), is_pair))
        for size in range(2, MAX_PHRASE_WORDS + 1):
            grown: dict[Words, list[int]] = defaultdict(list)
            for at in starts:
                grown[tuple(row[at : at + size])].append(at)
            repeated = {
                run: positions
                for run, positions in grown.items()
                if len(positions) > 1 and sum(map(len, run)) <= MAX_PHRASE_CHARS
            }
            found |= repeated
            starts = [at for positions in repeated.values() for at in positions if is_pair[at + size - 1]]
        return found

    def occurrences(self, run: Words) -> tuple[int, int | None, bool, int, int]:
        """Return count, first position, whether the lead contains it, and the numbers of left and right neighbours."""
        if len(run) > 1:
            positions = self.repeated.get(run) or self._only_position(run)
            if not positions:
                return _NOT_IN_BODY
            neighbours = self._neighbours(positions, -1), self._neighbours(positions, len(run))
            return len(positions), positions[0] - 1, positions[0] <= self.lead_end, *neighbours
        word = run[0]
        if word not in self.first:
            return _NOT_IN_BODY
        at = self.first[word]
        return self.count[word], at - 1, at <= self.lead_end, self.left_neighbours[word], self.right_neighbours[word]

    def _neighbours(self, positions: Sequence[int], step: int) -> int:
        """Return the number of different words plus the number of punctuation marks, at `step` from the positions."""
        if len(positions) == 1:
            return 1
        neighbours = [self.row[at + step] for at in positions]
        words = set(neighbours) - self.punctuation
        return len(words) + len(neighbours) - sum(map(words.__contains__, neighbours))

    def _only_position(self, run: Words) -> list[int]:
        """Return the first position of a run, as a list; an empty list if the body lacks it."""
        for pair in pairwise(run):
            if pair not in self.pair_count:
                return []
        row, size = self.row, len(run)
        for at in range(self.first[run[0]], len(row) - size + 1):
            if row[at] == run[0] and tuple(row[at : at + size]) == run:
                return [at]
        return []

"""The facts of single lines (shape, signs, how they begin and end), and of a page as runs of headings and text."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from digests.segment import bylines
from digests.segment import lines as lines_module
from digests.segment.lines import Line, ends_sentence
from digests.text import bigrams

MAX_HEADING_CHARS = 60
"""A longer line is no heading."""
MAX_BYLINE_CHARS = 90
"""A longer line is no byline."""
MAX_CREDITED_CHARS = 299
"""A longer line is no caption with a photo credit."""
START_CHARS = 200
"""Characters at the start of a line that are searched for a lead, a notice or a caption."""
END_CHARS = 60
"""Characters at the end of a line that are searched for a sign-off or a photo credit."""
BYLINE_END_CHARS = 80
"""Characters at the end of a line that are searched for a byline after the text."""
JUMP_END_CHARS = 12
"""Characters at the end of a line that are searched for a jump."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a line shows without its neighbours."""

    plain: str
    level: int
    length: int
    closed: bool
    heading: bool
    """True if it can be a heading: short, and not ended like a sentence."""
    sign: str
    """What the line is printed as (byline, notice, lead ...); "" for a line without a recognised pattern."""
    start: str
    end: str
    jumps: bool
    """True if it continues on another page, which ends its article on this one."""
    names: bool
    """True if names follow its text."""
    ends_story: bool
    """True if it ends an article with names or a jump."""

    @property
    def shape(self) -> str:
        """The sign, else h for a heading, t for closed and o for open text."""
        return self.sign or ("h" if self.heading else "t" if self.closed else "o")

    @property
    def ending(self) -> str:
        """How the line ends: jump, names, closed or open."""
        return "jump" if self.jumps else "names" if self.ends_story else "closed" if self.closed else "open"

    @property
    def ending_kind(self) -> str:
        """How it ends an article: with a byline (b), with names after the text (s), with a jump alone (j)."""
        if self.sign == "byline":
            return "b"
        return "j" if self.jumps and not self.names else "s"

    @property
    def running(self) -> bool:
        """True if it is running text of an article."""
        return self.sign in ("", "lead") and not self.heading


def line_facts(line: Line) -> LineFacts:
    """Return the facts of `line`."""
    plain = line.plain
    sign = _sign(plain)
    at_end = bool(lines_module.TRAILING_BYLINE.search(plain[-BYLINE_END_CHARS:]))
    closed = at_end or ends_sentence(plain)
    inner = plain.rstrip("。!?")
    jumps = sign == "jump" or bool(lines_module.JUMP_TO.search(plain[-JUMP_END_CHARS:]))
    short = len(plain) <= MAX_HEADING_CHARS and not sign and not jumps
    heading = short and (not closed or (plain[-1] in "!?)”" and "。" not in inner))
    # A heading may end with the name of its series in brackets, which is no sign-off.
    signed = bylines.has_sign_off(plain) if heading else bool(lines_module.SIGN_OFF.search(plain[-END_CHARS:]))
    names = at_end or signed
    head, tail = plain[:1], plain.rstrip(" ")[-1:]
    ends = jumps or names or sign == "byline"
    return LineFacts(
        plain, line.level, len(plain), closed, heading, sign, _char_class(head), _char_class(tail), jumps, names, ends
    )


def _sign(plain: str) -> str:
    head, tail = plain[:START_CHARS], plain[-END_CHARS:]
    short = len(plain) <= MAX_HEADING_CHARS
    matches = (
        ("jump", short and lines_module.JUMP_TO.fullmatch(plain)),
        ("from", lines_module.JUMP_FROM.match(plain)),
        ("countdown", short and lines_module.COUNTDOWN.match(plain)),
        ("byline", len(plain) <= MAX_BYLINE_CHARS and bylines.is_byline(plain)),
        ("credit", short and lines_module.PHOTO_CREDIT_LINE.match(plain)),
        ("folio", short and lines_module.FOLIO.match(plain)),
        ("notice", lines_module.NOTICE.match(head)),
        ("pictured", lines_module.CAPTION_START.match(head)),
        ("credited", len(plain) <= MAX_CREDITED_CHARS and lines_module.PHOTO_CREDIT.search(tail)),
        ("lead", lines_module.LEAD.match(head)),
    )
    return next((sign for sign, match in matches if match), "")


def _char_class(char: str) -> str:
    if not char:
        return "none"
    if char.isdecimal():
        return "0"
    if "\u3400" <= char <= "\u9fff":
        return "字"
    return "A" if char.isalpha() else char


MAX_COMPARED_CHARS = 3000
"""Characters of a line whose bigrams are compared."""
PAIR_SMOOTHING = 5
"""Added to the number of bigrams, so that a short line is similar to nothing."""


def wide_gaps(lines: Sequence[Line]) -> list[int]:
    """Return for each line, and for the end, 1 if more blank lines precede it than usual on this page, else 0."""
    empty = [lower.first - upper.last - 1 for upper, lower in pairwise(lines)]
    usual = sorted(empty)[len(empty) // 2] if empty else 0
    return [0, *(int(count > usual) for count in empty), 0]


class PageView:
    """A page as runs of headings and the text below them."""

    def __init__(self, lines: Sequence[LineFacts], gap: Sequence[int]) -> None:
        self.lines = lines
        self.gap = gap
        self.marked = sum(line.level > 0 for line in lines)
        self.run = [0] * len(lines)  # the heading run that a line is in or under
        self.place: list[tuple[int, int]] = [(0, 0)] * len(lines)  # index in its run of headings, and the run's length
        self.text_before: list[int | None] = [None] * len(lines)  # the nearest running text above
        self.story_before: list[int | None] = [None] * len(lines)  # the nearest line of an article above
        self.named: dict[int, str] = {}  # run -> kinds of the leads and names in the text under it
        self.torn: dict[int, int] = {}  # run -> its last line of running text, if it breaks off
        self.first: dict[int, int] = {}  # run -> its first line of running text
        self.stop: dict[int, int] = {}  # run -> where its lines end
        self.signs: list[tuple[int, str]] = []  # lines with a lead (L with names, l without) or an ending
        self.endings = [0, *accumulate(line.ends_story for line in lines)]  # number of lines above that end an article
        self._runs()
        self._texts()
        self._words()

    def _runs(self) -> None:
        at = run = 0
        while at < len(self.lines):
            stop = at
            while stop < len(self.lines) and self.lines[stop].heading:
                stop += 1
            if stop > at:
                run += 1
                for k in range(at, stop):
                    self.run[k], self.place[k] = run, (k - at, stop - at)
            else:
                self.run[at] = run
                stop = at + 1
            at = stop

    def _texts(self) -> None:
        last: int | None = None
        story: int | None = None
        bare = set(self.run)
        self.named = dict.fromkeys(self.run, "")
        for at, line in enumerate(self.lines):
            self.stop[self.run[at]] = at + 1
            self.text_before[at], self.story_before[at] = last, story
            if line.sign in ("", "lead", "byline", "jump", "from") and not line.heading:
                story = at
            if line.sign == "lead":
                self._sign(at, "L" if lines_module.BRACKETED_REPORTERS.search(line.plain[:60]) else "l")
            if line.ends_story:
                self._sign(at, line.ending_kind)
            if line.running:
                self.first.setdefault(self.run[at], at)
                self.torn[self.run[at]] = at
                last = at
            if line.sign in ("lead", "byline") or line.ends_story:
                bare.discard(self.run[at])
        self.torn = {run: at for run, at in self.torn.items() if not self.lines[at].closed}
        self.bare = sum(run in self.first for run in bare)

    def _words(self) -> None:
        """Collect the bigrams of Hanzi of each line, and count the lines that contain each."""
        self.pairs = [_hanzi_pairs(line.plain) for line in self.lines]
        self.lines_with_pair: Counter[str] = Counter()
        for pairs in self.pairs:
            self.lines_with_pair.update(pairs)
        self.run_pairs: dict[int, set[str]] = {}
        for at, pairs in enumerate(self.pairs):
            run = self.run[at]
            if not self.lines[at].running or at == self.first.get(run) or run in self.torn:
                self.run_pairs.setdefault(run, set()).update(pairs)

    def _sign(self, at: int, kind: str) -> None:
        self.signs.append((at, kind))
        self.named[self.run[at]] += kind

    def sign_above(self, at: int) -> str:
        """Return the nearest sign above a heading, and the number of heading runs between them (at most 2)."""
        found = bisect_left(self.signs, (at, ""))
        if not found:
            return f"-{min(self.run[at] - 1, 2)}"
        line, kind = self.signs[found - 1]
        return f"{kind}{min(self.run[at] - self.run[line] - 1, 2)}"

    def sign_below(self, at: int) -> str:
        """Return the nearest sign below a heading, and the number of heading runs between them (at most 2)."""
        found = bisect_left(self.signs, (at, ""))
        if found == len(self.signs):
            return "-"
        line, kind = self.signs[found]
        first = "!" if line == self.first.get(self.run[at]) else ""
        return f"{kind}{min(self.run[line] - self.run[at], 2)}{first}"

    def style(self, run: int) -> str:
        """Return how the article of a run names its reporters: in its lead (L), after a lead (l), or without a lead."""
        for k in range(run, max(run - 4, -1), -1):
            if named := self.named.get(k, ""):
                return named[0]
        return ""

    def similarity(self, at: int, run: int) -> float:
        """Return how many bigrams of the line, weighted by rarity, the headings and first text of `run` contain."""
        own = self.pairs[at]
        other = self.run_pairs.get(run, set())
        return sum(1 / self.lines_with_pair[pair] for pair in own & other) / (len(own) + PAIR_SMOOTHING)


def _hanzi_pairs(plain: str) -> set[str]:
    return {pair for pair in bigrams(plain[:MAX_COMPARED_CHARS]) if min(pair) >= "\u3400"}

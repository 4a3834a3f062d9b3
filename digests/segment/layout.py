"""Facts about single lines (shape, printed sign, first and last character) and about the runs of headings on a page."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from digests.segment import bylines
from digests.segment.lines import Line, ends_sentence
from digests.segment.name_lists import is_names
from digests.segment.printed_signs import (
    BOX,
    BRACKETED_REPORTERS,
    CAPTION_START,
    COUNTDOWN,
    FOLIO,
    JUMP_FROM,
    JUMP_TO,
    LEAD,
    LEAD_REPORTERS,
    NOTICE,
    PHOTO_CREDIT,
    PHOTO_CREDIT_LINE,
    SIGN_OFF,
    TRAILING_BYLINE,
)
from digests.text import bigrams

MAX_HEADING_CHARS = 60
"""A longer line is not a heading."""
MAX_BYLINE_CHARS = 90
"""A longer line is not a byline."""
MAX_NAMES_CHARS = 18
"""A longer line does not consist of names alone."""
MAX_CREDITED_CHARS = 299
"""A longer line is not a caption with a photo credit."""
START_CHARS = 200
"""Characters at the start of a line that are searched for a lead, a notice or a caption."""
END_CHARS = 60
"""Characters at the end of a line that are searched for a sign-off or a photo credit."""
BYLINE_END_CHARS = 80
"""Characters at the end of a line that are searched for a byline after the text."""
JUMP_END_CHARS = 12
"""Characters at the end of a line that are searched for a jump."""


CACHED_LINES = 1024
"""Several steps ask for the facts of the lines of the same page."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Facts about a line that do not depend on its neighbours."""

    plain: str
    level: int
    length: int
    closed: bool
    """True if the line ends a sentence."""
    heading: bool
    """True if the line may be a heading: short, without a sign, and not a full sentence."""
    sign: str
    """Name of the printed pattern that the line matches (byline, notice, lead ...); "" if it matches none."""
    start: str
    end: str
    """`start` and `end` are the classes of the first and the last character (see `_char_class`)."""
    jumps: bool
    """True if the line ends with a jump to another page; the part of the article on this page ends with this line."""
    names: bool
    """True if reporters' names follow the text of the line."""
    ends_story: bool
    """True if the line ends an article with names or a jump."""
    names_alone: bool
    """True if the line may be a heading but consists of names (王伟 李芳)."""

    @property
    def shape(self) -> str:
        """The sign; without one, n for names, h for another heading, t for closed text, o for open text."""
        return self.sign or ("n" if self.names_alone else "h" if self.heading else "t" if self.closed else "o")

    @property
    def ending(self) -> str:
        """How the line ends: jump, names, closed or open."""
        return "jump" if self.jumps else "names" if self.ends_story else "closed" if self.closed else "open"

    @property
    def ending_kind(self) -> str:
        """How the line ends an article: as a byline (b), with names after the text (s), with a jump alone (j)."""
        if self.sign == "byline":
            return "b"
        return "j" if self.jumps and not self.names else "s"

    @property
    def running(self) -> bool:
        """True if the line is body text of an article."""
        return self.sign in ("", "lead") and not self.heading


@lru_cache(maxsize=CACHED_LINES)
def line_facts(line: Line) -> LineFacts:
    """Return the facts of `line`."""
    plain = line.plain
    sign = _sign(plain)
    at_end = bool(TRAILING_BYLINE.search(plain[-BYLINE_END_CHARS:]))
    closed = at_end or ends_sentence(plain)
    inner = plain.rstrip("。!?")
    jumps = sign == "jump" or bool(JUMP_TO.search(plain[-JUMP_END_CHARS:]))
    short = len(plain) <= MAX_HEADING_CHARS and not sign and not jumps
    heading = short and (not closed or (plain[-1] in "!?)”" and "。" not in inner))
    # A heading may end with the name of its series in brackets, which is not a sign-off.
    signed = bylines.has_sign_off(plain) if heading else bool(SIGN_OFF.search(plain[-END_CHARS:]))
    names = at_end or signed
    head, tail = plain[:1], plain.rstrip(" ")[-1:]
    ends = jumps or names or sign == "byline"
    alone = heading and len(plain) <= MAX_NAMES_CHARS and is_names(plain)
    edges = _char_class(head), _char_class(tail)
    return LineFacts(plain, line.level, len(plain), closed, heading, sign, *edges, jumps, names, ends, alone)


def _sign(plain: str) -> str:
    """Return the sign of the first pattern that the line matches, or ""."""
    head, tail = plain[:START_CHARS], plain[-END_CHARS:]
    short = len(plain) <= MAX_HEADING_CHARS
    matches = (
        ("jump", short and JUMP_TO.fullmatch(plain)),
        ("from", JUMP_FROM.match(plain)),
        ("countdown", short and COUNTDOWN.match(plain)),
        ("byline", len(plain) <= MAX_BYLINE_CHARS and bylines.is_byline(plain)),
        ("credit", short and PHOTO_CREDIT_LINE.match(plain)),
        ("folio", short and FOLIO.match(plain)),
        ("box", short and BOX.match(plain)),
        ("notice", NOTICE.match(head)),
        ("pictured", CAPTION_START.match(head)),
        ("credited", len(plain) <= MAX_CREDITED_CHARS and PHOTO_CREDIT.search(tail)),
        ("lead", LEAD.match(head)),
    )
    return next((sign for sign, match in matches if match), "")


def names_reporters(plain: str) -> bool:
    """True if the first words of a line with normalised widths name reporters."""
    start = plain[: bylines.LEAD_CHARS]
    return bool(BRACKETED_REPORTERS.search(start) or LEAD_REPORTERS.match(start))


def _char_class(char: str) -> str:
    """Return "none" for no character, "0" for a digit, "字" for a Hanzi, "A" for another letter, else `char`."""
    if not char:
        return "none"
    if char.isdecimal():
        return "0"
    if "\u3400" <= char <= "\u9fff":
        return "字"
    return "A" if char.isalpha() else char


START_COMPARED = 3
"""Characters at the start of a line that are compared with those of the other lines."""
MAX_COMPARED_CHARS = 3000
"""Characters of a line whose bigrams are compared."""
PAIR_SMOOTHING = 5
"""Added to the number of bigrams in the divisor, so that short lines get a low similarity."""


def wide_gaps(lines: Sequence[Line]) -> list[int]:
    """Return for each line 1 if more blank lines precede it than is usual on the page, else 0; append 0 for the end."""
    empty = [lower.first - upper.last - 1 for upper, lower in pairwise(lines)]
    usual = sorted(empty)[len(empty) // 2] if empty else 0
    return [0, *(int(count > usual) for count in empty), 0]


class PageView:
    """A page divided into runs of adjacent headings, each with the text below it.

    Runs are numbered from 1; run 0 is the text above the first heading. A run is torn if the last line of its text
    breaks off in mid-sentence.
    """

    def __init__(self, lines: Sequence[LineFacts], gap: Sequence[int]) -> None:
        self.lines = lines
        self.gap = gap
        self.marked = sum(line.level > 0 for line in lines)  # number of markdown headings
        self.run = [0] * len(lines)  # line -> number of the run that it is in or below
        self.place: list[tuple[int, int]] = [(0, 0)] * len(lines)  # heading -> its index in the run, length of the run
        self.text_before: list[int | None] = [None] * len(lines)  # line -> nearest body text above it
        self.story_before: list[int | None] = [None] * len(lines)  # line -> nearest line of an article above it
        self.named: dict[int, str] = {}  # run -> kinds of its `signs`, in order
        self.torn: dict[int, int] = {}  # torn run -> its last line of body text
        self.first: dict[int, int] = {}  # run -> its first line of body text
        self.stop: dict[int, int] = {}  # run -> index after its last line
        self.signs: list[tuple[int, str]] = []  # (line, kind) of leads (L with names, l without) and of article endings
        self.endings = [0, *accumulate(line.ends_story for line in lines)]  # line -> number of article endings above it
        self.levels = sorted({line.level for line in lines if line.level})  # levels of the markdown headings
        self.starts = Counter(line.plain[:START_COMPARED] for line in lines if line.length > START_COMPARED)
        self._number_runs()
        self._find_texts()
        self._collect_bigrams()
        self.byline_place = self._usual_byline_place()
        runs = len(self.first)
        leads = sum(line.sign == "lead" for line in lines)
        self.lead_share = 0 if not leads else 1 if leads * 3 < runs else 2 if leads * 3 < runs * 2 else 3  # in thirds

    def _usual_byline_place(self) -> str:
        """Return where most bylines of the page are: "top" (below a heading), "end" (below text), or "" without any."""
        below = [
            self.lines[at - 1].heading for at, line in enumerate(self.lines) if at and line.shape in ("byline", "n")
        ]
        return "" if not below else "top" if sum(below) * 2 > len(below) else "end"

    def _number_runs(self) -> None:
        """Fill `run` and `place`."""
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

    def _find_texts(self) -> None:
        """Fill the attributes about the text of each run, its leads and its endings."""
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
                self._add_sign(at, "L" if names_reporters(line.plain) else "l")
            if line.ends_story:
                self._add_sign(at, line.ending_kind)
            if line.running:
                self.first.setdefault(self.run[at], at)
                self.torn[self.run[at]] = at
                last = at
            if line.sign in ("lead", "byline") or line.ends_story:
                bare.discard(self.run[at])
        self.torn = {run: at for run, at in self.torn.items() if not self.lines[at].closed}
        self.bare = sum(run in self.first for run in bare)  # runs with body text but no lead, byline or ending

    def _collect_bigrams(self) -> None:
        """Collect the Hanzi bigrams of each line and of each run, and count the lines that contain each bigram."""
        self.pairs = [_hanzi_pairs(line.plain) for line in self.lines]
        self.lines_with_pair: Counter[str] = Counter()
        for pairs in self.pairs:
            self.lines_with_pair.update(pairs)
        self.run_pairs: dict[int, set[str]] = {}
        for at, pairs in enumerate(self.pairs):
            run = self.run[at]
            if not self.lines[at].running or at == self.first.get(run) or run in self.torn:
                self.run_pairs.setdefault(run, set()).update(pairs)

    def _add_sign(self, at: int, kind: str) -> None:
        self.signs.append((at, kind))
        self.named[self.run[at]] += kind

    def sign_above(self, at: int) -> str:
        """Return the kind of the nearest of `signs` above a heading, and the number of runs between them (at most 2).

        If there is none, return "-" and the number of runs above the heading (at most 2).
        """
        found = bisect_left(self.signs, (at, ""))
        if not found:
            return f"-{min(self.run[at] - 1, 2)}"
        line, kind = self.signs[found - 1]
        return f"{kind}{min(self.run[at] - self.run[line] - 1, 2)}"

    def sign_below(self, at: int) -> str:
        """Return the kind of the nearest of `signs` below a heading, and the number of runs down to it (at most 2).

        If there is none, return "-". If the sign is on the first line of body text below the heading, append "!".
        """
        found = bisect_left(self.signs, (at, ""))
        if found == len(self.signs):
            return "-"
        line, kind = self.signs[found]
        first = "!" if line == self.first.get(self.run[at]) else ""
        return f"{kind}{min(self.run[line] - self.run[at], 2)}{first}"

    def style(self, run: int) -> str:
        """Return the kind of the first sign in `run`, or "".

        If the run has none, the nearest of the three runs above that has a sign is used.
        """
        for k in range(run, max(run - 4, -1), -1):
            if named := self.named.get(k, ""):
                return named[0]
        return ""

    def similarity(self, at: int, run: int) -> float:
        """Return the similarity of the text of a line and of `run`, from 0 to below 1.

        It is the total weight of the bigrams in both, divided by the number of bigrams of the line plus PAIR_SMOOTHING.
        A bigram's weight is 1 / the number of lines that contain it. The bigrams of `run` are those of its headings and
        its first line of body text or, if it is torn, of all its text.
        """
        own = self.pairs[at]
        other = self.run_pairs.get(run, set())
        return sum(1 / self.lines_with_pair[pair] for pair in own & other) / (len(own) + PAIR_SMOOTHING)


def _hanzi_pairs(plain: str) -> set[str]:
    return {pair for pair in bigrams(plain[:MAX_COMPARED_CHARS]) if min(pair) >= "\u3400"}

"""The first step: the lines of a page as they were given, and what is plain to see of each.

What newspapers print the same way everywhere: leads, sign-offs, bylines, credits, jumps, notices, countdowns.

All patterns look at folded text (lines.fold): half-width brackets and commas, simplified or traditional characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digests.text import join_lines, normalise_widths

ENDS = "。！？；…!?;."
"""Signs a sentence or clause of a body ends with, widths folded."""
CLOSERS = "”’」』)】》\"'"

_LONGEST_WRAPPED = 45
"""Characters; a page with a longer line is not hard-wrapped."""
_NARROWEST = 10
"""Characters; no column is narrower."""
_FEWEST_WRAPPED = 12
"""Lines; fewer do not show whether a page is hard-wrapped."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the lines of a hard-wrapped paragraph, without the white space and markup around it."""

    first: int
    last: int
    text: str
    level: int = 0
    """Of a markdown heading, 1 to 6; 0 for any other line."""
    plain: str = ""
    """The text with widths folded, for looking at only."""


def split_lines(text: str) -> list[Line]:
    """The non-empty lines of a page, numbered from 1; hard-wrapped paragraphs are made whole."""
    raw = numbered_lines(text)
    if _is_wrapped([content for _, content in raw]):
        return _unwrap(raw)
    return [make_line(number, number, content) for number, content in raw]


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """The non-empty lines as they stand, with their numbers."""
    return [(number, raw) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]


def make_line(first: int, last: int, raw: str) -> Line:
    """The value of one line with its numbers."""
    stripped = raw.strip()
    level = len(stripped) - len(stripped.lstrip("#"))
    marked = 0 < level <= 6
    content = (stripped.strip("#").strip() if marked else stripped) or stripped
    return Line(first, last, content, level if marked else 0, normalise_widths(content))


def ends_sentence(plain: str) -> bool:
    """Whether a folded line ends as a sentence does."""
    bare = plain.rstrip(CLOSERS + " ")
    return bool(bare) and (bare[-1] in ENDS or plain[-1] == ")")


def _is_wrapped(raw: Sequence[str]) -> bool:
    """Whether lines end where the column ended: all of them short, and most in mid-sentence."""
    longest = max(map(len, raw), default=0)
    if len(raw) < _FEWEST_WRAPPED or not _NARROWEST <= longest <= _LONGEST_WRAPPED:
        return False
    open_ended = sum(not ends_sentence(normalise_widths(content.strip())) for content in raw)
    full = sum(len(content) >= longest - 1 for content in raw)
    alike = sum(abs(len(upper) - len(lower)) <= 1 for upper, lower in pairwise(raw))
    return open_ended * 2 > len(raw) and (full * 3 > len(raw) or alike * 3 > len(raw))


def _unwrap(raw: Sequence[tuple[int, str]]) -> list[Line]:
    """The paragraphs of a hard-wrapped page; empty lines part them, unless every line is followed by one."""
    parted = [lower[0] - upper[0] > 1 for upper, lower in pairwise(raw)]
    every = sum(parted) * 10 > len(parted) * 9
    widths, column = _widths([content.rstrip() for _, content in raw])
    groups = [[raw[0]]]
    top = widths[0]
    for at, gap in enumerate(parted):
        full = widths[at] >= (column or top) - 1
        if full and _goes_on(raw[at][1], raw[at + 1][1], widths[at + 1] - widths[at]) and (every or not gap):
            groups[-1].append(raw[at + 1])
        else:
            groups.append([raw[at + 1]])
            top = widths[at + 1]
    return [_whole(group) for group in groups]


def _goes_on(upper: str, lower: str, wider: float) -> bool:
    """Whether a line goes on from a full one above it: no line of a paragraph is wider than the one before."""
    begins = lower[:1] in ("\u3000", "\t") or lower[:2] == "  " or lower.lstrip().startswith("#")
    ended = ends_sentence(normalise_widths(upper.strip())) and wider < -1
    return not begins and not ended and wider <= 1


def _widths(raw: Sequence[str]) -> tuple[list[float], float]:
    """The widths of lines, and that of the page's columns or 0 where they differ.

    Columns are as wide as their characters are, or as many characters long: whichever the lines agree on.
    """
    counted = [float(len(content)) for content in raw]
    printed = [sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in content) for content in raw]
    (by_count, counts), (by_print, prints) = (Counter(map(round, w)).most_common(1)[0] for w in (counted, printed))
    widths, column, alike = (counted, by_count, counts) if counts >= prints else (printed, by_print, prints)
    return widths, column if alike * 4 >= len(raw) else 0.0


def _whole(group: Sequence[tuple[int, str]]) -> Line:
    return make_line(group[0][0], group[-1][0], join_lines(content.strip() for _, content in group))


_WHO = r"(?:记者|記者|通讯员|通訊員|实习生|實習生|见习记者|特约记者|特派记者|作者|文|图|撰稿|摄影|攝影|整理)"

LEAD = re.compile(
    r"^\W{0,2}(?:本报|本報|本台|本网|新华社|新華社|人民网|中新社|中新网)[^,。()]{0,14}?(?:讯|訊|电|電|消息)(?![稿视話话影台力子网人]|$)"
)
"""本报讯, 新华社北京8月28日电, 本报电 at the start of a story."""
BRACKETED_REPORTERS = re.compile(rf"\((?P<who>[^()]{{0,12}}?{_WHO}[^()]{{1,60}})\)")
"""（记者 …） or （本报记者 … 通讯员 …）."""
SIGN_OFF = re.compile(r"\((?!下转|下轉|转第|上接)(?P<who>[^()]{2,40})\)\s*(?=$|\(下转|\(下轉)")
"""（王伟、李芳） at the very end of a story."""
BYLINE_LINE = re.compile(rf"^[■□●◆▲△\[(（]*\s*(?:本报|本報|[^\s,。:]{{0,6}})?{_WHO}\s*[::/]?\s*(?=\S)")
"""记者 王伟 李芳 on a line of its own."""
TRAILING_BYLINE = re.compile(
    r"(?<=[。”!?」])\s*(?P<who>(?:本报|本報)?(?:记者|記者|通讯员|通訊員)[\s:/][^,。()]{2,50})$"
)
"""记者 王伟 通讯员 李芳 after the last sentence."""
PHOTO_CREDIT = re.compile(r"(?P<who>[^。,!?)]{2,40}?)\s*[/(]?(?:摄影报道|摄影|攝影|摄|攝)\s*[)/]?\s*$")
"""… 王伟 摄 at the end of a caption."""
PHOTO_CREDIT_LINE = re.compile(r"^\W{0,2}[^。,]{2,30}?\s*(?:摄影报道|摄影|攝影|摄|攝)\W{0,2}$")
CAPTION_START = re.compile(r"^[▲△▼←→↑↓■●◆(\s]{0,3}(?:图为|圖為|上图|下图|左图|右图|图[①-⑩一二三四五\d]|[①-⑩])")
"""图为 …, 上图 …"""
JUMP_TO = re.compile(r"\(?(?:下转|下轉|转|轉)\s*第?\s*(?P<page>[一二三四五六七八九十\d]{1,3})\s*版\s*\)?")
JUMP_FROM = re.compile(r"\(?(?:上接|紧接|接)\s*第?\s*(?P<page>[一二三四五六七八九十\d]{1,3})\s*版\s*\)?")
NOTICE = re.compile(
    r"^\W{0,3}(?:(?:\S{0,12})(?:遗失声明|遺失聲明|注销公告|拍卖公告|招标公告|减资公告|债权公告|清算公告|更正声明|"
    r"催告函|招聘启事|寻人启事|停电通知|停水通知)|(?:公告|通告|声明|启事|讣告|啟事|聲明|訃告)(?=[\s:：]|$))"
)
COUNTDOWN = re.compile(r"^\W{0,2}(?:距离?|離|离).{2,40}?(?:还有|仅剩|還有|倒计时)\s*\d{1,4}\s*天")
FOLIO = re.compile(
    r"^(?:\d{4}年\d{1,2}月\d{1,2}日.{0,40}|第?\s*[A-Z]?\d{1,3}\s*版.{0,30}|(?:责编|责任编辑|编辑|版式|美编|校对)\s*[:：/].{0,60}"
    r"|.{0,30}(?:国内统一连续出版物号|国内统一刊号|CN\s?\d\d-\d{4}).{0,40}|https?://\S+|www\.\S+)$"
)
"""The running head and foot of a page: date, page number, editors, ISSN."""

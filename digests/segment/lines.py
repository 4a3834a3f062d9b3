"""Split a page into lines, join hard-wrapped paragraphs; patterns of leads, bylines, jumps, notices and page heads.

The patterns expect normalised widths (half-width brackets and commas), in simplified or traditional characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digests.text import join_lines, normalise_widths

SENTENCE_ENDS = "。！？；…!?;."
CLOSING_MARKS = "”’」』)】》\"'"

MAX_WRAPPED_CHARS = 45
"""A page with a longer line is not hard-wrapped."""
MIN_COLUMN_CHARS = 10
"""A page whose longest line is shorter is not hard-wrapped."""
MIN_WRAPPED_LINES = 12
"""A page with fewer lines is treated as not hard-wrapped."""
MIN_COLUMN_SHARE = 1 / 4
"""If at least this share of lines has the same width, this width is the column width of the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the joined lines of a hard-wrapped paragraph, without the white space and markup around it."""

    first: int
    last: int
    text: str
    level: int = 0
    """Level of a markdown heading, 1 to 6; 0 for any other line."""
    plain: str = ""
    """The text with normalised widths, for the patterns."""


def split_lines(text: str) -> list[Line]:
    """Return the non-blank lines of a page, numbered from 1; hard-wrapped paragraphs are joined."""
    raw = numbered_lines(text)
    if _is_wrapped([content for _, content in raw]):
        return _unwrap(raw)
    return [make_line(number, number, content) for number, content in raw]


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """Return the non-blank lines, unchanged, with their numbers from 1."""
    return [(number, raw) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]


def make_line(first: int, last: int, raw: str) -> Line:
    """Return the `Line` for the text `raw` that is printed in lines `first` to `last` of the page."""
    stripped = raw.strip()
    level = len(stripped) - len(stripped.lstrip("#"))
    is_heading = 0 < level <= 6
    content = (stripped.strip("#").strip() if is_heading else stripped) or stripped
    return Line(first, last, content, level if is_heading else 0, normalise_widths(content))


def ends_sentence(plain: str) -> bool:
    """True if a line with normalised widths ends with the end of a sentence or with a closing bracket."""
    bare = plain.rstrip(CLOSING_MARKS + " ")
    return bool(bare) and (bare[-1] in SENTENCE_ENDS or plain[-1] == ")")


def _is_wrapped(raw: Sequence[str]) -> bool:
    """True if all lines are short, most end in mid-sentence, and over a third have about the same length."""
    longest = max(map(len, raw), default=0)
    if len(raw) < MIN_WRAPPED_LINES or not MIN_COLUMN_CHARS <= longest <= MAX_WRAPPED_CHARS:
        return False
    open_ended = sum(not ends_sentence(normalise_widths(content.strip())) for content in raw)
    full = sum(len(content) >= longest - 1 for content in raw)
    equal = sum(abs(len(upper) - len(lower)) <= 1 for upper, lower in pairwise(raw))
    return open_ended * 2 > len(raw) and (full * 3 > len(raw) or equal * 3 > len(raw))


def _unwrap(raw: Sequence[tuple[int, str]]) -> list[Line]:
    """Return the paragraphs of a hard-wrapped page; blank lines separate them unless the page is double-spaced."""
    gaps = [lower[0] - upper[0] > 1 for upper, lower in pairwise(raw)]
    is_double_spaced = sum(gaps) * 10 > len(gaps) * 9
    widths, column = _widths([content.rstrip() for _, content in raw])
    paragraphs = [[raw[0]]]
    first_width = widths[0]
    for at, gap in enumerate(gaps):
        is_full = widths[at] >= (column or first_width) - 1
        if (
            is_full
            and (is_double_spaced or not gap)
            and _continues(raw[at][1], raw[at + 1][1], widths[at + 1] - widths[at])
        ):
            paragraphs[-1].append(raw[at + 1])
        else:
            paragraphs.append([raw[at + 1]])
            first_width = widths[at + 1]
    return [_joined(paragraph) for paragraph in paragraphs]


def _continues(upper: str, lower: str, wider: float) -> bool:
    """True if `lower` continues the paragraph of the full line `upper`; `wider` is its width minus that of `upper`.

    `lower` begins a paragraph if it is indented, a markdown heading or wider, or if `upper` ends a sentence and `lower`
    is clearly narrower.
    """
    is_indented = lower[:1] in ("\u3000", "\t") or lower[:2] == "  " or lower.lstrip().startswith("#")
    is_ended = ends_sentence(normalise_widths(upper.strip())) and wider < -1
    return not is_indented and not is_ended and wider <= 1


def _widths(raw: Sequence[str]) -> tuple[list[float], float]:
    """Return the widths of the lines, and the column width of the page, or 0 if too few lines have the same width.

    Widths are counted either in characters or in full-width units, depending on which gives more lines the same width.
    """
    counted = [float(len(content)) for content in raw]
    printed = [sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in content) for content in raw]
    (by_count, counts), (by_print, prints) = (Counter(map(round, w)).most_common(1)[0] for w in (counted, printed))
    widths, column, agreeing = (counted, by_count, counts) if counts >= prints else (printed, by_print, prints)
    return widths, column if agreeing >= len(raw) * MIN_COLUMN_SHARE else 0.0


def _joined(paragraph: Sequence[tuple[int, str]]) -> Line:
    return make_line(paragraph[0][0], paragraph[-1][0], join_lines(content.strip() for _, content in paragraph))


_ROLE = r"(?:记者|記者|通讯员|通訊員|实习生|實習生|见习记者|特约记者|特派记者|作者|文|图|撰稿|摄影|攝影|整理)"

LEAD = re.compile(
    r"^\W{0,2}(?:本报|本報|本台|本网|新华社|新華社|人民网|中新社|中新网)[^,。()]{0,14}?(?:讯|訊|电|電|消息)(?![稿视話话影台力子网人]|$)"
)
"""本报讯, 新华社北京8月28日电, 本报电 at the start of an article."""
BRACKETED_REPORTERS = re.compile(rf"\((?P<who>[^()]{{0,12}}?{_ROLE}[^()]{{1,60}})\)")
"""（记者 …） or （本报记者 … 通讯员 …）"""
SIGN_OFF = re.compile(r"\((?!下转|下轉|转第|上接)(?P<who>[^()]{2,40})\)\s*(?=$|\(下转|\(下轉)")
"""（王伟、李芳） at the end of an article."""
BYLINE_LINE = re.compile(rf"^[■□●◆▲△\[(（]*\s*(?:本报|本報|[^\s,。:]{{0,6}})?{_ROLE}\s*[::/]?\s*(?=\S)")
"""记者 王伟 李芳 as the whole line."""
TRAILING_BYLINE = re.compile(
    r"(?<=[。”!?」])\s*(?P<who>(?:本报|本報)?(?:记者|記者|通讯员|通訊員)[\s:/][^,。()]{2,50})$"
)
"""记者 王伟 通讯员 李芳 after the last sentence."""
PHOTO_CREDIT = re.compile(r"(?P<who>[^。,!?)]{2,40}?)\s*[/(]?(?:摄影报道|摄影|攝影|摄|攝)\s*[)/]?\s*$")
"""王伟 摄 at the end of a caption."""
PHOTO_CREDIT_LINE = re.compile(r"^\W{0,2}[^。,]{2,30}?\s*(?:摄影报道|摄影|攝影|摄|攝)\W{0,2}$")
CAPTION_START = re.compile(r"^[▲△▼←→↑↓■●◆(\s]{0,3}(?:图为|圖為|上图|下图|左图|右图|图[①-⑩一二三四五\d]|[①-⑩])")
"""图为 …, 上图 … at the start of a caption."""
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
"""The running head or foot of a page: date, page number, editors, serial number."""

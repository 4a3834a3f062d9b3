"""Find the running heads and feet of a page, what they say (paper, date, page number), and index boxes.

A head is a run of lines at the top of a page that consist of parts such as a date, a page number, editors or a
telephone number. A file with several heads, or with form feeds, holds several printed pages.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from digests.language.characters import simplified
from digests.segment.head_parts import MAX_SECTION_CHARS, PERSON, HeadParts, cited_source, head_parts, paper_in_lead
from digests.segment.markup import Numbered
from digests.text import normalise_widths

MAX_HEAD_LINES, MAX_FOOT_LINES = 9, 5
MAX_WEAK_LINES = 3
"""Lines in a row inside a head that tell nothing that only a head tells."""
MAX_INDEX_CHARS = 45
"""A longer line is no line of an index box."""
MIN_INDEX_LINES = 2

_SCAN = re.compile(r"^\W{0,3}(?:扫码|扫一扫|扫描(?:上方|下方|左侧|右侧)?二维码|请扫|微信扫).{0,24}$")
_CREDIT = re.compile(
    rf"^\W{{0,2}}(?:制图|插图|漫画|题图|题字|图表|制表|版画|资料整理|绘图|绘制)\s*[:/ ]\s*{PERSON}\W{{0,2}}$"
)
_INDEX_TITLE = re.compile(
    r"^\W{0,3}(?:今日|本期|本版|本报|要闻|新闻|内容)?(?:导读|提要|看点|导航|索引|目录|要目)\W{0,3}$"
)
_INDEX_LINE = re.compile(
    r"(?:[▶►▸→>»☞]|\.{3,}|…+|·{3,}|/|[-—]{2,}|\(|\[|【|\s|(?:详见|见|刊|转))\s*"
    r"(?:第?\s*[A-Z]?\d{1,2}\s*版|[A-Z]\d{1,2}|第[一二三四五六七八九十]{1,3}版)\s*[)\]】]?$"
)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One printed page of a file: its text, and what its running head and foot say."""

    lines: tuple[Numbered, ...]
    furniture: tuple[int, ...]
    """Numbers of the lines of the head, the foot and index boxes."""
    paper: str = ""
    paper_in_leads: str = ""
    """The paper that most leads and bylines name; less certain than the head."""
    day: date | None = None
    number: int | None = None


def printed_pages(lines: Sequence[Numbered]) -> list[PrintedPage]:
    """Return the printed pages of a file, given its non-blank lines; at least one, which may be without lines."""
    parts = [head_parts(text) for _, text in lines]
    starts = [at for at, (_, text) in enumerate(lines) if "\f" in text and at] or _head_starts(parts)
    bounds = [0, *starts, len(lines)]
    return [_printed_page(lines[a:b], parts[a:b]) for a, b in pairwise(bounds) if a < b or not lines]


def _head_starts(parts: Sequence[HeadParts | None]) -> list[int]:
    """Return where heads with date and page number begin below the head of the first page, if that has one too."""
    top = _head_length(parts)
    starts: list[int] = []
    if not top or not _names_page(parts[:top]):
        return starts
    at = top + 1
    while at < len(parts):
        length = _head_length(parts[at : at + MAX_HEAD_LINES])
        if length and _names_page(parts[at : at + length]) and at + length < len(parts):
            starts.append(at)
        at += max(length, 1)
    return starts


def _names_page(parts: Sequence[HeadParts | None]) -> bool:
    """True if a head has a date and a page number."""
    found = [part for part in parts if part]
    return any(part.is_dated for part in found) and any(part.page or part.lone for part in found)


def _head_length(parts: Sequence[HeadParts | None]) -> int:
    """Return the number of lines at the beginning that form a running head, 0 if there is none.

    A head reaches from the top to the last line with a strong part; up to MAX_WEAK_LINES such as the name of the
    section may precede it. Below that, a head goes on with the name of the paper, a usual section or the page number.
    """
    length = weak = 0
    for at, part in enumerate(parts[:MAX_HEAD_LINES]):
        if part is None:
            break
        if part.is_strong and (part.kinds - {"contact"} or part.is_own_contact or length):
            length, weak = at + 1, 0
        elif part.is_weak and weak < MAX_WEAK_LINES:
            weak += 1
        else:
            break
    if length == 1 and parts[0] is not None and parts[0].kinds <= {"contact"}:
        return 0
    return _extended(parts, length) if length else 0


def _extended(parts: Sequence[HeadParts | None], length: int) -> int:
    """Return the length of a head with the weak lines below it that can be nothing else."""
    top = [part for part in parts[:length] if part]
    is_dated = any(part.is_dated or "weekday" in part.kinds for part in top)
    is_numbered = any(part.page or part.lone for part in top)
    for part in parts[length:MAX_HEAD_LINES]:
        if part is None:
            break
        is_number = is_dated and not is_numbered and part.lone is not None and len(part.rest) <= MAX_SECTION_CHARS
        if not (part.is_paper or part.kinds or part.is_section or is_number):
            break
        is_numbered = is_numbered or is_number
        length += 1
    return length


def _foot_length(parts: Sequence[HeadParts | None]) -> int:
    """Return the number of lines at the end that form a running foot: editors, the paper's contacts, page and date."""
    length = 0
    for at, part in enumerate(reversed(parts[-MAX_FOOT_LINES:])):
        if part is None:
            break
        is_dated_page = part.is_dated and part.kinds & {"page", "weekday"}
        if part.kinds & {"editors", "number", "publisher"} or part.is_own_contact or is_dated_page:
            length = at + 1
        elif not part.is_paper and not (part.kinds & {"page"} and not part.rest):
            break
    return length


def _printed_page(lines: Sequence[Numbered], parts: Sequence[HeadParts | None]) -> PrintedPage:
    top = _head_length(parts)
    end = len(lines) - _foot_length(parts[top:])
    inner = lines[top:end]
    strayed = [at for at in range(top, end) if _is_stray(parts[at])]
    outside = {number for number, _ in (*lines[:top], *lines[end:])}
    outside |= {lines[at][0] for at in strayed} | set(_inner_furniture(inner))
    said = [part for part in (*parts[:top], *parts[end:], *(parts[at] for at in strayed)) if part]
    said += filter(None, (cited_source(text) for _, text in inner))
    page = next((part.page for part in said if part.page), None)
    if page is None and any(part.is_dated or "weekday" in part.kinds for part in said):
        page = next((part.lone for part in said if part.lone), None)
    return PrintedPage(
        tuple(line for line in inner if line[0] not in outside),
        tuple(sorted(outside)),
        next((part.paper for part in said if part.paper), ""),
        _paper_in_leads([text for _, text in inner]),
        next((part.day for part in said if part.day), None),
        page,
    )


def _is_stray(part: HeadParts | None) -> bool:
    """True if a line between the articles is a line of the running head that was read out of order."""
    if part is None or not part.is_dated or not (part.kinds & {"page", "weekday", "editors"} or part.paper):
        return False
    return not part.rest or part.rest.isdecimal() or part.is_section


def _paper_in_leads(texts: Sequence[str]) -> str:
    """Return the name of the paper that most leads and bylines tell, or ""."""
    found = Counter(filter(None, map(paper_in_lead, texts)))
    return found.most_common(1)[0][0] if found else ""


def _inner_furniture(lines: Sequence[Numbered]) -> Iterator[int]:
    """Yield the numbers of lines between the articles: index boxes, credits of drawings, calls to scan a code."""
    plain = [simplified(normalise_widths(text[: MAX_INDEX_CHARS + 8]).strip().lstrip("# ")) for _, text in lines]
    is_item = [len(text) <= MAX_INDEX_CHARS and text[:1] != "(" and bool(_INDEX_LINE.search(text)) for text in plain]
    at = 0
    while at < len(lines):
        title = bool(_INDEX_TITLE.match(plain[at]))
        end = at + title
        while end < len(lines) and is_item[end]:
            end += 1
        if end - at >= MIN_INDEX_LINES:
            yield from (number for number, _ in lines[at:end])
        elif _SCAN.match(plain[at]) or _CREDIT.match(plain[at]):
            yield lines[at][0]
        at = max(end, at + 1)

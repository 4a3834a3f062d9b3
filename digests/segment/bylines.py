"""Find the reporters of an article with their roles, and its dateline."""

import re
from collections.abc import Collection, Sequence

from digests.models import Reporter
from digests.segment.name_lists import (
    PLACE,
    first_names,
    has_surname,
    is_name,
    is_names,
    names_before_place,
    names_in,
    split_names,
)
from digests.segment.printed_signs import (
    AGENCY,
    BRACKETED_REPORTERS,
    BYLINE_SIGNS,
    CREDIT,
    JUMP_TO,
    LEAD,
    LEAD_NAMES,
    LEAD_REPORTERS,
    OPEN_NAMES,
    PAPER,
    PHOTO_CREDIT,
    PHOTO_SOURCE,
    SIGN_OFF,
    TRAILING_BYLINE,
)
from digests.text import normalise_widths

_OWN = rf"(?:{AGENCY}|{PAPER})"
_SIDE = "[文图圖摄攝]"
_ROLE = re.compile(
    rf"{_OWN}?(?:(?:全媒体|全媒體|融媒体|融媒體|首席|见习|見習|实习|實習|特约|特約|特派|驻[\u4e00-\u9fff]{{2,4}}?)*"
    rf"(?:记者|記者|记音)|(?:特约|特約|本报|本報)?(?:通讯员|通訊員)|实习生|實習生|作者|撰文|撰稿|供稿|来源[:/ ]|"
    rf"摄影报道|摄影|攝影|整理|编译|編譯)|{_SIDE}/{_SIDE}(?![\u4e00-\u9fff])|(?:文图|图文|文圖|圖文)(?![\u4e00-\u9fff])|"
    rf"(?<![\u4e00-\u9fff]){_SIDE}\s?[/:]|/\s?{_SIDE}(?![\u4e00-\u9fff])|[摄攝](?=\W|$)"
)
_SOURCE = re.compile(r"《[^《》]{2,20}》.*$|\(作者单位[^()]*\)|\(.*版\)$")
"""What follows the names of a byline in a web edition: the paper, the day and the page."""
_LITERAL = re.compile(rf"^{_OWN}(?:特约|特約|首席)?(?:评论员|評論員|编辑部|編輯部|评论部)$")
"""本报评论员: who signs is not named."""
_GLUED = re.compile(
    rf"^(?P<title>.{{2,}}?)\s*(?:[{BYLINE_SIGNS}]\s*(?P<signed>\S.{{1,20}})|\s(?P<literal>{_OWN}(?:特约|特約|首席)?(?:评论员|評論員)))$"
)
_ROLES_AFTER_NAMES = frozenset({"摄影报道", "摄影", "攝影", "摄", "攝"})
EDGE_CHARS = 120
"""Characters at either end of a line that are searched for names."""
MAX_LEAD_LINE = 3
"""The lead of an article is in one of this many lines; a line before it may belong to the heading."""
LEAD_CHARS = 60
"""Brackets with the names of reporters begin within this many characters of the start of an article."""
MAX_BYLINE_CHARS = 80
"""A longer line is not a byline."""


def story_reporters(
    lines: Sequence[str], byline_lines: Collection[int] = (), glued: Sequence[Reporter] = ()
) -> tuple[Reporter, ...]:
    """Return the reporters named in the lead, the sign-off and the bylines of an article, given its body lines.

    `byline_lines` are the indices of lines known to be bylines, which may consist of names alone; the reporters `glued`
    to the headline come first.
    """
    found = list(glued)
    for at, line in enumerate(lines):
        if at in byline_lines:
            found += byline_reporters(line)
        else:
            first = at == 0 or at - 1 in byline_lines
            first = first or (at < MAX_LEAD_LINE and bool(LEAD.match(normalise_widths(line))))
            found += _line_reporters(line, first=first, last=at >= len(lines) - 2)
    return _unique(found)


def byline_reporters(line: str) -> list[Reporter]:
    """Return the reporters named in a byline, or whoever signs in their place (本报评论员)."""
    bare = _SOURCE.sub("", JUMP_TO.sub("", normalise_widths(line))).strip(f" {BYLINE_SIGNS}()[]>")
    if _LITERAL.match(bare):
        return [Reporter(bare, "评论员")]
    found = parse_names(bare)
    # Words without a role are names only if they begin with a surname.
    return found if _ROLE.search(bare) else [reporter for reporter in found if has_surname(reporter.name)]


def split_glued_byline(headline: str) -> tuple[str, list[Reporter]]:
    """Return a headline without the byline printed on its line (…… □本报评论员), and the reporters."""
    match = _GLUED.match(normalise_widths(headline))
    signed = match and (match["literal"] or match["signed"])
    if not match or not signed or not (_LITERAL.match(signed) or is_byline(signed) or is_names(signed)):
        return headline, []
    return headline[: match.end("title")].rstrip(), byline_reporters(signed)


def _line_reporters(line: str, *, first: bool, last: bool) -> list[Reporter]:
    start, end = normalise_widths(line[:EDGE_CHARS]), normalise_widths(line[-EDGE_CHARS:])
    if len(line) <= EDGE_CHARS and is_byline(start):
        return byline_reporters(start)
    found = _lead_reporters(start) if first else []
    if last and not found:
        found += _sign_off(end)
    return found


def _lead_reporters(start: str) -> list[Reporter]:
    """Return the reporters named in the first words of an article."""
    opening = start[:LEAD_CHARS]
    if match := LEAD_REPORTERS.match(opening):
        return [Reporter(name, "记者") for name in names_before_place(match["who"])]
    if (match := LEAD_NAMES.search(opening)) and is_names(match["who"]):
        return parse_names(match["who"])
    if match := OPEN_NAMES.search(opening):
        return [Reporter(name, "记者") for name in first_names(match["who"])]
    match = BRACKETED_REPORTERS.search(start)
    return parse_names(match["who"]) if match and match.start() < LEAD_CHARS else []


def has_sign_off(line: str) -> bool:
    """True if a line with normalised widths ends with names in brackets that all begin with a surname."""
    match = SIGN_OFF.search(line[-EDGE_CHARS:])
    names = split_names(_ROLE.sub(" ", match["who"])) if match else []
    return bool(names) and all(has_surname(name) and is_name(name) for name in names)


def _sign_off(end: str) -> list[Reporter]:
    """Return the reporters named at the end of a line: in brackets, or in a byline after the last sentence."""
    if match := SIGN_OFF.search(end):
        who = match["who"]
        return parse_names(who) if _ROLE.search(who) or is_names(PLACE.sub("", who)) else []
    match = TRAILING_BYLINE.search(end)
    return parse_names(match["who"]) if match else []


def printed_credits(lines: Sequence[str]) -> tuple[Reporter, ...]:
    """Return who is credited in lines of their own (王伟摄（影像中国）, 制图：李芳) or signs a part in the middle."""
    found: list[Reporter] = []
    for line in map(normalise_widths, lines):
        if match := CREDIT.match(line):
            found += [Reporter(name, match["role"]) for name in names_in(match["who"])]
        elif match := PHOTO_CREDIT.search(PHOTO_SOURCE.sub("", line)):
            found += [Reporter(reporter.name, match["role"]) for reporter in parse_names(match["who"])]
        elif has_sign_off(line):
            found += _sign_off(line[-EDGE_CHARS:])
    return _unique([reporter for reporter in found if has_surname(reporter.name)])


def caption_photographers(lines: Sequence[str]) -> tuple[Reporter, ...]:
    """Return the photographers credited at the end of a caption."""
    match = PHOTO_CREDIT.search(normalise_widths(" ".join(lines)).rstrip(")"))
    if not match:
        return ()
    who = re.split(r"[(:,]", match["who"])[-1]
    return _unique([Reporter(reporter.name, "摄") for reporter in parse_names(who + " 摄")])


def is_byline(line: str) -> bool:
    """True if a line with normalised widths consists of names and roles only (记者 王伟 通讯员 李芳)."""
    cited = _SOURCE.search(line)
    line = _SOURCE.sub("", JUMP_TO.sub("", line)).strip(f" {BYLINE_SIGNS}()[]>")
    if len(line) > MAX_BYLINE_CHARS:
        return False
    if _LITERAL.match(line) or (cited and is_names(line)):
        return True
    if all(match[0] in _ROLES_AFTER_NAMES for match in _ROLE.finditer(line)):
        return False  # without any role, or a photo credit
    return is_names(_ROLE.sub(" ", line))


def parse_names(listing: str) -> list[Reporter]:
    """Return the names in a printed list with their roles, "" for a name without one."""
    found: list[Reporter] = []
    role, at = "", 0
    for match in _ROLE.finditer(listing):
        found += [Reporter(name, role) for name in names_in(listing[at : match.start()])]
        if match[0] in _ROLES_AFTER_NAMES and found and at < match.start():
            found = [Reporter(reporter.name, match[0][:1]) for reporter in found]
        else:
            role = re.sub(rf"^{_OWN}", "", match[0]).strip(":/ ")
        at = match.end()
    return found + [Reporter(name, role) for name in names_in(listing[at:])]


def _unique(reporters: Sequence[Reporter]) -> tuple[Reporter, ...]:
    """Return each name once, with its first role."""
    by_name: dict[str, Reporter] = {}
    for reporter in reporters:
        by_name.setdefault(reporter.name, reporter)
    return tuple(by_name.values())


_DAY = r"(?:(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})月)?(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})日"
_DATELINE = re.compile(
    rf"^\W{{0,3}}(?:据|據)?{_OWN}(?P<place>[\u4e00-\u9fff]{{2,8}}?)?\s*(?P<day>{_DAY})?\s*(?:讯|訊|[专專特]?[电電]|消息)"
    rf"|^(?P<place2>[\u4e00-\u9fff]{{2,5}}?)(?P<day2>{_DAY})[专專]?[电電讯訊]"
)
_DAY_AFTER_REPORTERS = re.compile(r"\s*(?:\([^()]{0,60}\))?\s*(?P<day>\d{1,2}月\d{1,2}日)")
_NOT_PLACES = frozenset({"今日", "综合", "綜合", "令日", "昨日", "消息"})


def parse_dateline(paragraph: str) -> tuple[str, str]:
    """Return the place and the day (8月28日) of the dateline of an article's first paragraph, "" if they are missing.

    新华社北京8月28日电 has both; 本报讯（记者 王伟）8月28日， has only the day.
    """
    text = normalise_widths(paragraph[:EDGE_CHARS])
    if reported := LEAD_REPORTERS.match(text):
        place = reported["place"] or ""
        if place:
            return ("" if place in _NOT_PLACES else place), ""
    match = _DATELINE.match(text)
    if not match:
        return "", ""
    place, day = match["place"] or match["place2"] or "", match["day"] or match["day2"]
    if not day and (later := _DAY_AFTER_REPORTERS.match(text, match.end())):
        day = later["day"]
    return ("" if place in _NOT_PLACES else place), day or ""

"""Find the times to come in a sentence of a newspaper, as intervals of days: 年底前, 7月1日起, 未来三年.

It expects Chinese text as printed; offsets refer to the given text.
"""

import re
from dataclasses import dataclass
from datetime import date

from digests.dates import DayRange, shift_day
from digests.models import Span
from digests.promises.time_expressions import GRAMMAR, Bound, Named, ReferenceDays, Unit
from digests.text import NUMERAL, parse_number


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time that a sentence names."""

    span: Span
    """Offsets of the expression with its prefix (到, 从) and suffix (前, 起)."""
    days: DayRange
    unit: Unit
    bound: Bound
    """in: some time in `days`; by: no later than their end; from: from their first day on; range: all of `days`."""


_PREFIX_BY = re.compile(r"(?:截止到?|截至|到|至|持续到|不晚于|不迟于|最迟|赶在)$")
_PREFIX_FROM = re.compile(r"(?:从|自|将?自)$")
_PREFIX_PLAIN = re.compile(r"(?:于|在|原定于|定于|计划于|将于)$")
_LIMIT = re.compile("[^，。；]{0,14}(?:期限|截止)")
_SUFFIX = re.compile(
    r"(?P<inside>期?内|期间|时期)?(?P<bound>之前|以前|前(?!几|[一二三四五\d])|起|开始|以后|之后|后(?!续))?"
)
_CLOCK = re.compile(
    r"(?:凌晨|早上|上午|中午|下午|晚上?)?"
    r"(?:(?:\d{1,2}|[一二两三四五六七八九十]{1,3})[时点:：](?:\d{1,2}分?|许|左右)?)?"
)
_BRACKET = re.compile(r"\s*[（(]\d{1,2}月\d{1,2}[日号][）)]")
_REPORTED_DAY = re.compile(rf"(?<![{NUMERAL[1:-1]}月至到—-])(?P<day>{NUMERAL}{{1,2}})[日号](?![至到—起前内])")
MAX_REPORTING_DELAY_DAYS = 6
"""Days for which a bare day number before the issue is taken for the day of the event that the sentence reports."""


def find_deadlines(sentence: str, issue: date) -> list[Deadline]:
    """Return the times that a sentence in the issue of that day names, in order, without overlaps."""
    plain = sentence.translate(_WIDE_DIGITS)
    found: list[Deadline] = []
    at = 0
    while at < len(plain):
        deadline = _longest(plain, at, issue)
        if deadline and found and _continues(plain, found[-1], deadline):
            found[-1] = _joined(found[-1], deadline)
        elif deadline:
            found.append(deadline)
        at = deadline.span[1] if deadline else at + 1
    return found


def _continues(plain: str, first: Deadline, second: Deadline) -> bool:
    """True if a beginning (即日起) is directly followed by its end (到24日)."""
    adjacent = first.span[1] == second.span[0] and second.bound == "by" and plain[second.span[0]] in "至到"
    ordered = first.days.first and second.days.last and first.days.first <= second.days.last
    return bool(adjacent and ordered and (first.bound == "from" or first.unit == second.unit))


def _joined(first: Deadline, second: Deadline) -> Deadline:
    days = DayRange(first.days.first, second.days.last)
    return Deadline((first.span[0], second.span[1]), days, second.unit, "range")


_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def _longest(plain: str, at: int, issue: date) -> Deadline | None:
    """Return the longest expression that begins at an offset."""
    if plain[at] not in _FIRST_CHARS or (at and plain[at].isdigit() and plain[at - 1] in "0123456789."):
        return None
    if plain[max(0, at - 2) : at] in ("同年", "次年", "翌年"):
        return None
    days = ReferenceDays(issue, _reported(plain[:at], issue))
    best: tuple[int, Named] | None = None
    for pattern, read in GRAMMAR:
        match = pattern.match(plain, at)
        if match and match.end() > (best[0] if best else at) and (named := read(match, days)):
            best = match.end(), named
    return _bounded(plain, at, *best) if best else None


_FIRST_CHARS = frozenset('0123456789〇零一二两三四五六七八九十廿卅今明后去前本当下上未接还即元国年第这春夏秋“"‘')


def _reported(before: str, issue: date) -> date:
    """Return the day of the event that a sentence reports, from a bare day number in its beginning, or the issue."""
    for match in _REPORTED_DAY.finditer(before):
        number = parse_number(match["day"]) or 0
        for delay in range(1, MAX_REPORTING_DELAY_DAYS + 1):
            if (day := shift_day(issue, -delay)).day == number:
                return day
    return issue


def _bounded(plain: str, start: int, end: int, named: Named) -> Deadline:
    """Return the deadline of an expression with the prefix and suffix around it."""
    bound: Bound = named.bound
    if bracket := _BRACKET.match(plain, end):
        end = bracket.end()
    if named.unit == "day" and (clock := _CLOCK.match(plain, end)):
        end = clock.end()
    suffix = _SUFFIX.match(plain, end)
    after = suffix["bound"] if suffix else None
    end = suffix.end() if suffix else end
    head = plain[:start]
    if (prefix := _PREFIX_BY.search(head)) and bound != "range":
        bound = "by"
    elif prefix := _PREFIX_FROM.search(head):
        bound = "from" if bound == "in" else bound
    else:
        prefix = _PREFIX_PLAIN.search(head)
    if bound == "in" and named.unit == "day" and (_LIMIT.match(plain, end) or "截止" in head[-12:]):
        bound = "by"
    if after in ("之前", "以前", "前") or (suffix and suffix["inside"] and named.unit in ("week", "year", "month")):
        bound = "by"
    elif after == "起" or (after == "开始" and prefix and _PREFIX_FROM.search(head)):
        bound = "from" if bound == "in" else bound
    span = (prefix.start() if prefix else start, end)
    first, last = named.first, named.last
    return Deadline(
        span, DayRange(None if bound == "by" else first, None if bound == "from" else last), named.unit, bound
    )

"""Find the days and periods that people write and say, in Chinese and English: 上周三, 去年八月, 半个月前, last Friday.

A phrase without a year means the newest issue of that day, else the last such day; a weekday alone means the last one.
`find_period` expects text in lower case, in NFKC and in simplified characters.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from digests.dates import DayRange, month_of, shift_day, valid_date, week_of
from digests.models import Span
from digests.text import NUMERAL, parse_number

Unit = Literal["day", "week", "month", "year", "range"]


@dataclass(frozen=True, slots=True)
class Period:
    """A period named in a text."""

    span: Span
    days: DayRange
    unit: Unit

    @property
    def day(self) -> date:
        """A day of the period: its first one, or its last one if it has no first."""
        return self.days.first or self.days.last or date.min


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What a phrase without a year is relative to."""

    today: date
    issues: Sequence[date]

    def day(self, year: int | None, month: int, day: int) -> date | None:
        if year:
            return valid_date(year, month, day)
        same = [issue for issue in self.issues if (issue.month, issue.day) == (month, day)]
        years = range(self.today.year, self.today.year - 8, -1)  # 29 February is at most eight years ago
        past = (found for year in years if (found := valid_date(year, month, day)) and found <= self.today)
        return max(same, default=None) or next(past, None)

    def month(self, year: int | None, month: int, back: int = 0) -> date | None:
        if not 1 <= month <= 12:
            return None
        return date((year or self.today.year - (month > self.today.month)) - back, month, 1)


_N = f"{NUMERAL}{{1,3}}"
_YEAR = rf"(?:(?P<year>{NUMERAL}{{4}})年?|(?P<years_back>今年|去年|前年|大前年))"
_BACK = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}
_WEEK = "(?:周|星期|礼拜)"
_SIGNS = "一二三四五六日"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"\b(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAYS = "mon tue wed thu fri sat sun".split()
_DAY_NAME = (
    r"(?P<day_name>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)s?"
)
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_EN_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNT)})"


def _count(text: str) -> int:
    if text in ("几", "数"):
        return 3
    return _COUNT.get(text) or parse_number(text.replace("俩", "两").replace("仨", "三")) or 0


def _year_of(match: re.Match[str], calendar: _Calendar) -> int | None:
    if match["year"]:
        return parse_number(match["year"])
    return calendar.today.year - _BACK[match["years_back"]] if match["years_back"] else None


def _one_day(day: date | None) -> DayRange | None:
    return DayRange(day, day) if day else None


def _dated(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    month, day = parse_number(match["month"]), parse_number(match["day"])
    return _one_day(calendar.day(_year_of(match, calendar), month or 0, day or 0))


def _compact(match: re.Match[str], _calendar: _Calendar) -> DayRange | None:
    return _one_day(valid_date(int(match["y"]), int(match["m"]), int(match["d"])))


def _english_day(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    month = _MONTHS.index(match["month_name"][:3]) + 1
    year = int(match["y"]) if match["y"] else None
    return _one_day(calendar.day(year, month, int(match["d"])))


def _days_back(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    return _one_day(shift_day(calendar.today, -_count(match["n"])))


def _fixed(days: int) -> "Resolve":
    return lambda _match, calendar: _one_day(shift_day(calendar.today, -days))


def _weeks_back_day(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    return _one_day(shift_day(calendar.today, -7 * _count(match["n"])))


def _weekday(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    """上周三, 上上周五, 本周一; 周一 alone is the last one that was."""
    monday = week_of(calendar.today)[0]
    weeks = match["back"].count("下") - match["back"].count("上")
    day = shift_day(monday, _SIGNS.index(match["sign"].replace("天", "日")) + 7 * weeks)
    return _one_day(day if match["back"] or day <= calendar.today else shift_day(day, -7))


def _english_weekday(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    monday = week_of(calendar.today)[0]
    day = shift_day(monday, _DAYS.index(match["day_name"][:3]))
    before_last = match["ago"] == " before last"
    if match["last"] or before_last:
        days = -14 if before_last else 7 if match["last"] == "next " else -7
        return _one_day(shift_day(day, days))
    return _one_day(day if day <= calendar.today else shift_day(day, -7))


def _same_day_of_year(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    today = calendar.today
    return _one_day(valid_date(today.year - _BACK[match["years_back"]], today.month, today.day))


def _end_of_month(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    first = calendar.month(_year_of(match, calendar), parse_number(match["month"]) or 0)
    return _one_day(month_of(first)[1]) if first else None


def _last_end_of_month(_match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    """月底: the newest issue of the month, else its last day."""
    first, last = month_of(calendar.today)
    return _one_day(max((issue for issue in calendar.issues if first <= issue <= last), default=last))


def _day_of_month(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    """二十九号: the last one that was, in this month or the one before."""
    day, first = parse_number(match["day"]) or 0, calendar.today.replace(day=1)
    this = valid_date(first.year, first.month, day)
    before = shift_day(first, -1)
    return _one_day(this if this and this <= calendar.today else valid_date(before.year, before.month, day))


def _week(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    weeks = match["back"].count("下") - match["back"].count("上")
    return DayRange(*week_of(shift_day(calendar.today, 7 * weeks)))


def _english_week(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    return DayRange(*week_of(shift_day(calendar.today, 7 * _ENGLISH_SHIFTS[match["which"]])))


_ENGLISH_SHIFTS = {"last": -1, "past": -1, "this": 0, "next": 1}


def _weekend(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    monday = week_of(calendar.today)[0]
    saturday = shift_day(monday, 5 - 7 * match["back"].count("上"))
    return DayRange(saturday, shift_day(saturday, 1))


def _weeks_back(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    return DayRange(*week_of(shift_day(calendar.today, -7 * _count(match["n"]))))


def _months_back(calendar: _Calendar, back: int) -> DayRange | None:
    months = calendar.today.year * 12 + calendar.today.month - 1 - back
    return DayRange(*month_of(date(months // 12, months % 12 + 1, 1)))


def _month(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    first = calendar.month(_year_of(match, calendar), parse_number(match["month"]) or 0)
    return DayRange(*month_of(first)) if first else None


def _numbered_month(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    first = calendar.month(int(match["y"]), int(match["m"]))
    return DayRange(*month_of(first)) if first else None


def _english_month(match: re.Match[str], calendar: _Calendar) -> DayRange | None:
    year = int(match["y"]) if match["y"] else None
    first = calendar.month(year, _MONTHS.index(match["month_name"][:3]) + 1)
    return DayRange(*month_of(first)) if first else None


def _whole_year(year: int) -> DayRange | None:
    return DayRange(date(year, 1, 1), date(year, 12, 31)) if 1 <= year <= 9999 else None


Resolve = Callable[[re.Match[str], _Calendar], DayRange | None]

_PATTERNS: tuple[tuple[Unit, str, Resolve], ...] = (
    ("day", rf"{_YEAR}\s*[-/.的]?\s*(?P<month>{_N})\s*[-/.月]\s*(?P<day>{_N})\s*[日号]?(?![\d月])", _dated),
    ("day", r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)", _compact),
    (
        "day",
        rf"(?P<year>(?!))?(?P<years_back>(?!))?(?P<month>{_N})月\s*(?P<day>{_N})\s*(?:[日号]|(?!{NUMERAL}))",
        _dated,
    ),
    (
        "day",
        r"(?<![\d.])(?P<year>(?!))?(?P<years_back>(?!))?(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[日号]?(?![\d.%])",
        _dated,
    ),
    ("day", rf"\b{_MONTH} (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y>\d{{4}})\b)?", _english_day),
    ("day", rf"\b(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}\b(?:,? (?P<y>\d{{4}})\b)?", _english_day),
    ("day", "(?P<years_back>去年|前年)的?(?:今天|今日|这天|这一天|同一天)", _same_day_of_year),
    ("day", rf"(?:{_YEAR}的?)?(?P<month>{_N})月份?的?(?:最后一天|底|末)", _end_of_month),
    ("day", "(?:这个|本)?月(?:底|末)", _last_end_of_month),
    ("day", "大前[天日]", _fixed(3)),
    ("day", r"前[天日]|\bthe day before yesterday\b", _fixed(2)),
    ("day", r"昨[天日晚儿]个?|\byesterday(?:'s)?\b", _fixed(1)),
    ("day", r"明[天日早晚儿]|\btomorrow\b", _fixed(-1)),
    ("day", r"后[天日]|\bthe day after tomorrow\b", _fixed(-2)),
    ("day", r"今[天日早晚儿]个?|\btoday(?:'s)?\b", _fixed(0)),
    ("day", "半个?月(?:以|之)?前", _fixed(15)),
    ("day", rf"(?P<n>{_N}|[几数])(?:天|日)(?:以|之)?前", _days_back),
    ("day", rf"\b{_EN_N} days? ago\b", _days_back),
    ("day", r"\b(?P<n>a|one|1) weeks? ago\b", _weeks_back_day),
    ("day", rf"(?P<back>[上下]*)个?(?:本|这)?个?{_WEEK}(?P<sign>[一二三四五六日天])(?!{NUMERAL})", _weekday),
    ("day", rf"\b(?:the |on )?(?P<last>(?:last|next) )?{_DAY_NAME}\b(?P<ago> before last)?", _english_weekday),
    ("week", rf"(?P<n>{_N}|[几数])个?{_WEEK}(?:以|之)?前", _weeks_back),
    ("week", rf"\b{_EN_N} weeks ago\b", _weeks_back),
    ("day", rf"(?<![{NUMERAL[1:-1]}月])(?P<day>{_N})号(?=$|的|那|这|简报|日报|报|早报)", _day_of_month),
    ("week", r"(?P<back>)一周(?=的?(?:要闻|回顾|大事|汇总|总结|新闻|综述))", _week),
    ("week", r"(?P<back>)\bweekly(?= (?:summary|review|roundup|recap|overview|highlights))", _week),
    ("week", rf"(?P<back>上+|本|这)个?{_WEEK}末", _weekend),
    ("week", rf"(?P<back>上+|下+|本|这)一?个?{_WEEK}", _week),
    ("week", r"\b(?P<which>last|this|past|next) week\b", _english_week),
    ("month", rf"(?P<n>{_N})个月(?:以|之)?前", lambda m, c: _months_back(c, _count(m["n"]))),
    ("month", "(?P<back>上+)个?月份?", lambda m, c: _months_back(c, m["back"].count("上"))),
    ("month", r"下个月|\bnext month\b", lambda _m, c: _months_back(c, -1)),
    ("month", r"本月份?|这个月|当月|\bthis month\b", lambda _m, c: _months_back(c, 0)),
    ("month", r"\blast month\b", lambda _m, c: _months_back(c, 1)),
    ("month", rf"(?:{_YEAR}的?)?(?P<month>{_N})月份?", _month),
    ("month", r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?![\d])", _numbered_month),
    ("month", rf"{_MONTH},? (?P<y>\d{{4}})\b", _english_month),
    ("month", rf"(?P<y>(?!))?(?:\b(?:in|for|of) |^){_MONTH}(?!\w| \w)", _english_month),
    ("year", "(?P<back>今年|去年|前年|大前年)", lambda m, c: _whole_year(c.today.year - _BACK[m["back"]])),
    ("year", r"\b(?P<which>last|this) year\b", lambda m, c: _whole_year(c.today.year - (m["which"] == "last"))),
    ("year", r"(?:^|\bin )(?P<y>(?:19|20)\d{2})(?=$| in\b| review\b)", lambda m, _c: _whole_year(int(m["y"]))),
    (
        "year",
        rf"(?<!{NUMERAL})(?P<y>{NUMERAL}{{4}})年(?!{NUMERAL})",
        lambda m, _c: _whole_year(parse_number(m["y"]) or 0),
    ),
)
_COMPILED = tuple((unit, re.compile(pattern), resolve) for unit, pattern, resolve in _PATTERNS)

_TO = re.compile(r"\s*(?:到|至|~|—|–|-|\bto\b|\band\b|\buntil\b)\s*")
_SINCE = re.compile(r"(?:以来|之后|以后|起至今|至今)")
_SINCE_BEFORE = re.compile(r"(?:从|自|自从|\bsince|\bafter)\s*$")
_UNTIL = re.compile(r"(?:以前|之前)")
_BETWEEN = re.compile(r"\s*(?:之间|期间)")


def find_period(text: str, *, today: date, issues: Sequence[date] = ()) -> Period | None:
    """Return the first period named in `text`, with both ends of a range; None if there is none."""
    calendar = _Calendar(today, issues)
    first = _find(text, calendar, 0)
    if first is None:
        return None
    start, end = first.span
    if joint := _TO.match(text, end):
        second = _find(text, calendar, joint.end())
        if second and second.span[0] == joint.end():
            after = _BETWEEN.match(text, second.span[1])
            days = DayRange(first.days.first, second.days.last)
            return Period((start, after.end() if after else second.span[1]), days, "range")
    if after := _SINCE.match(text, end):
        return Period((start, after.end()), DayRange(first.days.first, None), "range")
    if before := _SINCE_BEFORE.search(text, 0, start):
        return Period((before.start(), end), DayRange(first.days.first, None), "range")
    if after := _UNTIL.match(text, end):
        last = shift_day(first.days.first, -1) if first.days.first else None
        return Period((start, after.end()), DayRange(None, last), "range")
    return first


def _find(text: str, calendar: _Calendar, start: int) -> Period | None:
    """Return the period that begins first; of those that begin at one place, the longest."""
    best: Period | None = None
    for unit, pattern, resolve in _COMPILED:
        match = pattern.search(text, start)
        if match and (best is None or (match.start(), -match.end()) < (best.span[0], -best.span[1])):
            days = resolve(match, calendar)
            if days:
                end = match.end() + 2 * text.startswith("'s", match.end())
                best = Period((match.start(), end), days, unit)
    return best


DURATION_DAYS = re.compile(
    rf"(?<![这那近])(?P<n_zh>{_N}|半|[几俩仨])(?P<many>个)?(?P<unit>天|日|{_WEEK}|月|年)"
    rf"|\b{_EN_N} (?P<english>day|week|month|year)s?\b"
)
"""A length of time: 一周, 三天, 两个月, a week."""
_UNIT_DAYS = {
    "天": 1,
    "日": 1,
    "周": 7,
    "星期": 7,
    "礼拜": 7,
    "月": 30,
    "年": 365,
    "day": 1,
    "week": 7,
    "month": 30,
    "year": 365,
}


def parse_duration(match: re.Match[str]) -> timedelta:
    """Return the length of a match of DURATION_DAYS; a month has 30 days."""
    unit = match["unit"] or match["english"]
    if match["n_zh"] == "半":
        return timedelta(days=_UNIT_DAYS[unit] // 2)
    return timedelta(days=_UNIT_DAYS[unit] * _count(match["n_zh"] or match["n"]))

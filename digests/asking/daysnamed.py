"""The days that a question names, as newspapers write them: 5月22日, 二〇二〇年五月二十二日, 十四日 (pure).

What happened on a day stands in the paper of that day or of the next: so such a paper answers sooner than another.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_NUMBER = r"[0-9〇零一二三四五六七八九十]"
_DAY = re.compile(rf"(?:({_NUMBER}{{4}})年)?(?:({_NUMBER}{{1,3}})月)?(?<!{_NUMBER})({_NUMBER}{{1,3}})日")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class DayNamed:
    """A day as far as it is named; None for the year or the month that is not."""

    year: int | None
    month: int | None
    day: int

    def told_on(self, issue: date | None) -> bool:
        """Whether the paper of the day `issue` tells what happened on it."""
        return issue is not None and (self._is(issue) or self._is(issue - timedelta(days=1)))

    def _is(self, day: date) -> bool:
        return self.day == day.day and self.month in (None, day.month) and self.year in (None, day.year)


def days_named(said: str) -> tuple[DayNamed, ...]:
    """The days that stand in `said`, in their order."""
    return tuple(
        DayNamed(_number(year) if year else None, _number(month) if month else None, _number(day))
        for year, month, day in _DAY.findall(said)
    )


def _number(said: str) -> int:
    """A year digit by digit, a month or a day in figures or as it is read aloud; 0 for what is no number."""
    if "十" not in said:
        return int(said.translate(_DIGITS))
    tens, _, ones = said.partition("十")
    if "十" in ones:
        return 0
    return int(tens.translate(_DIGITS) or 1) * 10 + int(ones.translate(_DIGITS) or 0)

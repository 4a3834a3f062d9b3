"""Times of day and days of the week as readers say them (pure): 早上七点半, 7:30 pm, 周末不要发, weekdays only."""

import re
from datetime import time

WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
ALL_DAYS = (*WORKDAYS, *WEEKEND)

_DIGITS = "零一二三四五六七八九"
_NUMBER = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_MORNING, _NOON, _EVENING = "凌晨|清晨|早上|早晨|早|上午|morning", "中午", "下午|傍晚|晚上|晚|夜里|evening"
_SAID = re.compile(
    rf"(?P<part>{_MORNING}|{_NOON}|{_EVENING})?\s*(?P<at>at\s+)?(?P<hour>{_NUMBER})"
    rf"(?:[:：](?P<minutes>\d{{2}})|[点时](?P<past>半|[一三]刻|{_NUMBER}分?)?整?)?\s*(?P<half>am|pm)?"
)
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}

_DAY = r"(?:周末|工作日|(?:周|星期|礼拜)[一二三四五六日天])"
_HOW = "就?(?:不要|不用|不|别)|也|都|才"
_ON_DAYS = re.compile(
    rf"(?:只在?)?(?P<days>{_DAY}(?:[、,，和及 ]?{_DAY})*)(?P<how>{_HOW})?再?(?:发|送|推送)(?:简报|了|就行|吧)*"
)
_EVERY_DAY = re.compile(r"(?:每天都?|天天)(?:发|送|推送)(?:简报|吧)?|(?:send )?(?:it )?every day")
_ENGLISH = {
    "weekdays only": WORKDAYS,
    "only on weekdays": WORKDAYS,
    "not on weekends": WORKDAYS,
    "not at weekends": WORKDAYS,
    "no digest on weekends": WORKDAYS,
    "weekends only": WEEKEND,
    "only on weekends": WEEKEND,
}


def time_said(said: str) -> time | None:
    """The time of day that `said` is; None where it is none, also 七 alone, which may be anything."""
    match = _SAID.fullmatch(said)
    if match is None:
        return None
    hour, part = _number(match["hour"]), match["part"] or {"am": "早上", "pm": "下午"}.get(match["half"] or "", "")
    minutes = _QUARTERS.get(match["past"] or "") or _number((match["past"] or match["minutes"] or "0").rstrip("分"))
    is_bare = match.end("hour") == len(said) and not part and not match["at"]
    if hour is None or minutes is None or minutes > 59 or is_bare:
        return None
    hour = _of_the_day(hour, part)
    return time(hour, minutes) if 0 <= hour <= 23 else None


def weekdays_said(said: str) -> tuple[int, ...] | None:
    """The days of the week (0 is Monday) on which something is to be sent; None where `said` is no such wish."""
    if _EVERY_DAY.fullmatch(said):
        return ALL_DAYS
    if (days := _ENGLISH.get(said)) is not None:
        return days
    match = _ON_DAYS.fullmatch(said)
    if match is None:
        return None
    named = {day for one in re.findall(_DAY, match["days"]) for day in _days(one)}
    how = match["how"] or ""
    if how == "也":
        return ALL_DAYS
    return tuple(day for day in ALL_DAYS if (day in named) != ("不" in how or "别" in how)) or None


def _of_the_day(hour: int, part: str) -> int:
    """The hour on a clock of 24: 下午三点 is 15, 中午一点 is 13, 晚上十二点 is midnight."""
    if re.fullmatch(_EVENING, part):
        return hour + 12 if hour < 12 else hour % 12 if part != "下午" and hour == 12 else hour
    if part == _NOON and hour < 6:
        return hour + 12
    return 0 if re.fullmatch(_MORNING, part) and part != "上午" and hour == 12 else hour


def _days(named: str) -> tuple[int, ...]:
    if named == "周末":
        return WEEKEND
    if named == "工作日":
        return WORKDAYS
    return (("一二三四五六日天".index(named[-1])) % 7 if named[-1] != "天" else 6,)


def _number(said: str) -> int | None:
    """A number below 100 in figures or as it is said: 7, 七, 十二, 二十三."""
    if said.isdecimal():
        return int(said)
    said = said.replace("两", "二")
    tens, ten, ones = said.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens or (tens and not ten):
        return None
    return (_DIGITS.find(tens) if tens else 1 if ten else 0) * 10 + (_DIGITS.find(ones) if ones else 0)

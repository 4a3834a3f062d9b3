"""Rules for the daily digest: times, weekdays, quiet hours, on and off.

A rule wants all words of the message to belong to the wish, so that searches that look like commands stay searches.
"""

import re

from bot.intents.lexicon import UNKNOWN
from bot.intents.message import Message, moments, time_range
from bot.intents.readings import LIKELY, Reading, make_reading
from digests.dates import ALL_WEEKDAYS

_CLOCK = (
    "time",
    "part",
    "about",
    "weekdays",
    "send",
    "digest",
    "every",
    "push",
    "duration",
    "notify",
    "read",
    "news",
    "happen",
    "paper",
    "weekly",
)


_RING = re.compile(r"免打扰|勿扰|打扰|吵|响|安静|静音|休息|睡|quiet|disturb|silent|上课|上班|开会|午休")


def quiet_hours(message: Message) -> Reading | None:
    """夜里别响,晚上十点到早上七点; quiet from 11pm to 7am."""
    between = time_range(message)
    if between and (message.has("not", "stop", "pause") or _RING.search(message.text)):
        start, end = between
        return make_reading("quiet_hours", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    if (
        len(message.times) == 1
        and re.search("以后|之后|过后|after", message.text)
        and (message.has("not", "stop") and (message.has("send", "push", "notify") or _RING.search(message.text)))
    ):
        return make_reading("quiet_hours", LIKELY, start=f"{message.times[0][1]:%H:%M}", end="07:00")
    return None


def digest_time(message: Message) -> Reading | None:
    """每天早上七点, 简报时间改成晚上十一点半, 早晚各一次: times, and only words of the digest."""
    if message.has("not", "stop", "cancel", "unsubscribe") and not re.search("别太|不要太|not too", message.text):
        return None
    named = moments(message)
    leftover = "".join(token.text for token in message.unknown)
    leftover = re.sub(
        r"早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|睡前|早|晚|次|回|遍|太|twice|morning|noon|evening|night|afternoon|times?|:|两|点|整|钟",
        "",
        leftover,
    )
    if (
        not named
        or leftover
        or not all(token.is_("filler", *_CLOCK, "not", "more", UNKNOWN) for token in message.tokens)
    ):
        return None
    has_cue = message.has("send", "digest", "every", "push", "weekdays", "notify") or re.search(
        "改|调|设|推迟|提前|延后|挪|吧$|次|twice|时间|change|set|move|get|receive", message.text
    )
    if not has_cue or (not message.times and not message.has("send", "every", "digest") and "次" not in message.text):
        return None
    days = list(message.weekdays) if message.weekdays and len(message.weekdays) < len(ALL_WEEKDAYS) else None
    return make_reading("digest_time", times=[f"{at:%H:%M}" for at in named], days=days)


def digest_weekdays(message: Message) -> Reading | None:
    """周末不要发, 周三和周日发就行, no digest on Sundays."""
    if (
        message.has("every")
        and message.has("send")
        and "都" in message.text
        and message.is_only("every", "send", "digest")
    ):
        return make_reading("digest_weekdays", days=list(ALL_WEEKDAYS))
    weekdays = message.weekdays or _negated_weekday(message)
    if weekdays is None or message.times:
        return None
    if not message.is_only(
        "weekdays",
        "period",
        "send",
        "digest",
        "not",
        "stop",
        "push",
        "every",
        "notify",
        "have",
        "turn_on",
        "cancel",
        "all",
    ):
        return None
    excluded = message.has("not", "stop", "cancel")
    has_cue = (
        excluded
        or message.has("send", "digest", "push")
        or re.search("只|仅|only|就行|就好|到|至|to|through", message.text)
    )
    days = [day for day in ALL_WEEKDAYS if (day in weekdays) != excluded or (not excluded and "也" in message.text)]
    return make_reading("digest_weekdays", days=days) if has_cue and days else None


def _negated_weekday(message: Message) -> tuple[int, ...] | None:
    """Return the weekday of 周日不用发简报, which alone would be the last Sunday."""
    period = message.period
    is_weekday = period and re.fullmatch(r"(?:周|星期|礼拜).", message.text[slice(*period.span)])
    is_sending = message.has("send", "digest", "push") or re.search("[发推送]", message.text)
    if period and is_weekday and message.has("not", "stop") and is_sending:
        return (period.day.weekday(),)
    return None


OWN_WORDS = ("digest", "push", "send", "every", "all", "news", "paper", "read", "such", "notify", "at_once", "summary")
"""Words for what the bot sends."""


def digest_switch(message: Message) -> Reading | None:
    """关闭每日简报, 不想收日报了, start the daily digest again."""
    has_digest = message.has("digest") or (message.has("every") and message.has("send", "push", "paper", "news"))
    if not has_digest or message.times or message.weekdays or message.duration_days or message.has(UNKNOWN, "position"):
        return None
    if message.is_only("stop", "not", "cancel", "unsubscribe", *OWN_WORDS) and message.has(
        "stop", "not", "cancel", "unsubscribe"
    ):
        return make_reading("digest_off")
    if message.is_only("resume", "turn_on", "subscribe", *OWN_WORDS) and (
        message.has("resume", "turn_on", "subscribe")
        or re.search("想|要|want", message.text)
        or (message.has("every") and re.search("给我|发我|send me", message.text))
    ):
        return make_reading("digest_on")
    return None

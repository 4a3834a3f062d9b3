"""A message taken apart for the rules: its words by class, its days and times, and what it is about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.intents.lexicon import UNKNOWN, Token, tokens
from digests.dates import ALL_WEEKDAYS, WEEKDAY_SIGN, WEEKEND, WORKDAYS, weekday_number
from digests.day_phrases import DURATION_DAYS, Period, find_period, parse_duration
from digests.language import words
from digests.models import Span
from digests.times import find_times

_DAY = rf"(?:周|星期|礼拜){WEEKDAY_SIGN}"
_ENGLISH_DAYS = "mon tue wed thu fri sat sun".split()
_ENGLISH_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_WEEKDAYS = re.compile(
    rf"每?(?:周|星期|礼拜){WEEKDAY_SIGN}{{2,7}}(?![点个月])|每个?(?:{_DAY}|周末|工作日)(?:[、,和跟及]?(?:{_DAY}|周末|工作日))*"
    rf"|(?:周|星期|礼拜){WEEKDAY_SIGN}{{2,7}}(?![点个月])|{_DAY}(?:到|至|-|~){_DAY}|{_DAY}(?:[、,和跟及]?{_DAY})+|(?<!上)(?<!本)(?<!这)周末|(?:只在?)?(?:工作日|平日|上班日)"
    rf"|\b(?:every|each|only on|on) {_ENGLISH_DAY}\b(?:(?:,| and|, and) {_ENGLISH_DAY}\b)*"
    rf"|\b{_ENGLISH_DAY}(?: to | through |-){_ENGLISH_DAY}\b|\b(?:on )?(?:weekdays?|workdays?|weekends?|working days)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"
)
_TO = re.compile("到|至|-|~| to | through ")
_TIME_RANGE = re.compile(r"\s*(?:到|至|-|–|~|\bto\b|\buntil\b|\btill?\b)\s*(?:第二天|次日|the next day )?$")
_PARTS = {
    **dict.fromkeys(("早", "早上", "早晨", "morning"), time(8)),
    **dict.fromkeys(("中午", "午间", "noon", "lunchtime"), time(12)),
    **dict.fromkeys(("晚", "晚上"), time(20)),
    **dict.fromkeys(("夜里", "睡前"), time(22)),
    "清晨": time(7),
    "上午": time(9),
    "下午": time(15),
    "afternoon": time(15),
    "傍晚": time(18),
    "evening": time(19),
    "night": time(21),
}
"""The usual time of a part of the day."""
_PART = re.compile(
    "早上|早晨|清晨|上午|中午|午间|下午|傍晚|晚上|夜里|睡前|早|晚|"
    + r"\b(?:morning|noon|lunchtime|afternoon|evening|night)\b"
)
_EVENING = re.compile(r"晚|夜|睡|\b(?:evening|night|pm)\b")
_POSITION = re.compile(r"第(?P<zh>[一二三四五六七八九十\d]{1,3})[个条项]|\b(?:number|no\.?|#) ?(?P<en>\d{1,2})\b")


@dataclass(frozen=True)
class Message:
    """A message in its spoken form."""

    text: str
    tokens: Sequence[Token]
    today: date
    issues: Sequence[date]
    period: Period | None
    times: Sequence[tuple[Span, time]]
    weekdays: tuple[int, ...] | None
    duration_days: int | None

    def has(self, *classes: str) -> bool:
        """True if a word has one of these classes."""
        return any(token.is_(*classes) for token in self.tokens)

    def is_only(self, *classes: str) -> bool:
        """True if all words have one of these classes or are fillers."""
        return all(token.is_("filler", *classes) for token in self.tokens)

    @property
    def unknown(self) -> Sequence[Token]:
        return [token for token in self.tokens if token.is_(UNKNOWN)]

    def topic(self, start: int = 0, end: int | None = None) -> str:
        """Return the text from the first to the last unknown word between two places, without quotation marks."""
        limit = len(self.text) if end is None else end
        inside = [token.span for token in self.unknown if token.span[0] >= start and token.span[1] <= limit]
        return self.text[inside[0][0] : inside[-1][1]].strip(' "') if inside else ""


def take_apart(text: str, *, today: date, issues: Sequence[date]) -> Message:
    """Return the words, days and times of a message in its spoken form."""
    marked: dict[Span, str] = {}

    def mark(span: Span, name: str) -> bool:
        if any(span[0] < other[1] and other[0] < span[1] for other in marked):
            return False
        marked[span] = name
        return True

    weekdays = _weekdays(text, mark)
    times = [(span, at) for span, at in find_times(text) if mark(span, "time")]
    duration = next(
        (match for match in DURATION_DAYS.finditer(text) if not text[match.end() :].startswith(("前", " ago"))), None
    )
    period = find_period(text, today=today, issues=issues)
    if period and not mark(period.span, "period"):
        period = None
    days = None
    if duration and mark(duration.span(), "duration"):
        days = parse_duration(duration).days
    for match in _POSITION.finditer(text):
        mark(match.span(), "position")
    for match in _PART.finditer(text):
        mark(match.span(), "part")
    return Message(text, tokens(text, marked), today, issues, period, times, weekdays, days)


def _weekdays(text: str, mark: Callable[[Span, str], bool]) -> tuple[int, ...] | None:
    found: set[int] = set()
    for match in _WEEKDAYS.finditer(text):
        if mark(match.span(), "weekdays"):
            found.update(_days_of(match[0]))
    return tuple(day for day in ALL_WEEKDAYS if day in found) or None


def _days_of(text: str) -> Sequence[int]:
    if "周末" in text or "weekend" in text:
        return WEEKEND
    if re.search("工作日|平日|上班日|weekday|workday|working", text):
        return WORKDAYS
    named = [
        weekday_number(sign) for group in re.findall(rf"(?:周|星期|礼拜)({WEEKDAY_SIGN}+)", text) for sign in group
    ]
    named += [
        _ENGLISH_DAYS.index(name[:3]) for name in re.findall(rf"\b{_ENGLISH_DAY}\b", text) if name[:3] in _ENGLISH_DAYS
    ]
    if len(named) == 2 and _TO.search(text):
        first, last = named
        return [day % 7 for day in range(first, last + 1 + 7 * (last < first))]
    return named


def time_range(message: Message) -> tuple[time, time] | None:
    """Return the two times of a range such as 晚上十点到早上七点; None if there is none."""
    if len(message.times) != 2:
        return None
    (span, start), (other, end) = message.times
    between = message.text[span[1] : other[0]].strip()
    is_between = between in ("and", "和") and re.search(r"between\s*$", message.text[: span[0]])
    if not (is_between or between == "" or _TIME_RANGE.match(between)):
        return None
    if start.hour == 12 and end.hour <= 6 and not _PART.search(message.text[slice(*other)]):
        end = end.replace(hour=end.hour + 12)
    is_evening = _EVENING.search(message.text[: span[1]])
    if is_evening and not _EVENING.search(message.text[slice(*span)]) and 6 <= start.hour < 12:
        start = start.replace(hour=start.hour + 12)
    return start, end


def moments(message: Message) -> list[time]:
    """Return the times of day that a message names; a part of the day alone means its usual time."""
    if message.times:
        spans = [slice(*span) for span, _ in message.times]
        rest = message.text
        for span in spans:
            rest = rest.replace(message.text[span], " ")
        late = re.search(r"晚|夜|\b(?:evening|night|afternoon)\b", rest) and len(message.times) == 1
        named = [at for _, at in message.times]
        if late and named[0].hour < 12 and not _PART.search(message.text[spans[0]]):
            named = [named[0].replace(hour=named[0].hour + 12)]
        return named
    return list(dict.fromkeys(_PARTS[match[0]] for match in _PART.finditer(message.text)))


_LEADING = re.compile(
    "^(?:点|凡是|只要是|只要|所有|一切|任何|想知道|想了解|知道|了解|一次|关于|有关|涉及|跟|和|与|讲|写|说|谈|对|那个|这个|那些|个|一个"
    "|一下|的|我想|想|about |on |the |any |if |when |anything |something |happens? |changes? |with |comes up |new |me "
    "|for |to |of |news (?:about|on|of) )+"
)
_TRAILING = re.compile(
    "(?:的?(?:相关|有关)?的?(?:新闻|消息|报道|报导|稿件|稿子|文章|资讯|信息|动态|事情|事儿|事|内容|情况|主题|话题|专题|方面|汇总|推送"
    "|提醒|订阅|关注|动静|进展|类|最新)|很?感兴趣|有关的?|相关的?|的|了|吧|啊|呀|呢|吗|们?一声"
    "| (?:news|stories|story|articles|updates|coverage|topics?|alerts?|please|again))+$"
)
_OR = re.compile(r"\s*(?:或者?|或是)\s*|\s+or\s+")
_AND = re.compile(
    r"\s*[、,，;；]\s*(?:和|跟|以及|还有|and )?\s*|\s+and\s+|\s*&\s*"
    "|(?:然后)?(?:再|还要|还有|以及)(?:订|来|加)?(?:一?个)?"
)
_WITHOUT = re.compile(
    r"[,，;；]?\s*(?:(?:但是?|不过)?(?:不要|排除|除了|除去|不含|不包括|不看|去掉|去除|剔除)(?P<zh>[^,，]{1,12}?)(?:的|以外|之外|除外|类)*"
    r"|(?:but )?(?:not|without|except|excluding|no) (?P<en>[a-z ]{2,20}))(?=$|[,，])"
)


def clean_topic(topic: str) -> str:
    """Return a topic as a query: without 关于 and 的新闻, with -X for 不要X and OR for 或."""
    excluded = [(match["zh"] or match["en"]).strip() for match in _WITHOUT.finditer(topic)]
    topic = _WITHOUT.sub("", topic)
    while (shorter := _LEADING.sub("", _TRAILING.sub("", topic.strip(' ",，、;:'))).strip(' "')) and shorter != topic:
        topic = shorter
    topic = " OR ".join(part for part in _OR.split(topic) if part)
    return " ".join([topic, *(f"-{bare}" for word in excluded if (bare := _TRAILING.sub("", word)))]).strip()


def topics(text: str) -> list[str]:
    """Return the topics listed in a text: 防汛、内涝和暴雨; each as a query."""
    quoted = re.findall(r'"([^"]+)"', text)
    if len(quoted) > 1:
        return [clean_topic(topic) for topic in quoted]
    if _WITHOUT.search(text):
        return [clean_topic(text)]
    parts = [piece for part in _AND.split(text) if part for piece in _split_at_and(part)]
    cleaned = [clean_topic(part) for part in parts]
    return list(dict.fromkeys(topic for topic in cleaned if topic))


def _split_at_and(text: str) -> list[str]:
    """Split at 和 and 跟 where they are words: 考研和就业, not 和平路."""
    parts = [""]
    for word in words.cut_by_dictionary(text):
        if word in ("和", "跟", "与", "及") and parts[-1]:
            parts.append("")
        else:
            parts[-1] += word
    return parts if all(len(part.strip()) > 1 for part in parts) else [text]

"""Rules for subscriptions: begin, end, pause and resume, for one topic, several or all.

A rule wants the words around the topic to belong to the wish, so that 取消航班 and 停止供热通知 stay searches.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.intents.digest_rules import OWN_WORDS
from bot.intents.lexicon import UNKNOWN, Token, not_after_order, not_after_subscribe
from bot.intents.message import Message, moments, topics
from bot.intents.phrases import topic_in
from bot.intents.readings import LIKELY, SURE, UNSURE, Reading, first_of, is_polite, make_reading, start_of
from digests.dates import ALL_WEEKDAYS, shift_day, valid_date
from digests.text import parse_number

_OCCASION = re.compile(
    "期间|时候|这段|回来|国庆|春节|中秋|元旦|五一|节|假|考试|前|放假|出差|军训|度假|旅游|旅行|住院|vacation|holiday|trip|exam|away|while"
)
"""Why somebody pauses: no topic."""


def stop_everything(message: Message) -> Reading | None:
    """别再发了, 暂停一周, 先停一个礼拜吧, 全部退订, pause for a week, 继续推送: no topic."""
    if any(not _OCCASION.search(token.text) for token in message.unknown):
        return None
    if message.has("question", "find", "position", "weekdays", "time", "subscribe"):
        return None
    if _resumes(message):
        return make_reading("resume", all=True)
    if message.has("turn_on") or not message.has("stop", "not", "pause", "cancel", "unsubscribe"):
        return None
    how_long = _how_long(message)
    is_dated = message.period and re.search("到|至|until|till", message.text)
    if message.has("pause") or message.duration_days or is_dated:
        return make_reading("pause", all=True, **how_long)
    return _ends_everything(message)


def _resumes(message: Message) -> bool:
    if message.has("resume") and not message.has("not", "stop"):
        return message.is_only("resume", *OWN_WORDS, UNKNOWN)
    return bool(re.search("又可以|可以再|可以继续|重新", message.text)) and message.has("send", "push")


def _ends_everything(message: Message) -> Reading | None:
    is_all = message.has("all")
    if is_all and message.has("unsubscribe"):
        return make_reading("unsubscribe", all=True)
    if is_all and message.has("cancel", "stop") and message.is_only("cancel", "stop", *OWN_WORDS):
        return make_reading("unsubscribe", LIKELY, all=True)
    is_sending = message.has("send", "push", "notify") and message.has("not", "stop") and not message.has("such")
    return make_reading("digest_off", LIKELY) if is_sending else None


_WEEKDAY_NAME = re.compile(r"(?:周|星期|礼拜).|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day")


def _how_long(message: Message) -> dict[str, Any]:
    """Return the length of a pause in days, or its last day, which is not in the past."""
    if message.duration_days:
        return {"days": message.duration_days}
    last = message.period.days.last if message.period else None
    if (
        last
        and message.period
        and last < message.today
        and _WEEKDAY_NAME.fullmatch(message.text[slice(*message.period.span)])
    ):
        last = shift_day(last, 7)
    if last and last < message.today:
        last = valid_date(last.year + 1, last.month, last.day)
    return {"until": last.isoformat()} if last and last >= message.today else {}


def _position(message: Message) -> int | None:
    found = re.search(r"第([一二三四五六七八九十\d]{1,3})[个条项]|(?:number|no\.?|#) ?(\d+)", message.text)
    return parse_number(found[1] or found[2]) if found else None


def unsubscribe(message: Message) -> Reading | None:
    """退订 核酸, 取消对罗清宇的关注, 养老的别发了, I don't want floods anymore."""
    verb = first_of(message, "unsubscribe")
    position = _position(message)
    if position and (verb or message.has("cancel", "stop", "not")):
        return make_reading("unsubscribe", position=position)
    topic = message.topic()
    if not topic:
        return None
    if verb and (verb.span[0] == start_of(message) or is_polite(message, verb)) and _is_separate(message, verb):
        return make_reading("unsubscribe", queries=topics(topic))
    if ended := topic_in(message, "ended"):
        queries = topics(ended)
        return make_reading("unsubscribe", LIKELY, queries=queries) if queries else None
    found = re.search(
        r"(?:取消|解除|去掉|删掉|撤销)(?:对|了)?(?P<topic>.+?)的?(?:关注|订阅|追踪|提醒|推送)", message.text
    )
    if found:
        return make_reading("unsubscribe", queries=topics(found["topic"]))
    return None


_ABOUT_SENDING = re.compile("的(?:推送|推播|提醒|消息|通知|订阅|关注|新闻|报道)|alerts?|updates|notifications")
_UNWANTED = re.compile(r"\bi (?:don't|do not) (?:want|need|care about) .+(?:any ?more|again)")


def pause_topic(message: Message) -> Reading | None:
    """暂停机场的推送, mute covid until September 5, 请恢复重点工程的推送."""
    topic = message.topic()
    if not topic or message.has("question"):
        return None
    how_long = _how_long(message)
    is_about_sending = _is_about_sending(message)
    verb = first_of(message, "pause")
    is_mute = verb is not None and verb.span[0] == 0 and verb.text in ("mute", "snooze", "silence")
    if verb and (is_about_sending or is_mute or how_long):
        return make_reading("pause", LIKELY, queries=topics(topic), **how_long)
    if (is_about_sending and message.has("resume", "turn_on")) or re.match("unmute |unpause ", message.text):
        return make_reading("resume", queries=topics(topic))
    return None


def stop_topic(message: Message, themes: Mapping[str, str]) -> Reading | None:
    """养老的别发了, I don't want floods anymore, 请取消防汛."""
    topic = message.topic()
    if not topic or message.has("question"):
        return None
    queries = topics(topic)
    negated = first_of(message, "not", "stop")
    is_ended = _is_about_sending(message) or re.search("的|再|了$|给我|就|send", message.text)
    if negated and is_ended and message.has("send", "push", "notify") and _sends(message, negated):
        return make_reading("unsubscribe", LIKELY, queries=queries)
    if _UNWANTED.search(message.text):
        return make_reading("unsubscribe", LIKELY, queries=queries)
    cancelled = first_of(message, "cancel")
    if cancelled and message.is_only("cancel", "news", "subscribe", UNKNOWN) and len(message.unknown) == 1:
        is_asked = cancelled.span[0] > 0 and is_polite(message, cancelled)
        if is_asked or (not cancelled.text.isascii() and all(query in themes for query in queries)):
            return make_reading("unsubscribe", LIKELY if is_asked else UNSURE, queries=queries)
    return None


def _is_about_sending(message: Message) -> bool:
    return message.has("push", "digest") and _ABOUT_SENDING.search(message.text) is not None


def _sends(message: Message, negated: Token) -> bool:
    """True if the negation is that of sending: 别给我发了, not 别忘了关煤气."""
    after = [token for token in message.tokens if token.span[0] >= negated.span[1]]
    for token in after:
        if token.is_("send", "push", "notify"):
            return True
        if not token.is_("filler", "all", "news"):
            return False
    return False


def _is_separate(message: Message, verb: Token) -> bool:
    """False for a noun that begins with the verb: 订阅号."""
    rest = message.text[verb.span[1] :]
    nouns = not_after_order() if verb.text == "订" else not_after_subscribe()
    return not rest.startswith(nouns) and not re.search("的(?:价格|方式|方法|费用|步骤|流程|好处)|怎么|多少|如何", rest)


def _is_told(message: Message) -> bool:
    """True if the bot is to tell of something: 有暴雨告诉我, 每周一推送招商新闻, notify me; not 周一到周五送餐."""
    if re.search(
        r"(?:通知|告诉|提醒|叫|喊|踢|戳|告|推给|发给|寄给)(?:一下)?我|(?:跟|和)我说"
        r"|\b(?:notify|alert|tell|ping|inform) me\b|let me know",
        message.text,
    ):
        return True
    if not message.has("notify", "send", "push"):
        return False
    is_timed = message.has("at_once", "weekly", "every", "weekdays", "time") or _WEEKLY.search(message.text)
    is_ours = message.has("news", "summary") or re.search(r"我|\\bme\\b|推送|推播|就推|就发", message.text)
    return bool((is_timed and is_ours) or re.search(r"一?有.+就?(?:推|发|通知|告诉)", message.text))


_WANTS = re.compile(r"我?(?:都|也)(?:要|想)(?:看|要|订|了解|知道)?$|都(?:订|关注|给我|发)(?:吧|上|了)*$")


def subscribe(message: Message, themes: Mapping[str, str]) -> Reading | None:
    """订阅防汛、内涝; 有暴雨赶紧告诉我; 请于每周一上午八点推送招商引资汇总; follow floods and schools."""
    topic = message.topic()
    if not topic:
        return None
    if added := topic_in(message, "added"):
        return make_reading("subscribe", queries=topics(added))
    verb = first_of(message, "subscribe")
    told = _is_told(message)
    asks = message.has("question") and not re.search("能不能|可不可以|吗$|when", message.text)
    if message.has("not", "stop", "cancel", "pause", "find") and not re.search(
        "排除|不要|除了|but not|不含", message.text
    ):
        return None
    is_order = (
        verb is not None
        and _is_separate(message, verb)
        and (verb.span[0] == start_of(message) and _is_order(message, verb))
    )
    listed = _WANTS.search(message.text) and len(topics(topic)) > 1
    wanted = re.fullmatch(r"(?:i want|give me|send me|i'd like) .+", message.text) and message.has(
        "weekdays", "every", "weekly", "time"
    )
    if asks or not (is_order or told or listed or wanted):
        return None
    start = verb.span[0] if is_order and verb else 0
    listed_in = message.text[start:] if message.text.count('"') > 2 else message.topic(start)
    queries = topics(listed_in or topic)
    theme = None
    if len(queries) == 1 and re.search("主题|theme", message.text) and queries[0].removeprefix("主题:") in themes:
        theme, queries = themes[queries[0].removeprefix("主题:")], []
    return make_reading("subscribe", SURE if is_order else LIKELY, queries=queries, theme=theme, **_rhythm(message))


def _is_order(message: Message, verb: Token) -> bool:
    """True if the verb is a request: 关注 alone before a noun is also part of a heading (关注民生)."""
    if verb.text not in ("关注", "追踪", "跟踪", "跟进", "留意", "监督", "track", "watch", "monitor", "订"):
        return True
    rest = message.text[verb.span[1] :]
    return (
        verb.span[0] > 0
        or rest[:1] in (" ", ":", "一", '"')
        or bool(re.search("排除|动静|通知|,|、", rest))
        or verb.text.isascii()
    )


_WEEKLY = re.compile("一(?:周|星期|个星期|礼拜|个礼拜).{0,3}一次")


def _rhythm(message: Message) -> dict[str, Any]:
    times = moments(message)
    at = f"{times[0]:%H:%M}" if times and message.has("send", "push", "every", "weekdays", "time") else None
    if message.weekdays and len(message.weekdays) < len(ALL_WEEKDAYS):
        return {"rhythm": "weekly", "days": list(message.weekdays), "at": at}
    if message.has("weekly") or _WEEKLY.search(message.text):
        return {"rhythm": "weekly", "at": at}
    if message.has("every"):
        return {"rhythm": "daily", "at": at}
    if message.has("at_once") or re.search("就(?:推|通知|告诉|提醒|发)", message.text):
        return {"rhythm": "at_once"}
    return {"at": at, "rhythm": "daily" if at else None}

"""Intents: what a message without a command asks for. Pure functions from text to a value.

A message is brought to its spoken form, cut into known words, days, times and the rest, and read by the rules in their
order. What no rule reads is a search for the message as it stands.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from bot.intents import archive_rules, digest_rules, subscription_rules
from bot.intents.lexicon import classes_by_word
from bot.intents.message import take_apart
from bot.intents.phrases import fixed_phrase
from bot.intents.readings import LIKELY, UNSURE, Reading, Rule
from bot.intents.spelling import mended, spoken_form

__all__ = ["Reading", "understand"]

MAX_WISH_CHARS = 60
"""A longer message is a search or a question, never a wish that changes something."""
_QUERY_SYNTAX = re.compile(r'[^\W\d_]:\S|\bOR\b|\bAND\b|\bNOT\b|(?:^|\s)-\w|\w~\w|^"[^"]+"$|\S\*')


def understand(
    message: str, *, today: date, issues: Iterable[date] = (), themes: Mapping[str, str] | None = None
) -> Reading:
    """Return what a message means on the day `today`; the days `issues` resolve a date without a year.

    `themes` maps the names by which a theme is called to the theme.
    """
    whole = Reading("search", {"query": message.strip()}, UNSURE)
    text = spoken_form(message)
    if not text or len(text) > MAX_WISH_CHARS:
        return whole
    days = tuple(issues)
    named = themes or {}
    taken = take_apart(mended(text, _correctable()), today=today, issues=days)
    has_syntax = _QUERY_SYNTAX.search(message) and not taken.has("subscribe", "unsubscribe", "send")
    if has_syntax:
        return Reading("search", {"query": message.strip()}, LIKELY)
    for rule in _rules(named):
        if (reading := rule(taken)) is not None:
            return reading
    return whole


def _rules(themes: Mapping[str, str]) -> tuple[Rule, ...]:
    return (
        fixed_phrase,
        digest_rules.quiet_hours,
        digest_rules.digest_weekdays,
        digest_rules.digest_time,
        digest_rules.digest_switch,
        subscription_rules.stop_everything,
        subscription_rules.unsubscribe,
        subscription_rules.pause_topic,
        lambda message: subscription_rules.stop_topic(message, themes),
        lambda message: subscription_rules.subscribe(message, themes),
        archive_rules.read_period,
        lambda message: archive_rules.read_theme(message, themes),
        archive_rules.question,
        archive_rules.search,
    )


_MENDED_CLASSES = {"subscribe", "unsubscribe", "digest", "cancel", "pause", "resume", "find", "talk", "every", "weekly"}


@cache
def _correctable() -> frozenset[str]:
    """Return the words that are mended: those of the lexicon, and days."""
    days = [
        f"{before}{week}{day}"
        for before in ("", "上", "本", "下", "每")
        for week in ("周", "星期")
        for day in "一二三四五六日"
    ]
    times = [f"{part}{hour}点" for part in ("", "早上", "晚上") for hour in "一二两三四五六七八九十"]
    words = [word for word, classes in classes_by_word().items() if classes & _MENDED_CLASSES]
    return frozenset(
        [
            *words,
            "什么",
            "怎么",
            "新闻",
            "报纸",
            "消息",
            "报道",
            "全部",
            "推送",
            *days,
            *times,
            "今天",
            "昨天",
            "前天",
            "上周",
            "下周",
            "本周",
            "这周",
            "上个月",
            "去年",
            "今日",
            "周末",
            "早上",
            "晚上",
            "工作日",
        ]
    )

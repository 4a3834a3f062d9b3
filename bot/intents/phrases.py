"""Whole messages that mean one thing: 你好, 怎么用, 导出订阅, 切英文. The patterns are in phrases.toml."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import resources
from itertools import count
from typing import Any

from bot.intents.message import Message, clean_topic, topics
from bot.intents.readings import LIKELY, Reading, make_reading
from digests.language import words
from digests.text import parse_number
from digests.times import NoSuchTimeZone, parse_time_zone

_GROUP = re.compile(r"\(\?P<([a-z]+)\d*>")
"""A named group; each gets a number of its own, because a pattern may have the same group in several places."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("bot.intents").joinpath("phrases.toml").read_text(encoding="utf-8"))


@cache
def _phrases() -> list[tuple[str, re.Pattern[str]]]:
    """Return the patterns of whole messages with their intents."""
    tables = {name: table for name, table in _data().items() if "patterns" in table}
    return [(intent, _compiled(pattern)) for intent, table in tables.items() for pattern in table["patterns"]]


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, part in _data()["parts"].items():
        pattern = pattern.replace(f"?P<{name}>", f"?P<{name}0>").replace(f"<{name}>", f"(?:{part})")
    numbers = count()

    def numbered(match: re.Match[str]) -> str:
        return f"(?P<{match[1]}_{next(numbers)}>"

    return re.compile(_GROUP.sub(numbered, pattern))


@cache
def _topic_patterns(kind: str) -> list[re.Pattern[str]]:
    return [_compiled(pattern) for pattern in _data()["topics"][kind]["patterns"]]


def topic_in(message: Message, kind: str) -> str:
    """Return the topic of a message in one of the forms of [topics.`kind`]; an empty text if it has none of them."""
    for pattern in _topic_patterns(kind):
        if match := pattern.fullmatch(message.text):
            return next((value for value in match.groupdict().values() if value), "")
    return ""


@cache
def _politeness(where: str) -> re.Pattern[str]:
    return re.compile(_data()["politeness"][where])


def cores(text: str) -> list[str]:
    """Return the text, and shorter forms of it without words of politeness at its ends."""
    forms = [text]
    while True:
        shorter = _politeness("after").sub("", _politeness("before").sub("", forms[-1])).strip(" ,")
        if not shorter or shorter == forms[-1]:
            return forms
        forms.append(shorter)


def fixed_phrase(message: Message) -> Reading | None:
    """你好, 怎么用, 导出订阅, 切英文 and the like: the whole message is one phrase."""
    for core in cores(message.text):
        for intent, pattern in _phrases():
            if match := pattern.fullmatch(core):
                named = {
                    name.partition("_")[0]: value for name, value in match.groupdict().items() if value is not None
                }
                if (reading := _phrase_reading(intent, named)) is not None:
                    return reading
    return None


_LANGUAGES = {"繁": "zh-Hant", "正体": "zh-Hant", "traditional": "zh-Hant", "英": "en", "english": "en"}


def _phrase_reading(intent: str, named: Mapping[str, str]) -> Reading | None:
    """Return the reading of a phrase with the parts that its pattern names; None if a part is none of its kind."""
    read = _PARTS.get(intent)
    return read(named) if read else make_reading(intent, **dict[str, Any](named))


def _language(named: Mapping[str, str]) -> Reading:
    wanted = named["language"]
    code = next((code for sign, code in _LANGUAGES.items() if sign in wanted), "zh")
    return make_reading("set_language", language=code)


def _timezone(named: Mapping[str, str]) -> Reading | None:
    try:
        return make_reading("set_timezone", LIKELY, zone=parse_time_zone(named["zone"]))
    except NoSuchTimeZone:
        return None


def _stories(named: Mapping[str, str]) -> Reading | None:
    number = parse_number(named["n"]) or _ENGLISH_NUMBERS.get(named["n"])
    return make_reading("set_stories", n=number) if number else None


def _trend(named: Mapping[str, str]) -> Reading:
    return Reading("trend", {"terms": topics(named.get("terms", ""))})


def _relative_issue(named: Mapping[str, str]) -> Reading:
    return make_reading("read_relative_issue", direction=next(iter(named)))


def _like(intent: str, named: Mapping[str, str]) -> Reading:
    return make_reading(intent, LIKELY, query=clean_topic(named.get("query", "")))


_ENGLISH_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten twelve".split(), [*range(1, 11), 12], strict=True)
)


_OFFICE = re.compile(
    ".*(?:书记|[市省县区镇乡州局厅处部校院社行馆站台会队]长|主任|主席|总理|总统|经理|董事长|总裁|秘书长|检察长"
    "|mayor|secretary|governor|minister|president|director)"
)
"""What ends with the name of an office: 太原市市长."""


def _who_is(named: Mapping[str, str]) -> Reading | None:
    name = named["name"].removesuffix("同志").removesuffix("现在").strip()
    if _OFFICE.fullmatch(name):
        return make_reading("who_is", office=name)
    is_latin = re.fullmatch(r"[a-z]+(?: [a-z]+){0,2}", name)
    has_surname = words.is_surname(name[0]) or words.frequency(name) == 0
    is_name = re.fullmatch(r"\w{1,12}(?:·\w{1,12})+", name) or (re.fullmatch("[一-鿿]{2,4}", name) and has_surname)
    if is_latin and name.split()[0] in ("responsible", "in", "the", "your", "this", "that", "you"):
        return None
    return make_reading("who_is", name=name) if is_latin or is_name else None


_PARTS: Mapping[str, Callable[[Mapping[str, str]], Reading | None]] = {
    "set_language": _language,
    "set_timezone": _timezone,
    "set_stories": _stories,
    "who_is": _who_is,
    "trend": _trend,
    "read_relative_issue": _relative_issue,
    "more_like_this": partial(_like, "more_like_this"),
    "less_like_this": partial(_like, "less_like_this"),
}
"""How the named parts of a phrase are read; those of other phrases are parameters as they stand."""

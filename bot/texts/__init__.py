"""Every sentence a reader sees: the folders zh and en with the same files side by side, addressed by dotted keys.

`html` gives Telegram HTML for a message, `plain` plain text for a button or a menu. A text may be a table of `one` and
`other` where a language counts; which one is taken follows from the value of `count`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any

from bot.texts.markup import Html, as_html
from digests.chats import Language

Plural = Mapping[str, str]
Translation = str | Plural | tuple[str, ...]

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Texts:
    """The sentences of one language, and how it writes days and numbers."""

    language: Language
    entries: Mapping[str, Translation]

    def html(self, key: str, **values: object) -> Html:
        """The sentence at `key` as Telegram HTML; values are escaped unless they are Html."""
        written = {name: as_html(self._written(value)) for name, value in values.items()}
        return Html(self._form(key, values.get("count")).format(**written))

    def plain(self, key: str, **values: object) -> str:
        """The words at `key` as plain text, for buttons and menus."""
        written = {name: self._written(value) for name, value in values.items()}
        return self._form(key, values.get("count")).format(**written)

    def day(self, day: date) -> str:
        """A day in full, with its weekday: 2022年8月29日 星期一."""
        return self._date("date.full", day)

    def short_day(self, day: date) -> str:
        """A day as a button has room for it: 2022年8月29日."""
        return self._date("date.short", day)

    def brief_day(self, day: date) -> str:
        """A day among others of its year: 8月29日."""
        return self._date("date.brief", day)

    def weekday(self, day: int) -> str:
        """A day of the week, 0 is Monday: 星期一."""
        return tuple(self.entries["date.weekdays"])[day]

    def number(self, number: int) -> str:
        """A number as this language groups its digits: Chinese leaves four together, English three."""
        return f"{number:,}" if self.language == "en" or abs(number) >= 10_000 else str(number)

    def clock(self, moment: time) -> str:
        """A time of day: 07:30."""
        return f"{moment:%H:%M}"

    def listed(self, things: Iterable[str]) -> str:
        """Several things in one phrase: 殷雪嵩、梁涛."""
        return self.plain("list.comma").join(things)

    def _date(self, key: str, day: date) -> str:
        weekdays, months = self.entries["date.weekdays"], self.entries["date.months"]
        return self._form(key, None).format(
            year=day.year,
            month=tuple(months)[day.month - 1],
            day=day.day,
            weekday=tuple(weekdays)[day.weekday()],
        )

    def _written(self, value: object) -> object:
        return self.number(value) if isinstance(value, int) else value

    def _form(self, key: str, count: object) -> str:
        entry = self.entries[key]
        if isinstance(entry, str):
            return entry
        if isinstance(entry, Mapping):
            return entry["one" if count == 1 else "other"]
        raise TypeError(f"{key} in {self.language} is a list, not a sentence")


@cache
def texts_for(language: Language) -> Texts:
    """The texts of `language`, read once."""
    entries: dict[str, Translation] = {}
    for file in sorted(files(__package__).joinpath(language).iterdir(), key=lambda file: file.name):
        for key, entry in _entries(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in entries:
                raise ValueError(f"{key} stands a second time in {language}/{file.name}")
            entries[key] = entry
    return Texts(language, entries)


def language_of(code: str | None, otherwise: Language) -> Language:
    """The language for a reader whose Telegram says `code` (an IETF tag), `otherwise` where it says nothing."""
    if not code:
        return otherwise
    return "zh" if code.lower().split("-")[0] == "zh" else "en"


def _entries(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Translation]]:
    for name, value in table.items():
        key = f"{path}{name}"
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            yield from _entries(value, f"{key}.")
        else:
            yield key, tuple(value) if isinstance(value, list) else value

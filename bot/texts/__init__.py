"""The texts that readers see, in one folder per language with the same files and dotted keys; helpers for their HTML.

`Texts.html` returns Telegram HTML for a message, `Texts.plain` plain text for a button, a menu or a notice. A text can
be a table with one entry for each CLDR plural category (`one`, `other`); the value of `count` selects the entry. Babel
supplies the plural rules and formats dates, numbers and lists.

A plain string is escaped when it is put into a text; a string of type `Html` is not escaped again. Thus every value is
escaped exactly once.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache, cached_property
from html import escape
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from digests.chats import Language


class Html(str):
    """A string that is already Telegram HTML."""

    __slots__ = ()


def as_html(value: object) -> Html:
    """Return `value` as Telegram HTML, escaped unless it is already `Html`."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=False))


def bold(value: object) -> Html:
    """Return `value` in bold."""
    return Html(f"<b>{as_html(value)}</b>")


def quoted(value: object) -> Html:
    """Return `value` as a block quotation."""
    return Html(f"<blockquote>{as_html(value)}</blockquote>")


def folded(value: object) -> Html:
    """Return `value` as a block quotation that is collapsed to its first lines until the reader expands it."""
    return Html(f"<blockquote expandable>{as_html(value)}</blockquote>")


def linked(value: object, url: str) -> Html:
    """Return `value` as a link to `url`."""
    return Html(f'<a href="{escape(url)}">{as_html(value)}</a>')


def preformatted(value: object) -> Html:
    """Return `value` in a fixed-width font, for tables."""
    return Html(f"<pre>{as_html(value)}</pre>")


def join(separator: str, parts: Iterable[object]) -> Html:
    """Return the parts that are not empty as HTML, with `separator`, a plain string, between them."""
    return Html(as_html(separator).join(as_html(part) for part in parts if part))


def lines(*parts: object) -> Html:
    """Return the parts that are not empty, one per line."""
    return join("\n", parts)


Translation = str | Mapping[str, str]
"""A text, or one text for each plural category."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")
MIN_GROUPED_NUMBER: Mapping[Language, int] = {"zh": 10_000, "en": 1000}
"""The smallest number whose digits are grouped: Chinese newspapers print 1234, but 12,345."""

_LOCALES: Mapping[Language, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}
_PLURAL_CATEGORIES = {"zero", "one", "two", "few", "many", "other"}


@dataclass(frozen=True)
class Texts:
    """The texts of one language, and its formats for dates, times, numbers and lists."""

    language: Language
    translations: Mapping[str, Translation]

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale of the language."""
        return Locale.parse(_LOCALES[self.language])

    def html(self, key: str, **values: object) -> Html:
        """Return the text at `key` as Telegram HTML; values are escaped unless they are `Html`."""
        written = {name: as_html(self._written(value)) for name, value in values.items()}
        return Html(self._template(key, values.get("count")).format(**written))

    def plain(self, key: str, **values: object) -> str:
        """Return the text at `key` as plain text."""
        written = {name: self._written(value) for name, value in values.items()}
        return self._template(key, values.get("count")).format(**written)

    def full_date(self, day: date) -> str:
        """Return the date with its weekday: 2022年8月29日 星期一."""
        return self._date("date.full", day)

    def long_date(self, day: date) -> str:
        """Return the date without its weekday, short enough for a button: 2022年8月29日."""
        return self._date("date.long", day)

    def month_day(self, day: date) -> str:
        """Return the date without its year: 8月29日."""
        return self._date("date.month_day", day)

    def weekday(self, day: int) -> str:
        """Return the name of a weekday, where 0 is Monday: 星期一."""
        return str(self.locale.days["format"]["wide"][day])

    def number(self, number: int) -> str:
        """Return the number with its digits grouped by the convention of the language."""
        grouped = abs(number) >= MIN_GROUPED_NUMBER[self.language]
        return format_decimal(number, locale=self.locale, group_separator=grouped)

    def time_of_day(self, moment: time) -> str:
        """Return the time on the 24-hour clock: 07:30."""
        return f"{moment:%H:%M}"

    def listed(self, items: Iterable[str]) -> str:
        """Return the items as one phrase: 殷雪嵩、梁涛; Monday, Tuesday and Friday.

        In Chinese, CLDR puts 和 before the last item; newspapers separate names and dates with 、 only.
        """
        if self.language == "zh":
            return "、".join(items)
        return format_list(list(items), locale=self.locale)

    def _date(self, pattern: str, day: date) -> str:
        return format_date(day, self._template(pattern, None), locale=self.locale)

    def _written(self, value: object) -> object:
        """Return a number in the format of the language, and any other value unchanged."""
        return self.number(value) if isinstance(value, int) else value

    def _template(self, key: str, count: object) -> str:
        """Return the text at `key` before values are put in; from a plural table, the entry for `count`."""
        translation = self.translations[key]
        if isinstance(translation, str):
            return translation
        if not isinstance(count, int):
            raise TypeError(f"{key} in {self.language} needs a count, got {count!r}")
        return translation[self.locale.plural_form(count)]


@cache
def texts_for(language: Language) -> Texts:
    """Return the texts of `language`, read from the package on the first call."""
    translations: dict[str, Translation] = {}
    for file in sorted(files(__package__).joinpath(language).iterdir(), key=lambda file: file.name):
        for key, translation in _translations(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in translations:
                raise ValueError(f"{key} is defined a second time in {language}/{file.name}")
            translations[key] = translation
    return Texts(language, translations)


def language_of(code: str | None, default: Language) -> Language:
    """Return the language for a reader whose Telegram client uses `code` (an IETF tag); `default` without a code."""
    if not code:
        return default
    return "zh" if code.lower().split("-")[0] == "zh" else "en"


def _translations(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Translation]]:
    """Yield each text of a TOML table with its dotted key; a table of plural categories is a single text."""
    for name, value in table.items():
        key = f"{path}{name}"
        if isinstance(value, dict) and not set(value) <= _PLURAL_CATEGORIES:
            yield from _translations(value, f"{key}.")
        else:
            yield key, value

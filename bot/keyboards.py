"""Buttons: the one place where callback data is made and read.

Callback data is a version, a letter for what the button does, and its values: `1:a:k7f3m-9wq2d`. It holds all that the
button needs, within Telegram's 64 bytes, so a keyboard sent last year works after any number of restarts. A search does
not fit in there: its buttons carry the place in the results alone, and `query_above` finds the query in the message
they stand under.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot.presses import LETTERS, Press
from digests.readers import Language

VERSION = "1"
LIMIT = 64
"""Bytes that Telegram allows in callback data."""

Button = tuple[str, str]
Row = tuple[Button, ...]

_LETTER_OF = {kind: letter for letter, kind in LETTERS.items()}


def encode(press: Press) -> str:
    """The callback data of a button that does `press`; ValueError where it would not fit."""
    values = [_written(getattr(press, field.name)) for field in fields(press)]
    data = ":".join([VERSION, _LETTER_OF[type(press)], *values])
    if len(data.encode()) > LIMIT:
        raise ValueError(f"callback data {data!r} takes {len(data.encode())} bytes; {LIMIT} are allowed")
    return data


def decode(data: str | None) -> Press | None:
    """What a button with this callback data does; None for anything that `encode` never made."""
    version, _, rest = (data or "").partition(":")
    letter, *values = rest.split(":")
    kind = LETTERS.get(letter)
    if version != VERSION or kind is None or len(values) != len(fields(kind)):
        return None
    try:
        return kind(*(_READ[field.type](value) for field, value in zip(fields(kind), values, strict=True)))
    except ValueError:
        return None


def button(label: str, press: Press) -> Button:
    """A button as `Outgoing` holds it."""
    return label, encode(press)


def rows(buttons: Iterable[Button], width: int) -> tuple[Row, ...]:
    """The buttons in as few rows as `width` allows, all of nearly the same length: six in rows of 5 stand 3 and 3."""
    row = tuple(buttons)
    if not row:
        return ()
    number = -(-len(row) // width)
    ends = [-(-len(row) * line // number) for line in range(number + 1)]
    return tuple(row[start:end] for start, end in pairwise(ends))


def markup(buttons: Iterable[Row]) -> InlineKeyboardMarkup | None:
    """Telegram's form of the rows; None without any."""
    keyboard = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in buttons if row]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def query_above(message: object) -> str | None:
    """The query of the search that `message` answers: what stands as code in its first line."""
    if not isinstance(message, Message):  # too old: Telegram tells only where it stood
        return None
    first_line = (message.text or "").partition("\n")[0]
    for entity, text in message.parse_entities([MessageEntity.CODE]).items():
        if entity.offset < len(first_line):
            return text
    return None


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    if isinstance(value, time):
        return f"{value:%H%M}"
    return str(value)


def _text(value: str) -> str:
    if not value:
        raise ValueError("an empty value")
    return value


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError(f"{value!r} is not a count")
    return int(value)


def _flag(value: str) -> bool:
    return ("0", "1").index(value) == 1


def _language(value: str) -> Language:
    known: dict[str, Language] = {one: one for one in get_args(Language)}
    if value not in known:
        raise ValueError(f"{value!r} is not a language")
    return known[value]


def _day(value: str) -> date:
    return datetime.strptime(f"{_count(value):08}", "%Y%m%d").date()  # noqa: DTZ007  a day has no time zone


def _time(value: str) -> time:
    return datetime.strptime(f"{_count(value):04}", "%H%M").time()  # noqa: DTZ007  a time of day has none either


_READ: dict[Any, Callable[[str], Any]] = {
    str: _text,
    int: _count,
    bool: _flag,
    date: _day,
    time: _time,
    Language: _language,
}

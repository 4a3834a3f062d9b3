"""Buttons: the one place where callback data is made and read.

Callback data is a version, a letter for what the button does, and its values: `1:a:k7f3m-9wq2d`. It holds all that the
button needs, within Telegram's 64 bytes, so a keyboard sent last year works after any number of restarts. A search does
not fit in there: its buttons carry the place in the results alone, and `query_above` finds the query in the message
they stand under. A word of an article does not either: its `mark` stands for it, and `word_of` finds it again among the
words that the article has when the button is pressed.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise
from typing import Any, get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot.presses import LETTERS, Press
from bot.wishes import ChatId, Menu
from digests.readers import Language, Rhythm
from digests.search import Facet

VERSION = "1"
LIMIT = 64
"""Bytes that Telegram allows in callback data."""
ADDRESS = "@"
"""What stands between the data of a button and the chat that it concerns, where it is another one (addressing.py)."""
SHARING = "@"
"""What stands before the inline query of a button that shares; callback data begins with its version instead."""
_MARKS = 1_000_000_000

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


def sharing(label: str, query: str) -> Button:
    """A button that lets the reader choose a chat and offers there what an inline `query` finds."""
    return label, SHARING + query


def mark(word: str) -> int:
    """The number that stands for a word in callback data, which has no room for Hanzi."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) % _MARKS


def word_of(number: int, words: Iterable[str]) -> str | None:
    """The one of `words` that a button means; None where they no longer hold it."""
    return next((word for word in words if mark(word) == number), None)


def rows(buttons: Iterable[Button], width: int) -> tuple[Row, ...]:
    """The buttons in as few rows as `width` allows, all of nearly the same length: six in rows of 5 stand 3 and 3."""
    row = tuple(buttons)
    if not row:
        return ()
    number = -(-len(row) // width)
    ends = [-(-len(row) * line // number) for line in range(number + 1)]
    return tuple(row[start:end] for start, end in pairwise(ends))


@lru_cache(maxsize=64)
def markup(buttons: tuple[Row, ...]) -> InlineKeyboardMarkup | None:
    """Telegram's form of the rows; None without any. Kept for a while, as every reader of a morning gets the same."""
    keyboard = [[_shown(label, data) for label, data in row] for row in buttons if row]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def _shown(label: str, data: str) -> InlineKeyboardButton:
    if data.startswith(SHARING):
        return InlineKeyboardButton(label, switch_inline_query=data.removeprefix(SHARING))
    return InlineKeyboardButton(label, callback_data=data)


def query_above(message: object) -> str | None:
    """The query of the search that `message` answers: what stands as code in its first line."""
    if not isinstance(message, Message):  # too old: Telegram tells only where it stood
        return None
    first_line = (message.text or "").partition("\n")[0]
    for entity, text in message.parse_entities([MessageEntity.CODE]).items():
        if entity.offset < len(first_line):
            return text
    return None


def codes(message: object) -> list[str]:
    """All that stands as code in `message`, in its order."""
    if not isinstance(message, Message):
        return []
    found = message.parse_entities([MessageEntity.CODE])
    return [found[entity] for entity in sorted(found, key=lambda entity: entity.offset)]


def above(message: object) -> list[Press]:
    """What the buttons of `message` do; of a message that is answered, they say what it asked."""
    keyboard = message.reply_markup if isinstance(message, Message) else None
    rows = keyboard.inline_keyboard if keyboard else ()
    data = (str(one.callback_data).partition(ADDRESS)[0] for row in rows for one in row if one.callback_data)
    return [press for press in map(decode, data) if press]


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


def _among(choices: Any) -> Callable[[str], str]:
    """The reader of values that are one of a few words."""

    def read(value: str) -> str:
        if value not in get_args(choices):
            raise ValueError(f"{value!r} is none of {get_args(choices)}")
        return value

    return read


def _chat(value: str) -> int:
    sign = "-" if value.startswith("-") else ""
    digits = value.removeprefix(sign)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 16 and digits.lstrip("0") == digits):
        raise ValueError(f"{value!r} is no chat")
    return int(value)


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
    ChatId: _chat,
    **{choices: _among(choices) for choices in (Language, Rhythm, Menu, Facet)},
}

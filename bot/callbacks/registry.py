"""The registry of callback classes by letter, and the encoding of callback data.

    class ShowDigest(Callback, letter="d"):
        day: date

    encode(ShowDigest(date(2022, 8, 29))) == "1:d:20220829"

Callback data is the version, the letter and the values in the order of the fields. It contains or refers to everything
that the button needs, so a button works after any number of restarts. If a button acts on another chat than that of its
message, the data ends with the address of the other chat: `1:u:3@-1001` is `1:u:3` for the channel -1001.

A value of type AnyText is written into the data itself if it fits (`=防汛`). A longer text is written between two
control characters; when the message is sent, the text is stored and an id replaces it in the data (`~b53bb01ab078`).
See digests/storage/button_texts.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, NewType, dataclass_transform, get_args, get_origin
from urllib.parse import unquote

from digests.storage.button_texts import ID_CHARS, ID_SIGN, TEXT_END, TEXT_START

CALLBACK_DATA_VERSION = "1"
MAX_CALLBACK_BYTES = 64
"""Maximum number of bytes that Telegram allows in callback data."""
ADDRESS_SIGN = "@"
MAX_ADDRESS_BYTES = len("@-1001234567890123")
"""Bytes of the longest address; Telegram's chat ids have at most 52 bits."""
MAX_OWN_BYTES = MAX_CALLBACK_BYTES - MAX_ADDRESS_BYTES
"""Maximum number of bytes of callback data to which the longest address can be added."""
TEXT_SIGN = "="
"""Prefix of a text that is written into the data itself."""

AnyText = Annotated[str, "a text of any length"]
"""The type of a field that takes any text: a query, a name, the title of a theme."""
ChatId = NewType("ChatId", int)
"""Telegram's id of a chat; negative for groups and channels."""

_CLASSES: dict[str, type["Callback"]] = {}
CALLBACKS_BY_LETTER: Mapping[str, type["Callback"]] = MappingProxyType(_CLASSES)
"""All declared callbacks by their letters."""

_ESCAPES = {code: f"%{code:02X}" for code in (*range(0x20), 0x7F, *map(ord, f"%:{ADDRESS_SIGN}"))}


class ExpiredText(LookupError):
    """A button needs a text that is no longer stored, or that its message does not contain."""


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Callback:
    """What a button does. Each subclass is a frozen dataclass with a letter.

    A letter is never reused with another meaning, because old messages keep their buttons for years.
    """

    letter: ClassVar[str]

    def __init_subclass__(cls, *, letter: str) -> None:
        """Register the class.

        Raises ValueError if the letter is in use, TypeError if callback data cannot encode the type of a field.
        """
        if letter in _CLASSES:
            raise ValueError(f"{cls.__name__}: the letter {letter!r} is already used by {_CLASSES[letter].__name__}")
        dataclass(frozen=True)(cls)
        for field in fields(cls):
            _reader(field.type)
        cls.letter = letter
        _CLASSES[letter] = cls


def encode(callback: Callback, *, address_bytes: int = 0) -> str:
    """Return the callback data of a button, leaving `address_bytes` bytes free for an address.

    Raises ValueError if there is no room for the longest address even with all texts stored.
    """
    data = _join(callback, inline_text)
    if len(data.encode()) <= MAX_OWN_BYTES:
        return data
    shortest = _join(callback, lambda _: ID_SIGN + "0" * ID_CHARS)
    size = len(shortest.encode())
    if size > MAX_OWN_BYTES:
        raise ValueError(f"callback data {shortest!r} takes {size} bytes; {MAX_OWN_BYTES} are allowed")
    fits = len(data.encode()) <= MAX_CALLBACK_BYTES - address_bytes
    return data if fits else _join(callback, _text_to_store)


def decode(data: str | None, stored: Mapping[str, str] = MappingProxyType({})) -> Callback | None:
    """Return the callback of a button with this data; None for invalid data.

    `stored` maps `stored_ids(data)` to their texts. Raises ExpiredText if a text is missing.
    """
    version, _, rest = (data or "").partition(":")
    letter, *values = rest.split(":")
    kind = _CLASSES.get(letter)
    if version != CALLBACK_DATA_VERSION or kind is None or len(values) != len(fields(kind)):
        return None
    try:
        return kind(*(_read(value, field.type, stored) for field, value in zip(fields(kind), values, strict=True)))
    except ValueError:
        return None


def stored_ids(data: str) -> list[str]:
    """Return the ids in callback data whose texts `decode` needs."""
    return [value.removeprefix(ID_SIGN) for value in data.split(":") if value.startswith(ID_SIGN)]


def split_address(data: str | None) -> tuple[str, int | None]:
    """Return callback data without its address, and the chat id of the address; None if there is no address."""
    own, sign, chat = (data or "").rpartition(ADDRESS_SIGN)
    if sign and _is_number(chat.removeprefix("-")) and len(chat) < MAX_ADDRESS_BYTES:
        return own, int(chat)
    return data or "", None


def inline_text(text: str) -> str:
    """Return a text as it is written into callback data itself."""
    return TEXT_SIGN + text.translate(_ESCAPES)


def _text_to_store(text: str) -> str:
    """Return a text encoded between the two marks; it is stored when the message is sent."""
    return TEXT_START + text.translate(_ESCAPES) + TEXT_END


def _join(callback: Callback, write_text: Callable[[str], str]) -> str:
    values = ((getattr(callback, field.name), field.type) for field in fields(callback))
    written = (write_text(value) if kind == AnyText else _write_value(value) for value, kind in values)
    return ":".join([CALLBACK_DATA_VERSION, callback.letter, *written])


def _read(value: str, kind: Any, stored: Mapping[str, str]) -> Any:
    """Decode a value of the type `kind`. Raises ValueError if it is invalid, ExpiredText if its text is missing."""
    return _read_text(value, stored) if kind == AnyText else _reader(kind)(value)


def _read_text(value: str, stored: Mapping[str, str]) -> str:
    sign, text = value[:1], value[1:]
    if sign == ID_SIGN:
        if text not in stored:
            raise ExpiredText(text)
        return unquote(stored[text])
    if sign not in (TEXT_SIGN, TEXT_START):
        raise ValueError(f"{value!r} is not an encoded text")
    return unquote(text.removesuffix(TEXT_END))


def _write_value(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    if isinstance(value, time):
        return f"{value:%H%M}"
    return str(value)


def _reader(kind: Any) -> Callable[[str], Any]:
    """Return the function that decodes values of the field type `kind`; raises TypeError if there is none."""
    if get_origin(kind) is Literal:
        return _choice_reader(get_args(kind))
    if kind not in _READERS:
        raise TypeError(f"callback data cannot encode {kind}; expected one of {', '.join(map(str, _READERS))}")
    return _READERS[kind]


def _read_word(value: str) -> str:
    if not value:
        raise ValueError("the value is empty")
    return value


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _read_count(value: str) -> int:
    if not (_is_number(value) and len(value) <= 9):
        raise ValueError(f"{value!r} is not a count")
    return int(value)


def _read_flag(value: str) -> bool:
    return ("0", "1").index(value) == 1


def _choice_reader(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} is not one of {choices}")
        return value

    return read


def _read_chat(value: str) -> int:
    sign = "-" if value.startswith("-") else ""
    digits = value.removeprefix(sign)
    if not (_is_number(digits) and len(digits) <= 16 and digits.lstrip("0") == digits):
        raise ValueError(f"{value!r} is not a chat id")
    return int(value)


def _read_day(value: str) -> date:
    return datetime.strptime(f"{_read_count(value):08}", "%Y%m%d").date()  # noqa: DTZ007  a day has no time zone


def _read_time(value: str) -> time:
    return datetime.strptime(f"{_read_count(value):04}", "%H%M").time()  # noqa: DTZ007  a time of day has no time zone


_READERS: dict[Any, Callable[[str], Any]] = {
    str: _read_word,
    int: _read_count,
    bool: _read_flag,
    date: _read_day,
    time: _read_time,
    ChatId: _read_chat,
    AnyText: str,
}

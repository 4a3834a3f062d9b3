"""Making messages fit: Telegram takes 4096 UTF-16 units of text a message, counted without the tags.

`split` cuts one long text, at the end of a paragraph if it can, else of a line, a sentence, a phrase; never inside a
tag, an entity or a surrogate pair, and with every tag that was open at the cut closed and opened again. `pack` fills
messages with whole entries, each with its own button below.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from bot.keyboards import Button, Row, rows
from bot.texts.markup import Html, join
from digests.chats import OutgoingMessage
from digests.text import sentences

MAX_MESSAGE_UNITS = 4096
"""UTF-16 units in one message."""
MAX_CAPTION_UNITS = 1024
"""UTF-16 units below a picture."""
BUTTONS_PER_ROW = 5
EXTRA_BUTTONS_PER_ROW = 4

_TAG = re.compile(r"</?(?:b|strong|i|em|u|ins|s|del|a|code|pre|blockquote|tg-spoiler)(?:\s[^>]*)?>", re.IGNORECASE)
_PIECE = re.compile(r"<[^>]*>|&\w+;|.", re.DOTALL)
_PAUSES = frozenset("，、；：, \t")


@dataclass(frozen=True)
class Entry:
    """Something that is not torn from its buttons."""

    text: Html
    button: Button | None = None
    further: Button | None = None
    """A second button, which stands with others of its sort below those of all entries."""


class _Piece(NamedTuple):
    """A tag (which shows nothing) or one character as the reader sees it."""

    html: str
    shown: str


def utf16_units(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain_text(text: str) -> str:
    """What a reader sees of Telegram HTML; a `<` that begins none of its tags is a word like others."""
    return unescape(_TAG.sub("", text))


def split(text: Html, limit: int = MAX_MESSAGE_UNITS, *, first: int | None = None) -> tuple[Html, ...]:
    """`text` in parts of at most `limit` units each; nothing is lost but white space at the cuts.

    The first part may have a limit of its own, `first`.
    """
    shown = plain_text(text)
    if utf16_units(shown) <= (first or limit):
        return (Html(text.strip()),) if shown.strip() else ()
    pieces = [_Piece(raw, "" if raw.startswith("<") else unescape(raw)) for raw in _PIECE.findall(text)]
    parts: list[Html] = []
    opened: list[str] = []
    for stretch in _stretches(pieces, first or limit, limit):
        inside = "".join(opened) + "".join(piece.html for piece in stretch).strip()
        opened = _left_open(opened, stretch)
        part = Html(inside + "".join(f"</{_name(tag)}>" for tag in reversed(opened)))
        if plain_text(part).strip():
            parts.append(part)
    return tuple(parts)


def pack(
    head: Html, entries: Iterable[Entry], foot: Sequence[Row] = (), limit: int = MAX_MESSAGE_UNITS
) -> tuple[OutgoingMessage, ...]:
    """The head and the entries in as few messages as hold them; `foot` are rows of buttons below the last."""
    groups: list[tuple[Html, list[Entry]]] = [(head, [])]
    for entry in entries:
        text, held = groups[-1]
        joined = join("\n\n", [text, entry.text])
        if utf16_units(plain_text(joined)) <= limit:
            groups[-1] = (joined, [*held, entry])
        else:
            groups.append((entry.text, [entry]))
    messages = [message for text, held in groups for message in _messages(text, _rows(held), limit)]
    messages[-1] = OutgoingMessage(messages[-1].text, (*messages[-1].buttons, *foot))
    return tuple(messages)


def _rows(entries: Sequence[Entry]) -> tuple[Row, ...]:
    first = rows((entry.button for entry in entries if entry.button), BUTTONS_PER_ROW)
    return first + rows((entry.further for entry in entries if entry.further), EXTRA_BUTTONS_PER_ROW)


def _messages(text: Html, buttons: tuple[Row, ...], limit: int) -> Iterator[OutgoingMessage]:
    *first, last = split(text, limit)
    yield from map(OutgoingMessage, first)
    yield OutgoingMessage(last, buttons)


def _stretches(pieces: Sequence[_Piece], limit: int, further: int) -> Iterator[Sequence[_Piece]]:
    """The first as long as `limit` allows, those after it as long as `further` does."""
    ranks = _ranks(pieces)
    taken = [0, *accumulate(utf16_units(piece.shown) for piece in pieces)]
    start = 0
    while (end := _reach(taken, start, limit)) < len(pieces):
        half = _reach(taken, start, limit // 2)
        cut = max(range(min(half, end - 1), end), key=lambda at: (ranks[at], at)) + 1
        yield pieces[start:cut]
        start, limit = cut, further
    yield pieces[start:]


def _reach(taken: Sequence[int], start: int, limit: int) -> int:
    """The end of the longest stretch from `start` that fits; at least one piece long.

    `taken` are the units before each piece, and before the end.
    """
    return min(max(bisect_right(taken, taken[start] + limit) - 1, start + 1), len(taken) - 1)


def _ranks(pieces: Sequence[_Piece]) -> list[int]:
    """How good a cut after each piece is: 4 ends a paragraph, 3 a line, 2 a sentence, 1 a phrase, -1 none."""
    ends = {end for _, end in sentences("".join(piece.shown for piece in pieces))}
    ranks, before, at = [], "", 0
    for piece in pieces:
        at += len(piece.shown)
        before = (before + piece.shown)[-2:]
        ranks.append(-1 if _opens(piece) else _rank(before, at in ends))
    return ranks


def _rank(before: str, ends_sentence: bool) -> int:
    if before == "\n\n":
        return 4
    if before[-1:] == "\n":
        return 3
    return 2 if ends_sentence else int(before[-1:] in _PAUSES)


def _left_open(opened: Sequence[str], stretch: Iterable[_Piece]) -> list[str]:
    """The tags that are open after `stretch`, if `opened` were before it."""
    left = list(opened)
    for piece in stretch:
        if _opens(piece):
            left.append(piece.html)
        elif piece.html.startswith("</"):
            left.pop()
    return left


def _opens(piece: _Piece) -> bool:
    return piece.html.startswith("<") and not piece.html.startswith("</")


def _name(tag: str) -> str:
    return tag.strip("<>").partition(" ")[0]

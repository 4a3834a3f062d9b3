"""Fitting text into messages: Telegram accepts 4096 UTF-16 units of text per message, not counting the tags.

It shows at most 100 entities (tags, and links and commands that it finds itself) and drops the others.

`split` cuts a long text at the end of a paragraph if possible, else of a line, a sentence or a phrase; never inside a
tag, an entity or a surrogate pair. A tag that is open at a cut is closed before the cut and opened again after it.
`pack` fills messages with whole entries and puts the buttons of a message's entries below it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from bot.keyboards import Button, Row, rows
from bot.texts import Html, join
from digests.chats import OutgoingMessage
from digests.text import sentences

MAX_MESSAGE_UNITS = 4096
"""UTF-16 units of text in one message."""
MAX_ENTITIES = 100
"""Entities in one message."""
MAX_CAPTION_UNITS = 1024
"""UTF-16 units of text below a picture."""
REOPENED_TAGS = 5
"""Room for the tags that are open at a cut and opened again after it."""
BUTTONS_PER_ROW = 5
EXTRA_BUTTONS_PER_ROW = 4

_TAG = re.compile(r"</?(?:b|strong|i|em|u|ins|s|del|a|code|pre|blockquote|tg-spoiler)(?:\s[^>]*)?>", re.IGNORECASE)
_FOUND = re.compile(r"(?<![\w/<>])[/@#$]\w|\bhttps?://|\w\.[a-z]{2,}\b", re.ASCII)
"""Where Telegram finds a command, mention, hashtag, cashtag or link; some matches are none."""
_PIECE = re.compile(r"<[^>]*>|&\w+;|.", re.DOTALL)
_PAUSES = frozenset("，、；：, \t")


@dataclass(frozen=True)
class Entry:
    """An entry of a list; its text and its buttons stay in the same message if the text fits into one."""

    text: Html
    button: Button | None = None
    extra_button: Button | None = None
    """Shown below the `button`s of all entries in the message, in a row with other extra buttons."""


class _Piece(NamedTuple):
    """One character as HTML and as shown to the reader, or a tag, which shows nothing."""

    html: str
    shown: str


def utf16_units(text: str) -> int:
    """Return the length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain_text(html: str) -> str:
    """Return Telegram HTML as the reader sees it; a `<` that does not start a Telegram tag is kept as text."""
    return unescape(_TAG.sub("", html))


def entity_count(html: str) -> int:
    """Return at least the number of entities that Telegram makes of a message."""
    return sum(not tag.startswith("</") for tag in _TAG.findall(html)) + len(_FOUND.findall(plain_text(html)))


def split(text: Html, limit: int = MAX_MESSAGE_UNITS, *, first: int | None = None) -> tuple[Html, ...]:
    """Split `text` into parts of at most `limit` units; only white space at the ends of parts is removed.

    `first` sets a different limit for the first part.
    """
    shown = plain_text(text)
    if utf16_units(shown) <= (first or limit) and entity_count(text) <= MAX_ENTITIES:
        return (Html(text.strip()),) if shown.strip() else ()
    pieces = [_Piece(raw, "" if raw.startswith("<") else unescape(raw)) for raw in _PIECE.findall(text)]
    parts: list[Html] = []
    open_tags: list[str] = []
    for section in _sections(pieces, first or limit, limit):
        inside = "".join(open_tags) + "".join(piece.html for piece in section).strip()
        open_tags = _tags_open_after(open_tags, section)
        part = Html(inside + "".join(f"</{_tag_name(tag)}>" for tag in reversed(open_tags)))
        if plain_text(part).strip():
            parts.append(part)
    return tuple(parts)


def pack(
    head: Html, entries: Iterable[Entry], foot: Sequence[Row] = (), limit: int = MAX_MESSAGE_UNITS
) -> tuple[OutgoingMessage, ...]:
    """Return the head and the entries in as few messages as possible, with the rows `foot` below the last message."""
    groups: list[tuple[Html, list[Entry]]] = [(head, [])]
    for entry in entries:
        text, packed = groups[-1]
        joined = join("\n\n", [text, entry.text])
        if utf16_units(plain_text(joined)) <= limit and entity_count(joined) <= MAX_ENTITIES:
            groups[-1] = (joined, [*packed, entry])
        else:
            groups.append((entry.text, [entry]))
    messages = [message for text, packed in groups for message in _messages(text, _entry_rows(packed), limit)]
    messages[-1] = OutgoingMessage(messages[-1].text, (*messages[-1].buttons, *foot))
    return tuple(messages)


def _entry_rows(entries: Sequence[Entry]) -> tuple[Row, ...]:
    buttons = rows((entry.button for entry in entries if entry.button), BUTTONS_PER_ROW)
    return buttons + rows((entry.extra_button for entry in entries if entry.extra_button), EXTRA_BUTTONS_PER_ROW)


def _messages(text: Html, buttons: tuple[Row, ...], limit: int) -> Iterator[OutgoingMessage]:
    """Yield the text in as many messages as it needs, with the buttons below the last message."""
    *first, last = split(text, limit)
    yield from map(OutgoingMessage, first)
    yield OutgoingMessage(last, buttons)


def _sections(pieces: Sequence[_Piece], first_limit: int, limit: int) -> Iterator[Sequence[_Piece]]:
    """Yield a section of at most `first_limit` units, then sections of at most `limit` units.

    Each section is cut at the best place in its second half; it has at most MAX_ENTITIES entities.
    """
    ranks = _cut_ranks(pieces)
    units_before = [0, *accumulate(utf16_units(piece.shown) for piece in pieces)]
    entities_before = [0, *accumulate(_entities_at(pieces))]
    start, room = 0, first_limit

    def reach(share: int) -> int:
        """Return how far a section may go that uses one part in `share` of the limits."""
        end = _reach(units_before, start, room // share)
        return min(end, _reach(entities_before, start, (MAX_ENTITIES - REOPENED_TAGS) // share))

    while (end := reach(1)) < len(pieces):
        half = reach(2)
        cut = max(range(min(half, end - 1), end), key=lambda at: (ranks[at], at)) + 1
        yield pieces[start:cut]
        start, room = cut, limit
    yield pieces[start:]


def _entities_at(pieces: Sequence[_Piece]) -> list[int]:
    """Return the number of entities that begin at each piece."""
    shown = "".join(piece.shown for piece in pieces)
    found = {match.start() for match in _FOUND.finditer(shown)}
    counts, at = [], 0
    for piece in pieces:
        counts.append(int(_is_opening_tag(piece)) + int(bool(piece.shown) and at in found))
        at += len(piece.shown)
    return counts


def _reach(before: Sequence[int], start: int, limit: int) -> int:
    """Return the end of the longest section from `start` with at most `limit` units; it has at least one piece.

    `before` lists the units before each piece; its last value is the total.
    """
    return min(max(bisect_right(before, before[start] + limit) - 1, start + 1), len(before) - 1)


def _cut_ranks(pieces: Sequence[_Piece]) -> list[int]:
    """Return the rank of a cut after each piece; the highest rank is the best place, an opening tag has -1."""
    ends = {end for _, end in sentences("".join(piece.shown for piece in pieces))}
    ranks, before, at = [], "", 0
    for piece in pieces:
        at += len(piece.shown)
        before = (before + piece.shown)[-2:]
        ranks.append(-1 if _is_opening_tag(piece) else _cut_rank(before, at in ends))
    return ranks


def _cut_rank(before: str, ends_sentence: bool) -> int:
    """Return 4 after a paragraph, 3 after a line, 2 after a sentence, 1 after a phrase, and 0 elsewhere."""
    if before == "\n\n":
        return 4
    if before[-1:] == "\n":
        return 3
    return 2 if ends_sentence else int(before[-1:] in _PAUSES)


def _tags_open_after(open_tags: Sequence[str], section: Iterable[_Piece]) -> list[str]:
    """Return the tags that are open after `section`, given those open before it."""
    tags = list(open_tags)
    for piece in section:
        if _is_opening_tag(piece):
            tags.append(piece.html)
        elif piece.html.startswith("</"):
            tags.pop()
    return tags


def _is_opening_tag(piece: _Piece) -> bool:
    return piece.html.startswith("<") and not piece.html.startswith("</")


def _tag_name(tag: str) -> str:
    return tag.strip("<>").partition(" ")[0]

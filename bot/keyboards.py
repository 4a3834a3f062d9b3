"""Buttons: the one place where callback data is made and read.

Callback data is a version, a letter for what the button does, and its values: `1:a:k7f3m-9wq2d`. It holds all that the
button needs, within Telegram's 64 bytes, so a keyboard sent last year works after any number of restarts. A search does
not fit in there: its buttons carry the place in the results alone, and `query_above` finds the query in the message
they stand under. A word of an article does not either: its `mark` stands for it, and `word_of` finds it again among the
words that the article has when the button is pressed.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot.callbacks import ADDRESS_SIGN, INLINE_QUERY_PREFIX, Button, Callback, Row, decode, encode


def button(label: str, press: Callback) -> Button:
    """A button as `OutgoingMessage` holds it."""
    return label, encode(press)


def share_button(label: str, query: str) -> Button:
    """A button that lets the reader choose a chat and offers there what an inline `query` finds."""
    return label, INLINE_QUERY_PREFIX + query


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
    if data.startswith(INLINE_QUERY_PREFIX):
        return InlineKeyboardButton(label, switch_inline_query=data.removeprefix(INLINE_QUERY_PREFIX))
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


def callbacks_of(message: object) -> list[Callback]:
    """What the buttons of `message` do; of a message that is answered, they say what it asked."""
    keyboard = message.reply_markup if isinstance(message, Message) else None
    rows = keyboard.inline_keyboard if keyboard else ()
    data = (str(one.callback_data).partition(ADDRESS_SIGN)[0] for row in rows for one in row if one.callback_data)
    return [press for press in map(decode, data) if press]

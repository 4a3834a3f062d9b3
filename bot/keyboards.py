"""Keyboards: rows of buttons, their conversion to Telegram's types, and the callbacks and chat of sent buttons."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.callbacks import ADDRESS_SIGN, MAX_CALLBACK_BYTES, Callback, ExpiredText, decode, encode, split_address
from digests.chats import OutgoingMessage
from digests.storage.button_texts import TEXT_START

Button = tuple[str, str]
"""A label and either callback data or INLINE_QUERY_SIGN with an inline query."""
Row = tuple[Button, ...]

INLINE_QUERY_SIGN = "@"
"""Prefix of a share button's inline query; callback data begins with its version instead."""


def button(label: str, callback: Callback) -> Button:
    """Return a button with the data of `callback`."""
    return label, encode(callback)


def share_button(label: str, query: str) -> Button:
    """Return a button that lets the reader choose a chat and send a result of the inline `query` to it."""
    return label, INLINE_QUERY_SIGN + query


def rows(buttons: Iterable[Button], width: int) -> tuple[Row, ...]:
    """Return the buttons in as few rows as `width` allows, evenly filled: with `width` 5, 6 buttons form rows of 3."""
    row = tuple(buttons)
    if not row:
        return ()
    number = -(-len(row) // width)
    ends = [-(-len(row) * line // number) for line in range(number + 1)]
    return tuple(row[start:end] for start, end in pairwise(ends))


@lru_cache(maxsize=64)
def markup(buttons: tuple[Row, ...]) -> InlineKeyboardMarkup | None:
    """Return the rows as Telegram's keyboard; None if there are no buttons.

    Cached, because many readers get the same digest. Raises ValueError if callback data is too long or
    contains a text that is not stored yet.
    """
    keyboard = [[_telegram_button(label, data) for label, data in row] for row in buttons if row]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def _telegram_button(label: str, data: str) -> InlineKeyboardButton:
    if data.startswith(INLINE_QUERY_SIGN):
        return InlineKeyboardButton(label, switch_inline_query=data.removeprefix(INLINE_QUERY_SIGN))
    if TEXT_START in data or len(data.encode()) > MAX_CALLBACK_BYTES:
        raise ValueError(f"callback data {data!r} of the button {label!r} cannot be sent")
    return InlineKeyboardButton(label, callback_data=data)


def address_buttons(message: OutgoingMessage, chat: int) -> OutgoingMessage:
    """Return the message with buttons that act on `chat`.

    A channel is managed from the private chat of an administrator: buttons that were shown for the channel still act on
    it after the administrator has stopped managing it, and after any number of restarts.
    """
    buttons = tuple(tuple(_addressed(button, chat) for button in row) for row in message.buttons)
    return replace(message, buttons=buttons)


def _addressed(button: Button, chat: int) -> Button:
    label, data = button
    if data.startswith(INLINE_QUERY_SIGN):
        return button
    address = f"{ADDRESS_SIGN}{chat}"
    callback = decode(data)
    return label, (encode(callback, address_bytes=len(address)) if callback else data) + address


def addressed_chat(message: Message | None) -> int | None:
    """Return the chat that the buttons of `message` act on; without an address, the message's own chat."""
    chats = (split_address(data)[1] for data in _callback_data(message))
    return next((chat for chat in chats if chat is not None), message.chat.id if message else None)


def callbacks_of(message: Message | None) -> list[Callback]:
    """Return the callbacks of the buttons of `message`, except those that refer to a stored text."""
    found = []
    for data in _callback_data(message):
        try:
            callback = decode(split_address(data)[0])
        except ExpiredText:
            continue
        if callback:
            found.append(callback)
    return found


def _callback_data(message: Message | None) -> Iterator[str]:
    keyboard = message.reply_markup if message else None
    for row in keyboard.inline_keyboard if keyboard else ():
        yield from (str(button.callback_data) for button in row if button.callback_data)

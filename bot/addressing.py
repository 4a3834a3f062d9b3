"""Buttons that concern another chat than the one they stand in: `1:u:3@-1001` is `1:u:3` for the channel -1001.

A channel is managed from the private chat of its administrator. What is shown of it there keeps meaning it, also when
the administrator has gone back to his own subscriptions, and after any number of restarts.
"""

from dataclasses import replace

from telegram import Message

from bot.keyboards import ADDRESS, SHARING, Button
from digests.readers import Outgoing


def concerning(message: Outgoing, chat: int) -> Outgoing:
    """The message with all its buttons meaning `chat`."""
    return replace(message, buttons=tuple(tuple(_addressed(one, chat) for one in row) for row in message.buttons))


def concerned(data: str | None) -> tuple[str, int | None]:
    """The callback data of a button as its chat would have it, and the chat it concerns where it says one."""
    said, at, chat = (data or "").rpartition(ADDRESS)
    if at and chat.removeprefix("-").isdecimal() and len(chat) <= 20:
        return said, int(chat)
    return data or "", None


def about(message: Message | None) -> int | None:
    """The chat that the buttons of `message` concern."""
    keyboard = message.reply_markup if message else None
    data = (one.callback_data for row in (keyboard.inline_keyboard if keyboard else ()) for one in row)
    chats = (concerned(str(one))[1] for one in data if one)
    return next((chat for chat in chats if chat is not None), message.chat.id if message else None)


def _addressed(button: Button, chat: int) -> Button:
    label, data = button
    return button if data.startswith(SHARING) else (label, f"{data}{ADDRESS}{chat}")

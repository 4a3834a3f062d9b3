"""The messages of all chats; every change of them is also an event for the page."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.local.answers import JSON
from bot.local.entities import EMPTY, Rich
from bot.local.events import EventLog
from bot.local.files import StoredFile
from bot.local.world import BOT, CHATS, Chat, User

_KEPT_IN_A_CHAT = 5000


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `content` is its text, or its caption where there is a file."""

    id: int
    chat: Chat
    sender: User
    date: int
    content: Rich = EMPTY
    file: StoredFile | None = None
    keyboard: JSON | None = None
    reply_to: "Message | None" = None
    edited: int | None = None
    via_bot: bool = False
    thread: int | None = None
    """The topic of a forum; None in its General topic and elsewhere."""

    def to_json(self) -> JSON:
        """As the Bot API shows it."""
        message: JSON = {
            "message_id": self.id,
            **self._sender_json(),
            "chat": self.chat.to_json(),
            "date": self.date,
        }
        if self.thread is not None:
            message |= {"message_thread_id": self.thread, "is_topic_message": True}
        noun = "text"
        if self.file:
            noun = "caption"
            message |= (
                {"photo": self.file.photo_json()} if self.file.is_photo else {"document": self.file.document_json()}
            )
        if self.content.text:
            message[noun] = self.content.text
        if self.content.entities:
            key = "caption_entities" if self.file else "entities"
            message[key] = [entity.to_json() for entity in self.content.entities]
        if self.reply_to:
            message["reply_to_message"] = self.reply_to.to_json()
        if self.edited:
            message["edit_date"] = self.edited
        if self.via_bot:
            message["via_bot"] = BOT.to_json()
        if self.keyboard:
            message["reply_markup"] = self.keyboard
        return message

    def _sender_json(self) -> JSON:
        # A channel's posts are its own, whoever writes them.
        channel = self.chat.type == "channel"
        return {"sender_chat": self.chat.to_json()} if channel else {"from": self.sender.to_json()}


class History:
    """Messages by chat and id; ids count up over all chats."""

    def __init__(self, events: EventLog, clock: Callable[[], float] = time.time) -> None:
        self._events = events
        self._clock = clock
        self._last = 0
        self._chats: dict[int, dict[int, Message]] = {chat: {} for chat in CHATS}

    def now(self) -> int:
        return int(self._clock())

    def get(self, chat: Chat, message_id: int) -> Message | None:
        return self._chats[chat.id].get(message_id)

    def of(self, chat_id: int) -> tuple[Message, ...]:
        return tuple(self._chats[chat_id].values())

    def add(self, chat: Chat, sender: User, **parts: Any) -> Message:
        """A new message; `parts` are fields of Message."""
        self._last += 1
        message = Message(self._last, chat, sender, self.now(), **parts)
        if message.reply_to:
            # A chain of replies would keep every message of it alive.
            message = replace(message, reply_to=replace(message.reply_to, reply_to=None))
        messages = self._chats[chat.id]
        messages[message.id] = message
        if len(messages) > _KEPT_IN_A_CHAT:
            del messages[next(iter(messages))]
        self._events.tell("message", message.to_json())
        return message

    def change(self, message: Message, **parts: Any) -> Message:
        changed = replace(message, edited=self.now(), **parts)
        self._chats[message.chat.id][message.id] = changed
        self._events.tell("edit", changed.to_json())
        return changed

    def remove(self, message: Message) -> None:
        del self._chats[message.chat.id][message.id]
        self._events.tell("delete", {"chat_id": message.chat.id, "message_id": message.id})

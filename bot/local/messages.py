"""What the page is told, as a numbered log: a reader who comes back with the last number misses nothing.

The messages of all chats; every change of them is also an event for the page.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bot.local.chats import BOT, CHATS, Chat, User
from bot.local.entities import EMPTY_TEXT, FormattedText
from bot.local.errors import JSON
from bot.local.files import StoredFile

_KEPT = 2000
_HEARTBEAT = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    number: int
    kind: str
    data: bytes


class EventLog:
    """The latest events; `close` ends all streams."""

    def __init__(self) -> None:
        # Numbers start anew with each start of the server; the epoch tells an old page that its number means nothing.
        self._epoch = secrets.token_hex(4)
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._last = 0
        self._news = asyncio.Event()
        self._closed = False

    @property
    def last_id(self) -> str:
        return f"{self._epoch}-{self._last}"

    def publish(self, kind: str, data: JSON) -> None:
        self._last += 1
        self._events.append(Event(self._last, kind, orjson.dumps(data)))
        self._wake()

    def close(self) -> None:
        self._closed = True
        self._wake()

    async def stream(self, since: str) -> AsyncIterator[bytes]:
        """Server-sent events after `since`; `reset` first when what came after it is no longer known."""
        seen = self._resume(since)
        yield b"retry: 1000\n\n"
        if seen is None:
            seen = self._last
            yield _framed(self.last_id, "reset", b"{}")
        while not self._closed:
            news = self._news
            for event in [event for event in self._events if event.number > seen]:
                yield _framed(f"{self._epoch}-{event.number}", event.kind, event.data)
                seen = event.number
            try:
                await asyncio.wait_for(news.wait(), _HEARTBEAT)
            except TimeoutError:
                yield b": still here\n\n"

    def _resume(self, since: str) -> int | None:
        epoch, _, number = since.partition("-")
        if epoch != self._epoch or not number.isdecimal():
            return None
        oldest = self._events[0].number if self._events else self._last + 1
        return int(number) if oldest - 1 <= int(number) <= self._last else None

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _framed(number: str, kind: str, data: bytes) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (number.encode(), kind.encode(), data)


_KEPT_IN_A_CHAT = 5000


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `content` is its text, or its caption where there is a file."""

    id: int
    chat: Chat
    sender: User
    date: int
    content: FormattedText = EMPTY_TEXT
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


class MessageStore:
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

    def in_chat(self, chat_id: int) -> tuple[Message, ...]:
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
        self._events.publish("message", message.to_json())
        return message

    def edit(self, message: Message, **parts: Any) -> Message:
        changed = replace(message, edited=self.now(), **parts)
        self._chats[message.chat.id][message.id] = changed
        self._events.publish("edit", changed.to_json())
        return changed

    def delete(self, message: Message) -> None:
        del self._chats[message.chat.id][message.id]
        self._events.publish("delete", {"chat_id": message.chat.id, "message_id": message.id})

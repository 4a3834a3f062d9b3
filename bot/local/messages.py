"""The messages of all chats, and the log of events that keeps the chat page up to date.

Events are numbered: a page that reconnects with the id of the last event it received
gets all later events, or a `reset` event if the log no longer contains them all.
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
from bot.local.files import StoredFile
from bot.local.refusals import JSON

MAX_EVENTS = 2000
MAX_MESSAGES_PER_CHAT = 5000
HEARTBEAT_SECONDS = 15.0
"""Seconds without an event after which a stream sends a comment, to detect a closed connection."""


@dataclass(frozen=True, slots=True)
class Event:
    number: int
    kind: str
    data: bytes


class EventLog:
    """The latest MAX_EVENTS events, and the streams that send them to open pages; `close` ends all streams."""

    def __init__(self) -> None:
        # Event numbers begin at 1 again after each start of the server, so event ids also contain a random epoch.
        self._epoch = secrets.token_hex(4)
        self._events: deque[Event] = deque(maxlen=MAX_EVENTS)
        self._last = 0
        self._changed = asyncio.Event()
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
        """Yield server-sent events after the id `since`.

        If `since` comes from an earlier run of the server or is too old, yield a `reset` and then only new events.
        """
        seen = self._resume(since)
        yield b"retry: 1000\n\n"
        if seen is None:
            seen = self._last
            yield _encode(self.last_id, "reset", b"{}")
        while not self._closed:
            changed = self._changed
            for event in [event for event in self._events if event.number > seen]:
                yield _encode(f"{self._epoch}-{event.number}", event.kind, event.data)
                seen = event.number
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"

    def _resume(self, since: str) -> int | None:
        """Return the number in an event id; None if it comes from an earlier run of the server or is too old."""
        epoch, _, number = since.partition("-")
        if epoch != self._epoch or not number.isdecimal():
            return None
        oldest = self._events[0].number if self._events else self._last + 1
        return int(number) if oldest - 1 <= int(number) <= self._last else None

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _encode(event_id: str, kind: str, data: bytes) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (event_id.encode(), kind.encode(), data)


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `content` is its text, or the caption of its file."""

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
    """Thread id of a forum topic; None in the General topic and in chats without topics."""
    origin: JSON | None = None
    """MessageOrigin of a forwarded message."""
    album: str = ""
    """Id that the messages of an album share."""
    is_protected: bool = False
    """True if the message may be neither forwarded nor copied."""

    def to_json(self) -> JSON:
        """Return the Bot API's Message object."""
        message: JSON = {
            "message_id": self.id,
            **self._sender_json(),
            "chat": self.chat.to_json(),
            "date": self.date,
        }
        if self.thread is not None:
            message |= {"message_thread_id": self.thread, "is_topic_message": True}
        optional = {
            "forward_origin": self.origin,
            "media_group_id": self.album,
            "has_protected_content": self.is_protected,
        }
        message |= {name: value for name, value in optional.items() if value}
        if self.file:
            message |= (
                {"photo": self.file.photo_json()} if self.file.is_photo else {"document": self.file.document_json()}
            )
        if self.content.text:
            message["caption" if self.file else "text"] = self.content.text
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

    def origin_json(self) -> JSON:
        """Return the MessageOrigin for a forward of this message."""
        if self.origin:
            return self.origin
        if self.chat.type == "channel":
            return {"type": "channel", "date": self.date, "chat": self.chat.to_json(), "message_id": self.id}
        return {"type": "user", "date": self.date, "sender_user": self.sender.to_json()}

    def _sender_json(self) -> JSON:
        # The sender of a channel post is the channel.
        channel = self.chat.type == "channel"
        return {"sender_chat": self.chat.to_json()} if channel else {"from": self.sender.to_json()}


class MessageStore:
    """The newest MAX_MESSAGES_PER_CHAT messages of each chat, by id; ids increase across all chats."""

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
        """Store a new message; `parts` are fields of Message."""
        self._last += 1
        message = Message(self._last, chat, sender, self.now(), **parts)
        if message.reply_to:
            # If the replied message is itself a reply, drop the message to which it replies; otherwise a chain of
            # replies would keep all its messages in memory.
            message = replace(message, reply_to=replace(message.reply_to, reply_to=None))
        messages = self._chats[chat.id]
        messages[message.id] = message
        if len(messages) > MAX_MESSAGES_PER_CHAT:
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

"""The state shared by the Bot API methods and the page API, and the queries that wait for the bot's answer."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.local.chats import CHATS, Chat, Profile
from bot.local.files import FileStore
from bot.local.messages import EventLog, MessageStore
from bot.local.refusals import JSON, Faults, RateLimits, bad_request, forbidden
from bot.local.updates import UpdateQueue, Webhook


@dataclass(frozen=True, slots=True)
class PendingQuery:
    """A pressed button or an inline query that the bot has not answered yet."""

    id: str
    opened_at: float
    """Time on the monotonic clock, in seconds."""
    answer: "asyncio.Future[JSON | None]" = field(compare=False)


class PendingQueries:
    """Unanswered queries by id; each accepts one answer within `lifetime` seconds."""

    def __init__(self, lifetime: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._pending: dict[str, PendingQuery] = {}

    def open(self) -> PendingQuery:
        """Return a new query, and delete the expired ones."""
        now = self._clock()
        expired = [query.id for query in self._pending.values() if now - query.opened_at > self._lifetime]
        for query_id in expired:
            del self._pending[query_id]
        query = PendingQuery(str(secrets.randbits(60)), now, asyncio.get_running_loop().create_future())
        self._pending[query.id] = query
        return query

    def answer(self, query_id: str, answer: JSON) -> None:
        """Record the bot's answer to a query; raise a 400 if the query is unknown, answered or expired."""
        query = self._pending.pop(query_id, None)
        if query is None or self._clock() - query.opened_at > self._lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if not query.answer.done():
            query.answer.set_result(answer)

    def close(self) -> None:
        """End every wait for an answer with the result None."""
        for query in self._pending.values():
            if not query.answer.done():
                query.answer.set_result(None)
        self._pending.clear()


async def wait_for_answer(query: PendingQuery, seconds: float) -> JSON | None:
    """Return the bot's answer; None if it does not arrive within `seconds`."""
    try:
        return await asyncio.wait_for(asyncio.shield(query.answer), seconds)
    except TimeoutError:
        return None


@dataclass(slots=True)
class ServerState:
    """The state of the local server; it is kept in memory only."""

    events: EventLog
    messages: MessageStore
    updates: UpdateQueue
    queries: PendingQueries
    webhook: Webhook
    files: FileStore = field(default_factory=FileStore)
    profile: Profile = field(default_factory=Profile)
    faults: Faults = field(default_factory=Faults)
    rate_limits: RateLimits | None = None
    removed_from: dict[int, Literal["kicked", "left"]] = field(default_factory=dict)
    """Ids of chats that have blocked or removed the bot, or that the bot has left -> its status in them."""
    privacy_mode: bool = True
    """Telegram's default: of a group's messages the bot gets only commands and replies to its own messages."""

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat with this id or public @name; raise a 400 if there is none."""
        public = (chat for chat in CHATS.values() if chat.username and f"@{chat.username}" == chat_id)
        chat = CHATS.get(chat_id) if isinstance(chat_id, int) else next(public, None)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """Return the chat; raise a 400 if it does not exist, a 403 if the bot may not write to it."""
        chat = self.chat(chat_id)
        if chat.id in self.removed_from or chat.id in self.faults.blocked:
            if chat.type == "private":
                raise forbidden("bot was blocked by the user")
            left = self.removed_from.get(chat.id) == "left"
            raise forbidden(f"bot {'is not a member of' if left else 'was kicked from'} the {chat.type} chat")
        return chat

"""The state that Bot API methods and page API share, and the queries that await an answer of the bot."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.local.chats import CHATS, Chat, Profile
from bot.local.messages import EventLog, FileStore, MessageStore
from bot.local.refusals import JSON, Faults, RateLimits, bad_request, forbidden
from bot.local.updates import UpdateQueue, Webhook


@dataclass(frozen=True, slots=True)
class PendingQuery:
    """A pressed button or an inline query that the bot has not answered yet."""

    id: str
    opened_at: float
    """Seconds of the monotonic clock."""
    answer: "asyncio.Future[JSON | None]" = field(compare=False)


class PendingQueries:
    """Unanswered queries by id; each takes one answer within `lifetime` seconds."""

    def __init__(self, lifetime: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._pending: dict[str, PendingQuery] = {}

    def open(self) -> PendingQuery:
        now = self._clock()
        expired = [query.id for query in self._pending.values() if now - query.opened_at > self._lifetime]
        for query_id in expired:
            del self._pending[query_id]
        query = PendingQuery(str(secrets.randbits(60)), now, asyncio.get_running_loop().create_future())
        self._pending[query.id] = query
        return query

    def answer(self, query_id: str, answer: JSON) -> None:
        """Take the bot's answer; raise a 400 for an unknown, answered or expired query."""
        query = self._pending.pop(query_id, None)
        if query is None or self._clock() - query.opened_at > self._lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if not query.answer.done():
            query.answer.set_result(answer)

    def close(self) -> None:
        """Release everyone who waits for an answer."""
        for query in self._pending.values():
            if not query.answer.done():
                query.answer.set_result(None)
        self._pending.clear()


async def wait_for_answer(query: PendingQuery, seconds: float) -> JSON | None:
    """The bot's answer; None if it does not come within the seconds."""
    try:
        return await asyncio.wait_for(asyncio.shield(query.answer), seconds)
    except TimeoutError:
        return None


@dataclass(slots=True)
class ServerState:
    events: EventLog
    messages: MessageStore
    updates: UpdateQueue
    queries: PendingQueries
    webhook: Webhook
    files: FileStore = field(default_factory=FileStore)
    profile: Profile = field(default_factory=Profile)
    faults: Faults = field(default_factory=Faults)
    rate_limits: RateLimits | None = None
    removed_from: set[int] = field(default_factory=set)
    """Chats that have blocked the bot or removed it."""

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat with that id or public @name; raise a 400 if there is none."""
        public = (chat for chat in CHATS.values() if chat.username and f"@{chat.username}" == chat_id)
        chat = CHATS.get(chat_id) if isinstance(chat_id, int) else next(public, None)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """Return the chat; raise a 403 if the bot may not write there."""
        chat = self.chat(chat_id)
        if chat.id in self.removed_from or chat.id in self.faults.blocked:
            private = chat.type == "private"
            raise forbidden("bot was blocked by the user" if private else f"bot was kicked from the {chat.type} chat")
        return chat

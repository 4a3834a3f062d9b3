"""Presses and inline queries that wait for the bot's answer.

Everything the server remembers, in one value that the Bot API methods and the page's API share.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from bot.local.chats import CHATS, Chat, Profile
from bot.local.errors import JSON, bad_request, forbidden
from bot.local.faults import Faults, RateLimits
from bot.local.files import FileStore
from bot.local.messages import EventLog, MessageStore
from bot.local.updates import UpdateQueue, Webhook


@dataclass(frozen=True, slots=True)
class PendingQuery:
    id: str
    asked: float
    answer: "asyncio.Future[JSON | None]" = field(compare=False)


class PendingQueries:
    """Open questions by id; each can be answered once, and only for a while."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._open: dict[str, PendingQuery] = {}

    def open(self) -> PendingQuery:
        now = time.monotonic()
        for old in [question for question in self._open.values() if now - question.asked > self._lifetime]:
            del self._open[old.id]
        question = PendingQuery(str(secrets.randbits(60)), now, asyncio.get_running_loop().create_future())
        self._open[question.id] = question
        return question

    def answer(self, question_id: str, answer: JSON) -> None:
        question = self._open.pop(question_id, None)
        if question is None or time.monotonic() - question.asked > self._lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if not question.answer.done():
            question.answer.set_result(answer)

    def close(self) -> None:
        for question in self._open.values():
            if not question.answer.done():
                question.answer.set_result(None)
        self._open.clear()


async def wait_for_answer(question: PendingQuery, seconds: float) -> JSON | None:
    """The bot's answer, or None when it did not come in time."""
    try:
        return await asyncio.wait_for(asyncio.shield(question.answer), seconds)
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
    """Chats whose people have blocked the bot or put it out."""

    def chat(self, chat_id: int | str) -> Chat:
        """The chat with that id, or that public name (@name), for reading."""
        named = (chat for chat in CHATS.values() if chat.username and f"@{chat.username}" == chat_id)
        chat = CHATS.get(chat_id) if isinstance(chat_id, int) else next(named, None)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """The chat with that id, if the bot may write there."""
        chat = self.chat(chat_id)
        if chat.id in self.removed_from or chat.id in self.faults.blocked:
            private = chat.type == "private"
            raise forbidden("bot was blocked by the user" if private else f"bot was kicked from the {chat.type} chat")
        return chat

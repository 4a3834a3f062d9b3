"""Presses and inline queries that wait for the bot's answer."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from bot.local.answers import JSON, bad_request


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    asked: float
    answer: "asyncio.Future[JSON | None]" = field(compare=False)


class Questions:
    """Open questions by id; each can be answered once, and only for a while."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._open: dict[str, Question] = {}

    def ask(self) -> Question:
        now = time.monotonic()
        for old in [question for question in self._open.values() if now - question.asked > self._lifetime]:
            del self._open[old.id]
        question = Question(str(secrets.randbits(60)), now, asyncio.get_running_loop().create_future())
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


async def answer_to(question: Question, seconds: float) -> JSON | None:
    """The bot's answer, or None when it did not come in time."""
    try:
        return await asyncio.wait_for(asyncio.shield(question.answer), seconds)
    except TimeoutError:
        return None

"""Updates for tests: messages, pressed buttons and inline queries."""

from datetime import date
from types import SimpleNamespace
from typing import ClassVar

from telegram import (
    CallbackQuery,
    Chat,
    InlineQuery,
    Message,
    Update,
    User,
)

DAY = date(2022, 8, 29)
USER, OTHER = User(1001, "王", is_bot=False), User(1002, "A", is_bot=False)
PRIVATE, GROUP = Chat(1001, Chat.PRIVATE), Chat(-1001, Chat.SUPERGROUP)


def message(text: str | None, chat: Chat = PRIVATE) -> Message:
    sent = Message(1, DAY, chat, from_user=USER, text=text)  # type: ignore[arg-type]
    sent.set_bot(SimpleNamespace(id=1, name="@jianbao_bot"))  # type: ignore[arg-type]
    return sent


class Answering:
    """A bot that records which presses are answered."""

    answered: ClassVar[list[str]] = []

    async def answer_callback_query(self, callback_query_id: str, **_: object) -> bool:
        self.answered.append(callback_query_id)
        return True


def pressed(number: int, *, by: User = USER, data: str = "x", message_id: int = 1) -> Update:
    at = Message(message_id, DAY, GROUP, from_user=USER, text="?")  # type: ignore[arg-type]
    query = CallbackQuery(str(number), by, "1", message=at, data=data)
    query.set_bot(Answering())  # type: ignore[arg-type]
    return Update(number, callback_query=query)


def typed(number: int, by: User = USER) -> Update:
    return Update(number, inline_query=InlineQuery(str(number), by, "防汛", ""))

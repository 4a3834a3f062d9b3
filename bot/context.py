"""What every handler gets: the parts it may call, and the chat it speaks with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from bot.config import Config
from bot.pace import Pace
from bot.texts import Texts, texts
from digests.archive import Archive
from digests.editions import Edition, edition
from digests.outbox import Outbox
from digests.readers import Chat, Language
from digests.store import Chats

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Services:
    """The real parts, chosen once in app.py."""

    config: Config
    archive: Archive
    chats: Chats
    outbox: Outbox
    clock: Callable[[], datetime]
    """The present moment, with its time zone."""
    pace: Pace = field(default_factory=Pace)
    """Of all that is sent, answers and what is owed."""

    @property
    def today(self) -> date:
        """The day that readers have now."""
        return self.clock().astimezone(self.config.zone).date()

    def edition(self, day: date) -> Edition | None:
        """What is told on the readers' day `day`, as the operator chose; None while there is nothing to tell."""
        return edition(self.config.digest.plan, (issue.day for issue in self.archive.issues()), day)


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[str, Services]]):
    """The context of one update."""

    def __init__(self, application: Any, chat_id: int | None = None, user_id: int | None = None) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self._chat_of_update = chat_id

    @property
    def services(self) -> Services:
        return self.bot_data[_SERVICES]

    @property
    def chat(self) -> Chat:
        """The chat as it is stored now."""
        chat = self.services.chats.get(self._chat_of_update) if self._chat_of_update is not None else None
        return chat or Chat(self._chat_of_update or 0)

    @property
    def language(self) -> Language:
        return self.chat.settings.language

    @property
    def texts(self) -> Texts:
        return texts(self.language)

    @property
    def digest_time(self) -> str:
        """When the daily digest comes to this chat, as its reader writes it."""
        return self.texts.clock(self.chat.settings.digest_time or self.services.config.digest.time)

    @property
    def words(self) -> str:
        """What stands after the command, on one line."""
        return " ".join(self.args or ())

    async def change(self, how: Callable[[Chat], tuple[Chat, Answer]]) -> Answer:
        """Change the stored chat with nobody in between, durably; gives what `how` says beside the changed chat."""
        answers: list[Answer] = []

        def change(chat: Chat) -> Chat:
            changed, answer = how(chat)
            answers.append(answer)
            return changed

        await asyncio.to_thread(self.services.chats.change, self.chat.id, change)
        return answers[0]


_SERVICES = "services"

CONTEXT_TYPES = ContextTypes(context=Context)
"""For the ApplicationBuilder, so that handlers receive a Context."""


def equip(application: "Application[Any, Context, Any, Any, Any, Any]", services: Services) -> None:
    """Let the application's handlers reach `services`."""
    application.bot_data[_SERVICES] = services

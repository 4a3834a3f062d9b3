"""What every handler gets: the parts it may call, and the chat it speaks with.

What holds for chats that have chosen nothing, as the operator configured it.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from bot.callbacks import split_address
from bot.config import Config
from bot.delivery.pictures import Pictures
from bot.delivery.throttle import Throttle
from bot.operations.health import Health
from bot.operations.logs import RecentWarnings
from bot.operations.metrics import Metrics
from bot.operations.rate_limit import RateLimit
from bot.permissions import Permissions
from bot.texts import Texts, language_of, texts_for
from digests.archive import Archive
from digests.chats import Chat, Language, Settings
from digests.digest.editions import Edition, choose_edition
from digests.ingest import IngestReport
from digests.storage import backup, personal_data
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from digests.subscriptions.schedule import ChatDefaults

Answer = TypeVar("Answer")

GENERAL_TOPIC_ID = 1
"""The thread of a forum's General topic."""


@dataclass
class Services:
    """The real parts, chosen once in app.py; of them only the configuration is ever replaced."""

    config: Config
    archive: Archive
    chats: ChatStore
    outbox: Outbox
    clock: Callable[[], datetime]
    """The present moment, with its time zone."""
    throttle: Throttle = field(default_factory=Throttle)
    """Of all that is sent, answers and what is owed."""
    permissions: Permissions = field(default_factory=Permissions)
    """Who administers which group or channel."""
    chat_lock: threading.Lock = field(default_factory=threading.Lock)
    """Held by what writes of chats what it read of them before: one that is forgotten in between would be back."""
    metrics: Metrics = field(default_factory=Metrics)
    health: Health = field(default_factory=Health)
    recent_warnings: RecentWarnings = field(default_factory=RecentWarnings)
    rate_limit: RateLimit = field(default_factory=RateLimit)
    ingest_now: Callable[[], Awaitable[IngestReport]] | None = None
    """Takes in what is new in the archive folder at once; the running program knows how."""

    @cached_property
    def pictures(self) -> Pictures:
        """What pictures show, from the archive as it is."""
        return Pictures(self.archive)

    @property
    def today(self) -> date:
        """The day that readers have now."""
        return self.clock().astimezone(self.config.zone).date()

    def forget(self, chat: int) -> None:
        """Delete all that is kept of a chat; durable on return. Raises StateError."""
        with self.chat_lock:
            personal_data.erase_chat(self.config.data, self.chats, self.outbox, chat)

    def back_up(self) -> Path | None:
        """Make the backup that is due, if one is; where it lies. Raises StateError."""
        with self.chat_lock:
            return backup.run_backup_schedule(self.config.data, self.clock(), self.config.backup.rounds)

    def edition(self, day: date) -> Edition | None:
        """What is told on the readers' day `day`, as the operator chose; None while there is nothing to tell."""
        return choose_edition(self.config.digest.plan, (issue.day for issue in self.archive.issues()), day)


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[str, Services]]):
    """The context of one update."""

    def __init__(self, application: Any, chat_id: int | None = None, user_id: int | None = None) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self._chat_of_update = chat_id
        self.target_id: int | None = None
        """The chat that a pressed button, or the answer to a question, concerns; None: see `subject`."""
        self.topic: int | None = None
        """The forum topic that the update comes from; None in the General topic and where there are none."""
        self.initial_language: Language | None = None
        """The language to begin in with a chat of which nothing is kept yet; None: as configured."""
        self.erased = False
        """Whether nothing more may be kept because of this update."""

    @classmethod
    def from_update(cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]") -> Self:
        """The context of an update, also of one whose handler failed: that it is answered in the same way."""
        context = super().from_update(update, application)
        if isinstance(update, Update):
            context.begin(update)
        return context

    def begin(self, update: Update) -> None:
        """Know where the update comes from."""
        chat, user, asked = update.effective_chat, update.effective_user, update.effective_message
        if isinstance(asked, Message) and asked.is_topic_message:
            # The General topic is addressed without a thread, also where a message says that it is in thread 1.
            self.topic = asked.message_thread_id if asked.message_thread_id != GENERAL_TOPIC_ID else None
        if user and (chat is None or chat.type == chat.PRIVATE):  # a group does not change its language with who speaks
            self.initial_language = language_of(user.language_code, self.services.config.language)
        if chat and update.callback_query:
            # A button means the chat that it was shown for, whatever is managed from here meanwhile.
            _, about = split_address(update.callback_query.data)
            self.target_id = about if about is not None else chat.id

    @property
    def services(self) -> Services:
        return self.bot_data[_SERVICES]

    @property
    def chat(self) -> Chat:
        """The chat that is spoken with, as it is stored now; of a reader who chose nothing yet, nothing is."""
        return self._kept(self._chat_of_update or 0)

    @property
    def target(self) -> Chat:
        """The chat whose subscriptions and settings are meant: the one spoken with, or a channel managed from it."""
        chat = self.chat
        return self._kept(self.target_id if self.target_id is not None else chat.managed_channel or chat.id)

    @property
    def language(self) -> Language:
        return self.chat.settings.language

    @property
    def texts(self) -> Texts:
        return texts_for(self.language)

    @property
    def digest_time(self) -> str:
        """When the daily digest comes to this chat, as its reader writes it."""
        return self.texts.clock(self.target.settings.digest_time or self.services.config.digest.time)

    @property
    def argument(self) -> str:
        """What stands after the command, on one line."""
        return " ".join(self.args or ())

    async def change_target(self, how: Callable[[Chat], tuple[Chat, Answer]]) -> Answer:
        """Change the stored subject with nobody in between, durably; gives what `how` says beside the changed chat."""
        subject, answers = self.target, list[Answer]()

        def change(chat: Chat) -> Chat:
            changed, answer = how(chat)
            answers.append(answer)
            return changed

        await asyncio.to_thread(self.services.chats.change, subject.id, change, self.new_chat(subject.id))
        return answers[0]

    def new_chat(self, chat: int) -> Chat:
        """A chat of which nothing is kept yet."""
        return Chat(chat, Settings(language=self.initial_language or self.services.config.language))

    def _kept(self, chat: int) -> Chat:
        return self.services.chats.get(chat) or self.new_chat(chat)


_SERVICES = "services"

CONTEXT_TYPES = ContextTypes(context=Context)
"""For the ApplicationBuilder, so that handlers receive a Context."""


def attach_services(application: "Application[Any, Context, Any, Any, Any, Any]", services: Services) -> None:
    """Let the application's handlers reach `services`."""
    application.bot_data[_SERVICES] = services


def state_counts(services: Services) -> dict[str, float]:
    """What there is now, by kind: chats, subscriptions, issues, articles, and parts of messages by their fate."""
    chats = services.chats.all()
    issues = services.archive.issues()
    return {
        "chats": len(chats),
        "active_chats": sum(chat.active for chat in chats),
        "subscriptions": sum(len(chat.subscriptions) for chat in chats),
        "issues": len(issues),
        "articles": sum(issue.articles for issue in issues),
        **{f"parts_{fate}": count for fate, count in services.outbox.counts().items()},
    }


def chat_defaults(services: Services) -> ChatDefaults:
    """The digest's time, the zone, and how late a digest may be."""
    digest = services.config.digest
    return ChatDefaults(digest.time, services.config.zone, timedelta(hours=digest.late_hours))

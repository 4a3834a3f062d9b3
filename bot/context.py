"""The parts of the program that handlers, flows and jobs share (Services), and the context of one update (Context)."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, TypeVar
from weakref import WeakValueDictionary

from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from bot.callbacks import split_address
from bot.config import Config
from bot.delivery.pictures import Pictures
from bot.delivery.throttle import Throttle
from bot.operations.logs import RecentWarnings
from bot.operations.monitoring import Health, Metrics
from bot.permissions import Permissions, RateLimit
from bot.texts import Texts, language_of, texts_for
from digests.archive import Archive
from digests.chats import Chat, Language, Settings
from digests.digest.editions import Edition, choose_edition
from digests.guard import Problem
from digests.ingest import IngestReport
from digests.storage import backup, personal_data
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from digests.subscriptions.schedule import ChatDefaults

log = logging.getLogger(__name__)

MAX_ITEMS_LOGGED = 20
"""Maximum number of items named in the log after one run of a job."""

Result = TypeVar("Result")
IngestNow = Callable[[], Awaitable[IngestReport]]

GENERAL_TOPIC_ID = 1
"""Thread id of a forum's General topic."""


@dataclass
class Services:
    """The shared parts, opened in app.py; only `config` is ever replaced, when the configuration is reloaded."""

    config: Config
    archive: Archive
    chats: ChatStore
    outbox: Outbox
    clock: Callable[[], datetime]
    """Returns the current time, with a time zone."""
    throttle: Throttle = field(default_factory=Throttle)
    """The send-rate limits shared by replies and delivery from the outbox."""
    permissions: Permissions = field(default_factory=Permissions)
    metrics: Metrics = field(default_factory=Metrics)
    health: Health = field(default_factory=Health)
    recent_warnings: RecentWarnings = field(default_factory=RecentWarnings)
    rate_limit: RateLimit = field(default_factory=RateLimit)
    chat_lock: threading.Lock = field(default_factory=threading.Lock)
    """Held from reading chats until data derived from them is written, so that no erased chat is stored again."""
    ingest_lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while pages are ingested or new articles are matched; both change the list of unmatched articles."""

    backtest_thread: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1, "backtest"))
    """Runs complete back-tests one after the other, so that they do not delay the answers to other readers."""
    undecided: frozenset[str] = frozenset()
    """Ids of the announced articles whose matching failed; they are matched again with the next new articles."""
    _running_backtests: WeakValueDictionary[int, threading.Event] = field(default_factory=WeakValueDictionary)
    """The event that stops the back-test of a chat, by chat."""
    _backtests_stopped: bool = False

    def new_backtest(self, chat: int) -> threading.Event:
        """Stop the chat's earlier back-test; return the event that stops the new one."""
        if earlier := self._running_backtests.get(chat):
            earlier.set()
        stop = self._running_backtests[chat] = threading.Event()
        if self._backtests_stopped:
            stop.set()
        return stop

    def stop_backtests(self) -> None:
        """Stop the running back-tests and start no more; the messages with their estimates stay as they are."""
        for stop in list(self._running_backtests.values()):
            stop.set()
        self._backtests_stopped = True
        self.backtest_thread.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def pictures(self) -> Pictures:
        return Pictures(self.archive)

    @property
    def today(self) -> date:
        """The current day in the configured time zone."""
        return self.clock().astimezone(self.config.zone).date()

    def forget(self, chat: int) -> None:
        """Delete everything stored about a chat; the deletion is durable on return. Raises StateError if it fails."""
        with self.chat_lock:
            personal_data.erase_chat(self.config.data, self.chats, self.outbox, chat)

    def back_up(self) -> Path | None:
        """Make a backup if one is due and return its folder; None if none is due. Raises StateError if it fails."""
        with self.chat_lock:
            return backup.run_backup_schedule(self.config.data, self.clock(), self.config.backup.rounds)

    def report_problems(self, job: str, problems: Sequence[Problem]) -> None:
        """Record the items for which a run of a job failed, and log and count those that are new."""
        new = self.health.items_failed(job, problems)
        for problem in new[:MAX_ITEMS_LOGGED]:
            log.error("%s; it is tried again", problem)
        if len(new) > MAX_ITEMS_LOGGED:
            log.error("%s: %d more failures", job, len(new) - MAX_ITEMS_LOGGED)
        self.metrics.count_failed_items(job, len(new))

    def edition(self, day: date) -> Edition | None:
        """Return the edition of a day in the configured mode; None if there is no issue or the replay has not begun."""
        return choose_edition(self.config.digest.plan, (issue.day for issue in self.archive.issues()), day)


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[str, Any]]):
    """The context of one update."""

    def __init__(self, application: Any, chat_id: int | None = None, user_id: int | None = None) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self._chat_of_update = chat_id
        self.target_id: int | None = None
        """Id of the chat that a pressed button, or a reply to a question of the bot, refers to; else None."""
        self.topic: int | None = None
        """The forum topic of the update; None in the General topic and in chats without topics."""
        self.initial_language: Language | None = None
        """The language for a chat that is not stored yet; None means the configured language."""
        self.written_text: str | None = None
        """The text after a command that Telegram did not recognise as one; None for any other message."""
        self.erased = False
        """True if this update erased the chat; nothing may be stored for the chat after that."""

    @classmethod
    def from_update(cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]") -> Self:
        """Return the context of an update; python-telegram-bot also calls this for the error handler."""
        context = super().from_update(update, application)
        if isinstance(update, Update):
            context.read_origin(update)
        return context

    def read_origin(self, update: Update) -> None:
        """Set the topic, the initial language and the target from the update's chat, sender and message."""
        chat, user, message = update.effective_chat, update.effective_user, update.effective_message
        if isinstance(message, Message) and message.is_topic_message:
            # A message to the General topic is sent without a thread id, even if the received message has thread id 1.
            self.topic = message.message_thread_id if message.message_thread_id != GENERAL_TOPIC_ID else None
        if user and (chat is None or chat.type == chat.PRIVATE):  # a group's language does not depend on its members
            self.initial_language = language_of(user.language_code, self.services.config.language)
        if chat and update.callback_query:
            # A button acts on the chat for which it was shown, even if the reader now manages another chat.
            _, target_id = split_address(update.callback_query.data)
            self.target_id = target_id if target_id is not None else chat.id

    @property
    def services(self) -> Services:
        services: Services = self.bot_data[_SERVICES]
        return services

    @property
    def ingest_now(self) -> IngestNow:
        """A function that ingests new pages at once and queues their alerts."""
        ingest_now: IngestNow = self.bot_data[_INGEST_NOW]
        return ingest_now

    @property
    def chat(self) -> Chat:
        """The chat of the update as currently stored, or a new chat with default settings."""
        return self._stored(self._chat_of_update or 0)

    @property
    def target(self) -> Chat:
        """The chat whose subscriptions and settings the update reads or changes.

        This is the chat with the id `target_id`, else the channel managed in the update's chat, else the update's chat.
        """
        chat = self.chat
        return self._stored(self.target_id if self.target_id is not None else chat.managed_channel or chat.id)

    @property
    def language(self) -> Language:
        return self.chat.settings.language

    @property
    def texts(self) -> Texts:
        return texts_for(self.language)

    @property
    def digest_time(self) -> str:
        """The time of the target's daily digest, formatted for the reader."""
        return self.texts.time_of_day(self.target.settings.digest_time or self.services.config.digest.time)

    @property
    def argument(self) -> str:
        """The words after the command, separated by single spaces."""
        return " ".join(self.args or ())

    async def change_target(self, change: Callable[[Chat], tuple[Chat, Result]]) -> Result:
        """Change the stored target atomically and durably; return the second value that `change` returns."""
        target, results = self.target, list[Result]()

        def apply(chat: Chat) -> Chat:
            changed, result = change(chat)
            results.append(result)
            return changed

        await asyncio.to_thread(self.services.chats.update, target.id, apply, self.new_chat(target.id))
        return results[0]

    def new_chat(self, chat: int) -> Chat:
        """Return a chat with default settings, in the reader's language if it is known."""
        return Chat(chat, Settings(language=self.initial_language or self.services.config.language))

    def _stored(self, chat: int) -> Chat:
        return self.services.chats.get(chat) or self.new_chat(chat)


_SERVICES, _INGEST_NOW = "services", "ingest_now"

CONTEXT_TYPES = ContextTypes(context=Context)
"""Option of the ApplicationBuilder that makes handlers receive a Context."""


def attach_services(
    application: "Application[Any, Context, Any, Any, Any, Any]", services: Services, ingest_now: IngestNow
) -> None:
    """Make `services` and `ingest_now` available to the application's handlers."""
    application.bot_data.update({_SERVICES: services, _INGEST_NOW: ingest_now})


def state_counts(services: Services) -> dict[str, float]:
    """Return the numbers of chats, active chats, subscriptions, issues, articles, and message parts by status."""
    chats = services.chats.all()
    issues = services.archive.issues()
    return {
        "chats": len(chats),
        "active_chats": sum(chat.active for chat in chats),
        "subscriptions": sum(len(chat.subscriptions) for chat in chats),
        "issues": len(issues),
        "articles": sum(issue.articles for issue in issues),
        "file_problems": len(services.archive.file_problems),
        **{f"parts_{status}": count for status, count in services.outbox.counts().items()},
    }


def chat_defaults(services: Services) -> ChatDefaults:
    """Return the configured digest time, time zone and maximum delay, for chats that have not chosen their own."""
    digest = services.config.digest
    return ChatDefaults(digest.time, services.config.zone, timedelta(hours=digest.late_hours))

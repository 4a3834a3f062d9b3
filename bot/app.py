"""The composition root: the one place where the real parts are chosen and put together."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application

from bot import handlers
from bot.config import SEEDS, Config, apply_reload
from bot.context import CONTEXT_TYPES, Services, attach_services, state_counts
from bot.delivery import Delivery
from bot.delivery.http_client import HttpClient
from bot.delivery.sending import requested_delay
from bot.flows import sample_pages
from bot.jobs import Jobs
from bot.local import Action, LocalServer
from bot.operations import logs
from bot.operations.health import monitoring_server
from bot.operations.http_server import HttpServer
from bot.operations.webhook import Webhook
from digests.archive import Archive
from digests.errors import ConfigError, StateError
from digests.language import words
from digests.search.index import Index
from digests.search.index_files import is_current
from digests.storage import backup, check, restore
from digests.storage.lock import FolderLock
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore, DigestStore

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

PATIENCE = 10.0
"""Seconds that readers wait for a first taking in; a larger archive is read on while they are answered."""
RETRY_SECONDS = 10.0


def utc_now() -> datetime:
    return datetime.now(UTC)


def has_index(config: Config) -> bool:
    """Whether there is an index to read; else the archive has to be taken in first."""
    return is_current(config.data / "index") and (config.data / "digests.json").exists()


@contextlib.contextmanager
def open_archive(config: Config, *, owner: bool = False) -> Iterator[Archive]:
    """The archive alone; without `owner` for reading, while another process may be writing it."""
    digests = DigestStore(config.data / "digests.json")
    index = Index(config.data / "index", owner=owner)
    archive = Archive(
        config.archive.folder, index, digests, stories=config.digest.stories, themes=config.digest.load_themes()
    )
    try:
        yield archive
    finally:
        archive.close()
        digests.close()


@contextlib.contextmanager
def open_for_check(config: Config) -> Iterator[tuple[Archive | None, list[str]]]:
    """The archive, None where it cannot be opened, and what is wrong with each part of the state."""
    problems = check.check(config.data)
    with contextlib.ExitStack() as parts:
        archive = None
        try:
            archive = parts.enter_context(open_archive(config))
        except StateError as error:
            problems.append(str(error))
        yield archive, problems


@contextlib.contextmanager
def open_services(config: Config, clock: Clock = utc_now) -> Iterator[Services]:
    """All parts over the data folder, which is this process's own until the end."""
    with contextlib.ExitStack() as parts:
        parts.enter_context(FolderLock(config.data))
        restore.finish_interrupted(config.data)
        backup.back_up_before_update(config.data, clock())
        chats = ChatStore(config.data / "chats.json")
        parts.callback(chats.close)
        outbox = Outbox(config.data / "outbox.sqlite")
        parts.callback(outbox.close)
        # The archive closes first: a taking in that ends then still notes in the outbox what it took in.
        archive = parts.enter_context(open_archive(config, owner=True))
        yield Services(config=config, archive=archive, chats=chats, outbox=outbox, clock=clock)


class Jianbao:
    """The running bot: Telegram with a token, the local chat page without one."""

    def __init__(self, config: Config, *, clock: Clock = utc_now, schema: Path | None = None) -> None:
        """`schema` is a Bot API description against which the local server checks every request."""
        self._config = config
        self._clock = clock
        self._schema = schema
        self._open = contextlib.AsyncExitStack()
        self.server: LocalServer | None = None
        self.monitor: HttpServer | None = None
        self.services: Services

    async def start(self) -> None:
        """Open all parts, catch up on what was missed, and answer from then on."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        self.services = self._open.enter_context(open_services(self._config, self._clock))
        self._open.enter_context(logs.collect_warnings(self.services.recent_warnings))
        if not self._config.token.get_secret_value():
            local = self._config.local
            self.server = LocalServer(host=local.host, port=local.port, schema=self._schema, actions=self._actions())
            await self.server.start()
            self._open.push_async_callback(self.server.stop)
        application = self._application()
        await self._reach(application)
        services = self.services
        delivery = Delivery(
            services.outbox,
            services.chats,
            application.bot,
            self._clock,
            throttle=services.throttle,
            pictures=services.pictures,
            metrics=services.metrics,
        )
        self._jobs = jobs = Jobs(services, delivery)
        services.ingest_now = jobs.ingest_new_pages
        await asyncio.to_thread(words.load)
        await self._catch_up(jobs)
        await self._answer(application)
        await self._let_watch()
        jobs.start()
        self._open.push_async_callback(jobs.stop)

    def _actions(self) -> list[Action]:
        """What the chat page offers beside the chats."""
        if self._config.archive.folder != SEEDS:
            return []

        async def add_sample() -> str:
            return await sample_pages.add_next(self._jobs.ingest_new_pages)

        return [Action("sample", sample_pages.label(), add_sample)]

    async def _let_watch(self) -> None:
        at = self._config.monitor
        if at.port is not None:
            services = self.services
            self.monitor = monitoring_server(
                services.metrics, services.health, partial(state_counts, services), services.clock, (at.host, at.port)
            )
            await self.monitor.start()
            self._open.push_async_callback(self.monitor.stop)

    async def stop(self) -> None:
        """Answer no more and close everything, in the opposite order."""
        if services := getattr(self, "services", None):
            services.archive.stop_soon()
            services.throttle.refuse_waiting_replies()
        await self._open.aclose()

    def _application(self) -> Application[Any, Any, Any, Any, Any, Any]:
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of each wait that Telegram asks for
        builder = Application.builder().context_types(CONTEXT_TYPES)
        builder = builder.concurrent_updates(handlers.update_processor(self.services.metrics)).request(HttpClient())
        if self.server:
            builder = builder.token(self.server.token).base_url(self.server.base_url)
            builder = builder.base_file_url(self.server.base_file_url)
        else:
            builder = builder.token(self._config.token.get_secret_value())
        application = builder.build()
        attach_services(application, self.services)
        handlers.register(application)
        return application

    async def _reach(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Meet Telegram; where it cannot be reached now, try until it can."""
        self._open.push_async_callback(application.shutdown)
        while True:
            try:
                await application.initialize()
            except InvalidToken:
                raise ConfigError("token", ["Telegram does not know it; ask @BotFather for the right one"]) from None
            except RetryAfter as error:
                await self._wait_to_reach(error, requested_delay(error).total_seconds())
            except NetworkError as error:
                await self._wait_to_reach(error, RETRY_SECONDS)
            else:
                return

    async def _wait_to_reach(self, error: TelegramError, seconds: float) -> None:
        log.warning("Telegram cannot be reached (%s); trying again in %d s", error, seconds)
        await asyncio.sleep(seconds)

    async def _catch_up(self, jobs: Jobs) -> None:
        """Take in what came while the program was down, and owe the alerts."""
        taking = asyncio.create_task(jobs.ingest_new_pages())
        await asyncio.wait({taking}, timeout=PATIENCE)
        if taking.done():
            taking.result()
        else:
            self._open.push_async_callback(_finished, taking)
            log.info("the archive is still being read; readers are answered from what is there so far")

    async def _answer(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        await application.start()
        self._open.push_async_callback(application.stop)
        if self._config.webhook.url:
            webhook = Webhook(self._config.webhook, application.bot, application.update_queue)
            self._open.push_async_callback(webhook.stop)
            await webhook.start(handlers.UPDATES)
        else:
            assert application.updater  # noqa: S101  the builder made one, as nobody asked it not to
            await application.updater.start_polling(allowed_updates=handlers.UPDATES, bootstrap_retries=-1)
            self._open.push_async_callback(application.updater.stop)
        try:
            await handlers.set_menu(application.bot)
        except TelegramError as error:  # the menu of the last start stands
            log.warning("the commands menu could not be set: %s", error)

    def take_over(self, config: Config) -> tuple[str, ...]:
        """Work with a changed configuration from now on; gives the keys whose change waits for the next start."""
        if not hasattr(self, "services"):
            return ()  # still starting, with the configuration of the start
        self.services.config, waiting = apply_reload(self.services.config, config)
        return waiting


async def _finished(task: asyncio.Task[Any]) -> None:
    """Wait for a taking in that is under way; its failure is logged, as nobody else hears of it."""
    await asyncio.wait({task})
    if not task.cancelled() and (error := task.exception()):
        log.error("the first taking in failed", exc_info=error)

"""The composition root: opens the parts that the configuration chooses, then runs the bot.

open_archive    the archive alone, for the command line
open_services   all parts over the data folder, without Telegram
open_parts      these, a local server where there is no token, and the connection to Telegram
running         these, answering readers and running the jobs
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application

from bot import handlers
from bot.config import Config, apply_reload, sample_archive
from bot.context import CONTEXT_TYPES, Services, attach_services, state_counts
from bot.delivery import Delivery
from bot.delivery.sending import HttpClient, requested_delay
from bot.flows.new_articles import Ingestion
from bot.handlers.middleware import PerChatProcessor
from bot.jobs import Jobs
from bot.local import LocalServer, PageAction
from bot.operations import logs
from bot.operations.http_server import HttpServer, Webhook
from bot.operations.monitoring import monitoring_server
from bot.texts import texts_for
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
TelegramApplication = Application[Any, Any, Any, Any, Any, Any]

CATCH_UP_SECONDS = 10.0
"""Seconds that the start waits for the first ingestion; readers are answered while a longer one goes on."""
RECONNECT_SECONDS = 10.0
"""Seconds between two attempts to reach Telegram at the start."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def has_index(config: Config) -> bool:
    """True if the data folder holds an index of this version; otherwise the archive has to be ingested first."""
    return is_current(config.data / "index") and (config.data / "digests.json").exists()


@contextmanager
def open_archive(config: Config, *, owner: bool = False) -> Iterator[Archive]:
    """Open the archive alone: for reading only, or as its `owner`, the only process that may write it."""
    digests = DigestStore(config.data / "digests.json", owner=owner)
    index = Index(config.data / "index", owner=owner)
    archive = Archive(
        config.archive.folder, index, digests, stories=config.digest.stories, labeller=config.digest.labeller()
    )
    try:
        yield archive
    finally:
        archive.close()
        digests.close()


@contextmanager
def open_for_check(config: Config) -> Iterator[tuple[Archive | None, list[str]]]:
    """Open the archive, None if that fails, and list the problems of each stored file."""
    problems = check.check(config.data)
    with ExitStack() as parts:
        archive = None
        try:
            archive = parts.enter_context(open_archive(config))
        except StateError as error:
            problems.append(str(error))
        yield archive, problems


@contextmanager
def open_services(config: Config, clock: Clock = utc_now) -> Iterator[Services]:
    """Open all parts over the data folder, which is locked for this process until they are closed."""
    with ExitStack() as parts:
        parts.enter_context(FolderLock(config.data))
        restore.complete_restore(config.data)
        backup.back_up_before_update(config.data, clock())
        chats = ChatStore(config.data / "chats.json")
        parts.callback(chats.close)
        outbox = Outbox(config.data / "outbox.sqlite")
        parts.callback(outbox.close)
        # The archive closes before the outbox: an ingestion that is ending still announces articles to the outbox.
        archive = parts.enter_context(open_archive(config, owner=True))
        yield Services(config=config, archive=archive, chats=chats, outbox=outbox, clock=clock)


@dataclass(frozen=True)
class Jianbao:
    """All parts of the bot: Telegram with a token, the local chat page without one."""

    services: Services
    application: TelegramApplication
    ingestion: Ingestion
    jobs: Jobs
    server: LocalServer | None
    """The Bot API server and chat page of this machine; None with a token."""
    monitor: HttpServer | None

    @property
    def address(self) -> str:
        """Where readers find the bot."""
        return self.server.page_url if self.server else "Telegram"

    def apply_reload(self, config: Config) -> tuple[str, ...]:
        """Apply a changed configuration; return the keys whose change takes effect at the next start."""
        self.services.config, waiting = apply_reload(self.services.config, config)
        return waiting


@asynccontextmanager
async def running(config: Config, *, clock: Clock = utc_now, schema: Path | None = None) -> AsyncIterator[Jianbao]:
    """Open all parts, then run: catch up on what was missed, answer readers, start the jobs; stop and close at exit.

    `schema` is a Bot API description against which the local server checks every request.
    """
    async with open_parts(config, clock=clock, schema=schema) as jianbao, _answering(jianbao):
        yield jianbao


@asynccontextmanager
async def open_parts(config: Config, *, clock: Clock = utc_now, schema: Path | None = None) -> AsyncIterator[Jianbao]:
    """Open all parts and connect to Telegram, but answer nobody yet; closes them in the opposite order."""
    async with AsyncExitStack() as parts:
        services = parts.enter_context(open_services(config, clock))
        parts.enter_context(logs.collect_warnings(services.recent_warnings))
        ingestion = Ingestion(services)
        server = await parts.enter_async_context(_local_server(config, ingestion, schema))
        application = _application(services, ingestion, server)
        parts.push_async_callback(application.bot.shutdown)  # closes connections also after a failed start
        parts.push_async_callback(application.shutdown)
        await _connect(application)
        monitor = await parts.enter_async_context(_monitor(services))
        await asyncio.to_thread(words.load)
        delivery = Delivery(
            services.outbox,
            services.chats,
            application.bot,
            clock,
            throttle=services.throttle,
            pictures=services.pictures,
            metrics=services.metrics,
        )
        yield Jianbao(services, application, ingestion, Jobs(services, delivery, ingestion), server, monitor)


@asynccontextmanager
async def _local_server(config: Config, ingestion: Ingestion, schema: Path | None) -> AsyncIterator[LocalServer | None]:
    if config.token.get_secret_value():
        yield None
        return
    add_sample = PageAction("sample", texts_for("zh").plain("sample.add"), ingestion.add_sample_page)
    # Offered beside the sample archive only, so that invented news never mix with an archive of one's own.
    actions = [add_sample] if config.archive.folder == sample_archive() else []
    server = LocalServer(host=config.local.host, port=config.local.port, schema=schema, actions=actions)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def _monitor(services: Services) -> AsyncIterator[HttpServer | None]:
    at = services.config.monitor
    if at.port is None:
        yield None
        return
    counts = partial(state_counts, services)
    server = monitoring_server(services.metrics, services.health, counts, services.clock, (at.host, at.port))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def _application(services: Services, ingestion: Ingestion, server: LocalServer | None) -> TelegramApplication:
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # otherwise the library warns at every 429
    builder = Application.builder().context_types(CONTEXT_TYPES)
    builder = builder.concurrent_updates(PerChatProcessor(services.metrics)).request(HttpClient())
    if server:
        builder = builder.token(server.token).base_url(server.base_url).base_file_url(server.base_file_url)
    else:
        config = services.config
        builder = builder.token(config.token.get_secret_value())
        builder = builder.base_url(config.telegram.base_url).base_file_url(config.telegram.base_file_url)
    application = builder.build()
    attach_services(application, services, ingestion.run)
    handlers.register(application)
    return application


async def _connect(application: TelegramApplication) -> None:
    """Initialise the application; retry while Telegram cannot be reached."""
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise ConfigError("token", ["Telegram refuses it; ask @BotFather for the right one"]) from None
        except RetryAfter as error:
            await _wait_to_reconnect(error, requested_delay(error).total_seconds())
        except NetworkError as error:
            await _wait_to_reconnect(error, RECONNECT_SECONDS)
        else:
            return


async def _wait_to_reconnect(error: TelegramError, seconds: float) -> None:
    log.warning("Telegram cannot be reached (%s); trying again in %d s", error, seconds)
    await asyncio.sleep(seconds)


@asynccontextmanager
async def _answering(jianbao: Jianbao) -> AsyncIterator[None]:
    """Catch up, answer readers and run the jobs until the exit, which waits for what is under way."""
    services = jianbao.services
    async with AsyncExitStack() as stack:
        try:
            await _catch_up(jianbao.ingestion, stack)
            await _receive_updates(jianbao, stack)
            jianbao.jobs.start()
            stack.push_async_callback(jianbao.jobs.stop)
            yield
        finally:  # before the stack waits for an ingestion and for replies
            services.archive.stop_soon()
            services.throttle.refuse_waiting_replies()


async def _catch_up(ingestion: Ingestion, stack: AsyncExitStack) -> None:
    """Ingest what is new since the last run and queue its alerts; leave a long ingestion to go on."""
    ingesting = asyncio.create_task(ingestion.run())
    stack.push_async_callback(asyncio.wait, {ingesting})
    await asyncio.wait({ingesting}, timeout=CATCH_UP_SECONDS)
    if ingesting.done():
        ingesting.result()
    else:
        ingesting.add_done_callback(_log_failure)
        log.info("the archive is still being ingested; readers get what is there so far")


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("the first ingestion failed", exc_info=error)


async def _receive_updates(jianbao: Jianbao, stack: AsyncExitStack) -> None:
    """Answer updates from here on, by polling or by the webhook."""
    application, webhook_config = jianbao.application, jianbao.services.config.webhook
    await application.start()
    stack.push_async_callback(application.stop)
    if webhook_config.url:
        webhook = Webhook(webhook_config, application.bot, application.update_queue)
        stack.push_async_callback(webhook.stop)
        await webhook.start(handlers.ALLOWED_UPDATES)
    else:
        assert application.updater  # noqa: S101  the builder makes one unless told not to
        await application.updater.start_polling(allowed_updates=handlers.ALLOWED_UPDATES, bootstrap_retries=-1)
        stack.push_async_callback(application.updater.stop)
    try:
        await handlers.set_menu(application.bot)
    except TelegramError as error:  # the menu of an earlier start stays
        log.warning("the commands menu could not be set: %s", error)

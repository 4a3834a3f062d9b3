"""The composition root: opens the parts that the configuration selects, then runs the bot.

open_archive    opens only the archive, for commands that read it
open_services   locks the data folder and opens the archive, the chats and the outbox, without Telegram
open_parts      opens the services, starts the local server if there is no token, and connects to the Bot API
running         opens all parts, then answers readers and runs the jobs
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

from telegram.error import TelegramError
from telegram.ext import Application

from bot import handlers
from bot.config import Config, apply_reload, sample_archive
from bot.context import CONTEXT_TYPES, Services, attach_services, state_counts
from bot.delivery import Delivery
from bot.delivery.http_client import HttpClient
from bot.flows.new_articles import Ingestion
from bot.handlers.middleware import PerChatProcessor
from bot.jobs import Jobs
from bot.local import LocalServer, PageAction
from bot.operations import logs
from bot.operations.http_server import HttpServer
from bot.operations.monitoring import monitoring_server
from bot.receiving import Inbox, UpdatesClient, connect
from bot.receiving.polling import Polling
from bot.receiving.webhook import Webhook
from bot.texts import texts_for
from digests.archive import Archive
from digests.errors import JianbaoError, StateError
from digests.ingest import index_repair
from digests.language import words
from digests.search.index import Index
from digests.search.index_files import is_current
from digests.storage import backup, check, files, restore
from digests.storage.lock import FolderLock
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore, DigestStore, has_digests

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
TelegramApplication = Application[Any, Any, Any, Any, Any, Any]

FULL_DISK_SECONDS = 5.0
"""Seconds between two attempts to open the data folder at the start while its disk is full."""
CATCH_UP_SECONDS = 10.0
"""Seconds that the start waits for the first ingestion; a longer ingestion continues while readers are answered."""
MENU_SECONDS = 10.0
"""Seconds that the start waits for Telegram to take the command menu."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def has_index(config: Config) -> bool:
    """True if the data folder contains digests and an index of this version; otherwise ingest the archive first."""
    return is_current(config.data / "index") and has_digests(config.data / "digests")


@contextmanager
def open_archive(config: Config, *, owner: bool = False) -> Iterator[Archive]:
    """Open only the archive: for reading, or as its `owner`, the only process that may change it."""
    digests = DigestStore(config.data / "digests", owner=owner)
    folder, pages = config.data / "index", config.archive.folder
    index = index_repair.open_index(folder, pages) if owner else Index(folder, owner=False)
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
    """Yield the archive for reading (None if it cannot be opened) and the problems of the stored files."""
    problems = check.check(config.data)
    with ExitStack() as parts:
        archive = None
        try:
            archive = parts.enter_context(open_archive(config))
        except StateError as error:
            problems.append(str(error))
        if archive is None and not config.archive.folder.is_dir():  # ingesting, which the errors advise, would fail
            problems = [f"the page folder {config.archive.folder} does not exist; set [archive] folder in config.toml"]
        yield archive, problems


@contextmanager
def open_services(config: Config, clock: Clock = utc_now) -> Iterator[Services]:
    """Open the archive, the chats and the outbox; the data folder is locked for this process until they are closed."""
    with ExitStack() as parts:
        parts.enter_context(FolderLock(config.data))
        restore.complete_restore(config.data)
        backup.back_up_before_update(config.data, clock())
        chats = ChatStore(config.data / "chats.json")
        parts.callback(chats.close)
        outbox = Outbox(config.data / "outbox.sqlite")
        parts.callback(outbox.close)
        # The archive is closed before the outbox, because an ingestion that is ending still writes to the outbox.
        archive = parts.enter_context(open_archive(config, owner=True))
        yield Services(config=config, archive=archive, chats=chats, outbox=outbox, clock=clock)


@dataclass(frozen=True)
class Jianbao:
    """All parts of the bot; without a token it runs on the local chat page instead of Telegram."""

    services: Services
    application: TelegramApplication
    ingestion: Ingestion
    jobs: Jobs
    server: LocalServer | None
    """The local Bot API server with the chat page; None if there is a token."""
    monitor: HttpServer | None
    """The server of /metrics and /health; None if no port is configured for it."""
    inbox: Inbox
    failure: "asyncio.Future[Any]"
    """Gets the error that ends the program; without one it is never done."""

    @property
    def address(self) -> str:
        """The URL of the chat page, or "Telegram"."""
        return self.server.page_url if self.server else "Telegram"

    def apply_reload(self, config: Config) -> tuple[str, ...]:
        """Apply a changed configuration; return the keys whose change takes effect only at the next start."""
        self.services.config, next_start_keys = apply_reload(self.services.config, config)
        return next_start_keys


@asynccontextmanager
async def running(config: Config, *, clock: Clock = utc_now, schema: Path | None = None) -> AsyncIterator[Jianbao]:
    """Open all parts, ingest new pages, answer readers and run the jobs; at exit stop and close everything.

    `schema` is the path of a Bot API description against which the local server checks every request.
    """
    async with open_parts(config, clock=clock, schema=schema) as jianbao, _answering(jianbao):
        yield jianbao


@asynccontextmanager
async def open_parts(config: Config, *, clock: Clock = utc_now, schema: Path | None = None) -> AsyncIterator[Jianbao]:
    """Open all parts and connect to the Bot API, but answer no updates yet; at exit close them in reverse order."""
    async with AsyncExitStack() as parts:
        services = await _enter_services(parts, config, clock)
        parts.enter_context(logs.collect_warnings(services.recent_warnings))
        ingestion = Ingestion(services)
        server = await parts.enter_async_context(_local_server(config, ingestion, schema))
        inbox = Inbox(services.metrics)
        application = _application(services, ingestion, server, inbox)
        parts.push_async_callback(application.bot.shutdown)  # also closes the connections if the start fails
        parts.push_async_callback(application.shutdown)
        await connect(application)
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
        jobs = Jobs(services, delivery, ingestion)
        failure = asyncio.get_running_loop().create_future()
        yield Jianbao(services, application, ingestion, jobs, server, monitor, inbox, failure)


async def _enter_services(parts: AsyncExitStack, config: Config, clock: Clock) -> Services:
    """Open the services until `parts` exits; while the disk is full, wait: without room, SQLite cannot even read."""
    while True:
        try:
            return parts.enter_context(open_services(config, clock))
        except StateError as error:
            if not files.is_disk_full(config.data):
                raise
            log.warning("the disk is full (%s); trying again in %d s", error, FULL_DISK_SECONDS)
            await asyncio.sleep(FULL_DISK_SECONDS)


@asynccontextmanager
async def _local_server(config: Config, ingestion: Ingestion, schema: Path | None) -> AsyncIterator[LocalServer | None]:
    """Run the local server if there is no token; yield None otherwise."""
    if config.token.get_secret_value():
        yield None
        return
    add_sample = PageAction("sample", texts_for("zh").plain("sample.add"), ingestion.add_sample_page)
    # Only with the sample archive, so that invented news is never added to an operator's own archive.
    actions = [add_sample] if config.archive.folder == sample_archive() else []
    at = config.local
    server = LocalServer(host=at.host, port=at.port, schema=schema, privacy_mode=at.privacy_mode, actions=actions)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def _monitor(services: Services) -> AsyncIterator[HttpServer | None]:
    """Run the monitoring server if a port is configured for it; yield None otherwise."""
    at = services.config.monitor
    if at.port is None:
        yield None
        return
    counts = partial(state_counts, services)
    server = monitoring_server(services.metrics, services.health, counts, (at.host, at.port))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def _application(
    services: Services, ingestion: Ingestion, server: LocalServer | None, inbox: Inbox
) -> TelegramApplication:
    """Build the python-telegram-bot application for the local server or for Telegram, with all handlers."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # otherwise the library warns at every 429
    builder = Application.builder().context_types(CONTEXT_TYPES)
    builder = builder.concurrent_updates(PerChatProcessor(services.metrics)).request(HttpClient())
    builder = builder.updater(None).update_queue(inbox.updates).get_updates_request(UpdatesClient(inbox))
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


@asynccontextmanager
async def _answering(jianbao: Jianbao) -> AsyncIterator[None]:
    """Ingest new pages, answer readers and run the jobs; at exit wait for the work in progress."""
    services = jianbao.services
    async with AsyncExitStack() as stack:
        try:
            await _catch_up(jianbao.ingestion, stack)
            await _receive_updates(jianbao, stack)
            jianbao.jobs.start()
            stack.push_async_callback(jianbao.jobs.stop)
            yield
        finally:  # before the exit of `stack`, which waits for a running ingestion and for replies
            services.archive.stop_soon()
            services.throttle.refuse_waiting_replies()
            services.stop_backtests()


async def _catch_up(ingestion: Ingestion, stack: AsyncExitStack) -> None:
    """Ingest the pages that are new since the last run and queue their alerts; stop waiting after CATCH_UP_SECONDS.

    If that fails, readers are answered from what was ingested before; the job `ingest_new_pages` tries again.
    """
    ingesting = asyncio.create_task(ingestion.run())
    stack.push_async_callback(asyncio.wait, {ingesting})
    await asyncio.wait({ingesting}, timeout=CATCH_UP_SECONDS)
    ingesting.add_done_callback(_log_failure)
    if not ingesting.done():
        log.info("the archive is still being ingested; until then readers get the articles ingested so far")


def _log_failure(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or not (error := task.exception()):
        return
    if isinstance(error, JianbaoError):
        log.error("the first ingestion failed: %s", error)
    else:
        log.error("the first ingestion failed", exc_info=error)


async def _receive_updates(jianbao: Jianbao, stack: AsyncExitStack) -> None:
    """Start to answer updates, which arrive by polling or at the webhook; stop when `stack` exits."""
    application, services, inbox = jianbao.application, jianbao.services, jianbao.inbox
    await application.start()
    stack.push_async_callback(application.stop)
    if services.config.webhook.url:
        webhook = Webhook(services.config.webhook, application.bot, inbox, services.health)
        stack.push_async_callback(webhook.stop)
        await webhook.start()
        receiving = asyncio.create_task(webhook.run(handlers.ALLOWED_UPDATES))
    else:
        polling = Polling(application.bot, inbox, services.health, handlers.ALLOWED_UPDATES)
        stack.push_async_callback(polling.confirm)
        receiving = asyncio.create_task(polling.run())
    stack.push_async_callback(_cancel, receiving)
    receiving.add_done_callback(partial(_end_program, jianbao.failure))
    try:
        async with asyncio.timeout(MENU_SECONDS):
            await handlers.set_menu(application.bot)
    except (TelegramError, TimeoutError) as error:  # Telegram keeps the menu set at an earlier start
        log.warning("the command menu could not be set: %s", error or type(error).__name__)


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait({task})


def _end_program(failure: "asyncio.Future[Any]", task: "asyncio.Task[None]") -> None:
    """Pass the error of a task on to `failure`."""
    if not task.cancelled() and (error := task.exception()) and not failure.done():
        failure.set_exception(error)

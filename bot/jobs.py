"""The timed jobs. No other file uses APScheduler.

Each job is a loop that APScheduler starts: a run begins some seconds after the last one began, or when that one ends.
Jobs need no exact times: each run handles everything that has become due.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import flows
from bot.context import Services
from bot.delivery import Delivery
from bot.flows.new_articles import Ingestion
from digests.errors import JianbaoError

log = logging.getLogger(__name__)

DUE_SECONDS = 15
"""Seconds between checks for due messages; a due message is normally queued after at most this time."""
DELIVERY_SECONDS = 0.5
BACKUP_SECONDS = 60
PRUNE_SECONDS = 24 * 3600
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""An overdue job starts at once, whatever the time of day is set to meanwhile."""
RECEIPTS_KEPT = timedelta(days=30)


Job = Callable[[], Awaitable[object]]


class Jobs:
    """The timed jobs of a running bot."""

    def __init__(self, services: Services, delivery: Delivery, ingestion: Ingestion) -> None:
        self._services = services
        self._delivery = delivery
        self._ingestion = ingestion
        self._running: set[asyncio.Task[object]] = set()
        self._stopping = False
        self._scheduler = AsyncIOScheduler(
            timezone=services.config.zone,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start the scheduler; every job runs at once, to handle what became due while the bot was not running."""
        for seconds, job in self.rhythm():
            self._scheduler.add_job(self._repeat, args=(seconds, job), next_run_time=LONG_AGO)
        self._scheduler.start()

    def rhythm(self) -> Sequence[tuple[float, Job]]:
        """Return the jobs, each with the seconds from one start to the next."""
        return (
            (self._services.config.archive.every_seconds, self.ingest_new_pages),
            (DUE_SECONDS, self.queue_due_messages),
            (DELIVERY_SECONDS, self.deliver),
            (BACKUP_SECONDS, self.back_up),
            (PRUNE_SECONDS, self.prune_receipts),
        )

    async def stop(self) -> None:
        """Start no more runs, cancel the running jobs and wait until they have ended."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.pause()
        while self._running:
            for task in self._running:
                task.cancel()  # a cancelled delivery still waits for the answers to its open requests
            await asyncio.wait(self._running)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def ingest_new_pages(self) -> None:
        await self._ingestion.run()

    async def queue_due_messages(self) -> None:
        queued = await asyncio.to_thread(flows.queue_due_messages, self._services)
        if queued:
            log.info("queued %d digests and bundles", queued)

    async def deliver(self) -> None:
        await self._delivery.run_once()

    async def back_up(self) -> None:
        folder = await asyncio.to_thread(self._services.back_up)
        if folder:
            log.info("backed up to %s", folder)

    async def prune_receipts(self) -> None:
        """Delete receipts older than RECEIPTS_KEPT; the record of the articles that each chat got is kept."""
        await asyncio.to_thread(self._services.outbox.prune, self._services.clock() - RECEIPTS_KEPT)

    async def _repeat(self, seconds: float, job: Job) -> None:
        """Run a job every `seconds` of the event loop's clock, which no correction of the time of day changes.

        The scheduler's own intervals follow the time of day: set back by an hour, they would pause for an hour.
        """
        task = asyncio.current_task()
        assert task  # noqa: S101  a running coroutine has a task
        self._running.add(task)
        try:
            while not self._stopping:
                started = asyncio.get_running_loop().time()
                await self._run(job)
                await asyncio.sleep(max(0.0, started + seconds - asyncio.get_running_loop().time()))
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        finally:
            self._running.discard(task)

    async def _run(self, job: Job) -> None:
        """Run a job and record the result in Health; log an error only if it differs from the job's last error."""
        health, name = self._services.health, job.__name__
        health.job_started(name)
        try:
            await job()
            health.job_succeeded(name)
        except JianbaoError as error:
            if health.job_failed(name, str(error)):
                log.warning("%s", error)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # also a panic of tantivy; the next run may succeed, until then health tells
            if health.job_failed(name, type(error).__name__):
                log.exception("%s failed", name)

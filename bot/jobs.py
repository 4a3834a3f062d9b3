"""All timed work: the only file that knows APScheduler.

A job that is late runs late, once, and never beside itself; nothing depends on a job having run at a certain moment,
as each asks what is due now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import flows
from bot.context import Services
from bot.delivery import Delivery
from digests.errors import JianbaoError
from digests.ingest import FileProblem, IngestReport

log = logging.getLogger(__name__)

DUE_SECONDS = 15
"""How often it is asked which digests are due: a digest leaves at most so much after its time."""
DELIVERY_SECONDS = 0.5
BACKUP_SECONDS = 60
PRUNE_SECONDS = 24 * 3600
RECEIPTS_KEPT = timedelta(days=30)


class Jobs:
    """The timed work of one running bot."""

    def __init__(self, services: Services, delivery: Delivery) -> None:
        self._services = services
        self._delivery = delivery
        self._reported: tuple[FileProblem, ...] = ()
        self._running: set[asyncio.Task[object]] = set()
        self._stopping = False
        self._looking = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(
            timezone=services.config.zone,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin; what was missed while the program was down is due at once."""
        self._every(self._services.config.archive.every_seconds, self.ingest_new_pages)
        self._every(DUE_SECONDS, self.queue_due_messages)
        self._every(DELIVERY_SECONDS, self._delivery.run_once)
        self._every(BACKUP_SECONDS, self.back_up)
        self._every(PRUNE_SECONDS, self.prune_receipts)
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing more, and let what is under way come to a sound end."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.pause()
        while self._running:
            for task in self._running:
                task.cancel()  # delivery takes this as the word to bring in the answers that are still open
            await asyncio.wait(self._running)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def ingest_new_pages(self, paths: Sequence[Path] | None = None) -> IngestReport:
        """Take in what is new in the archive folder, or in `paths`; tell the operator, owe the alerts."""
        async with self._looking:
            try:
                taken = await asyncio.to_thread(
                    flows.ingest_pages, self._services, paths, wait_for_copies=paths is None
                )
                self._report(taken)
                return taken
            finally:
                owed = await asyncio.to_thread(flows.queue_alerts, self._services)
                if owed:
                    log.info("alerts owed to %d chats", owed)

    async def queue_due_messages(self) -> None:
        owed = await asyncio.to_thread(flows.queue_due_messages, self._services)
        if owed:
            log.info("%d digests and bundles owed", owed)

    async def back_up(self) -> None:
        made = await asyncio.to_thread(self._services.back_up)
        if made:
            log.info("backed up to %s", made)

    async def prune_receipts(self) -> None:
        """Those that nobody will ask for; what was told to whom stays known."""
        await asyncio.to_thread(self._services.outbox.prune, self._services.clock() - RECEIPTS_KEPT)

    def _report(self, taken: IngestReport) -> None:
        """Each trouble once, not at every look."""
        if taken.read or taken.withdrawn:
            log.info("took in %d files with %d articles; %d withdrawn", taken.read, taken.articles, taken.withdrawn)
        for name in taken.undated:
            log.warning("%s: the day of its issue is not known; say it in archive.toml", name)
        for name, quality in taken.low_quality:
            log.warning("%s: badly read (quality %.2f of 1)", name, quality)
        for trouble in taken.problems:
            if trouble not in self._reported:
                log.warning("%s: %s", trouble.file, trouble.problem)
        self._reported = taken.problems

    def _every(self, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
        at_once = datetime.now(self._services.config.zone)
        self._scheduler.add_job(self._watched, "interval", (job,), seconds=seconds, next_run_time=at_once)

    async def _watched(self, job: Callable[[], Awaitable[object]]) -> None:
        """Run a job so that `stop` knows of it, and say an expected failure once, not at every try."""
        task = asyncio.current_task()
        assert task  # noqa: S101  a coroutine that runs, runs in a task
        self._running.add(task)
        health = self._services.health
        health.job_started(job.__name__, self._services.clock())
        try:
            await job()
            health.job_succeeded(job.__name__, self._services.clock())
        except JianbaoError as error:
            if health.job_failed(job.__name__, str(error)):
                log.warning("%s", error)
        except Exception as error:  # the next turn may go well; until then /health and /admin say so
            if health.job_failed(job.__name__, type(error).__name__):
                log.exception("%s failed", job.__name__)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        finally:
            self._running.discard(task)

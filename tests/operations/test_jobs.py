"""The timed jobs: their intervals, how they are run, and how they stop."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config
from bot.context import Services
from bot.jobs import Jobs
from bot.operations.monitoring import Health
from digests.errors import StateError

NOW = datetime(2022, 8, 29, 12, tzinfo=UTC)


def _jobs(**parts: Any) -> Jobs:
    services = SimpleNamespace(config=Config(), clock=lambda: NOW, health=Health(), **parts)
    return Jobs(cast(Services, services), cast(Any, None), cast(Any, None))


async def test_each_job_has_its_interval_and_runs_at_once_after_the_start() -> None:
    jobs = _jobs()
    jobs.start()
    scheduled = jobs._scheduler.get_jobs()
    jobs._scheduler.shutdown(wait=False)
    assert {job.args[0].__name__: job.trigger.interval.total_seconds() for job in scheduled} == {
        "ingest_new_pages": 20,
        "queue_due_messages": 15,
        "deliver": 0.5,
        "back_up": 60,
        "prune_receipts": 86400,
    }
    for job in scheduled:
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert job.next_run_time <= datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(seconds=0.1)


async def test_receipts_are_kept_for_thirty_days() -> None:
    pruned: list[datetime] = []
    await _jobs(outbox=SimpleNamespace(prune=pruned.append)).prune_receipts()
    assert pruned == [NOW - timedelta(days=30)]


async def test_an_expected_error_is_logged_once_in_one_line_and_shown_by_health(
    caplog: pytest.LogCaptureFixture,
) -> None:
    jobs = _jobs()

    async def full() -> None:
        raise StateError("the disk is full")

    for _ in range(3):
        await jobs._run(full)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "the disk is full")
    ]
    assert jobs._services.health.problems(NOW) == ("full: the disk is full",)


async def test_an_unexpected_error_is_logged_once_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    jobs = _jobs()

    async def broken() -> None:
        raise ZeroDivisionError

    for _ in range(3):
        await jobs._run(broken)
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "broken failed")
    assert record.exc_info
    assert jobs._services.health.problems(NOW) == ("broken: ZeroDivisionError",)


async def test_a_success_ends_the_problem() -> None:
    jobs = _jobs()
    outcomes: list[Exception | None] = [StateError("full"), None]

    async def job() -> None:
        if error := outcomes.pop(0):
            raise error

    await jobs._run(job)
    await jobs._run(job)
    assert jobs._services.health.problems(NOW) == ()


async def test_stopping_cancels_a_run_and_waits_for_its_cleanup() -> None:
    jobs, events = _jobs(), list[str]()

    async def long() -> None:
        try:
            events.append("started")
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.05)
            events.append("cleaned up")

    running = asyncio.create_task(jobs._run(long))
    await asyncio.sleep(0)
    await jobs.stop()
    assert events == ["started", "cleaned up"]
    assert running.done()
    assert not running.cancelled()


async def test_a_run_that_is_cancelled_from_elsewhere_stays_cancelled() -> None:
    jobs = _jobs()
    running = asyncio.create_task(jobs._run(lambda: asyncio.sleep(3600)))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

"""The timed jobs: their intervals, how they are run, and how they stop."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

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


def test_each_job_has_its_rhythm() -> None:
    assert {job.__name__: seconds for seconds, job in _jobs().rhythm()} == {
        "ingest_new_pages": 5,
        "queue_due_messages": 15,
        "deliver": 0.5,
        "back_up": 60,
        "prune_receipts": 86400,
    }


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=30), timedelta(days=-30), timedelta(hours=1)])
async def test_jobs_go_on_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch, step: timedelta) -> None:
    runs = list[float]()
    jobs, loop = _jobs(), asyncio.get_running_loop()
    offset = [timedelta()]

    class Stepped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + offset[0]

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Stepped)
    monkeypatch.setattr("apscheduler.triggers.date.datetime", Stepped)

    async def job() -> None:
        runs.append(loop.time())
        offset[0] = step

    monkeypatch.setattr(jobs, "rhythm", lambda: [(0.02, job)])
    jobs.start()
    async with asyncio.timeout(5):
        while len(runs) < 10:
            await asyncio.sleep(0.01)
    await jobs.stop()
    assert runs[-1] - runs[0] >= 9 * 0.02 - 0.01, "runs that were missed are not caught up"


async def test_a_run_begins_after_the_end_of_a_longer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, active, most = _jobs(), [0], [0]

    async def long() -> None:
        active[0] += 1
        most[0] = max(most[0], active[0])
        await asyncio.sleep(0.03)
        active[0] -= 1

    monkeypatch.setattr(jobs, "rhythm", lambda: [(0.001, long)])
    jobs.start()
    await asyncio.sleep(0.2)
    await jobs.stop()
    assert most == [1]


async def test_a_panic_ends_one_run_and_not_the_job() -> None:
    class PanicException(BaseException):
        pass

    jobs = _jobs()

    async def panic() -> None:
        raise PanicException

    await jobs._run(panic)
    assert jobs._services.health.problems() == ("panic: PanicException",)


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
    assert jobs._services.health.problems() == ("full: the disk is full",)


async def test_an_unexpected_error_is_logged_once_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    jobs = _jobs()

    async def broken() -> None:
        raise ZeroDivisionError

    for _ in range(3):
        await jobs._run(broken)
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "broken failed")
    assert record.exc_info
    assert jobs._services.health.problems() == ("broken: ZeroDivisionError",)


async def test_a_success_ends_the_problem() -> None:
    jobs = _jobs()
    outcomes: list[Exception | None] = [StateError("full"), None]

    async def job() -> None:
        if error := outcomes.pop(0):
            raise error

    await jobs._run(job)
    await jobs._run(job)
    assert jobs._services.health.problems() == ()


async def test_stopping_cancels_a_run_and_waits_for_its_cleanup() -> None:
    jobs, events = _jobs(), list[str]()

    async def long() -> None:
        try:
            events.append("started")
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.05)
            events.append("cleaned up")

    running = asyncio.create_task(jobs._repeat(1, long))
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

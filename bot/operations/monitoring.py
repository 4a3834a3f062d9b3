"""Monitoring: /metrics in Prometheus' text format, /health with the state of the timed jobs."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.operations.http_server import HttpServer, LoopbackHostsOnly
from digests.guard import Problem

UPDATE_SECONDS_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counters since the start of the process, and gauges whose values are set at each request."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._update_seconds = Histogram(
            "jianbao_answer_seconds",
            "Time to answer an update, in seconds",
            buckets=UPDATE_SECONDS_BUCKETS,
            registry=self._registry,
        )
        self._failures = Counter(
            "jianbao_failures", "Updates that ended in an unexpected error", registry=self._registry
        )
        self._updates = Counter("jianbao_updates", "Updates received from Telegram", registry=self._registry)
        self._unreadable = Counter(
            "jianbao_updates_unreadable",
            "Updates that could not be read and were skipped",
            registry=self._registry,
        )
        self._failing = Gauge(
            "jianbao_failing",
            "1 for a job, and for polling or the webhook, that fails; 0 if it works",
            ["job"],
            registry=self._registry,
        )
        self._failed_items = Counter(
            "jianbao_failed_items",
            "Articles, chats and messages that failed unexpectedly, by job; each is counted once until it succeeds",
            ["job"],
            registry=self._registry,
        )
        self._sent = Counter(
            "jianbao_parts_sent", "Parts of outbox messages that Telegram accepted", registry=self._registry
        )
        self._refused = Counter(
            "jianbao_parts_refused",
            "Parts of outbox messages that Telegram did not accept, by error",
            ["why"],
            registry=self._registry,
        )
        self._state = Gauge(
            "jianbao_state", "Chats, subscriptions, issues and others, by kind", ["of"], registry=self._registry
        )

    @contextmanager
    def time_update(self) -> Iterator[None]:
        """Record the duration of the block, which answers one update."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._update_seconds.observe(time.perf_counter() - began)

    def count_failure(self) -> None:
        """Count an update that ended in an unexpected error."""
        self._failures.inc()

    def count_update(self) -> None:
        """Count an update received from Telegram."""
        self._updates.inc()

    def count_unreadable_update(self) -> None:
        """Count an update that could not be read."""
        self._unreadable.inc()

    def count_failed_items(self, job: str, count: int) -> None:
        """Count items for which a job failed unexpectedly, although it succeeded for the others."""
        self._failed_items.labels(job).inc(count)

    def count_sent(self) -> None:
        """Count a part of an outbox message that Telegram accepted."""
        self._sent.inc()

    def count_refused(self, error: str) -> None:
        """Count a part that Telegram did not accept; `error` is the name of the exception's class."""
        self._refused.labels(error).inc()

    def exposition(self, state: Mapping[str, float], failing: Mapping[str, bool]) -> bytes:
        """Set the gauges to `state` (kind -> value) and `failing` (job -> fails); return all metrics as text."""
        for job, fails in failing.items():
            self._failing.labels(job).set(fails)
        for kind, value in state.items():
            self._state.labels(kind).set(value)
        return generate_latest(self._registry)


HANG_MINUTES = 15
"""A job counts as hanging if it has not succeeded for longer than this; ingesting a large archive takes minutes."""


MAX_ITEMS_NAMED = 5


@dataclass
class Health:
    """When each job last succeeded, and the error of each failing job; kept in memory only.

    Time is measured by the monotonic clock, which no correction of the time of day changes.
    """

    monotonic: Callable[[], float] = time.monotonic
    last_success: dict[str, float] = field(default_factory=dict)
    """Job -> moment of its last success, or of its first start if it has not succeeded yet."""
    errors: dict[str, str] = field(default_factory=dict)
    """Job -> error of its last run; contains only failing jobs."""
    failed_items: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    """Job -> articles, chats or messages for which its last run failed, although the run succeeded for the others."""

    def job_started(self, job: str) -> None:
        """Start the job's hang timer if this is its first run."""
        self.last_success.setdefault(job, self.monotonic())

    def job_succeeded(self, job: str) -> None:
        """Restart the job's hang timer and clear its error."""
        self.last_success[job] = self.monotonic()
        self.errors.pop(job, None)

    def items_failed(self, job: str, problems: Sequence[Problem]) -> list[Problem]:
        """Record the items that failed in the last run of a job; return those that did not fail in the run before."""
        known = self.failed_items.get(job, ())
        self.failed_items[job] = tuple(problems)
        return [problem for problem in problems if problem not in known]

    def job_failed(self, job: str, error: str) -> bool:
        """Record the error; return True if the job's previous run did not fail with the same error."""
        is_new = self.errors.get(job) != error
        self.errors[job] = error
        return is_new

    def problems(self) -> tuple[str, ...]:
        """Return one line for each job that fails or hangs, and for items that fail, MAX_ITEMS_NAMED of each job."""
        jobs = [f"{job}: {problem}" for job, problem in self.problem_by_job().items() if problem]
        items = [
            f"{job}: {problem}"
            if number < MAX_ITEMS_NAMED
            else f"{job}: {len(problems) - MAX_ITEMS_NAMED} more failures"
            for job, problems in self.failed_items.items()
            for number, problem in enumerate(problems[: MAX_ITEMS_NAMED + 1])
        ]
        return (*jobs, *items)

    def problem_by_job(self) -> dict[str, str | None]:
        """Return for each job what is wrong with it, failing jobs first; None if it works."""
        now = self.monotonic()
        hanging = {
            job: f"no success for {(now - last) // 60:.0f} minutes" if now - last > HANG_MINUTES * 60 else None
            for job, last in self.last_success.items()
        }
        return self.errors | {job: problem for job, problem in hanging.items() if job not in self.errors}


def monitoring_server(
    metrics: Metrics,
    health: Health,
    state: Callable[[], dict[str, float]],
    address: tuple[str, int],
) -> HttpServer:
    """Return a server for /metrics and /health at `address` (host, port); the caller starts and stops it.

    /health answers 200, or 503 while a job fails or hangs. `state` returns the gauges and is called in a thread.
    A request whose Host header is not a loopback name is refused.
    """

    async def show_metrics(request: Request) -> Response:  # noqa: ARG001  the signature of all routes
        failing = {job: problem is not None for job, problem in health.problem_by_job().items()}
        text = metrics.exposition(await asyncio.to_thread(state), failing)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def show_health(request: Request) -> Response:  # noqa: ARG001
        problems = health.problems()
        body = {"status": "failing" if problems else "ok", "problems": problems}
        return Response(orjson.dumps(body), 503 if problems else 200, media_type="application/json")

    routes = [Route("/metrics", show_metrics), Route("/health", show_health)]
    return HttpServer(LoopbackHostsOnly(Starlette(routes=routes)), *address)

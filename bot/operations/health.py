"""Health of the timed jobs, and the HTTP server that shows it at /health, with the counters at /metrics."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.operations.http_server import HttpServer
from bot.operations.metrics import Metrics

HANG_TIMEOUT = timedelta(minutes=15)
"""A job that has not succeeded for longer than this counts as hanging; ingesting a large archive may take minutes."""


@dataclass
class Health:
    """When each job last succeeded, and the error of each failing job; kept in memory only."""

    last_success: dict[str, datetime] = field(default_factory=dict)
    """By job; the first start, where the job has not succeeded yet."""
    errors: dict[str, str] = field(default_factory=dict)

    def job_started(self, job: str, now: datetime) -> None:
        """Start the job's hang timer at its first run."""
        self.last_success.setdefault(job, now)

    def job_succeeded(self, job: str, now: datetime) -> None:
        self.last_success[job] = now
        self.errors.pop(job, None)

    def job_failed(self, job: str, error: str) -> bool:
        """Record the error; return True if it differs from the job's last error."""
        is_new = self.errors.get(job) != error
        self.errors[job] = error
        return is_new

    def problems(self, now: datetime) -> tuple[str, ...]:
        """Return one sentence for each job that fails or hangs."""
        hanging = [
            f"{job}: no success since {last:%Y-%m-%d %H:%M:%S}"
            for job, last in self.last_success.items()
            if now - last > HANG_TIMEOUT and job not in self.errors
        ]
        return (*(f"{job}: {error}" for job, error in self.errors.items()), *hanging)


def monitoring_server(
    metrics: Metrics,
    health: Health,
    state: Callable[[], dict[str, float]],
    clock: Callable[[], datetime],
    address: tuple[str, int],
) -> HttpServer:
    """Return a server of /metrics and /health at `address` (host and port); the caller starts and stops it.

    /health answers 200, or 503 while a job fails or hangs. `state` returns the gauges; it is called in a thread.
    """

    async def show_metrics(request: Request) -> Response:  # noqa: ARG001  the signature of all routes
        text = metrics.exposition(await asyncio.to_thread(state))
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def show_health(request: Request) -> Response:  # noqa: ARG001
        problems = health.problems(clock())
        body = {"status": "failing" if problems else "ok", "problems": problems}
        return Response(orjson.dumps(body), 503 if problems else 200, media_type="application/json")

    routes = [Route("/metrics", show_metrics), Route("/health", show_health)]
    return HttpServer(Starlette(routes=routes), *address)

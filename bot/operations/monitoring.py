"""What this process did, counted for an operator's monitoring, in Prometheus' text form.

Whether the timed jobs are alive: when each last came to a good end, and what is wrong with those that fail.

Addresses for an operator's monitoring, on loopback and only when configured: /metrics and /health.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.operations.http_server import HttpServer

_ANSWER_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counters since the start, and the state as it is given when somebody asks."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Histogram(
            "jianbao_answer_seconds",
            "Time to answer an update, in seconds",
            buckets=_ANSWER_SECONDS,
            registry=self._registry,
        )
        self._failures = Counter("jianbao_failures", "Updates that met an unexpected error", registry=self._registry)
        self._sent = Counter(
            "jianbao_parts_sent", "Parts of owed messages accepted by Telegram", registry=self._registry
        )
        self._refused = Counter(
            "jianbao_parts_refused", "Parts of owed messages not accepted, by why", ["why"], registry=self._registry
        )
        self._state = Gauge("jianbao_state", "What there is now, by kind", ["of"], registry=self._registry)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """The time that answering one update takes."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._answers.observe(time.perf_counter() - began)

    def failed(self) -> None:
        """An update met an error that nobody expected."""
        self._failures.inc()

    def sent(self) -> None:
        """Telegram accepted a part of an owed message."""
        self._sent.inc()

    def refused(self, why: str) -> None:
        """Telegram did not accept one; `why` is the name of the error."""
        self._refused.labels(why).inc()

    def text(self, state: Mapping[str, float]) -> bytes:
        """All of it; `state` are the figures of this moment by their kind."""
        for kind, figure in state.items():
            self._state.labels(kind).set(figure)
        return generate_latest(self._registry)


LONG = timedelta(minutes=15)
"""Without a good end for so long a job is said to hang; a large taking in may rightly last minutes."""


@dataclass
class Health:
    """Kept in memory: a restart begins anew."""

    beats: dict[str, datetime] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)

    def begins(self, job: str, now: datetime) -> None:
        """The job is there; it has its time from now on."""
        self.beats.setdefault(job, now)

    def well(self, job: str, now: datetime) -> None:
        """The job came to a good end."""
        self.beats[job] = now
        self.failing.pop(job, None)

    def failed(self, job: str, problem: str) -> bool:
        """The job ended with `problem`; whether that is new."""
        new = self.failing.get(job) != problem
        self.failing[job] = problem
        return new

    def problems(self, now: datetime) -> tuple[str, ...]:
        """One sentence for each job that fails or hangs."""
        hanging = [
            f"{job}: no good end since {last:%Y-%m-%d %H:%M:%S}"
            for job, last in self.beats.items()
            if now - last > LONG and job not in self.failing
        ]
        return (*(f"{job}: {problem}" for job, problem in self.failing.items()), *hanging)


def monitor(
    metrics: Metrics,
    health: Health,
    state: Callable[[], dict[str, float]],
    clock: Callable[[], datetime],
    address: tuple[str, int],
) -> HttpServer:
    """Return a server of /metrics and /health, to be started and stopped with the program."""

    async def show_metrics(request: Request) -> Response:  # noqa: ARG001  the form of all routes
        text = metrics.text(await asyncio.to_thread(state))
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def show_health(request: Request) -> Response:  # noqa: ARG001
        problems = health.problems(clock())
        body = {"status": "failing" if problems else "ok", "problems": problems}
        return Response(orjson.dumps(body), 503 if problems else 200, media_type="application/json")

    routes = [Route("/metrics", show_metrics), Route("/health", show_health)]
    return HttpServer(Starlette(routes=routes), *address)

"""Counters of this process for an operator's monitoring, in the Prometheus text format."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

UPDATE_SECONDS_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counters since the start of the process, and gauges that are set when they are read."""

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
        self._sent = Counter(
            "jianbao_parts_sent", "Parts of owed messages accepted by Telegram", registry=self._registry
        )
        self._refused = Counter(
            "jianbao_parts_refused",
            "Parts of owed messages that Telegram did not accept, by error",
            ["why"],
            registry=self._registry,
        )
        self._state = Gauge(
            "jianbao_state", "Chats, subscriptions, issues and others, by kind", ["of"], registry=self._registry
        )

    @contextmanager
    def time_update(self) -> Iterator[None]:
        """Measure how long the enclosed block takes to answer one update."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._update_seconds.observe(time.perf_counter() - began)

    def count_failure(self) -> None:
        """Count an update that ended in an unexpected error."""
        self._failures.inc()

    def count_sent(self) -> None:
        """Count a part of an owed message that Telegram accepted."""
        self._sent.inc()

    def count_refused(self, error: str) -> None:
        """Count a part that Telegram did not accept; `error` is the name of the exception."""
        self._refused.labels(error).inc()

    def exposition(self, state: Mapping[str, float]) -> bytes:
        """Return all metrics in the text format; `state` maps each kind of gauge to its present value."""
        for kind, value in state.items():
            self._state.labels(kind).set(value)
        return generate_latest(self._registry)

"""What this process did, counted for an operator's monitoring, in Prometheus' text form."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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

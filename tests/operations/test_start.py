"""The start of the bot: retries while Telegram cannot be reached, and how long the first ingestion is waited for."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest
from telegram.error import Forbidden, InvalidToken, NetworkError, RetryAfter

from bot import app
from bot.flows.new_articles import Ingestion
from bot.receiving import connect
from digests.errors import ConfigError


class _Application:
    """Raises the given errors at its first attempts to initialise."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)

    async def initialize(self) -> None:
        if self._errors:
            raise self._errors.pop(0)


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    sleeps: list[float] = []

    async def sleep(seconds: float) -> None:
        sleeps.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return sleeps


async def test_the_connection_is_retried_every_ten_seconds_or_as_telegram_requests(sleeps: list[float]) -> None:
    application = _Application(NetworkError("no route"), RetryAfter(7), NetworkError("no route"))
    await connect(cast(Any, application))
    assert sleeps == [10, 7, 10]


async def test_a_token_refused_three_times_ends_the_start(sleeps: list[float]) -> None:
    with pytest.raises(ConfigError, match="token: Telegram refuses it"):
        await connect(cast(Any, _Application(InvalidToken(), InvalidToken(), InvalidToken())))
    assert sleeps == [1, 1]


async def test_a_single_refusal_of_the_token_does_not_end_the_start(sleeps: list[float]) -> None:
    await connect(cast(Any, _Application(InvalidToken(), Forbidden("x"), InvalidToken())))
    assert sleeps == [1, 10, 1]


class _Ingestion:
    def __init__(self, error: Exception | None = None, *, ends: bool = True) -> None:
        self.end = asyncio.Event()
        if ends:
            self.end.set()
        self._error = error

    async def run(self) -> None:
        await self.end.wait()
        if self._error:
            raise self._error


async def test_the_start_waits_ten_seconds_for_the_first_ingestion(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts, wait = [], asyncio.wait

    async def at_once(tasks: Any, *, timeout: float | None = None) -> Any:
        timeouts.append(timeout)
        return await wait(tasks, timeout=timeout and 0.01)

    monkeypatch.setattr(asyncio, "wait", at_once)
    ingestion = _Ingestion(ends=False)
    async with AsyncExitStack() as stack:
        await app._catch_up(cast(Ingestion, ingestion), stack)
        assert timeouts == [10.0]
        ingestion.end.set()  # the exit waits for it
    assert timeouts == [10.0, None]


async def test_an_error_of_the_first_ingestion_is_logged_and_the_start_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with AsyncExitStack() as stack:
        await app._catch_up(cast(Ingestion, _Ingestion(ConfigError("x", ["y"]))), stack)
    await asyncio.sleep(0)
    [record] = caplog.records
    assert (record.getMessage(), record.exc_info) == ("the first ingestion failed: x: y", None)


async def test_a_later_error_of_the_first_ingestion_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "CATCH_UP_SECONDS", 0.01)
    ingestion = _Ingestion(OSError("disk"), ends=False)
    async with AsyncExitStack() as stack:
        await app._catch_up(cast(Ingestion, ingestion), stack)
        ingestion.end.set()
    await asyncio.sleep(0)
    assert "the first ingestion failed" in caplog.text

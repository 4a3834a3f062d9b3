"""How updates reach the bot: the connection to Telegram, the inbox, and polling or the webhook, which fill it.

An update that the library cannot read is passed on as its bare id, so that it never stops the updates behind it.
"""

import asyncio
import logging
from collections import deque
from typing import Any

import orjson
from telegram import Update
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application

from bot.delivery.http_client import UNREADABLE, HttpClient
from bot.delivery.sending import requested_delay
from bot.operations.monitoring import Metrics
from digests.errors import ConfigError

log = logging.getLogger(__name__)

MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS, PAUSE_FACTOR = 1.0, 15.0, 1.5
"""The pause after a failed request for updates; each further failure multiplies it, up to the maximum."""
RECONNECT_SECONDS = 10.0
"""Seconds between two attempts to reach Telegram at the start."""
REFUSALS_AT_START, SECONDS_BETWEEN_REFUSALS = 3, 1.0
"""A wrong token ends the start soon, but not because of a single wrong answer."""
REMEMBERED_UPDATES = 1000
"""Number of recent updates by which one that arrives again is recognised."""
LOGGED_CHARS = 300
"""Number of characters of an unreadable update that the log shows."""


def refused_token() -> ConfigError:
    """Return the error that ends the program when Telegram refuses its token."""
    return ConfigError("token", ["Telegram refuses it; ask @BotFather for the right one"])


async def connect(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Initialise the application; retry while Telegram cannot be reached.

    Raises ConfigError if Telegram refuses the token REFUSALS_AT_START times.
    """
    refusals = 0
    while True:
        try:
            await application.initialize()
        except InvalidToken as error:
            refusals += 1
            if refusals == REFUSALS_AT_START:
                raise refused_token() from None
            await _wait_to_reconnect(error, SECONDS_BETWEEN_REFUSALS)
        except RetryAfter as error:
            await _wait_to_reconnect(error, requested_delay(error).total_seconds())
        except TelegramError as error:
            await _wait_to_reconnect(error, RECONNECT_SECONDS)
        else:
            return


async def _wait_to_reconnect(error: TelegramError, seconds: float) -> None:
    log.warning("Telegram cannot be reached (%s); trying again in %d s", error, seconds)
    await asyncio.sleep(seconds)


class Inbox:
    """Passes each update on to the application once, in the order of arrival."""

    def __init__(self, metrics: Metrics) -> None:
        self.updates: asyncio.Queue[Any] = asyncio.Queue()
        """The application's queue."""
        self._metrics = metrics
        self._recent: deque[int] = deque(maxlen=REMEMBERED_UPDATES)

    async def put(self, update: Update) -> None:
        """Pass on an update, unless it came before: Telegram repeats an update if our answer was lost."""
        if update.update_id not in self._recent:
            self._recent.append(update.update_id)
            self._metrics.count_update()
            await self.updates.put(update)

    def readable(self, update: Any) -> dict[str, Any] | None:
        """Return a received update if the library can read it, else only its id; None if it has no id."""
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            number = None
            problem: str | None = "no update_id"
        elif (problem := _problem_of_update(update)) is None:
            return dict(update)
        log.warning("an update cannot be read (%s) and is skipped: %s", problem, _beginning(update))
        self._metrics.count_unreadable_update()
        return None if number is None else {"update_id": number}


def _beginning(update: Any) -> str:
    """Return the first LOGGED_CHARS characters of an update for the log."""
    try:
        return orjson.dumps(update).decode()[:LOGGED_CHARS]
    except TypeError:  # orjson reads values that are nested deeper than it writes
        return "a value nested too deeply"


def _problem_of_update(update: dict[str, Any]) -> str | None:
    """Return what is wrong with an update; None if the library can read it."""
    try:
        read = Update.de_json(update, None)
        parties = (read.effective_chat, read.effective_user)
    except UNREADABLE as error:
        return type(error).__name__
    return None if all(isinstance(party.id, int) for party in parties if party) else "an id is not a number"


class UpdatesClient(HttpClient):
    """The HTTP client for getUpdates: replaces each update that the library cannot read by its bare id."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox

    def parse_json_payload(self, payload: bytes) -> Any:  # type: ignore[override]  # static in the library
        """Return the answer of Telegram with readable updates only."""
        answer = HttpClient.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [readable for update in updates if (readable := self._inbox.readable(update))]
        return answer


def pause_after(error: Exception, pause: float) -> float:
    """Return the seconds to wait after an error: `pause`, or longer if Telegram requests it."""
    return max(pause, requested_delay(error).total_seconds()) if isinstance(error, RetryAfter) else pause


def next_pause(pause: float) -> float:
    """Return the pause after a further failure."""
    return min(pause * PAUSE_FACTOR, MAX_PAUSE_SECONDS)

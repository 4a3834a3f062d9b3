"""Polling: fetches updates from Telegram, and begins again after every error."""

import asyncio
import logging
import time

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.operations.monitoring import Health
from bot.receiving import MIN_PAUSE_SECONDS, Inbox, next_pause, pause_after, refused_token

log = logging.getLogger(__name__)

POLLING = "polling"
"""The name of polling in Health."""
LONG_POLL_SECONDS = 10
"""Seconds that Telegram holds a request without updates."""
ANSWER_SECONDS = 10.0
"""Seconds without an answer after LONG_POLL_SECONDS after which a request for updates is given up and sent again."""
REFUSED_SECONDS = 300.0
"""The program ends if Telegram refuses the token for this long; for a shorter time the refusal may be a mistake."""


class Polling:
    """Fetches updates until it is stopped; begins again after every error."""

    def __init__(self, bot: Bot, inbox: Inbox, health: Health, allowed_updates: list[str]) -> None:
        self._bot = bot
        self._inbox = inbox
        self._health = health
        self._allowed_updates = allowed_updates
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch updates until cancelled. Raises ConfigError if Telegram refuses the token for REFUSED_SECONDS."""
        pause, refused_since = MIN_PAUSE_SECONDS, None
        webhook_removed = False
        while True:
            try:
                if not webhook_removed:  # Telegram gives no updates to a bot with a webhook
                    await self._bot.delete_webhook()
                    webhook_removed = True
                await self._fetch_at_most_every(MIN_PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001  reported; nothing else may end polling
                webhook_removed = webhook_removed and not isinstance(error, Conflict)
                refused_since = _refused_since(error, refused_since)
                self._report(error)
                await asyncio.sleep(pause_after(error, pause))
                pause = next_pause(pause)
            else:
                pause, refused_since = MIN_PAUSE_SECONDS, None
                self._health.job_succeeded(POLLING)

    async def confirm(self) -> None:
        """Tell Telegram which updates arrived, so that the next start does not get them again."""
        try:
            await self._fetch(0)
        except TelegramError as error:
            log.warning("Telegram was not told which updates arrived (%s); it may send the last ones again", error)

    async def _fetch_at_most_every(self, seconds: float) -> None:
        """Fetch updates; if there are none, end after `seconds` at the earliest, even if the server does not wait."""
        started = time.monotonic()
        if not await self._fetch(LONG_POLL_SECONDS):
            await asyncio.sleep(started + seconds - time.monotonic())

    async def _fetch(self, seconds: int) -> int:
        """Pass on new updates and return their number; without any, Telegram answers after `seconds`."""
        updates = await self._bot.get_updates(
            offset=self._offset, timeout=seconds, allowed_updates=self._allowed_updates, read_timeout=ANSWER_SECONDS
        )
        for update in updates:
            self._offset = update.update_id + 1
            await self._inbox.put(update)
        return len(updates)

    def _report(self, error: Exception) -> None:
        problem = _problem(error)
        if self._health.job_failed(POLLING, problem):
            log.warning("no updates from Telegram: %s", problem, exc_info=not isinstance(error, TelegramError))


def _refused_since(error: Exception, since: float | None) -> float | None:
    """Return since when the token is refused; None if `error` is no refusal. Raises ConfigError if it is too long."""
    if not isinstance(error, InvalidToken):
        return None
    now = time.monotonic()
    if since is not None and now - since > REFUSED_SECONDS:
        raise refused_token()
    return now if since is None else since


def _problem(error: Exception) -> str:
    match error:
        case InvalidToken():
            return f"Telegram refuses the token ({error}); the program ends if that lasts {REFUSED_SECONDS:.0f} s"
        case Conflict():
            return f"another program receives the updates of this bot; stop it ({error})"
        case TelegramError():
            return str(error)
        case _:
            return f"the answer of Telegram cannot be read ({type(error).__name__})"

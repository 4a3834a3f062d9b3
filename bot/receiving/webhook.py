"""The webhook: registers its URL with Telegram, watches the registration, and receives the updates posted to it."""

import asyncio
import logging
import secrets
from datetime import datetime
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.config import WebhookConfig
from bot.operations.http_server import HttpServer
from bot.operations.monitoring import Health
from bot.receiving import MIN_PAUSE_SECONDS, Inbox, next_pause, pause_after

log = logging.getLogger(__name__)

WEBHOOK = "webhook"
"""The name of the webhook in Health."""
CHECK_SECONDS = 20.0
"""Seconds between questions to Telegram about the state of the webhook."""
MAX_UPDATE_BYTES = 1 << 20
"""Larger bodies are refused; Telegram's updates are far smaller."""

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name, not a token


class Webhook:
    """Registers the URL with Telegram; puts each received update with the right secret token into the queue."""

    def __init__(self, config: WebhookConfig, bot: Bot, inbox: Inbox, health: Health) -> None:
        self._config = config
        self._bot = bot
        self._inbox = inbox
        self._health = health
        self._secret = config.secret.get_secret_value() or secrets.token_urlsafe(32)
        self._last_error: datetime | None = None
        route = Route(urlsplit(config.url).path, self._receive, methods=["POST"])
        self._server = HttpServer(Starlette(routes=[route]), config.host, config.port)

    async def start(self) -> None:
        """Listen for updates; raises UsageError if the port cannot be used."""
        await self._server.start()

    async def run(self, allowed_updates: list[str]) -> None:
        """Register the URL, and register it again when Telegram has lost it, until cancelled."""
        registered, pause = False, MIN_PAUSE_SECONDS
        while True:
            try:
                if not registered:
                    await self._bot.set_webhook(
                        self._config.url, secret_token=self._secret, allowed_updates=allowed_updates
                    )
                registered = await self._is_registered()
            except Exception as error:  # noqa: BLE001  reported; nothing may end the watch
                self._report(f"Telegram does not take the webhook {self._config.url} ({error})")
                await asyncio.sleep(pause_after(error, pause))
                pause = next_pause(pause)
            else:
                pause = MIN_PAUSE_SECONDS
                await asyncio.sleep(CHECK_SECONDS if registered else pause)

    async def stop(self) -> None:
        """Stop listening; Telegram stores new updates until the next start."""
        await self._server.stop()

    async def _is_registered(self) -> bool:
        """Ask Telegram for the state of the webhook and report it; False if it has to be registered again."""
        state = await self._bot.get_webhook_info()
        if state.url != self._config.url:
            self._report("another program changed the webhook of this bot; stop it")
            return False
        if state.last_error_date and state.last_error_date != self._last_error and state.pending_update_count:
            self._report(f"Telegram cannot deliver updates to {self._config.url} ({state.last_error_message})")
        else:
            self._health.job_succeeded(WEBHOOK)
        self._last_error = state.last_error_date
        return True

    def _report(self, problem: str) -> None:
        if self._health.job_failed(WEBHOOK, problem):
            log.warning("%s", problem)

    async def _receive(self, request: Request) -> Response:
        """Queue the update in a request; refuse a wrong secret (403), a large body (413) or other content (400)."""
        if not secrets.compare_digest(request.headers.get(_SECRET_HEADER, "").encode(), self._secret.encode()):
            return Response("the secret token is wrong", 403)
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_UPDATE_BYTES:
                    return Response(f"more than {MAX_UPDATE_BYTES} bytes", 413)
            update = self._inbox.readable(orjson.loads(body))
        except (ValueError, ClientDisconnect):
            return Response("not JSON", 400)
        if update is None:
            return Response("not an update: it has no update_id", 400)
        # An unreadable update is accepted too: otherwise Telegram would post it again and again before all others.
        await self._inbox.put(Update.de_json(update, self._bot))
        return Response(status_code=200)

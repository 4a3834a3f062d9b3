"""Receive updates that Telegram posts to a URL of this program, instead of polling for them."""

import asyncio
import secrets
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.config import WebhookConfig
from bot.operations.http_server import HttpServer

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name, not a token
MAX_UPDATE_BYTES = 1 << 20
"""Telegram's updates are far smaller."""


class Webhook:
    """Registers the URL with Telegram and puts each update that carries the right secret into the queue."""

    def __init__(self, config: WebhookConfig, bot: Bot, updates: "asyncio.Queue[Any]") -> None:
        self._config = config
        self._bot = bot
        self._updates = updates
        self._secret = config.secret.get_secret_value() or secrets.token_urlsafe(32)
        route = Route(urlsplit(config.url).path, self._receive, methods=["POST"])
        self._server = HttpServer(Starlette(routes=[route]), config.host, config.port)

    async def start(self, allowed_updates: list[str]) -> None:
        """Listen, then register the URL; raises TelegramError if Telegram refuses it."""
        await self._server.start()
        await self._bot.set_webhook(self._config.url, secret_token=self._secret, allowed_updates=allowed_updates)

    async def stop(self) -> None:
        """Stop listening; Telegram keeps new updates until the next start."""
        await self._server.stop()

    async def _receive(self, request: Request) -> Response:
        if not secrets.compare_digest(request.headers.get(_SECRET_HEADER, "").encode(), self._secret.encode()):
            return Response("the secret token is wrong", 403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_UPDATE_BYTES:
                return Response(f"more than {MAX_UPDATE_BYTES} bytes", 413)
        try:
            update = Update.de_json(orjson.loads(body), self._bot)
        except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError, ValueError) as error:
            return Response(f"not an update: {type(error).__name__}", 400)
        await self._updates.put(update)
        return Response(status_code=200)

"""Updates that Telegram posts to an address of ours, instead of our asking for them."""

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

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1 << 20
"""Bytes of one update at most; Telegram's are far smaller."""


class Webhook:
    """Listens where the configuration says, tells Telegram, and hands on what comes with the right secret."""

    def __init__(self, config: WebhookConfig, bot: Bot, updates: "asyncio.Queue[Any]") -> None:
        self._config = config
        self._bot = bot
        self._updates = updates
        self._secret = config.secret.get_secret_value() or secrets.token_urlsafe(32)
        route = Route(urlsplit(config.url).path, self._posted, methods=["POST"])
        self._serving = HttpServer(Starlette(routes=[route]), config.host, config.port)

    async def start(self, allowed_updates: list[str]) -> None:
        """Listen, then let Telegram know; raises TelegramError where it refuses the address."""
        await self._serving.start()
        await self._bot.set_webhook(self._config.url, secret_token=self._secret, allowed_updates=allowed_updates)

    async def stop(self) -> None:
        """Listen no more; Telegram keeps what comes until the next start."""
        await self._serving.stop()

    async def _posted(self, request: Request) -> Response:
        if not secrets.compare_digest(request.headers.get(_HEADER, "").encode(), self._secret.encode()):
            return Response("the secret token is wrong", 403)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST:
                return Response(f"more than {_LARGEST} bytes", 413)
        try:
            update = Update.de_json(orjson.loads(body), self._bot)
        except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError, ValueError) as error:
            return Response(f"not an update: {type(error).__name__}", 400)
        await self._updates.put(update)
        return Response(status_code=200)

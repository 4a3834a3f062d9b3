"""The local server's life: its socket, its routes, its start and its stop."""

import ipaddress
import secrets
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.local.bot_api import BotApi, LocalRequestsOnly, ReceivedRequest
from bot.local.chats import BOT, CHATS
from bot.local.errors import JSON
from bot.local.faults import Faults, RateLimits
from bot.local.messages import EventLog, MessageStore
from bot.local.page_api import Action, PageApi
from bot.local.schema import Schema
from bot.local.state import PendingQueries, ServerState
from bot.local.updates import UpdateQueue, Webhook
from bot.operations.http_server import HttpServer
from digests.errors import UsageError

_PAGE = Path(__file__).parent / "page"


class LocalServer:
    """A Bot API server with a chat page, for the people of this machine; started and stopped once."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 8030,
        schema: Path | None = None,
        enforce_limits: bool = False,
        answer_wait: float = 8.0,
        query_lifetime: float = 30.0,
        actions: Sequence[Action] = (),
    ) -> None:
        self.token = f"{BOT.id}:local-{secrets.token_urlsafe(24)}"
        self._schema = Schema(schema) if schema else None
        events, updates = EventLog(), UpdateQueue(self._check_update)
        self.state = ServerState(
            events, MessageStore(events), updates, PendingQueries(query_lifetime), Webhook(updates)
        )
        self.state.rate_limits = RateLimits() if enforce_limits else None
        self.api = BotApi(self.state, self.token, self._schema, self._drop)
        self._page_api = PageApi(self.state, answer_wait, actions)
        self._serving = HttpServer(self._app(), _loopback(host), port)

    async def start(self) -> None:
        """Bind and serve; a taken port is a UsageError."""
        await self._serving.start()

    async def stop(self) -> None:
        """End all polls and streams, then the server."""
        self.state.events.close()
        self.state.updates.close()
        self.state.queries.close()
        await self.state.webhook.stop()
        await self._serving.stop()

    @property
    def page_url(self) -> str:
        return self._serving.url

    @property
    def base_url(self) -> str:
        return f"{self.page_url}bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.page_url}file/bot"

    @property
    def faults(self) -> Faults:
        return self.state.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.state.faults = faults

    @property
    def requests(self) -> deque[ReceivedRequest]:
        """The latest requests of the bot's, the oldest first."""
        return self.api.requests

    def messages(self, chat_id: int) -> list[JSON]:
        """A chat's messages as the Bot API shows them, the oldest first."""
        return [message.to_json() for message in self.state.messages.in_chat(chat_id)] if chat_id in CHATS else []

    def _app(self) -> ASGIApp:
        async def index(request: Request) -> FileResponse:  # noqa: ARG001 the form of all routes
            return FileResponse(_PAGE / "index.html")

        routes = [
            Route("/", index),
            Mount("/page", StaticFiles(directory=_PAGE)),
            *self._page_api.routes(),
            Route("/bot{token}/{method}", self.api.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.api.download, methods=["GET"]),
        ]
        return LocalRequestsOnly(Starlette(routes=routes))

    def _drop(self, request: Request) -> None:
        """Cut the connection under a request, as a network would."""
        if request.client:
            self._serving.abort(tuple(request.client))

    def _check_update(self, update: JSON) -> None:
        problems = self._schema.value(update, ["Update"], "update") if self._schema else []
        if problems:
            raise AssertionError("; ".join(problems))


def _loopback(host: str) -> str:
    name = "127.0.0.1" if host == "localhost" else host
    try:
        here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        here = False
    if not here:
        raise UsageError(
            f"host {host!r}: the local server is for this machine alone; expected 127.0.0.1, ::1 or localhost"
        )
    return name

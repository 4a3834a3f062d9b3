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

from bot.local.errors import JSON
from bot.local.faults import Faults, Pace
from bot.local.history import EventLog, History
from bot.local.page_api import Action, PageApi
from bot.local.schema import Schema
from bot.local.state import Questions, State
from bot.local.transport import Gate, Received, Transport
from bot.local.updates import UpdateQueue, Webhook
from bot.local.world import BOT, CHATS
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
        self._room = State(events, History(events), updates, Questions(query_lifetime), Webhook(updates))
        self._room.pace = Pace() if enforce_limits else None
        self._transport = Transport(self._room, self.token, self._schema, self._drop)
        self._page_api = PageApi(self._room, answer_wait, actions)
        self._serving = HttpServer(self._app(), _loopback(host), port)

    async def start(self) -> None:
        """Bind and serve; a taken port is a UsageError."""
        await self._serving.start()

    async def stop(self) -> None:
        """End all polls and streams, then the server."""
        self._room.events.close()
        self._room.updates.close()
        self._room.questions.close()
        await self._room.webhook.stop()
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
        return self._room.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._room.faults = faults

    @property
    def requests(self) -> deque[Received]:
        """The latest requests of the bot's, the oldest first."""
        return self._transport.requests

    def messages(self, chat_id: int) -> list[JSON]:
        """A chat's messages as the Bot API shows them, the oldest first."""
        return [message.to_json() for message in self._room.history.of(chat_id)] if chat_id in CHATS else []

    def _app(self) -> ASGIApp:
        async def index(request: Request) -> FileResponse:  # noqa: ARG001 the form of all routes
            return FileResponse(_PAGE / "index.html")

        routes = [
            Route("/", index),
            Mount("/page", StaticFiles(directory=_PAGE)),
            *self._page_api.routes(),
            Route("/bot{token}/{method}", self._transport.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._transport.download, methods=["GET"]),
        ]
        return Gate(Starlette(routes=routes))

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

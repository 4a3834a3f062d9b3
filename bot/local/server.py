"""The local server's life: its socket, its routes, its start and its stop."""

import asyncio
import contextlib
import errno
import ipaddress
import secrets
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.local.answers import JSON
from bot.local.events import EventLog
from bot.local.faults import Faults, Pace
from bot.local.gate import Gate
from bot.local.history import History
from bot.local.pageapi import Action, PageApi
from bot.local.questions import Questions
from bot.local.room import Room
from bot.local.schema import Schema
from bot.local.transport import Received, Transport
from bot.local.updates import UpdateQueue
from bot.local.webhook import Webhook
from bot.local.world import BOT, CHATS
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
        self._host, self._port = _loopback(host), port
        self._schema = Schema(schema) if schema else None
        events, updates = EventLog(), UpdateQueue(self._check_update)
        self._room = Room(events, History(events), updates, Questions(query_lifetime), Webhook(updates))
        self._room.pace = Pace() if enforce_limits else None
        self._transport = Transport(self._room, self.token, self._schema, self._drop)
        self._page_api = PageApi(self._room, answer_wait, actions)
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Bind and serve; a taken port is a UsageError."""
        bound = _bind(self._host, self._port)
        self._port = bound.getsockname()[1]
        config = uvicorn.Config(
            self._app(),
            http="h11",
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[bound]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """End all polls and streams, then the server."""
        if self._server is None or self._serving is None:
            return
        self._room.events.close()
        self._room.updates.close()
        self._room.questions.close()
        await self._room.webhook.stop()
        self._server.over.set()
        await self._serving
        self._server = self._serving = None

    @property
    def page_url(self) -> str:
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self._port}/"

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
        for connection in list(self._server.server_state.connections) if self._server else []:
            if isinstance(connection, H11Protocol) and request.client and connection.client == tuple(request.client):
                connection.transport.abort()

    def _check_update(self, update: JSON) -> None:
        problems = self._schema.value(update, ["Update"], "update") if self._schema else []
        if problems:
            raise AssertionError("; ".join(problems))


class _Server(uvicorn.Server):
    """Uvicorn as a part of a program: it says when it is ready, sleeps until it is to end, leaves the signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.over = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        # Uvicorn's own wakes ten times a second, to keep a date header that is not sent here.
        await self.over.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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


def _bind(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches off the delay of small packets (40 ms an answer) only where it is.
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen()
    except OverflowError:
        bound.close()
        raise UsageError(f"port {port}: expected 0 to 65535") from None
    except OSError as error:
        bound.close()
        if error.errno != errno.EADDRINUSE:
            raise UsageError(f"port {port} on {host}: {error.strerror}; choose another port") from None
        raise UsageError(f"port {port} on {host} is in use; stop the other program or choose another port") from None
    bound.setblocking(False)
    return bound

"""Uvicorn as a part of this program: HTTP for as long as the program wants it, on a socket of its choice."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from digests.errors import UsageError


class HttpServer:
    """One application on one socket; after `stop` it may be started again, on the same port."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """`port` 0: any free one."""
        self._app = app
        self._host = host
        self.port = port
        """The port that is listened on; known after `start` where any was asked for."""
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Bind and serve; raises UsageError when the port is taken or not to be had."""
        bound = _bind(self._host, self.port)
        self.port = bound.getsockname()[1]
        config = uvicorn.Config(
            self._app,
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
            timeout_keep_alive=60,  # longer than a client keeps an idle connection: none is closed under its request
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[bound]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """End what is under way within a second, then the server."""
        if self._server is None or self._task is None:
            return
        self._server.over.set()
        await self._task
        self._server = self._task = None

    @property
    def url(self) -> str:
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self.port}/"

    def abort(self, client: tuple[object, ...]) -> None:
        """Cut the connections of the client at this address without another word."""
        for connection in list(self._server.server_state.connections) if self._server else []:
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.abort()


class _Server(uvicorn.Server):
    """It says when it is ready, sleeps until it is to end, and leaves the signals alone."""

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

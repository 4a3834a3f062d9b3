"""HTTP servers inside this program (Uvicorn)."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from digests.errors import UsageError

_HOST_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class LoopbackHostsOnly:
    """ASGI middleware that refuses (403) a request whose Host header is not a loopback name with the server's port.

    A web page can make its own host name resolve to 127.0.0.1 and then read answers of this machine (DNS rebinding);
    its requests carry that name in the Host header.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        host = Headers(scope=scope).get("host", "")
        if _is_loopback_name(host, scope["server"]):
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"error": f"Host {host!r} is not this machine"}, 403)(scope, receive, send)


def _is_loopback_name(host: str, server: tuple[str, int]) -> bool:
    """True if a Host header is a loopback name, or the address on which the server listens, with the server's port."""
    address, port = server
    try:
        parts = urlsplit(f"//{host}")
        same_port = (parts.port or 80) == port
    except ValueError:
        return False
    return same_port and parts.hostname in _HOST_NAMES | {address} and "@" not in host


class HttpServer:
    """Serves one ASGI application on one socket; after `stop` it can be started again on the same port."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """With `port` 0, `start` chooses a free port."""
        self._app = app
        self._host = host
        self.port = port
        """The port to listen on; if it is 0, `start` replaces it with the chosen port."""
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Bind the port and serve; raises UsageError if the port is in use or not allowed."""
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
            timeout_keep_alive=60,  # longer than clients keep idle connections, so no request uses a closed one
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[bound]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Wait up to one second for open requests, then stop the server."""
        if self._server is None or self._task is None:
            return
        self._server.stop_requested.set()
        await self._task
        self._server = self._task = None

    @property
    def url(self) -> str:
        """The server's root URL."""
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self.port}/"

    def abort(self, client: tuple[object, ...]) -> None:
        """Close the connections of the client with this address without a response."""
        for connection in list(self._server.server_state.connections) if self._server else []:
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.abort()


class _Server(uvicorn.Server):
    """Sets `ready` after its start, serves until `stop_requested` is set, and installs no signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop_requested = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        # Uvicorn's own loop wakes ten times a second to update the Date header, which this server does not send.
        await self.stop_requested.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bind(host: str, port: int) -> socket.socket:
    # With an explicit IPPROTO_TCP, asyncio sets TCP_NODELAY, which saves 40 ms per response.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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

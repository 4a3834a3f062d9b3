"""The local server: its routes, its start and stop, and the check that refuses foreign requests.

The server accepts connections from this machine only, and it prevents two attacks by foreign web pages. A page can make
its own host name resolve to 127.0.0.1 (DNS rebinding), so the Host header must be a loopback name. A page can also send
POST requests without reading the answers, so a request that changes something under /api must be JSON, with the chat
page's Origin or without an Origin.
"""

import ipaddress
import secrets
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.local.bot_api import BotApi, ReceivedRequest
from bot.local.chats import BOT, CHATS
from bot.local.messages import EventLog, MessageStore
from bot.local.page_api import PageAction, PageApi
from bot.local.refusals import JSON, Faults, RateLimits
from bot.local.requests import Schema, limited
from bot.local.state import PendingQueries, ServerState
from bot.local.updates import UpdateQueue, Webhook
from bot.operations.http_server import HttpServer, LoopbackHostsOnly
from digests.errors import UsageError

_PAGE = Path(__file__).parent / "page"
_TEST = ("/test", "")
"""Suffixes of the token: the addresses of Telegram's test environment lead to the same chats."""
_SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class LocalServer:
    """A Bot API server with a chat page; it can be started and stopped only once."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 8030,
        schema: Path | None = None,
        enforce_limits: bool = False,
        privacy_mode: bool = True,
        answer_wait: float = 8.0,
        query_lifetime: float = 30.0,
        actions: Sequence[PageAction] = (),
    ) -> None:
        """Raise UsageError unless `host` is a loopback address.

        `schema` is the path of a Bot API description against which requests, results and updates are checked; see
        `schema_problems`.
        With `enforce_limits`, messages that exceed Telegram's rate limits are refused. With `privacy_mode`, Telegram's
        default, the bot gets only messages of groups that are meant for it. The page waits `answer_wait` seconds for
        the bot's answer to a pressed button or inline query; the bot can answer it within `query_lifetime` seconds.
        """
        self.token = f"{BOT.id}:local-{secrets.token_urlsafe(24)}"
        self._schema = Schema(schema) if schema else None
        events, updates = EventLog(), UpdateQueue(self._check_update)
        self.state = ServerState(
            events, MessageStore(events), updates, PendingQueries(query_lifetime), Webhook(updates)
        )
        self.state.rate_limits = RateLimits() if enforce_limits else None
        self.state.privacy_mode = privacy_mode
        self.api = BotApi(self.state, self.token, self._schema, self._drop_connection)
        self._page_api = PageApi(self.state, answer_wait, actions)
        self._http = HttpServer(self._app(), _loopback(host), port)

    async def start(self) -> None:
        """Bind the port and serve; raise UsageError if the port is in use or not allowed."""
        await self._http.start()

    async def stop(self) -> None:
        """End event streams, long polls, open queries and the webhook, then stop the server."""
        self.state.events.close()
        self.state.updates.close()
        self.state.queries.close()
        await self.state.webhook.stop()
        await self._http.stop()

    @property
    def page_url(self) -> str:
        return self._http.url

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
        """The latest requests from the bot, the oldest first."""
        return self.api.requests

    @property
    def schema_problems(self) -> list[str]:
        """What the Bot API description finds wrong with the requests so far."""
        return self.api.schema_problems

    def messages(self, chat_id: int) -> list[JSON]:
        """Return the messages of a chat as Bot API objects, the oldest first."""
        return [message.to_json() for message in self.state.messages.in_chat(chat_id)] if chat_id in CHATS else []

    def _app(self) -> ASGIApp:
        async def index(request: Request) -> FileResponse:  # noqa: ARG001  all routes have this signature
            return FileResponse(_PAGE / "index.html")

        routes = [
            Route("/", index),
            Mount("/page", StaticFiles(directory=_PAGE)),
            *self._page_api.routes(),
            *(Route(f"/bot{{token}}{test}/{{method}}", self.api.call, methods=["GET", "POST"]) for test in _TEST),
            *(Route(f"/file/bot{{token}}{test}/{{path:path}}", self.api.download, methods=["GET"]) for test in _TEST),
        ]
        routes += [Route(f"/{start}{{rest:path}}", self.api.other_address) for start in ("bot", "file/bot")]
        return OwnPageOnly(LoopbackHostsOnly(Starlette(routes=routes)))

    def _drop_connection(self, request: Request) -> None:
        """Close the connection of a request without an answer."""
        if request.client:
            self._http.abort(tuple(request.client))

    def _check_update(self, update: JSON) -> None:
        """Raise AssertionError if an update does not match the schema."""
        problems = self._schema.check_value(update, ["Update"], "update") if self._schema else []
        if problems:
            raise AssertionError("; ".join(problems))


class OwnPageOnly:
    """ASGI middleware that refuses requests of foreign pages, limits bodies, and adds security headers to answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_SECURITY_HEADERS)
            await send(message)

        reason = _refusal_reason(scope)
        if reason:
            await JSONResponse({"error": reason}, status_code=403)(scope, receive, send_with_headers)
        else:
            await self._app(scope, limited(receive, scope["path"]), send_with_headers)


def _refusal_reason(scope: Scope) -> str:
    """Return why the request is refused; an empty string if it is accepted."""
    headers = Headers(scope=scope)
    if scope["method"] in {"GET", "HEAD"} or not scope["path"].startswith("/api/"):
        return ""
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{headers.get('host', '')}":
        return f"Origin {origin!r} is not this page"
    content_type = headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "application/json":
        return f"content-type {content_type!r} where application/json is expected"
    return ""


def _loopback(host: str) -> str:
    """Return `host` as an IP address; raise UsageError unless it is a loopback address."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise UsageError(
            f"host {host!r}: the local server is for this machine alone; expected 127.0.0.1, ::1 or localhost"
        )
    return address

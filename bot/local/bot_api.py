"""Who may talk to the server: this machine alone, and of its web pages only our own.

A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding), so the Host header has to name this machine; and
it can post blindly to us, so a request that changes something has to come from our page or from no page at all.

Bot API requests over HTTP: token, parameters, checks, faults, the method, the answer.
"""

import logging
import random
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.local import params as parameters
from bot.local.errors import JSON, ApiRefusal, bad_request, not_found, server_error, too_many, unauthorized
from bot.local.faults import SENDING_METHODS, FaultKind, Faults
from bot.local.methods import METHODS, served_name
from bot.local.params import Params
from bot.local.schema import Schema
from bot.local.state import ServerState

_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class LocalRequestsOnly:
    """Lets through what comes from this machine, and puts the safety headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        why = _refusal(scope)
        if why:
            await JSONResponse({"error": why}, status_code=403)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def _refusal(scope: Scope) -> str:
    """Why the request is not let through; empty when it is."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not _is_here(host, scope["server"][1]):
        return f"Host {host!r} is not this machine"
    if scope["method"] in {"GET", "HEAD"} or not scope["path"].startswith("/api/"):
        return ""
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return f"Origin {origin!r} is not this page"
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        return f"content-type {kind!r} where application/json is expected"
    return ""


def _is_here(host: str, port: int) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        named = (parts.port or 80) == port
    except ValueError:
        return False
    return named and parts.hostname in _NAMES and "@" not in host


_LOG = logging.getLogger(__name__)
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request of the bot's and what came of it."""

    method: str
    params: Mapping[str, Any]
    status: int
    description: str = ""


class BotApi:
    """The Bot API side of the server."""

    def __init__(self, state: ServerState, token: str, schema: Schema | None, drop: Callable[[Request], None]) -> None:
        self.requests: deque[ReceivedRequest] = deque(maxlen=_REMEMBERED)
        self._state = state
        self._token = token
        self._schema = schema
        self._drop = drop
        self._chance = random.Random(0)  # noqa: S311 the same faults in every run, not a secret

    async def call(self, request: Request) -> Response:
        """Answer `/bot<token>/<method>`."""
        asked: str = request.path_params["method"]
        name = served_name(asked) or asked
        params = Params({})
        try:
            self._check_token(request)
            params = await self._read(request)
            result = await self._run(name, params)
        except ApiRefusal as refusal:
            return self._answer(name, params, refusal.code, refusal.to_json())
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        if self._strikes("lost", name):
            self.requests.append(ReceivedRequest(name, params.values, 0, "the answer was lost"))
            self._drop(request)
            return Response(status_code=500)
        return self._answer(name, params, 200, {"ok": True, "result": result})

    async def download(self, request: Request) -> Response:
        """Answer `/file/bot<token>/<path>`."""
        try:
            self._check_token(request)
        except ApiRefusal as refusal:
            return _json(refusal.code, refusal.to_json())
        path: str = request.path_params["path"]
        file = self._state.files.get(path.split("/")[1]) if path.count("/") == 2 else None
        if file is None or file.path != path:
            return _json(404, not_found().to_json())
        return Response(file.content, media_type="application/octet-stream")

    def _check_token(self, request: Request) -> None:
        token: str = request.path_params["token"]
        if ":" not in token:
            raise not_found()
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise unauthorized()

    async def _read(self, request: Request) -> Params:
        try:
            return await parameters.parse_request(request)
        except HTTPException as error:
            raise bad_request(f"can't parse the request: {error.detail}") from None

    async def _run(self, name: str, params: Params) -> Any:
        method = METHODS.get(name)
        if method is None:
            raise not_found()
        if self._schema and (problems := self._schema.request(name, params.values, params.uploads)):
            raise bad_request("schema: " + "; ".join(problems))
        if self._strikes("flood", name):
            raise too_many(self._state.faults.retry_after)
        if self._strikes("server_error", name):
            raise server_error()
        if self._state.rate_limits and name in SENDING_METHODS:
            self._state.rate_limits.count(self._state.chat(params.chat_id()))
        result = await method(self._state, params)
        if self._schema and (problems := self._schema.result(name, result)):
            raise ApiRefusal(500, "Internal Server Error: schema: " + "; ".join(problems))
        return result

    def _strikes(self, kind: FaultKind, name: str) -> bool:
        left: Faults | None = self._state.faults.strike(kind, name, self._chance)
        if left is None:
            return False
        if left != self._state.faults:
            self._state.faults = left
            self._state.events.publish("faults", {})
        return True

    def _answer(self, name: str, params: Params, status: int, answer: JSON) -> Response:
        self.requests.append(ReceivedRequest(name, params.values, status, answer.get("description", "")))
        if status >= 400:
            _LOG.debug("%s refused: %s", name, answer["description"])
        return _json(status, answer)


def _json(status: int, answer: JSON) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")

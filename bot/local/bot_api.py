"""The Bot API over HTTP: check a request's token and parameters, apply faults and rate limits, run its method."""

import logging
import random
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.local.methods import METHODS, UNSUPPORTED_METHODS, method_name
from bot.local.methods.message_parts import MAX_MESSAGE_IDS
from bot.local.refusals import (
    JSON,
    SENDING_METHODS,
    FaultKind,
    Refusal,
    bad_request,
    not_found,
    server_error,
    too_many,
    unauthorized,
)
from bot.local.requests import Params, Schema, parse_request
from bot.local.state import ServerState

_log = logging.getLogger(__name__)

MAX_RECORDED_REQUESTS = 1000


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request from the bot, with the status and the error description of the answer."""

    method: str
    params: Mapping[str, Any]
    status: int
    """HTTP status; 0 if the fault `lost` suppressed the answer."""
    description: str = ""


class BotApi:
    """The routes of the Bot API."""

    def __init__(self, state: ServerState, token: str, schema: Schema | None, drop: Callable[[Request], None]) -> None:
        """`drop` closes a request's connection without answering it."""
        self.requests: deque[ReceivedRequest] = deque(maxlen=MAX_RECORDED_REQUESTS)
        self.schema_problems: list[str] = []
        """What the schema finds in the requests. It changes no answer: Telegram ignores unknown parameters."""
        self._state = state
        self._token = token
        self._schema = schema
        self._drop = drop
        self._random = random.Random(0)  # noqa: S311  not for secrets; a fixed seed repeats the same faults

    async def call(self, request: Request) -> Response:
        """Answer `/bot<token>/<method>`."""
        requested: str = request.path_params["method"]
        method = method_name(requested) or requested
        params = Params({})
        try:
            self._check_token(request)
            params = await self._parse(request)
            result = await self._run(method, params)
        except Refusal as refusal:
            return self._answer(method, params, refusal.code, refusal.to_json())
        except ClientDisconnect:
            return Response(status_code=400)  # the client has disconnected and does not read the response
        if self._apply_fault("lost", method):
            self.requests.append(ReceivedRequest(method, params.values, 0, "the answer was lost"))
            self._drop(request)
            return Response(status_code=500)
        return self._answer(method, params, 200, {"ok": True, "result": result})

    async def download(self, request: Request) -> Response:
        """Answer `/file/bot<token>/<path>`."""
        try:
            self._check_token(request)
        except Refusal as refusal:
            return _json(refusal.code, refusal.to_json())
        path: str = request.path_params["path"]
        file = self._state.files.get(path.split("/")[1]) if path.count("/") == 2 else None
        if file is None or file.path != path:
            return _json(404, not_found().to_json())
        return Response(file.content, media_type="application/octet-stream")

    async def other_address(self, request: Request) -> Response:  # noqa: ARG002  all routes have this signature
        """Answer any other address below `/bot` and `/file/bot`."""
        return _json(404, not_found().to_json())

    def _check_token(self, request: Request) -> None:
        token: str = request.path_params["token"]
        if ":" not in token:
            raise not_found()
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise unauthorized()

    async def _parse(self, request: Request) -> Params:
        try:
            return await parse_request(request)
        except HTTPException as error:
            raise bad_request(f"can't parse the request: {error.detail}") from None

    async def _run(self, name: str, params: Params) -> Any:
        method = METHODS.get(name)
        if method is None and name in UNSUPPORTED_METHODS:
            raise bad_request(f"the local server does not support {name}")
        if method is None:
            raise not_found()
        if self._schema:
            self.schema_problems += self._schema.check_request(name, params.values, params.uploads)
        if self._apply_fault("flood", name):
            raise too_many(self._state.faults.retry_after)
        if self._apply_fault("server_error", name):
            raise server_error()
        if self._state.rate_limits and name in SENDING_METHODS:
            chat = self._state.chat(params.chat_id())
            is_group, messages = chat.type == "supergroup", _messages_in(name, params)
            self._state.rate_limits.count(chat.id, is_group=is_group, messages=messages)
        result = await method(self._state, params)
        if self._schema and (problems := self._schema.check_result(name, result)):
            raise Refusal(500, "Internal Server Error: schema: " + "; ".join(problems))
        return result

    def _apply_fault(self, kind: FaultKind, method: str) -> bool:
        """Return True if a fault of this kind applies to the request; in that case store the remaining faults."""
        remaining = self._state.faults.strike(kind, method, self._random)
        if remaining is None:
            return False
        if remaining != self._state.faults:
            self._state.faults = remaining
            self._state.events.publish("faults", {})
        return True

    def _answer(self, method: str, params: Params, status: int, answer: JSON) -> Response:
        """Record the request and return its response."""
        self.requests.append(ReceivedRequest(method, params.values, status, answer.get("description", "")))
        if status >= 400:
            _log.debug("%s refused: %s", method, answer["description"])
        return _json(status, answer)


def _messages_in(method: str, params: Params) -> int:
    """Return how many messages a request sends, at most."""
    name = {"sendMediaGroup": "media", "copyMessages": "message_ids", "forwardMessages": "message_ids"}.get(method)
    items = params.structure(name) if name else None
    return min(len(items), MAX_MESSAGE_IDS) if isinstance(items, list) else 1


def _json(status: int, answer: JSON) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")

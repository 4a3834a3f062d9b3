"""The HTTP client of the bot: sends fields as JSON, limits concurrent requests, and reads whatever is answered.

200 with ok: true, result unreadable   AnswerUnreadable: Telegram accepted the request, so it must not be repeated
200 with ok: false                     the error that `error_code` names
200 without a JSON object              502, as from a proxy that answers for Telegram
an error without a JSON object         the error of the HTTP status

For every request, httpx examines all connections and all waiting requests, so hundreds of concurrent requests would
take more CPU time than the messages themselves. A few concurrent requests are enough for 30 messages a second.
"""

import asyncio
import math
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
from telegram import Message
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

MAX_CONCURRENT_REQUESTS = 20
"""Delivery from the outbox uses at most `delivery.MAX_REQUESTS_IN_FLIGHT` of them; the rest are for replies."""
READ_TIMEOUT_SECONDS = 30.0
"""Seconds to wait for an answer of Telegram. After the library's 5 seconds, an answer that took 6 was sent again."""
DEFAULT_RETRY_SECONDS = 5
"""The delay after a 429 that does not name one."""
UNREADABLE = (LookupError, TypeError, AttributeError, ValueError, OverflowError, OSError, RecursionError)
"""What the library raises for an object whose fields are missing, have other types, or are out of range."""

_OK, _TOO_MANY, _BAD_GATEWAY = 200, 429, 502
_LAST_OK, _LAST_ERROR = 299, 599


class AnswerUnreadable(TelegramError):
    """Telegram accepted a request, but its answer does not contain the result."""


class HttpClient(HTTPXRequest):
    """Request class for the ApplicationBuilder: at most MAX_CONCURRENT_REQUESTS at once, in order of arrival."""

    def __init__(self, **options: Any) -> None:
        """`options` are passed to HTTPXRequest."""
        timeouts = {"read_timeout": READ_TIMEOUT_SECONDS, "write_timeout": READ_TIMEOUT_SECONDS}
        super().__init__(connection_pool_size=MAX_CONCURRENT_REQUESTS, **timeouts | options)
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_REQUESTS)

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send a request when a slot is free; time spent waiting for a slot does not count towards the time-outs.

        Raises AnswerUnreadable as the module's table says.
        """
        async with self._slots:
            code, payload = await super().do_request(url, method, *args, **kwargs)
        is_file = method == "GET"  # all methods of the Bot API are posted
        return (code, payload) if is_file else checked_answer(url.rpartition("/")[2], code, payload)

    def _build_client(self) -> httpx.AsyncClient:
        return _JsonClient(**self._client_kwargs)


class _JsonClient(httpx.AsyncClient):
    """Sends fields as JSON unless there is a file: a Chinese character takes three bytes in JSON, nine in a form."""

    async def request(self, method: str, url: Any, **options: Any) -> httpx.Response:
        data = options.pop("data", None)
        if data is None or options.get("files"):
            return await super().request(method, url, data=data, **options)
        headers = {**options.pop("headers", {}), "Content-Type": "application/json"}
        return await super().request(method, url, content=orjson.dumps(data), headers=headers, **options)


def checked_answer(method: str, code: int, payload: bytes) -> tuple[int, bytes]:
    """Return an HTTP answer to a method as the library can read it, according to the table of the module."""
    answer = _json_object(payload)
    if _OK <= code <= _LAST_OK:
        if answer is None:
            return _error(_BAD_GATEWAY, {"description": "Bad Gateway: the answer is not Telegram's"})
        if answer.get("ok") is True:
            if not _is_readable(method, answer.get("result")):
                raise AnswerUnreadable(f"{method} was accepted, but the answer cannot be read")
            return code, payload
        named = answer.get("error_code")
        code = named if isinstance(named, int) and _LAST_OK < named <= _LAST_ERROR else _BAD_GATEWAY
    return _error(code, answer or {})


def _json_object(payload: bytes) -> Mapping[str, Any] | None:
    try:
        answer = orjson.loads(payload)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _is_readable(method: str, result: Any) -> bool:
    """True if `result` has the type that the method returns; a message must be complete."""
    match method:
        case "getUpdates":
            return isinstance(result, list)
        case "getMe" | "getWebhookInfo":
            return isinstance(result, dict)
        case "sendMessage" | "sendPhoto" | "sendDocument":
            return _is_message(result)
        case "editMessageText" | "editMessageReplyMarkup":
            return result is True or _is_message(result)
        case _:
            return result is not None


def _is_message(result: Any) -> bool:
    try:
        message = Message.de_json(result, None)
        return isinstance(message.message_id, int)
    except UNREADABLE:
        return False


def _error(code: int, answer: Mapping[str, Any]) -> tuple[int, bytes]:
    """Return an error with a description that is text and parameters that are numbers, else without them."""
    description, given = answer.get("description"), answer.get("parameters")
    parameters = {}
    if isinstance(given, dict):
        parameters = {name: math.ceil(value) for name, value in given.items() if _is_number(value)}
    if code == _TOO_MANY and parameters.get("retry_after", 0) <= 0:
        parameters["retry_after"] = DEFAULT_RETRY_SECONDS
    body: dict[str, Any] = {"ok": False, "error_code": code}
    if isinstance(description, str):
        body["description"] = description
    if parameters:
        body["parameters"] = parameters
    return code, orjson.dumps(body)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)

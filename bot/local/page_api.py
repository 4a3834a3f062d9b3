"""The chat page's HTTP API under /api: chats, user actions, faults, files and a stream of events."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.local import user_actions
from bot.local.chats import BOT, CHATS, Chat, User, member, text_in_language
from bot.local.refusals import JSON, Faults, Refusal
from bot.local.requests import decode_json
from bot.local.state import ServerState

_INLINE_MIME_TYPES = frozenset({"image/png", "image/jpeg"})
_FAULT_FIELDS = frozenset({"flood", "server_error", "lost", "retry_after"})
"""Fields of Faults that the page can set."""
MAX_EVENT_STREAMS, MAX_EVENT_STREAMS_PER_BROWSER = 64, 4
"""Event streams at once. A browser opens at most six connections to a server: with six streams, every request of a
further page would wait for ever."""


@dataclass(frozen=True, slots=True)
class PageAction:
    """A button of the page outside the chats, such as "add a sample page"; `run` returns the text to show."""

    id: str
    label: str
    run: Callable[[], Awaitable[str]]


class PageApi:
    """The routes of the chat page; tests also send requests to them, to act as a reader."""

    def __init__(self, state: ServerState, answer_wait: float, actions: Sequence[PageAction]) -> None:
        """`answer_wait` is the time in seconds to wait for the bot's answer to a pressed button or inline query."""
        self._state = state
        self._wait = answer_wait
        self._actions = {action.id: action for action in actions}
        self._streams: Counter[str] = Counter()
        """Open event streams by User-Agent."""

    def routes(self) -> list[Route]:
        chat = "/api/chats/{chat}"
        return [
            Route("/api/chats", _as_response(self.chats), methods=["GET"]),
            Route(f"{chat}/messages", _as_response(self.messages), methods=["GET"]),
            Route(f"{chat}/messages", _as_response(self.send_text), methods=["POST"]),
            Route(f"{chat}/files", _as_response(self.send_file), methods=["POST"]),
            Route(f"{chat}/messages/{{message:int}}", _as_response(self.delete_message), methods=["DELETE"]),
            Route(f"{chat}/press", _as_response(self.press_button), methods=["POST"]),
            Route(f"{chat}/inline", _as_response(self.send_inline_query), methods=["POST"]),
            Route(f"{chat}/inline/chosen", _as_response(self.send_inline_result), methods=["POST"]),
            Route(f"{chat}/block", _as_response(self.set_blocked), methods=["POST"]),
            Route("/api/faults", _as_response(self.faults), methods=["GET"]),
            Route("/api/faults", _as_response(self.set_faults), methods=["POST"]),
            Route("/api/actions/{action}", _as_response(self.run_action), methods=["POST"]),
            Route("/api/events", self.events, methods=["GET"]),
            Route("/api/files/{file}", self.file, methods=["GET"]),
        ]

    async def chats(self, request: Request) -> JSON:  # noqa: ARG002  all routes have this signature
        last = self._state.events.last_id
        return {
            "event": last,
            "bot": {**BOT.to_json(), "first_name": self._state.profile.names[""]},
            "chats": [self._chat_json(chat) for chat in CHATS.values()],
            "actions": [{"id": action.id, "label": action.label} for action in self._actions.values()],
        }

    def _chat_json(self, chat: Chat) -> JSON:
        messages = self._state.messages.in_chat(chat.id)
        people = [{**user.to_json(), "commands": self._state.profile.commands_for(chat, user)} for user in chat.people]
        return {
            **chat.to_json(),
            "name": chat.title,
            "people": people,
            "description": text_in_language(self._state.profile.descriptions, chat.people[0].language),
            "blocked": chat.id in self._state.removed_from,
            "last": messages[-1].to_json() if messages else None,
        }

    async def messages(self, request: Request) -> JSON:
        last, chat = self._state.events.last_id, _chat(request)
        return {"event": last, "messages": [message.to_json() for message in self._state.messages.in_chat(chat.id)]}

    async def send_text(self, request: Request) -> JSON:
        chat, body = _chat(request), await _body(request)
        text, reply_to = _field(body, "text", str), _field(body, "reply_to", int, None)
        thread = _field(body, "thread", int, None)
        return user_actions.send_text(self._state, chat, _user(chat, body), text, reply_to, thread=thread).to_json()

    async def send_file(self, request: Request) -> JSON:
        """Send a text file; the request contains its content as a JSON string."""
        chat, body = _chat(request), await _body(request)
        content = _field(body, "content", str).encode()
        return user_actions.send_file(
            self._state, chat, _user(chat, body), _field(body, "name", str), content
        ).to_json()

    async def delete_message(self, request: Request) -> JSON:
        user_actions.delete_message(self._state, _chat(request), request.path_params["message"])
        return {}

    async def press_button(self, request: Request) -> JSON:
        chat, body = _chat(request), await _body(request)
        message_id, data = _field(body, "message_id", int), _field(body, "data", str)
        return await user_actions.press_button(self._state, chat, _user(chat, body), message_id, data, wait=self._wait)

    async def send_inline_query(self, request: Request) -> JSON:
        chat, body = _chat(request), await _body(request)
        query, offset = _field(body, "query", str), _field(body, "offset", str, "")
        return await user_actions.send_inline_query(
            self._state, chat, _user(chat, body), query, offset, wait=self._wait
        )

    async def send_inline_result(self, request: Request) -> JSON:
        chat, body = _chat(request), await _body(request)
        query, result = _field(body, "query", str), _field(body, "result", dict)
        return user_actions.send_inline_result(self._state, chat, _user(chat, body), query, result).to_json()

    async def set_blocked(self, request: Request) -> JSON:
        chat, body = _chat(request), await _body(request)
        user_actions.set_blocked(self._state, chat, _user(chat, body), blocked=_field(body, "blocked", bool, True))
        return self._chat_json(chat)

    async def faults(self, request: Request) -> JSON:  # noqa: ARG002  all routes have this signature
        return {name: value for name, value in asdict(self._state.faults).items() if name in _FAULT_FIELDS}

    async def set_faults(self, request: Request) -> JSON:
        body = await _body(request)
        if unknown := body.keys() - _FAULT_FIELDS:
            raise user_actions.ActionRefused(
                400, f"unknown faults {sorted(unknown)}; expected some of {sorted(_FAULT_FIELDS)}"
            )
        self._state.faults = replace(Faults(), **{name: _field(body, name, int) for name in body})
        self._state.events.publish("faults", {})
        return await self.faults(request)

    async def run_action(self, request: Request) -> JSON:
        action = self._actions.get(request.path_params["action"])
        if action is None:
            raise user_actions.ActionRefused(404, "there is no such action")
        return {"text": await action.run()}

    async def events(self, request: Request) -> Response:
        browser = request.headers.get("user-agent", "")
        if self._streams[browser] >= MAX_EVENT_STREAMS_PER_BROWSER or self._streams.total() >= MAX_EVENT_STREAMS:
            return _json(503, {"error": "too many pages are open; close one of them"})
        self._streams[browser] += 1
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return _EventStream(self._state.events.stream(since), lambda: self._close_stream(browser))

    def _close_stream(self, browser: str) -> None:
        self._streams[browser] -= 1
        self._streams = +self._streams  # forgets browsers without streams

    async def file(self, request: Request) -> Response:
        file = self._state.files.get(request.path_params["file"])
        if file is None:
            return _json(404, {"error": "there is no such file"})
        if file.mime in _INLINE_MIME_TYPES:
            return Response(file.content, media_type=file.mime)
        # The browser must download other files, not display them: they could be HTML pages with scripts.
        headers = {"content-disposition": "attachment"}
        return Response(file.content, media_type="application/octet-stream", headers=headers)


class _EventStream(StreamingResponse):
    """A stream of server-sent events; calls `closed` when it has ended or its client has disconnected."""

    def __init__(self, events: AsyncIterator[bytes], closed: Callable[[], None]) -> None:
        super().__init__(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        self._closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._closed()


def _as_response(route: Callable[[Request], Awaitable[JSON]]) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a route: respond with its value as JSON, or with {"error": reason} if it raises a refusal."""

    async def answer(request: Request) -> Response:
        try:
            return _json(200, await route(request))
        except user_actions.ActionRefused as error:
            return _json(error.status, {"error": str(error)})
        except Refusal as refusal:
            return _json(refusal.code, {"error": refusal.description})

    return answer


def _json(status: int, value: JSON) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def _chat(request: Request) -> Chat:
    # Compared as a string: Starlette's int route parameters do not match the negative id of a group.
    chat_id: str = request.path_params["chat"]
    chat = next((chat for chat in CHATS.values() if str(chat.id) == chat_id), None)
    if chat is None:
        raise user_actions.ActionRefused(404, f"there is no chat {chat_id}")
    return chat


def _user(chat: Chat, body: JSON) -> User:
    """Return the acting member: `from` in the body, else the first member of the chat."""
    user = member(chat, _field(body, "from", int, None))
    if user is None:
        raise user_actions.ActionRefused(400, f"chat {chat.id} has no member {body['from']}")
    return user


async def _body(request: Request) -> JSON:
    try:
        body = decode_json(await request.body() or b"{}")
    except ValueError as error:
        raise user_actions.ActionRefused(400, f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise user_actions.ActionRefused(400, "the body is not a JSON object")
    return body


_REQUIRED: Any = object()


def _field(body: JSON, name: str, kind: type, default: Any = _REQUIRED) -> Any:
    """Return a field of the body, else `default`; raise a 400 if there is neither, or if the field has a wrong type."""
    value = body.get(name, default)
    if value is _REQUIRED:
        raise user_actions.ActionRefused(400, f"{name} is missing")
    if value is not default and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise user_actions.ActionRefused(400, f"{name} is {type(value).__name__} where {kind.__name__} is expected")
    return value

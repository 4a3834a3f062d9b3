"""A proxy before the local Bot API server that misbehaves for some requests, as networks and Telegram do."""

import asyncio
import json
import random
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from bot.local import LocalServer

Forward = Callable[[], Awaitable[httpx.Response]]
"""Passes the request on to the local server and returns its answer."""
ANSWERS_PER_MISBEHAVIOUR = 30
Misbehaviour = Callable[[asyncio.StreamWriter, Forward], Awaitable[None]]
"""Answers one request."""


class MisbehavingApi:
    """Passes requests on, but answers those of a scripted method by its next misbehaviour."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server
        self._scripts: defaultdict[str, deque[Misbehaviour]] = defaultdict(deque)
        self.requests: Counter[str] = Counter()
        """Number of requests by method."""
        self.open = 0
        """Number of connections that are being served."""
        self.at_random: dict[str, Misbehaviour] = {}
        """Misbehaviours of which one in ANSWERS_PER_MISBEHAVIOUR answers to sendMessage gets one."""
        self.happened: Counter[str] = Counter()
        """How often each of `at_random` happened."""
        self._random = random.Random(0)
        self.address = ""

    def _misbehaviour(self, method: str) -> Misbehaviour:
        if script := self._scripts[method]:
            return script.popleft()
        if self.at_random and method == "sendMessage" and not self._random.randrange(ANSWERS_PER_MISBEHAVIOUR):
            kind = self._random.choice(list(self.at_random))
            self.happened[kind] += 1
            return self.at_random[kind]
        return passing

    def script(self, method: str, misbehaviour: Misbehaviour, times: int = 1) -> None:
        """Answer the next requests of a method by a misbehaviour."""
        self._scripts[method].extend([misbehaviour] * times)

    def is_done(self) -> bool:
        """True if every scripted misbehaviour has happened."""
        return not any(self._scripts.values())

    def forget_script(self) -> None:
        self._scripts.clear()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["MisbehavingApi"]:
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=self._server.page_url, trust_env=False, timeout=60, limits=limits, verify=False
        ) as client:
            server = await asyncio.start_server(lambda *streams: self._serve(client, *streams), "127.0.0.1", 0)
            self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self
            server.close()

    async def _serve(
        self, client: httpx.AsyncClient, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one request and close the connection."""
        self.open += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, httpx.HTTPError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            request_line, *lines = head.split("\r\n")
            http_method, path, _ = request_line.split(" ")
            headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            kept = {name: headers[name] for name in ("content-type",) if name in headers}
            method = path.rpartition("/")[2]
            self.requests[method] += 1

            async def forward() -> httpx.Response:
                return await client.request(http_method, path, content=body, headers=kept)

            await self._misbehaviour(method)(writer, forward)
            await writer.drain()
        writer.close()
        self.open -= 1


def write(writer: asyncio.StreamWriter, code: int, body: bytes, kind: str = "application/json") -> None:
    head = f"HTTP/1.1 {code} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)


async def passing(writer: asyncio.StreamWriter, forward: Forward) -> None:
    """No misbehaviour."""
    answer = await forward()
    write(writer, answer.status_code, answer.content)


async def disconnect(writer: asyncio.StreamWriter, forward: Forward) -> None:
    """Close the connection; the request had no effect."""
    writer.transport.abort()


async def lose(writer: asyncio.StreamWriter, forward: Forward) -> None:
    """Carry the request out and close the connection without an answer."""
    await forward()
    writer.transport.abort()


async def break_off(writer: asyncio.StreamWriter, forward: Forward) -> None:
    """Carry the request out and answer only half of the body."""
    answer = await forward()
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer.content)}\r\n\r\n".encode())
    writer.write(answer.content[: len(answer.content) // 2])


async def talk_nonsense(writer: asyncio.StreamWriter, forward: Forward) -> None:
    """Answer something that is not HTTP."""
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")


def after(seconds: float) -> Misbehaviour:
    """Carry the request out at once, but answer only after some seconds."""

    async def answer_late(writer: asyncio.StreamWriter, forward: Forward) -> None:
        answer = await forward()
        await asyncio.sleep(seconds)
        write(writer, answer.status_code, answer.content)

    return answer_late


def answer(code: int, body: Any, kind: str = "application/json") -> Misbehaviour:
    """Answer this without carrying the request out; a text is sent as it is, anything else as JSON."""

    async def answer_only(writer: asyncio.StreamWriter, forward: Forward) -> None:
        write(writer, code, body.encode() if isinstance(body, str) else json.dumps(body).encode(), kind)

    return answer_only


def refuse(code: int, description: str, **parameters: Any) -> Misbehaviour:
    """Answer an error in Telegram's form."""
    error: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return answer(code, error | ({"parameters": parameters} if parameters else {}))


def carried_out(body: Any) -> Misbehaviour:
    """Carry the request out, but answer this with 200; a refusal is passed on as it is."""

    async def answer_other(writer: asyncio.StreamWriter, forward: Forward) -> None:
        true = await forward()
        content = true.content if true.is_error else json.dumps(body).encode()
        write(writer, true.status_code, content)

    return answer_other


def with_updates(*updates: Any) -> Misbehaviour:
    """Answer the true updates of getUpdates after some others, whose ids are lower."""

    async def answer_more(writer: asyncio.StreamWriter, forward: Forward) -> None:
        true = (await forward()).json()
        write(writer, 200, json.dumps(true | {"result": [*updates, *true["result"]]}).encode())

    return answer_more


CHAT = {"id": 1001, "type": "private"}

NOT_CARRIED_OUT = {
    "500": answer(500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}),
    "502 of a proxy in HTML": answer(502, "<html>Bad Gateway</html>", "text/html"),
    "503 without a body": answer(503, ""),
    "504 with a list": answer(504, []),
    "200 of a portal in HTML": answer(200, "<html>Log in</html>", "text/html"),
    "200 with a list": answer(200, []),
    "200 with null": answer(200, None),
    "200 with ok false and an error code": answer(200, {"ok": False, "error_code": 500, "description": "x"}),
    "200 with ok false alone": answer(200, {"ok": False}),
    "200 without ok": answer(200, {"result": True}),
    "an empty body": answer(200, ""),
    "a redirect": answer(302, ""),
    "429 with a delay": refuse(429, "Too Many Requests: retry after 0.5", retry_after=0.5),
    "429 with an odd parameter": refuse(429, "Too Many Requests", retry_after=1, limit="x"),
    "the connection closed": disconnect,
    "not HTTP": talk_nonsense,
    "400 for the markup": refuse(400, "Bad Request: can't parse entities: unclosed tag"),
}
"""The request had no effect and may be repeated."""
CARRIED_OUT_WITHOUT_RESULT = {
    "result null": carried_out({"ok": True, "result": None}),
    "no result": carried_out({"ok": True}),
    "result a list": carried_out({"ok": True, "result": []}),
    "result true": carried_out({"ok": True, "result": True}),
    "a message without its id": carried_out({"ok": True, "result": {"date": 0, "chat": CHAT}}),
    "a message of the far future": carried_out({"ok": True, "result": {"message_id": 1, "date": 9e18, "chat": CHAT}}),
}
"""The request was carried out, but the answer does not say what came of it."""


@dataclass(frozen=True)
class Repeated:
    """Answers each update of getUpdates twice."""

    async def __call__(self, writer: asyncio.StreamWriter, forward: Forward) -> None:
        true: Mapping[str, Any] = (await forward()).json()
        updates = [update for update in true["result"] for _ in range(2)]
        write(writer, 200, json.dumps({**true, "result": updates}).encode())

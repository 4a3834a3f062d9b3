"""A proxy before the local Bot API server that misbehaves for some requests, as networks and Telegram do."""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from bot.local import LocalServer

Forward = Callable[[], Awaitable[httpx.Response]]
"""Passes the request on to the local server and returns its answer."""
Misbehaviour = Callable[[asyncio.StreamWriter, Forward], Awaitable[None]]
"""Answers one request."""


class MisbehavingApi:
    """Passes requests on, but answers those of a scripted method by its next misbehaviour."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server
        self._scripts: defaultdict[str, deque[Misbehaviour]] = defaultdict(deque)
        self.requests: Counter[str] = Counter()
        """Number of requests by method."""
        self.address = ""

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
        async with httpx.AsyncClient(base_url=self._server.page_url, trust_env=False, timeout=60) as client:
            server = await asyncio.start_server(lambda *streams: self._serve(client, *streams), "127.0.0.1", 0)
            self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self
            server.close()

    async def _serve(
        self, client: httpx.AsyncClient, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one request and close the connection."""
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

            script = self._scripts[method]
            await (script.popleft() if script else passing)(writer, forward)
            await writer.drain()
        writer.close()


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
    """Carry the request out, but answer this with 200."""

    async def answer_other(writer: asyncio.StreamWriter, forward: Forward) -> None:
        await forward()
        write(writer, 200, json.dumps(body).encode())

    return answer_other


def with_updates(*updates: Any) -> Misbehaviour:
    """Answer the true updates of getUpdates after some others, whose ids are lower."""

    async def answer_more(writer: asyncio.StreamWriter, forward: Forward) -> None:
        true = (await forward()).json()
        write(writer, 200, json.dumps(true | {"result": [*updates, *true["result"]]}).encode())

    return answer_more


@dataclass(frozen=True)
class Repeated:
    """Answers each update of getUpdates twice."""

    async def __call__(self, writer: asyncio.StreamWriter, forward: Forward) -> None:
        true: Mapping[str, Any] = (await forward()).json()
        updates = [update for update in true["result"] for _ in range(2)]
        write(writer, 200, json.dumps({**true, "result": updates}).encode())

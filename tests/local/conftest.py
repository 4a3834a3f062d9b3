"""A local server for each test, with a client for the Bot API and one for the page, both over HTTP; small pictures."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.local import LocalServer
from tests.conftest import BOT_API

WANG, ALEX, GROUP = 1001, 1002, -1001000000003


@dataclass(frozen=True)
class Caller:
    """A Bot API client without a library: calls any method and returns the raw answer."""

    server: LocalServer
    http: httpx.AsyncClient

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        response = await self.http.post(f"{self.server.base_url}{self.server.token}/{method}", json=params)
        answer: dict[str, Any] = response.json()
        assert response.status_code == answer.get("error_code", 200)
        return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        answer = await self(method, **params)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.result("getUpdates", **params)
        return found


@dataclass(frozen=True)
class Reader:
    """A user in a chat, by the page's API."""

    http: httpx.AsyncClient
    chat: int

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/api/chats/{self.chat}/{path}", json=body)

    async def say(self, text: str, **body: Any) -> dict[str, Any]:
        response = await self.post("messages", text=text, **body)
        assert response.status_code == 200, response.text
        message: dict[str, Any] = response.json()
        return message

    async def press(self, message_id: int, data: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.post("press", message_id=message_id, data=data, **body)).json()
        return answer


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    """A server that checks requests and answers if the description of the Bot API is at hand."""
    serving = LocalServer(port=0, schema=BOT_API if BOT_API.exists() else None, answer_wait=0.5)
    await serving.start()
    yield serving
    await serving.stop()
    assert [request for request in serving.requests if request.status == 500] == []


@pytest.fixture
async def http(server: LocalServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.page_url, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def bot(server: LocalServer, http: httpx.AsyncClient) -> Caller:
    return Caller(server, http)


@pytest.fixture
def wang(http: httpx.AsyncClient) -> Reader:
    return Reader(http, WANG)


@pytest.fixture
def group(http: httpx.AsyncClient) -> Reader:
    return Reader(http, GROUP)


async def eventually(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until the condition is true."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xb5\x30\x1f" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

"""Limits of what the server stores and accepts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from bot.local import LocalServer, files, messages, page_api, requests
from bot.local.chats import CHATS, WANG
from bot.local.entities import FormattedText
from bot.local.files import FileStore, Upload
from bot.local.messages import EventLog, MessageStore
from bot.local.refusals import Refusal
from tests.local.conftest import Caller, png


def upload(content: bytes) -> Upload:
    return Upload("a.bin", "application/octet-stream", content)


def test_the_oldest_files_are_dropped_at_the_size_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_STORED_BYTES", 10)
    box = FileStore()
    stored = [box.store(upload(b"12345"), photo=False) for _ in range(3)]
    assert [box.get(file.id) is not None for file in stored] == [False, True, True]
    large = box.store(upload(b"x" * 20), photo=False)
    assert box.get(large.id) is large


def test_the_oldest_messages_of_a_chat_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_MESSAGES_PER_CHAT", 2)
    stored = MessageStore(EventLog())
    for text in "一二三":
        stored.add(CHATS[WANG.id], WANG, content=FormattedText(text))
    assert [(message.id, message.content.text) for message in stored.in_chat(WANG.id)] == [(2, "二"), (3, "三")]


def test_a_chain_of_replies_keeps_only_the_last_link() -> None:
    stored = MessageStore(EventLog())
    first = stored.add(CHATS[WANG.id], WANG)
    second = stored.add(CHATS[WANG.id], WANG, reply_to=first)
    third = stored.add(CHATS[WANG.id], WANG, reply_to=second)
    assert third.reply_to is not None
    assert third.reply_to.id == second.id
    assert third.reply_to.reply_to is None


async def test_a_request_that_is_too_large_is_refused(bot: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MAX_REQUEST_BYTES", 1000)
    assert await bot.refusal("sendMessage", chat_id=1001, text="x" * 2000) == "413 Request Entity Too Large"


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body of unknown length."""
    for _ in range(size // 100_000):
        yield b"x" * 100_000


@pytest.mark.parametrize("content", [b"x" * 1_200_000, pieces(1_200_000)], ids=["length", "chunked"])
async def test_a_request_of_the_page_has_at_most_a_mebibyte(
    http: httpx.AsyncClient, content: bytes | AsyncIterator[bytes]
) -> None:
    headers = {"content-type": "application/json"}
    for path in ("/api/chats/1001/messages", "/api/faults", "/api/chats/1001/files"):
        body = content if isinstance(content, bytes) else pieces(1_200_000)
        response = await http.post(path, content=body, headers=headers)
        assert (response.status_code, response.json()) == (413, {"error": "Request Entity Too Large"})
    assert (await http.post("/api/faults", json={"flood": 0})).status_code == 200


async def test_an_upload_larger_than_telegram_takes_is_refused_with_an_answer(bot: Caller) -> None:
    """The client sends everything before it reads the answer."""
    url = f"/bot{bot.server.token}/sendDocument"
    files = {"document": b"x" * (requests.MAX_REQUEST_BYTES + 1)}
    response = await bot.http.post(url, data={"chat_id": "1001"}, files=files, timeout=60)
    answer = {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
    assert (response.status_code, response.json()) == (413, answer)
    assert bot.server.messages(1001) == []


async def test_a_client_that_sends_everything_before_it_reads_gets_the_answer(server: LocalServer) -> None:
    port = int(server.page_url.rsplit(":", 1)[1].strip("/"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"x" * 20_000_000
    head = f"POST /api/faults HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
    async with asyncio.timeout(10):
        await writer.drain()
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()


async def test_event_streams_are_limited_for_each_browser_and_for_all(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_api, "MAX_EVENT_STREAMS", 6)

    async def opened(browser: str, held: AsyncExitStack) -> int:
        stream = http.stream("GET", "/api/events", headers={"user-agent": browser})
        return (await held.enter_async_context(stream)).status_code

    async with AsyncExitStack() as held:
        assert [await opened("a", held) for _ in range(5)] == [200, 200, 200, 200, 503]
        assert [await opened("b", held) for _ in range(3)] == [200, 200, 503]
        refused = await http.get("/api/events", headers={"user-agent": "c"})
        assert refused.json() == {"error": "too many pages are open; close one of them"}
    async with asyncio.timeout(5), AsyncExitStack() as held:
        while await opened("a", held) == 503:
            await asyncio.sleep(0.01)


def jpeg(width: int, height: int) -> bytes:
    app = b"\xff\xe0" + (16).to_bytes(2) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + (17).to_bytes(2) + b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x03" + b"\0" * 9
    return b"\xff\xd8" + app + frame


@pytest.mark.parametrize(("content", "mime"), [(png(30, 20), "image/png"), (jpeg(30, 20), "image/jpeg")])
def test_a_picture_is_measured_and_known_by_its_content(content: bytes, mime: str) -> None:
    stored = FileStore().store(Upload("../a/b.txt", "text/html", content), photo=True)
    assert (stored.width, stored.height, stored.mime, stored.name) == (30, 20, mime, "b.txt")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file must be non-empty"),
        (b"GIF89a", "IMAGE_PROCESS_FAILED"),
        (jpeg(30, 20)[:20], "IMAGE_PROCESS_FAILED"),
        (png(30, 20)[:20], "IMAGE_PROCESS_FAILED"),
        (jpeg(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (jpeg(210, 10), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_an_invalid_photo_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        FileStore().store(upload(content), photo=True)


async def test_a_document_cannot_be_sent_again_as_a_photo(bot: Caller) -> None:
    url = f"/bot{bot.server.token}/sendDocument"
    sent: httpx.Response = await bot.http.post(url, data={"chat_id": "1001"}, files={"document": b"text"})
    file_id = sent.json()["result"]["document"]["file_id"]
    refused = await bot.refusal("sendPhoto", chat_id=1001, photo=file_id)
    assert refused == "400 Bad Request: can't use file of type Document as Photo"

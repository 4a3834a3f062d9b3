"""The HTTP requests to Telegram."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from telegram import Bot

from bot.delivery.http_client import HttpClient

ACCEPTED = b'{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":7,"type":"private"}}}'


@asynccontextmanager
async def listening(received: list[tuple[bytes, bytes]]) -> AsyncIterator[str]:
    """The address of a server that accepts everything; `received` gets each request's head and body."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        received.append((head, await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(ACCEPTED) + ACCEPTED)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"
    finally:
        server.close()
        await server.wait_closed()


async def test_a_message_goes_as_json_with_three_bytes_a_hanzi_and_a_file_as_a_form() -> None:
    received: list[tuple[bytes, bytes]] = []
    async with listening(received) as address:
        bot = Bot("1:x", base_url=address, request=HttpClient())
        await bot.send_message(7, "防汛", disable_notification=True)
        await bot.send_document(7, b"content", filename="a.json", caption="防汛")
        await bot.request.shutdown()
    (first, message), (second, form) = received
    assert b"application/json" in first
    assert "防汛".encode() in message
    fields = orjson.loads(message)
    assert (fields["text"], str(fields["chat_id"]), str(fields["disable_notification"]).lower()) == (
        "防汛",
        "7",
        "true",
    )
    assert b"multipart/form-data" in second
    assert b"content" in form


async def test_twenty_requests_are_open_at_once_and_the_others_wait() -> None:
    open_requests, released = list[bytes](), asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_requests.append(await reader.readuntil(b"\r\n\r\n"))
        await released.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(ACCEPTED) + ACCEPTED)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"
    bot = Bot("1:x", base_url=address, request=HttpClient(read_timeout=30, httpx_kwargs={"verify": False}))
    await bot.request.initialize()
    sending = [asyncio.create_task(bot.send_message(7, "防汛")) for _ in range(25)]
    deadline = time.monotonic() + 10
    while len(open_requests) < 20 and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    assert len(open_requests) == 20
    released.set()
    await asyncio.gather(*sending)
    assert len(open_requests) == 25
    await bot.request.shutdown()
    server.close()
    await server.wait_closed()


def test_an_answer_may_take_thirty_seconds_unless_the_caller_says_otherwise() -> None:
    assert HttpClient().read_timeout == 30.0
    assert HttpClient(read_timeout=1).read_timeout == 1

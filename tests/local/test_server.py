"""Start and stop of the server, its addresses and its port."""

import asyncio
import signal
import time

import httpx
import pytest

from bot.local import LocalServer
from digests.errors import UsageError
from tests.local.conftest import WANG, Caller


async def test_a_start_takes_well_under_a_second_and_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    begun = time.monotonic()
    server = LocalServer(port=0)
    await server.start()
    assert time.monotonic() - begun < 0.5
    assert signal.getsignal(signal.SIGINT) is before
    await server.stop()


async def test_a_stop_is_prompt_with_a_poll_a_stream_and_a_press_open() -> None:
    server = LocalServer(port=0, answer_wait=30)
    await server.start()
    async with httpx.AsyncClient(base_url=server.page_url, trust_env=False) as http:
        bot = Caller(server, http)
        message = await bot.result("sendMessage", chat_id=WANG, text="按")
        press = {"message_id": message["message_id"], "data": "x"}
        pressing = asyncio.create_task(http.post(f"/api/chats/{WANG}/press", json=press, timeout=40))
        await asyncio.sleep(0.1)
        update = (await bot.updates())[0]["update_id"]
        polling = asyncio.create_task(bot.updates(offset=update + 1, timeout=30))
        async with http.stream("GET", "/api/events") as stream:
            await asyncio.sleep(0.1)
            begun = time.monotonic()
            await server.stop()
            assert time.monotonic() - begun < 1
            assert b"reset" in b"".join([part async for part in stream.aiter_raw()])
        assert await polling == []
        assert (await pressing).json()["answered"] is False
    assert {task.get_name() for task in asyncio.all_tasks()} == {asyncio.current_task().get_name()}  # type: ignore[union-attr]


async def test_the_same_port_can_be_used_again_with_a_new_token() -> None:
    first = LocalServer(port=0)
    await first.start()
    port = int(first.page_url.rsplit(":", 1)[1].strip("/"))
    await first.stop()
    await first.stop()
    second = LocalServer(port=port)
    await second.start()
    assert (second.page_url, second.token == first.token) == (first.page_url, False)
    await second.stop()


async def test_a_taken_port_is_named() -> None:
    first = LocalServer(port=0)
    await first.start()
    port = int(first.page_url.rsplit(":", 1)[1].strip("/"))
    with pytest.raises(UsageError, match=f"port {port} on 127.0.0.1 is in use; "):
        await LocalServer(port=port).start()
    await first.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.com", "::", ""])
def test_a_host_that_is_not_loopback_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match="for this machine alone"):
        LocalServer(host=host)


async def test_an_invalid_port_is_refused() -> None:
    with pytest.raises(UsageError, match="port 70000"):
        await LocalServer(port=70000).start()


async def test_the_token_has_telegrams_form_and_the_addresses_fit_together() -> None:
    server = LocalServer(host="localhost", port=8030)
    number, _, rest = server.token.partition(":")
    assert number.isdecimal()
    assert len(rest) >= 32
    assert server.page_url == "http://127.0.0.1:8030/"
    assert server.base_url == "http://127.0.0.1:8030/bot"
    assert server.base_file_url == "http://127.0.0.1:8030/file/bot"


async def test_a_client_that_hangs_up_in_the_middle_of_a_request_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    server = LocalServer(port=0)
    await server.start()
    port = int(server.page_url.rsplit(":", 1)[1].strip("/"))
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /bot{server.token}/getMe HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n"
    writer.write(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.close()
    await writer.wait_closed()
    async with httpx.AsyncClient(trust_env=False) as http:
        assert await Caller(server, http).result("getMe")
    await server.stop()
    assert caplog.messages == []
    assert server.requests[0].method == "getMe"
    assert len(server.requests) == 1

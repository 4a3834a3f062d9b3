"""Fixtures: an outbox, and delivery over real HTTP in virtual time to the local server or to a scripted one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from uvicorn import Config, Server

from bot.delivery import Delivery
from bot.delivery.throttle import Throttle
from bot.local import LocalServer
from digests.chats import Chat
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from tests.conftest import BOT_API
from tests.delivery.telegram import GROUP, SUBSCRIPTION, WANG, Telegram, local_bot, plain_bot
from tests.virtual_clock import Clock


@pytest.fixture(autouse=True)
def times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the library warns at every 429, and warnings are errors in tests."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    app = Starlette(routes=[Route("/bot{token}/sendMessage", telegram.send_message, methods=["POST"])])
    server = Server(Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    telegram.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/bot"
    yield telegram
    server.should_exit = True
    await serving


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    server = LocalServer(port=0, schema=BOT_API if BOT_API.exists() else None)
    await server.start()
    yield server
    await server.stop()
    assert server.schema_problems == []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(clock.seconds, clock.sleep)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with contextlib.closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        yield outbox


@pytest.fixture
def chats(tmp_path: Path) -> ChatStore:
    chats = ChatStore(tmp_path / "chats.json")
    for chat in (WANG, GROUP):
        chats.put(Chat(chat, subscriptions=(SUBSCRIPTION,), next_subscription=2))
    return chats


@pytest.fixture
async def delivery(
    server: LocalServer, outbox: Outbox, chats: ChatStore, clock: Clock, throttle: Throttle
) -> AsyncIterator[Delivery]:
    async with local_bot(server) as bot:
        yield Delivery(outbox, chats, bot, clock, throttle=throttle)


@pytest.fixture
async def scripted(telegram: Telegram, outbox: Outbox, chats: ChatStore, clock: Clock) -> AsyncIterator[Delivery]:
    bot = plain_bot("1:token", telegram.base_url)
    await bot.request.initialize()
    yield Delivery(outbox, chats, bot, clock, throttle=Throttle(clock.seconds, clock.sleep))
    await bot.request.shutdown()

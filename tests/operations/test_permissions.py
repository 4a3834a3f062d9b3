"""Administrator checks and how long they are cached."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.local import LocalServer
from bot.local.chats import CHATS, Chat
from bot.local.methods import METHODS
from bot.local.refusals import bad_request, forbidden
from bot.local.requests import Params
from bot.local.state import ServerState
from bot.permissions import Permissions
from tests.conversations.reader import ALEX, GROUP, WANG

pytestmark = pytest.mark.asyncio


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LocalServer]:
    server = LocalServer(port=0)
    await server.start()
    yield server
    await server.stop()


def bot_of(server: LocalServer) -> Bot:
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    return Bot(server.token, server.base_url, server.base_file_url, request)


async def test_positive_answers_are_cached_and_negative_ones_are_not(server: LocalServer) -> None:
    clock = Clock()
    clock.now = 1000.0
    permissions = Permissions(clock)
    async with bot_of(server) as bot:
        before = len(server.requests)
        assert await permissions.is_administrator(bot, GROUP, WANG)
        assert await permissions.is_administrator(bot, GROUP, WANG)
        assert len(server.requests) == before + 1
        assert not await permissions.is_administrator(bot, GROUP, ALEX)
        assert not await permissions.is_administrator(bot, GROUP, ALEX)
        assert len(server.requests) == before + 3
        clock.now = 1059.9
        assert await permissions.is_administrator(bot, GROUP, WANG)
        assert len(server.requests) == before + 3
        clock.now = 1060.0
        assert await permissions.is_administrator(bot, GROUP, WANG)
        assert len(server.requests) == before + 4


async def test_in_an_inaccessible_chat_nobody_is_an_administrator(server: LocalServer) -> None:
    async with bot_of(server) as bot:
        assert not await Permissions().is_administrator(bot, -1009, WANG)
        assert not await Permissions().is_administrator(bot, GROUP, 999)


async def test_an_owner_and_other_administrators_are_administrators(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Chat(-1001000000005, "channel", "防汛快讯", (CHATS[WANG].people[0], CHATS[ALEX].people[0]))
    monkeypatch.setitem(CHATS, channel.id, channel)
    async with bot_of(server) as bot:
        assert (await bot.get_chat_member(channel.id, WANG)).status == "creator"
        assert (await bot.get_chat_member(channel.id, ALEX)).status == "administrator"
        assert await Permissions().is_administrator(bot, channel.id, WANG)
        assert await Permissions().is_administrator(bot, channel.id, ALEX)


async def test_in_a_chat_that_forbids_the_question_nobody_is_an_administrator(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forbid(state: ServerState, params: Params) -> None:
        raise forbidden("bot was kicked from the supergroup chat")

    monkeypatch.setitem(METHODS, "getChatMember", forbid)
    async with bot_of(server) as bot:
        assert not await Permissions().is_administrator(bot, GROUP, WANG)


async def test_with_hidden_members_the_list_of_administrators_decides(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hidden(state: ServerState, params: Params) -> None:
        raise bad_request("CHAT_ADMIN_REQUIRED")

    monkeypatch.setitem(METHODS, "getChatMember", hidden)
    async with bot_of(server) as bot:
        assert await Permissions().is_administrator(bot, GROUP, WANG)
        assert not await Permissions().is_administrator(bot, GROUP, ALEX)

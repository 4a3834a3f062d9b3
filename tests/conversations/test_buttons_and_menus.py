"""The typing action, repeated and foreign buttons, chats that refuse messages, and the command menus."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.app import Jianbao
from bot.handlers import COMMANDS, set_menu
from bot.handlers.help import GROUP_COMMANDS
from bot.texts import texts_for
from digests.models import SearchResult
from tests.conversations.reader import ALEX, GROUP, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


class SlowSearch:
    """A search that waits until `go` is set."""

    def __init__(self, jianbao: Jianbao) -> None:
        self._search = jianbao.services.archive.search
        self._loop = asyncio.get_running_loop()
        self.calls = 0
        self.go = asyncio.Event()

    def search(self, query: str, **rest: Any) -> SearchResult:
        self.calls += 1
        asyncio.run_coroutine_threadsafe(self.go.wait(), self._loop).result(20)
        return self._search(query, **rest)


def events_of(jianbao: Jianbao, kind: str) -> int:
    """Number of events of this kind in the page's event log."""
    assert jianbao.server
    return sum(event.kind == kind for event in jianbao.server.state.events._events)


async def test_typing_is_shown_while_an_answer_takes_long(
    wang: Reader, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, before = SlowSearch(jianbao), events_of(jianbao, "typing")
    monkeypatch.setattr(jianbao.services.archive, "search", slow.search)
    answer = asyncio.create_task(wang.send("锂电池隔膜"))
    async with asyncio.timeout(10):
        while events_of(jianbao, "typing") == before:
            await asyncio.sleep(0.02)
    slow.go.set()
    assert (await answer).text.startswith("🔍 锂电池隔膜")


async def test_a_button_pressed_again_during_its_answer_runs_once(
    wang: Reader, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = await wang.send("疫情")
    slow = SlowSearch(jianbao)
    monkeypatch.setattr(jianbao.services.archive, "search", slow.search)
    message, data = listing.button("下一页")
    body = {"message_id": message, "data": data}
    first = asyncio.create_task(wang._post("press", body))
    async with asyncio.timeout(10):
        while not slow.calls:
            await asyncio.sleep(0.01)
    again = await wang._post("press", body)  # answered at once although the first is still running
    assert again["answered"]
    assert not first.done()
    slow.go.set()
    assert (await first)["answered"]
    assert slow.calls == 1


async def test_two_people_may_press_the_same_button(group: Reader, page: httpx.AsyncClient) -> None:
    digest = await group.send("/today")
    message, data = digest.button("1")
    alex = Reader(page, GROUP, ALEX)
    body = {"message_id": message, "data": data}
    both = await asyncio.gather(group._post("press", body), alex._post("press", body))
    assert all(events_of["answered"] for events_of in both)


async def test_a_button_of_another_chat_answers_only_the_chat_that_pressed_it(wang: Reader, alex: Reader) -> None:
    """Callback data names what to show, so the answer goes to the chat of the press."""
    _, data = (await wang.send("/today")).button("1")
    here = (await alex.send("/help")).messages[0]["message_id"]
    before = await wang._seen()
    assert "Page 1" in (await alex.press_data(here, data)).text
    assert await wang._seen() == before


@pytest.mark.parametrize(
    "data", ["2:a:k7f3m-9wq2d", "1:a:k7f3m-9wq2d:1", "1:r:k7f3m-9wq2d", "1:E:20220829:1", "1:b:20220829"]
)
async def test_a_button_of_an_older_or_newer_version_gets_an_explanation(wang: Reader, data: str) -> None:
    here = (await wang.send("/help")).messages[0]["message_id"]
    assert "这个按钮已失效" in (await wang.press_data(here, data)).popup


async def test_a_press_in_a_chat_that_refuses_messages_gets_a_popup_and_a_log_line(
    group: Reader, jianbao: Jianbao, caplog: pytest.LogCaptureFixture
) -> None:
    digest = await group.send("/today")
    server = jianbao.server
    assert server
    server.faults = replace(server.faults, blocked=frozenset({GROUP}))
    try:
        with caplog.at_level(logging.WARNING, "bot"):
            assert (await group.press("1", on=digest)).popup == "机器人在这里不能发言，请联系群管理员开启。"
    finally:
        server.faults = replace(server.faults, blocked=frozenset())
    assert f"chat {GROUP} does not let the bot write" in caplog.text
    assert (await group.send("/help")).text


async def test_a_message_in_a_chat_that_refuses_messages_gets_a_log_line(
    wang: Reader, jianbao: Jianbao, caplog: pytest.LogCaptureFixture
) -> None:
    server = jianbao.server
    assert server
    server.faults = replace(server.faults, blocked=frozenset({WANG}))
    try:
        with caplog.at_level(logging.WARNING, "bot"):
            await wang.send_without_waiting("防汛")
            async with asyncio.timeout(10):
                while f"chat {WANG} does not let the bot write" not in caplog.text:
                    await asyncio.sleep(0.02)
    finally:
        server.faults = replace(server.faults, blocked=frozenset())
    assert "防汛" not in caplog.text


async def test_the_menu_depends_on_chat_and_language(page: httpx.AsyncClient) -> None:
    chats = {chat["id"]: chat for chat in (await page.get("/api/chats")).json()["chats"]}
    menus = {
        (chat, person["id"]): [command["command"] for command in person["commands"]]
        for chat, chat_json in chats.items()
        for person in chat_json["people"]
    }
    assert menus[WANG, WANG] == menus[ALEX, ALEX] == list(COMMANDS)
    assert menus[GROUP, WANG] == list(COMMANDS)  # Wang is the owner
    assert menus[GROUP, ALEX] == [name for name in COMMANDS if name in GROUP_COMMANDS]
    assert chats[WANG]["description"] == texts_for("zh").plain("about.long")
    assert chats[ALEX]["description"] == texts_for("en").plain("about.long")


async def test_the_menu_is_set_only_where_it_differs(jianbao: Jianbao) -> None:
    """Telegram accepts few such changes a day."""
    server = jianbao.server
    assert server
    async with Bot(server.token, base_url=server.base_url) as bot:
        before = events_of(jianbao, "commands")
        await set_menu(bot)
        assert events_of(jianbao, "commands") == before
        await bot.delete_my_commands()
        await bot.set_my_short_description("")
        await set_menu(bot)
        assert events_of(jianbao, "commands") == before + 2  # one event for the deletion, one for the new list
        assert (await bot.get_my_short_description()).short_description == texts_for("en").plain("about.short")

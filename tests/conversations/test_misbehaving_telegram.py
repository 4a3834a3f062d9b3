"""A Telegram that misbehaves: nobody is answered twice but as the guarantees say, nobody is lost, health is true."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot import process
from bot.app import Jianbao, running
from bot.config import AccessConfig, ArchiveConfig, Config, TelegramConfig
from bot.local import LocalServer
from digests.chats import Chat, OutgoingMessage
from digests.errors import ConfigError
from digests.storage.outbox import OutboxEntry
from tests.conversations.reader import ALEX, WANG, Reader
from tests.misbehaving_api import (
    CARRIED_OUT_WITHOUT_RESULT,
    CHAT,
    NOT_CARRIED_OUT,
    MisbehavingApi,
    Repeated,
    after,
    answer,
    break_off,
    disconnect,
    lose,
    refuse,
    talk_nonsense,
    with_updates,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE_SECONDS = 30.0
ACCEPTED = {
    **CARRIED_OUT_WITHOUT_RESULT,
    "an answer after the time-out": after(1.0),
    "a slow answer": after(0.5),
}
QUIET_SECONDS = 0.3
"""Seconds after which a message is not repeated; longer than the delays of this test's bot."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[LocalServer]:
    server = LocalServer(port=0)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(server: LocalServer) -> AsyncIterator[MisbehavingApi]:
    async with MisbehavingApi(server).serving() as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jianbao(server: LocalServer, api: MisbehavingApi, folder: Path) -> AsyncIterator[Jianbao]:
    """A bot that waits for a tenth of the usual time."""
    config = Config(
        token=server.token,
        data=folder.parent / "data",
        telegram=TelegramConfig(api=api.address),
        archive=ArchiveConfig(folder=folder, every_seconds=3600),
        access=AccessConfig(per_minute=1000),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.delivery.throttle.CHAT_BURST_LIMIT", (1000, 1.0))
        patch.setattr("bot.delivery.throttle.PERSON_LIMIT", (1000, 1.0))
        patch.setattr("bot.delivery.http_client.READ_TIMEOUT_SECONDS", 0.7)
        patch.setattr("bot.delivery.sending.MAX_REPLY_WAIT_SECONDS", 3.0)
        patch.setattr("bot.delivery.sending.random.uniform", lambda _low, _high: 0.1)
        patch.setattr("bot.receiving.polling.ANSWER_SECONDS", 0.5)
        patch.setattr("bot.receiving.polling.LONG_POLL_SECONDS", 1)
        patch.setattr("bot.receiving.polling.MIN_PAUSE_SECONDS", 0.1)
        async with running(config) as bot:
            yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def wang(jianbao: Jianbao, server: LocalServer, api: MisbehavingApi) -> AsyncIterator[Reader]:
    """A reader whom the bot answers; the bot is healthy before each test and again after it."""
    await healthy(jianbao)
    async with httpx.AsyncClient(base_url=server.page_url, trust_env=False) as page:
        yield Reader(page, WANG)
    api.forget_script()


async def healthy(jianbao: Jianbao) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while problems := jianbao.services.health.problems():
        assert time.monotonic() < deadline, problems
        await asyncio.sleep(0.05)


async def copies(server: LocalServer, text: str, chat: int = WANG) -> int:
    """Return how many messages contain `text` when no more come."""
    count, deadline = 0, time.monotonic() + 10
    while not count and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
        count = _count(server, text, chat)
    await asyncio.sleep(QUIET_SECONDS)
    return _count(server, text, chat)


def _count(server: LocalServer, text: str, chat: int) -> int:
    return sum(text in message.get("text", "") for message in server.messages(chat))


@pytest.mark.parametrize("kind", NOT_CARRIED_OUT)
async def test_a_reply_that_was_not_carried_out_is_sent_again_once(
    wang: Reader, api: MisbehavingApi, server: LocalServer, kind: str
) -> None:
    before = _count(server, "/subscribe", WANG)
    api.script("sendMessage", NOT_CARRIED_OUT[kind])
    await wang.send_without_waiting("/help")
    deadline = time.monotonic() + 10
    while _count(server, "/subscribe", WANG) == before and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    await asyncio.sleep(QUIET_SECONDS)
    assert api.is_done()
    assert _count(server, "/subscribe", WANG) == before + 1


@pytest.mark.parametrize("kind", ACCEPTED)
async def test_a_reply_that_telegram_accepted_is_not_repeated(
    wang: Reader, api: MisbehavingApi, server: LocalServer, kind: str
) -> None:
    before = _count(server, "/subscribe", WANG)
    api.script("sendMessage", ACCEPTED[kind])
    await wang.send("/help")
    await asyncio.sleep(1.2 if kind == "an answer after the time-out" else QUIET_SECONDS)
    assert api.is_done()
    assert _count(server, "/subscribe", WANG) == before + 1


@pytest.mark.parametrize("kind", NOT_CARRIED_OUT | ACCEPTED)
async def test_an_owed_message_arrives_and_those_of_other_chats_do_not_wait(
    wang: Reader, jianbao: Jianbao, api: MisbehavingApi, server: LocalServer, kind: str
) -> None:
    del wang
    services = jianbao.services
    services.chats.put(Chat(WANG))
    services.chats.put(Chat(ALEX))
    misbehaviour = (NOT_CARRIED_OUT | ACCEPTED)[kind]
    api.script("sendMessage", misbehaviour)
    text = f"owed despite {kind}"
    services.outbox.add(OutboxEntry(WANG, text, (OutgoingMessage(text),)), services.clock())
    services.outbox.add(OutboxEntry(ALEX, text, (OutgoingMessage(text),)), services.clock())
    assert await copies(server, text, ALEX) == 1
    repeated_at_most = 2 if kind == "an answer after the time-out" else 1
    assert 1 <= await copies(server, text, WANG) <= repeated_at_most


POLLING = {
    "404": refuse(404, "Not Found"),
    "401": refuse(401, "Unauthorized"),
    "403": refuse(403, "Forbidden: bot was blocked"),
    "409 of another poller": refuse(409, "Conflict: terminated by other getUpdates request"),
    "409 of a webhook": refuse(409, "Conflict: can't use getUpdates method while webhook is active"),
    "400": refuse(400, "Bad Request: offset"),
    "429": refuse(429, "Too Many Requests: retry after 1", retry_after=1),
    "500": refuse(500, "Internal Server Error"),
    "HTML": answer(200, "<html></html>", "text/html"),
    "a list": answer(200, []),
    "ok false": answer(200, {"ok": False}),
    "result null": answer(200, {"ok": True, "result": None}),
    "result an object": answer(200, {"ok": True, "result": {}}),
    "updates that are no objects": answer(200, {"ok": True, "result": [7, None, "x", [], {}]}),
    "the connection closed": disconnect,
    "half an answer": break_off,
    "an answer lost": lose,
    "an answer too late": after(3.0),
    "not HTTP": talk_nonsense,
    "an update with an unknown content": with_updates({"update_id": 0, "news": {"of": 1}}),
    "an unreadable message": with_updates({"update_id": 0, "message": 7}),
    "a message in the far future": with_updates(
        {"update_id": 0, "message": {"message_id": 1, "date": 9e18, "chat": CHAT, "text": "/help"}}
    ),
    "a chat whose id is a text": with_updates(
        {"update_id": 0, "message": {"message_id": 1, "date": 1, "chat": {"id": "x", "type": "private"}, "text": "x"}}
    ),
    "each update twice": Repeated(),
}


@pytest.mark.parametrize("kind", POLLING)
async def test_after_a_bad_answer_to_get_updates_readers_are_answered_once(
    wang: Reader, jianbao: Jianbao, api: MisbehavingApi, server: LocalServer, kind: str
) -> None:
    before = _count(server, "/subscribe", WANG)
    api.script("getUpdates", POLLING[kind], times=2)
    await wang.send("/help")
    await wang.send("/help")
    await healthy(jianbao)
    await asyncio.sleep(QUIET_SECONDS)
    assert _count(server, "/subscribe", WANG) == before + 2


LASTING = {
    "404": (refuse(404, "Not Found"), "polling: Telegram refuses the token (Not Found)"),
    "409": (refuse(409, "Conflict: terminated"), "polling: another program receives the updates of this bot; stop it"),
    "500": (refuse(500, "Internal Server Error"), "polling: Internal Server Error"),
    "a proxy": (answer(200, "<html></html>", "text/html"), "polling: Bad Gateway: the answer is not Telegram's"),
    "silence": (after(5.0), "polling: Timed out"),
    "no connection": (disconnect, "polling: httpx.RemoteProtocolError"),
}


@pytest.mark.parametrize("kind", LASTING)
async def test_health_tells_of_a_lasting_failure_of_polling_until_it_ends(
    wang: Reader, jianbao: Jianbao, api: MisbehavingApi, kind: str
) -> None:
    misbehaviour, problem = LASTING[kind]
    api.script("getUpdates", misbehaviour, times=100)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (problems := jianbao.services.health.problems()) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    assert problems[0].startswith(problem)
    api.forget_script()
    await healthy(jianbao)
    assert "/today" in (await wang.send("/help")).text


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
@pytest.mark.parametrize("kind", ["500", "the connection closed", "result null", "result a list"])
async def test_a_pressed_button_works_despite_a_bad_answer(
    wang: Reader, api: MisbehavingApi, method: str, kind: str
) -> None:
    shown = await wang.send("/issues")
    label = shown.labels[0]
    api.script(method, (NOT_CARRIED_OUT | ACCEPTED)[kind])
    pressed = await wang.press_data(*shown.button(label))
    assert pressed.text or pressed.popup


async def test_a_token_refused_for_long_ends_the_program_with_one_sentence(
    server: LocalServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.receiving.polling.REFUSED_SECONDS", 0.2)
    monkeypatch.setattr("bot.receiving.polling.MIN_PAUSE_SECONDS", 0.1)
    async with MisbehavingApi(server).serving() as api:
        api.script("getUpdates", refuse(401, "Unauthorized"), times=100)
        config = Config(
            token=server.token,
            data=tmp_path / "data",
            telegram=TelegramConfig(api=api.address),
            archive=ArchiveConfig(folder=folder, every_seconds=3600),
        )
        with pytest.raises(ConfigError, match="token: Telegram refuses it; ask @BotFather for the right one"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await process.serve(running(config), lambda _address: None, lambda: config)

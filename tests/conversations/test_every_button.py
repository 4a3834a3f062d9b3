"""Presses every button that can be reached from the sample pages, in both languages, and checks each answer."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot import callbacks
from bot.app import Jianbao
from bot.callbacks import Callback, decode, stored_ids
from bot.local.messages import Message
from tests.conversations.reader import ALEX, WANG, Reader, check_message

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = (
    "/start", "/help", "/today", "/issues", "/digest 8月29日", "/week", "/month", "/trend", "/trend 疫情 防汛",
    "/subscribe", "/subscriptions", "/settings", "/article", "/article zzzzz-zzzzz", "/weather",
    "疫情", "疫情 最近", "谁是韦韬", "fangxun", "(", "-防汛", "？！", "8月20日", "每天早上七点", "周末不要发",
    "订阅 防汛", "退订 没有订阅过", "量子纠缠态隐形传输", "x" * 300,
)  # fmt: skip
PRESSED_IN_FULL = (callbacks.ShowArticle, callbacks.ShowArticlePart, callbacks.ShowDigest, callbacks.ShowContents)
PRESSES_PER_KIND = 4
"""Buttons pressed of each other kind."""
NOT_PRESSED = ("SetLanguage", "GreetInLanguage", "Forget")
"""Not pressed, as they change the language or delete the chat's data."""


def buttons(message: dict[str, Any]) -> Iterator[str]:
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        yield from (button["callback_data"] for button in row if "callback_data" in button)


def messages_of(jianbao: Jianbao, chat: int) -> dict[int, Message]:
    assert jianbao.server
    return {message.id: message for message in jianbao.server.state.messages.in_chat(chat)}


async def changed(jianbao: Jianbao, chat: int, before: dict[int, Message]) -> dict[int, Any]:
    """The messages that are new or edited since `before`, waiting a moment for the first."""
    for _ in range(20):
        fresh = {key: message for key, message in messages_of(jianbao, chat).items() if before.get(key) is not message}
        if fresh:
            return {key: message.to_json() for key, message in fresh.items()}
        await asyncio.sleep(0.01)
    return {}


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def no_hurry(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr("bot.delivery.throttle.SECONDS_BETWEEN_MESSAGES", 0.0)
    yield


@pytest.mark.parametrize(("chat", "articles"), [(WANG, 999), (ALEX, 5)])
async def test_every_button_leads_to_a_valid_message(
    page: httpx.AsyncClient, jianbao: Jianbao, caplog: pytest.LogCaptureFixture, chat: int, articles: int
) -> None:
    """In Chinese all articles are opened and read to the end; of other kinds of buttons some are pressed."""
    reader = Reader(page, chat)
    for text in TEXTS if chat == WANG else TEXTS[::4]:
        await reader.send(text)
    assert jianbao.server
    history = jianbao.server.state.messages
    waiting = deque((message.id, data) for message in history.in_chat(chat) for data in buttons(message.to_json()))
    pressed: set[str] = set()
    kinds: Counter[type[Callback]] = Counter()
    with caplog.at_level(logging.WARNING, "bot"):
        while waiting:
            message_id, data = waiting.popleft()
            services = jianbao.services
            press = decode(data, services.outbox.button_texts.read(chat, stored_ids(data), services.clock()))
            assert press, f"{data} is a button of ours that nobody understands"
            if (
                data in pressed
                or kinds[type(press)] >= (articles if type(press) in PRESSED_IN_FULL else PRESSES_PER_KIND)
                or type(press).__name__ in NOT_PRESSED
            ):
                continue
            pressed.add(data)
            kinds[type(press)] += 1
            before = messages_of(jianbao, chat)
            answer = await reader._post("press", {"message_id": message_id, "data": data})
            assert answer["answered"], data
            fresh = {} if answer["text"] else await changed(jianbao, chat, before)
            assert fresh or answer["text"] or type(press).__name__.startswith(("Turn", "Set", "Show")), data
            for key, message in fresh.items():
                check_message(message, "")
                waiting.extend((key, found) for found in buttons(message))
    assert not [record for record in caplog.records if record.name.startswith("bot")], caplog.text
    archive = jianbao.services.archive
    assert kinds[callbacks.ShowArticle] == min(
        articles, sum(len(archive.articles(issue.day)) for issue in archive.issues())
    )
    assert {callbacks.ShowArticlePart, callbacks.RunSearch, callbacks.FollowQuery, callbacks.ShowRelated} <= set(kinds)

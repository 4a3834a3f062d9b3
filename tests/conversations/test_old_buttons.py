"""Old buttons and questions work after a restart, an update of the archive and a change of wording."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import app
from bot.app import Jianbao
from bot.config import Config
from bot.texts import texts_for
from digests.chats import Language
from digests.errors import StateError
from tests.conversations.conftest import LONG_AGO, SCHEMA
from tests.conversations.reader import ALEX, WANG, Answer, Reader

NOW = datetime(2022, 11, 25, 12, 0, tzinfo=UTC)
LONG_QUERY = "疫情 OR 防控 OR 核酸 OR 检测 OR 隔离 OR 流调 OR 消杀"
"""Longer than callback data."""
SHORT_QUERY = "疫情 防控"
SECOND_PART = "6. "
BROAD_QUERY = "疫情 OR 工作 OR 发展 OR 太原 OR 全市 OR 建设 OR 服务 OR 企业"
"""It has so many matches that the reader is asked whether to subscribe to it."""


class Clock:
    """A wall clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def config(config: Config, folder: Path, tmp_path: Path) -> Config:
    """The pages of the module, and an archive and a data folder of the test's own."""
    own = tmp_path / "pages"
    shutil.copytree(folder, own)
    for file in own.iterdir():
        os.utime(file, (LONG_AGO, LONG_AGO))
    archive = config.archive.model_copy(update={"folder": own})
    return config.model_copy(update={"data": tmp_path / "data", "archive": archive})


@asynccontextmanager
async def running(config: Config, clock: Callable[[], datetime] = lambda: NOW) -> AsyncIterator[Jianbao]:
    async with app.running(config, clock=clock, schema=SCHEMA) as bot:
        yield bot
    assert bot.server
    assert bot.server.schema_problems == []


@asynccontextmanager
async def reader_of(bot: Jianbao, chat: int = WANG) -> AsyncIterator[Reader]:
    assert bot.server
    async with httpx.AsyncClient(base_url=bot.server.page_url, trust_env=False) as page:
        yield Reader(page, chat)


@pytest.fixture
def reworded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wording in which no message shows a query as code, and no button names what it is about."""
    translations = texts_for("zh").translations
    for key, text in {
        "search.query": "找到的是这些（{query}）",
        "button.follow_search": "要这个",
        "button.next": "后面的",
        "button.subscribe_anyway": "就要它",
        "button.use_query": "换 {query}",
        "subscription.ask_name": "新名字？（{name}）",
    }.items():
        monkeypatch.setitem(translations, key, text)


def person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Reader"}


async def press_later(bot: Jianbao, reader: Reader, old: Answer, label: str) -> Answer:
    """Press a button of a message that an earlier process sent; this process cannot edit it and answers below."""
    number, data = old.button(label)
    message = next(message for message in old.messages if message["message_id"] == number)
    return await press_of_old_message(bot, reader, message, data)


async def press_of_old_message(bot: Jianbao, reader: Reader, message: dict[str, Any], data: str) -> Answer:
    assert bot.server
    press = {"id": "later", "from": person(reader.chat), "chat_instance": "1", "data": data}
    bot.server.state.updates.push("callback_query", {**press, "message": {**message, "message_id": 90_001}})
    return await reader.next_message()


def update_archive(config: Config) -> None:
    """A new page, and an index that is built anew."""
    page = config.archive.folder / "2022-11-26-01.txt"
    page.write_text("晨雾锁城\n\n本报讯（记者 李明）11月26日清晨，大雾锁城，疫情防控点照常开放。\n", encoding="utf-8")
    os.utime(page, (LONG_AGO, LONG_AGO))
    shutil.rmtree(config.data / "index")


@pytest.mark.parametrize("query", [SHORT_QUERY, LONG_QUERY])
async def test_buttons_of_a_search_work_after_a_restart_an_update_and_a_change_of_wording(
    config: Config, reworded: None, query: str
) -> None:
    async with running(config) as bot, reader_of(bot) as wang:
        found = await wang.send(f"/search {query}")
        assert not found.marked("code")
    update_archive(config)
    async with running(config) as bot, reader_of(bot) as wang:
        turned = await press_later(bot, wang, found, "后面的")
        assert SECOND_PART in turned.text
        assert turned.text.splitlines()[0] == found.text.splitlines()[0]
        facet = await press_later(bot, wang, found, label("refine_by_theme"))
        narrowed = await wang.press(facet.labels[0])
        assert " 主题:" in narrowed.text.splitlines()[0]
        newest = await press_later(bot, wang, found, label("newest_first"))
        assert texts_for("zh").plain("search.newest") in newest.text
        await press_later(bot, wang, found, "要这个")
        assert followed(bot) == [query]


async def test_buttons_of_a_subscription_work_after_a_restart_and_a_change_of_wording(
    config: Config, reworded: None
) -> None:
    async with running(config) as bot, reader_of(bot) as wang:
        asked = await wang.send(f"/subscribe {BROAD_QUERY}")
        assert followed(bot) == []
    async with running(config) as bot, reader_of(bot) as wang:
        made = await press_later(bot, wang, asked, "就要它")
        assert followed(bot) == [BROAD_QUERY]
    other = next(name for name in made.labels if name.startswith("换"))
    async with running(config) as bot, reader_of(bot) as wang:
        await press_later(bot, wang, made, other)
        assert followed(bot) != [BROAD_QUERY]
        question = await wang.send("/subscriptions")
        await wang.press(question.labels[0])
        question = await wang.press(label("rename"))
    async with running(config) as bot, reader_of(bot) as wang:
        assert bot.server
        message = {**question.messages[0], "message_id": 90_001}
        reply = {"message_id": 90_002, "date": message["date"], "chat": message["chat"], "from": person(WANG)}
        bot.server.state.updates.push("message", {**reply, "text": "要闻", "reply_to_message": message})
        assert "要闻" in (await wang.next_message()).text
        chat = bot.services.chats.get(WANG)
        assert chat
        assert [subscription.name for subscription in chat.subscriptions] == ["要闻"]


async def test_sections_and_names_are_found_after_the_archive_was_updated(config: Config, reworded: None) -> None:
    async with running(config) as bot, reader_of(bot) as wang:
        digest = await wang.send("/digest 8月29日")
        theme = next(name for name in digest.labels if name.startswith("【"))
        article = await wang.press("1", digest)
        names = await wang.press(label("names"), article)
        following = await wang.press(label("topics"), article)
    update_archive(config)
    async with running(config) as bot, reader_of(bot) as wang:
        section = await press_later(bot, wang, digest, theme)
        assert section.text.startswith(f"{theme}：")
        found = await press_later(bot, wang, names, names.labels[0])
        assert f'"{names.labels[0]}"' in found.text.splitlines()[0]
        await press_later(bot, wang, following, following.labels[0])
        assert followed(bot) == [following.labels[0]]


@pytest.mark.parametrize(("chat", "lang"), [(WANG, "zh"), (ALEX, "en")])
async def test_a_button_that_was_not_used_for_400_days_says_what_to_do(
    config: Config, chat: int, lang: Language
) -> None:
    clock = Clock()
    async with running(config, clock) as bot, reader_of(bot, chat) as reader:
        found = await reader.send(f"/search {LONG_QUERY}")
        clock.now += timedelta(days=400)
        assert not (await reader.press(label("next", lang), found)).popup
        clock.now += timedelta(days=401)
        assert (await reader.press(label("next", lang), found)).popup == expired(lang)


async def test_a_button_of_a_chat_that_was_forgotten_has_expired_and_a_new_search_works(config: Config) -> None:
    async with running(config) as bot, reader_of(bot) as wang:
        found = await wang.send(f"/search {LONG_QUERY}")
        await wang.send("/forget")
        await wang.press(label("forget"))
        assert (await wang.press(label("next"), found)).popup == expired("zh")
        await wang.send(f"/search {LONG_QUERY}")
        assert SECOND_PART in (await wang.press(label("next"))).text


async def test_a_search_is_answered_when_its_buttons_cannot_be_stored(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(config) as bot, reader_of(bot) as wang:
        monkeypatch.setattr(bot.services.outbox.button_texts, "store", full_disk)
        found = await wang.send(f"/search {LONG_QUERY}")
        assert found.text.startswith("🔍")
        assert (await wang.press(label("next"))).popup == expired("zh")


def label(name: str, lang: Language = "zh") -> str:
    return texts_for(lang).plain(f"button.{name}")


def expired(lang: Language) -> str:
    return texts_for(lang).plain("button.expired")


def full_disk(*_: object) -> None:
    raise StateError("the disk is full")


def followed(bot: Jianbao) -> list[str]:
    chat = bot.services.chats.get(WANG)
    return [subscription.query for subscription in chat.subscriptions] if chat else []

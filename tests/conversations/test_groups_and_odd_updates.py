"""Groups, invalid buttons, messages without text, edits, migrations and unexpected errors."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Any

import httpx
import pytest

from bot import callbacks
from bot.app import Jianbao
from bot.local.state import wait_for_answer
from bot.texts import texts_for
from digests.archive import Archive
from digests.chats import Chat, OutgoingMessage, Settings, Subscription
from digests.models import SearchResult
from digests.storage.outbox import OutboxEntry
from tests.conversations.conftest import NOW
from tests.conversations.reader import ALEX, GROUP, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_group_is_answered_when_it_uses_a_command(group: Reader) -> None:
    answer = await group.send("/today@jianbao_bot")
    assert answer.text.startswith("太原日报 · 2022年11月24日")
    assert answer.messages[0]["reply_to_message"]["text"] == "/today@jianbao_bot"
    assert (await group.send("/today")).text == answer.text


async def test_other_messages_in_a_group_are_not_answered(group: Reader) -> None:
    """Updates are answered in order, so an answer to one of these would arrive together with that to /help."""
    await group.send_without_waiting("核酸检测在哪里做？")
    await group.send_without_waiting("/today@another_bot")
    await group.send_without_waiting("/weather")
    answer = await group.send("/help")
    assert len(answer.messages) == 1
    assert "要搜索，请回复我，或发 /search@jianbao_bot 防汛" in answer.text


@pytest.fixture
def all_messages(jianbao: Jianbao) -> Iterator[None]:
    """Privacy mode is off: the bot gets all messages of the group."""
    assert jianbao.server
    jianbao.server.state.privacy_mode = False
    yield
    jianbao.server.state.privacy_mode = True


async def test_under_privacy_mode_a_mention_does_not_reach_the_bot(group: Reader) -> None:
    await group.send_without_waiting("@jianbao_bot 锂电池隔膜")
    answer = await group.send("/help")
    assert len(answer.messages) == 1


@pytest.mark.usefixtures("all_messages")
async def test_a_mention_in_a_group_is_a_search(group: Reader) -> None:
    answer = await group.send("@Jianbao_Bot 锂电池隔膜")
    assert answer.text.startswith("🔍 锂电池隔膜\n找到")
    assert "/search 防汛" in (await group.send("@jianbao_bot")).text


@pytest.mark.usefixtures("all_messages")
@pytest.mark.parametrize(
    "text", ["锂电池隔膜 @jianbao_bot，谢谢", "@jianbao_bot：锂电池隔膜 谢谢", "/search@jianbao_bot 锂电池隔膜 谢谢"]
)
async def test_the_bots_name_is_removed_from_the_query(group: Reader, text: str) -> None:
    assert (await group.send(text)).text.splitlines()[0] == "🔍 锂电池隔膜 谢谢"


@pytest.mark.usefixtures("all_messages")
async def test_other_user_names_stay_in_the_query(group: Reader) -> None:
    assert "another" in (await group.send("@another_one @jianbao_bot")).text.splitlines()[0]


async def test_a_reply_to_the_bot_in_a_group_is_a_search(group: Reader) -> None:
    text = await group.send("/help")
    answer = await group.send("锂电池隔膜", reply_to=text.messages[0]["message_id"])
    assert answer.text.startswith("🔍 锂电池隔膜\n找到")


@pytest.mark.parametrize(
    ("text", "first_line"),
    [
        ("/search防汛", "🔍 防汛"),
        ("/Search防汛", "🔍 防汛"),
        ("／search 防汛", "🔍 防汛"),
        ("／search　防汛", "🔍 防汛"),
        ("/ search 防汛", "🔍 防汛"),
        ("／search@jianbao_bot防汛", "🔍 防汛"),
        ("/search：防汛", "🔍 防汛"),
        ("/subscribe公交线路", "已订阅“公交线路”"),
        ("／unsubscribe公交线路", "已退订“公交线路”"),
        ("/防汛", "🔍 防汛"),
        ("/订阅 公交线路", "已订阅“公交线路”"),
        ("/退订 公交线路", "已退订“公交线路”"),
        ("/timezone东八区", "当前时区：Asia/Shanghai（北京）"),
    ],
)
async def test_commands_are_understood_as_they_are_typed(wang: Reader, text: str, first_line: str) -> None:
    assert (await wang.send(text)).text.startswith(first_line)


@pytest.mark.usefixtures("all_messages")
async def test_in_a_group_only_known_commands_for_this_bot_are_understood_as_typed(group: Reader) -> None:
    for text in ("/防汛", "／weather 太原", "/search@another_bot防汛"):
        await group.send_without_waiting(text)
    answer = await group.send("／search 防汛")
    assert len(answer.messages) == 1
    assert answer.text.startswith("🔍 防汛")


async def test_anybody_in_a_group_may_press_its_buttons(group: Reader, page: httpx.AsyncClient) -> None:
    digest = await group.send("/today")
    alex = Reader(page, GROUP, ALEX)
    assert "第1版" in (await alex.press("1", on=digest)).text


async def test_a_group_has_subscriptions_of_its_own(group: Reader, wang: Reader) -> None:
    assert (await group.send("/subscribe@jianbao_bot 暖气")).text.startswith("已订阅“暖气”")
    assert "暖气" not in (await wang.send("/subscriptions")).text
    await group.send("/unsubscribe 暖气")


@pytest.mark.parametrize(
    "data", ["", "x", "0:n", "1:z:5", "1:a", "1:d:29990231", "1:u:-1", "1:g:fr", "1:t:9999", "1:n:extra", "防汛" * 10]
)
async def test_invalid_callback_data_gets_an_explanation(wang: Reader, data: str) -> None:
    answer = await wang.send("/help")
    log = await wang.press_data(answer.messages[0]["message_id"], data)
    assert log.popup == "这个按钮已失效。请重新发送命令，如 /today。"


async def test_a_button_whose_target_is_gone_says_so(wang: Reader) -> None:
    here = (await wang.send("/help")).messages[0]["message_id"]
    gone = await wang.press_data(here, callbacks.encode(callbacks.ShowArticle("zzzzz-zzzzz")))
    assert "找不到这篇报道" in gone.text
    missing = await wang.press_data(here, "1:c:20200101")
    assert "2020年1月1日 星期三没有报纸" in missing.text


async def test_an_edit_of_a_deleted_message_becomes_a_new_message(
    wang: Reader, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader deletes the message while its next page is searched; the page comes as a new message."""
    listing = await wang.send("疫情")
    message, data = listing.button("下一页")
    search, server = jianbao.services.archive.search, jianbao.server
    assert server

    def erasing(*args: Any, **kwargs: Any) -> SearchResult:
        url = f"{server.page_url}api/chats/{WANG}/messages/{message}"
        httpx.delete(url, headers={"content-type": "application/json"}, trust_env=False).raise_for_status()
        return search(*args, **kwargs)

    monkeypatch.setattr(jianbao.services.archive, "search", erasing)
    turned = await wang.press_data(message, data)
    assert not turned.edited
    assert "第6–10篇" in turned.text


def pushed(jianbao: Jianbao, kind: str, update: dict[str, Any]) -> None:
    """Push an update that the chat page cannot cause."""
    assert jianbao.server
    jianbao.server.state.updates.push(kind, update)


PRIVATE = {"id": WANG, "type": "private", "first_name": "读者小王"}
SENDER = {"id": WANG, "is_bot": False, "first_name": "读者小王", "language_code": "zh-hans"}
STICKER = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 9,
    "height": 9,
    "is_animated": False,
    "is_video": False,
}


async def test_a_sticker_in_a_private_chat_gets_an_explanation(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/help")
    pushed(jianbao, "message", {"message_id": 9001, "date": 1, "chat": PRIVATE, "from": SENDER, "sticker": STICKER})
    assert (await wang.next_message()).text.startswith("这里只支持文字。")


async def test_edits_channel_posts_and_group_stickers_are_not_answered(wang: Reader, jianbao: Jianbao) -> None:
    edited = {"message_id": 9002, "date": 1, "edit_date": 2, "chat": PRIVATE, "from": SENDER, "text": "疫情"}
    channel = {
        "message_id": 9003,
        "date": 1,
        "chat": {"id": -1009, "type": "channel", "title": "频道"},
        "text": "/today",
    }
    shared = {"id": GROUP, "type": "supergroup", "title": "街坊读报群"}
    sticker = {"message_id": 9004, "date": 1, "chat": shared, "from": SENDER, "sticker": STICKER}
    await wang.send("/help")
    pushed(jianbao, "edited_message", edited)
    pushed(jianbao, "channel_post", channel)
    pushed(jianbao, "message", sticker)
    answer = await wang.send("/settings")
    assert len(answer.messages) == 1
    assert answer.text.startswith("设置")


async def test_a_group_that_becomes_a_supergroup_keeps_its_settings_and_outbox(group: Reader, jianbao: Jianbao) -> None:
    """Telegram reports the migration in the old and in the new group, in either order."""
    chats, outbox, old = jianbao.services.chats, jianbao.services.outbox, -4711
    chat = Chat(old, Settings("en", digest_time=time(18)), (Subscription(1, "防汛", NOW),), next_subscription=2)
    chats.put(chat)
    outbox.add(OutboxEntry(old, "alert:a", (OutgoingMessage("owed"),)), NOW)
    outbox.hold(old)  # otherwise it would be sent to the missing group
    await group.send("/help")
    service = {"date": 1, "from": SENDER}
    was = {"id": old, "type": "group", "title": "街坊读报群"}
    now = {"id": GROUP, "type": "supergroup", "title": "街坊读报群"}
    chats.delete(GROUP)
    pushed(jianbao, "message", {**service, "message_id": 9006, "chat": now, "migrate_from_chat_id": old})
    pushed(jianbao, "message", {**service, "message_id": 9007, "chat": was, "migrate_to_chat_id": GROUP})
    assert (await group.next_message()).text == "owed"
    assert chats.get(GROUP) == replace(chat, id=GROUP)
    assert chats.get(old) is None
    chats.delete(GROUP)


async def test_a_page_button_on_a_message_too_old_for_bots_is_answered_below(wang: Reader, jianbao: Jianbao) -> None:
    _, data = (await wang.send("疫情")).button("下一页")
    old = {"message_id": 9005, "date": 0, "chat": PRIVATE}
    press = {"id": "old", "from": SENDER, "message": old, "chat_instance": "1", "data": data}
    pushed(jianbao, "callback_query", press)
    answer = await wang.next_message()
    assert not answer.edited
    assert "第6–10篇" in answer.text


async def test_a_page_button_of_an_older_program_on_such_a_message_has_expired(jianbao: Jianbao) -> None:
    assert jianbao.server
    query = jianbao.server.state.queries.open()
    old = {"message_id": 9005, "date": 0, "chat": PRIVATE}
    press = {"id": query.id, "from": SENDER, "message": old, "chat_instance": "1", "data": "1:q:5"}
    pushed(jianbao, "callback_query", press)
    answer = await wait_for_answer(query, 10)
    assert answer
    assert answer["text"] == texts_for("zh").plain("button.expired")


async def test_an_unexpected_error_is_logged_without_the_readers_text(
    wang: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Archive, query: str, **__: int) -> None:
        raise RuntimeError(f"no luck with {query}")

    monkeypatch.setattr(Archive, "search", broken)
    with caplog.at_level(logging.DEBUG, "bot"):
        assert (await wang.send("防汛")).text.startswith("抱歉，出了点问题")
    log = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert "RuntimeError" in log
    assert "防汛" not in log


async def test_held_messages_are_released_when_the_chat_writes_again(wang: Reader, jianbao: Jianbao) -> None:
    services = jianbao.services
    chat = services.chats.get_or_create(WANG, "zh")
    services.chats.put(replace(chat, active=False))
    services.outbox.hold(WANG)
    await wang.send("/help")
    known = services.chats.get(WANG)
    assert known
    assert known.active
    assert services.outbox.counts()["held"] == 0


async def test_the_menu_of_commands_is_there_in_both_languages(page: httpx.AsyncClient, jianbao: Jianbao) -> None:
    chats = {chat["id"]: chat for chat in (await page.get("/api/chats")).json()["chats"]}
    menus = {chat: chats[chat]["people"][0]["commands"] for chat in (WANG, ALEX)}
    assert [command["command"] for command in menus[WANG]][:2] == ["today", "digest"]
    assert menus[WANG][0]["description"] == "今日简报"
    assert menus[ALEX][0]["description"] == "Today's digest"

"""Groups, forums and channels: permissions, topics, the bot added and removed, channels managed from afar."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.app import Jianbao
from bot.local.chats import CHATS
from digests.chats import Channel, Chat, Subscription
from tests.conversations.conftest import LONG_AGO
from tests.conversations.reader import ALEX, GROUP, WANG, Reader
from tests.conversations.samples import CHANNEL, CITY, EXTRA_CHATS, FORUM, WEATHER

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module", autouse=True)
def places() -> Iterator[None]:
    """Add a forum and a channel to the server's chats."""
    with pytest.MonkeyPatch.context() as patch:
        for place in EXTRA_CHATS.values():
            patch.setitem(CHATS, place.id, place)
        patch.setattr(
            "bot.delivery.throttle.GROUP_MINUTE_LIMIT", (1000, 1.0)
        )  # the tests send more than a group's limit
        yield


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_kept(places: None, jianbao: Jianbao) -> AsyncIterator[None]:
    yield
    for chat in jianbao.services.chats.all():
        jianbao.services.chats.delete(chat.id)


@pytest.fixture
def member(page: httpx.AsyncClient) -> Reader:
    """Alex in the group, which Wang administers."""
    return Reader(page, GROUP, ALEX)


def in_forum(page: httpx.AsyncClient, topic: int | None, user: int = WANG) -> Reader:
    return Reader(page, FORUM.id, user, topic)


def stored(jianbao: Jianbao, chat: int) -> Chat:
    known = jianbao.services.chats.get(chat)
    assert known
    return known


def queries(subscriptions: tuple[Subscription, ...]) -> list[str]:
    return [subscription.query for subscription in subscriptions]


async def let_in(page: httpx.AsyncClient, chat: int, *, there: bool) -> None:
    """Remove the bot from a chat, or add it."""
    response = await page.post(f"/api/chats/{chat}/block", json={"from": WANG, "blocked": not there})
    response.raise_for_status()


def printed(folder: Path, name: str, text: str) -> None:
    page = folder / name
    page.write_text(text, encoding="utf-8")
    os.utime(page, (LONG_AGO, LONG_AGO))


async def test_only_administrators_change_the_subscriptions_of_a_group(
    group: Reader, member: Reader, jianbao: Jianbao
) -> None:
    refused = await member.send("/subscribe@jianbao_bot 暖气")
    assert refused.text == "只有管理员可以查看和修改这里的订阅和设置。"
    assert jianbao.services.chats.get(GROUP) is None
    assert (await group.send("/subscribe@jianbao_bot 暖气")).text.startswith("已订阅“暖气”")
    listing = await member.send("/subscriptions")
    assert "1. 暖气" in listing.text
    card = await member.press("暖气")
    assert "只有管理员" in (await member.press("暂停", on=card)).popup
    assert "只有管理员" in (await member.press("退订 暖气", on=card)).popup
    assert "只有管理员" in (await member.send("/unsubscribe 暖气")).text
    assert not stored(jianbao, GROUP).subscriptions[0].paused
    assert "已暂停" in (await group.press("暂停", on=card)).text


async def test_only_administrators_change_a_groups_settings(group: Reader, member: Reader, jianbao: Jianbao) -> None:
    settings = await member.send("/settings")
    assert settings.text.startswith("设置")
    for label in ("English", "关闭每日简报"):
        assert "只有管理员" in (await member.press(label, on=settings)).popup
    menu = await member.press("时区", on=settings)
    refused = await member.send("Europe/Paris", reply_to=menu.messages[0]["message_id"])
    assert "只有管理员" in refused.text
    for command in ("/timezone Europe/Paris", "/export", "/forget"):
        assert "只有管理员" in (await member.send(command)).text
    assert jianbao.services.chats.get(GROUP) is None
    assert (await group.press("English", on=settings)).text.startswith("Settings")


async def test_an_anonymous_administrator_may_change_subscriptions(jianbao: Jianbao, group: Reader) -> None:
    """For an anonymous administrator Telegram names GroupAnonymousBot in `from` and the group in `sender_chat`."""
    assert jianbao.server
    shared = CHATS[GROUP].to_json()
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    text = "/subscribe 防汛"
    command = [{"type": "bot_command", "offset": 0, "length": 10}]
    message_json = {"message_id": 9101, "date": 1, "chat": shared, "from": anonymous, "text": text, "entities": command}
    await group.send("/help")
    jianbao.server.state.updates.push("message", message_json | {"sender_chat": shared})
    assert (await group.next_message()).text.startswith("已订阅“防汛”")
    channel = {"id": -1009, "type": "channel", "title": "别的频道"}
    jianbao.server.state.updates.push("message", message_json | {"sender_chat": channel, "text": "/subscribe 内涝"})
    assert "只有管理员" in (await group.next_message()).text


async def test_each_topic_of_a_forum_has_its_own_subscriptions(page: httpx.AsyncClient, jianbao: Jianbao) -> None:
    weather, city, general = in_forum(page, WEATHER), in_forum(page, CITY), in_forum(page, None)
    assert (await weather.send("/subscribe@jianbao_bot 防汛")).text.startswith("已订阅“防汛”")
    assert (await city.send("/subscribe@jianbao_bot 防汛")).text.startswith("已订阅“防汛”")
    assert (await general.send("/subscribe@jianbao_bot 地铁")).text.startswith("已订阅“地铁”")
    assert [subscription.topic for subscription in stored(jianbao, FORUM.id).subscriptions] == [WEATHER, CITY, None]
    assert "1. 防汛\n\n" in (await city.send("/subscriptions")).text
    assert "1. 地铁\n\n" in (await general.send("/subscriptions")).text
    await weather.send("/unsubscribe 1")
    assert "还没有订阅" in (await weather.send("/subscriptions")).text
    assert [subscription.topic for subscription in stored(jianbao, FORUM.id).subscriptions] == [CITY, None]


async def test_alerts_go_to_the_topic_that_subscribed(page: httpx.AsyncClient, folder: Path) -> None:
    weather, general = in_forum(page, WEATHER), in_forum(page, None)
    await weather.send("/subscribe 沙尘暴")
    await general.send("/subscribe 沙尘")
    printed(folder, "2022-12-05-02.txt", "沙尘暴来袭\n\n本报讯（记者 李明）12月5日，沙尘暴黄色预警发布。\n")
    alert = await weather.next_message()
    assert alert.text.startswith("🔔 沙尘暴来袭")
    assert alert.messages[0]["message_thread_id"] == WEATHER
    assert "message_thread_id" not in (await general.next_message()).messages[0]
    assert (await weather.press("阅读全文", on=alert)).messages[0]["message_thread_id"] == WEATHER


async def test_the_digest_goes_to_the_topic_that_is_chosen(page: httpx.AsyncClient, jianbao: Jianbao) -> None:
    weather, general = in_forum(page, WEATHER), in_forum(page, None)
    await weather.send("/subscribe 防汛")
    assert stored(jianbao, FORUM.id).settings.topic == WEATHER
    assert "简报推送到此话题" not in (await weather.send("/settings")).labels
    elsewhere = await general.send("/settings")
    assert "简报目前推送到群内其他话题" in elsewhere.text
    assert "推送到群内其他话题" not in (await general.press("简报推送到此话题")).text
    assert stored(jianbao, FORUM.id).settings.topic is None


async def test_a_group_is_greeted_and_keeps_its_data_when_the_bot_is_removed(
    page: httpx.AsyncClient, group: Reader, jianbao: Jianbao
) -> None:
    await group.send("/subscribe 防汛")
    await let_in(page, GROUP, there=False)
    before = replace(stored(jianbao, GROUP), active=False)
    await let_in(page, GROUP, there=True)
    greeting = await group.next_message()
    assert greeting.text.startswith("大家好，我是简报")
    assert "/subscribe@jianbao_bot" in greeting.text
    assert stored(jianbao, GROUP) == replace(before, active=True)


async def test_a_reader_who_blocks_the_bot_becomes_inactive_and_keeps_the_data(
    page: httpx.AsyncClient, wang: Reader, jianbao: Jianbao
) -> None:
    await wang.send("/subscribe 防汛")
    await let_in(page, WANG, there=False)
    await let_in(page, GROUP, there=False)
    await let_in(page, GROUP, there=True)
    await Reader(page, GROUP, WANG, before_answer={}).next_message()  # answered after the updates before it
    assert not stored(jianbao, WANG).active
    await let_in(page, WANG, there=True)
    await wang.send("/help")
    assert stored(jianbao, WANG).active
    assert queries(stored(jianbao, WANG).subscriptions) == ["防汛"]


@pytest_asyncio.fixture(loop_scope="module")
async def managing(page: httpx.AsyncClient, wang: Reader) -> Reader:
    """Wang, who has added the bot to his channel."""
    await wang.send("/help")
    await let_in(page, CHANNEL.id, there=False)
    await let_in(page, CHANNEL.id, there=True)
    assert "我已成为频道“防汛快讯”的管理员" in (await wang.next_message()).text
    return wang


async def test_a_channel_is_managed_from_its_administrators_private_chat(
    managing: Reader, page: httpx.AsyncClient, folder: Path, jianbao: Jianbao
) -> None:
    wang, channel = managing, Reader(page, CHANNEL.id)
    managed = await wang.press("管理 防汛快讯")
    assert "用于频道“防汛快讯”" in managed.text
    assert (await wang.send("/subscribe 冰雹")).text.startswith("已为频道“防汛快讯”订阅“冰雹”")
    assert queries(stored(jianbao, CHANNEL.id).subscriptions) == ["冰雹"]
    assert not stored(jianbao, WANG).subscriptions
    listing = await wang.send("/subscriptions")
    assert listing.text.startswith("频道“防汛快讯”的订阅（1）")
    await wang.send("/settings")
    assert wang.last.text.startswith("频道“防汛快讯”的设置")
    await wang.press("English")
    assert wang.last.text.startswith("频道“防汛快讯”的设置\n语言：English")
    assert stored(jianbao, CHANNEL.id).settings.language == "en"
    printed(folder, "2022-12-06-02.txt", "冰雹砸坏大棚\n\n本报讯（记者 李明）12月6日，清徐县遭遇冰雹。\n")
    alert = await channel.next_message()
    assert alert.text.startswith("🔔 冰雹砸坏大棚")
    message, data = alert.button("读" if "阅读全文" in alert.labels else "Read")
    answer = (await page.post(f"/api/chats/{CHANNEL.id}/press", json={"message_id": message, "data": data})).json()
    assert answer["url"].startswith("https://t.me/jianbao_bot?start=a_")
    assert "@jianbao_bot" in (await channel.press_data(message, "1:l")).popup
    assert "@jianbao_bot" in (await channel.press_data(message, "1:f:~b53bb01ab078")).popup

    own = await wang.press("返回我的订阅", on=managed)
    assert own.edited
    assert (await wang.send("/subscriptions")).text.startswith("还没有订阅")
    # Buttons shown for the channel still mean the channel.
    await wang.press("冰雹", on=listing)
    assert "已暂停" in (await wang.press("暂停")).text
    await wang.press("改名")
    assert (await wang.reply("天气")).text.startswith("已改名。\n\n天气\n搜索条件：冰雹")
    [subscription] = stored(jianbao, CHANNEL.id).subscriptions
    assert (subscription.name, subscription.paused) == ("天气", True)
    await wang.send("/export")
    assert not stored(jianbao, WANG).subscriptions


async def test_groups_topics_and_channels_work_in_english(
    managing: Reader, page: httpx.AsyncClient, jianbao: Jianbao
) -> None:
    for reader in (managing, Reader(page, GROUP, WANG), in_forum(page, WEATHER)):
        await reader.send("/settings")
        assert (await reader.press("English")).text.startswith("Settings\nLanguage: English")
        assert (await reader.send("/subscribe 防汛")).text.startswith("Subscribed to “防汛”.")
    member = Reader(page, GROUP, ALEX)
    assert (await member.send("/unsubscribe 1")).text.startswith("Only administrators can")
    assert "My subscriptions (1)\n1. 防汛" in (await in_forum(page, WEATHER).send("/subscriptions")).text
    assert "The digest goes to another topic of this group" in (await in_forum(page, None).send("/settings")).text
    assert "Which channel do you want to manage?" in (await managing.send("/channel")).text
    assert "now apply to the channel “防汛快讯”" in (await managing.press("Manage 防汛快讯")).text
    assert (await managing.send("/subscribe 冰雹")).text.startswith(
        "The channel “防汛快讯” is now subscribed to “冰雹”."
    )
    assert (await managing.send("/subscriptions")).text.startswith("Subscriptions of the channel “防汛快讯” (1)")
    assert "Delete all data of the channel “防汛快讯”? 1 subscription" in (await managing.send("/forget")).text
    assert (await managing.press("Delete everything")).text.startswith("All data has been deleted")
    assert jianbao.services.chats.get(CHANNEL.id) is None
    assert (stored(jianbao, WANG).channels, stored(jianbao, WANG).managed_channel) == ((), None)
    assert queries(stored(jianbao, WANG).subscriptions) == ["防汛"]
    assert "My subscriptions (1)" in (await managing.send("/subscriptions")).text


async def test_the_managed_channel_survives_a_restart(managing: Reader, jianbao: Jianbao) -> None:
    await managing.press("管理 防汛快讯")
    chat = stored(jianbao, WANG)
    assert (chat.channels, chat.managed_channel) == ((Channel(CHANNEL.id, "防汛快讯"),), CHANNEL.id)
    reopened = type(jianbao.services.chats)(jianbao.services.config.data / "chats.json", owner=False)
    assert reopened.get(WANG) == chat
    reopened.close()
    choice = await managing.send("/channel")
    assert choice.labels == ["管理 防汛快讯", "返回我的订阅"]
    await managing.press("返回我的订阅")
    assert stored(jianbao, WANG).managed_channel is None


async def test_only_its_administrators_find_a_channel_by_name(managing: Reader, alex: Reader, jianbao: Jianbao) -> None:
    assert "防汛快讯" in (await managing.send("/channel @fangxun")).text
    assert "防汛快讯" in (await managing.send("/channel https://t.me/fangxun")).text
    for name in ("@fangxun", "@nothere", "街坊读报群"):
        assert (await alex.send(f"/channel {name}")).text.startswith(f"{name} cannot be managed")
    assert "There is no channel to manage yet." in (await alex.send("/channel")).text
    here = (await alex.send("/help")).messages[0]["message_id"]
    assert (await alex.press_data(here, f"1:jc:{CHANNEL.id}")).popup.endswith(
        "both you and I must be administrators of that channel."
    )
    assert "Only administrators" in (await alex.press_data(here, f"1:l@{CHANNEL.id}")).popup
    assert "Only administrators" in (await alex.press_data(here, f"1:o:0@{GROUP}")).popup
    assert jianbao.services.chats.get(ALEX) is None


async def test_a_former_administrator_manages_the_own_chat_again(
    managing: Reader, page: httpx.AsyncClient, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    await managing.press("管理 防汛快讯")
    await let_in(page, CHANNEL.id, there=False)
    jianbao.services.permissions._cached_until.clear()
    assert "命令现在用于你自己的" in (await managing.send("/subscriptions")).text
    assert (await managing.send("/subscribe 防汛")).text.startswith("已订阅“防汛”")
    assert queries(stored(jianbao, WANG).subscriptions) == ["防汛"]
    await let_in(page, CHANNEL.id, there=True)

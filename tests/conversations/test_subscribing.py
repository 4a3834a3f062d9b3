"""A reader follows topics, is told why an alert came, and chooses how to be served."""

import os
from pathlib import Path

import pytest

from bot.app import Jianbao
from digests.chats import Chat, Settings, Subscription
from tests.conversations.conftest import LONG_AGO, NOW
from tests.conversations.reader import ALEX, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_subscribe_alone_explains_with_an_example(wang: Reader, alex: Reader) -> None:
    assert "/subscribe 防汛 OR 抗旱" in (await wang.says("/subscribe")).text
    assert "07:30" in (await alex.says("/subscribe")).text
    await wang.says("/start")
    assert "/subscribe 防汛" in (await wang.presses("怎么订阅")).text


async def test_a_topic_is_followed_listed_and_dropped(wang: Reader, jianbao: Jianbao) -> None:
    assert "还没有订阅" in (await wang.says("/subscriptions")).text
    done = await wang.says("/subscribe 防汛")
    assert done.text.startswith("已订阅“防汛”。")
    assert "每天 07:30" in done.text
    assert "已经订阅过了" in (await wang.says("/subscribe 防汛")).text
    await wang.says("/subscribe 煤改电 -招标")
    listing = await wang.says("/subscriptions")
    assert "1. 防汛\n2. 煤改电 -招标" in listing.text
    chat = jianbao.services.chats.get(WANG)
    assert chat
    assert [one.query for one in chat.subscriptions] == ["防汛", "煤改电 -招标"]
    assert (await wang.presses("防汛")).edited
    left = await wang.presses("去掉 防汛")
    assert left.edited
    assert "已去掉“防汛”" in left.text
    assert "1. 煤改电 -招标" in left.text
    assert (await wang.says("/unsubscribe 煤改电 -招标")).text.startswith("已去掉“煤改电")


async def test_unsubscribing_from_what_was_never_followed_shows_the_list(wang: Reader) -> None:
    await wang.says("/subscribe 锂电池")
    unknown = await wang.says("/unsubscribe 足球")
    assert unknown.text.startswith("没有订阅过“足球”。")
    assert "1. 锂电池" in unknown.text
    which = await wang.says("/unsubscribe")
    assert which.text.startswith("要去掉哪一个？")
    assert which.labels[0] == "去掉 锂电池"
    await wang.presses("去掉 锂电池")


async def test_a_drop_button_pressed_twice_says_that_it_is_gone(wang: Reader) -> None:
    await wang.says("/subscribe 锂电池")
    await wang.says("/subscribe 核酸")
    listing = await wang.says("/unsubscribe")
    await wang.presses("去掉 锂电池", on=listing)
    assert "已经去掉了" in (await wang.presses("去掉 锂电池", on=listing)).text
    await wang.says("/unsubscribe 核酸")


async def test_a_search_can_be_followed(wang: Reader) -> None:
    await wang.says("太重集团  OR 链主")
    assert (await wang.presses("订阅这个搜索")).text.startswith("已订阅“太重集团 OR 链主”")
    await wang.presses("去掉 太重集团")
    assert "还没有订阅" in (await wang.says("/subscriptions")).text


async def test_a_number_drops_the_topic_that_has_it_in_the_list(wang: Reader) -> None:
    for topic in ("锂电池", "核酸", "防汛"):
        await wang.says(f"/subscribe {topic}")
    await wang.says("/unsubscribe 1")
    assert "1. 核酸\n2. 防汛" in (await wang.says("/subscriptions")).text
    assert (await wang.says("/unsubscribe 2")).text.startswith("已去掉“防汛”")
    assert (await wang.says("/unsubscribe 2")).text.startswith("没有订阅过“2”")
    await wang.says("/unsubscribe 1")


async def test_a_topic_that_cannot_be_understood_is_not_followed_and_the_answer_says_why(
    wang: Reader, alex: Reader
) -> None:
    nothing = await wang.says("/subscribe 。。")
    assert nothing.text == "这里面没有可以订阅的字。请写上关心的话题，比如 /subscribe 防汛。"
    assert "比如 /subscribe 疫情 -外省" in (await wang.says("/subscribe -防汛")).text
    broken = await wang.says("/subscribe (防汛 OR 内涝")
    assert broken.text == "括号没有配好。可以写成 /subscribe (防汛 OR 内涝)。"
    assert (await alex.says("/subscribe ??")).text.startswith("There is nothing in it to follow.")
    assert "还没有订阅" in (await wang.says("/subscriptions")).text


async def test_a_topic_that_is_too_long_is_not_followed(wang: Reader) -> None:
    assert "太长了" in (await wang.says("/subscribe " + "防" * 300)).text


async def test_the_limit_of_topics_is_said_and_long_lists_are_turned(alex: Reader, jianbao: Jianbao) -> None:
    chats = jianbao.services.chats
    many = tuple(Subscription(number, f"话题{number}号", NOW) for number in range(1, 13))
    chats.put(Chat(ALEX, Settings(language="en"), subscriptions=many, next_subscription=13))
    full = await alex.says("/subscribe 防汛")
    assert full.text.startswith("You can follow 12 topics at most.")
    assert "10. 话题10号" in full.text
    more = await alex.presses("More")
    assert more.edited
    assert "12. 话题12号" in more.text
    chats.delete(ALEX)


async def test_a_new_page_brings_an_alert_that_says_why(wang: Reader, alex: Reader, folder: Path) -> None:
    await wang.says("/subscribe 无人机")
    await alex.says("/subscribe 无人机 OR 机器人")
    page = folder / "2022-12-01-02.txt"
    page.write_text(
        "无人机巡检电网\n\n本报讯（记者 李明）12月1日，市供电公司用无人机巡检山区线路。\n", encoding="utf-8"
    )
    os.utime(page, (LONG_AGO, LONG_AGO))
    alert = await wang.hears()
    assert alert.text.startswith("🔔 无人机巡检电网")
    assert "你订阅的“无人机”见于标题" in alert.text
    assert "里不要哪一类" in (await wang.presses("不要这类", on=alert)).text
    assert "市供电公司用无人机巡检山区线路" in (await wang.presses("读全文", on=alert)).text
    assert "You follow “无人机 OR 机器人”: “无人机” is in the headline" in (await alex.hears()).text


async def test_a_group_is_alerted_of_its_own_topics(group: Reader, folder: Path) -> None:
    await group.says("/subscribe@jianbao_bot 地铁")
    page = folder / "2022-12-02-03.txt"
    page.write_text("地铁二号线延长\n\n本报讯（记者 李明）12月2日，地铁二号线南延工程开工。\n", encoding="utf-8")
    os.utime(page, (LONG_AGO, LONG_AGO))
    alert = await group.hears()
    assert alert.text.startswith("🔔 地铁二号线延长")
    assert "你订阅的“地铁”见于标题" in alert.text
    assert "南延工程开工" in (await group.presses("读全文")).text
    await group.says("/unsubscribe@jianbao_bot 地铁")


async def test_the_language_is_changed_by_a_button_and_stays(alex: Reader, jianbao: Jianbao) -> None:
    await alex.says("/settings")
    assert (await alex.presses("中文")).text.startswith("设置\n语言：中文")
    assert "每天" in (await alex.says("/help")).text
    await alex.says("/start")
    greeting = await alex.presses("English")
    assert greeting.edited
    assert greeting.text.startswith("Jianbao reads the paper for you")
    await alex.says("/settings")
    await alex.presses("中文")
    assert (await alex.presses("English", on=await alex.says("/settings"))).text.startswith("Settings")
    chat = jianbao.services.chats.get(ALEX)
    assert chat
    assert chat.settings.language == "en"

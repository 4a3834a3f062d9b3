"""Subscribing, listing, unsubscribing, alerts with their reasons, and the language."""

import os
from pathlib import Path

import pytest

from bot.app import Jianbao
from digests.chats import Chat, Settings, Subscription
from tests.conversations.conftest import LONG_AGO, NOW
from tests.conversations.reader import ALEX, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_subscribe_without_a_query_explains_with_an_example(wang: Reader, alex: Reader) -> None:
    assert "/subscribe 防汛 OR 抗旱" in (await wang.send("/subscribe")).text
    assert "07:30" in (await alex.send("/subscribe")).text
    await wang.send("/start")
    assert "/subscribe 防汛" in (await wang.press("如何订阅")).text


async def test_a_subscription_is_made_listed_and_ended(wang: Reader, jianbao: Jianbao) -> None:
    assert "还没有订阅" in (await wang.send("/subscriptions")).text
    done = await wang.send("/subscribe 防汛")
    assert done.text.startswith("已订阅“防汛”，")
    assert "每天 07:30" in done.text
    assert "已经订阅过了" in (await wang.send("/subscribe 防汛")).text
    await wang.send("/subscribe 煤改电 -招标")
    listing = await wang.send("/subscriptions")
    assert "1. 防汛\n2. 煤改电 -招标" in listing.text
    chat = jianbao.services.chats.get(WANG)
    assert chat
    assert [subscription.query for subscription in chat.subscriptions] == ["防汛", "煤改电 -招标"]
    assert (await wang.press("防汛")).edited
    left = await wang.press("退订 防汛")
    assert left.edited
    assert "已退订“防汛”" in left.text
    assert "1. 煤改电 -招标" in left.text
    assert (await wang.send("/unsubscribe 煤改电 -招标")).text.startswith("已退订“煤改电")


async def test_unsubscribing_from_an_unknown_query_shows_the_list(wang: Reader) -> None:
    await wang.send("/subscribe 锂电池")
    unknown = await wang.send("/unsubscribe 足球")
    assert unknown.text.startswith("没有订阅过“足球”。")
    assert "1. 锂电池" in unknown.text
    which = await wang.send("/unsubscribe")
    assert which.text.startswith("要退订哪一个？")
    assert which.labels[0] == "退订 锂电池"
    await wang.press("退订 锂电池")


async def test_an_unsubscribe_button_pressed_twice_says_that_it_is_gone(wang: Reader) -> None:
    await wang.send("/subscribe 锂电池")
    await wang.send("/subscribe 核酸")
    listing = await wang.send("/unsubscribe")
    await wang.press("退订 锂电池", on=listing)
    assert "已退订" in (await wang.press("退订 锂电池", on=listing)).text
    await wang.send("/unsubscribe 核酸")


async def test_a_search_can_be_subscribed_to(wang: Reader) -> None:
    await wang.send("太重集团  OR 链主")
    assert (await wang.press("订阅这个搜索")).text.startswith("已订阅“太重集团 OR 链主”")
    await wang.press("退订 太重集团")
    assert "还没有订阅" in (await wang.send("/subscriptions")).text


async def test_a_number_ends_the_subscription_with_that_position(wang: Reader) -> None:
    for topic in ("锂电池", "核酸", "防汛"):
        await wang.send(f"/subscribe {topic}")
    await wang.send("/unsubscribe 1")
    assert "1. 核酸\n2. 防汛" in (await wang.send("/subscriptions")).text
    assert (await wang.send("/unsubscribe 2")).text.startswith("已退订“防汛”")
    assert (await wang.send("/unsubscribe 2")).text.startswith("没有订阅过“2”")
    await wang.send("/unsubscribe 1")


async def test_an_invalid_query_is_not_subscribed_to_and_gets_an_explanation(wang: Reader, alex: Reader) -> None:
    nothing = await wang.send("/subscribe 。。")
    assert nothing.text == "没有可以订阅的字。请写上关心的话题，如 /subscribe 防汛。"
    assert "如 /subscribe 疫情 -外省" in (await wang.send("/subscribe -防汛")).text
    broken = await wang.send("/subscribe (防汛 OR 内涝")
    assert broken.text == "括号不成对。可以写成 /subscribe (防汛 OR 内涝)。"
    assert (await alex.send("/subscribe ??")).text.startswith("There is nothing to subscribe to.")
    assert "还没有订阅" in (await wang.send("/subscriptions")).text


async def test_a_query_that_is_too_long_is_not_subscribed_to(wang: Reader) -> None:
    assert "太长了" in (await wang.send("/subscribe " + "防" * 300)).text


async def test_the_subscription_limit_is_named_and_long_lists_have_pages(alex: Reader, jianbao: Jianbao) -> None:
    chats = jianbao.services.chats
    many = tuple(Subscription(number, f"话题{number}号", NOW) for number in range(1, 13))
    chats.put(Chat(ALEX, Settings(language="en"), subscriptions=many, next_subscription=13))
    full = await alex.send("/subscribe 防汛")
    assert full.text.startswith("You have reached the limit of subscriptions (12).")
    assert "10. 话题10号" in full.text
    more = await alex.press("Next ›")
    assert more.edited
    assert "12. 话题12号" in more.text
    chats.delete(ALEX)


async def test_a_new_page_brings_an_alert_with_its_reason(wang: Reader, alex: Reader, folder: Path) -> None:
    await wang.send("/subscribe 无人机")
    await alex.send("/subscribe 无人机 OR 机器人")
    page = folder / "2022-12-01-02.txt"
    page.write_text(
        "无人机巡检电网\n\n本报讯（记者 李明）12月1日，市供电公司用无人机巡检山区线路。\n", encoding="utf-8"
    )
    os.utime(page, (LONG_AGO, LONG_AGO))
    alert = await wang.next_message()
    assert alert.text.startswith("🔔 无人机巡检电网")
    assert "订阅“无人机”，见于标题" in alert.text
    assert "要排除哪一类" in (await wang.press("不看这类", on=alert)).text
    assert "市供电公司用无人机巡检山区线路" in (await wang.press("阅读全文", on=alert)).text
    assert "Subscription “无人机 OR 机器人”, “无人机” found in the headline" in (await alex.next_message()).text


async def test_a_group_gets_alerts_for_its_own_subscriptions(group: Reader, folder: Path) -> None:
    await group.send("/subscribe@jianbao_bot 地铁")
    page = folder / "2022-12-02-03.txt"
    page.write_text("地铁二号线延长\n\n本报讯（记者 李明）12月2日，地铁二号线南延工程开工。\n", encoding="utf-8")
    os.utime(page, (LONG_AGO, LONG_AGO))
    alert = await group.next_message()
    assert alert.text.startswith("🔔 地铁二号线延长")
    assert "订阅“地铁”，见于标题" in alert.text
    assert "南延工程开工" in (await group.press("阅读全文")).text
    await group.send("/unsubscribe@jianbao_bot 地铁")


async def test_the_language_is_set_by_a_button_and_stays(alex: Reader, jianbao: Jianbao) -> None:
    await alex.send("/settings")
    assert (await alex.press("中文")).text.startswith("设置\n语言：中文")
    assert "每天" in (await alex.send("/help")).text
    await alex.send("/start")
    greeting = await alex.press("English")
    assert greeting.edited
    assert greeting.text.startswith("Jianbao reads the paper for you")
    await alex.send("/settings")
    await alex.press("中文")
    assert (await alex.press("English", on=await alex.send("/settings"))).text.startswith("Settings")
    chat = jianbao.services.chats.get(ALEX)
    assert chat
    assert chat.settings.language == "en"

"""Back-tests of new subscriptions, their settings, and the settings of a chat."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import time

import httpx
import pytest
import pytest_asyncio

from bot.app import Jianbao
from digests.analysis.story_lines import story_line
from digests.chats import Settings, Subscription
from tests.conversations.reader import ALEX, WANG, Reader, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def no_stored_chats(jianbao: Jianbao) -> AsyncIterator[None]:
    yield
    for chat in (WANG, ALEX):
        jianbao.services.chats.delete(chat)


def subscriptions_of(jianbao: Jianbao, chat: int = WANG) -> tuple[Subscription, ...]:
    known = jianbao.services.chats.get(chat)
    return known.subscriptions if known else ()


def settings_of(jianbao: Jianbao, chat: int = WANG) -> Settings:
    known = jianbao.services.chats.get(chat)
    assert known
    return known.settings


async def test_nothing_is_stored_for_a_chat_that_only_reads(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/start")
    await wang.send("/today")
    await wang.send("防汛")
    assert jianbao.services.chats.get(WANG) is None


async def test_a_new_subscription_shows_its_backtest_with_samples(wang: Reader, alex: Reader, jianbao: Jianbao) -> None:
    done = await wang.send("/subscribe 核酸")
    found = jianbao.services.archive.backtest("核酸")
    day, most = found.busiest or (None, 0)
    assert day
    assert f"过去一年{found.last_year}篇，最多的一天{most}篇（{day.year}年{day.month}月{day.day}日）。" in done.text
    for hit in found.hits[:3]:
        assert story_line(hit.article).text[:20] in done.text
    assert found.hits[0].article.title in (await wang.press("1")).text
    done = await alex.send("/subscribe 核酸")
    assert f"{found.last_year} stories in the past year; {most} on the busiest day" in done.text


async def test_a_frequent_word_is_estimated_at_first_and_counted_by_an_edit(
    wang: Reader, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.subscriptions.BACKTEST_SAMPLE_ARTICLES", 2)
    release = threading.Event()
    busy = jianbao.services.backtest_thread.submit(release.wait)
    first = await wang.send("/subscribe 核酸")
    assert "过去一年约" in first.text
    second = await wang.send("/subscribe 疫情")
    assert "过去一年约" in second.text
    release.set()
    busy.result()
    exact = jianbao.services.archive.backtest("疫情")
    text = await _message_with(wang, f"过去一年{exact.last_year}篇")
    assert text.startswith("已订阅“疫情”")
    assert "过去一年约" in await _message_with(wang, "已订阅“核酸”"), "the later back-test stopped the earlier one"


async def _message_with(reader: Reader, words: str) -> str:
    """Wait until a message of the chat contains `words`; return its text."""
    async with asyncio.timeout(10):
        while True:
            answer = await reader.page.get(f"/api/chats/{reader.chat}/messages")
            found = [text for message in answer.json()["messages"] if words in (text := text_of(message))]
            if found:
                return found[-1]
            await asyncio.sleep(0.02)


async def test_rejected_look_alikes_are_shown(wang: Reader, jianbao: Jianbao) -> None:
    found = jianbao.services.archive.backtest("施工")
    answer = await wang.send("/subscribe 施工")
    assert found.look_alikes
    assert "字面相同、意思不同的不会提醒：" in answer.text
    for subscription in found.look_alikes[:2]:
        assert "实施工" in subscription.snippet.text
        assert subscription.snippet.text in answer.text


async def test_a_subscription_without_any_hit_says_so(wang: Reader) -> None:
    assert "现有的5期报纸都没有写到" in (await wang.send("/subscribe 月球基地")).text


async def test_a_narrower_query_can_be_chosen_and_undone(wang: Reader, jianbao: Jianbao) -> None:
    done = await wang.send("/subscribe 核酸")
    assert "缩小范围：标题:核酸" in done.text
    tighter = await wang.press("改为 标题:核酸")
    assert tighter.edited
    assert tighter.text.startswith("已改为“标题:核酸”。\n过去一年")
    assert [subscription.query for subscription in subscriptions_of(jianbao)] == ["title:核酸"]
    assert (await wang.press("改为 核酸")).text.startswith("已改为“核酸”。")
    assert [(subscription.id, subscription.query) for subscription in subscriptions_of(jianbao)] == [(1, "核酸")]


async def test_a_query_that_exists_already_is_not_added_twice(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/subscribe 标题:核酸")
    await wang.send("/subscribe 核酸")
    assert "相同" in (await wang.press("改为 标题:核酸")).popup
    assert len(subscriptions_of(jianbao)) == 2


async def test_a_query_with_too_many_hits_needs_confirmation(wang: Reader, alex: Reader, jianbao: Jianbao) -> None:
    flood = await wang.send("/subscribe 太原")
    assert flood.text.startswith("“太原”的报道会非常多，暂未订阅。")
    assert not subscriptions_of(jianbao)
    assert (await wang.press("仍要订阅")).text.startswith("已订阅“太原”")
    assert [subscription.query for subscription in subscriptions_of(jianbao)] == ["太原"]
    await alex.send("/subscribe 太原")
    assert (await alex.press("Change to title:太原")).text.startswith("Subscribed to “title:太原”")


async def test_a_word_that_matches_nearly_everything_is_refused(wang: Reader, alex: Reader, jianbao: Jianbao) -> None:
    assert "几乎每篇报道都有" in (await wang.send("/subscribe 的")).text
    assert "is in nearly every story" in (await alex.send("/subscribe 的")).text
    assert not subscriptions_of(jianbao)


async def test_a_subscribed_search_shows_its_backtest(wang: Reader) -> None:
    await wang.send("锂电池隔膜")
    assert "过去一年" in (await wang.press("订阅这个搜索")).text


async def test_a_subscription_is_changed_in_place(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/subscribe 核酸")
    card = await wang.press("修改")
    assert card.edited
    assert "有新报道立即提醒" in card.text
    assert "每天最多3篇" in (await wang.press("每天3篇")).text
    assert "随每日简报推送" in (await wang.press("随简报")).text
    assert "✓ 随简报" in wang.last.labels
    assert "已暂停" in (await wang.press("暂停")).text
    assert "1. 核酸 · 随简报 · 已暂停" in (await wang.press("‹ 全部订阅")).text
    assert "已暂停" not in (await (await _opened(wang, "核酸")).press("继续")).text
    assert "静音至 2022年12月2日 20:0" in (await wang.press("静音7天")).text
    await wang.press("继续")
    assert "每周推送一次" in (await wang.press("每周")).text
    [subscription] = subscriptions_of(jianbao)
    assert (subscription.rhythm, subscription.cap, subscription.paused, subscription.muted_until) == (
        "weekly",
        3,
        False,
        None,
    )


async def _opened(reader: Reader, name: str) -> Reader:
    assert (await reader.press(name)).edited
    return reader


async def test_a_subscription_is_changed_in_english(alex: Reader) -> None:
    await alex.send("/subscribe 核酸")
    assert "Alerts at once" in (await alex.press("Edit")).text
    assert "Muted until 26 November 2022, 20:0" in (await alex.press("Mute 1 day")).text
    assert "Comes once a week" in (await alex.press("Weekly")).text
    assert "What should “核酸” be called?" in (await alex.press("Rename")).text
    assert (await alex.reply("Tests & <more>")).text.startswith("Renamed.\n\nTests & <more>\nQuery: 核酸")
    assert "1. Tests & <more> · weekly · paused" in (await alex.press("‹ All subscriptions")).text


async def test_a_subscription_is_named_by_a_reply(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/subscribe 核酸")
    await wang.press("修改")
    question = await wang.press("改名")
    assert "请回复本消息" in question.text
    named = await wang.reply("防疫<5> & 核酸")
    assert named.text.startswith("已改名。\n\n防疫<5> & 核酸\n搜索条件：核酸")
    assert subscriptions_of(jianbao)[0].name == "防疫<5> & 核酸"
    assert "1. 防疫<5> & 核酸" in (await wang.send("/subscriptions")).text
    assert "最多40个字" in (await wang.send("长" * 41, reply_to=question.messages[0]["message_id"])).text
    card = await wang.press("不改名", on=question)
    assert card.edited
    assert card.text.startswith("防疫<5> & 核酸")
    assert (await wang.send("/unsubscribe 防疫<5> & 核酸")).text.startswith("已退订“防疫<5> & 核酸”")
    assert "已退订" in (await wang.press("不改名", on=question)).popup


async def test_the_settings_open_into_keyboards_and_come_back_in_place(wang: Reader, jianbao: Jianbao) -> None:
    settings = await wang.send("/settings")
    assert "每日简报：07:30" in settings.text
    assert "时区：Asia/Shanghai（北京），当前 20:0" in settings.text
    await wang.press("时间")
    assert "✓ 18:00" in (await wang.press("18:00")).labels
    back = await wang.press("‹ 设置")
    assert back.edited
    assert "每日简报：18:00" in back.text
    await wang.press("条数")
    assert "每期最多5条" in (await wang.press("5")).text
    await wang.press("‹ 设置")
    assert "每周小结：已开启" in (await wang.press("每周小结")).text
    assert "每日简报：已关闭" in (await wang.press("关闭每日简报")).text
    assert settings_of(jianbao) == Settings(digest=False, digest_time=time(18), stories=5, weekly_report=True)
    assert "每日简报：18:00" in (await wang.press("开启每日简报")).text


async def test_weekdays_are_toggled_and_the_last_one_stays(alex: Reader, jianbao: Jianbao) -> None:
    await alex.send("/settings")
    await alex.press("Days")
    for day in ("Saturday", "Sunday"):
        await alex.press(f"✓ {day}")
    assert "Digest days: Monday to Friday." in alex.last.text
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        await alex.press(f"✓ {day}")
    assert (await alex.press("✓ Friday")).popup.startswith("Keep at least one day.")
    assert settings_of(jianbao, ALEX).weekdays == (4,)
    assert "Friday and Sunday" in (await alex.press("Sunday")).text


async def test_a_time_zone_is_chosen_or_typed_and_unknown_ones_are_named(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/settings")
    menu = await wang.press("时区")
    assert "✓ 东京" in (await wang.press("东京")).labels
    assert "Europe/Paris" in (await wang.reply("europe/paris")).text
    assert settings_of(jianbao).zone == "Europe/Paris"
    unknown = await wang.send("Europe/Pariss", reply_to=menu.messages[0]["message_id"])
    assert unknown.text.startswith("没有“Europe/Pariss”这个时区。")
    assert "是不是：Europe/Paris" in unknown.text
    assert settings_of(jianbao).zone == "Europe/Paris"
    assert "America/New_York（纽约）" in (await wang.send("/timezone new york")).text
    assert "✓ 洛杉矶" in (await wang.reply("洛杉矶")).labels
    assert "没有“<b>火星</b>”这个时区" in (await wang.send("/timezone <b>火星</b>")).text


async def test_quiet_hours_are_chosen_or_typed_and_turned_off_by_equal_times(
    wang: Reader, alex: Reader, jianbao: Jianbao
) -> None:
    await wang.send("/settings")
    await wang.press("免打扰")
    assert "22:00 至 07:00" in (await wang.press("22:00 – 07:00")).text
    assert "22:30 至 06:45" in (await wang.reply("晚上10点半到6:45")).text
    assert settings_of(jianbao).quiet == (time(22, 30), time(6, 45))
    assert "22:00 至 07:00" in (await wang.reply("二十二点至早上七点")).text
    assert "没看懂“半夜”" in (await wang.reply("半夜")).text
    await wang.send("/settings")
    await wang.press("免打扰")
    assert (await wang.reply("7:00-7:00")).text.startswith("免打扰：已关闭")
    assert settings_of(jianbao).quiet is None
    await alex.send("/settings")
    await alex.press("Quiet hours")
    assert "Quiet hours: 23:00 to 08:00" in (await alex.press("23:00 – 08:00")).text
    assert "Quiet hours: 22:00 to 06:30" in (await alex.reply("10 pm to 6:30 am")).text
    assert "Quiet hours: off" in (await alex.press("No quiet hours")).text


async def test_a_time_can_be_typed_in_answer_to_the_choice_of_times(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/settings")
    menu = await wang.press("时间")
    assert "在 07:00 推送" in (await wang.reply("7")).text
    assert "在 19:30 推送" in (await wang.reply("晚上七点半")).text
    assert "在 06:45 推送" in (await wang.reply("6:45")).text
    assert settings_of(jianbao).digest_time == time(6, 45)
    assert "没看懂“25:00”是几点" in (await wang.send("25:00", reply_to=menu.messages[0]["message_id"])).text


async def test_a_setting_button_pressed_twice_sets_the_same_value(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/settings")
    days = await wang.press("推送日")
    await wang.press("✓ 星期六", on=days)
    message, data = days.button("✓ 星期六")
    response = await wang.page.post(f"/api/chats/{WANG}/press", json={"message_id": message, "data": data})
    assert response.json()["answered"]
    assert settings_of(jianbao).weekdays == (0, 1, 2, 3, 4, 6)


async def test_not_this_kind_offers_exclusions_and_adds_one(
    wang: Reader, jianbao: Jianbao, page: httpx.AsyncClient
) -> None:
    await wang.send("/subscribe 核酸")
    article = jianbao.services.archive.backtest("核酸").hits[0].article.id
    here = (await wang.send("/help")).messages[0]["message_id"]
    offered = await wang.press_data(here, f"1:vx:1:{article}")
    assert "要排除哪一类" in offered.text
    term = offered.labels[0].removeprefix("排除 ")
    done = await wang.press("排除 ")
    assert done.edited
    assert done.text.startswith("好的，“核酸”现在是 核酸 -")
    assert term in subscriptions_of(jianbao)[0].query.replace("theme:", "主题:")
    card = [found.article.id for found in jianbao.services.archive.backtest(subscriptions_of(jianbao)[0].query).hits]
    assert article not in card


NOTHING = (
    "1:vs:999999999 1:vr:9:weekly 1:vc:9:3 1:vc:1:999999999 1:vp:9:1 1:vm:9:7 1:vn:9 1:vk:9 1:vf:0:99 1:vf:9:0 "
    "1:vx:9:k7f3m-9wq2d 1:vy:9:k7f3m-9wq2d:5 1:zd:9:1 1:zz:Mars/Base 1:zz:../x 1:jc:-1009 1:zm:all@-1009 1:u:1@1002"
)


async def test_outdated_buttons_get_a_popup_and_change_nothing(wang: Reader, jianbao: Jianbao) -> None:
    done = await wang.send("/subscribe 核酸")
    before = jianbao.services.chats.get(WANG)
    for data in NOTHING.split():
        found = await wang.press_data(done.messages[0]["message_id"], data)
        assert found.popup, data
        assert "抱歉" not in found.popup
    assert jianbao.services.chats.get(WANG) == before


async def test_muting_is_limited_to_a_year(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/subscribe 核酸")
    here = (await wang.send("/help")).messages[0]["message_id"]
    assert "静音至 2023年11月26日" in (await wang.press_data(here, "1:vm:1:999999999")).text

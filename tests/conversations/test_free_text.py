"""Free text: days, subscriptions, settings, people and searches without a command."""

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.app import Jianbao
from tests.conversations.reader import ALEX, GROUP, WANG, Answer, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


def printed_days(answer: Answer) -> list[date]:
    """The days of the hits in their order."""
    found = re.findall(r"(?m)^太原日报 · (\d+)年(\d+)月(\d+)日", answer.text)
    return [date(*map(int, day)) for day in found]


async def test_today_is_the_newest_issue_there_is(wang: Reader, alex: Reader) -> None:
    assert (await wang.send("今天有什么？")).text.startswith("太原日报 · 2022年11月24日 星期四")
    assert (await alex.send("What's new?")).text.startswith("太原日报 · Thursday, 24 November 2022")


async def test_a_day_is_its_digest(wang: Reader) -> None:
    assert (await wang.send("8月29日的报纸")).text.startswith("太原日报 · 2022年8月29日")
    assert (await wang.send("昨天")).text.startswith("太原日报 · 2022年11月24日")


async def test_a_week_or_month_is_its_review_or_the_nearest_one(wang: Reader, alex: Reader) -> None:
    assert (await wang.send("本周有什么")).text.startswith("一周回顾　2022年11月21日至2022年11月27日")
    assert (await alex.send("this month")).text.startswith("Month in review 1 November 2022")
    assert (await wang.send("/digest 8月29日")).text
    assert (await wang.send("上个月")).text.startswith("2022年10月31日 星期一没有报纸")


async def test_a_subscription_is_made_and_ended_in_words(wang: Reader) -> None:
    assert (await wang.send("订阅 锂电池隔膜")).text.startswith("已订阅“锂电池隔膜”")
    assert "锂电池隔膜" in (await wang.send("/subscriptions")).text
    assert (await wang.send("退订 锂电池隔膜")).text.startswith("已退订“锂电池隔膜”")
    assert (await wang.send("订阅号")).text.startswith("🔍 订阅号")


async def test_the_time_and_days_of_the_digest_are_set_in_words(wang: Reader, jianbao: Jianbao) -> None:
    assert (await wang.send("每天早上七点")).text == (
        "好的，每天 07:00 推送简报。\n有订阅时才会推送，发送 订阅 防汛 即可订阅。"
    )
    assert (await wang.send("周末不要发")).text.startswith("好的，周一至周五 07:00 推送简报。")
    chat = jianbao.services.chats.get(WANG)
    assert chat
    assert chat.settings.weekdays == (0, 1, 2, 3, 4)
    assert (await wang.send("周末也发")).text.startswith("好的，每天 07:00 推送简报。")


async def test_only_an_administrator_changes_a_groups_digest_in_words(group: Reader, page: object) -> None:
    help_text = (await group.send("/help")).messages[-1]["message_id"]
    changed = await group.send("每天晚上八点", reply_to=help_text)
    assert changed.text.startswith("好的，每天 20:00 推送简报。")
    alex = Reader(group.page, GROUP, ALEX)
    refused = await alex.send("每天早上六点", reply_to=help_text)
    assert "20:00" not in refused.text
    assert "06:00" not in refused.text


async def test_a_persons_titles_come_with_the_newest_articles(wang: Reader) -> None:
    answer = await wang.send("谁是韦韬？")
    assert "韦韬：市委书记、省委常委、省委书记（报纸上的称呼）" in answer.text
    assert "从新到旧" in answer.text
    assert "韦韬" in (await wang.send("韦韬是谁")).text


async def test_an_unknown_person_is_searched_for(wang: Reader) -> None:
    assert (await wang.send("谁是凶手")).text.startswith("🔍 谁是凶手")


async def test_a_search_for_recent_news_is_sorted_by_date_on_every_page(wang: Reader) -> None:
    first = await wang.send("疫情 最近")
    assert first.text.splitlines()[0] == "🔍 疫情"
    assert "从新到旧" in first.text.splitlines()[1]
    days = printed_days(first)
    assert len(days) == 5
    assert days == sorted(days, reverse=True)
    further = await wang.press("下一页")
    assert further.edited
    assert "从新到旧" in further.text.splitlines()[1]
    assert days[-1] >= max(printed_days(further))


async def test_help_fits_a_screen_and_its_examples_find_something(wang: Reader) -> None:
    answer = await wang.send("/help")
    assert len(answer.text) < 400
    example = next(code for code in answer.marked("code") if code.isalpha())
    assert "找到" in (await wang.send(example)).text


@pytest.mark.parametrize("text", ["每天早上七点", "周末也发"])
async def test_a_time_or_weekdays_of_the_digest_turn_it_on(wang: Reader, jianbao: Jianbao, text: str) -> None:
    chats = jianbao.services.chats
    await wang.send("订阅 防汛")
    chats.update(WANG, lambda chat: replace(chat, settings=replace(chat.settings, digest=False)))
    await wang.send(text)
    chat = chats.get(WANG)
    assert chat
    assert chat.settings.digest is True


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("你好", "简报为你读报"),
        ("谢谢你了", "不客气"),
        ("拜拜👋", "再见"),
        ("你是AI吗🤖", "我是简报，一个读报的机器人"),
        ("太水了吧这简报😅", "抱歉没帮上忙"),
        ("取消", "没看懂你的意思"),
        ("怎么用啊这个", "看报　/today"),
        ("所有期数", "点日期看简报"),
        ("我订了些什么呀", "订阅"),
        ("设置", "设置"),
        ("上一期", "太原日报 · 2022年8月29日"),
        ("八月二十九号的报纸", "太原日报 · 2022年8月29日"),
        ("教育新闻", "🔍 主题:教育"),
        ("市长是谁", "🔍 市长"),
        ("养老这个词的走势", "养老"),
    ],
)
async def test_plain_words_get_the_fitting_answer(wang: Reader, text: str, answer: str) -> None:
    assert answer in (await wang.send(text)).text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("hello", "Jianbao reads the paper for you"),
        ("thanks a lot!", "You're welcome"),
        ("bye", "Goodbye!"),
        ("who are you", "I'm Jianbao, a bot that reads the newspaper"),
        ("this is useless", "Sorry that didn't help"),
        ("later", "I'm not sure what you mean"),
        ("what can you do?", "Reading /today"),
        ("last year's highlights", "Tap a date for its digest"),
    ],
)
async def test_plain_english_gets_the_fitting_answer(alex: Reader, text: str, answer: str) -> None:
    assert answer in (await alex.send(text)).text


async def test_a_time_around_a_topic_limits_the_search(wang: Reader) -> None:
    limited = await wang.send("八月份的核酸检测报道")
    assert limited.text.startswith("🔍 核酸检测 2022-08-01..2022-08-31")
    assert {day.month for day in printed_days(limited)} == {8}


async def test_several_topics_are_several_subscriptions_and_each_can_be_undone(wang: Reader, jianbao: Jianbao) -> None:
    before = queries(jianbao)
    await wang.send("帮我订阅养老、锂电池隔膜")
    assert queries(jianbao) == [*before, "养老", "锂电池隔膜"]
    ended = await wang.send("养老的别发了")
    assert queries(jianbao) == [*before, "锂电池隔膜"]
    await wang.press("重新订阅", on=ended)
    assert queries(jianbao) == [*before, "锂电池隔膜", "养老"]
    await wang.send(f"退订第{len(before) + 1}个")
    await wang.send("取消对养老的关注")
    assert queries(jianbao) == before


def queries(jianbao: Jianbao) -> list[str]:
    chat = jianbao.services.chats.get(WANG)
    assert chat
    return [subscription.query for subscription in chat.subscriptions]


async def test_a_rhythm_in_the_same_sentence_is_set(wang: Reader, jianbao: Jianbao) -> None:
    answer = await wang.send("锂电池的消息每周汇总给我")
    assert "每周汇总一次" in answer.text
    chat = jianbao.services.chats.get(WANG)
    assert chat
    assert chat.subscriptions[-1].rhythm == "weekly"
    await wang.send("退订 锂电池")


async def test_everything_is_paused_for_a_time_and_resumed_by_a_button(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("订阅 养老")
    paused = await wang.send("先停一个礼拜吧")
    assert paused.text.startswith("已暂停到2022年12月2日")
    chat = jianbao.services.chats.get(WANG)
    assert chat
    assert chat.settings.paused_until == chat.subscriptions[-1].muted_until
    assert chat.settings.digest
    assert "已恢复" in (await wang.press("恢复", on=paused)).text
    chat = jianbao.services.chats.get(WANG)
    assert chat
    assert (chat.settings.paused_until, chat.subscriptions[-1].muted_until) == (None, None)
    assert "已暂停，直到你恢复" in (await wang.send("暂停养老的推送")).text
    assert "已恢复" in (await wang.send("继续推送")).text
    await wang.send("退订 养老")


@pytest.mark.parametrize("text", ["取消航班", "停止供热通知", "每周一到周五送餐", "谢谢老师 征文", "删除谣言"])
async def test_a_heading_that_looks_like_a_wish_changes_nothing(wang: Reader, jianbao: Jianbao, text: str) -> None:
    before = jianbao.services.chats.get(WANG)
    assert (await wang.send(text)).text.startswith("🔍 ")
    assert jianbao.services.chats.get(WANG) == before

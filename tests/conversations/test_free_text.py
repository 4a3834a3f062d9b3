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
    assert "韦韬：市委书记、省委书记（报纸上的称呼）" in answer.text
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

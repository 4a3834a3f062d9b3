"""A reader asks for less of what a search found, for more of it, or for what was meant."""

import pytest

from bot import callbacks
from tests.conversations.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_many_hits_can_be_narrowed_to_one_of_what_they_fall_into(wang: Reader) -> None:
    found = await wang.says("疫情")
    assert {"按月份", "按主题", "按人物", "按地点", "按机构"} <= {*found.labels}
    facet = await wang.presses("按主题")
    assert facet.edited
    assert facet.text == "🔍 疫情\n缩小到："
    label = facet.labels[0]
    value, count = label.rstrip("）").split("（")
    narrowed = await wang.presses(label)
    assert not narrowed.edited
    assert narrowed.marked("code")[0] == f'疫情 主题:"{value}"'
    assert narrowed.text.splitlines()[1].startswith(f"找到{count}篇")


async def test_from_what_results_can_be_narrowed_to_one_goes_back_to_them(wang: Reader) -> None:
    found = await wang.says("疫情")
    await wang.presses("按月份")
    assert (await wang.presses("‹ 回到结果")).text == found.text


async def test_a_value_that_no_hit_has_any_more_says_so(wang: Reader) -> None:
    found = await wang.says("疫情")
    gone = callbacks.encode(callbacks.SearchInstead(callbacks.mark("疫情 2011-01")))
    assert "没有这一项" in (await wang.forges(found.messages[0]["message_id"], gone)).popup


async def test_the_newest_come_first_on_a_press_and_the_best_again_on_another(wang: Reader) -> None:
    best = await wang.says("疫情")
    newest = await wang.presses("新的在前")
    assert newest.edited
    assert "由新到旧" in newest.text
    assert "由新到旧" in (await wang.presses("下一页")).text
    assert (await wang.presses("相关的在前")).text == best.text


async def test_few_hits_offer_neither_less_nor_another_order(wang: Reader) -> None:
    assert not {"按月份", "新的在前"} & {*(await wang.says("锂电池隔膜")).labels}


async def test_few_hits_of_several_words_offer_more_by_leaving_one_out(wang: Reader) -> None:
    found = await wang.says("蓝宝石 晶体")
    offered = next(label for label in found.labels if label.startswith("放宽到"))
    wider = await wang.presses(offered)
    assert wider.marked("code")[0] == offered.removeprefix("放宽到 ")


async def test_hits_that_hold_a_part_of_the_words_say_so_and_do_not_count(wang: Reader) -> None:
    found = await wang.says("蓝宝石 晶体")
    numbers = [label for label in found.labels if label.isdigit()]
    total = int(found.text.splitlines()[1].removeprefix("找到").removesuffix("篇"))
    assert found.text.count("只写到一部分") == len(numbers) - total > 0


async def test_what_may_have_been_meant_is_searched_on_a_press(wang: Reader, alex: Reader) -> None:
    await wang.says("fangxun")
    assert (await wang.presses("改搜 防汛")).marked("code")[0] == "防汛"
    assert "Search 养老" in (await alex.says("养佬")).labels

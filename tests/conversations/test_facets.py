"""From a search to others: facets, sorting, wider queries, suggestions."""

import pytest

from bot import callbacks
from tests.conversations.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_many_hits_can_be_narrowed_by_a_facet(wang: Reader) -> None:
    found = await wang.send("疫情")
    assert {"按月份", "按主题", "按人物", "按地点", "按机构"} <= {*found.labels}
    facet = await wang.press("按主题")
    assert facet.edited
    assert facet.text == "🔍 疫情\n筛选："
    label = facet.labels[0]
    value, count = label.rstrip("）").split("（")
    narrowed = await wang.press(label)
    assert not narrowed.edited
    assert narrowed.marked("code")[0] == f'疫情 主题:"{value}"'
    assert narrowed.text.splitlines()[1].startswith(f"找到{count}篇")


async def test_the_facet_list_leads_back_to_the_hits(wang: Reader) -> None:
    found = await wang.send("疫情")
    await wang.press("按月份")
    assert (await wang.press("‹ 返回结果")).text == found.text


async def test_a_facet_value_without_hits_finds_nothing(wang: Reader) -> None:
    found = await wang.send("疫情")
    gone = callbacks.encode(callbacks.RunSearch("疫情 2011-01"))
    answer = await wang.press_data(found.messages[0]["message_id"], gone)
    assert answer.marked("code")[0].startswith("疫情 2011-01")
    assert "没有找到" in answer.text


async def test_hits_can_be_sorted_by_date_and_by_relevance(wang: Reader) -> None:
    best = await wang.send("疫情")
    newest = await wang.press("最新优先")
    assert newest.edited
    assert "从新到旧" in newest.text
    assert "从新到旧" in (await wang.press("下一页")).text
    assert (await wang.press("最相关优先")).text == best.text


async def test_few_hits_offer_no_facets_and_no_sorting(wang: Reader) -> None:
    assert not {"按月份", "最新优先"} & {*(await wang.send("锂电池隔膜")).labels}


async def test_few_hits_of_several_words_offer_a_wider_query(wang: Reader) -> None:
    found = await wang.send("蓝宝石 晶体")
    offered = next(label for label in found.labels if label.startswith("放宽到"))
    wider = await wang.press(offered)
    assert wider.marked("code")[0] == offered.removeprefix("放宽到 ")


async def test_partial_hits_are_marked_and_not_counted(wang: Reader) -> None:
    found = await wang.send("蓝宝石 晶体")
    numbers = [label for label in found.labels if label.isdigit()]
    total = int(found.text.splitlines()[1].removeprefix("找到").removesuffix("篇"))
    assert found.text.count("部分符合") == len(numbers) - total > 0


async def test_a_suggested_query_is_searched_on_a_press(wang: Reader, alex: Reader) -> None:
    await wang.send("fangxun")
    assert (await wang.press("改搜 防汛")).marked("code")[0] == "防汛"
    assert "Search for 养老" in (await alex.send("养佬")).labels

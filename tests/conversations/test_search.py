"""Searches by command and by any text, their pages, and queries that cannot be understood."""

import pytest

from bot import callbacks
from bot.app import Jianbao
from tests.conversations.reader import WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_any_text_is_a_search_with_the_matches_in_bold(wang: Reader) -> None:
    answer = await wang.send("锂电池隔膜")
    assert answer.text.startswith("🔍 锂电池隔膜\n找到")
    assert "2022年8月29日 · 第1版" in answer.text
    assert "锂电池隔膜" in answer.marked("bold")
    assert "厚生锂电池隔膜项目" in (await wang.press("1")).text


async def test_the_search_command_finds_the_same(wang: Reader) -> None:
    free = await wang.send("锂电池隔膜")
    assert (await wang.send("/search  锂电池隔膜 ")).text == free.text


async def test_pages_of_results_are_turned_in_place(wang: Reader) -> None:
    first = await wang.send("疫情")
    second = await wang.press("下一页")
    assert second.edited
    assert second.messages[0]["message_id"] == first.messages[0]["message_id"]
    assert "这里是第6–10篇" in second.text
    assert "6. " in second.text
    back = await wang.press("‹ 上一页")
    assert back.text == first.text


async def test_a_page_button_of_an_earlier_process_still_finds_its_search(wang: Reader, jianbao: Jianbao) -> None:
    """The update carries the message; this process has not sent it and cannot edit it."""
    answer = await wang.send('"疫情" OR <b>')
    message = {**answer.messages[0], "message_id": 90_001}
    press = {"id": "earlier", "from": {"id": WANG, "is_bot": False, "first_name": "读者小王"}, "chat_instance": "1"}
    assert jianbao.server
    jianbao.server.state.updates.push("callback_query", {**press, "message": message, "data": "1:q:5"})
    turned = await wang.next_message()
    assert turned.text.splitlines()[0] == answer.text.splitlines()[0]
    assert "第6–10篇" in turned.text


async def test_a_page_button_beyond_the_end_shows_the_last_page(wang: Reader) -> None:
    first = await wang.send("疫情")
    beyond = await wang.press_data(
        first.messages[0]["message_id"], callbacks.encode(callbacks.TurnHits("疫情", 500, newest=False))
    )
    assert beyond.edited
    assert "‹ 上一页" in beyond.labels
    assert "下一页 ›" not in beyond.labels


async def test_an_old_page_button_below_no_search_says_that_it_has_expired(wang: Reader) -> None:
    digest = await wang.send("/today")
    lost = await wang.press_data(digest.messages[0]["message_id"], "1:q:5")
    assert lost.popup == "这个按钮已过期。请重新搜索，或重新发送命令。"


async def test_the_same_button_pressed_twice_does_no_harm(wang: Reader) -> None:
    first = await wang.send("疫情")
    onward = first.button("下一页")
    turned = await wang.press_data(*onward)
    answer = await wang._post("press", {"message_id": onward[0], "data": onward[1]})
    assert answer["answered"]
    assert "第6–10篇" in turned.text
    assert (await wang.send("/help")).text.startswith("看报")


async def test_a_search_without_hits_offers_to_subscribe(wang: Reader) -> None:
    answer = await wang.send("龘靐齉爩")
    assert "没有找到" in answer.text
    assert answer.labels == ["订阅这个搜索"]


async def test_a_word_in_pinyin_or_with_a_wrong_character_is_corrected(wang: Reader, alex: Reader) -> None:
    assert "是不是要找：防汛" in (await wang.send("fangxun")).text
    assert "Did you mean: 养老" in (await alex.send("养佬")).text


@pytest.mark.parametrize("text", ["？！。……", "()", "😀😀😀"])
async def test_a_search_without_words_gets_an_explanation(wang: Reader, text: str) -> None:
    assert (await wang.send(text)).text.startswith("没有可以搜索的字。")


async def test_a_search_of_exclusions_only_gets_an_explanation(wang: Reader, alex: Reader) -> None:
    assert (await wang.send("-防汛")).text.endswith("请在前面加上要找的词，如 疫情 -外省。")
    assert (await alex.send("/search NOT 防汛")).text.startswith("This only says what to exclude.")


async def test_an_unbalanced_parenthesis_gets_a_corrected_query(wang: Reader) -> None:
    assert (await wang.send("(防汛 OR 内涝")).text == "括号不成对。可以写成 (防汛 OR 内涝)。"
    assert (await wang.send("防汛 OR 内涝)")).text == "括号不成对。可以写成 防汛 OR 内涝。"


async def test_a_filter_that_is_not_understood_is_named(wang: Reader) -> None:
    answer = await wang.send("防汛 after:明天再说")
    assert answer.text == "“明天再说”没看懂。可以写成 after:2022-08-28。"


@pytest.mark.parametrize("day", ["2022-08-29", "８月29日", "2022年8月29日", "20220829"])
async def test_a_day_alone_gives_its_digest(wang: Reader, day: str) -> None:
    assert (await wang.send(day)).text.startswith("太原日报 · 2022年8月29日 星期一\n第1版")


async def test_a_day_alone_without_an_issue_offers_the_nearest_ones(wang: Reader, alex: Reader) -> None:
    answer = await wang.send("昨天")
    assert answer.text.startswith("太原日报 · 2022年11月24日")
    missing = await wang.send("8月20日")
    assert missing.text.startswith("2022年8月20日 星期六没有报纸。")
    assert "2022年8月12日" in missing.labels
    assert (await alex.send("8月20日")).text.startswith("There is no issue for Saturday, 20 August 2022.")


async def test_a_day_among_other_words_is_a_search(wang: Reader) -> None:
    assert (await wang.send("8月29日 核酸")).text.startswith("🔍")


async def test_4096_emoji_are_too_long_for_a_query(wang: Reader) -> None:
    assert "太长了，一次最多200个字" in (await wang.send("😀" * 4096)).text


async def test_a_query_of_201_characters_is_too_long_and_one_of_200_is_not(wang: Reader) -> None:
    assert "太长了" in (await wang.send("核" * 201)).text
    assert (await wang.send("核" * 200)).text.startswith("🔍")


async def test_html_in_a_query_is_plain_text(wang: Reader) -> None:
    answer = await wang.send('<b>防汛</b> & "<i>"')
    assert "防汛" in answer.text


async def test_a_query_on_several_lines_is_one_query(wang: Reader) -> None:
    answer = await wang.send("锂电池\n隔膜")
    assert answer.text.startswith("🔍 锂电池 隔膜\n")


async def test_search_without_a_query_explains_how(wang: Reader, alex: Reader) -> None:
    assert "/search 防汛" in (await wang.send("/search")).text
    assert "/search 防汛" in (await alex.send("/search")).text


async def test_an_english_reader_searches_the_same_paper(alex: Reader) -> None:
    answer = await alex.send("疫情")
    assert "stories found, showing 1–5" in answer.text
    assert "29 August 2022 · Page 1" in answer.text or "24 November 2022 · Page 1" in answer.text
    assert (await alex.press("Next ›")).edited

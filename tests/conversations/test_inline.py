"""Inline mode and deep links."""

import asyncio
from typing import Any

import httpx
import pytest

from bot import deep_links
from bot.app import Jianbao
from bot.handlers import inline
from digests.models import SearchResult
from tests.conversations.reader import ALEX, GROUP, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def typed(page: httpx.AsyncClient, query: str, *, offset: str = "", who: int = WANG, chat: int = WANG) -> Any:
    """The answer to `@jianbao_bot query`, typed by the user `who`."""
    body = {"query": query, "offset": offset, "from": who}
    response = await page.post(f"/api/chats/{chat}/inline", json=body)
    assert response.status_code == 200, response.text
    offered = response.json()
    for result in offered["results"]:
        assert result["title"]
        assert len(result["description"]) <= inline.MAX_DESCRIPTION_CHARS
    return offered


async def test_a_query_lists_hits_with_snippets_and_a_deep_link(page: httpx.AsyncClient) -> None:
    offered = await typed(page, "锂电池隔膜")
    first = offered["results"][0]
    assert first["title"] == "厚生锂电池隔膜项目投产 全部达产后年销售额将超百亿元"
    assert first["description"].startswith("太原日报 · 2022年8月29日 · 第1版 · ")
    ((back,),) = first["reply_markup"]["inline_keyboard"]
    assert back["url"] == f"https://t.me/jianbao_bot?start=a_{first['id']}"
    assert "<b>锂电池隔膜</b>" in first["input_message_content"]["message_text"]


async def test_a_chosen_result_is_posted_with_its_deep_link(page: httpx.AsyncClient, wang: Reader) -> None:
    (first, *_) = (await typed(page, "锂电池隔膜", chat=GROUP))["results"]
    body = {"query": "锂电池隔膜", "result": first, "from": WANG}
    message = (await page.post(f"/api/chats/{GROUP}/inline/chosen", json=body)).json()
    assert message["text"].startswith("厚生锂电池隔膜项目投产 全部达产后年销售额将超百亿元\n太原日报 · 2022年8月29日")
    link = next(entity for entity in message["entities"] if entity["type"] == "text_link")
    assert (await wang.send(f"/start {link['url'].partition('start=')[2]}")).text.startswith(first["title"])


async def test_an_inline_result_posted_in_the_private_chat_is_not_answered(
    page: httpx.AsyncClient, wang: Reader
) -> None:
    (first, *_) = (await typed(page, "锂电池隔膜"))["results"]
    body = {"query": "锂电池隔膜", "result": first, "from": WANG}
    await page.post(f"/api/chats/{WANG}/inline/chosen", json=body)
    assert len((await wang.send("/help")).messages) == 1


async def test_scrolling_loads_further_hits_without_repetition(page: httpx.AsyncClient) -> None:
    seen: list[str] = []
    offset, pages = "", 0
    while pages == 0 or offset:
        offered = await typed(page, "太原", offset=offset)
        seen += [result["id"] for result in offered["results"]]
        offset, pages = offered["next_offset"], pages + 1
    assert pages > 1
    assert len(seen) == len(set(seen)) > inline.RESULTS_PER_PAGE
    for nonsense in ("-1", "x", "²", "9" * 40):
        assert (await typed(page, "太原", offset=nonsense))["results"]


async def test_an_empty_query_lists_the_newest_digest_and_a_day_its_own_digest(page: httpx.AsyncClient) -> None:
    assert "2022年11月24日" in (await typed(page, ""))["results"][0]["description"]
    assert "2022年8月29日" in (await typed(page, "8月29日"))["results"][0]["description"]


async def test_an_article_id_lists_only_that_article(page: httpx.AsyncClient, wang: Reader) -> None:
    await wang.send("/digest 2022-08-29")
    article = await wang.press("1")
    share = article.messages[-1]["reply_markup"]["inline_keyboard"][-1][-1]
    assert share["text"] == "分享"
    offered = await typed(page, share["switch_inline_query"])
    assert [result["id"] for result in offered["results"]] == [share["switch_inline_query"]]


async def test_an_english_reader_gets_english_descriptions(page: httpx.AsyncClient) -> None:
    offered = await typed(page, "锂电池隔膜", who=ALEX, chat=ALEX)
    assert offered["results"][0]["description"].startswith("太原日报 · 29 August 2022 · Page 1")
    assert offered["is_personal"]  # otherwise Telegram would repeat it to readers of Chinese
    assert 0 < offered["cache_time"] <= 60


@pytest.mark.parametrize(
    "query", ["量子纠缠态隐形传输", "(", "-防汛", "？！", "8月20日", "a_b", "😀" * 256, "zzzzz-zzzzz"]
)
async def test_a_query_without_hits_is_answered_with_an_empty_list(page: httpx.AsyncClient, query: str) -> None:
    offered = await typed(page, query)
    assert offered["answered"]
    assert (await typed(page, "锂电池隔膜"))["results"]


async def test_only_the_last_of_several_keystrokes_is_searched(
    page: httpx.AsyncClient, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first query runs until all are typed; those between are superseded by then and never searched."""
    assert jianbao.server
    searched: list[str] = []
    everything_typed = asyncio.Event()
    loop = asyncio.get_running_loop()
    search = jianbao.services.archive.search

    def slow(query: str, **rest: Any) -> SearchResult:
        searched.append(query)
        asyncio.run_coroutine_threadsafe(everything_typed.wait(), loop).result(10)
        return search(query, **rest)

    monkeypatch.setattr(jianbao.services.archive, "search", slow)
    keystrokes = ["锂", "锂电", "锂电池", "锂电池隔", "锂电池隔膜"]
    updates = jianbao.server.state.updates
    who = {"id": WANG, "is_bot": False, "first_name": "读者小王", "language_code": "zh-hans"}
    for number, query in enumerate(keystrokes[:-1]):
        updates.push("inline_query", {"id": f"typed-{number}", "from": who, "query": query, "offset": ""})
    last = asyncio.create_task(typed(page, keystrokes[-1]))
    async with asyncio.timeout(10):
        while not searched:
            await asyncio.sleep(0.01)
        while len(updates):  # not yet fetched by the bot
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
    everything_typed.set()
    assert (await last)["results"]
    assert searched == ["锂", "锂电池隔膜"]


async def test_links_open_the_chat_at_an_article_an_issue_and_a_search(wang: Reader, jianbao: Jianbao) -> None:
    day = jianbao.services.archive.issues()[0].day
    issue, search = (
        deep_links.encode_payload(deep_links.IssueLink(day)),
        deep_links.encode_payload(deep_links.SearchLink("锂电池隔膜")),
    )
    assert (await wang.send(f"/start {issue}")).text.startswith("太原日报 · 2022年11月24日")
    assert (await wang.send(f"/start {search}")).text.startswith("🔍 锂电池隔膜\n找到")


@pytest.mark.parametrize(
    ("payload", "answer"),
    [
        ("a_zzzzz-zzzzz", "找不到这篇报道"),
        ("d_20200101", "2020年1月1日"),
        ("q_KA", "括号不成对"),
        ("nonsense", "简报为你读报"),
    ],
)
async def test_a_deep_link_to_a_missing_target_gets_an_explanation(wang: Reader, payload: str, answer: str) -> None:
    assert (await wang.send(f"/start {payload}")).text.startswith(answer)

"""Charts and issue cards, on request and with the digest, and chats that refuse photos."""

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot import render
from bot.app import Jianbao
from bot.local import Faults
from digests.chats import OutgoingMessage, Picture
from digests.storage.outbox import OutboxEntry
from tests.conversations.reader import GROUP, WANG, Answer, Reader
from tests.conversations.samples import GARDEN, write_paper

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two issues in two weeks of one month."""
    return write_paper(tmp_path_factory.mktemp("archive") / "pages")


async def seen(page: httpx.AsyncClient, answer: Answer) -> Image.Image:
    """The only picture of an answer, as the page loads it."""
    [photo] = answer.pictures
    response = await page.get(f"/api/files/{photo['file_id']}")
    assert response.headers["content-type"] == "image/png"
    assert len(response.content) < 200_000
    return Image.open(io.BytesIO(response.content))


async def test_a_trend_comes_as_a_chart_above_its_figures(wang: Reader, page: httpx.AsyncClient) -> None:
    answer = await wang.send("/trend 蓄水池 水草")
    assert (await seen(page, answer)).width == 1080
    assert answer.text.startswith("报库共2期。")
    assert "2023-03-15" in answer.marked("pre")[0]


async def test_a_chart_of_many_words_has_their_sums_below_it(wang: Reader) -> None:
    words = [GARDEN, f"{GARDEN}建成", f"本报讯（记者方小满）3月14日，{GARDEN}在河滨公园建成开放", "河滨公园"]
    answer = await wang.send("/trend " + " ".join(words))
    assert len(answer.pictures) == 1
    assert "河滨公园　2篇写到，占全部报道的100.0%" in answer.text
    assert answer.marked("pre") == [] or len(answer.text) <= 1024


async def test_words_without_occurrences_get_text_and_no_chart(wang: Reader) -> None:
    answer = await wang.send("/trend 足球")
    assert answer.pictures == []
    assert "足球　没有写到" in answer.text


async def test_a_digest_has_buttons_for_its_card_and_its_themes(wang: Reader, page: httpx.AsyncClient) -> None:
    digest = await wang.send("/today")
    card = await wang.press("一图看完")
    assert (await seen(page, card)).size > (1080, 500)
    assert card.text.startswith("云河日报 · 2023年3月15日 星期三\n关键词　")
    assert f"1. {GARDEN}建成" in card.text
    themes = await wang.press("主题", on=card)
    assert (await seen(page, themes)).width == 1080
    assert "各主题的报道：" in themes.text
    assert (await wang.press("2023年3月15日简报")).text == digest.text


async def test_an_english_reader_gets_the_same_in_english(alex: Reader) -> None:
    await alex.send("/today")
    themes = await alex.press("Themes")
    assert "Stories by theme: " in themes.text
    assert len(themes.pictures) == 1


async def test_the_picture_setting_sends_a_card_with_every_digest(wang: Reader, jianbao: Jianbao) -> None:
    assert (await wang.send("/today")).pictures == []
    await wang.send("/settings")
    assert "简报配图：已开启" in (await wang.press("开启简报配图")).text
    today = await wang.send("/today")
    assert "photo" in today.messages[0]
    assert "photo" not in today.messages[1]
    assert len((await wang.send("2023-03-01")).pictures) == 1
    assert "简报配图：已关闭" in (await wang.press("关闭简报配图", on=await wang.send("/settings"))).text
    assert (await wang.send("/today")).pictures == []


async def test_a_picture_in_the_outbox_is_drawn_on_delivery(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/help")
    digest = jianbao.services.archive.digest()
    card = render.issue_card(digest, "zh")
    jianbao.services.outbox.add(OutboxEntry(WANG, "digest:card", (card, OutgoingMessage("简报"))), moment(jianbao))
    assert len((await wang.next_message()).pictures) == 1
    assert (await wang.next_message()).text == "简报"


async def test_a_picture_of_a_missing_issue_is_sent_as_text(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/help")
    gone = OutgoingMessage("那一期的要闻", picture=Picture("card", "1999-01-01"))
    jianbao.services.outbox.add(OutboxEntry(WANG, "digest:gone", (gone,)), moment(jianbao))
    answer = await wang.next_message()
    assert (answer.text, answer.pictures) == ("那一期的要闻", [])


async def test_a_chat_that_refuses_photos_gets_the_text(group: Reader, jianbao: Jianbao) -> None:
    assert jianbao.server
    jianbao.server.faults = replace(Faults(), no_photos=frozenset({GROUP}))
    answer = await group.send("/trend@jianbao_bot 蓄水池")
    jianbao.server.faults = Faults()
    assert answer.pictures == []
    assert answer.text.startswith("报库共2期。")


def moment(jianbao: Jianbao) -> datetime:
    return jianbao.services.clock()

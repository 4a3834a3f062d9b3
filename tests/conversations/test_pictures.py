"""A reader asks for pictures, has them sent with the digest, or is in a chat that takes none."""

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
from tests.conversations.garden import GARDEN, lay_out
from tests.conversations.reader import GROUP, WANG, Answer, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two issues in two weeks of one month."""
    return lay_out(tmp_path_factory.mktemp("archive") / "pages")


async def seen(page: httpx.AsyncClient, answer: Answer) -> Image.Image:
    """The answer's only picture as the page loads it."""
    [photo] = answer.pictures
    response = await page.get(f"/api/files/{photo['file_id']}")
    assert response.headers["content-type"] == "image/png"
    assert len(response.content) < 200_000
    return Image.open(io.BytesIO(response.content))


async def test_a_trend_comes_as_a_chart_above_its_figures(wang: Reader, page: httpx.AsyncClient) -> None:
    answer = await wang.says("/trend 蓄水池 水草")
    assert (await seen(page, answer)).width == 1080
    assert answer.text.startswith("档案里一共2期。")
    assert "2023-03-15" in answer.marked("pre")[0]


async def test_a_chart_of_many_words_has_their_sums_below_it(wang: Reader) -> None:
    words = [GARDEN, f"{GARDEN}建成", f"本报讯（记者方小满）3月14日，{GARDEN}在河滨公园建成开放", "河滨公园"]
    answer = await wang.says("/trend " + " ".join(words))
    assert len(answer.pictures) == 1
    assert "河滨公园　2篇报道写到2次" in answer.text
    assert answer.marked("pre") == [] or len(answer.text) <= 1024


async def test_words_that_nobody_wrote_get_a_sentence_and_no_empty_chart(wang: Reader) -> None:
    answer = await wang.says("/trend 足球")
    assert answer.pictures == []
    assert "足球　没有写到" in answer.text


async def test_below_a_digest_stands_a_button_for_its_card_and_one_for_its_themes(
    wang: Reader, page: httpx.AsyncClient
) -> None:
    digest = await wang.says("/today")
    card = await wang.presses("一图看完")
    assert (await seen(page, card)).size > (1080, 500)
    assert card.text.startswith("云河日报 · 2023年3月15日 星期三\n关键词　")
    assert f"1. {GARDEN}建成" in card.text
    themes = await wang.presses("主题", on=card)
    assert (await seen(page, themes)).width == 1080
    assert "各主题的报道：" in themes.text
    assert (await wang.presses("2023年3月15日简报")).text == digest.text


async def test_an_english_reader_gets_the_same_in_english(alex: Reader) -> None:
    await alex.says("/today")
    themes = await alex.presses("By theme")
    assert "Stories by theme: " in themes.text
    assert len(themes.pictures) == 1


async def test_who_wants_it_gets_the_card_with_every_digest(wang: Reader, jianbao: Jianbao) -> None:
    assert (await wang.says("/today")).pictures == []
    await wang.says("/settings")
    assert "简报配图：是" in (await wang.presses("简报配图")).text
    today = await wang.says("/today")
    assert "photo" in today.messages[0]
    assert "photo" not in today.messages[1]
    assert len((await wang.says("2023-03-01")).pictures) == 1
    assert "简报配图：否" in (await wang.presses("简报不配图", on=await wang.says("/settings"))).text
    assert (await wang.says("/today")).pictures == []


async def test_a_picture_that_is_owed_is_drawn_when_it_leaves(wang: Reader, jianbao: Jianbao) -> None:
    await wang.says("/help")
    digest = jianbao.services.archive.digest()
    card = render.issue_card(digest, "zh")
    jianbao.services.outbox.add(OutboxEntry(WANG, "digest:card", (card, OutgoingMessage("简报"))), moment(jianbao))
    assert len((await wang.hears()).pictures) == 1
    assert (await wang.hears()).text == "简报"


async def test_a_picture_whose_issue_is_gone_goes_as_its_text(wang: Reader, jianbao: Jianbao) -> None:
    await wang.says("/help")
    gone = OutgoingMessage("那一期的要闻", picture=Picture("card", "1999-01-01"))
    jianbao.services.outbox.add(OutboxEntry(WANG, "digest:gone", (gone,)), moment(jianbao))
    answer = await wang.hears()
    assert (answer.text, answer.pictures) == ("那一期的要闻", [])


async def test_a_chat_that_takes_no_pictures_gets_the_words(group: Reader, jianbao: Jianbao) -> None:
    assert jianbao.server
    jianbao.server.faults = replace(Faults(), no_photos=frozenset({GROUP}))
    answer = await group.says("/trend@jianbao_bot 蓄水池")
    jianbao.server.faults = Faults()
    assert answer.pictures == []
    assert answer.text.startswith("档案里一共2期。")


def moment(jianbao: Jianbao) -> datetime:
    return jianbao.services.clock()

"""Telegram refuses, fails or cannot be heard: an answer comes nevertheless, in order, and nobody else waits for it."""

import asyncio
import time

import httpx
import pytest

from bot.app import Jianbao
from bot.local import Faults
from tests.conversations.reader import WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fails(page: httpx.AsyncClient, **faults: int) -> None:
    response = await page.post(
        "/api/faults", json={"flood": 0, "server_error": 0, "lost": 0, "retry_after": 1} | faults
    )
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("fault", ["flood", "server_error"])
async def test_an_answer_that_is_refused_for_now_comes_a_little_later(
    wang: Reader, page: httpx.AsyncClient, fault: str
) -> None:
    await fails(page, **{fault: 2})
    answer = await wang.says("/today")
    assert answer.text.startswith("太原日报 · 2022年11月24日")
    assert len(answer.messages) == 1


async def test_an_answer_whose_receipt_is_lost_comes_twice_rather_than_never(
    wang: Reader, page: httpx.AsyncClient
) -> None:
    """Telegram has it, and nobody can know."""
    await fails(page, lost=1)
    assert (await wang.says("/issues")).text.startswith("现有")
    assert (await wang.hears()).text.startswith("现有")


async def test_a_page_is_turned_although_telegram_failed(wang: Reader, page: httpx.AsyncClient) -> None:
    await wang.says("疫情")
    await fails(page, server_error=1)
    turned = await wang.presses("下一页")
    assert turned.edited
    assert "第6至10篇" in turned.text


async def test_a_press_counts_although_it_could_not_be_answered(wang: Reader, jianbao: Jianbao) -> None:
    digest = await wang.says("/today")
    _, data = digest.button("1")
    assert jianbao.server
    jianbao.server.faults = Faults(server_error=1, methods=frozenset({"answerCallbackQuery"}))
    who = {"id": WANG, "is_bot": False, "first_name": "读者小王"}
    press = {"id": "1", "from": who, "message": digest.messages[0], "chat_instance": "1", "data": data}
    jianbao.server.state.updates.push("callback_query", press)
    assert "第1版" in (await wang.hears()).text
    assert jianbao.server.faults.server_error == 0
    jianbao.server.faults = Faults()


async def test_while_one_chat_waits_the_others_are_answered(
    wang: Reader, alex: Reader, page: httpx.AsyncClient
) -> None:
    await fails(page, flood=1, retry_after=4)
    began = time.monotonic()
    waiting = asyncio.create_task(wang.says("/today"))
    await asyncio.sleep(0.3)
    await alex.says("/today")
    assert time.monotonic() - began < 2
    assert (await waiting).text.startswith("太原日报")
    assert time.monotonic() - began >= 4


async def test_what_an_answer_cannot_wait_for_is_owed_and_comes_by_the_outbox(
    wang: Reader, page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sending.MAX_REPLY_WAIT_SECONDS", 0.5)
    await fails(page, flood=1, retry_after=2)
    assert (await wang.says("/help")).text.startswith("看报")


async def test_an_error_that_nobody_expected_is_said_and_counted(
    wang: Reader, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(jianbao.services.archive, "search", break_off)
        assert "出了点问题" in (await wang.says("防汛")).text
    assert b"jianbao_failures_total 1.0" in jianbao.services.metrics.exposition({})
    assert "出了点问题" not in (await wang.says("防汛")).text

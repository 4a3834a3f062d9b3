"""Answers while Telegram refuses requests, fails, or loses its own answers."""

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
async def test_an_answer_refused_for_now_is_retried(wang: Reader, page: httpx.AsyncClient, fault: str) -> None:
    await fails(page, **{fault: 2})
    answer = await wang.send("/today")
    assert answer.text.startswith("太原日报 · 2022年11月24日")
    assert len(answer.messages) == 1


async def test_an_answer_whose_receipt_is_lost_is_sent_twice(wang: Reader, page: httpx.AsyncClient) -> None:
    """Telegram has the message, but the bot cannot know that."""
    await fails(page, lost=1)
    assert (await wang.send("/issues")).text.startswith("共5期")
    assert (await wang.next_message()).text.startswith("共5期")


async def test_an_edit_is_retried_after_a_server_error(wang: Reader, page: httpx.AsyncClient) -> None:
    await wang.send("疫情")
    await fails(page, server_error=1)
    turned = await wang.press("下一页")
    assert turned.edited
    assert "第6–10篇" in turned.text


async def test_a_press_is_carried_out_although_its_answer_failed(wang: Reader, jianbao: Jianbao) -> None:
    digest = await wang.send("/today")
    _, data = digest.button("1")
    assert jianbao.server
    jianbao.server.faults = Faults(server_error=1, methods=frozenset({"answerCallbackQuery"}))
    who = {"id": WANG, "is_bot": False, "first_name": "读者小王"}
    press = {"id": "1", "from": who, "message": digest.messages[0], "chat_instance": "1", "data": data}
    jianbao.server.state.updates.push("callback_query", press)
    assert "第1版" in (await wang.next_message()).text
    assert jianbao.server.faults.server_error == 0
    jianbao.server.faults = Faults()


async def test_while_one_chat_waits_the_others_are_answered(
    wang: Reader, alex: Reader, page: httpx.AsyncClient
) -> None:
    await fails(page, flood=1, retry_after=4)
    began = time.monotonic()
    waiting = asyncio.create_task(wang.send("/today"))
    await asyncio.sleep(0.3)
    await alex.send("/today")
    assert time.monotonic() - began < 2
    assert (await waiting).text.startswith("太原日报")
    assert time.monotonic() - began >= 4


async def test_an_answer_that_times_out_comes_from_the_outbox(
    wang: Reader, page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sending.MAX_REPLY_WAIT_SECONDS", 0.5)
    await fails(page, flood=1, retry_after=2)
    assert (await wang.send("/help")).text.startswith("看报")


async def test_an_unexpected_error_is_reported_and_counted(
    wang: Reader, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(jianbao.services.archive, "search", break_off)
        assert "出了点问题" in (await wang.send("防汛")).text
    assert b"jianbao_failures_total 1.0" in jianbao.services.metrics.exposition({}, {})
    assert "出了点问题" not in (await wang.send("防汛")).text

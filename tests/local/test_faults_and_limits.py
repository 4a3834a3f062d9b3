"""Injected faults and rate limits."""

import httpx
import pytest

from bot.local import Faults, LocalServer
from bot.local.chats import CHATS, Chat
from bot.local.refusals import RateLimits, Refusal
from tests.local.conftest import ALEX, GROUP, WANG, Caller


async def test_the_next_requests_get_429_and_later_ones_succeed(bot: Caller) -> None:
    bot.server.faults = Faults(flood=2, retry_after=7)
    for _ in range(2):
        answer = await bot("sendMessage", chat_id=WANG, text="?")
        assert answer == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
    await bot.result("sendMessage", chat_id=WANG, text="!")
    assert [message["text"] for message in bot.server.messages(WANG)] == ["!"]


async def test_faults_hit_only_sending_methods(bot: Caller) -> None:
    bot.server.faults = Faults(server_error=1)
    assert await bot.updates() == []
    assert await bot.refusal("sendMessage", chat_id=WANG, text="?") == "502 Bad Gateway"
    bot.server.faults = Faults(flood_chance=1.0, methods=frozenset({"getMe"}))
    await bot.result("sendMessage", chat_id=WANG, text="!")
    assert (await bot("getMe"))["error_code"] == 429


async def test_a_lost_answer_closes_the_connection_after_the_message_is_stored(bot: Caller) -> None:
    bot.server.faults = Faults(lost=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await bot("sendMessage", chat_id=WANG, text="收到")
    assert [message["text"] for message in bot.server.messages(WANG)] == ["收到"]
    assert await bot.updates() == []


async def test_a_chat_can_refuse_without_an_update(bot: Caller) -> None:
    bot.server.faults = Faults(blocked=frozenset({ALEX}))
    assert await bot.refusal("sendMessage", chat_id=ALEX, text="?") == "403 Forbidden: bot was blocked by the user"
    await bot.result("sendMessage", chat_id=WANG, text="!")
    assert await bot.updates() == []


async def test_the_page_can_switch_faults_on_and_off(bot: Caller, http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/faults", json={"flood": 1})).json()["flood"] == 1
    assert (await bot("sendMessage", chat_id=WANG, text="?"))["error_code"] == 429
    assert (await http.get("/api/faults")).json()["flood"] == 0
    assert (await http.post("/api/faults", json={"fire": 1})).status_code == 400


def retry_after(rate_limits: RateLimits, chat: Chat) -> int:
    """Seconds that a 429 names; 0 for an accepted message."""
    try:
        rate_limits.count(chat.id, is_group=chat.type == "supergroup")
    except Refusal as refusal:
        return dict(refusal.parameters or {})["retry_after"]
    return 0


def test_thirty_messages_a_second_go_out_and_the_next_has_to_wait_for_the_second_to_pass() -> None:
    now = [100.0]
    rate_limits = RateLimits(burst=100, clock=lambda: now[0])
    assert [retry_after(rate_limits, CHATS[WANG]) for _ in range(31)] == [0] * 30 + [1]
    now[0] += 1
    assert retry_after(rate_limits, CHATS[WANG]) == 0


def test_a_group_takes_twenty_a_minute_without_limiting_other_chats() -> None:
    now = [100.0]
    rate_limits = RateLimits(clock=lambda: now[0])
    for _ in range(20):
        assert retry_after(rate_limits, CHATS[GROUP]) == 0
        now[0] += 2
    assert retry_after(rate_limits, CHATS[GROUP]) == 20
    assert retry_after(rate_limits, CHATS[WANG]) == 0
    now[0] += 20
    assert retry_after(rate_limits, CHATS[GROUP]) == 0


async def test_with_limits_a_chat_takes_a_few_at_once() -> None:
    server = LocalServer(port=0, enforce_limits=True)
    await server.start()
    async with httpx.AsyncClient(base_url=server.page_url, trust_env=False) as http:
        bot = Caller(server, http)
        answers = [await bot("sendMessage", chat_id=WANG, text=str(n)) for n in range(22)]
        assert [answer["ok"] for answer in answers] == [True] * 20 + [False, False]
        assert 1 <= answers[-1]["parameters"]["retry_after"] <= 20
        await bot.result("sendMessage", chat_id=GROUP, text="!")
        copies = {"chat_id": ALEX, "from_chat_id": WANG, "message_ids": list(range(1, 21))}
        assert (await bot("copyMessages", **copies))["error_code"] == 429, "30 messages a second for all chats"
    await server.stop()

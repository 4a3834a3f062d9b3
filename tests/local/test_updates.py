"""Delivery of updates by long poll and webhook."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from bot.local import LocalServer
from tests.local.conftest import ALEX, GROUP, WANG, Caller, Reader, eventually


async def test_an_update_comes_again_until_it_is_confirmed(bot: Caller, wang: Reader) -> None:
    for text in "一二三":
        await wang.say(text)
    first = await bot.updates(limit=2)
    assert [update["message"]["text"] for update in first] == ["一", "二"]
    assert [update["update_id"] for update in await bot.updates(limit=2)] == [update["update_id"] for update in first]
    rest = await bot.updates(offset=first[-1]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest] == ["三"]
    assert await bot.updates(offset=rest[-1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_last_ones(bot: Caller, wang: Reader) -> None:
    for text in "一二三":
        await wang.say(text)
    assert [update["message"]["text"] for update in await bot.updates(offset=-1)] == ["三"]
    assert len(await bot.updates()) == 1


async def test_a_long_poll_ends_when_something_comes(bot: Caller, wang: Reader) -> None:
    poll = asyncio.create_task(bot.updates(timeout=20))
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    await wang.say("来了")
    assert (await poll)[0]["message"]["text"] == "来了"
    assert time.monotonic() - begun < 0.5


async def test_a_long_poll_ends_empty_when_its_time_is_over(bot: Caller) -> None:
    begun = time.monotonic()
    assert await bot.updates(timeout=1) == []
    assert 0.9 < time.monotonic() - begun < 2


async def test_a_second_poll_ends_the_first_with_a_conflict(bot: Caller, wang: Reader) -> None:
    first = asyncio.create_task(bot("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot("getUpdates", timeout=20))
    assert (await first)["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await wang.say("还在")
    assert (await second)["result"][0]["message"]["text"] == "还在"


async def test_only_allowed_updates_are_delivered(bot: Caller, wang: Reader) -> None:
    await bot.updates(allowed_updates=["callback_query"])
    await wang.say("不要")
    message = await bot.result("sendMessage", chat_id=WANG, text="按")
    await wang.press(message["message_id"], "x")
    updates = await bot.updates()
    assert [list(update)[1] for update in updates] == ["callback_query"]
    assert updates[0]["callback_query"]["from"]["id"] == WANG


async def test_blocking_and_unblocking_send_updates_and_forbid_messages(
    bot: Caller, wang: Reader, group: Reader
) -> None:
    await wang.post("block", blocked=True)
    assert await bot.refusal("sendMessage", chat_id=WANG, text="?") == "403 Forbidden: bot was blocked by the user"
    assert (await wang.post("messages", text="?")).status_code == 409
    await wang.post("block", blocked=False)
    await bot.result("sendMessage", chat_id=WANG, text="!")
    await group.post("block")
    refused = await bot.refusal("sendMessage", chat_id=GROUP, text="?")
    assert refused == "403 Forbidden: bot was kicked from the supergroup chat"
    changes = [update["my_chat_member"] for update in await bot.updates()]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member", "kicked"]


async def test_a_bot_that_has_left_a_group_is_told_so_and_cannot_write_there(bot: Caller, group: Reader) -> None:
    assert await bot.result("leaveChat", chat_id=GROUP) is True
    for method, params in (("sendMessage", {"text": "?"}), ("leaveChat", {}), ("getChatAdministrators", {})):
        refused = await bot.refusal(method, chat_id=GROUP, **params)
        assert refused == "403 Forbidden: bot is not a member of the supergroup chat"
    await group.post("block", blocked=False)
    assert (await bot.result("sendMessage", chat_id=GROUP, text="!"))["text"] == "!"
    changes = [update["my_chat_member"] for update in await bot.updates()]
    assert [(change["from"]["id"], change["new_chat_member"]["status"]) for change in changes] == [
        (1, "left"),
        (WANG, "member"),
    ]


async def test_a_press_that_is_not_answered_says_so_and_a_late_answer_is_taken_once(bot: Caller, wang: Reader) -> None:
    message = await bot.result("sendMessage", chat_id=WANG, text="按")
    assert (await wang.press(message["message_id"], "x"))["answered"] is False
    query = (await bot.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("x", "按")
    assert await bot.result("answerCallbackQuery", callback_query_id=query["id"]) is True
    refused = await bot.refusal("answerCallbackQuery", callback_query_id=query["id"])
    assert refused == "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_inline_results_come_back_and_the_chosen_one_is_sent(bot: Caller, group: Reader) -> None:
    content = {"message_text": "<b>防汛</b>", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "防汛", "input_message_content": content}

    async def answer() -> None:
        query = (await bot.updates(timeout=5))[-1]["inline_query"]
        assert (query["query"], query["chat_type"]) == ("防汛", "supergroup")
        await bot.result("answerInlineQuery", inline_query_id=query["id"], results=[result], next_offset="1")

    answering = asyncio.create_task(answer())
    found = (await group.post("inline", query="防汛", **{"from": ALEX})).json()
    await answering
    assert (found["results"], found["next_offset"]) == ([result], "1")
    sent = (await group.post("inline/chosen", query="防汛", result=result, **{"from": ALEX})).json()
    assert (sent["text"], sent["from"]["id"], sent["via_bot"]["username"]) == ("防汛", ALEX, "jianbao_bot")


async def test_in_privacy_mode_a_group_message_arrives_only_if_it_is_meant_for_the_bot(
    bot: Caller, group: Reader, wang: Reader
) -> None:
    mine = await bot.result("sendMessage", chat_id=GROUP, text="早")
    theirs = await group.say("/today@another_bot")
    withheld = ["下雨了", "@jianbao_bot 防汛", "看 /today", "/today@another_bot", "/today@jianbao_bot2"]
    for text in withheld:
        await group.say(text)
    await group.say("也下雨了", reply_to=theirs["message_id"])
    passed_on = ["/today", "/weather 明天", "/today@Jianbao_bot", "😀看 /search@jianbao_bot 防汛"]
    for text in passed_on:
        await group.say(text)
    await group.say("/today@another_bot", reply_to=mine["message_id"])
    result = {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "防汛"}}
    via_bot = (await group.post("inline/chosen", query="防汛", result=result)).json()
    await group.say("好", reply_to=via_bot["message_id"])
    await wang.say("私聊里什么都收")
    arrived = [update["message"]["text"] for update in await bot.updates() if "message" in update]
    assert arrived == [*passed_on, "/today@another_bot", "防汛", "好", "私聊里什么都收"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"message_text": "<b>", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag corresponding to"),
        ({"message_text": ""}, "message text is empty"),
        ({"message_text": "字" * 4097}, "message is too long"),
    ],
)
async def test_an_inline_result_with_an_invalid_text_is_refused(
    server: LocalServer, bot: Caller, content: dict[str, str], problem: str
) -> None:
    query = server.state.queries.open().id
    result = {"type": "article", "id": "1", "title": "t", "input_message_content": content}
    refused = await bot.refusal("answerInlineQuery", inline_query_id=query, results=[result])
    assert refused.startswith(f"400 Bad Request: {problem}")


class Hook:
    """A webhook that refuses the first post."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.refusals = 1

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(lines["content-length"]))
        if self.refusals:
            self.refusals -= 1
            writer.write(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        else:
            self.received.append((lines["x-telegram-bot-api-secret-token"], httpx.Response(200, content=body).json()))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def test_a_webhook_gets_every_update_with_its_secret_even_after_a_refusal(
    bot: Caller, wang: Reader, server: LocalServer
) -> None:
    hook = Hook()
    listening = await asyncio.start_server(hook.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/hook"
    async with listening:
        await bot.result("setWebhook", url=url, secret_token="s3cret")
        assert (await bot.refusal("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook")
        for text in "一二":
            await wang.say(text)
        await eventually(lambda: len(hook.received) == 2)
        assert [(secret, update["message"]["text"]) for secret, update in hook.received] == [
            ("s3cret", "一"),
            ("s3cret", "二"),
        ]
        info = await bot.result("getWebhookInfo")
        assert (info["url"], info["pending_update_count"]) == (url, 0)
        assert info["last_error_message"] == "Wrong response from the webhook: 500 No"
        await bot.result("deleteWebhook")
    assert await bot.updates() == []


async def test_a_webhook_may_be_set_once_a_second_with_a_secret_of_plain_characters(bot: Caller) -> None:
    url = "http://127.0.0.1:9/hook"
    for secret, problem in (("ü", "contains unallowed characters"), ("x" * 257, "is too long")):
        assert (
            await bot.refusal("setWebhook", url=url, secret_token=secret) == f"400 Bad Request: secret token {problem}"
        )
    await bot.result("setWebhook", url=url, secret_token="x" * 256)
    assert await bot.refusal("setWebhook", url=url) == "429 Too Many Requests: retry after 1"
    assert await bot.result("deleteWebhook") is True


@pytest.mark.parametrize(
    "url", ["https://example.com/hook", "http://10.0.0.1/", "ftp://127.0.0.1/", "http://127.0.0.1.example/"]
)
async def test_a_webhook_outside_this_machine_is_refused(bot: Caller, url: str) -> None:
    assert (await bot.refusal("setWebhook", url=url)).startswith("400 Bad Request: bad webhook")


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("雨", False),
        ("@jianbao_bot 雨", False),
        ("雨 /rain", False),
        ("/rain", True),
        ("/rain@Jianbao_Bot 雨", True),
        ("/rain@another_bot", False),
    ],
)
async def test_privacy_mode_hides_what_is_no_command_of_a_group(
    server: LocalServer, bot: Caller, group: Reader, text: str, arrives: bool
) -> None:
    await group.say(text)
    assert len(await bot.updates()) == arrives
    assert (await bot.result("getMe"))["can_read_all_group_messages"] is False
    server.state.privacy_mode = False
    await group.say(text)
    assert len(await bot.updates()) == arrives + 1
    assert (await bot.result("getMe"))["can_read_all_group_messages"] is True

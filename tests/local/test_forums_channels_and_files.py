"""Topics of forums, channel posts and public names, and files that users send."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.local import LocalServer
from bot.local.chats import CHATS
from tests.conftest import BOT_API
from tests.conversations.reader import ALEX, WANG
from tests.conversations.samples import CHANNEL, EXTRA_CHATS, FORUM, WEATHER

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalServer]:
    for place in EXTRA_CHATS.values():
        monkeypatch.setitem(CHATS, place.id, place)
    server = LocalServer(port=0, schema=BOT_API if BOT_API.exists() else None)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def client(server: LocalServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.page_url, trust_env=False) as client:
        yield client


async def call(client: httpx.AsyncClient, server: LocalServer, method: str, **values: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.post(f"/bot{server.token}/{method}", json=values)).json()
    return answer


async def test_a_message_goes_to_the_topic_it_names_and_to_general_without_one(
    server: LocalServer, client: httpx.AsyncClient
) -> None:
    there = await call(client, server, "sendMessage", chat_id=FORUM.id, text="雨", message_thread_id=WEATHER)
    assert (there["result"]["message_thread_id"], there["result"]["is_topic_message"]) == (WEATHER, True)
    general = await call(client, server, "sendMessage", chat_id=FORUM.id, text="晴")
    assert "message_thread_id" not in general["result"]
    for thread in (1, 99):
        refused = await call(client, server, "sendMessage", chat_id=FORUM.id, text="雪", message_thread_id=thread)
        assert refused["description"] == "Bad Request: message thread not found"


async def test_a_message_in_a_topic_reaches_the_bot_with_its_thread(
    server: LocalServer, client: httpx.AsyncClient
) -> None:
    sent = await client.post(f"/api/chats/{FORUM.id}/messages", json={"text": "/rain", "thread": WEATHER})
    assert sent.status_code == 200
    assert (await client.post(f"/api/chats/{FORUM.id}/messages", json={"text": "雨", "thread": 99})).status_code == 404
    [update] = (await call(client, server, "getUpdates"))["result"]
    assert update["message"]["message_thread_id"] == WEATHER
    assert update["message"]["chat"]["is_forum"]


async def test_a_channel_is_the_sender_of_its_posts_and_is_found_by_name(
    server: LocalServer, client: httpx.AsyncClient
) -> None:
    post = (await call(client, server, "sendMessage", chat_id=f"@{CHANNEL.username}", text="雨"))["result"]
    assert "from" not in post
    assert post["sender_chat"]["title"] == CHANNEL.title
    there = {"chat_id": WANG, "from_chat_id": f"@{CHANNEL.username}", "message_id": post["message_id"]}
    forward = (await call(client, server, "forwardMessage", **there))["result"]
    origin = {"type": "channel", "date": post["date"], "chat": post["chat"], "message_id": post["message_id"]}
    assert forward["forward_origin"] == origin
    assert (await call(client, server, "getChat", chat_id=f"@{CHANNEL.username}"))["result"]["id"] == CHANNEL.id
    assert not (await call(client, server, "getChat", chat_id="@nothere"))["ok"]


async def test_a_channel_adds_the_bot_as_an_administrator(server: LocalServer, client: httpx.AsyncClient) -> None:
    async def status(user: int) -> str:
        answer = await call(client, server, "getChatMember", chat_id=CHANNEL.id, user_id=user)
        return str(answer["result"]["status"] if answer["ok"] else answer["description"])

    assert (await status(1), await status(WANG)) == ("administrator", "creator")
    assert await status(ALEX) == "Bad Request: PARTICIPANT_ID_INVALID"
    await client.post(f"/api/chats/{CHANNEL.id}/block", json={"blocked": True})
    assert (await status(1), await status(WANG)) == ("left", "Bad Request: member list is inaccessible")
    refused = await call(client, server, "sendMessage", chat_id=CHANNEL.id, text="雨")
    assert refused["description"] == "Forbidden: bot was kicked from the channel chat"
    await client.post(f"/api/chats/{CHANNEL.id}/block", json={"blocked": False})
    updates = (await call(client, server, "getUpdates"))["result"]
    members = [update["my_chat_member"]["new_chat_member"] for update in updates]
    assert [member["status"] for member in members] == ["kicked", "administrator"]
    assert members[1]["can_post_messages"]


async def test_a_post_of_an_administrator_arrives_as_a_channel_post(
    server: LocalServer, client: httpx.AsyncClient
) -> None:
    await client.post(f"/api/chats/{CHANNEL.id}/messages", json={"text": "汛期"})
    [update] = (await call(client, server, "getUpdates"))["result"]
    assert update["channel_post"]["sender_chat"]["title"] == CHANNEL.title


async def test_a_file_that_somebody_sends_can_be_fetched(server: LocalServer, client: httpx.AsyncClient) -> None:
    sent = await client.post(f"/api/chats/{WANG}/files", json={"name": "a.json", "content": '{"雨": 1}'})
    assert sent.status_code == 200
    [update] = (await call(client, server, "getUpdates"))["result"]
    document = update["message"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("a.json", "application/json")
    path = (await call(client, server, "getFile", file_id=document["file_id"]))["result"]["file_path"]
    assert (await client.get(f"/file/bot{server.token}/{path}")).text == '{"雨": 1}'
    assert (await client.post(f"/api/chats/{WANG}/files", json={"name": "a.json", "content": ""})).status_code == 400

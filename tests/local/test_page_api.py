"""The page's API: chats, messages, events, files, and refused requests."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.local import LocalServer, PageAction
from tests.local.conftest import ALEX, GROUP, WANG, Caller, Reader, png


class Stream:
    """Reads server-sent events one by one."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, str, Any]:
        fields: dict[str, str] = {}
        async with asyncio.timeout(3):
            async for line in self._lines:
                if not line and "data" in fields:
                    return fields["id"], fields["event"], json.loads(fields["data"])
                name, _, value = line.partition(": ")
                fields[name] = value
        raise EOFError


@asynccontextmanager
async def listening(http: httpx.AsyncClient, since: str, **headers: str) -> AsyncIterator[Stream]:
    async with http.stream("GET", "/api/events", params={"since": since}, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response)


async def test_the_chats_are_two_people_and_a_group_with_stable_ids(http: httpx.AsyncClient, bot: Caller) -> None:
    await bot.result("setMyCommands", commands=[{"command": "today", "description": "今天"}], language_code="zh")
    await bot.result("setMyCommands", commands=[{"command": "today", "description": "today"}])
    known = (await http.get("/api/chats")).json()
    assert [(chat["id"], chat["type"]) for chat in known["chats"]] == [
        (WANG, "private"),
        (ALEX, "private"),
        (GROUP, "supergroup"),
    ]
    people = known["chats"][2]["people"]
    assert [(person["language_code"], person["commands"][0]["description"]) for person in people] == [
        ("zh-hans", "今天"),
        ("en", "today"),
    ]


async def test_a_resumed_event_stream_misses_nothing(http: httpx.AsyncClient, bot: Caller, wang: Reader) -> None:
    since = (await http.get("/api/chats")).json()["event"]
    async with listening(http, since) as stream:
        await wang.say("一")
        last, kind, message = await stream.next()
        assert (kind, message["text"]) == ("message", "一")
    mine = await bot.result("sendMessage", chat_id=WANG, text="二")
    await bot.result("editMessageText", chat_id=WANG, message_id=mine["message_id"], text="三")
    await bot.result("sendChatAction", chat_id=WANG, action="typing")
    await bot.result("deleteMessage", chat_id=WANG, message_id=mine["message_id"])
    async with listening(http, since, **{"last-event-id": last}) as stream:
        events = [await stream.next() for _ in range(4)]
    assert [kind for _, kind, _ in events] == ["message", "edit", "typing", "delete"]
    assert events[1][2]["text"] == "三"
    assert events[3][2] == {"chat_id": WANG, "message_id": mine["message_id"]}


async def test_an_event_stream_from_before_a_restart_is_reset(http: httpx.AsyncClient) -> None:
    for since in ("", "01234567-0", "nonsense"):
        async with listening(http, since) as stream:
            assert (await stream.next())[1] == "reset"


async def test_a_message_of_4096_emoji_is_one_message_and_one_more_is_too_long(wang: Reader, bot: Caller) -> None:
    await wang.say("😀" * 4096)
    assert (await bot.updates())[0]["message"]["text"] == "😀" * 4096
    assert (await wang.post("messages", text="😀" * 4097)).status_code == 400


async def test_html_in_a_readers_message_is_text(wang: Reader, bot: Caller) -> None:
    await wang.say("<b>不粗</b> /today")
    message = (await bot.updates())[0]["message"]
    assert message["text"] == "<b>不粗</b> /today"
    assert [entity["type"] for entity in message["entities"]] == ["bot_command"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", {}, 400),
        ("messages", {"text": 5}, 400),
        ("messages", {"text": " "}, 400),
        ("messages", {"text": "a", "from": 7}, 400),
        ("press", {"message_id": 99, "data": "x"}, 404),
        ("press", {"message_id": True, "data": "x"}, 400),
        ("block", {"blocked": "no"}, 400),
    ],
)
async def test_a_wrong_body_is_refused_with_a_reason(
    wang: Reader, path: str, body: dict[str, Any], status: int
) -> None:
    response = await wang.post(path, **body)
    assert (response.status_code, list(response.json())) == (status, ["error"])


async def test_json_that_is_nested_too_deeply_is_refused(
    server: LocalServer, http: httpx.AsyncClient, bot: Caller
) -> None:
    deep = "[" * 250 + "]" * 250
    headers = {"content-type": "application/json"}
    body = f'{{"query": "x", "result": {{"id": {deep}, "input_message_content": {{"message_text": "x"}}}}}}'
    for path in (f"/api/chats/{WANG}/inline/chosen", f"/bot{server.token}/sendMessage"):
        assert (await http.post(path, content=body, headers=headers)).status_code == 400
    refused = await http.post(f"/bot{server.token}/setMyCommands", data={"commands": deep})
    assert refused.json()["description"] == "Bad Request: can't parse commands JSON object"
    assert await bot.updates() == []


async def test_a_picture_is_shown_and_any_other_file_is_only_saved(
    server: LocalServer, http: httpx.AsyncClient
) -> None:
    async def send(method: str, field: str, content: bytes) -> dict[str, Any]:
        files = {field: ("a.html", content, "text/html")}
        response = await http.post(f"/bot{server.token}/{method}", data={"chat_id": str(WANG)}, files=files)
        message: dict[str, Any] = response.json()["result"]
        return message

    photo = (await send("sendPhoto", "photo", png(4, 4)))["photo"][0]
    response = await http.get(f"/api/files/{photo['file_id']}")
    assert (response.headers["content-type"], response.content) == ("image/png", png(4, 4))
    page = (await send("sendDocument", "document", b"<script>"))["document"]
    saved = await http.get(f"/api/files/{page['file_id']}")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"] == "attachment"
    assert (await http.get("/api/files/none")).status_code == 404


@pytest.mark.parametrize(
    "host", ["example.com", "example.com:{port}", "127.0.0.1:1", "127.0.0.1.example:{port}", "a@127.0.0.1:{port}", ""]
)
async def test_a_foreign_host_header_is_refused(server: LocalServer, http: httpx.AsyncClient, host: str) -> None:
    port = server.page_url.rsplit(":", 1)[1].strip("/")
    for path in ("/", "/api/chats", "/page/main.js", f"/bot{server.token}/getMe"):
        assert (await http.get(path, headers={"host": host.format(port=port)})).status_code == 403


async def test_each_loopback_name_is_accepted(server: LocalServer, http: httpx.AsyncClient) -> None:
    port = server.page_url.rsplit(":", 1)[1].strip("/")
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert (await http.get("/api/chats", headers={"host": f"{name}:{port}"})).status_code == 200


async def test_another_page_cannot_post_for_the_reader(server: LocalServer, http: httpx.AsyncClient) -> None:
    path = f"/api/chats/{WANG}/messages"
    own = server.page_url.rstrip("/")
    for origin, status in ((own, 200), ("http://example.com", 403), ("null", 403), (own + "1", 403)):
        response = await http.post(path, json={"text": "a"}, headers={"origin": origin})
        assert (origin, response.status_code) == (origin, status)
    plain = await http.post(path, content=b'{"text": "a"}', headers={"content-type": "text/plain"})
    assert plain.status_code == 403
    assert len(server.messages(WANG)) == 1


async def test_every_answer_has_the_security_headers(http: httpx.AsyncClient) -> None:
    for path in ("/", "/page/chat.css", "/api/chats", "/nowhere"):
        headers = (await http.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_an_action_runs_and_returns_its_text() -> None:
    async def run() -> str:
        return "放好了"

    server = LocalServer(port=0, actions=[PageAction("sample", "放一页", run)])
    await server.start()
    async with httpx.AsyncClient(base_url=server.page_url, trust_env=False) as http:
        assert (await http.get("/api/chats")).json()["actions"] == [{"id": "sample", "label": "放一页"}]
        assert (await http.post("/api/actions/sample", json={})).json() == {"text": "放好了"}
        assert (await http.post("/api/actions/other", json={})).status_code == 404
    await server.stop()

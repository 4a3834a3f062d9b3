"""Refusals in Telegram's words."""

from typing import Any

import httpx
import pytest

from bot.local import LocalServer
from tests.local.conftest import GROUP, WANG, Caller, Reader


def keys(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "键", **button}]]}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "\u3000\u200b"}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "b", "parse_mode": "reStructuredText"}, "unsupported parse_mode"),
        (
            {"text": "字1.", "parse_mode": "markdownv2"},
            "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        (
            {"text": "字", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 2",
        ),
        (
            {"text": "字", "entities": [{"type": "wide", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        (
            {"text": "报<路径>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "路径" at byte offset 3',
        ),
        ({"text": "?", "reply_markup": keys(callback_data="字" * 21 + "xy")}, "BUTTON_DATA_INVALID"),
        (
            {"text": "?", "reply_markup": keys()},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "?", "reply_markup": keys(url="nowhere")},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "?", "reply_markup": keys(callback_data=[5])},
            'can\'t parse inline keyboard button: Field "callback_data" must be of type String',
        ),
        (
            {"text": "?", "reply_markup": keys(web_app={"url": 5})},
            'can\'t parse inline keyboard button: Field "url" must be of type String',
        ),
        (
            {"text": "?", "reply_markup": keys(copy_text="x")},
            'can\'t parse inline keyboard button: Field "copy_text" must be of type Object',
        ),
        ({"text": "?", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
async def test_an_invalid_message_is_refused(bot: Caller, params: dict[str, Any], words: str) -> None:
    assert await bot.refusal("sendMessage", chat_id=WANG, **params) == f"400 Bad Request: {words}"
    assert bot.server.messages(WANG) == []


async def test_the_longest_text_and_the_longest_button_data_are_taken(bot: Caller) -> None:
    markup = keys(callback_data="字" * 21 + "x")
    text = "<b>" + "😀" * 2048 + "</b>"
    await bot.result("sendMessage", chat_id=WANG, text=text, parse_mode="HTML", reply_markup=markup)


async def test_an_edit_without_change_and_one_of_a_missing_message_are_refused(bot: Caller, wang: Reader) -> None:
    mine = await bot.result("sendMessage", chat_id=WANG, text="<b>一</b>", parse_mode="HTML")
    edit = {"chat_id": WANG, "message_id": mine["message_id"]}
    same = await bot.refusal("editMessageText", **edit, text="<strong>一</strong> ", parse_mode="HTML")
    assert same == (
        "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message"
    )
    assert (await bot.result("editMessageText", **edit, text="一"))["edit_date"]
    gone = await bot.refusal("editMessageText", chat_id=WANG, message_id=99, text="二")
    assert gone == "400 Bad Request: message to edit not found"
    theirs = await wang.say("三")
    other = await bot.refusal("editMessageText", chat_id=WANG, message_id=theirs["message_id"], text="二")
    assert other == "400 Bad Request: message can't be edited"


async def test_a_message_that_a_person_has_deleted_cannot_be_edited(
    bot: Caller, wang: Reader, http: httpx.AsyncClient
) -> None:
    mine = await bot.result("sendMessage", chat_id=WANG, text="一")
    path = f"/api/chats/{WANG}/messages/{mine['message_id']}"
    response = await http.request("DELETE", path, json={})
    assert response.status_code == 200
    gone = await bot.refusal("editMessageText", chat_id=WANG, message_id=mine["message_id"], text="二")
    assert gone == "400 Bad Request: message to edit not found"


async def test_deleting_a_missing_or_foreign_message_is_refused(bot: Caller, group: Reader) -> None:
    assert (
        await bot.refusal("deleteMessage", chat_id=GROUP, message_id=9)
        == "400 Bad Request: message to delete not found"
    )
    theirs = await group.say("别删")
    refused = await bot.refusal("deleteMessage", chat_id=GROUP, message_id=theirs["message_id"])
    assert refused == "400 Bad Request: message can't be deleted"
    mine = await bot.result("sendMessage", chat_id=GROUP, text="删")
    assert await bot.result("deleteMessage", chat_id=GROUP, message_id=mine["message_id"]) is True
    assert [message["text"] for message in bot.server.messages(GROUP)] == ["别删"]


async def test_a_foreign_token_and_an_unknown_method_are_refused(
    server: LocalServer, http: httpx.AsyncClient, bot: Caller
) -> None:
    assert (await http.get("/bot1:guess/getMe")).json()["description"] == "Unauthorized"
    assert (await http.get("/bot1:guess/getMe")).status_code == 401
    assert (await http.get("/botguess/getMe")).status_code == 404
    assert (await http.get("/file/bot1:guess/photos/x/y")).status_code == 401
    assert await bot.refusal("sendEverything") == "404 Not Found"
    for path in (f"/bot{server.token}", f"/bot{server.token}/a/b", "/bot", f"/file/bot{server.token}"):
        answer = (await http.get(path)).json()
        assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}
    unsupported = "400 Bad Request: the local server does not support sendVenue"
    assert await bot.refusal("SENDVENUE", chat_id=WANG) == unsupported


async def test_method_names_are_found_in_any_case_by_get_form_or_json(
    server: LocalServer, http: httpx.AsyncClient
) -> None:
    base = f"/bot{server.token}"
    assert (await http.get(f"{base}/GETME")).json()["ok"]
    got = await http.get(f"{base}/sendmessage", params={"chat_id": WANG, "text": "一"})
    form = await http.post(f"{base}/SendMessage", data={"chat_id": str(WANG), "text": "二"})
    json = await http.post(f"{base}/sendMessage", json={"chat_id": WANG, "text": "三"})
    multipart = await http.post(f"{base}/sendMessage", files={"chat_id": (None, str(WANG)), "text": (None, "四")})
    assert [answer.json()["result"]["text"] for answer in (got, form, json, multipart)] == ["一", "二", "三", "四"]
    assert {request.method for request in server.requests} == {"getMe", "sendMessage"}


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"chat_id": 1001, "text": "\\ud800"}', b"\xff"])
async def test_a_body_that_is_not_a_json_object_is_refused(
    server: LocalServer, http: httpx.AsyncClient, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    response = await http.post(f"/bot{server.token}/sendMessage", content=body, headers=headers)
    assert response.status_code == 400


async def test_an_invalid_picture_and_an_unknown_file_are_refused(server: LocalServer, http: httpx.AsyncClient) -> None:
    async def send(**parts: Any) -> str:
        data = {"chat_id": str(WANG), **parts.pop("data", {})}
        answer: str = (await http.post(f"/bot{server.token}/sendPhoto", data=data, **parts)).json()["description"]
        return answer

    assert await send(files={"photo": b"no picture"}) == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await send(data={"photo": "abc"}) == "Bad Request: wrong file identifier/HTTP URL specified"
    assert await send(data={"photo": "https://example.com/a.png"}) == "Bad Request: failed to get HTTP URL content"


async def test_an_invalid_command_list_is_refused(bot: Caller) -> None:
    refused = await bot.refusal("setMyCommands", commands=[{"command": "今天", "description": "今天"}])
    assert refused == "400 Bad Request: BOT_COMMAND_INVALID"

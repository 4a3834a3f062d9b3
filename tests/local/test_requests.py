"""How parameters are read, and what the methods for several messages do: forwards, copies, albums, deletions."""

import json
import random
from typing import Any

import httpx
import pytest

from bot.local import LocalServer, files
from bot.local.methods import METHODS
from tests.conftest import BOT_API
from tests.local.conftest import ALEX, GROUP, WANG, Caller, Reader, png

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "?"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": "", "text": "?"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": None, "text": "?"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "?"}, "chat not found"),
    ("sendMessage", {"chat_id": 5}, "message text is empty"),
    ("sendMessage", {"chat_id": WANG, "text": "?", "parse_mode": None}, "unsupported parse_mode"),
    ("sendMessage", {"chat_id": WANG, "text": "?", "reply_markup": None}, "object expected as reply markup"),
    (
        "sendMessage",
        {"chat_id": WANG, "text": "?", "reply_markup": "["},
        "can't parse reply keyboard markup JSON object",
    ),
    ("sendMessage", {"chat_id": WANG, "text": "?", "reply_markup": [1]}, "object expected as reply markup"),
    ("sendMessage", {"chat_id": WANG, "text": "?", "reply_to_message_id": 9}, "message to be replied not found"),
    ("editMessageText", {"text": "?"}, "message identifier is not specified"),
    ("editMessageText", {"text": "?", "inline_message_id": "x"}, "MESSAGE_ID_INVALID"),
    ("editMessageText", {"chat_id": WANG, "message_id": "x", "text": "?"}, "message to edit not found"),
    (
        "editMessageText",
        {"chat_id": WANG, "message_id": 1, "text": "?", "reply_markup": {"force_reply": True}},
        "inline keyboard expected",
    ),
    ("editMessageText", {"chat_id": WANG, "message_id": 1, "text": "字" * 4097}, "MESSAGE_TOO_LONG"),
    ("editMessageCaption", {"chat_id": WANG, "message_id": 1, "caption": "字" * 1025}, "MEDIA_CAPTION_TOO_LONG"),
    ("editMessageMedia", {"chat_id": WANG, "message_id": 1}, "input media not specified"),
    ("deleteMessages", {"chat_id": WANG}, "message identifiers are not specified"),
    ("deleteMessages", {"chat_id": WANG, "message_ids": "["}, "can't parse message_ids JSON object"),
    ("deleteMessages", {"chat_id": WANG, "message_ids": 5}, "expected an Array of message identifiers"),
    ("deleteMessages", {"chat_id": WANG, "message_ids": [*range(101)]}, "too many message identifiers specified"),
    ("deleteMessages", {"chat_id": WANG, "message_ids": [None]}, "message identifier must be a Number"),
    ("deleteMessages", {"chat_id": WANG, "message_ids": ["x"]}, "can't parse message identifier as a Number"),
    ("deleteMessages", {"chat_id": WANG, "message_ids": [0]}, "invalid message identifier specified"),
    ("copyMessage", {"chat_id": WANG, "message_id": 1}, 'parameter "from_chat_id" is required'),
    ("copyMessage", {"chat_id": WANG, "from_chat_id": WANG, "message_id": 9}, "message to copy not found"),
    ("forwardMessage", {"chat_id": WANG, "from_chat_id": WANG}, "message to forward not found"),
    ("forwardMessage", {"chat_id": WANG, "from_chat_id": 5, "message_id": 9}, "chat not found"),
    (
        "copyMessages",
        {"chat_id": WANG, "from_chat_id": WANG, "message_ids": [9]},
        "there are no messages to forward",
    ),
    (
        "forwardMessages",
        {"chat_id": WANG, "from_chat_id": WANG, "message_ids": [2, 1]},
        "message identifiers must be in a strictly increasing order",
    ),
    ("sendMediaGroup", {"chat_id": WANG}, 'parameter "media" is required'),
    ("sendMediaGroup", {"chat_id": WANG, "media": "["}, "can't parse media JSON object"),
    ("sendMediaGroup", {"chat_id": WANG, "media": None}, "there are no messages to send"),
    ("sendMediaGroup", {"chat_id": WANG, "media": {}}, "expected an Array of InputMedia"),
    ("sendMediaGroup", {"chat_id": WANG, "media": []}, "there are no messages to send"),
    ("sendMediaGroup", {"chat_id": WANG, "media": 5}, "expected an Array of InputMedia"),
    (
        "sendMediaGroup",
        {"chat_id": WANG, "media": [{"type": "photo", "media": "x"}] * 11},
        "too many messages to send as an album",
    ),
    (
        "sendMediaGroup",
        {"chat_id": WANG, "media": [{"type": "photo", "media": "x"}, {"type": "document", "media": "x"}]},
        "document can't be mixed with other media types",
    ),
    (
        "sendMediaGroup",
        {"chat_id": WANG, "media": [{"type": "photo", "media": "attach://x"}]},
        "can't parse InputMedia: media not found",
    ),
    (
        "sendMediaGroup",
        {"chat_id": WANG, "media": [{"type": "sticker", "media": "x"}]},
        'can\'t parse InputMedia: type "sticker" is unsupported',
    ),
    (
        "sendMediaGroup",
        {"chat_id": WANG, "media": [{"type": "video", "media": "x"}]},
        "can't parse InputMedia: the local server has only photos and documents",
    ),
    ("getFile", {}, "file_id not specified"),
    ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    ("getChatMember", {"chat_id": WANG}, "invalid user_id specified"),
    ("answerCallbackQuery", {}, "query is too old and response timeout expired or query ID is invalid"),
]


@pytest.mark.parametrize(("method", "params", "problem"), REFUSED)
async def test_a_wrong_parameter_is_refused_in_telegrams_words(
    bot: Caller, method: str, params: dict[str, Any], problem: str
) -> None:
    assert await bot.refusal(method, **params) == f"400 Bad Request: {problem}"
    assert bot.server.messages(WANG) == []


async def test_parameters_that_a_method_does_not_know_are_ignored(bot: Caller) -> None:
    sent = await bot.result("sendMessage", chat_id=WANG, text="一", colour="red", disable_notification=None)
    assert sent["text"] == "一"
    assert (await bot.result("getMe", text={"a": [1]}))["username"] == "jianbao_bot"


async def test_a_value_is_read_in_the_form_in_which_it_comes(bot: Caller) -> None:
    assert (await bot.result("sendMessage", chat_id=f" {WANG}", text=5))["text"] == "5"
    assert (await bot.result("sendMessage", chat_id=WANG, text=None))["text"] == "null"
    edited = await bot.result("editMessageText", chat_id=WANG, message_id="1st", text="一", message_thread_id=None)
    assert (edited["message_id"], edited["text"]) == (1, "一")


async def test_the_addresses_of_the_test_environment_work(server: LocalServer, http: httpx.AsyncClient) -> None:
    base = f"/bot{server.token}/test"
    assert (await http.get(f"{base}/getme")).json()["result"]["is_bot"]
    upload = {"document": ("a b.txt", b"text")}
    sent = (await http.post(f"{base}/sendDocument", data={"chat_id": WANG}, files=upload)).json()["result"]
    file = (await http.get(f"{base}/getFile", params={"file_id": sent["document"]["file_id"]})).json()["result"]
    assert (await http.get(f"/file/bot{server.token}/test/{file['file_path']}")).content == b"text"
    assert (await http.get("/bot1:guess/test/getMe")).status_code == 401


async def test_a_forward_names_its_origin_also_when_it_is_forwarded_again(bot: Caller, wang: Reader) -> None:
    theirs = await wang.say("下雨了")
    keys = {"inline_keyboard": [[{"text": "键", "callback_data": "x"}]]}
    mine = await bot.result("sendMessage", chat_id=WANG, text="<b>晴</b>", parse_mode="HTML", reply_markup=keys)
    there = {"chat_id": GROUP, "from_chat_id": WANG}
    forward = await bot.result("forwardMessage", **there, message_id=theirs["message_id"])
    assert (forward["text"], forward["from"]["id"], forward["chat"]["id"]) == ("下雨了", 1, GROUP)
    origin = {"type": "user", "date": theirs["date"], "sender_user": theirs["from"]}
    assert forward["forward_origin"] == origin
    [again] = await bot.result("forwardMessages", chat_id=ALEX, from_chat_id=GROUP, message_ids=[forward["message_id"]])
    assert bot.server.messages(ALEX)[0]["message_id"] == again["message_id"]
    assert bot.server.messages(ALEX)[0]["forward_origin"] == origin
    copied = await bot.result("copyMessage", **there, message_id=mine["message_id"])
    copy = bot.server.messages(GROUP)[-1]
    assert copied == {"message_id": copy["message_id"]}
    assert (copy["text"], copy["entities"]) == ("晴", [{"type": "bold", "offset": 0, "length": 1}])
    assert not {"forward_origin", "reply_markup"} & copy.keys()
    edit = await bot.refusal("editMessageText", chat_id=GROUP, message_id=forward["message_id"], text="?")
    assert edit == "400 Bad Request: message can't be edited"


async def test_several_messages_are_repeated_without_those_that_are_missing_or_protected(bot: Caller) -> None:
    sent = [await bot.result("sendMessage", chat_id=WANG, text=text, protect_content=text == "二") for text in "一二三"]
    assert sent[1]["has_protected_content"] is True
    ids = [message["message_id"] for message in sent]
    assert len(await bot.result("copyMessages", chat_id=ALEX, from_chat_id=WANG, message_ids=[*ids, 99])) == 2
    assert [message["text"] for message in bot.server.messages(ALEX)] == ["一", "三"]
    protected = {"chat_id": ALEX, "from_chat_id": WANG}
    for method, problem in (("forward", "the message can't be forwarded"), ("copy", "the message can't be copied")):
        refused = await bot.refusal(f"{method}Message", **protected, message_id=ids[1])
        assert refused == f"400 Bad Request: {problem}"
    refused = await bot.refusal("forwardMessages", **protected, message_ids=[ids[1]])
    assert refused == "400 Bad Request: messages can't be forwarded"


async def test_an_album_is_sent_copied_with_another_caption_and_forwarded_as_an_album(bot: Caller) -> None:
    media = (
        '[{"type": "photo", "media": "attach://one", "caption": "*一*", "parse_mode": "MarkdownV2"},'
        ' {"type": "photo", "media": "attach://two"}]'
    )
    pictures = {"one": png(4, 4), "two": png(5, 5)}
    url = f"/bot{bot.server.token}/sendMediaGroup"
    sent = (await bot.http.post(url, data={"chat_id": WANG, "media": media}, files=pictures)).json()["result"]
    assert [message["photo"][0]["width"] for message in sent] == [4, 5]
    assert (sent[0]["caption"], sent[0]["caption_entities"][0]["type"]) == ("一", "bold")
    [album] = {message["media_group_id"] for message in sent}
    ids = [message["message_id"] for message in sent]
    await bot.result("copyMessages", chat_id=ALEX, from_chat_id=WANG, message_ids=ids, remove_caption=True)
    copies = bot.server.messages(ALEX)
    assert [message.get("caption") for message in copies] == [None, None]
    assert len({message["media_group_id"] for message in copies} - {album}) == 1
    await bot.result("copyMessage", chat_id=GROUP, from_chat_id=WANG, message_id=ids[0], caption="二")
    assert bot.server.messages(GROUP)[0]["caption"] == "二"
    assert "media_group_id" not in bot.server.messages(GROUP)[0]
    single = [{"type": "photo", "media": sent[0]["photo"][0]["file_id"]}]
    assert "media_group_id" not in (await bot.result("sendMediaGroup", chat_id=GROUP, media=single))[0]


async def test_several_messages_are_deleted_together_or_not_at_all(bot: Caller, group: Reader, wang: Reader) -> None:
    mine = [(await bot.result("sendMessage", chat_id=GROUP, text=text))["message_id"] for text in "一二"]
    theirs = (await group.say("/三"))["message_id"]
    refused = await bot.refusal("deleteMessages", chat_id=GROUP, message_ids=[*mine, theirs])
    assert refused == "400 Bad Request: message can't be deleted"
    assert len(bot.server.messages(GROUP)) == 3
    assert await bot.result("deleteMessages", chat_id=GROUP, message_ids=[*mine, 99]) is True
    assert [message["text"] for message in bot.server.messages(GROUP)] == ["/三"]
    private = await wang.say("四")
    assert await bot.result("deleteMessages", chat_id=WANG, message_ids=f"[{private['message_id']}]") is True


async def test_a_file_may_be_larger_than_one_that_can_be_fetched(bot: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UPLOAD_BYTES", 100)
    monkeypatch.setattr("bot.local.methods.messages.MAX_DOWNLOAD_BYTES", 50)

    async def send(size: int) -> dict[str, Any]:
        url = f"/bot{bot.server.token}/sendDocument"
        response = await bot.http.post(url, data={"chat_id": WANG}, files={"document": b"x" * size})
        answer: dict[str, Any] = response.json()
        return answer

    file_id = (await send(100))["result"]["document"]["file_id"]
    assert await bot.refusal("getFile", file_id=file_id) == "400 Bad Request: file is too big"
    assert (await send(101))["description"] == "Request Entity Too Large"


ODD = (
    None,
    True,
    0,
    -1,
    2**63 - 1,
    1e308,
    "",
    " ",
    "x",
    "[",
    "null",
    "attach://a",
    [],
    [[]],
    [None],
    [{}],
    {},
    {"a": 1},
)
USUAL: dict[str, tuple[Any, ...]] = {
    "chat_id": (WANG, ALEX, GROUP, str(WANG), 5),
    "message_id": tuple(range(9)),
    "message_ids": ([1, 2], [3, 99]),
    "parse_mode": ("HTML", "Markdown", "MarkdownV2"),
    "text": ("a", "<b>😀</b>", "*a*", "_a"),
    "media": ("attach://a", [{"type": "photo", "media": "attach://a"}]),
    "type": ("photo", "document", "bold", "text_link", "default", "chat", "article"),
}


class Requests:
    """Random requests: most values fit the Bot API's description, others do not."""

    def __init__(self, seed: int) -> None:
        description = json.loads(BOT_API.read_bytes())
        self._methods, self._types = description["methods"], description["types"]
        self.chance = random.Random(seed)

    def parameters(self, method: str) -> dict[str, Any]:
        fields = self._methods[method].get("fields", ())
        return {field["name"]: self._value(field, 0) for field in fields if self._is_given(field, 0.3)}

    def _is_given(self, field: dict[str, Any], share: float) -> bool:
        return self.chance.random() < (0.95 if field["required"] else share)

    def _value(self, field: dict[str, Any], depth: int) -> Any:
        if field["name"] == "timeout":
            return 0
        if self.chance.random() < 0.15:
            return self.chance.choice(ODD)
        if usual := USUAL.get(field["name"].replace("from_chat", "chat").replace("message_text", "text")):
            return self.chance.choice(usual)
        return self._of_type(self.chance.choice(field["types"]), depth)

    def _of_type(self, kind: str, depth: int) -> Any:
        if kind.startswith("Array of "):
            return [self._of_type(kind.removeprefix("Array of "), depth + 1) for _ in range(self.chance.randint(0, 2))]
        described = self._types.get(kind, {})
        if described.get("subtypes"):
            return self._of_type(self.chance.choice(described["subtypes"]), depth)
        if kind in self._types and depth < 6:
            fields = described.get("fields", ())
            return {
                field["name"]: self._value(field, depth + 1)
                for field in fields
                if self._is_given(field, 0.3 - depth / 20)
            }
        return {"Integer": self.chance.choice((0, 1, 5)), "Boolean": True, "Float": 1.5}.get(kind, "x")


@pytest.mark.parametrize("seed", range(4))
async def test_no_request_ends_in_an_unexpected_error(bot: Caller, seed: int) -> None:
    if not BOT_API.exists():
        pytest.skip(f"the description of the Bot API is not at {BOT_API}")
    requests = Requests(seed)
    statuses = set()
    for method in [*METHODS, "sendMessage", "sendMediaGroup", "editMessageText", "copyMessages"] * 8:
        params, url = requests.parameters(method), f"/bot{bot.server.token}/{method}"
        bot.server.state.removed_from.clear()
        if requests.chance.random() < 0.5:
            response = await bot.http.post(url, json=params)
        else:
            form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
            response = await bot.http.post(url, data=form, files={"a": ("a.png", png(4, 4))})
        assert response.status_code < 500, (method, params, response.text)
        assert response.json()["ok"] is (response.status_code == 200)
        statuses.add(response.status_code)
    assert {200, 400} <= statuses
    assert (await bot.http.get("/api/chats")).status_code == 200

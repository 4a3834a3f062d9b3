"""Checks against the description of the Bot API."""

from pathlib import Path
from typing import Any

import pytest

from bot.local.methods import METHODS, UNSUPPORTED_METHODS
from bot.local.requests import Schema
from digests.errors import UsageError
from tests.conftest import BOT_API
from tests.local.conftest import WANG, Caller


@pytest.fixture(scope="module")
def schema() -> Schema:
    if not BOT_API.exists():
        pytest.skip(f"the description of the Bot API is not at {BOT_API}")
    return Schema(BOT_API)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"chat_id": 1, "text": "a", "colour": "red"}, "unknown parameter colour of sendMessage"),
        ({"chat_id": 1}, "missing parameter text of sendMessage"),
        ({"chat_id": [1], "text": "a"}, "chat_id is list where Integer is expected"),
        ({"chat_id": 1, "text": 5}, "text is int where String is expected"),
        (
            {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "k", "data": "d"}]]}},
            "unknown field data of InlineKeyboardButton (inline_keyboard[0][0])",
        ),
        (
            {"chat_id": "1", "text": "a", "reply_markup": '{"inline_keyboard":[[{"callback_data":"d"}]]}'},
            "missing field text of InlineKeyboardButton (inline_keyboard[0][0])",
        ),
        (
            {"chat_id": 1, "text": "a", "link_preview_options": {"is_disabled": "yes"}},
            "is_disabled is str where Boolean is expected",
        ),
    ],
)
def test_a_request_that_violates_the_schema_is_refused_with_the_reason(
    schema: Schema, values: dict[str, Any], problem: str
) -> None:
    assert schema.check_request("sendMessage", values, ())[0] == problem


def test_forms_and_json_are_checked_alike(schema: Schema) -> None:
    markup = {"inline_keyboard": [[{"text": "k", "callback_data": "d"}]]}
    json = {"chat_id": 1, "text": "5", "disable_notification": True, "reply_markup": markup}
    form = {
        "chat_id": "1",
        "text": "5",
        "disable_notification": "true",
        "reply_markup": '{"inline_keyboard":[[{"text":"k","callback_data":"d"}]]}',
    }
    assert schema.check_request("SENDMESSAGE", json, ()) == schema.check_request("sendMessage", form, ()) == []
    assert schema.check_request("sendMessage", {"chat_id": "@name", "text": "a"}, ()) == []


def test_uploads_count_as_their_file_parameters(schema: Schema) -> None:
    assert schema.check_request("sendPhoto", {"chat_id": 1}, ["photo"]) == []
    assert schema.check_request("sendPhoto", {"chat_id": 1, "photo": "attach://a"}, ["a"]) == []
    assert schema.check_request("sendPhoto", {"chat_id": 1}, ["a"]) == ["missing parameter photo of sendPhoto"]
    assert schema.check_request("sendMessage", {"chat_id": 1}, ["text"]) == ["parameter text takes no upload"]


def test_the_closest_of_several_types_is_reported(schema: Schema) -> None:
    result = {
        "type": "article",
        "id": "1",
        "title": "t",
        "input_message_content": {"message_text": "m", "mode": "HTML"},
    }
    problems = schema.check_request("answerInlineQuery", {"inline_query_id": "1", "results": [result]}, ())
    assert problems == ["unknown field mode of InputTextMessageContent (input_message_content)"]


async def test_a_request_that_violates_the_schema_is_noted_and_answered_as_without_one(
    schema: Schema, bot: Caller
) -> None:
    sent = await bot.result("sendMessage", chat_id=WANG, text="?", parse_made="HTML")
    assert (sent["text"], bot.server.schema_problems) == ("?", ["unknown parameter parse_made of sendMessage"])


def test_every_method_of_the_bot_api_is_known(schema: Schema) -> None:
    assert {*METHODS, *UNSUPPORTED_METHODS} == {method["name"] for method in schema._methods.values()}
    assert not UNSUPPORTED_METHODS & METHODS.keys()


def test_a_file_that_is_not_a_schema_is_refused_by_name(tmp_path: Path) -> None:
    for content in ("", "[]", '{"methods": 1, "types": {}}'):
        (tmp_path / "api.json").write_text(content)
        with pytest.raises(UsageError, match=r"schema .*api\.json"):
            Schema(tmp_path / "api.json")

"""Answers to pressed buttons and to inline queries."""

from bot.local.answers import bad_request
from bot.local.keyboards import inline_keyboard
from bot.local.params import Params
from bot.local.room import Room

_LONGEST_NOTICE = 200
_MOST_RESULTS = 50


async def answer_callback_query(room: Room, params: Params) -> bool:
    notice = params.text("text")
    if len(notice) > _LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": notice, "show_alert": params.flag("show_alert"), "url": params.text("url")}
    room.questions.answer(params.text("callback_query_id"), answer)
    return True


async def answer_inline_query(room: Room, params: Params) -> bool:
    results = params.array("results")
    if results is None:
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > _MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result.get("id") for result in results]
    if not all(isinstance(name, str) and 1 <= len(name.encode()) <= 64 for name in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        inline_keyboard(result.get("reply_markup"))
    answer = {
        "results": results,
        "next_offset": params.text("next_offset"),
        "cache_time": params.integer("cache_time", 300),
        "is_personal": params.flag("is_personal"),
    }
    room.questions.answer(params.text("inline_query_id"), answer)
    return True

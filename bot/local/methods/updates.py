"""Methods for updates: getUpdates, webhooks, and the answers to pressed buttons and inline queries."""

from bot.local.methods.message_parts import inline_keyboard, inline_text
from bot.local.refusals import JSON, bad_request, conflict
from bot.local.requests import Params
from bot.local.state import ServerState

MAX_NOTICE_CHARS = 200
MAX_INLINE_RESULTS = 50
MAX_RESULT_ID_BYTES = 64
MAX_UPDATES_PER_POLL = 100
MAX_POLL_SECONDS = 50


async def answer_callback_query(state: ServerState, params: Params) -> bool:
    notice = params.text("text")
    if len(notice) > MAX_NOTICE_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": notice, "show_alert": params.flag("show_alert"), "url": params.text("url")}
    state.queries.answer(params.text("callback_query_id"), answer)
    return True


async def answer_inline_query(state: ServerState, params: Params) -> bool:
    results = params.array("results")
    if results is None:
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > MAX_INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result.get("id") for result in results]
    if not all(isinstance(name, str) and 1 <= len(name.encode()) <= MAX_RESULT_ID_BYTES for name in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        inline_keyboard(result.get("reply_markup"))
        inline_text(result)
    answer = {
        "results": results,
        "next_offset": params.text("next_offset"),
        "cache_time": params.integer("cache_time", 300),
        "is_personal": params.flag("is_personal"),
    }
    state.queries.answer(params.text("inline_query_id"), answer)
    return True


async def get_updates(state: ServerState, params: Params) -> list[JSON]:
    if state.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allow(state, params.array("allowed_updates", str))
    state.updates.confirm(params.integer("offset", 0))
    limit = min(max(params.integer("limit", MAX_UPDATES_PER_POLL), 1), MAX_UPDATES_PER_POLL)
    return await state.updates.poll(limit, min(max(params.integer("timeout", 0), 0), MAX_POLL_SECONDS))


async def set_webhook(state: ServerState, params: Params) -> bool:
    _allow(state, params.array("allowed_updates", str))
    if params.flag("drop_pending_updates"):
        state.updates.clear()
    await state.webhook.set(params.text("url"), params.text("secret_token"))
    return True


async def delete_webhook(state: ServerState, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        state.updates.clear()
    await state.webhook.set("", "")
    return True


async def get_webhook_info(state: ServerState, params: Params) -> JSON:  # noqa: ARG001  all methods have this signature
    return state.webhook.to_json()


def _allow(state: ServerState, kinds: list[str] | None) -> None:
    # Without the parameter the previous setting is kept; an empty list means the default kinds.
    if kinds is not None:
        state.updates.allow(kinds)

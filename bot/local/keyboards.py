"""Inline keyboards: what Telegram accepts, checked button by button."""

import re
from typing import Any

from bot.local.answers import JSON, bad_request

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_URL = re.compile(r"(?:https?://|tg://)[^\s]+", re.IGNORECASE)
_MOST_BUTTONS = 100


def inline_keyboard(markup: Any) -> JSON | None:
    """The inline keyboard of a `reply_markup`; None where there is none or it is of another kind."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    kept = [[_checked(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def _checked(button: Any) -> JSON:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text is empty")
    # An empty switch_inline_query opens the bot's inline mode; all other actions need a value.
    actions = [name for name in _ACTIONS if button.get(name) or (name.startswith("switch_") and name in button)]
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not actions
            else "can't parse inline keyboard button: exactly one action must be used"
        )
    _check_action(actions[0], button[actions[0]])
    return dict(button)


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data" and len(str(value).encode("utf-8", "surrogatepass")) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not _URL.fullmatch(str(value)):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")

"""Methods that send, edit and delete text messages, photos and documents."""

import re
from typing import Any

from bot.local.chats import BOT, Chat
from bot.local.entities import FormattedText, entities_from_json, with_found_entities
from bot.local.markdown import parse_markdown, parse_markdown_v2
from bot.local.markup import parse_html
from bot.local.messages import Message, StoredFile, Upload
from bot.local.refusals import JSON, bad_request
from bot.local.requests import Params
from bot.local.state import ServerState

_BUTTON_KINDS = (
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
_ATTACHED = "attach://"
_URL = re.compile(r"(?:https?://|tg://)[^\s]+", re.IGNORECASE)
MAX_BUTTONS = 100
MAX_CALLBACK_DATA_BYTES = 64
MAX_TEXT_UNITS = 4096
"""Maximum length of a text without markup, in UTF-16 units."""
MAX_CAPTION_UNITS = 1024
"""Maximum length of a caption without markup, in UTF-16 units."""
_CHAT_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
DELETABLE_SECONDS = 48 * 3600
"""Age in seconds up to which the bot may delete a message."""


def inline_keyboard(markup: Any) -> JSON | None:
    """Return the inline keyboard of a `reply_markup`, None if it has none; raise a 400 if the keyboard is invalid."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    checked = [[_check_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": checked} if checked else None


def _check_button(button: Any) -> JSON:
    """Return a copy of the button; raise a 400 if it is invalid."""
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text is empty")
    # Only the switch_… actions may be empty: they then start inline mode without a query.
    actions = [name for name in _BUTTON_KINDS if button.get(name) or (name.startswith("switch_") and name in button)]
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not actions
            else "can't parse inline keyboard button: exactly one action must be used"
        )
    _check_action(actions[0], button[actions[0]])
    return dict(button)


def _check_action(action: str, value: Any) -> None:
    """Raise a 400 for callback data that is too long and for a URL that is invalid."""
    if action == "callback_data" and len(str(value).encode("utf-8", "surrogatepass")) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not _URL.fullmatch(str(value)):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")


def message_text(params: Params) -> FormattedText:
    """Return the formatted text of a request; raise a 400 if the text without markup is empty or too long."""
    raw = params.text("text")
    if not raw:
        raise bad_request("message text is empty")
    rich = format_text(raw, params.text("parse_mode"), params.array("entities"))
    if not rich.text:
        raise bad_request("text must be non-empty")
    if len(rich) > MAX_TEXT_UNITS:
        raise bad_request("message is too long")
    return rich


def media_caption(params: Params) -> FormattedText:
    """Return the formatted caption of a request, which may be empty; raise a 400 if it is too long."""
    return format_caption(params.text("caption"), params.text("parse_mode"), params.array("caption_entities"))


def format_caption(raw: str, parse_mode: str, entities: list[JSON] | None) -> FormattedText:
    rich = format_text(raw, parse_mode, entities)
    if len(rich) > MAX_CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return rich


_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}


def format_text(raw: str, parse_mode: str, entities: list[JSON] | None) -> FormattedText:
    """Return a text formatted by its parse mode, or by `entities` if there is no parse mode."""
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        return with_found_entities(raw, entities_from_json(entities or ()))
    if mode not in _PARSERS:
        raise bad_request("unsupported parse_mode")
    return with_found_entities(*_PARSERS[mode](raw))


def replied_message(state: ServerState, chat: Chat, params: Params) -> Message | None:
    """Return the message to reply to, if any; raise a 400 if it does not exist, unless the request allows that."""
    parameters = params.object("reply_parameters")
    if not parameters:
        return None
    message = state.messages.get(chat, parameters.get("message_id", 0))
    if message is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def message_thread(chat: Chat, params: Params) -> int | None:
    """Return the thread id of the message's forum topic; None in General and in chats without topics."""
    if params.values.get("message_thread_id") is None:
        return None
    thread = params.integer("message_thread_id")
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return thread


def own_message(state: ServerState, params: Params, verb: str = "edit") -> Message:
    """Return the message to edit; raise a 400 if it does not exist or the bot did not send it."""
    chat = state.writable_chat(params.chat_id())
    message = state.messages.get(chat, params.integer("message_id", 0))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.sender != BOT:
        raise bad_request("message can't be edited")
    return message


async def send_message(state: ServerState, params: Params) -> JSON:
    chat = state.writable_chat(params.chat_id())
    keyboard = inline_keyboard(params.object("reply_markup"))
    message = state.messages.add(
        chat,
        BOT,
        content=message_text(params),
        keyboard=keyboard,
        reply_to=replied_message(state, chat, params),
        thread=message_thread(chat, params),
    )
    return message.to_json()


async def edit_message_text(state: ServerState, params: Params) -> JSON:
    message = own_message(state, params)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return edit_message(state, message, message_text(params), inline_keyboard(params.object("reply_markup")), None)


async def edit_message_reply_markup(state: ServerState, params: Params) -> JSON:
    message = own_message(state, params)
    keyboard = inline_keyboard(params.object("reply_markup"))
    return edit_message(state, message, message.content, keyboard, message.file)


def edit_message(
    state: ServerState, message: Message, rich: FormattedText, keyboard: JSON | None, file: StoredFile | None
) -> JSON:
    """Change a message; raise a 400 if nothing would change, as Telegram does."""
    parts: dict[str, Any] = {"content": rich, "keyboard": keyboard, "file": file}
    if all(getattr(message, name) == value for name, value in parts.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    return state.messages.edit(message, **parts).to_json()


async def delete_message(state: ServerState, params: Params) -> bool:
    chat = state.writable_chat(params.chat_id())
    message = state.messages.get(chat, params.integer("message_id", 0))
    if message is None:
        raise bad_request("message to delete not found")
    # In a private chat the bot may delete all messages; in other chats only its own messages.
    others = message.sender != BOT and chat.type != "private"
    if others or state.messages.now() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted")
    state.messages.delete(message)
    return True


async def send_chat_action(state: ServerState, params: Params) -> bool:
    chat = state.writable_chat(params.chat_id())
    action = params.text("action")
    if action not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    state.events.publish("typing", {"chat_id": chat.id, "action": action})
    return True


async def send_photo(state: ServerState, params: Params) -> JSON:
    return _send(state, params, "photo")


async def send_document(state: ServerState, params: Params) -> JSON:
    return _send(state, params, "document")


def _send(state: ServerState, params: Params, kind: str) -> JSON:
    chat = state.writable_chat(params.chat_id())
    if kind == "photo" and chat.id in state.faults.no_photos:
        raise bad_request("not enough rights to send photos to the chat")
    caption = media_caption(params)
    keyboard = inline_keyboard(params.object("reply_markup"))
    reply_to, thread = replied_message(state, chat, params), message_thread(chat, params)
    # Store the file last, so that a request refused for another reason stores no file.
    file = _file(state, params, params.uploads.get(kind) or params.text(kind), kind)
    parts = {"content": caption, "file": file, "keyboard": keyboard, "reply_to": reply_to, "thread": thread}
    message = state.messages.add(chat, BOT, **parts)
    return message.to_json()


async def edit_message_caption(state: ServerState, params: Params) -> JSON:
    message = own_message(state, params)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    keyboard = inline_keyboard(params.object("reply_markup"))
    return edit_message(state, message, media_caption(params), keyboard, message.file)


async def edit_message_media(state: ServerState, params: Params) -> JSON:
    message = own_message(state, params)
    media = params.object("media")
    if media is None or media.get("type") not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: only photos and documents are supported here")
    caption = format_caption(
        str(media.get("caption") or ""), str(media.get("parse_mode") or ""), media.get("caption_entities")
    )
    keyboard = inline_keyboard(params.object("reply_markup"))
    file = _file(state, params, media.get("media"), media["type"])
    return edit_message(state, message, caption, keyboard, file)


def _file(state: ServerState, params: Params, source: Any, kind: str) -> StoredFile:
    """Return the file given by `source`: an upload, `attach://` with the name of an upload, or the id of a file."""
    if isinstance(source, str) and source.startswith(_ATTACHED):
        source = params.uploads.get(source.removeprefix(_ATTACHED))
    if isinstance(source, Upload):
        return state.files.store(source, photo=kind == "photo")
    if not source:
        raise bad_request(f"there is no {kind} in the request")
    if str(source).startswith(("http://", "https://")):
        # The local server connects to no other machine.
        raise bad_request("failed to get HTTP URL content")
    known = state.files.get(str(source))
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.is_photo != (kind == "photo"):
        raise bad_request(f"type of file mismatch: a {kind} is expected")
    return known


async def get_file(state: ServerState, params: Params) -> JSON:
    file = state.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {**file.to_json(), "file_path": file.path}

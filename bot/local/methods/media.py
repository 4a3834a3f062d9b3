"""Methods for photos and documents: send, edit caption or media, getFile."""

from typing import Any

from bot.local.chats import BOT
from bot.local.files import StoredFile, Upload
from bot.local.methods import text_messages
from bot.local.methods.text_messages import edit_message, inline_keyboard
from bot.local.params import Params
from bot.local.refusals import JSON, bad_request
from bot.local.state import ServerState

_ATTACHED = "attach://"


async def send_photo(state: ServerState, params: Params) -> JSON:
    return _send(state, params, "photo")


async def send_document(state: ServerState, params: Params) -> JSON:
    return _send(state, params, "document")


def _send(state: ServerState, params: Params, kind: str) -> JSON:
    chat = state.writable_chat(params.chat_id())
    if kind == "photo" and chat.id in state.faults.no_photos:
        raise bad_request("not enough rights to send photos to the chat")
    caption = text_messages.media_caption(params)
    keyboard = inline_keyboard(params.object("reply_markup"))
    reply_to, thread = text_messages.replied_message(state, chat, params), text_messages.message_thread(chat, params)
    # Last, so that a request refused for another reason stores no file.
    file = _file(state, params, params.uploads.get(kind) or params.text(kind), kind)
    parts = {"content": caption, "file": file, "keyboard": keyboard, "reply_to": reply_to, "thread": thread}
    message = state.messages.add(chat, BOT, **parts)
    return message.to_json()


async def edit_message_caption(state: ServerState, params: Params) -> JSON:
    message = text_messages.own_message(state, params)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    keyboard = inline_keyboard(params.object("reply_markup"))
    return edit_message(state, message, text_messages.media_caption(params), keyboard, message.file)


async def edit_message_media(state: ServerState, params: Params) -> JSON:
    message = text_messages.own_message(state, params)
    media = params.object("media")
    if media is None or media.get("type") not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: only photos and documents are supported here")
    caption = text_messages.format_caption(
        str(media.get("caption") or ""), str(media.get("parse_mode") or ""), media.get("caption_entities")
    )
    keyboard = inline_keyboard(params.object("reply_markup"))
    file = _file(state, params, media.get("media"), media["type"])
    return edit_message(state, message, caption, keyboard, file)


def _file(state: ServerState, params: Params, source: Any, kind: str) -> StoredFile:
    """Return the file that a parameter names: an upload, `attach://name`, or the id of an earlier file."""
    if isinstance(source, str) and source.startswith(_ATTACHED):
        source = params.uploads.get(source.removeprefix(_ATTACHED))
    if isinstance(source, Upload):
        return state.files.store(source, photo=kind == "photo")
    if not source:
        raise bad_request(f"there is no {kind} in the request")
    if str(source).startswith(("http://", "https://")):
        # The server opens no connection to other machines.
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

"""Methods that send, edit, forward, copy and delete messages, and getFile."""

import secrets
from dataclasses import replace
from typing import Any

from bot.local.chats import BOT, Chat
from bot.local.entities import FormattedText
from bot.local.files import MAX_DOWNLOAD_BYTES, StoredFile
from bot.local.messages import Message
from bot.local.methods.message_parts import (
    MediaItem,
    keyboard,
    media_caption,
    media_item,
    message_file,
    message_ids,
    message_text,
    message_thread,
    replied_message,
)
from bot.local.refusals import JSON, bad_request
from bot.local.requests import Params
from bot.local.state import ServerState

_CHAT_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
DELETABLE_SECONDS = 48 * 3600
"""Age in seconds up to which the bot may delete a message."""
MAX_ALBUM_SIZE = 10


def _target(state: ServerState, params: Params) -> dict[str, Any]:
    """Return the parts of a new message that all sending methods share: chat, sender, topic, reply, protection."""
    chat = state.writable_chat(params.chat_id())
    return {
        "chat": chat,
        "sender": BOT,
        "thread": message_thread(chat, params),
        "reply_to": replied_message(state, chat, params),
        "is_protected": params.flag("protect_content"),
    }


async def send_message(state: ServerState, params: Params) -> JSON:
    content, markup = message_text(params), keyboard(params)
    return state.messages.add(**_target(state, params), content=content, keyboard=markup).to_json()


async def send_photo(state: ServerState, params: Params) -> JSON:
    return _send_file(state, params, "photo")


async def send_document(state: ServerState, params: Params) -> JSON:
    return _send_file(state, params, "document")


def _send_file(state: ServerState, params: Params, kind: str) -> JSON:
    caption, markup = media_caption(params), keyboard(params)
    target = _target(state, params)
    if kind == "photo":
        _check_photos_allowed(state, target["chat"])
    # Store the file last, so that a request refused for another reason stores no file.
    file = message_file(state, params, params.uploads.get(kind) or params.text(kind), kind)
    return state.messages.add(**target, content=caption, file=file, keyboard=markup).to_json()


def _check_photos_allowed(state: ServerState, chat: Chat) -> None:
    if chat.id in state.faults.no_photos:
        raise bad_request("not enough rights to send photos to the chat")


async def send_media_group(state: ServerState, params: Params) -> list[JSON]:
    if not params.text("media"):
        raise bad_request('parameter "media" is required')
    items = params.structure("media")
    if items is None:  # null
        items = []
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    media = [media_item(item, params) for item in items]
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > MAX_ALBUM_SIZE:
        raise bad_request("too many messages to send as an album")
    if len({item.kind for item in media}) > 1:
        raise bad_request("document can't be mixed with other media types")
    return _send_album(state, params, media)


def _send_album(state: ServerState, params: Params, media: list[MediaItem]) -> list[JSON]:
    target, album = _target(state, params), _new_album() if len(media) > 1 else ""
    if media[0].kind == "photo":
        _check_photos_allowed(state, target["chat"])
    files = [message_file(state, params, item.source, item.kind) for item in media]
    sent = (
        state.messages.add(**target, content=item.caption, file=file, album=album)
        for item, file in zip(media, files, strict=True)
    )
    return [message.to_json() for message in sent]


def _new_album() -> str:
    return str(secrets.randbits(53))


def _own_message(state: ServerState, params: Params) -> Message:
    """Return the message to edit; raise a 400 if it does not exist or the bot did not send it."""
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")  # the page does not show messages that were sent in other chats
    if not params.text("chat_id") and not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    chat = state.writable_chat(params.chat_id())
    message = state.messages.get(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != BOT or message.origin:
        raise bad_request("message can't be edited")
    return message


async def edit_message_text(state: ServerState, params: Params) -> JSON:
    content, markup = message_text(params, too_long="MESSAGE_TOO_LONG"), keyboard(params, of_edit=True)
    message = _own_message(state, params)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _edit(state, message, content, markup, None)


async def edit_message_reply_markup(state: ServerState, params: Params) -> JSON:
    markup = keyboard(params, of_edit=True)
    message = _own_message(state, params)
    return _edit(state, message, message.content, markup, message.file)


async def edit_message_caption(state: ServerState, params: Params) -> JSON:
    caption, markup = media_caption(params, too_long="MEDIA_CAPTION_TOO_LONG"), keyboard(params, of_edit=True)
    message = _own_message(state, params)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edit(state, message, caption, markup, message.file)


async def edit_message_media(state: ServerState, params: Params) -> JSON:
    if not params.text("media"):
        raise bad_request("input media not specified")
    item, markup = media_item(params.structure("media"), params), keyboard(params, of_edit=True)
    message = _own_message(state, params)
    return _edit(state, message, item.caption, markup, message_file(state, params, item.source, item.kind))


def _edit(
    state: ServerState, message: Message, content: FormattedText, markup: JSON | None, file: StoredFile | None
) -> JSON:
    """Change a message; raise a 400 if nothing would change, as Telegram does."""
    parts: dict[str, Any] = {"content": content, "keyboard": markup, "file": file}
    if all(getattr(message, name) == value for name, value in parts.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    return state.messages.edit(message, **parts).to_json()


async def forward_message(state: ServerState, params: Params) -> JSON:
    message = _source(state, params, "forward")
    return _repeat(state, _target(state, params), message, origin=message.origin_json()).to_json()


async def copy_message(state: ServerState, params: Params) -> JSON:
    message, markup = _source(state, params, "copy"), keyboard(params)
    if message.file and "caption" in params.values:
        message = replace(message, content=media_caption(params))
    return {"message_id": _repeat(state, _target(state, params), message, keyboard=markup).id}


async def forward_messages(state: ServerState, params: Params) -> list[JSON]:
    return [{"message_id": message.id} for message in _repeat_all(state, params, forward=True)]


async def copy_messages(state: ServerState, params: Params) -> list[JSON]:
    return [{"message_id": message.id} for message in _repeat_all(state, params, forward=False)]


def _source(state: ServerState, params: Params, verb: str) -> Message:
    """Return the message to forward or copy; raise a 400 if it does not exist or is protected."""
    message = state.messages.get(state.chat(params.chat_id("from_chat_id")), params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.is_protected:
        raise bad_request(f"the message can't be {'forwarded' if verb == 'forward' else 'copied'}")
    return message


def _repeat_all(state: ServerState, params: Params, *, forward: bool) -> list[Message]:
    """Forward or copy several messages; those that do not exist or are protected are left out."""
    params.chat_id("from_chat_id")
    ids = message_ids(params)
    chat = state.chat(params.chat_id("from_chat_id"))
    if ids != sorted(set(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    found = [message for message_id in ids if (message := state.messages.get(chat, message_id))]
    messages = [message for message in found if not message.is_protected]
    if not messages:
        raise bad_request("messages can't be forwarded" if found else "there are no messages to forward")
    if not forward and params.flag("remove_caption"):
        messages = [replace(message, content=FormattedText()) if message.file else message for message in messages]
    target, albums = _target(state, params), {message.album: _new_album() for message in messages if message.album}
    return [
        _repeat(
            state,
            target,
            message,
            origin=message.origin_json() if forward else None,
            album=albums.get(message.album, ""),
        )
        for message in messages
    ]


def _repeat(state: ServerState, target: dict[str, Any], message: Message, **parts: Any) -> Message:
    """Send the content of a message again, without its keyboard."""
    if message.file and message.file.is_photo:
        _check_photos_allowed(state, target["chat"])
    return state.messages.add(**target, content=message.content, file=message.file, **parts)


async def delete_message(state: ServerState, params: Params) -> bool:
    chat = state.writable_chat(params.chat_id())
    message = state.messages.get(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    return _delete(state, [message])


async def delete_messages(state: ServerState, params: Params) -> bool:
    ids = message_ids(params)
    chat = state.writable_chat(params.chat_id())
    found = (state.messages.get(chat, message_id) for message_id in dict.fromkeys(ids))
    return _delete(state, [message for message in found if message])


def _delete(state: ServerState, messages: list[Message]) -> bool:
    """Delete all messages, or raise a 400 and delete none: outside private chats the bot may delete only its own."""
    for message in messages:
        others = message.sender != BOT and message.chat.type != "private"
        if others or state.messages.now() - message.date > DELETABLE_SECONDS:
            raise bad_request("message can't be deleted")
    for message in messages:
        state.messages.delete(message)
    return True


async def send_chat_action(state: ServerState, params: Params) -> bool:
    action = params.text("action")
    if action not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = state.writable_chat(params.chat_id())
    state.events.publish("typing", {"chat_id": chat.id, "action": action})
    return True


async def get_file(state: ServerState, params: Params) -> JSON:
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    file = state.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.to_json(), "file_path": file.path}

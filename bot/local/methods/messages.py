"""Text messages: sent, edited, deleted, announced by "typing"."""

from typing import Any

from bot.local.answers import JSON, bad_request
from bot.local.entities import Rich
from bot.local.files import StoredFile
from bot.local.history import Message
from bot.local.keyboards import inline_keyboard
from bot.local.methods import content
from bot.local.params import Params
from bot.local.room import Room
from bot.local.world import BOT

_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
_DELETABLE_FOR = 48 * 3600


async def send_message(room: Room, params: Params) -> JSON:
    chat = room.open_chat(params.chat_id())
    keyboard = inline_keyboard(params.object("reply_markup"))
    message = room.history.add(
        chat,
        BOT,
        content=content.text(params),
        keyboard=keyboard,
        reply_to=content.replied(room, chat, params),
        thread=content.thread(chat, params),
    )
    return message.to_json()


async def edit_message_text(room: Room, params: Params) -> JSON:
    message = content.own_message(room, params)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return edited(room, message, content.text(params), inline_keyboard(params.object("reply_markup")), None)


async def edit_message_reply_markup(room: Room, params: Params) -> JSON:
    message = content.own_message(room, params)
    keyboard = inline_keyboard(params.object("reply_markup"))
    return edited(room, message, message.content, keyboard, message.file)


def edited(room: Room, message: Message, rich: Rich, keyboard: JSON | None, file: StoredFile | None) -> JSON:
    """The message with its new content; to change nothing is an error, as at Telegram."""
    parts: dict[str, Any] = {"content": rich, "keyboard": keyboard, "file": file}
    if all(getattr(message, name) == value for name, value in parts.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    return room.history.change(message, **parts).to_json()


async def delete_message(room: Room, params: Params) -> bool:
    chat = room.open_chat(params.chat_id())
    message = room.history.get(chat, params.integer("message_id", 0))
    if message is None:
        raise bad_request("message to delete not found")
    # In a group the bot is no administrator; in a private chat it may delete what both have written.
    others = message.sender != BOT and chat.type != "private"
    if others or room.history.now() - message.date > _DELETABLE_FOR:
        raise bad_request("message can't be deleted")
    room.history.remove(message)
    return True


async def send_chat_action(room: Room, params: Params) -> bool:
    chat = room.open_chat(params.chat_id())
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    room.events.tell("typing", {"chat_id": chat.id, "action": action})
    return True

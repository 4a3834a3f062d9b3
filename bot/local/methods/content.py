"""What several methods share: the text or caption of a request, and the messages it speaks of."""

from bot.local import html
from bot.local.answers import JSON, bad_request
from bot.local.entities import Entity, Rich, finished, from_json
from bot.local.history import Message
from bot.local.params import Params
from bot.local.room import Room
from bot.local.world import BOT, Chat

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def text(params: Params) -> Rich:
    """The text of a message: there must be some, and not too much once its entities are taken out."""
    rich = formatted(params.text("text"), params.text("parse_mode"), params.array("entities"))
    if not rich.text:
        raise bad_request("message text is empty")
    if len(rich) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return rich


def caption(params: Params) -> Rich:
    """The caption of a file; there need not be one."""
    return checked_caption(params.text("caption"), params.text("parse_mode"), params.array("caption_entities"))


def checked_caption(raw: str, parse_mode: str, entities: list[JSON] | None) -> Rich:
    rich = formatted(raw, parse_mode, entities)
    if len(rich) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return rich


def formatted(raw: str, parse_mode: str, entities: list[JSON] | None) -> Rich:
    """A text as its parse mode says; entities that come beside it count only without one."""
    marked: list[Entity] = []
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        raw, marked = html.parse(raw)
    elif entities:
        marked = from_json(raw, entities)
    return finished(raw, marked)


def replied(room: Room, chat: Chat, params: Params) -> Message | None:
    """The message that this one answers."""
    asked = params.object("reply_parameters")
    if not asked:
        return None
    message = room.history.get(chat, asked.get("message_id", 0))
    if message is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def thread(chat: Chat, params: Params) -> int | None:
    """The topic of a forum that a message goes to; the General topic is addressed without one."""
    if params.values.get("message_thread_id") is None:
        return None
    asked = params.integer("message_thread_id")
    if asked not in chat.topics:
        raise bad_request("message thread not found")
    return asked


def own_message(room: Room, params: Params, verb: str = "edit") -> Message:
    """The bot's message that is to be edited."""
    chat = room.open_chat(params.chat_id())
    message = room.history.get(chat, params.integer("message_id", 0))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.sender != BOT:
        raise bad_request("message can't be edited")
    return message

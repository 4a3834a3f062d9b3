"""User actions on the chat page, with the same effects on messages and the same updates as in Telegram."""

import mimetypes

from bot.local.chats import BOT, Chat, User
from bot.local.entities import with_found_entities
from bot.local.files import Upload
from bot.local.messages import Message
from bot.local.methods.message_parts import inline_keyboard, inline_text
from bot.local.methods.profile import change_membership
from bot.local.refusals import JSON
from bot.local.state import ServerState, wait_for_answer

MAX_TYPED_CHARS = 4096
"""Telegram's clients limit typed text in characters, not UTF-16 units, so 4096 emoji fit into one message."""


class ActionRefused(Exception):
    """Raised for an invalid request or an action that Telegram would not allow; the page shows the reason unchanged."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def send_text(
    state: ServerState, chat: Chat, user: User, text: str, reply_to: int | None, *, thread: int | None = None
) -> Message:
    """Send a text message; `thread` is the thread id of a forum topic."""
    _require_bot(state, chat)
    if thread is not None and thread not in chat.topics:
        raise ActionRefused(404, f"there is no topic {thread} in chat {chat.id}")
    content = with_found_entities(text, ())
    if not 1 <= len(content.text) <= MAX_TYPED_CHARS:
        raise ActionRefused(400, f"一条消息有 1 到 {MAX_TYPED_CHARS} 个字，这条有 {len(content.text)} 个")
    replied_to = state.messages.get(chat, reply_to) if reply_to else None
    message = state.messages.add(chat, user, content=content, reply_to=replied_to, thread=thread)
    _push_message(state, message)
    return message


def send_file(state: ServerState, chat: Chat, user: User, name: str, content: bytes) -> Message:
    """Send a file as a document."""
    _require_bot(state, chat)
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    message = state.messages.add(chat, user, file=state.files.store(Upload(name, mime, content), photo=False))
    _push_message(state, message)
    return message


async def press_button(state: ServerState, chat: Chat, user: User, message_id: int, data: str, *, wait: float) -> JSON:
    """Press a button; return the bot's answer, or `answered: false` if none comes within `wait` seconds."""
    message = state.messages.get(chat, message_id)
    if message is None:
        raise ActionRefused(404, "这条消息已经不在了")
    query = state.queries.open()
    state.updates.push(
        "callback_query",
        {
            "id": query.id,
            "from": user.to_json(),
            "message": message.to_json(),
            "chat_instance": str(chat.id),
            "data": data,
        },
    )
    answer = await wait_for_answer(query, wait)
    return {"answered": answer is not None, **(answer or {"text": "", "show_alert": False, "url": ""})}


async def send_inline_query(
    state: ServerState, chat: Chat, user: User, query: str, offset: str, *, wait: float
) -> JSON:
    """Send an inline query; return the bot's results, or `answered: false` if none come within `wait` seconds."""
    pending = state.queries.open()
    state.updates.push(
        "inline_query",
        {
            "id": pending.id,
            "from": user.to_json(),
            "query": query,
            "offset": offset,
            "chat_type": chat.type,
        },
    )
    answer = await wait_for_answer(pending, wait)
    return {"answered": answer is not None, **(answer or {"results": [], "next_offset": ""})}


def send_inline_result(state: ServerState, chat: Chat, user: User, query: str, result: JSON) -> Message:
    """Post a chosen inline result; only text results are supported."""
    _require_bot(state, chat)
    content, keyboard = inline_text(result), inline_keyboard(result.get("reply_markup"))
    if content is None:
        raise ActionRefused(400, "这里只能发出文字的结果")
    message = state.messages.add(chat, user, content=content, keyboard=keyboard, via_bot=True)
    chosen = {"result_id": str(result.get("id", "")), "from": user.to_json(), "query": query}
    state.updates.push("chosen_inline_result", chosen)
    _push_message(state, message)
    return message


def delete_message(state: ServerState, chat: Chat, message_id: int) -> None:
    """Delete a message; the bot gets no update, as in Telegram."""
    message = state.messages.get(chat, message_id)
    if message is None:
        raise ActionRefused(404, "这条消息已经不在了")
    state.messages.delete(message)


def set_blocked(state: ServerState, chat: Chat, user: User, *, blocked: bool) -> None:
    """Block or unblock the bot in a private chat; remove it from a group or channel, or add it again."""
    if blocked == (chat.id in state.removed_from):
        return
    change_membership(state, chat, user, "kicked" if blocked else "member")


def _push_message(state: ServerState, message: Message) -> None:
    """Queue the update of a user's message, unless privacy mode withholds the message from the bot."""
    if message.chat.type == "channel":
        state.updates.push("channel_post", message.to_json())
    elif message.chat.type == "private" or not state.privacy_mode or _passes_privacy_mode(message):
        state.updates.push("message", message.to_json())


def _passes_privacy_mode(message: Message) -> bool:
    """True for a message via the bot, a reply to it, and a command that is addressed to it or, at the start, to nobody.

    To a bot that is not the last bot that wrote in the group, Telegram passes on only addressed commands; here the bot
    is the only one. A plain mention is not passed on.
    """
    replied_to = message.reply_to
    if message.via_bot or (replied_to and (replied_to.sender == BOT or replied_to.via_bot)):
        return True
    commands = (entity for entity in message.content.entities if entity.type == "bot_command")
    addressees = ((entity.offset, message.content.part(entity).partition("@")[2].lower()) for entity in commands)
    return any(name == BOT.username or (name == "" and offset == 0) for offset, name in addressees)


def _require_bot(state: ServerState, chat: Chat) -> None:
    """Raise ActionRefused if the chat has blocked or removed the bot."""
    if chat.id in state.removed_from:
        raise ActionRefused(409, "机器人不在这里；先让它回来")

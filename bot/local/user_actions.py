"""What people do in their chats; each deed reaches the bot as the update that Telegram would make of it."""

import mimetypes

from bot.local.chats import BOT, Chat, User
from bot.local.entities import with_found_entities
from bot.local.errors import JSON
from bot.local.files import Upload
from bot.local.messages import Message
from bot.local.methods.chats import bot_member
from bot.local.methods.text_messages import formatted
from bot.local.state import ServerState, wait_for_answer

LONGEST_TEXT = 4096


class ActionRefused(Exception):
    """A deed that a chat client would not let its user do; the page shows the reason as it stands."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def send_text(
    state: ServerState, chat: Chat, user: User, text: str, reply_to: int | None, *, thread: int | None = None
) -> Message:
    """Write a message, in a forum to one of its topics."""
    _present(state, chat)
    if thread is not None and thread not in chat.topics:
        raise ActionRefused(404, f"there is no topic {thread} in chat {chat.id}")
    content = with_found_entities(text, ())
    # A client counts what its user typed in characters, so that 4096 emoji are one message.
    if not 1 <= len(content.text) <= LONGEST_TEXT:
        raise ActionRefused(400, f"一条消息有 1 到 {LONGEST_TEXT} 个字，这条有 {len(content.text)} 个")
    answered = state.messages.get(chat, reply_to) if reply_to else None
    message = state.messages.add(chat, user, content=content, reply_to=answered, thread=thread)
    state.updates.push("message", message.to_json())
    return message


def send_file(state: ServerState, chat: Chat, user: User, name: str, content: bytes) -> Message:
    """Send a file as it is."""
    _present(state, chat)
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    message = state.messages.add(chat, user, file=state.files.store(Upload(name, mime, content), photo=False))
    state.updates.push("message", message.to_json())
    return message


async def press_button(state: ServerState, chat: Chat, user: User, message_id: int, data: str, *, wait: float) -> JSON:
    """Press a button and wait for the bot's answer to it."""
    message = state.messages.get(chat, message_id)
    if message is None:
        raise ActionRefused(404, "这条消息已经不在了")
    question = state.queries.open()
    state.updates.push(
        "callback_query",
        {
            "id": question.id,
            "from": user.to_json(),
            "message": message.to_json(),
            "chat_instance": str(chat.id),
            "data": data,
        },
    )
    answer = await wait_for_answer(question, wait)
    return {"answered": answer is not None, **(answer or {"text": "", "show_alert": False, "url": ""})}


async def send_inline_query(
    state: ServerState, chat: Chat, user: User, query: str, offset: str, *, wait: float
) -> JSON:
    """Type `@bot query` and wait for the results."""
    question = state.queries.open()
    state.updates.push(
        "inline_query",
        {
            "id": question.id,
            "from": user.to_json(),
            "query": query,
            "offset": offset,
            "chat_type": chat.type,
        },
    )
    answer = await wait_for_answer(question, wait)
    return {"answered": answer is not None, **(answer or {"results": [], "next_offset": ""})}


def send_inline_result(state: ServerState, chat: Chat, user: User, query: str, result: JSON) -> Message:
    """Send one of the results; only a result that becomes a text can be sent here."""
    _present(state, chat)
    made = result.get("input_message_content") or {}
    if "message_text" not in made:
        raise ActionRefused(400, "这里只能发出文字的结果")
    content = formatted(made["message_text"], made.get("parse_mode", ""), made.get("entities"))
    keyboard = result.get("reply_markup")
    message = state.messages.add(chat, user, content=content, keyboard=keyboard, via_bot=True)
    chosen = {"result_id": result.get("id", ""), "from": user.to_json(), "query": query}
    state.updates.push("chosen_inline_result", chosen)
    state.updates.push("message", message.to_json())
    return message


def delete_message(state: ServerState, chat: Chat, message_id: int) -> None:
    """Delete a message; the bot is not told, as it is not at Telegram."""
    message = state.messages.get(chat, message_id)
    if message is None:
        raise ActionRefused(404, "这条消息已经不在了")
    state.messages.delete(message)


def set_blocked(state: ServerState, chat: Chat, user: User, *, blocked: bool) -> None:
    """Block the bot or put it out of the group; or let it in again."""
    if blocked == (chat.id in state.removed_from):
        return
    change = state.removed_from.add if blocked else state.removed_from.discard
    change(chat.id)
    out = {"user": BOT.to_json(), "status": "kicked", "until_date": 0}
    member = bot_member(chat)
    state.updates.push(
        "my_chat_member",
        {
            "chat": chat.to_json(),
            "from": user.to_json(),
            "date": state.messages.now(),
            "old_chat_member": member if blocked else out,
            "new_chat_member": out if blocked else member,
        },
    )
    state.events.publish("chat", {"chat_id": chat.id, "blocked": blocked})


def _present(state: ServerState, chat: Chat) -> None:
    if chat.id in state.removed_from:
        raise ActionRefused(409, "机器人不在这里；先让它回来")

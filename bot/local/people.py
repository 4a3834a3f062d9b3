"""What people do in their chats; each deed reaches the bot as the update that Telegram would make of it."""

import mimetypes

from bot.local.entities import finished
from bot.local.errors import JSON
from bot.local.files import Upload
from bot.local.history import Message
from bot.local.methods.chats import bot_member
from bot.local.methods.messages import formatted
from bot.local.state import State, answer_to
from bot.local.world import BOT, Chat, User

LONGEST_TEXT = 4096


class CannotDo(Exception):
    """A deed that a chat client would not let its user do; the page shows the reason as it stands."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def say(room: State, chat: Chat, user: User, text: str, reply_to: int | None, *, thread: int | None = None) -> Message:
    """Write a message, in a forum to one of its topics."""
    _present(room, chat)
    if thread is not None and thread not in chat.topics:
        raise CannotDo(404, f"there is no topic {thread} in chat {chat.id}")
    content = finished(text, ())
    # A client counts what its user typed in characters, so that 4096 emoji are one message.
    if not 1 <= len(content.text) <= LONGEST_TEXT:
        raise CannotDo(400, f"一条消息有 1 到 {LONGEST_TEXT} 个字，这条有 {len(content.text)} 个")
    answered = room.history.get(chat, reply_to) if reply_to else None
    message = room.history.add(chat, user, content=content, reply_to=answered, thread=thread)
    room.updates.push("message", message.to_json())
    return message


def send_file(room: State, chat: Chat, user: User, name: str, content: bytes) -> Message:
    """Send a file as it is."""
    _present(room, chat)
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    message = room.history.add(chat, user, file=room.files.keep(Upload(name, mime, content), photo=False))
    room.updates.push("message", message.to_json())
    return message


async def press(room: State, chat: Chat, user: User, message_id: int, data: str, *, wait: float) -> JSON:
    """Press a button and wait for the bot's answer to it."""
    message = room.history.get(chat, message_id)
    if message is None:
        raise CannotDo(404, "这条消息已经不在了")
    question = room.questions.ask()
    room.updates.push(
        "callback_query",
        {
            "id": question.id,
            "from": user.to_json(),
            "message": message.to_json(),
            "chat_instance": str(chat.id),
            "data": data,
        },
    )
    answer = await answer_to(question, wait)
    return {"answered": answer is not None, **(answer or {"text": "", "show_alert": False, "url": ""})}


async def ask_inline(room: State, chat: Chat, user: User, query: str, offset: str, *, wait: float) -> JSON:
    """Type `@bot query` and wait for the results."""
    question = room.questions.ask()
    room.updates.push(
        "inline_query",
        {
            "id": question.id,
            "from": user.to_json(),
            "query": query,
            "offset": offset,
            "chat_type": chat.type,
        },
    )
    answer = await answer_to(question, wait)
    return {"answered": answer is not None, **(answer or {"results": [], "next_offset": ""})}


def choose_inline(room: State, chat: Chat, user: User, query: str, result: JSON) -> Message:
    """Send one of the results; only a result that becomes a text can be sent here."""
    _present(room, chat)
    made = result.get("input_message_content") or {}
    if "message_text" not in made:
        raise CannotDo(400, "这里只能发出文字的结果")
    content = formatted(made["message_text"], made.get("parse_mode", ""), made.get("entities"))
    keyboard = result.get("reply_markup")
    message = room.history.add(chat, user, content=content, keyboard=keyboard, via_bot=True)
    chosen = {"result_id": result.get("id", ""), "from": user.to_json(), "query": query}
    room.updates.push("chosen_inline_result", chosen)
    room.updates.push("message", message.to_json())
    return message


def erase(room: State, chat: Chat, message_id: int) -> None:
    """Delete a message; the bot is not told, as it is not at Telegram."""
    message = room.history.get(chat, message_id)
    if message is None:
        raise CannotDo(404, "这条消息已经不在了")
    room.history.remove(message)


def block(room: State, chat: Chat, user: User, *, blocked: bool) -> None:
    """Block the bot or put it out of the group; or let it in again."""
    if blocked == (chat.id in room.away):
        return
    change = room.away.add if blocked else room.away.discard
    change(chat.id)
    out = {"user": BOT.to_json(), "status": "kicked", "until_date": 0}
    member = bot_member(chat)
    room.updates.push(
        "my_chat_member",
        {
            "chat": chat.to_json(),
            "from": user.to_json(),
            "date": room.history.now(),
            "old_chat_member": member if blocked else out,
            "new_chat_member": out if blocked else member,
        },
    )
    room.events.tell("chat", {"chat_id": chat.id, "blocked": blocked})


def _present(room: State, chat: Chat) -> None:
    if chat.id in room.away:
        raise CannotDo(409, "机器人不在这里；先让它回来")

"""Methods for the bot's profile (getMe, commands, names, descriptions) and its chats (getChat, members, leaveChat)."""

import re
from typing import Literal

from bot.local.chats import BOT, DEFAULT_COMMAND_SCOPE, Chat, User, member, text_in_language
from bot.local.refusals import JSON, bad_request, forbidden
from bot.local.requests import Params
from bot.local.state import ServerState

_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
_SCOPES = _CHAT_SCOPES | {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION_CHARS = 256
MAX_NAME_CHARS, MAX_DESCRIPTION_CHARS, MAX_SHORT_DESCRIPTION_CHARS = 64, 512, 120


async def get_me(state: ServerState, params: Params) -> JSON:  # noqa: ARG001  all methods have this signature
    return {
        **BOT.to_json(),
        "first_name": state.profile.names[""],
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def log_out(state: ServerState, params: Params) -> bool:  # noqa: ARG001  all methods have this signature
    return True


async def close(state: ServerState, params: Params) -> bool:  # noqa: ARG001  all methods have this signature
    return True


def _scope(state: ServerState, params: Params) -> JSON:
    """Return the BotCommandScope of a request, with the id of a chat that it names; raise a 400 if it is invalid."""
    scope = params.object("scope") or DEFAULT_COMMAND_SCOPE
    fields = Params(scope)
    kind = fields.text("type")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    checked: JSON = {"type": kind}
    if kind in _CHAT_SCOPES:
        checked["chat_id"] = state.chat(fields.chat_id()).id
    if kind == "chat_member":
        checked["user_id"] = fields.integer("user_id")
    return checked


async def set_my_commands(state: ServerState, params: Params) -> bool:
    commands = params.array("commands")
    if commands is None:
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name, description = command.get("command"), command.get("description")
        if not isinstance(name, str) or not isinstance(description, str):
            wrong = "command" if not isinstance(name, str) else "description"
            raise bad_request(f'can\'t parse BotCommand: Field "{wrong}" must be of type String')
        if not _COMMAND.fullmatch(name.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= MAX_COMMAND_DESCRIPTION_CHARS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = _scope(state, params)
    stored = [
        {"command": command["command"].removeprefix("/"), "description": command["description"]} for command in commands
    ]
    state.profile.set_commands(scope, params.text("language_code"), stored)
    state.events.publish("commands", {})
    return True


async def get_my_commands(state: ServerState, params: Params) -> list[JSON]:
    return state.profile.commands(_scope(state, params), params.text("language_code"))


async def delete_my_commands(state: ServerState, params: Params) -> bool:
    state.profile.delete_commands(_scope(state, params), params.text("language_code"))
    state.events.publish("commands", {})
    return True


def _set_text(texts: dict[str, str], params: Params, name: str, limit: int) -> bool:
    """Set a text for the request's language, or delete it if the new text is empty."""
    text, language = params.text(name), params.text("language_code")
    if len(text) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


async def set_my_name(state: ServerState, params: Params) -> bool:
    done = _set_text(state.profile.names, params, "name", MAX_NAME_CHARS)
    state.profile.names.setdefault("", BOT.first_name)
    return done


async def get_my_name(state: ServerState, params: Params) -> JSON:
    return {"name": text_in_language(state.profile.names, params.text("language_code"))}


async def set_my_description(state: ServerState, params: Params) -> bool:
    done = _set_text(state.profile.descriptions, params, "description", MAX_DESCRIPTION_CHARS)
    state.events.publish("commands", {})
    return done


async def get_my_description(state: ServerState, params: Params) -> JSON:
    return {"description": text_in_language(state.profile.descriptions, params.text("language_code"))}


async def set_my_short_description(state: ServerState, params: Params) -> bool:
    return _set_text(state.profile.short_descriptions, params, "short_description", MAX_SHORT_DESCRIPTION_CHARS)


async def get_my_short_description(state: ServerState, params: Params) -> JSON:
    return {"short_description": text_in_language(state.profile.short_descriptions, params.text("language_code"))}


async def get_chat(state: ServerState, params: Params) -> JSON:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **state.chat(params.chat_id()).to_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


async def get_chat_member(state: ServerState, params: Params) -> JSON:
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    chat = state.chat(params.chat_id())
    if user_id == BOT.id:
        return {"status": "left", "user": BOT.to_json()} if chat.id in state.removed_from else _bot_member(state, chat)
    if chat.type == "channel" and chat.id in state.removed_from:
        raise bad_request("member list is inaccessible")
    user = member(chat, user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return _membership(chat, user)


async def get_chat_member_count(state: ServerState, params: Params) -> int:
    return len(state.chat(params.chat_id()).people) + 1


async def get_chat_administrators(state: ServerState, params: Params) -> list[JSON]:
    chat = state.chat(params.chat_id())
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    if chat.id in state.removed_from:
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    administrators = chat.people if chat.type == "channel" else chat.people[:1]
    return [_membership(chat, user) for user in administrators]


async def leave_chat(state: ServerState, params: Params) -> bool:
    chat = state.writable_chat(params.chat_id())
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    change_membership(state, chat, BOT, "left")
    return True


def change_membership(state: ServerState, chat: Chat, by: User, status: Literal["member", "kicked", "left"]) -> None:
    """Let the bot leave or join a chat, as caused by the user `by`; the bot gets an update, as in Telegram."""
    before = _bot_member(state, chat)
    if status == "member":
        state.removed_from.pop(chat.id, None)
    else:
        state.removed_from[chat.id] = status
    members = {"old_chat_member": before, "new_chat_member": _bot_member(state, chat)}
    change = {"chat": chat.to_json(), "from": by.to_json(), "date": state.messages.now(), **members}
    state.updates.push("my_chat_member", change)
    state.events.publish("chat", {"chat_id": chat.id, "blocked": status != "member"})


def _bot_member(state: ServerState, chat: Chat) -> JSON:
    """Return the bot's ChatMember object; in a channel the bot is an administrator."""
    status = state.removed_from.get(chat.id)
    if status:
        until: JSON = {"until_date": 0} if status == "kicked" else {}
        return {"user": BOT.to_json(), "status": status, **until}
    if chat.type == "channel":
        return _administrator(BOT)
    return {"status": "member", "user": BOT.to_json()}


def _administrator(user: User) -> JSON:
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
        "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
    )
    may = {"can_manage_chat": True, "can_post_messages": True, "can_edit_messages": True}
    return {"status": "administrator", "user": user.to_json(), **dict.fromkeys(rights.split(), False), **may}


def _membership(chat: Chat, user: User) -> JSON:
    """Return the ChatMember object of a person."""
    if chat.type != "private" and user == chat.people[0]:
        return {"status": "creator", "user": user.to_json(), "is_anonymous": False}
    if chat.type == "channel":
        return _administrator(user)
    return {"status": "member", "user": user.to_json()}

"""Methods about the bot itself: getMe, command lists, name and descriptions."""

import re

from bot.local.chats import BOT, DEFAULT_COMMAND_SCOPE, text_in_language
from bot.local.params import Params
from bot.local.refusals import JSON, bad_request
from bot.local.state import ServerState

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION_CHARS = 256
MAX_NAME_CHARS, MAX_DESCRIPTION_CHARS, MAX_SHORT_DESCRIPTION_CHARS = 64, 512, 120


async def get_me(state: ServerState, params: Params) -> JSON:  # noqa: ARG001  the signature of a method
    return {
        **BOT.to_json(),
        "first_name": state.profile.names[""],
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def log_out(state: ServerState, params: Params) -> bool:  # noqa: ARG001  the signature of a method
    return True


async def close(state: ServerState, params: Params) -> bool:  # noqa: ARG001  the signature of a method
    return True


def _scope(params: Params) -> JSON:
    return params.object("scope") or DEFAULT_COMMAND_SCOPE


async def set_my_commands(state: ServerState, params: Params) -> bool:
    commands = params.array("commands")
    if commands is None:
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name, description = str(command.get("command", "")), str(command.get("description", ""))
        if not _COMMAND.fullmatch(name.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= MAX_COMMAND_DESCRIPTION_CHARS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    stored = [{**command, "command": command["command"].removeprefix("/")} for command in commands]
    state.profile.set_commands(_scope(params), params.text("language_code"), stored)
    state.events.publish("commands", {})
    return True


async def get_my_commands(state: ServerState, params: Params) -> list[JSON]:
    return state.profile.commands(_scope(params), params.text("language_code"))


async def delete_my_commands(state: ServerState, params: Params) -> bool:
    state.profile.delete_commands(_scope(params), params.text("language_code"))
    state.events.publish("commands", {})
    return True


def _set_text(texts: dict[str, str], params: Params, name: str, limit: int) -> bool:
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

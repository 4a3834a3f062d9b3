"""The table of supported Bot API methods: name -> function. Requested names are case-insensitive."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.local.methods import messages, profile, updates
from bot.local.requests import Params
from bot.local.state import ServerState

Method = Callable[[ServerState, Params], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "logOut": profile.log_out,
    "close": profile.close,
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
    "sendMessage": messages.send_message,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "sendChatAction": messages.send_chat_action,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageMedia": messages.edit_message_media,
    "getFile": messages.get_file,
    "answerCallbackQuery": updates.answer_callback_query,
    "answerInlineQuery": updates.answer_inline_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "getChat": profile.get_chat,
    "getChatMember": profile.get_chat_member,
    "getChatMemberCount": profile.get_chat_member_count,
    "getChatAdministrators": profile.get_chat_administrators,
    "leaveChat": profile.leave_chat,
}

_NAMES = {name.lower(): name for name in METHODS}


def method_name(name: str) -> str | None:
    """Return a method's name as spelled in METHODS; None if the method is not supported."""
    return _NAMES.get(name.lower())

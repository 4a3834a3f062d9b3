"""Text messages: filters for messages to the bot, the text without command and bot name, and replies to prompts.

A prompt is a message of the bot that asks a question and offers answers as buttons; a reader can also reply with a
typed answer. The prompt's buttons identify its question, so replies are understood after any number of restarts.
"""

import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.ext import filters

from bot.callbacks import Callback
from bot.context import Context
from bot.keyboards import addressed_chat, callbacks_of
from digests.errors import UsageError
from digests.text import normalise, single_spaced

CommandHandler = Callable[[Update, Context], Coroutine[Any, Any, None]]


class QueryTooLong(UsageError):
    """A text is longer than the configuration allows."""

    def __init__(self, length: int, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the text has {length} characters; at most {limit} are allowed")


class _ToBot(filters.MessageFilter):
    """Accepts every message of a private chat; in a group only replies to the bot and messages that mention it."""

    def filter(self, message: Message) -> bool:
        if message.chat.type == message.chat.PRIVATE:
            return True
        if _is_own(message.reply_to_message):
            return True
        mentions = message.parse_entities([MessageEntity.MENTION]).values()
        return any(_same_name(mention, message.get_bot().name) for mention in mentions)


class _OurCommand(filters.MessageFilter):
    """Accepts commands with the bot's name (/start@name); in a private chat also commands without a name."""

    def filter(self, message: Message) -> bool:
        command = (message.text or "").split(maxsplit=1)[0]
        _, at, name = command.partition("@")
        return _same_name(f"@{name}", message.get_bot().name) if at else message.chat.type == message.chat.PRIVATE


TO_BOT = _ToBot()
OUR_COMMAND = filters.COMMAND & _OurCommand()


_WRITTEN_COMMAND = re.compile(r"[/／]\s*(?P<name>[A-Za-z_]*)(?:[@＠](?P<bot>[A-Za-z0-9_]+))?(?P<text>.*)", re.DOTALL)


class WrittenCommands(filters.MessageFilter):
    """Accepts and handles commands that Telegram does not recognise: /search防汛, ／search 防汛, /搜索 防汛."""

    def __init__(self, handlers: Mapping[str, CommandHandler], others: CommandHandler) -> None:
        """`others` handles a private message that names no command."""
        super().__init__()
        self._handlers = handlers
        self._others = others

    def filter(self, message: Message) -> bool:
        command = _WRITTEN_COMMAND.match(message.text or "")
        if command is None or message.parse_entities([MessageEntity.BOT_COMMAND]):
            return False
        if command["bot"]:
            return _same_name(f"@{command['bot']}", message.get_bot().name)
        return message.chat.type == message.chat.PRIVATE or command["name"].lower() in self._handlers

    async def handle(self, update: Update, context: Context) -> None:
        """Call the handler of the named command with the text after it."""
        command = _WRITTEN_COMMAND.match(update.message.text or "") if update.message else None
        if command is None:
            return
        handler = self._handlers.get(command["name"].lower())
        context.written_text = command["text"] if handler else command["name"] + command["text"]
        context.args = context.written_text.split()
        await (handler or self._others)(update, context)


def message_text(update: Update, context: Context) -> str:
    """Return the text of a message on one line, without command and bot name; raises QueryTooLong."""
    text = context.written_text
    if text is None:
        text = _without_names(update.message) if update.message else ""
    text = single_spaced(text)
    limit = context.services.config.limits.query
    if len(text) > limit:
        raise QueryTooLong(len(text), limit)
    return text


def _without_names(message: Message) -> str:
    """Return the text of a message with spaces in place of its command and the bot's name."""
    text = (message.text or "").encode("utf-16-le")  # entities count UTF-16 units
    for entity, name in message.parse_entities([MessageEntity.BOT_COMMAND, MessageEntity.MENTION]).items():
        is_command = entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0
        if is_command or _same_name(name, message.get_bot().name):
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            text = text[:start] + " ".encode("utf-16-le") * entity.length + text[end:]
    return text.decode("utf-16-le")


def _same_name(name: str, other: str) -> bool:
    return normalise(name) == normalise(other)


def _is_own(message: Message | None) -> bool:
    """True for a message that the bot sent."""
    return bool(message and message.from_user and message.from_user.id == message.get_bot().id)


PromptHandler = Callable[[Update, Context, Any, str], Coroutine[Any, Any, None]]
"""Handles a reply to a prompt; its last two arguments are the callback that marks the prompt, and the reply's text."""


class PromptReplies(filters.MessageFilter):
    """Accepts and handles replies to prompts: messages of the bot with a button whose callback has a prompt handler."""

    def __init__(self, handlers: Mapping[type[Callback], PromptHandler]) -> None:
        super().__init__()
        self._handlers = handlers

    def filter(self, message: Message) -> bool:
        return self._prompt(message) is not None

    async def handle(self, update: Update, context: Context) -> None:
        """Call the handler of the prompt that the message replies to."""
        message = update.message
        callback = self._prompt(message) if message else None
        if message is None or callback is None:
            return
        context.target_id = addressed_chat(message.reply_to_message)
        await self._handlers[type(callback)](update, context, callback, message_text(update, context))

    def _prompt(self, message: Message) -> Callback | None:
        """Return the callback that marks the prompt; None if the message is not a reply to a prompt."""
        prompt = message.reply_to_message
        if not _is_own(prompt):
            return None
        return next((callback for callback in callbacks_of(prompt) if type(callback) in self._handlers), None)

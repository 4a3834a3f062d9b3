"""What a reader asks: which messages are meant for the bot, and how long a question may be.

Answers to what the bot asked: replies to a message whose buttons say what it asks for.

So nothing is kept of an open question, and it can be answered after any number of restarts.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.ext import filters

from bot.callbacks import Callback
from bot.context import Context
from bot.keyboards import addressed_chat, callbacks_of
from digests.errors import UsageError
from digests.text import normalise, single_spaced


class QueryTooLong(UsageError):
    """A question is longer than the configuration allows."""

    def __init__(self, length: int, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the question has {length} characters; at most {limit} are allowed")


class _Addressed(filters.MessageFilter):
    """In a private chat every message; in a group only a reply to the bot, or what mentions it."""

    def filter(self, message: Message) -> bool:
        if message.chat.type == message.chat.PRIVATE:
            return True
        bot, answered = message.get_bot(), message.reply_to_message
        if answered and answered.from_user and answered.from_user.id == bot.id:
            return True
        return any(_same(name, bot.name) for name in message.parse_entities([MessageEntity.MENTION]).values())


class _OurCommand(filters.MessageFilter):
    """A command for this bot: in a private chat any, in a group only with the bot's name (/start@name)."""

    def filter(self, message: Message) -> bool:
        command = (message.text or "").split(maxsplit=1)[0]
        _, at, name = command.partition("@")
        return _same(f"@{name}", message.get_bot().name) if at else message.chat.type == message.chat.PRIVATE


TO_BOT = _Addressed()
OUR_COMMAND = filters.COMMAND & _OurCommand()


def message_text(update: Update, context: Context) -> str:
    """The question in a message, on one line, without its command and the bot's name; raises TooLong."""
    words = single_spaced(_question(update.message)) if update.message else ""
    limit = context.services.config.limits.query
    if len(words) > limit:
        raise QueryTooLong(len(words), limit)
    return words


def _question(message: Message) -> str:
    """The text of a message without its command and our name, which any character may follow."""
    text = (message.text or "").encode("utf-16-le")  # entities count in its units
    for entity, said in message.parse_entities([MessageEntity.BOT_COMMAND, MessageEntity.MENTION]).items():
        is_command = entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0
        if is_command or _same(said, message.get_bot().name):
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            text = text[:start] + " ".encode("utf-16-le") * entity.length + text[end:]
    return text.decode("utf-16-le")


def _same(name: str, other: str) -> bool:
    return normalise(name) == normalise(other)


PromptHandler = Callable[[Update, Context, Any, str], Coroutine[Any, Any, None]]
"""What is done with an answer: given the callback that says what was asked, and what was said."""


class PromptReplies(filters.MessageFilter):
    """Replies to messages of ours that ask something."""

    def __init__(self, answers: Mapping[type[Callback], PromptHandler]) -> None:
        super().__init__()
        self._answers = answers

    def filter(self, message: Message) -> bool:
        return self.question(message) is not None

    def question(self, message: Message) -> Callback | None:
        """What the message answers."""
        asking = message.reply_to_message
        if asking is None or asking.from_user is None or asking.from_user.id != message.get_bot().id:
            return None
        return next((callback for callback in callbacks_of(asking) if type(callback) in self._answers), None)

    async def answered(self, update: Update, context: Context) -> None:
        """Hand the answer to the one who asked."""
        message = update.message
        callback = self.question(message) if message else None
        if message is None or callback is None:
            return
        context.target_id = addressed_chat(message.reply_to_message)
        await self._answers[type(callback)](update, context, callback, message_text(update, context))

"""What a reader asks: which messages are meant for the bot, and how long a question may be."""

from telegram import Message, MessageEntity
from telegram.ext import filters

from bot.context import Context
from digests.errors import UsageError


class TooLong(UsageError):
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


ADDRESSED = _Addressed()
OUR_COMMAND = filters.COMMAND & _OurCommand()


def asked(context: Context, text: str) -> str:
    """The question in `text`, on one line and without the bot's name; raises TooLong."""
    words = " ".join(word for word in text.split() if not _same(word, context.bot.name))
    limit = context.services.config.limits.query
    if len(words) > limit:
        raise TooLong(len(words), limit)
    return words


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()

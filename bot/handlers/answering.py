"""Answers to what the bot asked: replies to a message whose buttons say what it asks for.

So nothing is kept of an open question, and it can be answered after any number of restarts.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import Message, Update
from telegram.ext import filters

from bot.addressing import about
from bot.context import Context
from bot.handlers.asking import asked
from bot.keyboards import above
from bot.presses import Press

Answer = Callable[[Update, Context, Any, str], Coroutine[Any, Any, None]]
"""What is done with an answer: given the press that says what was asked, and what was said."""


class Answering(filters.MessageFilter):
    """Replies to messages of ours that ask something."""

    def __init__(self, answers: Mapping[type[Press], Answer]) -> None:
        super().__init__()
        self._answers = answers

    def filter(self, message: Message) -> bool:
        return self.question(message) is not None

    def question(self, message: Message) -> Press | None:
        """What the message answers."""
        asking = message.reply_to_message
        if asking is None or asking.from_user is None or asking.from_user.id != message.get_bot().id:
            return None
        return next((press for press in above(asking) if type(press) in self._answers), None)

    async def answered(self, update: Update, context: Context) -> None:
        """Hand the answer to the one who asked."""
        message = update.message
        press = self.question(message) if message else None
        if message is None or press is None:
            return
        context.about = about(message.reply_to_message)
        await self._answers[type(press)](update, context, press, asked(update, context))

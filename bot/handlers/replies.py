"""How an answer goes back: as new messages, or in place of the message whose button was pressed.

Where Telegram takes nothing for longer than an answer waits, the rest of it is owed like any other message and comes
by the outbox.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from telegram import Message, Update
from telegram.error import BadRequest

from bot.context import Context
from bot.pace import Deed, NotNow, insist
from bot.texts.markup import Html
from digests.outbox import Letter
from digests.readers import Outgoing


async def reply(update: Update, context: Context, *messages: Outgoing) -> None:
    """Answer with new messages, in a group as replies to what was asked."""
    sent = 0
    try:
        for message in messages:
            await insist(context.services.pace, context.chat.id, _answering(update, context), message)
            sent += 1
    except NotNow:
        await _owe(update, context, messages[sent:])


async def say(update: Update, context: Context, text: Html) -> None:
    """Answer with one sentence."""
    await reply(update, context, Outgoing(text))


async def replace(update: Update, context: Context, message: Outgoing) -> None:
    """Put `message` where the button stood; below, where Telegram no longer lets that message be changed."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return await reply(update, context, message)
    try:
        await insist(context.services.pace, context.chat.id, query.edit_message_text, message)
    except BadRequest as refusal:
        if "not modified" not in str(refusal).lower():  # pressed twice: it shows that already
            await reply(update, context, message)
    except NotNow:
        await _owe(update, context, [message])
    return None


def _answering(update: Update, context: Context) -> Deed[Message]:
    asked = update.effective_message
    if isinstance(asked, Message):
        return partial(asked.reply_text, allow_sending_without_reply=True)
    # The message with the button is too old for Telegram to show it to bots.
    return partial(context.bot.send_message, context.chat.id)


async def _owe(update: Update, context: Context, rest: Sequence[Outgoing]) -> None:
    letter = Letter(context.chat.id, f"answer:{update.update_id}", tuple(rest))
    await asyncio.to_thread(context.services.outbox.put, letter, context.services.clock())

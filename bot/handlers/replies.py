"""How an answer goes back: as new messages, or in place of the message whose button was pressed.

Where Telegram takes nothing for longer than an answer waits, the rest of it is owed like any other message and comes
by the outbox.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from telegram import Message, Update
from telegram.error import BadRequest

from bot.callbacks import address_buttons
from bot.context import Context
from bot.delivery.sending import SendPhoto, SendText, send_with_retries
from bot.delivery.throttle import ReplyTimeout
from bot.texts.markup import Html
from digests.chats import OutgoingMessage
from digests.storage.outbox import OutboxEntry


async def reply(update: Update, context: Context, *messages: OutgoingMessage) -> None:
    """Answer with new messages, in a group as replies to what was asked."""
    sent = 0
    try:
        for message in messages:
            text, photo = _answering(update, context)
            await send_with_retries(
                context.services.throttle, context.chat.id, text, _meant(context, message), photo=photo
            )
            sent += 1
    except ReplyTimeout:
        await _owe(update, context, messages[sent:])


async def reply_text(update: Update, context: Context, text: Html) -> None:
    """Answer with one sentence."""
    await reply(update, context, OutgoingMessage(text))


async def edit_or_reply(update: Update, context: Context, message: OutgoingMessage) -> None:
    """Put `message` where the button stood; below, where Telegram no longer lets that message be changed."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return await reply(update, context, message)
    try:
        await send_with_retries(
            context.services.throttle, context.chat.id, query.edit_message_text, _meant(context, message)
        )
    except BadRequest as refusal:
        if "not modified" not in str(refusal).lower():  # pressed twice: it shows that already
            await reply(update, context, message)
    except ReplyTimeout:
        await _owe(update, context, [message])
    return None


def _answering(update: Update, context: Context) -> tuple[SendText[Message], SendPhoto[Message]]:
    """How a text and how a picture goes back."""
    asked = update.effective_message
    text: SendText[Message]
    photo: SendText[Message]
    if isinstance(asked, Message):
        text = partial(asked.reply_text, allow_sending_without_reply=True)
        photo = partial(asked.reply_photo, allow_sending_without_reply=True)
    else:  # the message with the button is too old for Telegram to show it to bots
        text = partial(context.bot.send_message, context.chat.id)
        photo = partial(context.bot.send_photo, context.chat.id)
    return text, partial(context.services.pictures.send, photo)


def _meant(context: Context, message: OutgoingMessage) -> OutgoingMessage:
    """The message as it goes out: its buttons mean the chat that the answer is about."""
    about = context.target.id
    return message if about == context.chat.id else address_buttons(message, about)


async def _owe(update: Update, context: Context, rest: Sequence[OutgoingMessage]) -> None:
    if context.erased:
        return
    parts = tuple(_meant(context, one) for one in rest)
    letter = OutboxEntry(context.chat.id, f"answer:{update.update_id}", parts, topic=context.topic)
    await asyncio.to_thread(context.services.outbox.put, letter, context.services.clock())

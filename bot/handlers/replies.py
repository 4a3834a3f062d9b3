"""Answers to an update: new messages, or an edit of the message whose button was pressed.

If Telegram's limits delay an answer for too long, its unsent messages are put in the outbox and delivered later.
"""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from telegram import Message, Update
from telegram.error import BadRequest

from bot.context import Context
from bot.delivery.sending import OutcomeUnknown, SendPhoto, SendText, send_with_retries
from bot.delivery.throttle import ReplyTimeout
from bot.keyboards import address_buttons
from bot.texts import Html
from digests.chats import OutgoingMessage
from digests.errors import StateError
from digests.storage.button_texts import replace_texts
from digests.storage.outbox import OutboxEntry

_log = logging.getLogger(__name__)

MAX_ECHO_CHARS = 40
"""Maximum number of characters of a reader's text that an answer quotes."""


async def reply(update: Update, context: Context, *messages: OutgoingMessage) -> Message | None:
    """Send `messages` to the chat of the update; in a group they are replies to the reader's message.

    Return the last sent message; None if it was put in the outbox, or if it is unknown whether it was sent.
    """
    sent: Message | None = None
    throttle = context.services.throttle
    for number, message in enumerate(messages):
        text, photo = _send_functions(update, context)
        sendable = await _sendable(context, message)
        try:
            sent = await send_with_retries(throttle, context.chat.id, text, sendable, photo=photo)
        except ReplyTimeout:
            await _put_in_outbox(update, context, messages[number:])
            return None
        except OutcomeUnknown as error:  # not repeated: the reader would read it twice
            _log.warning("it is unknown whether a reply was sent: %s", error.__cause__)
            sent = None
    return sent


async def reply_text(update: Update, context: Context, text: Html) -> None:
    """Reply with a message without buttons."""
    await reply(update, context, OutgoingMessage(text))


async def edit_or_reply(update: Update, context: Context, message: OutgoingMessage) -> Message | None:
    """Edit the message whose button was pressed; if that is not possible, reply with a new message.

    Return the edited or sent message; None if it was put in the outbox.
    """
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return await reply(update, context, message)
    try:
        sendable = await _sendable(context, message)
        await send_with_retries(context.services.throttle, context.chat.id, query.edit_message_text, sendable)
    except BadRequest as refusal:
        if "not modified" not in str(refusal).lower():  # pressed twice: the message is already up to date
            return await reply(update, context, message)
    except ReplyTimeout:
        await _put_in_outbox(update, context, [message])
        return None
    except OutcomeUnknown as error:
        _log.warning("it is unknown whether a message was edited: %s", error.__cause__)
    return query.message


async def edit(context: Context, shown: Message, message: OutgoingMessage) -> None:
    """Replace the text and buttons of a message that the bot sent; if Telegram refuses, it stays as it is."""
    sendable = await _sendable(context, message)
    try:
        await send_with_retries(context.services.throttle, context.chat.id, shown.edit_text, sendable)
    except (BadRequest, ReplyTimeout, OutcomeUnknown) as refusal:
        _log.info("message %s was not edited: %s", shown.message_id, refusal)


def _send_functions(update: Update, context: Context) -> tuple[SendText[Message], SendPhoto[Message]]:
    """Return the functions that send a text and a photo to the chat of the update."""
    message = update.effective_message
    text: SendText[Message]
    photo: SendText[Message]
    if isinstance(message, Message):
        text = partial(message.reply_text, allow_sending_without_reply=True)
        photo = partial(message.reply_photo, allow_sending_without_reply=True)
    else:  # Telegram hides old messages from bots, so the bot cannot reply to them
        text = partial(context.bot.send_message, context.chat.id)
        photo = partial(context.bot.send_photo, context.chat.id)
    return text, partial(context.services.pictures.send, photo)


def _with_target(context: Context, message: OutgoingMessage) -> OutgoingMessage:
    """Return `message`; if the target is not the chat of the update, add the target's address to the buttons."""
    target = context.target.id
    return message if target == context.chat.id else address_buttons(message, target)


async def _sendable(context: Context, message: OutgoingMessage) -> OutgoingMessage:
    """Return `message` with addressed buttons and with ids in place of the long texts of buttons; store these texts."""
    message, texts = replace_texts(_with_target(context, message))
    services = context.services
    if texts and not context.erased:
        try:
            await asyncio.to_thread(services.outbox.button_texts.store, context.chat.id, texts, services.clock())
        except StateError as error:  # the message is sent anyway; its buttons then answer that they have expired
            _log.warning("could not store the texts of buttons: %s", error)
    return message


async def _put_in_outbox(update: Update, context: Context, messages: Sequence[OutgoingMessage]) -> None:
    if context.erased:
        return
    parts = tuple(_with_target(context, message) for message in messages)
    entry = OutboxEntry(context.chat.id, f"answer:{update.update_id}", parts, topic=context.topic)
    await asyncio.to_thread(context.services.outbox.add, entry, context.services.clock())

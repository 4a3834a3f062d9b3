"""Send one message to Telegram and retry after errors that may be temporary.

400 for the picture                send the caption as a text message
400 for the markup                 send the text without markup
429                                retry after the delay that Telegram requests
5xx, time-out, lost connection     retry with exponential backoff
no answer in time to a reply       do not repeat it: Telegram may be sending it
accepted, the answer unreadable    do not repeat it
"""

import itertools
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.delivery.http_client import AnswerUnreadable
from bot.delivery.pictures import NoPicture
from bot.delivery.throttle import ReplyTimeout, Throttle
from bot.keyboards import markup
from bot.render.packing import plain_text
from digests.chats import OutgoingMessage

log = logging.getLogger(__name__)

Sent = TypeVar("Sent")
SendText = Callable[..., Awaitable[Sent]]
"""Bot API call that sends or edits a message; takes the fields of a text message."""
SendPhoto = Callable[..., Awaitable[Sent]]
"""Bot API call that sends a photo; takes a Picture and the fields of its caption."""


class OutcomeUnknown(Exception):
    """Telegram may have sent a reply, but did not say so in time or in a readable form."""


MAX_REPLY_WAIT_SECONDS = 30.0
"""Total seconds that a reply waits between its attempts."""
MAX_BACKOFF_SECONDS = 300.0
MIN_REQUESTED_SECONDS, MAX_REQUESTED_SECONDS = 0.5, 3600.0
"""Bounds of the delay that a 429 requests; after a longer one, a further attempt tells whether it still holds."""


async def send_once(
    throttle: Throttle,
    chat: int,
    text: SendText[Sent],
    message: OutgoingMessage,
    *,
    photo: SendPhoto[Sent] | None = None,
    reply: bool = False,
) -> Sent:
    """Send a message: `photo` with picture and caption, else `text` with markup, else `text` without markup.

    The caller has acquired a turn from `throttle` for the first attempt; this function acquires one for each further
    attempt.
    """
    if message.picture and photo:
        try:
            return await photo(message.picture, **_caption_fields(message))
        except (BadRequest, NoPicture) as refusal:
            log.warning("the picture could not be sent; sending its caption as text: %s", refusal)
        await throttle.acquire(chat, reply=reply)
    try:
        return await text(**_text_fields(message, message.text, ParseMode.HTML))
    except BadRequest as refusal:
        if "can't parse entities" not in refusal.message.lower():
            raise
        log.warning("markup refused; sending plain text: %s", refusal)
    await throttle.acquire(chat, reply=reply)
    return await text(**_text_fields(message, plain_text(message.text), None))


async def send_with_retries(
    throttle: Throttle,
    chat: int,
    text: SendText[Sent],
    message: OutgoingMessage,
    *,
    photo: SendPhoto[Sent] | None = None,
) -> Sent:
    """Send a reply; retry after a 429 or a network error for up to MAX_REPLY_WAIT_SECONDS.

    Raises ReplyTimeout after this time; raises BadRequest and Forbidden at once, because a retry cannot help, and
    OutcomeUnknown if the reply may have been sent.
    """
    seconds_left = MAX_REPLY_WAIT_SECONDS
    for failures in itertools.count():
        if throttle.seconds_to_wait(chat, reply=True) > MAX_REPLY_WAIT_SECONDS:  # after a 429 for another message
            raise ReplyTimeout
        await throttle.acquire(chat, reply=True)
        try:
            return await send_once(throttle, chat, text, message, photo=photo, reply=True)
        except BadRequest:
            raise
        except AnswerUnreadable as error:
            raise OutcomeUnknown from error
        except (RetryAfter, NetworkError) as error:
            if isinstance(error.__cause__, httpx.ReadTimeout):
                raise OutcomeUnknown from error
            if isinstance(error, RetryAfter):
                throttle.slow_down()
            delay = retry_delay(error, failures).total_seconds()
            seconds_left -= delay
            log.warning("%s for a reply; next attempt in %.1f s", type(error).__name__, delay)
            throttle.pause(chat, delay)
            if seconds_left < 0:
                raise ReplyTimeout from error
    raise AssertionError  # itertools.count() does not end


def retry_delay(error: TelegramError, failures: int) -> timedelta:
    """Return the time until the next attempt; `failures` is the number of attempts that failed before this `error`."""
    return requested_delay(error) if isinstance(error, RetryAfter) else backoff(failures)


def requested_delay(error: RetryAfter) -> timedelta:
    """Return the delay that Telegram requests with a 429."""
    delay = error.retry_after  # seconds in PTB 22; a timedelta in its next major version, and with PTB_TIMEDELTA
    seconds = delay.total_seconds() if isinstance(delay, timedelta) else float(delay)
    return timedelta(seconds=min(max(seconds, MIN_REQUESTED_SECONDS), MAX_REQUESTED_SECONDS))


def backoff(failures: int) -> timedelta:
    """Return 2^failures seconds, at most MAX_BACKOFF_SECONDS, times a random factor from 0.5 to 1.

    The factor spreads the retries of messages that failed together.
    """
    seconds = min(2.0 ** min(failures, 20), MAX_BACKOFF_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.5, 1))  # noqa: S311  not used for security


def _caption_fields(message: OutgoingMessage) -> dict[str, Any]:
    return {"caption": message.text, "parse_mode": ParseMode.HTML, "reply_markup": markup(message.buttons)}


def _text_fields(message: OutgoingMessage, text: str, mode: ParseMode | None) -> dict[str, Any]:
    return {
        "text": text,
        "parse_mode": mode,
        "reply_markup": markup(message.buttons),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }

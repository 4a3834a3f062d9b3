"""Sending a message, and again where Telegram could not take it.

429                                that chat waits as long as told, the others go on
5xx, time-outs, lost connections   the message waits, longer each time
400 for the markup                 the same words go out as plain text
400 for the picture                the text goes out alone
"""

import itertools
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.delivery.pictures import NoPicture
from bot.delivery.throttle import ReplyTimeout, Throttle
from bot.keyboards import markup
from bot.render.packing import plain_text
from digests.chats import OutgoingMessage

log = logging.getLogger(__name__)

Sent = TypeVar("Sent")
SendText = Callable[..., Awaitable[Sent]]
"""A call of the Bot API that takes a text with its form: a new message, or a change of one."""
SendPhoto = Callable[..., Awaitable[Sent]]
"""One that takes a Picture and the form of the text below it."""

MAX_REPLY_WAIT_SECONDS = 30.0
"""Seconds that an answer waits in all between its attempts."""
MAX_BACKOFF_SECONDS = 300.0
"""Seconds between two attempts at most, when Telegram cannot be reached."""


async def send_once(
    throttle: Throttle,
    chat: int,
    deed: SendText[Sent],
    message: OutgoingMessage,
    *,
    photo: SendPhoto[Sent] | None = None,
    reply: bool = False,
) -> Sent:
    """Send once, in a turn that was waited for; what of it is refused is left out, in one more turn each time.

    First the picture with the text below it, by `photo`; then the text alone, by `deed`; then its words without markup.
    """
    if message.picture and photo:
        try:
            return await photo(message.picture, **_caption(message))
        except (BadRequest, NoPicture) as refusal:
            log.warning("a picture could not be sent, its text goes alone: %s", refusal)
        await throttle.acquire(chat, reply=reply)
    try:
        return await deed(**_form(message, message.text, ParseMode.HTML))
    except BadRequest as refusal:
        if "can't parse entities" not in refusal.message.lower():
            raise
        log.warning("markup refused, sent as plain text: %s", refusal)
    await throttle.acquire(chat, reply=reply)
    return await deed(**_form(message, plain_text(message.text), None))


async def send_with_retries(
    throttle: Throttle,
    chat: int,
    deed: SendText[Sent],
    message: OutgoingMessage,
    *,
    photo: SendPhoto[Sent] | None = None,
) -> Sent:
    """Send an answer, again and again while that may help; raises NotNow, or what Telegram says of the message."""
    patience = MAX_REPLY_WAIT_SECONDS
    for failures in itertools.count():
        if (
            throttle.seconds_to_wait(chat, reply=True) > MAX_REPLY_WAIT_SECONDS
        ):  # told so when something else was sent there
            raise ReplyTimeout
        await throttle.acquire(chat, reply=True)
        try:
            return await send_once(throttle, chat, deed, message, photo=photo, reply=True)
        except BadRequest:
            raise
        except (RetryAfter, NetworkError) as refusal:
            if isinstance(refusal, RetryAfter):
                throttle.slow_down()
            wait = retry_delay(refusal, failures).total_seconds()
            patience -= wait
            log.warning("an answer met %s; waiting %.1f s", type(refusal).__name__, wait)
            throttle.pause(chat, wait)
            if patience < 0:
                raise ReplyTimeout from refusal
    raise AssertionError  # the count has no end


def retry_delay(refusal: TelegramError, failures: int) -> timedelta:
    """How long to wait before the next attempt, after so many earlier ones that failed."""
    return requested_delay(refusal) if isinstance(refusal, RetryAfter) else backoff(failures)


def requested_delay(refusal: RetryAfter) -> timedelta:
    """How long Telegram says to wait."""
    wait = refusal.retry_after  # seconds in PTB 22, a timedelta in its next major version and where that is asked for
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def backoff(failures: int) -> timedelta:
    """1, 2, 4 … seconds up to LONGEST_WAIT, each cut by up to a half so that the messages do not return all at once."""
    seconds = min(2.0 ** min(failures, 20), MAX_BACKOFF_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.5, 1))  # noqa: S311  nothing secret about it


def _caption(message: OutgoingMessage) -> dict[str, Any]:
    return {"caption": message.text, "parse_mode": ParseMode.HTML, "reply_markup": markup(message.buttons)}


def _form(message: OutgoingMessage, text: str, mode: ParseMode | None) -> dict[str, Any]:
    return {
        "text": text,
        "parse_mode": mode,
        "reply_markup": markup(message.buttons),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }

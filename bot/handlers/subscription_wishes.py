"""Wishes about subscriptions in plain words: several topics at once, an end, a pause or its end for one or all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as with_changes
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view
from bot.handlers.replies import reply, reply_text
from bot.handlers.subscriptions import subscribe_to, unsubscribe_from
from digests import subscriptions
from digests.chats import Chat, Rhythm, Subscription

_RHYTHMS: Mapping[str, Rhythm] = {"at_once": "now", "daily": "daily", "weekly": "weekly"}
MAX_PAUSE_DAYS = 366
"""Maximum length of a pause with an end."""


async def subscribe(update: Update, context: Context, given: Mapping[str, Any]) -> None:
    """Subscribe to each topic; with a rhythm in the same sentence, set it and say when it comes."""
    theme = given.get("theme")
    queries = [*given.get("queries", ()), *([f"主题:{theme}"] if theme else [])]
    for query in queries:
        await subscribe_to(update, context, query)
    rhythm = _RHYTHMS.get(given.get("rhythm", ""))
    if rhythm is None or rhythm == "now":
        return
    found = [match for query in queries if (match := _find(context, query))]
    for known in found:
        await _change(update, context, partial(_with_rhythm, known.id, rhythm))
    if found and rhythm == "weekly":
        await reply_text(update, context, context.texts.html("talk.weekly", time=context.digest_time))
    elif found:
        await reply_text(update, context, context.texts.html("talk.daily", time=context.digest_time))


async def unsubscribe(update: Update, context: Context, given: Mapping[str, Any]) -> None:
    """End the named subscriptions; for all of them, show the list with a button for each."""
    if given.get("all"):
        view = await permitted_view(update, context)
        which = context.texts.html("unsubscribe.which") if view.subscriptions else None
        await reply(update, context, render.subscriptions(view, notice=which, ending=True))
        return
    for text in [str(given["position"])] if "position" in given else given["queries"]:
        await unsubscribe_from(update, context, text)


async def pause(update: Update, context: Context, given: Mapping[str, Any]) -> None:
    """Pause the named subscriptions, or everything the chat gets, for a time or until it is resumed."""
    until = _end(context, given)
    if given.get("all"):
        await _change(update, context, lambda chat: (_paused(chat, chat.subscriptions, until, everything=True), None))
    else:
        found = [match for query in given["queries"] if (match := _find(context, query))]
        if not found:
            await unsubscribe_from(
                update, context, given["queries"][0]
            )  # says that there is none, and lists the others
            return
        await _change(update, context, lambda chat: (_paused(chat, found, until, everything=False), None))
    await reply(update, context, render.paused(current_view(context), until))


async def resume(update: Update, context: Context, given: Mapping[str, Any]) -> None:
    """End the pause of the named subscriptions, or every pause of the chat."""
    found = [match for query in given.get("queries", ()) if (match := _find(context, query))]
    await _change(update, context, lambda chat: (_resumed(chat, None if given.get("all") else found), None))
    await reply(update, context, render.subscriptions(current_view(context), notice=context.texts.html("talk.resumed")))


async def resume_pressed(update: Update, context: Context, _: callbacks.ResumeAll) -> None:
    """End every pause of the chat."""
    await resume(update, context, {"all": True})


def _end(context: Context, given: Mapping[str, Any]) -> datetime | None:
    """Return when a pause ends; None if it has no end."""
    if "days" in given:
        return context.services.clock() + timedelta(days=min(given["days"], MAX_PAUSE_DAYS))
    if "until" in given:
        day = date.fromisoformat(given["until"])
        return datetime.combine(day, time.max, current_view(context).zone)
    return None


def _paused(chat: Chat, chosen: Sequence[Subscription], until: datetime | None, *, everything: bool) -> Chat:
    """Return the chat with the chosen subscriptions paused, and with everything the digest too."""
    ids = {subscription.id for subscription in chosen}
    changed = tuple(
        with_changes(known, paused=until is None, muted_until=until) if known.id in ids else known
        for known in chat.subscriptions
    )
    settings = chat.settings
    if everything:
        settings = with_changes(settings, digest=settings.digest and until is not None, paused_until=until)
    return with_changes(chat, subscriptions=changed, settings=settings)


def _resumed(chat: Chat, chosen: Sequence[Subscription] | None) -> Chat:
    """Return the chat with the chosen subscriptions resumed; None: all, and the digest."""
    ids = {known.id for known in (chat.subscriptions if chosen is None else chosen)}
    changed = tuple(
        with_changes(known, paused=False, muted_until=None) if known.id in ids else known
        for known in chat.subscriptions
    )
    settings = with_changes(chat.settings, digest=True, paused_until=None) if chosen is None else chat.settings
    return with_changes(chat, subscriptions=changed, settings=settings)


def _with_rhythm(number: int, rhythm: Rhythm, chat: Chat) -> tuple[Chat, Subscription | None]:
    return subscriptions.set_rhythm(chat, number, rhythm)


def _find(context: Context, text: str) -> Subscription | None:
    return subscriptions.find_subscription(context.target, text, topic=context.topic)


async def _change(update: Update, context: Context, change: Callable[[Chat], tuple[Chat, Any]]) -> None:
    await change_chat(update, context, change)

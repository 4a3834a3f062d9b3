"""One subscription after it was made: when it comes, how much, its rest, its name, what it is not to bring."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view, require_permission
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render.fragments import localised_query, subscription_name
from bot.texts.markup import Html
from digests import subscriptions
from digests.chats import Chat, Subscription
from digests.errors import QueryError, UsageError
from digests.subscriptions import refinements

OTHERS = 30
"""The newest articles that a subscription met, from which an unwanted one is told apart."""

LONGEST_REST = 366
"""Days that a subscription is muted at most; for longer it is paused."""

Changing = Callable[[Chat], tuple[Chat, Subscription | None]]


async def subscription_pressed(update: Update, context: Context, callback: callbacks.ShowSubscription) -> str | None:
    """One subscription with its buttons, in place."""
    one = subscriptions.subscription_by_id((await permitted_view(update, context)).chat, callback.subscription)
    return await _show(update, context, one)


async def rhythm_pressed(update: Update, context: Context, callback: callbacks.SetRhythm) -> str | None:
    """At once, with the digest, or weekly."""
    return await _tend(
        update, context, lambda chat: subscriptions.set_rhythm(chat, callback.subscription, callback.rhythm)
    )


async def cap_pressed(update: Update, context: Context, callback: callbacks.SetCap) -> str | None:
    """So many a day."""
    if callback.cap and callback.cap not in subscriptions.CAP_RANGE:
        return context.texts.plain("button.unknown")
    return await _tend(
        update, context, lambda chat: subscriptions.set_cap(chat, callback.subscription, callback.cap or None)
    )


async def pause_pressed(update: Update, context: Context, callback: callbacks.SetPaused) -> str | None:
    """Rest, or go on."""
    return await _tend(
        update, context, lambda chat: subscriptions.pause(chat, callback.subscription, paused=callback.on)
    )


async def mute_pressed(update: Update, context: Context, callback: callbacks.MuteSubscription) -> str | None:
    """Rest for some days, or go on."""
    until = context.services.clock() + timedelta(days=min(callback.days, LONGEST_REST)) if callback.days else None
    return await _tend(update, context, lambda chat: subscriptions.mute(chat, callback.subscription, until))


async def rename_pressed(update: Update, context: Context, callback: callbacks.AskName) -> str | None:
    """Ask for a name; the answer to that goes to `named`."""
    await require_permission(update, context)
    one = subscriptions.subscription_by_id(context.target, callback.subscription)
    if one is None:
        return context.texts.plain("subscription.gone")
    await reply(update, context, render.ask_name(current_view(context), one))
    return None


async def keep_name_pressed(update: Update, context: Context, callback: callbacks.KeepName) -> str | None:
    """No other name after all: the subscription in place of the question."""
    return await _show(
        update,
        context,
        subscriptions.subscription_by_id((await permitted_view(update, context)).chat, callback.subscription),
    )


async def name_replied(update: Update, context: Context, callback: callbacks.KeepName, name: str) -> None:
    """The name that answers the question."""
    try:
        one = await change_chat(update, context, lambda chat: subscriptions.rename(chat, callback.subscription, name))
    except UsageError:
        return await reply_text(
            update, context, context.texts.html("subscription.name_too_long", limit=subscriptions.MAX_NAME_CHARS)
        )
    if one is None:
        return await reply_text(update, context, context.texts.html("subscription.gone"))
    renamed = context.texts.html("subscription.renamed")
    return await reply(update, context, render.subscription(current_view(context), one, notice=renamed))


async def exclusions_pressed(update: Update, context: Context, callback: callbacks.ShowExclusions) -> str | None:
    """What the subscription could refuse because of this article."""
    await require_permission(update, context)
    one = subscriptions.subscription_by_id(context.target, callback.subscription)
    if one is None:
        return context.texts.plain("subscription.gone")
    terms = await _refusable(context, one, callback.article)
    await reply(update, context, render.exclusion_choices(current_view(context), one, terms))
    return None


async def exclude_pressed(update: Update, context: Context, callback: callbacks.ExcludeTerm) -> str | None:
    """Refuse one of the terms."""
    await require_permission(update, context)
    one = subscriptions.subscription_by_id(context.target, callback.subscription)
    if one is None:
        return context.texts.plain("subscription.gone")
    now = await change_chat(
        update, context, lambda chat: subscriptions.exclude_term(chat, callback.subscription, callback.term)
    )
    if now is None:
        return context.texts.plain("subscription.gone")
    done = context.texts.html(
        "exclude.done", query=subscription_name(one, context.texts), now=localised_query(now.query, context.texts)
    )
    return await _show(update, context, now, notice=done)


async def _tend(update: Update, context: Context, how: Changing) -> str | None:
    return await _show(update, context, await change_chat(update, context, how))


async def _show(
    update: Update, context: Context, one: Subscription | None, *, notice: Html | None = None
) -> str | None:
    if one is None:
        return context.texts.plain("subscription.gone")
    await edit_or_reply(update, context, render.subscription(current_view(context), one, notice=notice))
    return None


async def _refusable(context: Context, one: Subscription, article: str) -> tuple[str, ...]:
    """Terms of an article that a subscription could refuse; none where the article is gone."""
    archive = context.services.archive

    def proposed() -> tuple[str, ...]:
        unwanted = archive.article(article)
        if unwanted is None:
            return ()
        others = [told.article for told in archive.backtest(one.query).hits[:OTHERS]]
        return refinements.propose_exclusions(unwanted, one.query, archive.labeller, others)

    try:
        return await asyncio.to_thread(proposed)
    except QueryError:
        return ()  # it is understood no longer, and its owner is told so elsewhere

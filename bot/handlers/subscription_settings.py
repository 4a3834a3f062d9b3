"""Settings of one subscription: rhythm, cap, pause, mute, name, exclusions."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view, require_permission
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render.fragments import localised_query, subscription_name
from bot.texts import Html
from digests import subscriptions
from digests.chats import Chat, Subscription
from digests.errors import QueryError, UsageError
from digests.subscriptions import refinements

MAX_COMPARED_ARTICLES = 30
"""Number of a subscription's newest articles that an unwanted article is compared with."""
MAX_MUTE_DAYS = 366
"""Maximum number of days of a mute; a pause has no time limit."""

SubscriptionChange = Callable[[Chat], tuple[Chat, Subscription | None]]


async def subscription_pressed(update: Update, context: Context, callback: callbacks.ShowSubscription) -> str | None:
    """Show a subscription and the buttons that change it in the same message."""
    view = await permitted_view(update, context)
    return await _show(update, context, subscriptions.subscription_by_id(view.chat, callback.subscription))


async def rhythm_pressed(update: Update, context: Context, callback: callbacks.SetRhythm) -> str | None:
    """Set whether matches are sent at once, daily or weekly."""
    return await _change(
        update, context, lambda chat: subscriptions.set_rhythm(chat, callback.subscription, callback.rhythm)
    )


async def cap_pressed(update: Update, context: Context, callback: callbacks.SetCap) -> str | None:
    """Set the maximum number of alerts a day; 0 restores the configured maximum."""
    if callback.cap and callback.cap not in subscriptions.CAP_RANGE:
        return context.texts.plain("button.unknown")
    return await _change(
        update, context, lambda chat: subscriptions.set_cap(chat, callback.subscription, callback.cap or None)
    )


async def pause_pressed(update: Update, context: Context, callback: callbacks.SetPaused) -> str | None:
    """Pause or resume the subscription."""
    return await _change(
        update, context, lambda chat: subscriptions.pause(chat, callback.subscription, paused=callback.on)
    )


async def mute_pressed(update: Update, context: Context, callback: callbacks.MuteSubscription) -> str | None:
    """Mute the subscription for the button's number of days, or unmute it."""
    until = context.services.clock() + timedelta(days=min(callback.days, MAX_MUTE_DAYS)) if callback.days else None
    return await _change(update, context, lambda chat: subscriptions.mute(chat, callback.subscription, until))


async def rename_pressed(update: Update, context: Context, callback: callbacks.AskName) -> str | None:
    """Ask for a new name; `name_replied` handles the reply."""
    await require_permission(update, context)
    subscription = subscriptions.subscription_by_id(context.target, callback.subscription)
    if subscription is None:
        return context.texts.plain("subscription.gone")
    await reply(update, context, render.ask_name(current_view(context), subscription))
    return None


async def keep_name_pressed(update: Update, context: Context, callback: callbacks.KeepName) -> str | None:
    """Show the subscription with its present name in place of the question."""
    view = await permitted_view(update, context)
    return await _show(update, context, subscriptions.subscription_by_id(view.chat, callback.subscription))


async def name_replied(update: Update, context: Context, callback: callbacks.KeepName, name: str) -> None:
    """Rename the subscription; an empty text removes its name."""
    try:
        renamed = await change_chat(
            update, context, lambda chat: subscriptions.rename(chat, callback.subscription, name)
        )
    except UsageError:
        too_long = context.texts.html("subscription.name_too_long", limit=subscriptions.MAX_NAME_CHARS)
        return await reply_text(update, context, too_long)
    if renamed is None:
        return await reply_text(update, context, context.texts.html("subscription.gone"))
    notice = context.texts.html("subscription.renamed")
    await reply(update, context, render.subscription(current_view(context), renamed, notice=notice))
    return None


async def exclusions_pressed(update: Update, context: Context, callback: callbacks.ShowExclusions) -> str | None:
    """Reply with terms of an unwanted article that the subscription could exclude."""
    await require_permission(update, context)
    subscription = subscriptions.subscription_by_id(context.target, callback.subscription)
    if subscription is None:
        return context.texts.plain("subscription.gone")
    terms = await _proposed_exclusions(context, subscription, callback.article)
    await reply(update, context, render.exclusion_choices(current_view(context), subscription, terms))
    return None


async def exclude_pressed(update: Update, context: Context, callback: callbacks.ExcludeTerm) -> str | None:
    """Make the subscription exclude articles with the button's term."""
    await require_permission(update, context)
    before = subscriptions.subscription_by_id(context.target, callback.subscription)
    try:
        changed = await change_chat(
            update, context, lambda chat: subscriptions.exclude_term(chat, callback.subscription, callback.term)
        )
    except QueryError:  # a term that an older version of the program offered
        return context.texts.plain("button.unknown")
    if before is None or changed is None:
        return context.texts.plain("subscription.gone")
    name, query = subscription_name(before, context.texts), localised_query(changed.query, context.texts)
    return await _show(update, context, changed, notice=context.texts.html("exclude.done", query=name, now=query))


async def _change(update: Update, context: Context, change: SubscriptionChange) -> str | None:
    return await _show(update, context, await change_chat(update, context, change))


async def _show(
    update: Update, context: Context, subscription: Subscription | None, *, notice: Html | None = None
) -> str | None:
    if subscription is None:
        return context.texts.plain("subscription.gone")
    await edit_or_reply(update, context, render.subscription(current_view(context), subscription, notice=notice))
    return None


async def _proposed_exclusions(context: Context, subscription: Subscription, article_id: str) -> tuple[str, ...]:
    """Return terms that would exclude an unwanted article and few others.

    Return no terms if the archive does not contain the article, or if the query is no longer valid.
    """
    archive = context.services.archive

    def propose() -> tuple[str, ...]:
        unwanted = archive.article(article_id)
        if unwanted is None:
            return ()
        others = [hit.article for hit in archive.backtest(subscription.query, max_articles=MAX_COMPARED_ARTICLES).hits]
        return refinements.propose_exclusions(unwanted, subscription.query, archive.labeller, others)

    try:
        return await asyncio.to_thread(propose)
    except QueryError:
        return ()  # a query that an older version of the program accepted; `jianbao check` reports it

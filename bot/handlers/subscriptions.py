"""Subscriptions: made, listed and ended, by command, by button, and by what other handlers understood.

From an article to following it: its keywords, people and places as subscriptions.
"""

import asyncio
from dataclasses import replace as with_changes
from itertools import islice

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view, require_permission
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render.fragments import localised_query, subscription_name
from digests import query as query_module
from digests import subscriptions
from digests.analysis import Labeller, keywords
from digests.chats import Chat, Subscription
from digests.errors import QueryError, TermsTooCommon
from digests.models import Article
from digests.subscriptions.backtest import Backtest
from digests.text import shorten

ECHO = 60
"""Characters of a reader's own text that an answer repeats."""


async def subscribe(update: Update, context: Context) -> None:
    """/subscribe 防汛, or alone for what that means."""
    if query := message_text(update, context):
        await subscribe_to(update, context, query)
    else:
        await reply_text(update, context, render.how_to_subscribe(await permitted_view(update, context)))


async def subscribe_to(update: Update, context: Context, query: str, *, sure: bool = False) -> None:
    """Follow `query` as typed and say what it would have brought; too much of it is followed only when `sure`.

    Raises LimitReached, NotAdministrator.
    """
    await require_permission(update, context)
    shown = current_view(context)
    try:
        _, one, new = _grown(context, shown.chat, query)
    except TermsTooCommon:
        return await reply_text(update, context, context.texts.html("subscribe.too_common", query=shorten(query, ECHO)))
    except QueryError as error:
        return await reply(update, context, render.query_error(query, error, context.language, follow=True))
    if not new:
        return await reply(update, context, render.already_subscribed(shown, one))
    told = await run_backtest(context, one.query)
    if told.firehose and not sure:
        return await reply(update, context, render.too_many_matches(shown, told))
    made = await change_chat(update, context, lambda chat: _grown(context, chat, query)[:2])
    return await reply(update, context, render.subscribed(current_view(context), made, told))


async def unsubscribe(update: Update, context: Context) -> None:
    """/unsubscribe 防汛, or alone for the list with its buttons."""
    if context.argument:
        await unsubscribe_from(update, context, context.argument)
    else:
        shown = await permitted_view(update, context)
        which = context.texts.html("unsubscribe.which") if shown.subscriptions else None
        await reply(update, context, render.subscriptions(shown, notice=which, ending=True))


async def unsubscribe_from(update: Update, context: Context, what: str) -> None:
    """End the subscription that `what` names: its place in the list, its query in any spelling, its name."""
    if ended := await _ended(update, context, what):
        await reply_text(
            update, context, context.texts.html("unsubscribe.done", query=subscription_name(ended, context.texts))
        )
    else:
        unknown = context.texts.html("unsubscribe.unknown", query=shorten(what, ECHO))
        await reply(update, context, render.subscriptions(current_view(context), notice=unknown, ending=True))


async def list_subscriptions(update: Update, context: Context) -> None:
    """/subscriptions"""
    await reply(update, context, render.subscriptions(await permitted_view(update, context)))


async def help_pressed(update: Update, context: Context, _: callbacks.ShowSubscribeHelp) -> None:
    """What a subscription is."""
    await reply_text(update, context, render.how_to_subscribe(await permitted_view(update, context)))


async def follow_pressed(update: Update, context: Context, callback: callbacks.FollowQuery) -> None:
    """Subscribe to the button's query."""
    await subscribe_to(update, context, callback.query)


async def confirm_follow_pressed(update: Update, context: Context, callback: callbacks.ConfirmFollow) -> None:
    """Subscribe to the button's query, although very many articles match it."""
    await subscribe_to(update, context, callback.query, sure=True)


async def list_pressed(update: Update, context: Context, _: callbacks.ShowSubscriptions) -> None:
    """The list of subscriptions, as a new message."""
    await list_subscriptions(update, context)


async def list_turned(update: Update, context: Context, callback: callbacks.TurnSubscriptions) -> None:
    """Another part of the list, in place."""
    await edit_or_reply(
        update, context, render.subscriptions(await permitted_view(update, context), offset=callback.offset)
    )


async def unsubscribe_pressed(update: Update, context: Context, callback: callbacks.Unsubscribe) -> None:
    """End one and show what is left, in the message with the button."""
    ended = await _ended(update, context, f"#{callback.subscription}")
    if ended:
        notice = context.texts.html("unsubscribe.done", query=subscription_name(ended, context.texts))
    else:
        notice = context.texts.html("subscription.gone")
    await edit_or_reply(update, context, render.subscriptions(current_view(context), notice=notice))


async def change_query_pressed(update: Update, context: Context, callback: callbacks.ChangeQuery) -> str | None:
    """Give the subscription the button's query."""
    return await _reformed(update, context, callback.subscription, callback.query)


async def run_backtest(context: Context, query: str) -> Backtest:
    """What a subscription to `query` would have brought."""
    return await asyncio.to_thread(context.services.archive.backtest, query)


def _grown(context: Context, chat: Chat, query: str) -> tuple[Chat, Subscription, bool]:
    """The chat with the subscription, and whether it is new; the first one in a forum's topic takes the digest along.

    Raises QueryError, LimitReached.
    """
    limit, now, topic = context.services.config.limits.subscriptions, context.services.clock(), context.topic
    grown, one, new = subscriptions.subscribe(chat, query, now=now, limit=limit, topic=topic)
    if topic is not None and not chat.subscriptions:
        grown = with_changes(grown, settings=with_changes(grown.settings, topic=topic))
    return grown, one, new


async def _ended(update: Update, context: Context, what: str) -> Subscription | None:
    topic = context.topic
    return await change_chat(update, context, lambda chat: subscriptions.unsubscribe(chat, what, topic=topic))


async def _reformed(update: Update, context: Context, number: int, query: str) -> str | None:
    normal = str(subscriptions.checked_query(query))
    others = [one for one in current_view(context).subscriptions if one.id != number]
    if same := next((one for one in others if one.query == normal), None):
        return context.texts.plain("subscription.same", query=subscription_name(same, context.texts))
    one = await change_chat(update, context, lambda chat: subscriptions.change_query(chat, number, normal))
    if one is None:
        return context.texts.plain("subscription.gone")
    notice = context.texts.html("subscription.changed", query=localised_query(one.query, context.texts))
    told = await run_backtest(context, one.query)
    await edit_or_reply(update, context, render.subscribed(current_view(context), one, told, notice=notice))
    return None


EACH = 4
"""Keywords, people and places that are offered, so many of each."""
LOOKED = 12
"""Keywords from which those offered are taken."""


async def followable_pressed(update: Update, context: Context, callback: callbacks.ShowFollowable) -> str | None:
    """What of an article can be followed, as a new message."""
    article = await asyncio.to_thread(context.services.archive.article, callback.article)
    if article is None:
        return context.texts.plain("article.not_found")
    words = await asyncio.to_thread(followable_words, article, context.services.archive.labeller)
    if not words:
        return context.texts.plain("topics.none")
    await reply(update, context, render.follow_choices(article, words, context.language))
    return None


def followable_words(article: Article, labeller: Labeller) -> tuple[str, ...]:
    """Words of an article that can be followed, as queries: keywords, people, places, each word once.

    Of the keywords those of three and more characters come first: 锂电池隔膜 says what is meant, 投产 is everywhere.
    """
    known = labeller.label(article)
    said = sorted(
        (keyword.text for keyword in keywords.article_keywords(article, LOOKED)), key=lambda word: len(word) < 3
    )
    words = (word for kind in (said, known.people, known.places) for word in islice(filter(_is_topic, kind), EACH))
    return tuple(dict.fromkeys(words))


def _is_topic(word: str) -> bool:
    """Whether the word means itself as a query."""
    return len(word) > 1 and _as_query(word) == word


def _as_query(word: str) -> str:
    try:
        return str(query_module.parse(word))
    except QueryError:
        return ""

"""Subscriptions: made, listed and dropped, by command and by button."""

from telegram import Update

from bot import keyboards, presses, render
from bot.context import Context
from bot.handlers.asking import asked
from bot.handlers.replies import replace, reply, say
from bot.texts.markup import Html
from digests import subscriptions
from digests.errors import QueryError
from digests.readers import Chat, Outgoing, Subscription
from digests.text import shorten

ECHO = 60
"""Characters of a reader's own text that an answer repeats."""


async def subscribe(update: Update, context: Context) -> None:
    """/subscribe 防汛, or alone for what that means."""
    if query := asked(update, context):
        await _subscribe(update, context, query)
    else:
        await say(update, context, _how(context))


async def unsubscribe(update: Update, context: Context) -> None:
    """/unsubscribe 防汛, or alone for the list with its buttons."""
    if not context.words:
        which = context.texts.say("unsubscribe.which") if context.chat.subscriptions else None
        await reply(update, context, _listing(context, notice=which))
    elif dropped := await _drop(context, context.words):
        await say(update, context, context.texts.say("unsubscribe.done", query=dropped.query))
    else:
        unknown = context.texts.say("unsubscribe.unknown", query=shorten(context.words, ECHO))
        await reply(update, context, _listing(context, notice=unknown))


async def listing(update: Update, context: Context) -> None:
    """/subscriptions"""
    await reply(update, context, _listing(context))


async def how_pressed(update: Update, context: Context, _: presses.HowToSubscribe) -> None:
    """What a subscription is."""
    await say(update, context, _how(context))


async def follow_pressed(update: Update, context: Context, _: presses.FollowSearch) -> None:
    """Subscribe to the search that stands above the button."""
    if query := keyboards.query_above(update.effective_message):
        await _subscribe(update, context, query)
    else:
        await say(update, context, context.texts.say("search.lost"))


async def listing_pressed(update: Update, context: Context, _: presses.ShowSubscriptions) -> None:
    """The list of subscriptions, as a new message."""
    await listing(update, context)


async def listing_turned(update: Update, context: Context, press: presses.TurnSubscriptions) -> None:
    """Another part of the list, in place."""
    await replace(update, context, _listing(context, offset=press.offset))


async def drop_pressed(update: Update, context: Context, press: presses.Unsubscribe) -> None:
    """Drop one and show what is left, in the message with the button."""
    dropped = await _drop(context, f"#{press.subscription}")
    say = context.texts.say
    notice = say("unsubscribe.done", query=dropped.query) if dropped else say("unsubscribe.gone")
    await replace(update, context, _listing(context, notice=notice))


async def _subscribe(update: Update, context: Context, query: str) -> None:
    config, now = context.services.config, context.services.clock()

    def add(chat: Chat) -> tuple[Chat, tuple[Subscription, bool]]:
        changed, made, new = subscriptions.subscribe(chat, query, now=now, limit=config.limits.subscriptions)
        return changed, (made, new)

    try:
        made, new = await context.change(add)
    except QueryError as error:
        await reply(update, context, render.unclear(query, error, context.language, follow=True))
    else:
        await reply(update, context, render.subscribed(context.chat, made, config.digest.time, new=new))


async def _drop(context: Context, what: str) -> Subscription | None:
    return await context.change(lambda chat: subscriptions.unsubscribe(chat, what))


def _how(context: Context) -> Html:
    return render.how_to_subscribe(context.chat, context.services.config.digest.time)


def _listing(context: Context, *, offset: int = 0, notice: Html | None = None) -> Outgoing:
    return render.subscriptions(context.chat, context.services.config.digest.time, offset=offset, notice=notice)

"""Subscriptions: subscribe to a query or a topic of an article, list, change the query, unsubscribe.

Used by commands, buttons and free text; bot/handlers/subscription_settings.py has the other settings of a subscription.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace as with_changes
from functools import partial
from itertools import islice

from telegram import Message, Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view, require_permission
from bot.handlers.messages import message_text
from bot.handlers.replies import edit, edit_or_reply, reply, reply_text
from bot.keyboards import button
from bot.render.fragments import localised_query, subscription_name
from digests import query as query_module
from digests import subscriptions
from digests.analysis import Labeller
from digests.analysis.newspaper_keywords import keywords_of
from digests.chats import Chat, OutgoingMessage, Subscription
from digests.errors import QueryError, TermsTooCommon
from digests.models import Article
from digests.subscriptions.backtest import Backtest, BacktestStopped
from digests.text import shorten

MAX_QUERY_ECHO_CHARS = 60
"""Maximum number of characters of a reader's query that an answer quotes."""
MAX_TOPICS_PER_KIND = 4
"""Maximum number of keywords, of people and of places of an article that are offered as topics."""
BACKTEST_SAMPLE_ARTICLES = 300
"""Articles that the back-test in the first answer reads; with more candidates, its counts are estimates."""
MAX_BACKTEST_ARTICLES = 3_000
"""Articles that the complete back-test reads, which takes about two seconds; a word that more articles of the last year
contain gets an estimate there too."""
KEYWORD_CANDIDATES = 12
"""Number of an article's top keywords from which the offered keywords are chosen."""


async def subscribe(update: Update, context: Context) -> None:
    """/subscribe 防汛: subscribe to the query; without a query, explain subscriptions."""
    if query := message_text(update, context):
        await subscribe_to(update, context, query)
    else:
        await reply_text(update, context, render.how_to_subscribe(await permitted_view(update, context)))


async def subscribe_to(update: Update, context: Context, query: str, *, sure: bool = False) -> None:
    """Subscribe to `query` and reply with its back-test.

    If very many articles match the query and `sure` is False, ask for confirmation instead of subscribing.

    Raises LimitReached, NotAdministrator.
    """
    await require_permission(update, context)
    view = current_view(context)
    try:
        _, subscription, is_new = _with_subscription(context, view.chat, query)
    except TermsTooCommon:
        too_common = context.texts.html("subscribe.too_common", query=shorten(query, MAX_QUERY_ECHO_CHARS))
        return await reply_text(update, context, too_common)
    except QueryError as error:
        await reply(update, context, render.query_error(query, error, context.language, follow=True))
        return None
    if not is_new:
        await reply(update, context, render.already_subscribed(view, subscription))
        return None
    backtest = await _backtest_sample(context, subscription.query)
    if backtest.firehose and not sure:
        return await _show_backtest(update, context, backtest, partial(render.too_many_matches, view))
    stored = await change_chat(update, context, lambda chat: _with_subscription(context, chat, query)[:2])
    return await _show_backtest(update, context, backtest, partial(render.subscribed, current_view(context), stored))


async def unsubscribe(update: Update, context: Context) -> None:
    """/unsubscribe 防汛: end the subscription to 防汛; without a query, reply with a button for each subscription."""
    if context.argument:
        await unsubscribe_from(update, context, context.argument)
    else:
        view = await permitted_view(update, context)
        which = context.texts.html("unsubscribe.which") if view.subscriptions else None
        await reply(update, context, render.subscriptions(view, notice=which, ending=True))


async def unsubscribe_from(update: Update, context: Context, text: str) -> None:
    """End the subscription whose number in the list, query (in any spelling) or name is `text`."""
    if ended := await _end_subscription(update, context, text):
        done = context.texts.html("unsubscribe.done", query=subscription_name(ended, context.texts))
        again = button(context.texts.plain("button.follow_again"), callbacks.FollowQuery(ended.query))
        await reply(update, context, OutgoingMessage(done, ((again,),)))
    else:
        unknown = context.texts.html("unsubscribe.unknown", query=shorten(text, MAX_QUERY_ECHO_CHARS))
        await reply(update, context, render.subscriptions(current_view(context), notice=unknown, ending=True))


async def list_subscriptions(update: Update, context: Context) -> None:
    """/subscriptions: reply with the list of subscriptions."""
    await reply(update, context, render.subscriptions(await permitted_view(update, context)))


async def help_pressed(update: Update, context: Context, _: callbacks.ShowSubscribeHelp) -> None:
    """Explain what a subscription is and how to make one."""
    await reply_text(update, context, render.how_to_subscribe(await permitted_view(update, context)))


async def follow_pressed(update: Update, context: Context, callback: callbacks.FollowQuery) -> None:
    """Subscribe to the button's query."""
    await subscribe_to(update, context, callback.query)


async def confirm_follow_pressed(update: Update, context: Context, callback: callbacks.ConfirmFollow) -> None:
    """Subscribe to the button's query even if very many articles match it."""
    await subscribe_to(update, context, callback.query, sure=True)


async def list_pressed(update: Update, context: Context, _: callbacks.ShowSubscriptions) -> None:
    """Reply with the list of subscriptions."""
    await list_subscriptions(update, context)


async def list_turned(update: Update, context: Context, callback: callbacks.TurnSubscriptions) -> None:
    """Show another part of the list in the same message."""
    view = await permitted_view(update, context)
    await edit_or_reply(update, context, render.subscriptions(view, offset=callback.offset))


async def unsubscribe_pressed(update: Update, context: Context, callback: callbacks.Unsubscribe) -> None:
    """End the button's subscription and show the remaining ones in the same message."""
    ended = await _end_subscription(update, context, f"#{callback.subscription}")
    if ended:
        notice = context.texts.html("unsubscribe.done", query=subscription_name(ended, context.texts))
    else:
        notice = context.texts.html("subscription.gone")
    await edit_or_reply(update, context, render.subscriptions(current_view(context), notice=notice))


async def change_query_pressed(update: Update, context: Context, callback: callbacks.ChangeQuery) -> str | None:
    """Change the subscription's query to that of the button and show its back-test."""
    number = callback.subscription
    try:
        query = str(subscriptions.checked_query(callback.query))
    except QueryError:  # a query that an older version of the program offered
        return context.texts.plain("button.unknown")
    others = (other for other in current_view(context).subscriptions if other.id != number)
    if same := next((other for other in others if other.query == query), None):
        return context.texts.plain("subscription.same", query=subscription_name(same, context.texts))
    changed = await change_chat(update, context, lambda chat: subscriptions.change_query(chat, number, query))
    if changed is None:
        return context.texts.plain("subscription.gone")
    notice = context.texts.html("subscription.changed", query=localised_query(query, context.texts))
    backtest = await _backtest_sample(context, query)
    show = partial(render.subscribed, current_view(context), changed, notice=notice)
    await _show_backtest(update, context, backtest, show, send=edit_or_reply)
    return None


async def followable_pressed(update: Update, context: Context, callback: callbacks.ShowFollowable) -> str | None:
    """Reply with the topics of an article as buttons that subscribe to them."""
    article = await asyncio.to_thread(context.services.archive.article, callback.article)
    if article is None:
        return context.texts.plain("article.not_found")
    topics = await asyncio.to_thread(followable_topics, article, context.services.archive.labeller)
    if not topics:
        return context.texts.plain("topics.none")
    await reply(update, context, render.follow_choices(article, topics, context.language))
    return None


def followable_topics(article: Article, labeller: Labeller) -> tuple[str, ...]:
    """Return topics of an article as queries, without duplicates: keywords, people, places.

    Keywords of at least three characters come first, as they are more specific (锂电池隔膜) than shorter ones (投产).
    """
    labels = labeller.label(article)
    words = (keyword.text for keyword in keywords_of(article, labels, KEYWORD_CANDIDATES))
    kinds = (sorted(words, key=lambda word: len(word) < 3), labels.people, labels.places)
    topics = (word for kind in kinds for word in islice(filter(_is_topic, kind), MAX_TOPICS_PER_KIND))
    return tuple(dict.fromkeys(topics))


def _is_topic(word: str) -> bool:
    """True if the word has at least two characters and parsing it as a query does not change it."""
    try:
        return len(word) > 1 and str(query_module.parse(word)) == word
    except QueryError:
        return False


async def _backtest_sample(context: Context, query: str) -> Backtest:
    """Return a back-test that takes well under a second: of a frequent word, all counts are estimates."""
    return await asyncio.to_thread(context.services.archive.backtest, query, max_articles=BACKTEST_SAMPLE_ARTICLES)


async def _show_backtest(
    update: Update,
    context: Context,
    sample: Backtest,
    show: Callable[[Backtest], OutgoingMessage],
    *,
    send: Callable[[Update, Context, OutgoingMessage], Awaitable[Message | None]] = reply,
) -> None:
    """Send what `show` makes of a back-test; if it is an estimate, count the last year and then edit the message.

    Counting takes seconds, so it runs after the handler; a later back-test of the same chat stops it.
    """
    message = await send(update, context, show(sample))
    stop = context.services.new_backtest(context.chat.id)
    if message and sample.total_is_estimate:
        context.application.create_task(_count_last_year(context, message, sample, show, stop), update=update)


async def _count_last_year(
    context: Context,
    message: Message,
    sample: Backtest,
    show: Callable[[Backtest], OutgoingMessage],
    stop: threading.Event,
) -> None:
    if stop.is_set():  # the bot is stopping
        return
    run = partial(context.services.archive.backtest, sample.query, max_articles=MAX_BACKTEST_ARTICLES, stop=stop)
    try:
        backtest = await asyncio.get_running_loop().run_in_executor(context.services.backtest_thread, run)
    except BacktestStopped:
        return
    if not context.erased and not stop.is_set():
        await edit(context, message, show(backtest))


def _with_subscription(context: Context, chat: Chat, query: str) -> tuple[Chat, Subscription, bool]:
    """Return the chat with the subscription, the subscription, and whether it is new.

    If a chat's first subscription is made in a forum topic, the digest is sent to that topic from then on. Raises
    QueryError, LimitReached.
    """
    limit, now, topic = context.services.config.limits.subscriptions, context.services.clock(), context.topic
    changed, subscription, is_new = subscriptions.subscribe(chat, query, now=now, limit=limit, topic=topic)
    if topic is not None and not chat.subscriptions:
        changed = with_changes(changed, settings=with_changes(changed.settings, topic=topic))
    return changed, subscription, is_new


async def _end_subscription(update: Update, context: Context, text: str) -> Subscription | None:
    topic = context.topic
    return await change_chat(update, context, lambda chat: subscriptions.unsubscribe(chat, text, topic=topic))

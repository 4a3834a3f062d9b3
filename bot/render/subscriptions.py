"""The list of subscriptions, one subscription with its settings, and the replies to a new subscription."""

from collections.abc import Sequence
from datetime import datetime

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.chats import ChatView
from bot.render.fragments import (
    MAX_LABEL_CHARS,
    Window,
    article_button,
    article_line,
    checked_label,
    edit_button,
    highlighted,
    localised_query,
    origin,
    paging_row,
    short_name,
    subscription_name,
    subscriptions_button,
    unsubscribe_button,
)
from bot.render.settings import digest_line
from bot.texts import Html, join, lines, quoted
from digests.chats import OutgoingMessage, Rhythm, Subscription
from digests.subscriptions import is_paused_or_muted
from digests.subscriptions.backtest import Backtest, BacktestHit
from digests.text import shorten

SUBSCRIPTIONS_PER_MESSAGE = 10
SUBSCRIPTIONS_PER_ROW = 2
RHYTHMS: tuple[Rhythm, ...] = ("now", "daily", "weekly")
CAPS = (0, 1, 3, 10)
"""Daily limits of alerts that have a button; 0 means the configured limit."""
MUTE_DAYS = (1, 7)
"""Numbers of days for which a button mutes a subscription."""
SAMPLE_ARTICLES = 3
SAMPLE_LOOKALIKES = 2
SAMPLE_FORMS = 2
"""Maximum number of narrower queries, and of wider queries, that are offered with a back-test."""
MIN_BUSIEST_COUNT = 2
"""The busiest day is shown only if it has at least this many hits."""


def subscriptions(
    view: ChatView, *, offset: int = 0, notice: Html | None = None, ending: bool = False
) -> OutgoingMessage:
    """Return the subscriptions from `offset` on, each with a button that opens it or, if `ending`, ends it.

    `notice` is shown above the list.
    """
    texts, followed = view.texts, view.subscriptions
    if not followed:
        return OutgoingMessage(join("\n\n", [notice, _none(view), _elsewhere(view), how_to_subscribe(view)]))
    window = Window.at(offset, SUBSCRIPTIONS_PER_MESSAGE, len(followed))
    shown = followed[window.offset : window.end]
    items = [_item(number, item, view) for number, item in enumerate(shown, window.offset + 1)]
    buttons = (unsubscribe_button(item, texts) if ending else _open_button(item, view) for item in shown)
    return OutgoingMessage(
        join("\n\n", [notice, lines(_title(view), *items), lines(_elsewhere(view), digest_line(view))]),
        (
            *rows(buttons, SUBSCRIPTIONS_PER_ROW),
            *paging_row(window, texts, callbacks.TurnSubscriptions),
            (button(texts.plain("button.settings"), callbacks.ShowSettings()),),
        ),
    )


def subscription(view: ChatView, subscription: Subscription, *, notice: Html | None = None) -> OutgoingMessage:
    """Return one subscription: its query, when its alerts are sent, and the buttons that change it."""
    texts = view.texts
    text = lines(
        texts.html("subscription.title", name=subscription_name(subscription, texts)),
        texts.html("subscription.query", query=localised_query(subscription.query, texts)),
        texts.html(f"subscription.rhythm.{subscription.rhythm}"),
        _cap(subscription, view),
        _pause(subscription, view),
    )
    return OutgoingMessage(join("\n\n", [notice, text]), _setting_rows(subscription, view))


def ask_name(view: ChatView, subscription: Subscription) -> OutgoingMessage:
    """Return the question for a subscription's new name; the reader replies to this message."""
    texts = view.texts
    keep = button(texts.plain("button.keep_name"), callbacks.KeepName(subscription.id))
    text = texts.html("subscription.ask_name", name=subscription_name(subscription, texts))
    return OutgoingMessage(text, ((keep,),))


def how_to_subscribe(view: ChatView) -> Html:
    """Return the instructions for subscribing to a topic."""
    return view.texts.html("subscribe.how", time=view.texts.time_of_day(view.digest_time))


def subscribed(
    view: ChatView, subscription: Subscription, backtest: Backtest, *, notice: Html | None = None
) -> OutgoingMessage:
    """Return the confirmation of a subscription with its back-test; `notice` replaces the confirmation."""
    texts = view.texts
    done = notice or lines(_confirmation(view, subscription), _digest_too(view))
    rows = (
        (subscriptions_button(texts), edit_button(subscription.id, texts)),
        (unsubscribe_button(subscription, texts),),
    )
    return _with_backtest(done, backtest, view, subscription.id, rows)


def too_many_matches(view: ChatView, backtest: Backtest) -> OutgoingMessage:
    """Return the back-test of a query with too many matches, and the button that subscribes to it anyway."""
    texts = view.texts
    anyway = button(texts.plain("button.subscribe_anyway"), callbacks.ConfirmFollow(backtest.query))
    head = texts.html("subscribe.too_many", query=localised_query(backtest.query, texts))
    return _with_backtest(head, backtest, view, 0, ((anyway,),))


def already_subscribed(view: ChatView, subscription: Subscription) -> OutgoingMessage:
    """Return the notice that the chat already has this subscription."""
    texts = view.texts
    text = texts.html("subscribe.already", query=subscription_name(subscription, texts))
    return OutgoingMessage(text, ((subscriptions_button(texts), edit_button(subscription.id, texts)),))


def exclusion_choices(view: ChatView, subscription: Subscription, terms: Sequence[str]) -> OutgoingMessage:
    """Return the question of which term a subscription should exclude, with a button for each term."""
    texts = view.texts
    name = subscription_name(subscription, texts)
    if not terms:
        return OutgoingMessage(texts.html("exclude.nothing", query=name), ((edit_button(subscription.id, texts),),))
    choices = (
        button(
            texts.plain("button.exclude", term=shorten(localised_query(term, texts), MAX_LABEL_CHARS)),
            callbacks.ExcludeTerm(subscription.id, term),
        )
        for term in terms
    )
    return OutgoingMessage(texts.html("exclude.which", query=name), rows(choices, 1))


def _none(view: ChatView) -> Html:
    if view.channel:
        return view.texts.html("subscriptions.none_of", channel=view.channel)
    return view.texts.html("subscriptions.none")


def _title(view: ChatView) -> Html:
    count = len(view.subscriptions)
    if view.channel:
        return view.texts.html("subscriptions.title_of", channel=view.channel, count=count)
    return view.texts.html("subscriptions.title", count=count)


def _item(number: int, subscription: Subscription, view: ChatView) -> Html:
    """Return the subscription's name, its rhythm if that is not "now", and whether it is paused or muted."""
    texts = view.texts
    rhythm = texts.html(f"subscriptions.{subscription.rhythm}") if subscription.rhythm != "now" else ""
    paused = texts.html("subscriptions.paused") if is_paused_or_muted(subscription, view.now) else ""
    item = texts.html("subscriptions.item", number=number, query=subscription_name(subscription, texts))
    return join(" · ", [item, rhythm, paused])


def _elsewhere(view: ChatView) -> Html | str:
    """Return the number of subscriptions in other topics of the forum, which count towards the same limit."""
    count = len(view.chat.subscriptions) - len(view.subscriptions)
    return view.texts.html("subscriptions.elsewhere", count=count) if count else ""


def _cap(subscription: Subscription, view: ChatView) -> Html | str:
    """Return the limit of alerts a day if the reader has set one and alerts are sent at once; otherwise empty."""
    if subscription.rhythm != "now" or subscription.cap is None:
        return ""
    return view.texts.html("subscription.cap", count=subscription.cap)


def _pause(subscription: Subscription, view: ChatView) -> Html | str:
    """Return the line on a paused or muted subscription; empty for an active one."""
    if subscription.paused:
        return view.texts.html("subscription.paused")
    if subscription.muted_until and is_paused_or_muted(subscription, view.now):
        return view.texts.html("subscription.muted", until=_moment(subscription.muted_until, view))
    return ""


def _moment(moment: datetime, view: ChatView) -> str:
    """Return the day and time in the chat's time zone."""
    texts, local = view.texts, moment.astimezone(view.zone)
    day, time = texts.long_date(local.date()), texts.time_of_day(local.time())
    return texts.plain("subscription.moment", day=day, time=time)


def _setting_rows(subscription: Subscription, view: ChatView) -> tuple[Row, ...]:
    texts = view.texts
    rhythms = tuple(_rhythm_button(subscription, rhythm, view) for rhythm in RHYTHMS)
    caps = tuple(_cap_button(subscription, cap, view) for cap in CAPS) if subscription.rhythm == "now" else ()
    rename = button(texts.plain("button.rename"), callbacks.AskName(subscription.id))
    back = button(texts.plain("button.all_subscriptions"), callbacks.TurnSubscriptions(0))
    all_rows = (
        rhythms,
        caps,
        _pause_row(subscription, view),
        (rename, unsubscribe_button(subscription, texts)),
        (back,),
    )
    return tuple(row for row in all_rows if row)


def _rhythm_button(subscription: Subscription, rhythm: Rhythm, view: ChatView) -> Button:
    label = checked_label(view.texts.plain(f"button.rhythm.{rhythm}"), rhythm == subscription.rhythm, view.texts)
    return button(label, callbacks.SetRhythm(subscription.id, rhythm))


def _cap_button(subscription: Subscription, cap: int, view: ChatView) -> Button:
    texts = view.texts
    label = texts.plain("button.cap", count=cap) if cap else texts.plain("button.default_cap")
    return button(checked_label(label, cap == (subscription.cap or 0), texts), callbacks.SetCap(subscription.id, cap))


def _pause_row(subscription: Subscription, view: ChatView) -> Row:
    """Return the button that resumes alerts, or the buttons that mute and pause them."""
    texts = view.texts
    if subscription.paused:
        return (button(texts.plain("button.resume"), callbacks.SetPaused(subscription.id, on=False)),)
    if is_paused_or_muted(subscription, view.now):
        return (button(texts.plain("button.resume"), callbacks.MuteSubscription(subscription.id, 0)),)
    mutes = (
        button(texts.plain("button.mute", count=days), callbacks.MuteSubscription(subscription.id, days))
        for days in MUTE_DAYS
    )
    return (*mutes, button(texts.plain("button.pause"), callbacks.SetPaused(subscription.id, on=True)))


def _open_button(subscription: Subscription, view: ChatView) -> Button:
    return button(short_name(subscription, view.texts), callbacks.ShowSubscription(subscription.id))


def _confirmation(view: ChatView, subscription: Subscription) -> Html:
    texts, query = view.texts, localised_query(subscription.query, view.texts)
    if view.channel:
        return texts.html("subscribe.done_for", query=query, channel=view.channel)
    return texts.html("subscribe.done", query=query)


def _digest_too(view: ChatView) -> Html | str:
    """Return the note on the daily digest if it is on and this is the chat's only subscription; otherwise empty."""
    if len(view.chat.subscriptions) != 1 or not view.chat.settings.digest:
        return ""
    return view.texts.html("subscribe.digest_too", time=view.texts.time_of_day(view.digest_time))


def _with_backtest(
    head: Html, backtest: Backtest, view: ChatView, subscription: int, foot: tuple[Row, ...]
) -> OutgoingMessage:
    """Return the head, sample hits of the back-test, and buttons for narrower and wider queries.

    `subscription` is the id of the subscription that these buttons change; if it is 0, the buttons subscribe instead.
    """
    texts = view.texts
    hits = list(enumerate(backtest.hits[:SAMPLE_ARTICLES], 1))
    look_alikes = [quoted(highlighted(article.snippet)) for article in backtest.look_alikes[:SAMPLE_LOOKALIKES]]
    narrower, wider = backtest.tighter[:SAMPLE_FORMS], backtest.looser[:SAMPLE_FORMS]
    queries = lines(
        *(texts.html("backtest.narrower", query=localised_query(query, texts)) for query in narrower),
        *(texts.html("backtest.wider", query=localised_query(query, texts)) for query in wider),
    )
    text = join(
        "\n\n",
        [
            lines(head, _hit_counts(backtest, view)),
            *(_hit(number, hit, view) for number, hit in hits),
            lines(texts.html("backtest.lookalikes"), *look_alikes) if look_alikes else "",
            queries,
        ],
    )
    read = rows((article_button(number, hit.article.id) for number, hit in hits), SAMPLE_ARTICLES)
    change = tuple((_query_button(query, subscription, view),) for query in (*narrower, *wider))
    return OutgoingMessage(text, (*read, *change, *foot))


def _hit_counts(backtest: Backtest, view: ChatView) -> Html:
    """Return the number of hits in the past year (if it has none, before that year) and on the busiest day."""
    texts = view.texts
    if not backtest.total:
        return texts.html("backtest.never", count=backtest.issues)
    if backtest.last_year_is_estimate and backtest.last_year:
        counts = texts.html("backtest.last_year_about", count=_two_digits(backtest.last_year))
    elif backtest.last_year:
        counts = texts.html("backtest.last_year", count=backtest.last_year)
    elif backtest.total_is_estimate:
        counts = texts.html("backtest.before_about", count=_two_digits(backtest.total))
    else:
        counts = texts.html("backtest.before", count=backtest.total)
    busiest = ""
    if backtest.busiest and backtest.busiest[1] >= MIN_BUSIEST_COUNT:
        day, count = backtest.busiest
        busiest = texts.html("backtest.busiest", count=count, day=texts.long_date(day))
    return join("", [counts, busiest, texts.html("backtest.end")])


def _two_digits(count: int) -> int:
    """Return an estimate rounded to its two leading digits."""
    return round(count, 2 - len(str(count)))


def _hit(number: int, hit: BacktestHit, view: ChatView) -> Html:
    title = view.texts.html("search.hit", number=number, headline=article_line(hit.article))
    return lines(title, origin(hit.article, view.texts))


def _query_button(query: str, subscription: int, view: ChatView) -> Button:
    """Return the button that changes a subscription to `query`, or subscribes to it if `subscription` is 0."""
    label = view.texts.plain("button.use_query", query=shorten(localised_query(query, view.texts), MAX_LABEL_CHARS))
    change = callbacks.ChangeQuery(subscription, query) if subscription else callbacks.FollowQuery(query)
    return button(label, change)

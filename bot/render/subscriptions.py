"""What a chat follows: the list, and one subscription with all that can be done to it.

The answer to a wish to subscribe: how often it would have come, with samples, look-alikes and other forms.
"""

from collections.abc import Sequence
from datetime import datetime

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.chats import ChatView
from bot.render.fragments import (
    MAX_LABEL_CHARS,
    Window,
    checked_label,
    headline,
    highlighted,
    localised_query,
    origin,
    paging_row,
    subscription_name,
)
from bot.render.settings import weekday_names
from bot.texts.markup import Html, join, lines, quoted
from digests.chats import OutgoingMessage, Rhythm, Subscription
from digests.subscriptions import is_resting
from digests.subscriptions.backtest import Backtest, BacktestHit, LookAlike
from digests.text import shorten

SUBSCRIPTIONS_PER_MESSAGE = 10
"""Subscriptions in one message of the list."""
RHYTHMS: tuple[Rhythm, ...] = ("now", "daily", "weekly")
CAPS = (0, 1, 3, 10)
"""Caps that are offered; 0: as configured for all."""
MUTE_DAYS = (1, 7)
"""Days of rest that are offered."""


def subscriptions(
    view: ChatView, *, offset: int = 0, notice: Html | None = None, ending: bool = False
) -> OutgoingMessage:
    """What the chat follows, each with a button that opens it, or `ending` it; `notice` says what has just happened."""
    texts, followed = view.texts, view.subscriptions
    if not followed:
        none = (
            texts.html("subscriptions.none_of", channel=view.channel)
            if view.channel
            else texts.html("subscriptions.none")
        )
        return OutgoingMessage(join("\n\n", [notice, none, _elsewhere(view), how_to_subscribe(view)]))
    window = Window.at(offset, SUBSCRIPTIONS_PER_MESSAGE, len(followed))
    shown = followed[window.offset : window.end]
    listing = [_item(n, one, view) for n, one in enumerate(shown, window.offset + 1)]
    labels = texts.plain("button.previous"), texts.plain("button.next")
    return OutgoingMessage(
        join("\n\n", [notice, lines(_title(view), *listing), lines(_elsewhere(view), _digest_time(view))]),
        (
            *rows((_end(one, view) if ending else _open(one, view) for one in shown), 2),
            *paging_row(window, labels, callbacks.TurnSubscriptions),
            (button(texts.plain("button.settings"), callbacks.ShowSettings()),),
        ),
    )


def subscription(view: ChatView, one: Subscription, *, notice: Html | None = None) -> OutgoingMessage:
    """One subscription: what it asks for, when it comes, and the buttons that change it."""
    texts = view.texts
    head = lines(
        texts.html("subscription.title", name=subscription_name(one, view.texts)),
        texts.html("subscription.query", query=localised_query(one.query, texts)),
        texts.html(f"subscription.rhythm.{one.rhythm}"),
        _cap(one, view),
        _rest(one, view),
    )
    return OutgoingMessage(join("\n\n", [notice, head]), _deeds(view, one))


def ask_name(view: ChatView, one: Subscription) -> OutgoingMessage:
    """The question what it is to be called; answered by a reply to it."""
    texts = view.texts
    keep = button(texts.plain("button.keep_name"), callbacks.KeepName(one.id))
    return OutgoingMessage(texts.html("subscription.ask_name", name=subscription_name(one, view.texts)), ((keep,),))


def how_to_subscribe(view: ChatView) -> Html:
    """What a subscription is and how to make one."""
    return view.texts.html("subscribe.how", time=view.texts.time_of_day(view.digest_time))


def moment(when: datetime, view: ChatView) -> str:
    """A moment by the clocks of the chat."""
    local = when.astimezone(view.zone)
    day, time = view.texts.long_date(local.date()), view.texts.time_of_day(local.time())
    return view.texts.plain("subscription.moment", day=day, time=time)


def _title(view: ChatView) -> Html:
    count = len(view.subscriptions)
    if view.channel:
        return view.texts.html("subscriptions.title_of", channel=view.channel, count=count)
    return view.texts.html("subscriptions.title", count=count)


def _item(number: int, one: Subscription, view: ChatView) -> Html:
    """Its name or query, and what about it is not as usual."""
    texts = view.texts
    notes = [
        *([texts.html(f"subscriptions.{one.rhythm}")] if one.rhythm != "now" else []),
        *([texts.html("subscriptions.paused")] if is_resting(one, view.now) else []),
    ]
    item = texts.html("subscriptions.item", number=number, query=subscription_name(one, view.texts))
    return join(" · ", [item, *notes])


def _elsewhere(view: ChatView) -> Html | str:
    """How much the other topics of a forum follow: all together have one limit."""
    count = len(view.chat.subscriptions) - len(view.subscriptions)
    return view.texts.html("subscriptions.elsewhere", count=count) if count else ""


def _digest_time(view: ChatView) -> Html:
    if not view.chat.settings.digest:
        return view.texts.html("subscriptions.digest_off")
    return view.texts.html(
        "subscriptions.digest_on", days=weekday_names(view), time=view.texts.time_of_day(view.digest_time)
    )


def _cap(one: Subscription, view: ChatView) -> Html | str:
    if one.rhythm != "now" or one.cap is None:
        return ""
    return view.texts.html("subscription.cap", count=one.cap)


def _rest(one: Subscription, view: ChatView) -> Html | str:
    if one.paused:
        return view.texts.html("subscription.paused")
    if one.muted_until and is_resting(one, view.now):
        return view.texts.html("subscription.muted", until=moment(one.muted_until, view))
    return ""


def _deeds(view: ChatView, one: Subscription) -> tuple[Row, ...]:
    texts = view.texts
    rhythms = (
        button(
            checked_label(texts.plain(f"button.rhythm.{way}"), way == one.rhythm, texts),
            callbacks.SetRhythm(one.id, way),
        )
        for way in RHYTHMS
    )
    caps = (_cap_button(one, cap, view) for cap in CAPS) if one.rhythm == "now" else ()
    name, end = button(texts.plain("button.rename"), callbacks.AskName(one.id)), _end(one, view)
    mine = button(texts.plain("button.all_subscriptions"), callbacks.TurnSubscriptions(0))
    return tuple(row for row in (tuple(rhythms), tuple(caps), _rests(view, one), (name, end), (mine,)) if row)


def _cap_button(one: Subscription, cap: int, view: ChatView) -> Button:
    texts = view.texts
    label = texts.plain("button.cap", count=cap) if cap else texts.plain("button.default_cap")
    return button(checked_label(label, cap == (one.cap or 0), texts), callbacks.SetCap(one.id, cap))


def _rests(view: ChatView, one: Subscription) -> Row:
    texts = view.texts
    if one.paused:
        return (button(texts.plain("button.resume"), callbacks.SetPaused(one.id, on=False)),)
    if is_resting(one, view.now):
        return (button(texts.plain("button.resume"), callbacks.MuteSubscription(one.id, 0)),)
    mutes = (
        button(texts.plain("button.mute", count=days), callbacks.MuteSubscription(one.id, days)) for days in MUTE_DAYS
    )
    return (*mutes, button(texts.plain("button.pause"), callbacks.SetPaused(one.id, on=True)))


def _open(one: Subscription, view: ChatView) -> Button:
    return button(shorten(subscription_name(one, view.texts), MAX_LABEL_CHARS), callbacks.ShowSubscription(one.id))


def _end(one: Subscription, view: ChatView) -> Button:
    label = view.texts.plain("button.unsubscribe", query=shorten(subscription_name(one, view.texts), MAX_LABEL_CHARS))
    return button(label, callbacks.Unsubscribe(one.id))


SAMPLE_ARTICLES = 3
SAMPLE_LOOKALIKES = 2
FORMS_PER_KIND = 2
"""Forms of each kind that are offered."""


def subscribed(view: ChatView, to: Subscription, told: Backtest, *, notice: Html | None = None) -> OutgoingMessage:
    """It is made: what it would have brought, and how to have less or more of it. `notice` is said in place of that."""
    texts = view.texts
    done = notice or lines(
        texts.html("subscribe.done_for", query=localised_query(to.query, texts), channel=view.channel)
        if view.channel
        else texts.html("subscribe.done", query=localised_query(to.query, texts)),
        _digest_too(view),
    )
    mine = button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions())
    change = button(texts.plain("button.edit"), callbacks.ShowSubscription(to.id))
    end = button(
        texts.plain("button.unsubscribe", query=shorten(subscription_name(to, texts), MAX_LABEL_CHARS)),
        callbacks.Unsubscribe(to.id),
    )
    return _rehearsed(view, done, told, to.id, ((mine, change), (end,)))


def too_many_matches(view: ChatView, told: Backtest) -> OutgoingMessage:
    """It would bring more than anybody reads, and is made only when asked for again."""
    anyway = button(view.texts.plain("button.subscribe_anyway"), callbacks.ConfirmFollow(told.query))
    return _rehearsed(
        view,
        view.texts.html("subscribe.too_many", query=localised_query(told.query, view.texts)),
        told,
        0,
        ((anyway,),),
    )


def already_subscribed(view: ChatView, there: Subscription) -> OutgoingMessage:
    """It is followed already."""
    texts = view.texts
    mine = button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions())
    change = button(texts.plain("button.edit"), callbacks.ShowSubscription(there.id))
    return OutgoingMessage(texts.html("subscribe.already", query=subscription_name(there, texts)), ((mine, change),))


def exclusion_choices(view: ChatView, one: Subscription, terms: Sequence[str]) -> OutgoingMessage:
    """What a subscription could refuse, so that articles like one that came do not come."""
    texts = view.texts
    name = subscription_name(one, texts)
    if not terms:
        change = button(texts.plain("button.edit"), callbacks.ShowSubscription(one.id))
        return OutgoingMessage(texts.html("exclude.nothing", query=name), ((change,),))
    offered = (
        button(
            texts.plain("button.exclude", term=shorten(localised_query(term, texts), MAX_LABEL_CHARS)),
            callbacks.ExcludeTerm(one.id, term),
        )
        for term in terms
    )
    return OutgoingMessage(texts.html("exclude.which", query=name), rows(offered, 1))


def _digest_too(view: ChatView) -> Html | str:
    """The first subscription of a chat brings the daily digest along."""
    if len(view.chat.subscriptions) != 1 or not view.chat.settings.digest:
        return ""
    return view.texts.html("subscribe.digest_too", time=view.texts.time_of_day(view.digest_time))


def _rehearsed(view: ChatView, head: Html, told: Backtest, subscription: int, foot: tuple[Row, ...]) -> OutgoingMessage:
    texts = view.texts
    hits = list(enumerate(told.hits[:SAMPLE_ARTICLES], 1))
    tighter, looser = told.tighter[:FORMS_PER_KIND], told.looser[:FORMS_PER_KIND]
    left_out = [_left_out(one) for one in told.look_alikes[:SAMPLE_LOOKALIKES]]
    shown = join("\n\n", [
        lines(head, _how_often(view, told)),
        *(_hit(number, one, view) for number, one in hits),
        lines(texts.html("backtest.lookalikes"), *left_out) if left_out else "",
        lines(*(texts.html("backtest.narrower", query=localised_query(query, texts)) for query in tighter),
              *(texts.html("backtest.wider", query=localised_query(query, texts)) for query in looser)),
    ])  # fmt: skip
    read = rows((button(str(n), callbacks.ShowArticle(one.article.id)) for n, one in hits), SAMPLE_ARTICLES)
    use = tuple((_use(query, subscription, view),) for query in (*tighter, *looser))
    return OutgoingMessage(shown, (*read, *use, *foot))


def _how_often(view: ChatView, told: Backtest) -> Html:
    """过去一年 41 次，最忙的一天 3 次; what came before the last year counts where it has nothing."""
    texts = view.texts
    if not told.total:
        return texts.html("backtest.never", count=told.issues)
    often = (
        texts.html("backtest.last_year", count=told.last_year)
        if told.last_year
        else texts.html("backtest.before", count=told.total)
    )
    if told.busiest is None or told.busiest[1] < 2:
        return Html(often + texts.html("backtest.end"))
    day, count = told.busiest
    return Html(
        often + texts.html("backtest.busiest", count=count, day=texts.long_date(day)) + texts.html("backtest.end")
    )


def _hit(number: int, told: BacktestHit, view: ChatView) -> Html:
    title = view.texts.html("search.hit", number=number, headline=headline(told.article.title))
    return lines(title, origin(told.article, view.texts))


def _left_out(one: LookAlike) -> Html:
    return quoted(highlighted(one.snippet))


def _use(query: str, subscription: int, view: ChatView) -> Button:
    label = view.texts.plain("button.use_query", query=shorten(localised_query(query, view.texts), MAX_LABEL_CHARS))
    change = callbacks.ChangeQuery(subscription, query) if subscription else callbacks.FollowQuery(query)
    return button(label, change)

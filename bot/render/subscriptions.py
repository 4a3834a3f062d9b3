"""What a chat follows: the list, and one subscription with all that can be done to it."""

from datetime import datetime

from bot import wishes
from bot.keyboards import Button, Row, button, rows
from bot.render.paging import Window, turning
from bot.render.pieces import LABEL, called, said, ticked
from bot.render.settings import days
from bot.render.view import View
from bot.texts.markup import Html, join, lines
from digests.following.subscriptions import resting
from digests.readers import Outgoing, Rhythm, Subscription
from digests.text import shorten

SUBSCRIPTIONS = 10
"""Subscriptions in one message of the list."""
RHYTHMS: tuple[Rhythm, ...] = ("now", "daily", "weekly")
CAPS = (0, 1, 3, 10)
"""Caps that are offered; 0: as configured for all."""
MUTES = (1, 7)
"""Days of rest that are offered."""


def subscriptions(view: View, *, offset: int = 0, notice: Html | None = None, ending: bool = False) -> Outgoing:
    """What the chat follows, each with a button that opens it, or `ending` it; `notice` says what has just happened."""
    say, followed = view.say, view.subscriptions
    if not followed:
        none = say.say("subscriptions.none_of", channel=view.channel) if view.channel else say.say("subscriptions.none")
        return Outgoing(join("\n\n", [notice, none, _elsewhere(view), how_to_subscribe(view)]))
    window = Window.at(offset, SUBSCRIPTIONS, len(followed))
    shown = followed[window.offset : window.end]
    listing = [_item(n, one, view) for n, one in enumerate(shown, window.offset + 1)]
    labels = say.label("button.back"), say.label("button.onward")
    return Outgoing(
        join("\n\n", [notice, lines(_title(view), *listing), lines(_elsewhere(view), _digest_time(view))]),
        (
            *rows((_end(one, view) if ending else _open(one, view) for one in shown), 2),
            *turning(window, labels, wishes.TurnSubscriptions),
            (button(say.label("button.settings"), wishes.ShowSettings()),),
        ),
    )


def subscription(view: View, one: Subscription, *, notice: Html | None = None) -> Outgoing:
    """One subscription: what it asks for, when it comes, and the buttons that change it."""
    say = view.say
    head = lines(
        say.say("subscription.title", name=called(one, view.say)),
        say.say("subscription.query", query=said(one.query, say)),
        say.say(f"subscription.rhythm.{one.rhythm}"),
        _cap(one, view),
        _rest(one, view),
    )
    return Outgoing(join("\n\n", [notice, head]), _deeds(view, one))


def name_asked(view: View, one: Subscription) -> Outgoing:
    """The question what it is to be called; answered by a reply to it."""
    say = view.say
    keep = button(say.label("button.keep_name"), wishes.KeepName(one.id))
    return Outgoing(say.say("subscription.name_asked", name=called(one, view.say)), ((keep,),))


def how_to_subscribe(view: View) -> Html:
    """What a subscription is and how to make one."""
    return view.say.say("subscribe.how", time=view.say.clock(view.digest_time))


def moment(when: datetime, view: View) -> str:
    """A moment by the clocks of the chat."""
    local = when.astimezone(view.zone)
    day, time = view.say.short_day(local.date()), view.say.clock(local.time())
    return view.say.label("subscription.moment", day=day, time=time)


def _title(view: View) -> Html:
    count = len(view.subscriptions)
    if view.channel:
        return view.say.say("subscriptions.title_of", channel=view.channel, count=count)
    return view.say.say("subscriptions.title", count=count)


def _item(number: int, one: Subscription, view: View) -> Html:
    """Its name or query, and what about it is not as usual."""
    say = view.say
    notes = [
        *([say.say(f"subscriptions.{one.rhythm}")] if one.rhythm != "now" else []),
        *([say.say("subscriptions.resting")] if resting(one, view.now) else []),
    ]
    item = say.say("subscriptions.item", number=number, query=called(one, view.say))
    return join(" · ", [item, *notes])


def _elsewhere(view: View) -> Html | str:
    """How much the other topics of a forum follow: all together have one limit."""
    count = len(view.chat.subscriptions) - len(view.subscriptions)
    return view.say.say("subscriptions.elsewhere", count=count) if count else ""


def _digest_time(view: View) -> Html:
    if not view.chat.settings.digest:
        return view.say.say("subscriptions.digest_off")
    return view.say.say("subscriptions.digest_on", days=days(view), time=view.say.clock(view.digest_time))


def _cap(one: Subscription, view: View) -> Html | str:
    if one.rhythm != "now" or one.cap is None:
        return ""
    return view.say.say("subscription.cap", count=one.cap)


def _rest(one: Subscription, view: View) -> Html | str:
    if one.paused:
        return view.say.say("subscription.paused")
    if one.muted_until and resting(one, view.now):
        return view.say.say("subscription.muted", until=moment(one.muted_until, view))
    return ""


def _deeds(view: View, one: Subscription) -> tuple[Row, ...]:
    say = view.say
    rhythms = (
        button(ticked(say.label(f"button.rhythm.{way}"), way == one.rhythm, say), wishes.SetRhythm(one.id, way))
        for way in RHYTHMS
    )
    caps = (_cap_button(one, cap, view) for cap in CAPS) if one.rhythm == "now" else ()
    name, end = button(say.label("button.rename"), wishes.AskName(one.id)), _end(one, view)
    mine = button(say.label("button.to_subscriptions"), wishes.TurnSubscriptions(0))
    return tuple(row for row in (tuple(rhythms), tuple(caps), _rests(view, one), (name, end), (mine,)) if row)


def _cap_button(one: Subscription, cap: int, view: View) -> Button:
    say = view.say
    label = say.label("button.cap", count=cap) if cap else say.label("button.usual_cap")
    return button(ticked(label, cap == (one.cap or 0), say), wishes.SetCap(one.id, cap))


def _rests(view: View, one: Subscription) -> Row:
    say = view.say
    if one.paused:
        return (button(say.label("button.go_on"), wishes.SetPaused(one.id, on=False)),)
    if resting(one, view.now):
        return (button(say.label("button.go_on"), wishes.Mute(one.id, 0)),)
    mutes = (button(say.label("button.mute", count=days), wishes.Mute(one.id, days)) for days in MUTES)
    return (*mutes, button(say.label("button.pause"), wishes.SetPaused(one.id, on=True)))


def _open(one: Subscription, view: View) -> Button:
    return button(shorten(called(one, view.say), LABEL), wishes.ShowSubscription(one.id))


def _end(one: Subscription, view: View) -> Button:
    label = view.say.label("button.unsubscribe", query=shorten(called(one, view.say), LABEL))
    return button(label, wishes.Unsubscribe(one.id))

"""What concerns the chat itself: the greeting, its subscriptions, its settings."""

from datetime import time

from bot import presses
from bot.keyboards import Button, button, rows
from bot.render.paging import Window, turning
from bot.render.pieces import LABEL
from bot.texts import LANGUAGES, Texts, texts
from bot.texts.markup import Html, join, lines
from digests.readers import Chat, Language, Outgoing, Subscription
from digests.text import shorten

TIMES = tuple(map(time.fromisoformat, ("06:30", "07:00", "07:30", "08:00", "09:00", "12:00", "18:00", "21:00")))
"""The times of day that are offered for the digest."""
SUBSCRIPTIONS = 10
"""Subscriptions in one message of the list."""


def greeting(lang: Language) -> Outgoing:
    """What this is, and four ways to begin."""
    say = texts(lang)
    other: Language = "en" if lang == "zh" else "zh"
    return Outgoing(
        say.say("start.hello"),
        (
            (
                button(say.label("button.today"), presses.NewestDigest()),
                button(say.label("button.issues"), presses.ShowIssues()),
            ),
            (
                button(say.label("button.how_to_subscribe"), presses.HowToSubscribe()),
                button(texts(other).label("settings.language_name"), presses.GreetIn(other)),
            ),
        ),
    )


def subscriptions(chat: Chat, default_time: time, *, offset: int = 0, notice: Html | None = None) -> Outgoing:
    """What the chat follows, each with a button to drop it; `notice` says what has just happened."""
    say = texts(chat.settings.language)
    if not chat.subscriptions:
        none = say.say("subscriptions.none")
        return Outgoing(join("\n\n", [notice, none, how_to_subscribe(chat, default_time)]))
    window = Window.at(offset, SUBSCRIPTIONS, len(chat.subscriptions))
    shown = chat.subscriptions[window.offset : window.end]
    listing = (
        say.say("subscriptions.item", number=n, query=one.query) for n, one in enumerate(shown, window.offset + 1)
    )
    title = say.say("subscriptions.title", count=len(chat.subscriptions))
    labels = say.label("button.back"), say.label("button.onward")
    return Outgoing(
        join("\n\n", [notice, lines(title, *listing), _digest_time(chat, default_time, say)]),
        (
            *rows((_drop(one, say) for one in shown), 2),
            *turning(window, labels, presses.TurnSubscriptions),
            (button(say.label("button.settings"), presses.ShowSettings()),),
        ),
    )


def how_to_subscribe(chat: Chat, default_time: time) -> Html:
    """What a subscription is and how to make one."""
    say = texts(chat.settings.language)
    return say.say("subscribe.how", time=say.clock(_at(chat, default_time)))


def subscribed(chat: Chat, to: Subscription, default_time: time, *, new: bool) -> Outgoing:
    """The answer to a wish to subscribe."""
    say = texts(chat.settings.language)
    mine = button(say.label("button.subscriptions"), presses.ShowSubscriptions())
    if not new:
        return Outgoing(say.say("subscribe.already", query=to.query), ((mine,),))
    first = len(chat.subscriptions) == 1 and chat.settings.digest
    digest_too = say.say("subscribe.digest_too", time=say.clock(_at(chat, default_time))) if first else ""
    return Outgoing(lines(say.say("subscribe.done", query=to.query), digest_too), ((mine, _drop(to, say)),))


def settings(chat: Chat, default_time: time) -> Outgoing:
    """The language and the daily digest, with buttons to change them."""
    say = texts(chat.settings.language)
    at, on = _at(chat, default_time), chat.settings.digest
    text = lines(
        say.say("settings.title"),
        say.say("settings.language", language=say.say("settings.language_name")),
        say.say("settings.digest_on", time=say.clock(at)) if on else say.say("settings.digest_off"),
    )
    languages = tuple(_language(one, chosen=one == chat.settings.language, say=say) for one in LANGUAGES)
    switch = button(say.label("button.digest_off" if on else "button.digest_on"), presses.SetDigest(not on))
    times = rows((_time(one, chosen=one == at, say=say) for one in TIMES), 4) if on else ()
    return Outgoing(text, (languages, *times, (switch,)))


def _at(chat: Chat, default_time: time) -> time:
    return chat.settings.digest_time or default_time


def _digest_time(chat: Chat, default_time: time, say: Texts) -> Html:
    if not chat.settings.digest:
        return say.say("subscriptions.digest_off")
    return say.say("subscriptions.digest_on", time=say.clock(_at(chat, default_time)))


def _drop(one: Subscription, say: Texts) -> Button:
    label = say.label("button.unsubscribe", query=shorten(one.query, LABEL))
    return button(label, presses.Unsubscribe(one.id))


def _language(one: Language, *, chosen: bool, say: Texts) -> Button:
    return button(_ticked(texts(one).label("settings.language_name"), chosen, say), presses.SetLanguage(one))


def _time(one: time, *, chosen: bool, say: Texts) -> Button:
    return button(_ticked(say.clock(one), chosen, say), presses.SetTime(one))


def _ticked(label: str, chosen: bool, say: Texts) -> str:
    return say.label("button.chosen", label=label) if chosen else label

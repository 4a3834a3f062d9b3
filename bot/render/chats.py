"""What concerns a chat as such: greetings, the channels managed from it, export and forgetting."""

from collections.abc import Iterable

from bot import presses, wishes
from bot.keyboards import button
from bot.render.pieces import LABEL
from bot.render.view import View
from bot.texts import texts
from bot.texts.markup import Html, join, lines
from digests.readers import Channel, Language, Outgoing
from digests.state.exchange import Imported, Left
from digests.text import shorten

LEFT = 10
"""Things of a file that are named one by one where they could not be taken over."""


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
                button(say.label("button.how_to_subscribe"), wishes.HowToSubscribe()),
                button(texts(other).label("settings.language_name"), wishes.GreetIn(other)),
            ),
        ),
    )


def group_greeting(name: str, lang: Language) -> Outgoing:
    """What the bot, called `name`, does in a group that it was just added to."""
    say = texts(lang)
    today = button(say.label("button.today"), presses.NewestDigest())
    return Outgoing(say.say("group.hello", name=name), ((today,),))


def channel_found(channel: Channel, lang: Language) -> Outgoing:
    """The bot may write in a channel: who brought it in can manage it from here."""
    say = texts(lang)
    manage = button(
        say.label("button.manage", title=shorten(channel.title, LABEL)), wishes.ManageChannel(wishes.ChatId(channel.id))
    )
    return Outgoing(say.say("channel.found", title=channel.title), ((manage,),))


def channels(held: Iterable[Channel], managed: int | None, lang: Language) -> Outgoing:
    """The channels that can be managed from here, and the way back to one's own subscriptions."""
    say, held = texts(lang), list(held)
    text = lines(say.say("channel.which") if held else say.say("channel.none"), say.say("channel.how"))
    choices = [
        (
            button(
                say.label("button.manage", title=shorten(one.title, LABEL)), wishes.ManageChannel(wishes.ChatId(one.id))
            ),
        )
        for one in held
    ]
    own = ((button(say.label("button.own"), wishes.ManageOwn()),),) if managed is not None else ()
    return Outgoing(text, (*choices, *own))


def channel_managed(view: View) -> Outgoing:
    """From now on commands concern the channel."""
    say = view.say
    return Outgoing(
        say.say("channel.managed", title=view.channel),
        (
            (
                button(say.label("button.subscriptions_of"), wishes.ShowSubscriptions()),
                button(say.label("button.settings"), wishes.ShowSettings()),
            ),
            (button(say.label("button.own"), wishes.ManageOwn()),),
        ),
    )


def taken_over(outcome: Imported, view: View) -> Outgoing:
    """What of a file was taken over, and what was not."""
    say = view.say
    head = lines(
        say.say("import.done", count=outcome.added),
        say.say("import.known", count=outcome.known) if outcome.known else "",
    )
    missed = [_left(one, view) for one in outcome.left[:LEFT]]
    more = len(outcome.left) - len(missed)
    rest = [say.say("import.more", count=more)] if more else []
    mine = button(say.label("button.subscriptions"), wishes.ShowSubscriptions())
    return Outgoing(join("\n\n", [head, lines(*missed, *rest)]), ((mine,),))


def forgetting(view: View) -> Outgoing:
    """The question whether all is to be deleted."""
    say, count = view.say, len(view.chat.subscriptions)
    asked = (
        say.say("forget.ask_of", channel=view.channel, count=count)
        if view.channel
        else say.say("forget.ask", count=count)
    )
    sure = button(say.label("button.forget"), wishes.Forget(sure=True))
    return Outgoing(asked, ((sure,), (button(say.label("button.keep"), wishes.Forget(sure=False)),)))


def _left(one: Left, view: View) -> Html:
    say, what = view.say, shorten(one.what, LABEL)
    if one.why == "limit":
        return say.say("import.limit", what=what, limit=view.config.limits.subscriptions)
    return say.say("import.unclear", what=what) if one.why == "unclear" else say.say("import.value", what=what)

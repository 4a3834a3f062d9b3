"""Whose subscriptions and settings a message shows, and to whom.

What concerns a chat as such: greetings, the channels managed from it, export and forgetting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import callbacks
from bot.config import Config
from bot.keyboards import button
from bot.render.pieces import LABEL
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines
from digests.chats import Channel, Chat, Language, Outgoing, Subscription
from digests.storage.export import Imported, Left
from digests.subscriptions import listed
from digests.subscriptions.schedule import Usual, zone_of
from digests.text import shorten


@dataclass(frozen=True, slots=True)
class View:
    """A chat as one of its readers sees it now."""

    chat: Chat
    language: Language
    """In which it is shown; a channel speaks its own."""
    config: Config
    """Holds what a chat that chose nothing has."""
    now: datetime
    topic: int | None = None
    """The forum topic that it is shown in."""
    channel: str = ""
    """The title of the channel that is managed from another chat; empty where the chat is shown in itself."""

    @property
    def say(self) -> Texts:
        return texts(self.language)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Those of this topic."""
        return listed(self.chat, self.topic)

    @property
    def digest_time(self) -> time:
        return self.chat.settings.digest_time or self.config.digest.time

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks the chat lives."""
        usual = Usual(self.config.digest.time, self.config.zone, timedelta())
        return zone_of(self.chat.settings, usual)

    @property
    def stories(self) -> int:
        return min(self.chat.settings.stories or self.config.digest.stories, self.config.digest.stories)


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
                button(say.label("button.today"), callbacks.NewestDigest()),
                button(say.label("button.issues"), callbacks.ShowIssues()),
            ),
            (
                button(say.label("button.how_to_subscribe"), callbacks.HowToSubscribe()),
                button(texts(other).label("settings.language_name"), callbacks.GreetIn(other)),
            ),
        ),
    )


def group_greeting(name: str, lang: Language) -> Outgoing:
    """What the bot, called `name`, does in a group that it was just added to."""
    say = texts(lang)
    today = button(say.label("button.today"), callbacks.NewestDigest())
    return Outgoing(say.say("group.hello", name=name), ((today,),))


def channel_found(channel: Channel, lang: Language) -> Outgoing:
    """The bot may write in a channel: who brought it in can manage it from here."""
    say = texts(lang)
    manage = button(
        say.label("button.manage", title=shorten(channel.title, LABEL)),
        callbacks.ManageChannel(callbacks.ChatId(channel.id)),
    )
    return Outgoing(say.say("channel.found", title=channel.title), ((manage,),))


def channels(held: Iterable[Channel], managed: int | None, lang: Language) -> Outgoing:
    """The channels that can be managed from here, and the way back to one's own subscriptions."""
    say, held = texts(lang), list(held)
    text = lines(say.say("channel.which") if held else say.say("channel.none"), say.say("channel.how"))
    choices = [
        (
            button(
                say.label("button.manage", title=shorten(one.title, LABEL)),
                callbacks.ManageChannel(callbacks.ChatId(one.id)),
            ),
        )
        for one in held
    ]
    own = ((button(say.label("button.own"), callbacks.ManageOwn()),),) if managed is not None else ()
    return Outgoing(text, (*choices, *own))


def channel_managed(view: View) -> Outgoing:
    """From now on commands concern the channel."""
    say = view.say
    return Outgoing(
        say.say("channel.managed", title=view.channel),
        (
            (
                button(say.label("button.subscriptions_of"), callbacks.ShowSubscriptions()),
                button(say.label("button.settings"), callbacks.ShowSettings()),
            ),
            (button(say.label("button.own"), callbacks.ManageOwn()),),
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
    mine = button(say.label("button.subscriptions"), callbacks.ShowSubscriptions())
    return Outgoing(join("\n\n", [head, lines(*missed, *rest)]), ((mine,),))


def forgetting(view: View) -> Outgoing:
    """The question whether all is to be deleted."""
    say, count = view.say, len(view.chat.subscriptions)
    asked = (
        say.say("forget.ask_of", channel=view.channel, count=count)
        if view.channel
        else say.say("forget.ask", count=count)
    )
    sure = button(say.label("button.forget"), callbacks.Forget(sure=True))
    return Outgoing(asked, ((sure,), (button(say.label("button.keep"), callbacks.Forget(sure=False)),)))


def _left(one: Left, view: View) -> Html:
    say, what = view.say, shorten(one.what, LABEL)
    if one.why == "limit":
        return say.say("import.limit", what=what, limit=view.config.limits.subscriptions)
    return say.say("import.unclear", what=what) if one.why == "unclear" else say.say("import.value", what=what)

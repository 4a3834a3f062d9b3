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
from bot.render.fragments import MAX_LABEL_CHARS
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, join, lines
from digests.chats import Channel, Chat, Language, OutgoingMessage, Subscription
from digests.storage.personal_data import ImportResult, SkippedItem
from digests.subscriptions import subscriptions_of_topic
from digests.subscriptions.schedule import ChatDefaults, zone_of
from digests.text import shorten


@dataclass(frozen=True, slots=True)
class ChatView:
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
    def texts(self) -> Texts:
        return texts_for(self.language)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Those of this topic."""
        return subscriptions_of_topic(self.chat, self.topic)

    @property
    def digest_time(self) -> time:
        return self.chat.settings.digest_time or self.config.digest.time

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks the chat lives."""
        usual = ChatDefaults(self.config.digest.time, self.config.zone, timedelta())
        return zone_of(self.chat.settings, usual)

    @property
    def stories(self) -> int:
        return min(self.chat.settings.stories or self.config.digest.stories, self.config.digest.stories)


MAX_IMPORT_PROBLEMS = 10
"""Things of a file that are named one by one where they could not be taken over."""


def greeting(lang: Language) -> OutgoingMessage:
    """What this is, and four ways to begin."""
    texts = texts_for(lang)
    other: Language = "en" if lang == "zh" else "zh"
    return OutgoingMessage(
        texts.html("greeting.private"),
        (
            (
                button(texts.plain("button.today"), callbacks.ShowNewestDigest()),
                button(texts.plain("button.issues"), callbacks.ShowIssues()),
            ),
            (
                button(texts.plain("button.how_to_subscribe"), callbacks.ShowSubscribeHelp()),
                button(texts_for(other).plain("settings.language_name"), callbacks.GreetInLanguage(other)),
            ),
        ),
    )


def group_greeting(name: str, lang: Language) -> OutgoingMessage:
    """What the bot, called `name`, does in a group that it was just added to."""
    texts = texts_for(lang)
    today = button(texts.plain("button.today"), callbacks.ShowNewestDigest())
    return OutgoingMessage(texts.html("greeting.group", name=name), ((today,),))


def channel_added(channel: Channel, lang: Language) -> OutgoingMessage:
    """The bot may write in a channel: who brought it in can manage it from here."""
    texts = texts_for(lang)
    manage = button(
        texts.plain("button.manage", title=shorten(channel.title, MAX_LABEL_CHARS)),
        callbacks.ManageChannel(callbacks.ChatId(channel.id)),
    )
    return OutgoingMessage(texts.html("channel.added", title=channel.title), ((manage,),))


def channels(held: Iterable[Channel], managed: int | None, lang: Language) -> OutgoingMessage:
    """The channels that can be managed from here, and the way back to one's own subscriptions."""
    texts, held = texts_for(lang), list(held)
    text = lines(texts.html("channel.choose") if held else texts.html("channel.none"), texts.html("channel.how"))
    choices = [
        (
            button(
                texts.plain("button.manage", title=shorten(one.title, MAX_LABEL_CHARS)),
                callbacks.ManageChannel(callbacks.ChatId(one.id)),
            ),
        )
        for one in held
    ]
    own = ((button(texts.plain("button.own_subscriptions"), callbacks.ManageOwn()),),) if managed is not None else ()
    return OutgoingMessage(text, (*choices, *own))


def channel_managed(view: ChatView) -> OutgoingMessage:
    """From now on commands concern the channel."""
    texts = view.texts
    return OutgoingMessage(
        texts.html("channel.managed", title=view.channel),
        (
            (
                button(texts.plain("button.channel_subscriptions"), callbacks.ShowSubscriptions()),
                button(texts.plain("button.settings"), callbacks.ShowSettings()),
            ),
            (button(texts.plain("button.own_subscriptions"), callbacks.ManageOwn()),),
        ),
    )


def import_report(outcome: ImportResult, view: ChatView) -> OutgoingMessage:
    """What of a file was taken over, and what was not."""
    texts = view.texts
    head = lines(
        texts.html("import.done", count=outcome.added),
        texts.html("import.already_there", count=outcome.known) if outcome.known else "",
    )
    missed = [_left(one, view) for one in outcome.skipped[:MAX_IMPORT_PROBLEMS]]
    more = len(outcome.skipped) - len(missed)
    rest = [texts.html("import.more", count=more)] if more else []
    mine = button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions())
    return OutgoingMessage(join("\n\n", [head, lines(*missed, *rest)]), ((mine,),))


def confirm_forget(view: ChatView) -> OutgoingMessage:
    """The question whether all is to be deleted."""
    texts, count = view.texts, len(view.chat.subscriptions)
    asked = (
        texts.html("forget.ask_of", channel=view.channel, count=count)
        if view.channel
        else texts.html("forget.ask", count=count)
    )
    sure = button(texts.plain("button.forget"), callbacks.Forget(sure=True))
    return OutgoingMessage(asked, ((sure,), (button(texts.plain("button.keep"), callbacks.Forget(sure=False)),)))


def _left(one: SkippedItem, view: ChatView) -> Html:
    texts, what = view.texts, shorten(one.text, MAX_LABEL_CHARS)
    if one.reason == "limit":
        return texts.html("import.limit", what=what, limit=view.config.limits.subscriptions)
    return texts.html("import.unclear", what=what) if one.reason == "unclear" else texts.html("import.value", what=what)

"""Greetings, managed channels, import reports, the question before data is deleted, and ChatView."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import callbacks
from bot.config import Config
from bot.keyboards import Button, button
from bot.render.fragments import MAX_LABEL_CHARS, subscriptions_button
from bot.texts import Html, Texts, join, lines, texts_for
from digests.chats import Channel, Chat, Language, OutgoingMessage, Subscription
from digests.storage.personal_data import ImportResult, SkippedItem
from digests.subscriptions import subscriptions_of_topic
from digests.subscriptions.schedule import ChatDefaults, zone_of
from digests.text import shorten

MAX_IMPORT_PROBLEMS = 10
"""Maximum number of skipped items that an import report lists; further items are only counted."""


@dataclass(frozen=True, slots=True)
class ChatView:
    """A chat, and the language, configuration and time that a message about it needs."""

    chat: Chat
    language: Language
    """Language of the message, which is that of the reader's chat; a managed channel can have another language."""
    config: Config
    """Supplies the values of settings that the chat has not changed."""
    now: datetime
    topic: int | None = None
    """The forum topic of the message."""
    channel: str = ""
    """Title of the channel if `chat` is a channel managed from another chat; empty otherwise."""

    @property
    def texts(self) -> Texts:
        return texts_for(self.language)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """The chat's subscriptions in the forum topic."""
        return subscriptions_of_topic(self.chat, self.topic)

    @property
    def digest_time(self) -> time:
        return self.chat.settings.digest_time or self.config.digest.time

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that the chat has set, or the configured one."""
        defaults = ChatDefaults(self.config.digest.time, self.config.zone, timedelta())
        return zone_of(self.chat.settings, defaults)

    @property
    def stories(self) -> int:
        """The maximum number of stories in the chat's digest."""
        return min(self.chat.settings.stories or self.config.digest.stories, self.config.digest.stories)


def greeting(lang: Language) -> OutgoingMessage:
    """Return the greeting for a private chat, with buttons for digest, past issues, subscribing and language."""
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


def group_greeting(name: str, lang: Language, *, reads_all: bool) -> OutgoingMessage:
    """Return the greeting for a group that the bot was added to; `name` is the bot's username.

    `reads_all` is false under Telegram's privacy mode, in which the bot does not get mentions.
    """
    texts = texts_for(lang)
    today = button(texts.plain("button.today"), callbacks.ShowNewestDigest())
    how = texts.html("greeting.mention", name=name) if reads_all else texts.html("greeting.reply", name=name)
    return OutgoingMessage(texts.html("greeting.group", name=name, how=how), ((today,),))


def channel_added(channel: Channel, lang: Language) -> OutgoingMessage:
    """Return the message to the administrator who added the bot to a channel."""
    texts = texts_for(lang)
    return OutgoingMessage(texts.html("channel.added", title=channel.title), ((_manage_button(channel, texts),),))


def channels(channels: Sequence[Channel], managed: int | None, lang: Language) -> OutgoingMessage:
    """Return the channels that a chat can manage; with `managed`, also a button to stop managing that channel."""
    texts = texts_for(lang)
    text = lines(texts.html("channel.choose") if channels else texts.html("channel.none"), texts.html("channel.how"))
    choices = [(_manage_button(channel, texts),) for channel in channels]
    back = [(_back_to_own_button(texts),)] if managed is not None else []
    return OutgoingMessage(text, (*choices, *back))


def channel_managed(view: ChatView) -> OutgoingMessage:
    """Return the confirmation that commands now apply to the channel."""
    texts = view.texts
    subscriptions = button(texts.plain("button.channel_subscriptions"), callbacks.ShowSubscriptions())
    settings = button(texts.plain("button.settings"), callbacks.ShowSettings())
    text = texts.html("channel.managed", title=view.channel)
    return OutgoingMessage(text, ((subscriptions, settings), (_back_to_own_button(texts),)))


def import_report(result: ImportResult, view: ChatView) -> OutgoingMessage:
    """Return the number of subscriptions that an import added, and the items that it skipped."""
    texts = view.texts
    added = lines(
        texts.html("import.done", count=result.added),
        texts.html("import.already_there", count=result.known) if result.known else "",
    )
    skipped = [_skipped(item, view) for item in result.skipped[:MAX_IMPORT_PROBLEMS]]
    more = len(result.skipped) - len(skipped)
    problems = lines(*skipped, texts.html("import.more", count=more) if more else "")
    return OutgoingMessage(join("\n\n", [added, problems]), ((subscriptions_button(texts),),))


def confirm_forget(view: ChatView) -> OutgoingMessage:
    """Return the question of whether to delete all data of the chat, with a button for each answer."""
    texts, count = view.texts, len(view.chat.subscriptions)
    if view.channel:
        question = texts.html("forget.ask_of", channel=view.channel, count=count)
    else:
        question = texts.html("forget.ask", count=count)
    forget = button(texts.plain("button.forget"), callbacks.Forget(sure=True))
    keep = button(texts.plain("button.keep"), callbacks.Forget(sure=False))
    return OutgoingMessage(question, ((forget,), (keep,)))


def _manage_button(channel: Channel, texts: Texts) -> Button:
    label = texts.plain("button.manage", title=shorten(channel.title, MAX_LABEL_CHARS))
    return button(label, callbacks.ManageChannel(callbacks.ChatId(channel.id)))


def _back_to_own_button(texts: Texts) -> Button:
    return button(texts.plain("button.own_subscriptions"), callbacks.ManageOwn())


def _skipped(item: SkippedItem, view: ChatView) -> Html:
    """Return the item and why the import skipped it."""
    texts, what = view.texts, shorten(item.text, MAX_LABEL_CHARS)
    if item.reason == "limit":
        return texts.html("import.limit", what=what, limit=view.config.limits.subscriptions)
    return texts.html("import.unclear" if item.reason == "unclear" else "import.value", what=what)


def with_wish_buttons(text: Html, lang: Language) -> OutgoingMessage:
    """Return a text with the buttons for what readers mostly want: today's digest, subscriptions, settings."""
    texts = texts_for(lang)
    row = (
        button(texts.plain("button.today"), callbacks.ShowNewestDigest()),
        button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions()),
        button(texts.plain("button.settings"), callbacks.ShowSettings()),
    )
    return OutgoingMessage(text, (row,))


def paused(view: ChatView, until: datetime | None) -> OutgoingMessage:
    """Return the answer to a pause, with a button that ends every pause of the chat."""
    texts = view.texts
    if until:
        end = until.astimezone(view.zone)
        text = texts.html("talk.paused_until", until=f"{texts.long_date(end.date())} {texts.time_of_day(end.time())}")
    else:
        text = texts.html("talk.paused")
    return OutgoingMessage(text, ((button(texts.plain("button.resume_all"), callbacks.ResumeAll()),),))

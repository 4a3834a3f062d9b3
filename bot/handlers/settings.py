"""Settings: how a chat wants to be served, by buttons in one message, or by a typed answer to it."""

import re
from collections.abc import Callable
from dataclasses import replace as with_changes
from datetime import time
from typing import Any

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view
from bot.handlers.messages import message_text
from bot.handlers.replies import edit_or_reply, reply, reply_text
from bot.render.settings import ZONES
from bot.texts import LANGUAGES, texts_for
from bot.texts.markup import Html, join, lines
from digests import times
from digests.chats import Chat, OutgoingMessage, Settings
from digests.dates import ALL_WEEKDAYS
from digests.text import normalise, normalise_widths, shorten
from digests.times import parse_time_of_day

ECHO = 40
"""Characters of a reader's own text that an answer repeats."""

_BETWEEN = re.compile(r"[-–—~]|到|至|\bto\b")


async def settings(update: Update, context: Context) -> None:
    """/settings"""
    await reply(update, context, render.settings(await permitted_view(update, context)))


async def settings_pressed(update: Update, context: Context, _: callbacks.ShowSettings) -> None:
    """The settings, as a new message."""
    await settings(update, context)


async def menu_pressed(update: Update, context: Context, callback: callbacks.ShowMenu) -> None:
    """One part of the settings, or all, in place."""
    await edit_or_reply(update, context, render.settings_menu(await permitted_view(update, context), callback.menu))


async def language_pressed(update: Update, context: Context, callback: callbacks.SetLanguage) -> None:
    """Another language, seen at once in the settings."""
    await _set(update, context, "all", language=callback.language)


async def greeting_pressed(update: Update, context: Context, callback: callbacks.GreetInLanguage) -> None:
    """Another language, seen at once in the greeting."""
    await _store(update, context, lambda chosen: with_changes(chosen, language=callback.language))
    await edit_or_reply(update, context, render.greeting(context.language))


async def digest_pressed(update: Update, context: Context, callback: callbacks.SetDigest) -> None:
    """The daily digest on or off."""
    await _set(update, context, "all", digest=callback.on)


async def pictures_pressed(update: Update, context: Context, callback: callbacks.SetPictures) -> None:
    """The day's card with the digest, or not."""
    await _set(update, context, "all", pictures=callback.on)


async def weekly_report_pressed(update: Update, context: Context, callback: callbacks.SetWeeklyReport) -> None:
    """The weekly account, or not."""
    await _set(update, context, "all", weekly_report=callback.on)


async def digest_topic_pressed(update: Update, context: Context, _: callbacks.SetDigestTopic) -> None:
    """The digest to the topic that this is pressed in."""
    await _set(update, context, "all", topic=context.topic)


async def digest_time_pressed(update: Update, context: Context, callback: callbacks.SetDigestTime) -> None:
    """Another time for the daily digest."""
    await _set(update, context, "time", digest_time=callback.at)


async def weekday_pressed(update: Update, context: Context, callback: callbacks.SetWeekday) -> str | None:
    """The digest on this day, or not; on one it has to come."""
    if callback.day not in ALL_WEEKDAYS:
        return context.texts.plain("button.unknown")
    others = [day for day in context.target.settings.weekdays if day != callback.day]
    days = tuple(sorted([*others, callback.day] if callback.on else others))
    if not days:
        return context.texts.plain("settings.one_day")
    await _set(update, context, "days", weekdays=days)
    return None


async def time_zone_pressed(update: Update, context: Context, callback: callbacks.SetTimeZone) -> str | None:
    """Another time zone."""
    try:
        await _set(update, context, "zone", zone=times.parse_time_zone(callback.zone))
    except times.NoSuchTimeZone:
        return context.texts.plain("button.unknown")
    return None


async def quiet_hours_pressed(update: Update, context: Context, callback: callbacks.SetQuietHours) -> None:
    """Other quiet hours, or none."""
    await _set(update, context, "quiet", quiet=quiet_hours(callback.start, callback.end))


async def story_count_pressed(update: Update, context: Context, callback: callbacks.SetStoryCount) -> None:
    """Another number of stories."""
    stories = min(max(callback.stories, 1), context.services.config.digest.stories)
    await _set(update, context, "stories", stories=stories)


async def timezone(update: Update, context: Context) -> None:
    """/timezone Europe/Paris, or alone for the choice."""
    if name := message_text(update, context):
        await time_zone_replied(update, context, callbacks.SetTimeZone(name), name)
    else:
        await reply(update, context, render.settings_menu(await permitted_view(update, context), "zone"))


async def digest_time_replied(update: Update, context: Context, _: callbacks.SetDigestTime, said: str) -> None:
    """A time that answers the choice of times."""
    if (at := _time(said)) is not None:
        await _set_by_words(update, context, "time", digest_time=at)
    else:
        await reply_text(update, context, context.texts.html("settings.time_unclear", text=shorten(said, ECHO)))


async def quiet_hours_replied(update: Update, context: Context, _: callbacks.SetQuietHours, said: str) -> None:
    """Two times that answer the choice of quiet hours."""
    ends = [_time(end) for end in _BETWEEN.split(normalise_widths(said))]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        await _set_by_words(update, context, "quiet", quiet=quiet_hours(ends[0], ends[1]))
    else:
        await reply_text(update, context, context.texts.html("settings.quiet_unclear", text=shorten(said, ECHO)))


async def time_zone_replied(update: Update, context: Context, _: callbacks.SetTimeZone, said: str) -> None:
    """The name of a zone that answers the choice of zones: as IANA writes it, or a city as the buttons do."""
    cities = {normalise(texts_for(lang).plain(f"zone.{zone}")): zone for lang in LANGUAGES for zone in ZONES}
    try:
        zone = cities.get(normalise(said)) or times.parse_time_zone(said)
    except times.NoSuchTimeZone as unknown:
        await reply_text(update, context, _no_zone(context, unknown))
    else:
        await _set_by_words(update, context, "zone", zone=zone)


def quiet_hours(start: time, end: time) -> tuple[time, time] | None:
    """The quiet hours between two times; none where they are the same."""
    return None if start == end else (start, end)


def _time(said: str) -> time | None:
    """The time of day that answers a question for one: there a number alone is an hour."""
    plain = normalise(said)
    return parse_time_of_day(plain) or parse_time_of_day(f"{plain}点")


async def _set(update: Update, context: Context, where: callbacks.SettingsMenu, **values: Any) -> None:
    """Change settings by a button and show them in its place."""
    await edit_or_reply(update, context, await _changed(update, context, where, **values))


async def _set_by_words(update: Update, context: Context, where: callbacks.SettingsMenu, **values: Any) -> None:
    await reply(update, context, await _changed(update, context, where, **values))


async def _changed(update: Update, context: Context, where: callbacks.SettingsMenu, **values: Any) -> OutgoingMessage:
    await _store(update, context, lambda chosen: with_changes(chosen, **values))
    return render.settings_menu(current_view(context), where)


async def _store(update: Update, context: Context, how: Callable[[Settings], Settings]) -> None:
    def store(chat: Chat) -> tuple[Chat, None]:
        return with_changes(chat, settings=how(chat.settings)), None

    await change_chat(update, context, store)


def _no_zone(context: Context, unknown: times.NoSuchTimeZone) -> Html:
    words = context.texts
    near = [words.html("settings.zone_suggestion", name=name) for name in unknown.near]
    return lines(
        words.html("settings.zone_unknown", text=shorten(unknown.name, ECHO)),
        words.html("settings.zone_suggestions", names=join(" · ", near)) if near else "",
    )

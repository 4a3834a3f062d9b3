"""Settings of a chat: shown in one message, and changed by buttons or by typed replies."""

import re
from dataclasses import replace as with_changes
from datetime import time
from typing import Any

from telegram import Update

from bot import callbacks, render
from bot.context import Context
from bot.handlers.managed_chats import change_chat, current_view, permitted_view
from bot.handlers.messages import message_text
from bot.handlers.replies import MAX_ECHO_CHARS, edit_or_reply, reply, reply_text
from bot.render.settings import ZONES
from bot.texts import LANGUAGES, Html, join, lines, texts_for
from digests import times
from digests.chats import Chat
from digests.dates import ALL_WEEKDAYS
from digests.text import normalise, normalise_widths, shorten
from digests.times import parse_time_of_day

_RANGE_SIGN = re.compile(r"[-–—~]|到|至|\bto\b")


async def settings(update: Update, context: Context) -> None:
    """/settings: reply with the settings."""
    await reply(update, context, render.settings(await permitted_view(update, context)))


async def settings_pressed(update: Update, context: Context, _: callbacks.ShowSettings) -> None:
    """Reply with the settings."""
    await settings(update, context)


async def menu_pressed(update: Update, context: Context, callback: callbacks.ShowMenu) -> None:
    """Show all settings or the menu of one setting in the same message."""
    await edit_or_reply(update, context, render.settings_menu(await permitted_view(update, context), callback.menu))


async def language_pressed(update: Update, context: Context, callback: callbacks.SetLanguage) -> None:
    """Set the language and show the settings in it."""
    await _set(update, context, "all", language=callback.language)


async def greeting_pressed(update: Update, context: Context, callback: callbacks.GreetInLanguage) -> None:
    """Set the language and show the greeting in it."""
    await store(update, context, language=callback.language)
    await edit_or_reply(update, context, render.greeting(context.language))


async def digest_pressed(update: Update, context: Context, callback: callbacks.SetDigest) -> None:
    """Turn the daily digest on or off."""
    await _set(update, context, "all", digest=callback.on)


async def pictures_pressed(update: Update, context: Context, callback: callbacks.SetPictures) -> None:
    """Turn the card sent with the digest on or off."""
    await _set(update, context, "all", pictures=callback.on)


async def weekly_report_pressed(update: Update, context: Context, callback: callbacks.SetWeeklyReport) -> None:
    """Turn the weekly report on or off."""
    await _set(update, context, "all", weekly_report=callback.on)


async def digest_topic_pressed(update: Update, context: Context, _: callbacks.SetDigestTopic) -> None:
    """Send the digest to the forum topic of the button's message."""
    await _set(update, context, "all", topic=context.topic)


async def digest_time_pressed(update: Update, context: Context, callback: callbacks.SetDigestTime) -> None:
    """Set the time of the daily digest."""
    await _set(update, context, "time", digest_time=callback.at)


async def weekday_pressed(update: Update, context: Context, callback: callbacks.SetWeekday) -> str | None:
    """Turn the digest on a weekday on or off; the last remaining day cannot be turned off."""
    if callback.day not in ALL_WEEKDAYS:
        return context.texts.plain("button.unknown")
    others = [day for day in context.target.settings.weekdays if day != callback.day]
    days = tuple(sorted([*others, callback.day] if callback.on else others))
    if not days:
        return context.texts.plain("settings.one_day")
    await _set(update, context, "days", weekdays=days)
    return None


async def time_zone_pressed(update: Update, context: Context, callback: callbacks.SetTimeZone) -> str | None:
    """Set the time zone."""
    try:
        await _set(update, context, "zone", zone=times.parse_time_zone(callback.zone))
    except times.NoSuchTimeZone:
        return context.texts.plain("button.unknown")
    return None


async def quiet_hours_pressed(update: Update, context: Context, callback: callbacks.SetQuietHours) -> None:
    """Set the quiet hours."""
    await _set(update, context, "quiet", quiet=_quiet_hours(callback.start, callback.end))


async def story_count_pressed(update: Update, context: Context, callback: callbacks.SetStoryCount) -> None:
    """Set the number of stories, at least 1 and at most the configured number."""
    stories = min(max(callback.stories, 1), context.services.config.digest.stories)
    await _set(update, context, "stories", stories=stories)


async def timezone(update: Update, context: Context) -> None:
    """/timezone Europe/Paris: set the time zone; without a name, reply with the zones to choose from."""
    if name := message_text(update, context):
        await time_zone_replied(update, context, callbacks.SetTimeZone(name), name)
    else:
        await reply(update, context, render.settings_menu(await permitted_view(update, context), "zone"))


async def digest_time_replied(update: Update, context: Context, _: callbacks.SetDigestTime, text: str) -> None:
    """Set the digest time to the typed time."""
    if (at := _typed_time(text)) is not None:
        await set_by_reply(update, context, "time", digest_time=at)
    else:
        await reply_text(
            update, context, context.texts.html("settings.time_unclear", text=shorten(text, MAX_ECHO_CHARS))
        )


async def quiet_hours_replied(update: Update, context: Context, _: callbacks.SetQuietHours, text: str) -> None:
    """Set the quiet hours to the two typed times."""
    ends = [_typed_time(end) for end in _RANGE_SIGN.split(normalise_widths(text))]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        await set_by_reply(update, context, "quiet", quiet=_quiet_hours(ends[0], ends[1]))
    else:
        await reply_text(
            update, context, context.texts.html("settings.quiet_unclear", text=shorten(text, MAX_ECHO_CHARS))
        )


async def time_zone_replied(update: Update, context: Context, _: callbacks.SetTimeZone, text: str) -> None:
    """Set the typed time zone: an IANA name, or the name of a city on one of the buttons."""
    cities = {normalise(texts_for(lang).plain(f"zone.{zone}")): zone for lang in LANGUAGES for zone in ZONES}
    try:
        zone = cities.get(normalise(text)) or times.parse_time_zone(text)
    except times.NoSuchTimeZone as unknown:
        await reply_text(update, context, _unknown_zone(context, unknown))
    else:
        await set_by_reply(update, context, "zone", zone=zone)


def _quiet_hours(start: time, end: time) -> tuple[time, time] | None:
    return None if start == end else (start, end)


def _typed_time(text: str) -> time | None:
    """Return the time of day in a typed text, or None if the text is not a time; a number alone is an hour."""
    plain = normalise(text)
    return parse_time_of_day(plain) or parse_time_of_day(f"{plain}点")


async def _set(update: Update, context: Context, menu: callbacks.SettingsMenu, **values: Any) -> None:
    """Change settings after a pressed button and show them in the same message."""
    await store(update, context, **values)
    await edit_or_reply(update, context, render.settings_menu(current_view(context), menu))


async def set_by_reply(update: Update, context: Context, menu: callbacks.SettingsMenu, **values: Any) -> None:
    """Change settings after a typed reply and show them in a new message."""
    await store(update, context, **values)
    await reply(update, context, render.settings_menu(current_view(context), menu))


async def store(update: Update, context: Context, **values: Any) -> None:
    def change(chat: Chat) -> tuple[Chat, None]:
        return with_changes(chat, settings=with_changes(chat.settings, **values)), None

    await change_chat(update, context, change)


def _unknown_zone(context: Context, unknown: times.NoSuchTimeZone) -> Html:
    texts = context.texts
    near = [texts.html("settings.zone_suggestion", name=name) for name in unknown.near]
    return lines(
        texts.html("settings.zone_unknown", text=shorten(unknown.name, MAX_ECHO_CHARS)),
        texts.html("settings.zone_suggestions", names=join(" · ", near)) if near else "",
    )

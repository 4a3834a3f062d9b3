"""Settings: the language and the daily digest, by buttons in one message."""

from dataclasses import replace as changed
from typing import Any

from telegram import Update

from bot import presses, render
from bot.context import Context
from bot.handlers.replies import replace, reply
from digests.readers import Outgoing


async def settings(update: Update, context: Context) -> None:
    """/settings"""
    await reply(update, context, _settings(context))


async def settings_pressed(update: Update, context: Context, _: presses.ShowSettings) -> None:
    """The settings, as a new message."""
    await settings(update, context)


async def language_pressed(update: Update, context: Context, press: presses.SetLanguage) -> None:
    """Another language, seen at once in the settings."""
    await _set(update, context, language=press.language)


async def greeting_pressed(update: Update, context: Context, press: presses.GreetIn) -> None:
    """Another language, seen at once in the greeting."""
    await _change(context, language=press.language)
    await replace(update, context, render.greeting(context.language))


async def digest_pressed(update: Update, context: Context, press: presses.SetDigest) -> None:
    """The daily digest on or off."""
    await _set(update, context, digest=press.on)


async def time_pressed(update: Update, context: Context, press: presses.SetTime) -> None:
    """Another time for the daily digest."""
    await _set(update, context, digest_time=press.at)


async def _set(update: Update, context: Context, **values: Any) -> None:
    await _change(context, **values)
    await replace(update, context, _settings(context))


async def _change(context: Context, **values: Any) -> None:
    await context.change(lambda chat: (changed(chat, settings=changed(chat.settings, **values)), None))


def _settings(context: Context) -> Outgoing:
    return render.settings(context.chat, context.services.config.digest.time)

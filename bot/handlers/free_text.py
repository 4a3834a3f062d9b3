"""Free text: act on what bot/intents takes a message without a command for.

A wish that changes something is carried out at once; the answer shows what was changed, with buttons that undo it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import date, time
from functools import partial
from typing import Any

from telegram import Update

from bot import intents, render
from bot.context import Context
from bot.handlers import digests, groups, managed_chats, personal_data, search, settings, subscriptions, trends
from bot.handlers import help as help_commands
from bot.handlers.messages import message_text
from bot.handlers.replies import reply, reply_text
from bot.handlers.subscription_wishes import pause, resume, subscribe, unsubscribe
from digests.analysis.themes import themes_by_name
from digests.dates import DayRange, month_of
from digests.names.titles import titles_of

MAX_TITLE_ARTICLES = 30
"""Number of newest articles about a person that are searched for the person's titles."""

Parameters = Mapping[str, Any]
Action = Callable[[Update, Context, Parameters], Coroutine[Any, Any, None]]


async def answer_free_text(update: Update, context: Context) -> None:
    """Answer a message without a command."""
    services = context.services
    issues = [issue.day for issue in services.archive.issues()]
    themes = themes_by_name(services.archive.labeller.themes)
    text = message_text(update, context)
    reading = intents.understand(text, today=services.today, issues=issues, themes=themes)
    context.written_text = text
    await _ACTIONS[reading.intent](update, context, reading.parameters)


# ---- reading


async def _read_day(update: Update, context: Context, given: Parameters) -> None:
    await digests.send_digest(update, context, date.fromisoformat(given["date"]))


async def _read_relative_issue(update: Update, context: Context, given: Parameters) -> None:
    """Reply with the issue before the newest one; the bot does not remember which issue a reader has seen."""
    issues = context.services.archive.issues()
    if given["direction"] == "next" or len(issues) < 2:
        await digests.today(update, context)
    else:
        await digests.send_digest(update, context, issues[1].day)


async def _read_week(update: Update, context: Context, given: Parameters) -> None:
    await trends.send_period(update, context, "week", date.fromisoformat(given["date"]))


async def _read_month(update: Update, context: Context, given: Parameters) -> None:
    _, last = month_of(date.fromisoformat(f"{given['month']}-01"))
    await trends.send_period(update, context, "month", last)


async def _read_theme(update: Update, context: Context, given: Parameters) -> None:
    await search.answer_search(update, context, f"主题:{given['theme']} {given.get('date', '')}".strip(), newest=True)


# ---- looking into the archive


async def _search(update: Update, context: Context, given: Parameters) -> None:
    first, last = (date.fromisoformat(given[name]) if name in given else None for name in ("after", "before"))
    days = f" {DayRange(first, last)}" if first or last else ""
    await search.answer_search(update, context, given["query"] + days, newest=bool(given.get("newest")))


async def _who_is(update: Update, context: Context, given: Parameters) -> None:
    """Reply with a person's titles and newest articles; search for the words if no article names the person."""
    if "office" in given:
        await search.answer_search(update, context, given["office"], newest=True)
        return
    archive, name = context.services.archive, given["name"]
    result = await asyncio.to_thread(archive.search, f'人物:"{name}"', limit=MAX_TITLE_ARTICLES, newest=True)
    if not result.total or result.partial_only:
        await search.answer_search(update, context, message_text(update, context))
        return
    articles = [hit.article for hit in result.hits]
    titles = await asyncio.to_thread(titles_of, name, articles)
    await reply(update, context, render.person(name, titles, result, context.language))


async def _trend(update: Update, context: Context, given: Parameters) -> None:
    context.written_text = " ".join(given["terms"])
    await trends.trend(update, context)


# ---- settings


async def _digest_time(update: Update, context: Context, given: Parameters) -> None:
    values: dict[str, Any] = {"digest": True, "digest_time": time.fromisoformat(given["times"][0])}
    if "days" in given:
        values["weekdays"] = tuple(given["days"])
    await _schedule(update, context, values)


async def _digest_weekdays(update: Update, context: Context, given: Parameters) -> None:
    await _schedule(update, context, {"digest": True, "weekdays": tuple(given["days"])})


async def _schedule(update: Update, context: Context, values: Parameters) -> None:
    """Change the schedule of the daily digest and reply with the new one."""
    await settings.store(update, context, **values)
    await reply_text(update, context, render.digest_schedule(managed_chats.current_view(context)))


async def _set(update: Update, context: Context, _: Parameters, *, menu: Any = "all", **values: Any) -> None:
    await settings.set_by_reply(update, context, menu, **values)


async def _quiet_hours(update: Update, context: Context, given: Parameters) -> None:
    quiet = time.fromisoformat(given["start"]), time.fromisoformat(given["end"])
    await settings.set_by_reply(update, context, "quiet", quiet=quiet)


async def _set_language(update: Update, context: Context, given: Parameters) -> None:
    await settings.set_by_reply(update, context, "all", language="en" if given["language"] == "en" else "zh")


async def _set_timezone(update: Update, context: Context, given: Parameters) -> None:
    await settings.set_by_reply(update, context, "zone", zone=given["zone"])


async def _set_stories(update: Update, context: Context, given: Parameters) -> None:
    stories = min(max(given["n"], 1), context.services.config.digest.stories)
    await settings.set_by_reply(update, context, "stories", stories=stories)


async def _channel(update: Update, context: Context, given: Parameters) -> None:
    context.written_text = given["name"]
    await groups.channel(update, context)


async def _channel_stop(update: Update, context: Context, _: Parameters) -> None:
    await managed_chats.stop_managing(context)
    await reply_text(update, context, context.texts.html("channel.own"))


# ---- talk


async def _greet(update: Update, context: Context, _: Parameters) -> None:
    await reply(update, context, render.greeting(context.language))


async def _thank(update: Update, context: Context, _: Parameters) -> None:
    await reply_text(update, context, context.texts.html("talk.thanks"))


async def _say_goodbye(update: Update, context: Context, _: Parameters) -> None:
    await reply_text(update, context, context.texts.html("talk.goodbye"))


async def _introduce(update: Update, context: Context, _: Parameters) -> None:
    await reply_text(update, context, context.texts.html("talk.identity"))


async def _regret(update: Update, context: Context, _: Parameters) -> None:
    await reply(update, context, render.with_wish_buttons(context.texts.html("talk.complaint"), context.language))


async def _ask_back(update: Update, context: Context, _: Parameters) -> None:
    await reply(update, context, render.with_wish_buttons(context.texts.html("talk.unclear"), context.language))


async def _more_or_less(update: Update, context: Context, given: Parameters) -> None:
    """Search for a topic of which the reader wants more; otherwise show where the subscriptions are changed."""
    if query := given.get("query"):
        await search.answer_search(update, context, query, newest=True)
    else:
        await reply(
            update, context, render.with_wish_buttons(context.texts.html("talk.more_or_less"), context.language)
        )


async def _less(update: Update, context: Context, _: Parameters) -> None:
    await reply(update, context, render.with_wish_buttons(context.texts.html("talk.more_or_less"), context.language))


def _like_command(handler: Callable[[Update, Context], Coroutine[Any, Any, None]]) -> Action:
    """Return the action of a command without parameters."""

    async def run(update: Update, context: Context, _: Parameters) -> None:
        context.written_text = ""
        context.args = []
        await handler(update, context)

    return run


_ACTIONS: Mapping[str, Action] = {
    "read_newest": _like_command(digests.today),
    "read_day": _read_day,
    "read_relative_issue": _read_relative_issue,
    "read_week": _read_week,
    "read_month": _read_month,
    "read_year": _like_command(digests.issues),
    "list_issues": _like_command(digests.issues),
    "read_theme": _read_theme,
    "search": _search,
    "question": _search,
    "who_is": _who_is,
    "trend": _trend,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "pause": pause,
    "resume": resume,
    "list_subscriptions": _like_command(subscriptions.list_subscriptions),
    "digest_on": partial(_set, digest=True),
    "digest_off": partial(_set, digest=False),
    "digest_time": _digest_time,
    "digest_weekdays": _digest_weekdays,
    "quiet_hours": _quiet_hours,
    "quiet_off": partial(_set, menu="quiet", quiet=None),
    "set_language": _set_language,
    "set_timezone": _set_timezone,
    "set_stories": _set_stories,
    "pictures_on": partial(_set, pictures=True),
    "pictures_off": partial(_set, pictures=False),
    "show_settings": _like_command(settings.settings),
    "export": _like_command(personal_data.export),
    "import": _like_command(personal_data.import_),
    "forget": _like_command(personal_data.forget),
    "channel": _channel,
    "channel_stop": _channel_stop,
    "more_like_this": _more_or_less,
    "less_like_this": _less,
    "help": _like_command(help_commands.help_command),
    "greeting": _greet,
    "thanks": _thank,
    "goodbye": _say_goodbye,
    "bot_identity": _introduce,
    "feedback_complaint": _regret,
    "unclear": _ask_back,
}
"""What is done for each intent."""

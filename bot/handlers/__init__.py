"""The table of contents: each command and button with the function that answers it."""

from typing import Any

from telegram import Bot, BotCommand, Update
from telegram.ext import (
    Application,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import presses
from bot.context import Context
from bot.handlers import errors, reading, searching, settings, subscribing, trends
from bot.handlers.asking import ADDRESSED, OUR_COMMAND
from bot.handlers.buttons import PressHandler, by_kind
from bot.handlers.meeting import meet, moved
from bot.handlers.order import ChatByChat
from bot.texts import texts

UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]
"""What Telegram is asked to send; nothing else is answered."""

COMMANDS = {
    "today": reading.today,
    "digest": reading.digest,
    "week": trends.week,
    "month": trends.month,
    "issues": reading.issues,
    "search": searching.search,
    "trend": trends.trend,
    "subscribe": subscribing.subscribe,
    "unsubscribe": subscribing.unsubscribe,
    "subscriptions": subscribing.listing,
    "settings": settings.settings,
    "help": reading.usage,
}
"""The menu, in its order."""

UNLISTED = {
    "start": reading.start,
    "article": reading.article,
}
"""Commands that need no place in the menu."""

PRESSES: dict[type[presses.Press], PressHandler] = {
    presses.NewestDigest: reading.today_pressed,
    presses.ShowDigest: reading.digest_pressed,
    presses.ShowScores: reading.why_pressed,
    presses.ShowWeek: trends.week_turned,
    presses.ShowMonth: trends.month_turned,
    presses.ShowArticle: reading.article_pressed,
    presses.ShowContents: reading.contents_pressed,
    presses.TurnContents: reading.contents_turned,
    presses.ShowIssues: reading.issues_pressed,
    presses.TurnIssues: reading.issues_turned,
    presses.TurnHits: searching.hits_turned,
    presses.FollowSearch: subscribing.follow_pressed,
    presses.HowToSubscribe: subscribing.how_pressed,
    presses.ShowSubscriptions: subscribing.listing_pressed,
    presses.TurnSubscriptions: subscribing.listing_turned,
    presses.Unsubscribe: subscribing.drop_pressed,
    presses.ShowSettings: settings.settings_pressed,
    presses.SetLanguage: settings.language_pressed,
    presses.GreetIn: settings.greeting_pressed,
    presses.SetDigest: settings.digest_pressed,
    presses.SetTime: settings.time_pressed,
}


def register(application: "Application[Any, Context, Any, Any, Any, Any]") -> None:
    """Give the application all handlers, the more particular ones first."""
    new = filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, moved), group=-1)
    application.add_handler(TypeHandler(Update, meet), group=-1)
    for name, handler in (COMMANDS | UNLISTED).items():
        application.add_handler(CommandHandler(name, handler, filters=new))
    application.add_handler(MessageHandler(new & OUR_COMMAND, errors.unknown_command))
    application.add_handler(MessageHandler(new & filters.TEXT & ~filters.COMMAND & ADDRESSED, searching.words))
    private = filters.ChatType.PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(new & private, searching.not_text))
    application.add_handler(CallbackQueryHandler(by_kind(PRESSES)))
    application.add_error_handler(errors.failed)


def update_processor() -> BaseUpdateProcessor:
    """For the ApplicationBuilder: in which order updates are answered."""
    return ChatByChat()


async def set_menu(bot: Bot) -> None:
    """Give Telegram the commands menu: Chinese for readers of Chinese, English for all others."""
    await bot.set_my_commands(_menu("en"))
    await bot.set_my_commands(_menu("zh"), language_code="zh")


def _menu(language: Any) -> list[BotCommand]:
    say = texts(language)
    return [BotCommand(name, say.label(f"commands.{name}")) for name in COMMANDS]

"""What Telegram shows of the bot before anything is said: its commands and descriptions, by language and chat.

They are set when the program starts and only where they differ: Telegram takes few such changes a day.
"""

from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
)

from bot.texts import LANGUAGES, texts
from digests.readers import Language

READING = frozenset("today digest week month issues search trend help".split())
"""What anybody in a group is offered; the rest concerns its subscriptions and settings, which administrators manage."""
_EVERYBODY: Language = "en"
"""The language of those for whose own there is none."""


async def bring_up_to_date(bot: Bot, commands: Sequence[str]) -> None:
    """Set what differs: the menu in its order, for private chats, groups and their administrators, and descriptions."""
    reading = [name for name in commands if name in READING]
    scopes: dict[BotCommandScope, Sequence[str]] = {
        BotCommandScopeDefault(): commands,
        BotCommandScopeAllGroupChats(): reading,
        BotCommandScopeAllChatAdministrators(): commands,
    }
    for language in LANGUAGES:
        code = None if language == _EVERYBODY else language
        for scope, names in scopes.items():
            await _set_commands(bot, _menu(names, language), scope, code)
        await _describe(bot, language, code)


async def _set_commands(bot: Bot, menu: Sequence[BotCommand], scope: BotCommandScope, code: str | None) -> None:
    if tuple(await bot.get_my_commands(scope, code)) != tuple(menu):
        await bot.set_my_commands(menu, scope, code)


async def _describe(bot: Bot, language: Language, code: str | None) -> None:
    say = texts(language)
    whole, short = say.label("about.whole"), say.label("about.short")
    if (await bot.get_my_description(code)).description != whole:
        await bot.set_my_description(whole, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)


def _menu(names: Sequence[str], language: Language) -> list[BotCommand]:
    say = texts(language)
    return [BotCommand(name, say.label(f"commands.{name}")) for name in names]

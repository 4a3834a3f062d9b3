"""/help, with examples from the archive as it is.

/start, alone and from a deep link.

What Telegram shows of the bot before anything is said: its commands and descriptions, by language and chat.

They are set when the program starts and only where they differ: Telegram takes few such changes a day.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    Update,
)
from telegram.constants import ChatType

from bot import deep_links, render
from bot.context import Context
from bot.handlers import articles, digests, search
from bot.handlers.replies import reply, reply_text
from bot.texts import LANGUAGES, Texts, texts_for
from bot.texts.markup import join
from digests.archive import Archive
from digests.chats import Language
from digests.query import plain_words


async def help_command(update: Update, context: Context) -> None:
    """How to use the bot, on one screen; in a group with a word on when it listens there."""
    texts, archive = context.texts, context.services.archive
    newest = next((issue.day for issue in archive.issues()), None)
    word, other = await asyncio.to_thread(_examples, archive, newest, texts)
    text = texts.html(
        "help.text",
        day=(newest or context.services.today).isoformat(),
        word=word,
        other=other,
        time=context.digest_time,
        name=context.bot.name,
    )
    if update.effective_chat and update.effective_chat.type != ChatType.PRIVATE:
        text = join("\n\n", [text, texts.html("help.group", name=context.bot.name)])
    await reply_text(update, context, text)


def _examples(archive: Archive, newest: date | None, texts: Texts) -> tuple[str, str]:
    """Two words to search for: the first keywords of the newest digest that are one word each."""
    said = [keyword.text for keyword in archive.digest(newest).keywords] if newest else []
    usual = [texts.plain("help.word"), texts.plain("help.other")]
    word, other, *_ = [*(one for one in said if len(plain_words(one)) == 1), *usual]
    return word, other


async def start(update: Update, context: Context) -> None:
    """The greeting; from a deep link the article, the issue or the search that it leads to."""
    match deep_links.decode_payload(context.argument):
        case deep_links.ArticleLink(article):
            await articles.send_article(update, context, article)
        case deep_links.IssueLink(day):
            await digests.send_digest(update, context, day)
        case deep_links.SearchLink(query):
            await search.answer_search(update, context, query)
        case None:
            await reply(update, context, render.greeting(context.language))


GROUP_COMMANDS = frozenset("today digest week month issues search trend help".split())
"""What anybody in a group is offered; the rest concerns its subscriptions and settings, which administrators manage."""
_EVERYBODY: Language = "en"
"""The language of those for whose own there is none."""


async def update_profile(bot: Bot, commands: Sequence[str]) -> None:
    """Set what differs: the menu in its order, for private chats, groups and their administrators, and descriptions."""
    reading = [name for name in commands if name in GROUP_COMMANDS]
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
    texts = texts_for(language)
    whole, short = texts.plain("about.whole"), texts.plain("about.short")
    if (await bot.get_my_description(code)).description != whole:
        await bot.set_my_description(whole, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)


def _menu(names: Sequence[str], language: Language) -> list[BotCommand]:
    texts = texts_for(language)
    return [BotCommand(name, texts.plain(f"commands.{name}")) for name in names]

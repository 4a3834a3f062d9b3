"""/help, /start with its deep links, and the bot's profile: command menus and descriptions by language and chat.

The profile is updated when the program starts. Only the parts that differ are sent, because Telegram limits how often
a bot may change them.
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
from bot.texts import LANGUAGES, Html, Texts, join, texts_for
from digests.archive import Archive
from digests.chats import Language
from digests.query import plain_words

GROUP_COMMANDS = frozenset("today digest week month issues search trend help".split())
"""Commands in the menu of all group members; administrators get the full menu, as only they may change settings."""
_DEFAULT_LANGUAGE: Language = "en"
"""Language of the profile for users of a language that the bot does not have."""


async def help_command(update: Update, context: Context) -> None:
    """/help: explain the bot, and in a group how to address it; keywords of the newest digest are the examples."""
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
        text = join("\n\n", [text, _group_help(context)])
    await reply_text(update, context, text)


def _group_help(context: Context) -> Html:
    """Return how to address the bot in a group; under privacy mode it does not get mentions."""
    if context.bot.can_read_all_group_messages:
        return context.texts.html("help.group", name=context.bot.name)
    return context.texts.html("help.group_private", name=context.bot.name)


def _examples(archive: Archive, newest: date | None, texts: Texts) -> tuple[str, str]:
    """Return two example queries: the first single-word keywords of the newest digest, or fixed words if too few."""
    keywords = [keyword.text for keyword in archive.digest(newest).keywords] if newest else []
    defaults = [texts.plain("help.word"), texts.plain("help.other_word")]
    word, other, *_ = [*(keyword for keyword in keywords if len(plain_words(keyword)) == 1), *defaults]
    return word, other


async def start(update: Update, context: Context) -> None:
    """/start: reply with the greeting, or with the article, digest or search that a deep link's payload names."""
    match deep_links.decode_payload(context.argument):
        case deep_links.ArticleLink(article):
            await articles.send_article(update, context, article)
        case deep_links.IssueLink(day):
            await digests.send_digest(update, context, day)
        case deep_links.SearchLink(query):
            await search.answer_search(update, context, query)
        case None:
            await reply(update, context, render.greeting(context.language))


async def update_profile(bot: Bot, commands: Sequence[str]) -> None:
    """Set the command menus (`commands` in the given order) and descriptions that differ from what Telegram has."""
    for_members = [name for name in commands if name in GROUP_COMMANDS]
    scopes: dict[BotCommandScope, Sequence[str]] = {
        BotCommandScopeDefault(): commands,
        BotCommandScopeAllGroupChats(): for_members,
        BotCommandScopeAllChatAdministrators(): commands,
    }
    for language in LANGUAGES:
        code = None if language == _DEFAULT_LANGUAGE else language
        for scope, names in scopes.items():
            await _set_commands(bot, _menu(names, language), scope, code)
        await _set_descriptions(bot, language, code)


async def _set_commands(bot: Bot, menu: Sequence[BotCommand], scope: BotCommandScope, code: str | None) -> None:
    if tuple(await bot.get_my_commands(scope, code)) != tuple(menu):
        await bot.set_my_commands(menu, scope, code)


async def _set_descriptions(bot: Bot, language: Language, code: str | None) -> None:
    texts = texts_for(language)
    long, short = texts.plain("about.long"), texts.plain("about.short")
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)


def _menu(names: Sequence[str], language: Language) -> list[BotCommand]:
    texts = texts_for(language)
    return [BotCommand(name, texts.plain(f"commands.{name}")) for name in names]

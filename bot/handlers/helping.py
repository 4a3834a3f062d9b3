"""/help, with examples from the archive as it is."""

import asyncio
from datetime import date

from telegram import Update
from telegram.constants import ChatType

from bot.context import Context
from bot.handlers.replies import say
from bot.texts import Texts
from bot.texts.markup import join
from digests.archive import Archive
from digests.query import plain_words


async def usage(update: Update, context: Context) -> None:
    """How to use the bot, on one screen; in a group with a word on when it listens there."""
    texts, archive = context.texts, context.services.archive
    newest = next((issue.day for issue in archive.issues()), None)
    word, other = await asyncio.to_thread(_examples, archive, newest, texts)
    text = texts.say(
        "help.text",
        day=(newest or context.services.today).isoformat(),
        word=word,
        other=other,
        time=context.digest_time,
        name=context.bot.name,
    )
    if update.effective_chat and update.effective_chat.type != ChatType.PRIVATE:
        text = join("\n\n", [text, texts.say("help.group", name=context.bot.name)])
    await say(update, context, text)


def _examples(archive: Archive, newest: date | None, texts: Texts) -> tuple[str, str]:
    """Two words to search for: the first keywords of the newest digest that are one word each."""
    said = [keyword.text for keyword in archive.digest(newest).keywords] if newest else []
    usual = [texts.label("help.word"), texts.label("help.other")]
    word, other, *_ = [*(one for one in said if len(plain_words(one)) == 1), *usual]
    return word, other

"""The local server with aiogram, a bot library that Jianbao does not use."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    MediaUnion,
    Message,
    MessageOriginUser,
)
from aiogram.utils.formatting import Bold, Code, Italic, Text, TextLink

from bot.local import Faults, LocalServer
from tests.local.conftest import ALEX, WANG, Reader, eventually, png

KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="读", callback_data="read:1")]])


@pytest.fixture
async def bot(server: LocalServer) -> AsyncIterator[Bot]:
    """aiogram, connected to the local server."""
    there = server.page_url
    api = TelegramAPIServer(base=f"{there}bot{{token}}/{{method}}", file=f"{there}file/bot{{token}}/{{path}}")
    session = AiohttpSession(api=api)
    yield Bot(server.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    await session.close()


@pytest.fixture
async def polling(bot: Bot) -> AsyncIterator[None]:
    """A bot that polls, greets, edits a message at a button, and answers inline queries."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart(deep_link=False))
    async def start(message: Message) -> None:
        await message.answer("<b>你好</b>", reply_markup=KEYS)

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.reply(message.text or "")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer(f"是{query.data}", show_alert=True)
        assert isinstance(query.message, Message)
        await query.message.edit_text("全文")

    @dispatcher.inline_query()
    async def found(query: InlineQuery) -> None:
        content = InputTextMessageContent(message_text=f"关于{query.query}")
        await query.answer([InlineQueryResultArticle(id="1", title="会议", input_message_content=content)])

    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5))
    yield
    await dispatcher.stop_polling()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_command_a_press_and_a_reply_go_through(
    bot: Bot, polling: None, server: LocalServer, wang: Reader
) -> None:
    await wang.say("/start")
    await eventually(lambda: len(server.messages(WANG)) == 2)
    answer = server.messages(WANG)[1]
    assert (answer["text"], answer["entities"][0]["type"]) == ("你好", "bold")
    notice = await wang.press(answer["message_id"], "read:1")
    assert (notice["text"], notice["show_alert"]) == ("是read:1", True)
    await eventually(lambda: server.messages(WANG)[1]["text"] == "全文")
    await wang.say("下雨了")
    await eventually(lambda: len(server.messages(WANG)) == 4)
    assert server.messages(WANG)[3]["reply_to_message"]["text"] == "下雨了"


async def test_an_inline_query_is_answered(bot: Bot, polling: None, wang: Reader) -> None:
    answer = (await wang.post("inline", query="防汛")).json()
    assert answer["results"][0]["input_message_content"]["message_text"] == "关于防汛"


async def test_a_picture_goes_up_is_exchanged_and_comes_down_unchanged(bot: Bot, server: LocalServer) -> None:
    me = await bot.get_me()
    assert (me.username, me.is_bot) == ("jianbao_bot", True)
    picture = png(40, 30)
    sent = await bot.send_photo(WANG, BufferedInputFile(picture, "chart.png"), caption="<i>图</i>", reply_markup=KEYS)
    assert sent.photo
    assert (sent.photo[-1].width, sent.caption) == (40, "图")
    file = await bot.download(sent.photo[-1].file_id)
    assert file
    assert file.read() == picture
    media = InputMediaPhoto(media=BufferedInputFile(png(8, 9), "new.png"), caption="新")
    changed = await bot.edit_message_media(media, chat_id=WANG, message_id=sent.message_id)
    assert isinstance(changed, Message)
    assert changed.caption == "新"
    await bot.edit_message_caption(chat_id=WANG, message_id=sent.message_id, caption="更新")
    assert server.messages(WANG)[0]["caption"] == "更新"
    assert await bot.delete_message(WANG, sent.message_id)


async def test_messages_are_grouped_forwarded_copied_and_deleted(bot: Bot, server: LocalServer) -> None:
    media: list[MediaUnion] = [
        InputMediaPhoto(media=BufferedInputFile(png(4, 4), "a.png"), caption="<b>一</b>"),
        InputMediaPhoto(media=BufferedInputFile(png(5, 5), "b.png")),
    ]
    album = await bot.send_media_group(WANG, media)
    assert len({message.media_group_id for message in album}) == 1
    ids = [message.message_id for message in album]
    assert len(await bot.copy_messages(ALEX, WANG, ids)) == 2
    assert [message["photo"][0]["width"] for message in server.messages(ALEX)] == [4, 5]
    forward = await bot.forward_message(ALEX, WANG, ids[0])
    assert isinstance(forward.forward_origin, MessageOriginUser)
    assert forward.forward_origin.sender_user.id == bot.id
    copy = await bot.copy_message(ALEX, WANG, ids[0], caption="二")
    assert (copy.message_id, server.messages(ALEX)[-1]["caption"]) == (server.messages(ALEX)[-1]["message_id"], "二")
    assert await bot.delete_messages(WANG, [*ids, 99])
    assert server.messages(WANG) == []


async def test_markdown_v2_of_aiogram_is_read(bot: Bot) -> None:
    content = Text("看", Bold("粗", Italic("斜"), "。"), " ", TextLink("链", url="https://a.b/"), " ", Code("x_*`y"))
    sent = await bot.send_message(WANG, content.as_markdown(), parse_mode="MarkdownV2")
    assert (sent.text, sent.html_text) == (
        "看粗斜。 链 x_*`y",
        (await bot.send_message(WANG, **content.as_kwargs())).html_text,
    )


async def test_the_test_environment_is_played(server: LocalServer, wang: Reader) -> None:
    there = server.page_url
    api = TelegramAPIServer(base=f"{there}bot{{token}}/test/{{method}}", file=f"{there}file/bot{{token}}/test/{{path}}")
    async with Bot(server.token, session=AiohttpSession(api=api)) as bot:
        await wang.say("早")
        assert [update.message and update.message.text for update in await bot.get_updates()] == ["早"]
        with pytest.raises(TelegramBadRequest, match="the local server does not support sendDice"):
            await bot.send_dice(WANG)


async def test_the_menu_and_the_descriptions_are_kept(bot: Bot) -> None:
    assert await bot.set_my_commands([BotCommand(command="today", description="今天")], language_code="zh")
    assert [command.command for command in await bot.get_my_commands(language_code="zh")] == ["today"]
    assert await bot.set_my_description("关于")
    assert (await bot.get_my_description()).description == "关于"


async def test_refusals_become_the_errors_of_aiogram(bot: Bot, server: LocalServer, wang: Reader) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(5, "?")
    server.faults = Faults(flood=1, retry_after=3)
    with pytest.raises(TelegramRetryAfter) as waiting:
        await bot.send_message(WANG, "?")
    assert waiting.value.retry_after == 3
    await wang.post("block")
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(WANG, "?")

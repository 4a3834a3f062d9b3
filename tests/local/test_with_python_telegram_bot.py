"""The local server with python-telegram-bot."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, MessageOriginUser, Update
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, MessageHandler, filters
from telegram.helpers import escape_markdown

from bot.local import Faults, LocalServer
from tests.local.conftest import GROUP, WANG, Reader, eventually, png

Running = Application[Any, Any, Any, Any, Any, Any]


def builder(server: LocalServer, token: str = "") -> ApplicationBuilder[Any, Any, Any, Any, Any, Any]:
    urls = Application.builder().token(token or server.token).base_url(server.base_url)
    return urls.base_file_url(server.base_file_url)


@pytest.fixture
async def app(server: LocalServer) -> AsyncIterator[Running]:
    async def start(update: Update, context: Any) -> None:
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("读", callback_data="read:1")]])
        await update.effective_message.reply_html("<b>你好</b>", reply_markup=keys)

    async def pressed(update: Update, context: Any) -> None:
        await update.callback_query.answer(f"是{update.callback_query.data}", show_alert=True)
        await update.callback_query.edit_message_text("全文")

    async def heard(update: Update, context: Any) -> None:
        await update.effective_message.reply_text(f"{update.effective_user.first_name}说{update.message.text}")

    running = builder(server).build()
    running.add_handlers([CommandHandler("start", start), CallbackQueryHandler(pressed)])
    running.add_handler(MessageHandler(filters.TEXT, heard))
    async with running:
        await running.updater.start_polling()
        await running.start()
        yield running
        await running.updater.stop()
        await running.stop()


async def test_a_command_is_answered_a_button_edits_the_answer_and_its_notice_comes_back(
    app: Running, server: LocalServer, wang: Reader
) -> None:
    await wang.say("/start")
    await eventually(lambda: len(server.messages(WANG)) == 2)
    answer = server.messages(WANG)[1]
    assert (answer["text"], answer["entities"]) == ("你好", [{"type": "bold", "offset": 0, "length": 2}])

    notice = await wang.press(answer["message_id"], "read:1")
    assert notice == {"answered": True, "text": "是read:1", "show_alert": True, "url": ""}
    await eventually(lambda: server.messages(WANG)[1]["text"] == "全文")
    assert "reply_markup" not in server.messages(WANG)[1]


async def test_in_the_group_each_person_speaks_for_himself_without_a_command(
    app: Running, server: LocalServer, group: Reader
) -> None:
    server.state.privacy_mode = False
    await group.say("下雨了", **{"from": 1002})
    await eventually(lambda: len(server.messages(GROUP)) == 2)
    answer = server.messages(GROUP)[1]
    assert answer["text"] == "Alex说下雨了"
    assert answer["reply_to_message"]["text"] == "下雨了"


async def test_pictures_and_documents_go_up_and_come_down_unchanged(app: Running, server: LocalServer) -> None:
    picture = png(40, 30)
    sent = await app.bot.send_photo(WANG, picture, caption="<i>图</i>", parse_mode="HTML")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.caption) == (40, 30, "图")
    assert bytes(await (await sent.photo[-1].get_file()).download_as_bytearray()) == picture

    again = await app.bot.send_photo(WANG, sent.photo[-1].file_id)
    assert again.photo[-1].file_id == sent.photo[-1].file_id
    changed = await app.bot.edit_message_media(InputMediaPhoto(png(8, 9), caption="新"), WANG, sent.message_id)
    assert (changed.photo[-1].width, changed.caption) == (8, "新")

    document = await app.bot.send_document(WANG, "第一行".encode(), filename="目录 1.txt")
    assert (document.document.file_name, document.document.file_size) == ("目录 1.txt", 9)
    assert bytes(await (await document.document.get_file()).download_as_bytearray()) == "第一行".encode()


async def test_messages_are_grouped_forwarded_copied_and_deleted(app: Running, server: LocalServer) -> None:
    text = f"*粗* {escape_markdown('1.5 (x_y)!', version=2)}"
    sent = await app.bot.send_message(WANG, text, parse_mode="MarkdownV2")
    assert (sent.text, sent.text_markdown_v2) == ("粗 1.5 (x_y)!", text)
    album = await app.bot.send_media_group(WANG, [InputMediaPhoto(png(4, 4)), InputMediaPhoto(png(5, 5))], caption="图")
    assert album[0].media_group_id == album[1].media_group_id
    ids = [message.message_id for message in (sent, *album)]
    assert len(await app.bot.forward_messages(GROUP, WANG, ids)) == 3
    forward = await app.bot.forward_message(GROUP, WANG, ids[0])
    assert isinstance(forward.forward_origin, MessageOriginUser)
    copies = await app.bot.copy_messages(GROUP, WANG, ids, remove_caption=True)
    assert copies[0].message_id == server.messages(GROUP)[-3]["message_id"]
    assert (await app.bot.copy_message(GROUP, WANG, ids[0])).message_id == server.messages(GROUP)[-1]["message_id"]
    assert await app.bot.delete_messages(WANG, ids)
    assert server.messages(WANG) == []


async def test_the_calls_of_a_starting_bot_work(app: Running) -> None:
    me = await app.bot.get_me()
    assert (me.first_name, me.username, me.supports_inline_queries) == ("简报", "jianbao_bot", True)
    assert await app.bot.set_my_commands([BotCommand("today", "今天")], language_code="zh")
    assert [command.command for command in await app.bot.get_my_commands(language_code="zh")] == ["today"]
    assert await app.bot.delete_my_commands(language_code="zh")
    assert await app.bot.get_my_commands(language_code="zh") == ()
    assert await app.bot.set_my_description("关于")
    assert await app.bot.set_my_short_description("短")
    assert (await app.bot.get_my_description()).description == "关于"
    assert (await app.bot.get_chat(GROUP)).title == "街坊读报群"
    assert (await app.bot.get_chat_member(GROUP, WANG)).status == "creator"
    assert [member.user.id for member in await app.bot.get_chat_administrators(GROUP)] == [WANG]
    assert await app.bot.send_chat_action(WANG, "typing")


async def test_refusals_become_the_errors_of_python_telegram_bot(
    app: Running, server: LocalServer, wang: Reader
) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await app.bot.send_message(5, "?")
    await wang.post("block")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await app.bot.send_message(WANG, "?")
    stranger = builder(server, "1:wrong").build().bot
    with pytest.raises(InvalidToken):
        await stranger.get_me()
    await stranger.request.shutdown()


async def test_a_lost_answer_is_a_network_error_though_the_message_is_there(app: Running, server: LocalServer) -> None:
    server.faults = Faults(lost=1)
    with pytest.raises(NetworkError):
        await app.bot.send_message(WANG, "一次")
    assert [message["text"] for message in server.messages(WANG)] == ["一次"]
    await app.bot.send_message(WANG, "两次")
    assert len(server.messages(WANG)) == 2

"""Keyboards: rows of buttons, their form for Telegram, and the chat and callbacks that they stand for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from telegram import Chat, Message

from bot import callbacks
from bot.callbacks import MAX_CALLBACK_BYTES, Callback, decode, split_address
from bot.keyboards import address_buttons, addressed_chat, button, callbacks_of, markup, rows, share_button
from digests.chats import OutgoingMessage
from digests.storage.button_texts import replace_texts
from tests.test_callbacks import CALLBACKS

NOW = datetime(2022, 11, 25, tzinfo=UTC)
HERE = Chat(7, Chat.PRIVATE)
CHANNEL = -1001234567890


def test_buttons_stand_in_rows_of_nearly_the_same_length_within_the_width() -> None:
    buttons = [button(str(n), callbacks.TurnIssues(n)) for n in range(13)]
    lengths = {n: [len(row) for row in rows(buttons[:n], 5)] for n in (0, 1, 5, 6, 7, 10, 11, 13)}
    assert lengths == {0: [], 1: [1], 5: [5], 6: [3, 3], 7: [4, 3], 10: [5, 5], 11: [4, 4, 3], 13: [5, 4, 4]}
    made = markup(rows(buttons, 5))
    assert made
    assert made.inline_keyboard[2][3].callback_data == "1:I:12"
    assert markup(()) is None


def test_a_button_that_shares_lets_its_reader_choose_a_chat() -> None:
    made = markup(((share_button("分享", "k7f3m-9wq2d"),),))
    assert made
    ((shown,),) = made.inline_keyboard
    assert (shown.switch_inline_query, shown.callback_data) == ("k7f3m-9wq2d", None)


def test_data_that_telegram_would_refuse_is_an_error_before_it_is_sent() -> None:
    assert markup(((("x", "a" * 64),),))
    with pytest.raises(ValueError, match="cannot be sent"):
        markup(((("x", "a" * 65),),))
    with pytest.raises(ValueError, match="cannot be sent"):
        markup(((button("x", callbacks.RunSearch("很长" * 20)),),))


@given(CALLBACKS)
def test_a_button_means_the_same_for_another_chat_and_has_room_for_its_id(callback: Callback) -> None:
    message = address_buttons(OutgoingMessage("", ((button("x", callback),),)), CHANNEL)
    sent, texts = replace_texts(message)
    data = sent.buttons[0][0][1]
    own, chat = split_address(data)
    assert (decode(own, texts), chat) == (callback, CHANNEL)
    assert len(data.encode()) <= MAX_CALLBACK_BYTES
    assert markup(sent.buttons)


def test_buttons_that_share_concern_no_chat() -> None:
    message = OutgoingMessage("", ((share_button("Share", "k7f3m-9wq2d"),),))
    assert address_buttons(message, CHANNEL) == message


def test_what_a_message_asks_and_for_which_chat_is_read_from_its_buttons() -> None:
    prompt = OutgoingMessage("?", ((button("x", callbacks.KeepName(3)), share_button("Share", "k7f3m-9wq2d")),))
    own = Message(1, NOW, HERE, reply_markup=markup(prompt.buttons))
    channels = Message(1, NOW, HERE, reply_markup=markup(address_buttons(prompt, CHANNEL).buttons))
    assert callbacks_of(own) == callbacks_of(channels) == [callbacks.KeepName(3)]
    assert (addressed_chat(own), addressed_chat(channels), addressed_chat(None)) == (7, CHANNEL, None)
    assert callbacks_of(Message(1, NOW, HERE, text="no buttons")) == []


def test_a_button_with_a_stored_text_asks_nothing() -> None:
    keyboard = OutgoingMessage(
        "", ((button("x", callbacks.RunSearch("很长" * 20)), button("y", callbacks.KeepName(3))),)
    )
    sent = Message(1, NOW, HERE, reply_markup=markup(replace_texts(keyboard)[0].buttons))
    assert callbacks_of(sent) == [callbacks.KeepName(3)]

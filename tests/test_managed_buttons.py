"""Buttons that concern another chat than the one they stand in."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message

from bot import callbacks
from bot.callbacks import MAX_CALLBACK_BYTES, address_buttons, addressed_chat, decode, split_address
from bot.keyboards import button, callbacks_of, markup, share_button
from digests.chats import OutgoingMessage
from tests.test_keyboards import NOW, PRESSED

CHANNEL = -1001234567890
HERE = Chat(7, Chat.PRIVATE)


@given(PRESSED)
def test_a_button_means_the_same_for_another_chat_and_has_room_for_saying_so(press: callbacks.ChatCallback) -> None:
    message = address_buttons(OutgoingMessage("", ((button("x", press),),)), CHANNEL)
    data = message.buttons[0][0][1]
    said, chat = split_address(data)
    assert (decode(said), chat) == (press, CHANNEL)
    assert len(data.encode()) <= MAX_CALLBACK_BYTES


def test_the_longest_zone_has_room_too() -> None:
    longest = max(available_timezones(), key=len)
    message = address_buttons(OutgoingMessage("", ((button("x", callbacks.SetTimeZone(longest)),),)), CHANNEL)
    assert len(message.buttons[0][0][1].encode()) <= MAX_CALLBACK_BYTES


@given(st.text())
def test_what_says_no_chat_is_left_as_it_is(data: str) -> None:
    said, chat = split_address(data)
    assert chat is not None or said == data


@pytest.mark.parametrize("data", [None, "", "1:l", "1:l@", "1:l@x", "1:l@--1", "1:l@٣x"])
def test_data_without_a_chat_concerns_none(data: str | None) -> None:
    assert split_address(data) == (data or "", None)


def test_buttons_that_share_concern_no_chat() -> None:
    message = OutgoingMessage("", ((share_button("Share", "k7f3m-9wq2d"),),))
    assert address_buttons(message, CHANNEL) == message


def test_what_a_message_asks_and_for_whom_is_read_from_its_buttons() -> None:
    asking = OutgoingMessage("?", ((button("x", callbacks.KeepName(3)), share_button("Share", "k7f3m-9wq2d")),))
    own = Message(1, NOW, HERE, reply_markup=markup(asking.buttons))
    channels = Message(1, NOW, HERE, reply_markup=markup(address_buttons(asking, CHANNEL).buttons))
    assert callbacks_of(own) == callbacks_of(channels) == [callbacks.KeepName(3)]
    assert (addressed_chat(own), addressed_chat(channels), addressed_chat(None)) == (7, CHANNEL, None)
    assert callbacks_of(Message(1, NOW, HERE, text="no buttons")) == []

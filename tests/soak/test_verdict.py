"""The verdict of the kill trial finds lost, repeated and unordered messages."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.local.bot_api import ReceivedRequest
from digests.chats import OutgoingMessage
from digests.storage.outbox import Outbox, OutboxEntry
from tests.soak.verdict import Verdict, make_verdict

NOW = datetime(2023, 3, 5, tzinfo=UTC)
CHAT = 7
ALERT, DIGEST = "〔a〕 你订阅的", "简报"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An outbox with a delivered alert and digest; their receipts are for the messages 2 and 3."""
    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for number, (key, text) in enumerate((("alert:a", ALERT), ("digest:b", DIGEST)), 2):
            outbox.add(OutboxEntry(CHAT, key, (OutgoingMessage(text),)), NOW)
            outbox.mark_sent(outbox.due(NOW)[0].id, number, NOW)
    return tmp_path


def verdict_on(
    data: Path, received: Sequence[tuple[int, str]], *, unanswered: Sequence[int] = (), killed: Sequence[int] = ()
) -> Verdict:
    """`unanswered`: chats in which an answer was lost; `killed`: numbers of messages at the kills."""
    messages: list[dict[str, Any]] = [{"message_id": number, "text": text} for number, text in received]
    requests = [ReceivedRequest("sendMessage", {"chat_id": str(chat)}, 0) for chat in unanswered]
    return make_verdict(data, {CHAT: messages}, {CHAT: ["〔a〕"]}, requests, [{CHAT: count} for count in killed])


def test_messages_delivered_once_and_in_order_are_sound(data: Path) -> None:
    assert verdict_on(data, [(2, ALERT), (3, DIGEST)]).is_sound


def test_a_repetition_after_a_lost_answer_is_explained(data: Path) -> None:
    twice = [(1, ALERT), (2, ALERT), (3, DIGEST)]
    found = verdict_on(data, twice, unanswered=[CHAT])
    assert (found.is_sound, found.repeated, found.interrupted) == (True, 1, 0)
    assert not verdict_on(data, twice, unanswered=[CHAT + 1]).is_sound, "an answer in another chat explains nothing"
    assert not verdict_on(data, twice).is_sound


def test_a_repetition_after_a_kill_is_explained(data: Path) -> None:
    found = verdict_on(data, [(1, ALERT), (2, ALERT), (3, DIGEST)], killed=[0, 1])
    assert (found.is_sound, found.repeated, found.interrupted) == (True, 1, 1)


def test_a_kill_at_another_moment_explains_nothing(data: Path) -> None:
    thrice = [(0, ALERT), (1, ALERT), (2, ALERT), (3, DIGEST)]
    assert verdict_on(data, thrice, killed=[0, 2, 3, 4]).unexplained == 1
    assert verdict_on(data, thrice, killed=[1, 2]).is_sound


def test_a_message_that_the_server_never_had_is_lost(data: Path) -> None:
    assert verdict_on(data, [(2, ALERT)]).lost == 1


def test_an_article_without_an_alert_is_missed(data: Path) -> None:
    assert verdict_on(data, [(2, "another"), (3, DIGEST)]).missed == ((CHAT, "〔a〕"),)


def test_a_message_outside_the_outbox_is_unexplained(data: Path) -> None:
    assert verdict_on(data, [(2, ALERT), (3, DIGEST), (4, "more")], killed=[3]).unexplained == 1


def test_undelivered_parts_are_lost_and_overtaken_ones_unordered(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for number, (key, text) in zip((3, 2), (("alert:a", ALERT), ("digest:b", DIGEST)), strict=True):
            outbox.add(OutboxEntry(CHAT, key, (OutgoingMessage(text),)), NOW)
            outbox.mark_sent(outbox.due(NOW)[0].id, number, NOW)
        outbox.add(OutboxEntry(CHAT, "digest:c", (OutgoingMessage(DIGEST),)), NOW)
    found = verdict_on(tmp_path, [(2, DIGEST), (3, ALERT)])
    assert (found.unordered, found.lost) == (1, 1)


def test_a_message_whose_receipt_names_none_is_there_once_or_lost(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for number, (key, text) in ((0, ("alert:a", ALERT)), (3, ("digest:b", DIGEST))):
            outbox.add(OutboxEntry(CHAT, key, (OutgoingMessage(text),)), NOW)
            outbox.mark_sent(outbox.due(NOW)[0].id, number, NOW)
    assert verdict_on(tmp_path, [(2, ALERT), (3, DIGEST)]).is_sound
    assert verdict_on(tmp_path, [(3, DIGEST)]).lost == 1
    assert verdict_on(tmp_path, [(1, ALERT), (2, ALERT), (3, DIGEST)]).unexplained == 1
    assert verdict_on(tmp_path, [(1, ALERT), (2, ALERT), (3, DIGEST)], killed=[1]).is_sound

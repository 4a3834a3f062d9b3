"""The judge of the soak sees what it is there to see."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digests.outbox import Letter, Outbox
from digests.readers import Outgoing
from tests.soaking.judgement import Judgement, judge

NOW = datetime(2023, 3, 5, tzinfo=UTC)
CHAT = 7
ALERT, DIGEST = "〔a〕 你订阅的", "简报"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A chat was owed an alert and a digest; the receipts are for the messages 2 and 3."""
    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for number, (key, text) in enumerate((("alert:a", ALERT), ("digest:b", DIGEST)), 2):
            outbox.put(Letter(CHAT, key, (Outgoing(text),)), NOW)
            outbox.sent(outbox.due(NOW)[0].id, number, NOW)
    return tmp_path


def judged(data: Path, said: Sequence[tuple[int, str]], *, unanswered: int = 0, killed: int = 0) -> Judgement:
    messages: list[dict[str, Any]] = [{"message_id": number, "text": text} for number, text in said]
    return judge(data, {CHAT: messages}, {CHAT: ["〔a〕"]}, {0: unanswered}, killed)


def test_what_arrived_once_and_in_order_is_sound(data: Path) -> None:
    assert judged(data, [(2, ALERT), (3, DIGEST)]).is_sound


def test_a_message_repeated_because_its_answer_was_lost_or_the_process_killed_is_counted(data: Path) -> None:
    twice = [(1, ALERT), (2, ALERT), (3, DIGEST)]
    assert (judged(data, twice, unanswered=1).is_sound, judged(data, twice, unanswered=1).repeated) == (True, 1)
    assert judged(data, twice, killed=1).interrupted == 1
    assert not judged(data, twice).is_sound, "nothing explains it"


def test_a_message_that_the_server_never_had_is_lost(data: Path) -> None:
    assert judged(data, [(2, ALERT)]).lost == 1


def test_an_article_that_nobody_was_told_of_is_missed(data: Path) -> None:
    assert judged(data, [(2, "another"), (3, DIGEST)]).missed == ((CHAT, "〔a〕"),)


def test_a_message_that_nobody_was_owed_is_seen(data: Path) -> None:
    assert judged(data, [(2, ALERT), (3, DIGEST), (4, "more")], killed=1).unexplained == 1


def test_what_was_not_sent_is_lost_and_what_overtook_is_out_of_order(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        for number, (key, text) in zip((3, 2), (("alert:a", ALERT), ("digest:b", DIGEST)), strict=True):
            outbox.put(Letter(CHAT, key, (Outgoing(text),)), NOW)
            outbox.sent(outbox.due(NOW)[0].id, number, NOW)
        outbox.put(Letter(CHAT, "digest:c", (Outgoing(DIGEST),)), NOW)
    found = judged(tmp_path, [(2, DIGEST), (3, ALERT)])
    assert (found.unordered, found.lost) == (1, 1)

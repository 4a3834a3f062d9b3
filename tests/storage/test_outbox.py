"""The outbox: each message once, in order, and through any crash."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from digests.chats import OutgoingMessage, OwedPart
from digests.models import NewArticle
from digests.storage.outbox import MAX_RETRY_WAIT, Outbox, OutboxEntry
from tests.delivery.telegram import entry

NOW = datetime(2022, 8, 29, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALERT = OutboxEntry(7, "alert:k7f3m-9wq2d", (OutgoingMessage("防汛"),), ("k7f3m-9wq2d",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    outbox = Outbox(path)
    yield outbox
    outbox.close()


def due(outbox: Outbox, now: datetime = NOW) -> list[tuple[int, str]]:
    return [(owed.chat, owed.message.text) for owed in outbox.due(now)]


def test_an_entry_is_due_as_it_was_added(outbox: Outbox) -> None:
    message = OutgoingMessage("<b>煤改电</b> 🙂", ((("全文", "a:k7f3m"), ("停", "u:3")), (("简报", "d"),)))
    assert outbox.add(OutboxEntry(7, "digest:2022-08-29", (message,)), NOW)
    assert outbox.due(NOW) == [OwedPart(1, 7, "digest:2022-08-29", message)]


def test_an_entry_is_still_owed_after_reopening(path: Path) -> None:
    with contextlib.closing(Outbox(path)) as outbox:
        outbox.add(ALERT, NOW)
    with contextlib.closing(Outbox(path)) as outbox:
        assert due(outbox) == [(7, "防汛")]
        assert outbox.reported_articles(7) == {"k7f3m-9wq2d"}


@pytest.mark.parametrize("fate", ["owed", "sent", "failed"])
def test_a_key_is_accepted_once_in_a_chat_whatever_became_of_its_entry(outbox: Outbox, fate: str) -> None:
    outbox.add(entry(7, "digest:2022-08-29", "one"), NOW)
    if fate == "sent":
        outbox.mark_sent(1, 55, NOW)
    if fate == "failed":
        outbox.mark_failed(1, "message is too long")
    before = outbox.counts()
    assert not outbox.add(entry(7, "digest:2022-08-29", "another"), NOW)
    assert (7, "digest:2022-08-29") in outbox.keys_with_prefix("digest:")
    assert outbox.counts() == before
    assert outbox.add(entry(8, "digest:2022-08-29"), NOW)


def test_parts_of_a_chat_are_due_one_after_another_and_chats_do_not_wait_for_each_other(outbox: Outbox) -> None:
    outbox.add(entry(7, "digest:a", "7.1", "7.2"), NOW)
    outbox.add(entry(8, "digest:a", "8.1"), NOW)
    outbox.add(entry(7, "alert:b", "7.3"), NOW)
    order = []
    while owed := outbox.due(NOW):
        order.append([one.message.text for one in owed])
        for one in owed:
            outbox.mark_sent(one.id, 1, NOW)
    assert order == [["7.1", "8.1"], ["7.2"], ["7.3"]]


def test_a_later_part_has_the_key_of_its_entry_and_its_number(outbox: Outbox) -> None:
    outbox.add(entry(7, "digest:a", "one", "two"), NOW)
    outbox.mark_sent(1, 55, NOW)
    assert [owed.key for owed in outbox.due(NOW)] == ["digest:a/2"]


def test_the_limit_keeps_the_oldest_parts(outbox: Outbox) -> None:
    for chat in (9, 7, 8):
        outbox.add(entry(chat, "digest:a"), NOW)
    assert [owed.chat for owed in outbox.due(NOW, limit=2)] == [9, 7]


def test_a_waiting_part_delays_only_its_own_chat(outbox: Outbox) -> None:
    outbox.add(entry(7, "a", "7.1", "7.2"), NOW)
    outbox.add(entry(8, "a", "8.1"), NOW)
    outbox.retry(1, NOW + MINUTE, "Too Many Requests")
    assert due(outbox) == [(8, "8.1")]
    [owed, _] = outbox.due(NOW + MINUTE)
    assert (owed.message.text, owed.attempts, owed.not_before) == ("7.1", 1, NOW + MINUTE)


def test_moments_of_different_zones_are_compared_as_moments(outbox: Outbox) -> None:
    outbox.add(entry(7, "a"), NOW)
    outbox.retry(1, (NOW + MINUTE).astimezone(timezone(timedelta(hours=8))), "")
    assert due(outbox) == []
    assert due(outbox, (NOW + MINUTE).astimezone(timezone(timedelta(hours=-5)))) == [(7, "a")]


def test_a_moment_without_zone_is_refused(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        outbox.add(entry(7, "a"), datetime(2022, 8, 29))
    assert (7, "a") not in outbox.keys_with_prefix("a")


def test_a_failed_part_is_kept_and_the_next_part_is_due(outbox: Outbox) -> None:
    outbox.add(entry(7, "a", "one", "two"), NOW)
    outbox.mark_failed(1, "message is too long")
    assert due(outbox) == [(7, "two")]
    assert outbox.counts() == {"owed": 1, "held": 0, "sent": 0, "failed": 1}


def test_a_receipt_has_no_message(path: Path, outbox: Outbox) -> None:
    outbox.add(ALERT, NOW)
    outbox.mark_sent(1, 55, NOW)
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT state, telegram_id, message FROM parts").fetchall() == [("sent", 55, "")]


def test_a_receipt_is_not_changed_by_later_reports(outbox: Outbox) -> None:
    outbox.add(ALERT, NOW)
    outbox.mark_sent(1, 55, NOW)
    outbox.retry(1, NOW, "late answer")
    outbox.mark_failed(1, "late answer")
    assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 0}


def test_a_held_chat_keeps_its_messages_until_it_is_released(outbox: Outbox) -> None:
    outbox.add(entry(7, "a", "one"), NOW)
    outbox.add(entry(8, "a"), NOW)
    outbox.retry(1, NOW + 60 * MINUTE, "bot was blocked by the user")
    outbox.hold(7)
    outbox.hold(7)
    outbox.add(entry(7, "b", "two"), NOW)
    assert due(outbox) == [(8, "a")]
    assert outbox.counts() == {"owed": 1, "held": 2, "sent": 0, "failed": 0}
    outbox.release(7)
    outbox.release(8)
    assert due(outbox) == [(7, "one"), (8, "a")]


def test_the_next_due_moment_is_that_of_the_first_part(outbox: Outbox) -> None:
    assert outbox.next_due() is None
    outbox.add(entry(7, "a", "one", "two"), NOW)
    assert outbox.next_due() == NOW
    outbox.retry(1, NOW + MINUTE, "")
    assert outbox.next_due() == NOW + MINUTE
    outbox.hold(7)
    assert outbox.next_due() is None


def test_keys_are_found_by_prefix(outbox: Outbox) -> None:
    outbox.add(entry(7, "digest:2022-08-29", "one", "two"), NOW)
    outbox.add(entry(8, "digest:2022-08-29"), NOW)
    outbox.add(entry(7, "digest:2022-08-30"), NOW)
    outbox.add(entry(7, "digest"), NOW)
    outbox.add(entry(7, "alert:2022-08-29"), NOW)
    outbox.mark_sent(1, 55, NOW)
    assert outbox.keys_with_prefix("digest:2022-08-29") == {(7, "digest:2022-08-29"), (8, "digest:2022-08-29")}
    assert len(outbox.keys_with_prefix("digest:")) == 3
    assert len(outbox.keys_with_prefix("")) == 5


def test_articles_are_unmatched_until_their_matching_is_recorded(path: Path, outbox: Outbox) -> None:
    outbox.add_unmatched([NewArticle("b"), NewArticle("a")], NOW)
    outbox.add_unmatched([NewArticle("a"), NewArticle("c")], NOW)
    assert list(outbox.unmatched_since().items()) == [("b", NOW), ("a", NOW), ("c", NOW)]
    outbox.record_matching(["a"], [], NOW)
    outbox.add_unmatched([NewArticle("a")], NOW)
    with contextlib.closing(Outbox(path)) as again:
        assert list(again.unmatched_since()) == ["b", "c"]


def test_recording_a_matching_adds_the_entries_and_the_reported_articles(outbox: Outbox) -> None:
    outbox.add_unmatched([NewArticle("a"), NewArticle("b")], NOW)
    outbox.record_matching(
        ["a", "b"],
        [OutboxEntry(7, "alert:a", (OutgoingMessage("x"),), ("a", "b")), OutboxEntry(8, "alert:a", (), ("a",))],
        NOW,
    )
    assert outbox.unmatched_since() == {}
    assert due(outbox) == [(7, "x")]
    assert outbox.reported_articles(7) == {"a", "b"}
    assert outbox.reported_pairs(["a"]) == {(7, "a"), (8, "a")}
    assert outbox.reported_pairs(str(n) for n in range(50_000)) == set()


def test_recording_a_matching_is_one_transaction(outbox: Outbox) -> None:
    def entries() -> Iterator[OutboxEntry]:
        yield ALERT
        raise RuntimeError("in the middle")

    outbox.add_unmatched([NewArticle("a")], NOW)
    with pytest.raises(RuntimeError):
        outbox.record_matching(["a"], entries(), NOW)
    assert list(outbox.unmatched_since()) == ["a"]
    assert outbox.due(NOW) == []
    assert outbox.reported_articles(7) == frozenset()


def test_recording_a_matching_again_adds_nothing_twice(outbox: Outbox) -> None:
    outbox.record_matching(["k7f3m-9wq2d"], [ALERT], NOW)
    outbox.record_matching(["k7f3m-9wq2d"], [ALERT], NOW)
    assert outbox.counts()["owed"] == 1


def test_a_deleted_chat_leaves_no_data(outbox: Outbox) -> None:
    for chat in (7, 8):
        outbox.add(OutboxEntry(chat, "alert:a", (OutgoingMessage("x"), OutgoingMessage("y")), ("a",)), NOW)
    outbox.hold(7)
    outbox.delete_chat(7)
    assert outbox.reported_pairs(["a"]) == {(8, "a")}
    assert outbox.keys_with_prefix("") == {(8, "alert:a")}
    assert outbox.counts() == {"owed": 2, "held": 0, "sent": 0, "failed": 0}
    assert outbox.add(ALERT, NOW)


def test_a_moved_chat_keeps_its_messages_in_order_and_none_twice(outbox: Outbox) -> None:
    outbox.add(OutboxEntry(7, "alert:a", (OutgoingMessage("a1"), OutgoingMessage("a2")), ("a",)), NOW)
    outbox.add(entry(7, "alert:both", "theirs"), NOW)
    outbox.add(entry(-1007, "alert:both", "ours"), NOW)
    outbox.hold(7)
    outbox.move(7, -1007)
    outbox.move(-1007, -1007)
    texts = []
    while owed := outbox.due(NOW):
        texts += [(one.chat, one.message.text) for one in owed]
        outbox.mark_sent(owed[0].id, 1, NOW)
    assert texts == [(-1007, "a1"), (-1007, "a2"), (-1007, "ours")]
    assert outbox.reported_articles(-1007) == {"a"}
    assert outbox.reported_articles(7) == frozenset()


def test_many_threads_add_and_send_each_part_once(outbox: Outbox) -> None:
    def owe(start: int) -> None:
        for n in range(start, start + 20):
            outbox.add(entry(n % 7, f"alert:{n % 60}"), NOW)

    threads = [threading.Thread(target=owe, args=(start,)) for start in (0, 10, 20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outbox.keys_with_prefix("")) == 60
    assert outbox.counts()["owed"] == 60


def test_a_part_is_due_again_exactly_when_its_wait_ends(outbox: Outbox) -> None:
    outbox.add(entry(7, "a"), NOW)
    outbox.retry(1, NOW + MINUTE, "Too Many Requests")
    assert due(outbox, NOW + MINUTE - timedelta(microseconds=1)) == []
    assert due(outbox, NOW + MINUTE) == [(7, "a")]


def test_a_part_that_waits_longer_than_any_retry_is_due_because_the_clock_was_set_back(outbox: Outbox) -> None:
    outbox.add(entry(7, "a"), NOW)
    outbox.retry(1, NOW + MAX_RETRY_WAIT, "Bad Gateway")
    assert due(outbox, NOW) == []
    assert due(outbox, NOW - timedelta(microseconds=1)) == [(7, "a")]
    assert timedelta(minutes=10) == MAX_RETRY_WAIT


def test_every_attempt_counts_once(path: Path, outbox: Outbox) -> None:
    outbox.add(entry(7, "a"), NOW)
    for attempts in (1, 2):
        outbox.retry(1, NOW, "timeout")
        assert outbox.due(NOW)[0].attempts == attempts
    outbox.mark_failed(1, "blocked")
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT attempts, state, problem FROM parts").fetchall() == [(3, "failed", "blocked")]


def test_a_released_chat_waits_no_longer_for_a_retry(outbox: Outbox) -> None:
    outbox.add(entry(7, "a"), NOW)
    outbox.retry(1, NOW + MINUTE, "timeout")
    outbox.hold(7)
    outbox.release(7)
    assert due(outbox) == [(7, "a")]
    outbox.retry(1, NOW + MINUTE, "timeout")
    outbox.release(7)
    assert due(outbox) == [], "the chat was not held"


def test_one_hundred_parts_are_due_at_a_time(outbox: Outbox) -> None:
    outbox.add_many((entry(chat, "a") for chat in range(101)), NOW)
    assert len(outbox.due(NOW)) == 100


def test_a_matched_article_without_a_former_reading_stays_matched(outbox: Outbox) -> None:
    outbox.add_unmatched([NewArticle("a")], NOW)
    outbox.record_matching(["a"], [], NOW)
    outbox.add_unmatched([NewArticle("a", late=True)], NOW + MINUTE)
    assert outbox.unmatched() == []


def test_an_unmatched_article_keeps_the_moment_at_which_it_was_first_added(outbox: Outbox) -> None:
    outbox.add_unmatched([NewArticle("a")], NOW)
    outbox.add_unmatched([NewArticle("a"), NewArticle("b")], NOW + MINUTE)
    assert outbox.unmatched_since() == {"a": NOW, "b": NOW + MINUTE}
    outbox.record_matching(["a"], [], NOW + MINUTE, gone=["b"])
    assert outbox.unmatched_since() == {}


def test_an_entry_of_a_topic_is_due_there_and_its_articles_are_reported_there(outbox: Outbox) -> None:
    outbox.add(OutboxEntry(7, "a", (OutgoingMessage("x"),), ("k7f3m-9wq2d",), topic=5), NOW)
    assert [owed.topic for owed in outbox.due(NOW)] == [5]
    assert outbox.alert_log.decided_for(["k7f3m-9wq2d"]) == {(7, 5, "k7f3m-9wq2d")}


def test_writes_are_synced_and_deleted_data_is_overwritten(outbox: Outbox) -> None:
    pragmas = {name: outbox._rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "secure_delete")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}

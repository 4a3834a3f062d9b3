"""The alert log: waiting articles, matches and sketches by topic, moved and deleted with their chat."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digests.chats import OutgoingMessage
from digests.models import NewArticle
from digests.storage.outbox import Outbox, OutboxEntry
from digests.subscriptions.alerts import ArticleSketch, LogEntries, LoggedMatch, WaitingArticle
from digests.subscriptions.schedule import PendingBundle
from tests.invented import article

NOW = datetime(2023, 3, 5, 8, tzinfo=UTC)
DAY = date(2023, 3, 5)
HOUR = timedelta(hours=1)
WAITING = (
    WaitingArticle(7, None, "a", "daily", NOW),
    WaitingArticle(7, None, "b", "daily", NOW + HOUR, late=True),
    WaitingArticle(7, 5, "a", "quiet", NOW),
)
FOUND = (*(LoggedMatch(7, 1, name, DAY, "now") for name in "abc"), LoggedMatch(7, 2, "a", DAY, "held"))
SKETCHES = (ArticleSketch("a", DAY, (1, 2)), ArticleSketch("b", None, (3,)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with contextlib.closing(Outbox(path)) as outbox:
        outbox.record_matching(["a"], [], NOW, LogEntries(FOUND, WAITING, SKETCHES))
        yield outbox


def test_waiting_articles_survive_reopening_by_topic_and_in_order(path: Path, outbox: Outbox) -> None:
    with contextlib.closing(Outbox(path)) as again:
        assert again.alert_log.pending_bundles() == [
            PendingBundle(7, None, "daily", NOW),
            PendingBundle(7, 5, "quiet", NOW),
        ]
        assert again.alert_log.waiting_articles(7, None) == [*WAITING[:2]]
        assert again.alert_log.waiting_articles(7, 5) == [WAITING[2]]


def test_articles_of_an_entry_stop_waiting_in_its_topic_only(outbox: Outbox) -> None:
    outbox.add(OutboxEntry(7, "bundle:a", (OutgoingMessage("x"),), ("a",)), NOW)
    assert outbox.alert_log.waiting_articles(7, None) == [WAITING[1]]
    assert outbox.alert_log.waiting_articles(7, 5) == [WAITING[2]]
    assert outbox.alert_log.decided_for(["a", "b", "c"]) == {(7, None, "a"), (7, None, "b"), (7, 5, "a")}


def test_unwanted_articles_stop_waiting_without_being_reported(outbox: Outbox) -> None:
    outbox.alert_log.drop_waiting(7, None, ["a", "b"])
    assert outbox.alert_log.waiting_articles(7, None) == []
    assert outbox.reported_articles(7) == frozenset()


def test_matches_are_counted_by_day_and_pruned(outbox: Outbox) -> None:
    assert outbox.alert_log.immediate_counts(DAY) == {(7, 1, DAY): 3}
    assert outbox.alert_log.immediate_counts(DAY + timedelta(days=1)) == {}
    assert outbox.alert_log.match_counts(7, DAY, DAY) == {1: 3, 2: 1}
    outbox.alert_log.prune(DAY + timedelta(days=1))
    assert outbox.alert_log.match_counts(7, DAY, DAY) == {}


def test_sketches_are_those_of_the_days_and_undated_ones(outbox: Outbox) -> None:
    assert sorted(outbox.alert_log.sketches(DAY, DAY), key=lambda sketch: sketch.article) == [*SKETCHES]
    assert outbox.alert_log.sketches(DAY + timedelta(days=1), DAY + timedelta(days=9)) == [SKETCHES[1]]


def test_a_moved_chat_keeps_its_alert_log(outbox: Outbox) -> None:
    outbox.add(OutboxEntry(7, "alert:c", (OutgoingMessage("x"),), ("c",), topic=5), NOW)
    outbox.move(7, -1007)
    assert [owed.topic for owed in outbox.due(NOW)] == [5]
    assert [one.article for one in outbox.alert_log.waiting_articles(-1007, None)] == ["a", "b"]
    assert outbox.alert_log.match_counts(-1007, DAY, DAY) == {1: 3, 2: 1}
    assert outbox.alert_log.decided_for(["c"]) == {(-1007, 5, "c")}
    assert outbox.alert_log.waiting_articles(7, None) == []


def test_an_article_read_differently_is_unmatched_again_and_a_gone_one_counts_as_new(
    outbox: Outbox,
) -> None:
    former = article(id="a")
    outbox.add_unmatched([NewArticle("a", DAY)], NOW)
    assert outbox.unmatched() == [], "it was matched"
    again = NewArticle("a", DAY, late=True, former=former)
    outbox.add_unmatched([again], NOW)
    outbox.add_unmatched([NewArticle("a", DAY, late=True, former=article(id="a", headline="又一次"))], NOW)
    assert outbox.unmatched() == [again], "compared with what was matched, however often it changes before"
    outbox.record_matching(["a"], [], NOW)
    outbox.add_unmatched([NewArticle("b", DAY)], NOW)
    outbox.record_matching([], [], NOW, gone=["b"])
    outbox.add_unmatched([NewArticle("b", DAY)], NOW)
    assert outbox.unmatched() == [NewArticle("b", DAY)]


def test_days_are_counted_with_both_ends_included(outbox: Outbox) -> None:
    one = timedelta(days=1)
    matches = [LoggedMatch(9, 1, f"{n}", DAY + n * one, "now") for n in range(3)]
    outbox.record_matching([], [], NOW, LogEntries((*matches, LoggedMatch(9, 1, "held", DAY, "held"))))
    log = outbox.alert_log
    assert log.match_counts(9, DAY, DAY + one) == {1: 3}
    assert log.match_counts(9, DAY + one, DAY + 2 * one) == {1: 2}
    assert {day: count for (chat, _, day), count in log.immediate_counts(DAY + one).items() if chat == 9} == {
        DAY + one: 1,
        DAY + 2 * one: 1,
    }
    assert log.immediate_counts(DAY)[9, 1, DAY] == 1, "held matches are not alerts"
    log.prune(DAY + one)
    assert log.match_counts(9, DAY, DAY + 2 * one) == {1: 2}
    log.prune(DAY + one)
    assert log.match_counts(9, DAY, DAY + 2 * one) == {1: 2}


def test_sketches_are_found_from_the_first_to_the_last_day(outbox: Outbox) -> None:
    one = timedelta(days=1)
    for first, last, found in ((DAY - one, DAY, True), (DAY, DAY + one, True), (DAY + one, DAY + one, False)):
        assert (SKETCHES[0] in outbox.alert_log.sketches(first, last)) is found


def test_a_bundle_waits_since_its_first_article(outbox: Outbox) -> None:
    earlier = WaitingArticle(7, None, "c", "daily", NOW - HOUR)
    outbox.record_matching([], [], NOW, LogEntries(waiting=(earlier,)))
    assert PendingBundle(7, None, "daily", NOW - HOUR) in outbox.alert_log.pending_bundles()
    assert [found.article for found in outbox.alert_log.waiting_articles(7, None)] == ["c", "a", "b"]

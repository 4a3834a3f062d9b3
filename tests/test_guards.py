"""An issue, article, chat or message that fails is named and tried again, and the others go on."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, time
from pathlib import Path
from typing import Any

import pytest

from bot import flows, render
from digests.analysis import Labeller
from digests.archive import Archive
from digests.chats import Language
from digests.digest import candidates
from digests.errors import DigestFailed, StateError
from digests.guard import Problem, guard
from digests.matching import ArticleMatcher, subscription_matcher
from digests.models import Article, Digest, Labels
from digests.storage import check
from tests.newsroom import Newsroom, newsroom, story


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as opened:
        yield opened


def owed(room: Newsroom) -> dict[int, list[str]]:
    """Return the keys of the unsent messages by chat; only the first message of each chat is due."""
    due = room.services.outbox.due(room.clock.now)
    return {part.chat: [part.key.partition(":")[0]] for part in due}


def add(room: Newsroom, day: str, about: str, number: int = 0) -> None:
    headline = f"云河市{about}会议"
    room.add_articles(f"{day}-{number}", {"headline": headline, "body": story(about, number), "date": day})


# ---- the guard itself


def test_a_failure_is_described_with_its_place_and_work_goes_on() -> None:
    problems: list[Problem] = []
    for number in (1, 0, 2):
        with guard(f"number {number}", problems):
            assert 6 / number
    (problem,) = problems
    assert str(problem).startswith(
        "number 0 failed unexpectedly (ZeroDivisionError: division by zero; test_guards.py, "
    )


class PanicException(BaseException):
    """Named like the error that pyo3 raises where a library in Rust panics."""


def test_a_panic_is_a_failure() -> None:
    problems: list[Problem] = []
    with guard("x", problems):
        raise PanicException("index out of range")
    assert "PanicException: index out of range" in problems[0].problem


@pytest.mark.parametrize("error", [StateError("the disk is full"), KeyboardInterrupt(), SystemExit()], ids=repr)
def test_an_error_that_concerns_all_items_passes(error: BaseException) -> None:
    problems: list[Problem] = []
    with pytest.raises(type(error)), guard("x", problems):
        raise error
    assert problems == []


# ---- issues


def test_an_issue_whose_digest_fails_is_named_and_built_later(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    real, analysed = candidates.issue_candidates, list[date | None]()

    def issue_candidates(articles: Sequence[Article], themes: Any = None) -> Any:
        analysed.append(articles[0].date)
        if articles[0].date == date(2023, 3, 6):
            raise ValueError("a table")
        return real(articles, themes)

    monkeypatch.setattr(candidates, "issue_candidates", issue_candidates)
    for day in ("2023-03-05", "2023-03-06", "2023-03-07"):
        add(room, day, "防汛", int(day[-1]))
    archive = room.services.archive
    (problem,) = archive.ingest().problems
    assert problem.file == "the digest of 2023-03-06 (paper not known)"
    assert problem.problem.startswith("failed unexpectedly (ValueError: a table; test_guards.py, line ")
    assert archive.file_problems == (problem,), "/admin shows it"
    with pytest.raises(DigestFailed, match=r"the digest of 2023-03-06 \(paper not known\) failed unexpectedly"):
        archive.digest(date(2023, 3, 6))
    assert archive.check() == ["the digest of 2023-03-06 is missing"]
    assert [len(archive.digest(date(2023, 3, day)).stories) for day in (5, 7)] == [1, 1]
    analysed.clear()
    assert archive.ingest().problems == (problem,)
    assert analysed == [date(2023, 3, 6)], "the others are not built again"
    monkeypatch.undo()
    assert archive.ingest().problems == ()
    assert archive.ingest().problems == ()
    assert archive.check() == []
    assert len(archive.digest(date(2023, 3, 6)).stories) == 1


def test_a_stored_digest_that_cannot_be_read_is_built_anew(room: Newsroom) -> None:
    add(room, "2023-03-05", "防汛")
    archive = room.services.archive
    archive.ingest()
    table = archive._digests._months._month("2023-03")._table
    table.update(lambda document: document.update(stories=7), doc_ids=[date(2023, 3, 5).toordinal()])
    assert len(archive.digest(date(2023, 3, 5)).stories) == 1
    add(room, "2023-03-06", "养老", 3)
    assert archive.ingest().problems == ()
    assert len(archive.digest(date(2023, 3, 6)).stories) == 1


def test_an_article_that_cannot_be_labelled_again_is_named_and_found_all_the_same(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(room, "2023-03-05", "防汛", 1)
    add(room, "2023-03-05", "养老", 2)
    archive = room.services.archive
    archive.ingest()
    real = Labeller.label_all

    def label_all(self: Labeller, articles: Sequence[Article]) -> list[Labels]:
        if any("防汛" in article.title for article in articles):
            raise RecursionError("too deep")
        return real(self, articles)

    monkeypatch.setattr(Labeller, "label_all", label_all)
    archive._index.put_labels_fingerprint("of other themes")
    archive._index.commit()
    (problem,) = archive.ingest().problems
    assert problem.file == "article 2023-03-05-1-0 (2023-03-05)"
    assert "RecursionError: too deep" in problem.problem
    assert [archive.search(query).total for query in ("防汛会议", "养老会议")] == [1, 1]
    assert archive.check() == []


# ---- matching


def test_an_article_that_fails_in_matching_is_named_and_matched_with_the_next_pages(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room.subscribe(7, "防汛")
    room.subscribe(8, "养老")

    def matcher(article: Article, labels: Labels) -> ArticleMatcher:
        if "防汛" in article.title:
            raise ValueError("a table")
        return ArticleMatcher(article, labels)

    monkeypatch.setattr(subscription_matcher, "ArticleMatcher", matcher)
    add(room, "2023-03-05", "防汛", 1)
    add(room, "2023-03-05", "养老", 2)
    assert room.ingest() == 1
    assert owed(room) == {8: ["alert"]}
    assert room.ingest() == 0
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage().startswith(
        "article 2023-03-05-1-0 (2023-03-05) failed unexpectedly (ValueError: a table;"
    )
    assert record.getMessage().endswith("please report it; it is tried again")
    (line,) = room.services.health.problems()
    assert line.startswith("queue_alerts: article 2023-03-05-1-0 (2023-03-05) failed unexpectedly")
    assert b'jianbao_failed_items_total{job="queue_alerts"} 1.0' in room.services.metrics.exposition({}, {})
    monkeypatch.undo()
    add(room, "2023-03-05", "书法", 3)
    assert room.ingest() == 1
    assert owed(room) == {7: ["alert"], 8: ["alert"]}
    assert room.services.health.problems() == ()
    assert room.services.outbox.unmatched() == []


def test_a_chat_whose_settings_are_damaged_gets_its_alert_later_and_the_others_get_theirs(room: Newsroom) -> None:
    room.subscribe(7, "防汛")
    room.subscribe(8, "防汛")
    room.change_settings(7, quiet=(time(22, tzinfo=UTC), time(7)))  # no comparison with a time without zone
    add(room, "2023-03-05", "防汛", 1)
    assert room.ingest() == 1
    assert owed(room) == {8: ["alert"]}
    (line,) = room.services.health.problems()
    assert line.startswith(
        "queue_alerts: article 2023-03-05-1-0 for chat 7 failed unexpectedly (TypeError: can't compare"
    )
    room.change_settings(7, quiet=None)
    add(room, "2023-03-05", "书法", 3)
    assert room.ingest() == 1
    assert owed(room) == {7: ["alert"], 8: ["alert"]}
    assert room.services.health.problems() == ()


def test_an_article_that_cannot_be_read_is_matched_with_the_next_pages(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscribe(7, "防汛")
    room.subscribe(8, "养老")
    real = Archive.story

    def read(self: Archive, article_id: str) -> Any:
        if article_id == "2023-03-05-1-0":
            raise KeyError("lines")
        return real(self, article_id)

    monkeypatch.setattr(Archive, "story", read)
    add(room, "2023-03-05", "防汛", 1)
    add(room, "2023-03-05", "养老", 2)
    assert room.ingest() == 1
    assert owed(room) == {8: ["alert"]}
    assert [new.id for new in room.services.outbox.unmatched()] == ["2023-03-05-1-0"]
    monkeypatch.undo()
    add(room, "2023-03-05", "书法", 3)
    assert room.ingest() == 1
    assert owed(room) == {7: ["alert"], 8: ["alert"]}


def test_an_earlier_text_that_cannot_be_read_stops_no_alert(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    room.subscribe(7, "防汛")
    add(room, "2023-03-05", "防汛", 1)
    flows.ingest_pages(room.services)
    room.services.outbox._db.execute("UPDATE articles SET former = '{\"torn\": 1}'")
    assert room.ingest() == 1
    assert owed(room) == {7: ["alert"]}
    assert "the earlier text of article 2023-03-05-1-0 cannot be read" in caplog.text


# ---- due messages


def test_a_chat_whose_digest_cannot_be_scheduled_is_named_and_the_others_get_theirs(room: Newsroom) -> None:
    for chat in (7, 8):
        room.subscribe(chat, "书法")
        room.change_settings(chat, digest_time=time(11))
    room.change_settings(7, weekdays=(9,))
    add(room, "2023-03-05", "防汛", 1)
    room.ingest()
    room.clock.set_local(date(2023, 3, 5), 11, 1)
    assert room.queue_due() == 1
    assert owed(room) == {8: ["digest"]}
    (line,) = room.services.health.problems()
    assert line.startswith("queue_due_messages: the schedule of chat 7 failed unexpectedly (AssertionError: found no")
    room.change_settings(7, weekdays=tuple(range(7)))
    assert room.queue_due() == 1
    assert room.services.health.problems() == ()


def test_a_message_that_cannot_be_made_stays_due(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for chat, language in ((7, "en"), (8, "zh")):
        room.subscribe(chat, "书法")
        room.change_settings(chat, digest_time=time(11), language=language)
    add(room, "2023-03-05", "防汛", 1)
    room.ingest()
    room.clock.set_local(date(2023, 3, 5), 11, 1)
    real = render.digest

    def digest(shown: Digest, language: Language, **options: Any) -> Any:
        if language == "en":
            raise KeyError("digest.title")
        return real(shown, language, **options)

    monkeypatch.setattr(render, "digest", digest)
    assert room.queue_due() == 1
    assert owed(room) == {8: ["digest"]}
    (line,) = room.services.health.problems()
    assert line.startswith(
        "queue_due_messages: a message due in chat 7 failed unexpectedly (KeyError: 'digest.title'; "
    )
    monkeypatch.undo()
    assert room.queue_due() == 1
    assert room.services.health.problems() == ()


def test_an_alert_that_cannot_be_made_is_made_with_the_next_pages(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat, language in ((7, "en"), (8, "zh")):
        room.subscribe(chat, "防汛", cap=1)  # the alert that was not made does not count
        room.change_settings(chat, language=language)
    add(room, "2023-03-05", "防汛", 1)
    real = render.alert

    def alert(found: Any, language: Language) -> Any:
        if language == "en":
            raise KeyError("alert.title")
        return real(found, language)

    monkeypatch.setattr(render, "alert", alert)
    assert room.ingest() == 1
    assert owed(room) == {8: ["alert"]}
    monkeypatch.undo()
    add(room, "2023-03-05", "书法", 3)
    assert room.ingest() == 1
    assert owed(room) == {7: ["alert"], 8: ["alert"]}
    counts = room.services.outbox.alert_log.match_counts(7, date(2023, 3, 1), date(2023, 3, 9))
    assert counts == {1: 1}, "the match counts once"


def test_a_message_that_cannot_be_read_is_given_up_and_the_ones_behind_it_are_sent(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    for chat in (7, 8):
        room.subscribe(chat, "防汛")
    add(room, "2023-03-05", "防汛", 1)
    room.ingest()
    room.services.outbox._db.execute("UPDATE parts SET message = 'torn' WHERE chat = 7")
    assert owed(room) == {8: ["alert"]}
    assert "part 1 for chat 7 cannot be read" in caplog.text
    assert room.services.outbox.counts()["failed"] == 1
    add(room, "2023-03-05", "防汛", 9)
    room.ingest()
    assert owed(room) == {7: ["alert"], 8: ["alert"]}


def test_an_issue_that_fails_is_tried_once_for_all_chats(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for chat in range(7, 10):
        room.subscribe(chat, "书法")
        room.change_settings(chat, digest_time=time(11))
    tried = []

    def issue_candidates(articles: Sequence[Article], themes: Any = None) -> Any:
        tried.append(articles)
        raise ValueError("a table")

    monkeypatch.setattr(candidates, "issue_candidates", issue_candidates)
    add(room, "2023-03-05", "防汛", 1)
    room.ingest()
    room.clock.set_local(date(2023, 3, 5), 11, 1)
    tried.clear()
    assert room.queue_due() == 0
    assert len(tried) == 1
    assert len(room.services.health.problems()) == 3
    monkeypatch.undo()
    assert room.queue_due() == 3
    assert room.services.health.problems() == ()


def test_only_some_failures_of_a_job_are_listed(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    room.services.report_problems("y", [Problem(f"chat {n}", "failed") for n in range(30)])
    assert len(caplog.records) == 21
    assert caplog.messages[-1] == "y: 10 more failures"
    room.services.report_problems("y", [])
    room.services.report_problems("x", [Problem(f"chat {n}", "failed") for n in range(9)])
    assert room.services.health.problems() == (*(f"x: chat {n} failed" for n in range(5)), "x: 4 more failures")


TEXT_COLUMNS = [
    ("letters", "key"),
    ("parts", "message"),
    ("parts", "not_before"),
    ("parts", "problem"),
    ("articles", "id"),
    ("articles", "expected"),
    ("articles", "day"),
    ("articles", "former"),
    ("found", "day"),
    ("waiting", "article"),
    ("waiting", "since"),
    ("imprints", "article"),
    ("imprints", "day"),
    ("imprints", "hashes"),
]


@pytest.mark.parametrize(("table", "column"), TEXT_COLUMNS)
def test_a_damaged_value_in_the_outbox_keeps_no_other_chat_from_its_messages(
    room: Newsroom, table: str, column: str
) -> None:
    for chat in (7, 8):
        room.subscribe(chat, "防汛")
        room.subscribe(chat, "养老", rhythm="daily")
        room.change_settings(chat, digest_time=time(11))
    add(room, "2023-03-05", "防汛", 1)
    add(room, "2023-03-05", "养老", 2)
    room.ingest()
    add(room, "2023-03-05", "防汛", 3)
    flows.ingest_pages(room.services)
    outbox = room.services.outbox
    which = "chat = 7" if table == "found" else f"rowid = (SELECT min(rowid) FROM {table})"
    outbox._db.execute(f"UPDATE {table} SET {column} = 'torn' WHERE {which}")
    add(room, "2023-03-05", "防汛", 5)
    room.ingest()
    room.clock.set_local(date(2023, 3, 5), 11, 1)
    room.queue_due()
    sent = []
    while due := [part for part in outbox.due(room.clock.now) if part.chat == 8]:
        sent += [part.key.partition(":")[0] for part in due]
        outbox.mark_sent(due[0].id, 1, room.clock.now)
    assert {"alert", "digest"} <= set(sent)
    assert check.check(room.services.config.data) == []

"""Restoring a backup: completely or not at all, and nothing that is known to be sent is sent again."""

import contextlib
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from digests.errors import DamagedFile, NewerFile, StateError
from digests.models import NewArticle
from digests.storage import restore as restore_module
from digests.storage.backup import back_up, run_backup_schedule
from digests.storage.backup_catalog import read_manifest, write_manifest
from digests.storage.check import check
from digests.storage.outbox import Outbox
from digests.storage.restore import complete_restore, restore
from digests.storage.stores import ChatStore
from digests.subscriptions.alerts import LogEntries, LoggedMatch, WaitingArticle
from tests.kill_points import kill_at_every_change
from tests.storage.state_files import (
    HOUR,
    NOW,
    RETENTION,
    entry,
    everything_in,
    files_no_larger_than,
    furnish,
    owed,
    reader,
    torn_chats,
    torn_outbox,
)
from tests.storage.test_migrations import first_chats, first_outbox

LATER = NOW + HOUR


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture
def data(tmp_path: Path, furnished: Path) -> Path:
    return Path(shutil.copytree(furnished, tmp_path / "data"))


@pytest.fixture
def kept(data: Path, tmp_path: Path) -> Path:
    return back_up(data, tmp_path / "kept", NOW).folder


@contextlib.contextmanager
def at_work(data: Path):  # type: ignore[no-untyped-def]
    with contextlib.closing(Outbox(data / "outbox.sqlite")) as outbox:
        yield ChatStore(data / "chats.json"), outbox


def test_chats_are_as_they_were_when_the_backup_was_made(data: Path, kept: Path) -> None:
    before = ChatStore(data / "chats.json").all()
    with at_work(data) as (chats, _):
        chats.put(reader(7))
        chats.put(reader(9, "供暖"))
        chats.delete(8)
    done = restore(data, kept, LATER, [])
    assert ChatStore(data / "chats.json").all() == before
    assert (done.backup.taken, done.outbox_was_intact) == (NOW, True)
    assert check(data) == []


def test_restored_files_are_private_and_no_trace_of_the_restore_remains(data: Path, kept: Path) -> None:
    names = {path.name for path in data.iterdir()}
    restore(data, kept, LATER, [])
    assert {path.name for path in data.iterdir()} - names == {"backups"}
    for path in data.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_backup_stays_as_it_is(data: Path, kept: Path) -> None:
    before = everything_in(kept)
    restore(data, kept, LATER, [NewArticle("article-3")])
    assert everything_in(kept) == before


def test_messages_sent_since_the_backup_are_not_sent_again(data: Path, kept: Path) -> None:
    assert owed(data) == [(7, "two")]
    with at_work(data) as (_, outbox):
        outbox.add(entry(8, "digest:2026-11-22"), LATER)
        outbox.mark_sent(outbox.due(LATER)[0].id, 56, LATER)
    restore(data, kept, LATER, [])
    assert owed(data) == []
    with at_work(data) as (_, outbox):
        assert not outbox.add(entry(8, "digest:2026-11-22"), LATER)


def test_messages_failed_since_the_backup_stay_failed(data: Path, kept: Path) -> None:
    with at_work(data) as (_, outbox):
        outbox.mark_failed(outbox.due(LATER)[0].id, "message is too long")
    restore(data, kept, LATER, [])
    with at_work(data) as (_, outbox):
        assert outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 1}


def test_messages_added_since_the_backup_follow_the_restored_ones(data: Path, kept: Path) -> None:
    with at_work(data) as (_, outbox):
        outbox.add(entry(7, "alert:b", "three", "four", articles=("article-3",)), LATER)
    restore(data, kept, LATER, [])
    with at_work(data) as (_, outbox):
        assert outbox.reported_articles(7) == {"article-1", "article-3"}
    assert owed(data) == [(7, "two"), (7, "three"), (7, "four")]


def test_buttons_shown_since_the_backup_still_work(data: Path, kept: Path) -> None:
    with at_work(data) as (_, outbox):
        outbox.button_texts.store(7, {"a1b2c3d4e5f6": "防汛 OR 内涝"}, LATER)
    restore(data, kept, LATER, [])
    with at_work(data) as (_, outbox):
        assert outbox.button_texts.read(7, ["a1b2c3d4e5f6"], LATER) == {"a1b2c3d4e5f6": "防汛 OR 内涝"}


def test_articles_reported_since_the_backup_no_longer_wait(data: Path, tmp_path: Path) -> None:
    with at_work(data) as (_, outbox):
        waiting = [WaitingArticle(7, None, article, "daily", NOW) for article in ("told", "untold")]
        outbox.record_matching([], [], NOW, LogEntries(waiting=tuple(waiting)))
        kept = back_up(data, tmp_path / "kept", NOW).folder
        outbox.add(entry(7, "digest:a", articles=("told",)), LATER)
        found = LoggedMatch(7, 1, "told", LATER.date(), "now")
        outbox.record_matching([], [], LATER, LogEntries(matches=(found,)))
    restore(data, kept, LATER, [])
    with at_work(data) as (_, outbox):
        assert [one.article for one in outbox.alert_log.waiting_articles(7, None)] == ["untold"]
        assert outbox.alert_log.match_counts(7, LATER.date(), LATER.date()) == {1: 1}


def test_articles_ingested_since_the_backup_are_matched_again(data: Path, kept: Path) -> None:
    with at_work(data) as (_, outbox):
        outbox.record_matching(["article-2", "article-3"], [], LATER)
    done = restore(data, kept, LATER, map(NewArticle, ["article-1", "article-2", "article-3"]))
    assert done.rematched == 1
    with at_work(data) as (_, outbox):
        assert list(outbox.unmatched_since()) == ["article-2", "article-3"]


def test_a_missing_outbox_is_restored_as_it_was(data: Path, kept: Path) -> None:
    with at_work(data) as (_, outbox):
        outbox.add(entry(8, "digest:2026-11-22"), LATER)
    (data / "outbox.sqlite").unlink()
    assert not restore(data, kept, LATER, []).outbox_was_intact
    assert owed(data) == [(7, "two")]


def test_a_backup_can_be_restored_into_an_empty_folder(tmp_path: Path, kept: Path) -> None:
    new = tmp_path / "another machine"
    new.mkdir()
    done = restore(new, kept, LATER, [])
    assert {chat.id for chat in ChatStore(new / "chats.json").all()} == {7, 8}
    assert owed(new) == [(7, "two")]
    assert not done.set_aside.exists()


def test_messages_are_held_for_the_inactive_ones_of_the_restored_chats(data: Path, tmp_path: Path) -> None:
    with at_work(data) as (chats, outbox):
        outbox.hold(7)  # and the chat became active before the chats were copied
        outbox.add(entry(8, "digest:a"), NOW)
        chats.put(reader(8, "养老", active=False))
    restore(data, back_up(data, tmp_path / "kept", NOW).folder, LATER, [])
    assert owed(data) == [(7, "two")]
    with at_work(data) as (_, outbox):
        assert outbox.counts()["held"] == 1


@pytest.mark.parametrize("spoil", [torn_chats, torn_outbox])
def test_damaged_state_files_are_replaced_and_set_aside(data: Path, kept: Path, spoil: Callable[[Path], None]) -> None:
    spoil(data)
    torn = everything_in(data)
    done = restore(data, kept, LATER, [])
    assert {chat.id for chat in ChatStore(data / "chats.json").all()} == {7, 8}
    assert owed(data) == [(7, "two")]
    aside = everything_in(done.set_aside)
    assert {name: aside[name] for name in ("chats.json", "outbox.sqlite")} == {
        name: torn[name] for name in ("chats.json", "outbox.sqlite")
    }
    with pytest.raises(DamagedFile, match="is no backup"):
        read_manifest(done.set_aside)
    run_backup_schedule(data, LATER, RETENTION)
    assert done.set_aside.exists()
    assert check(data) == []


def test_the_replaced_files_are_a_backup_themselves(data: Path, kept: Path) -> None:
    with at_work(data) as (chats, _):
        chats.put(reader(9, "供暖"))
    there = ChatStore(data / "chats.json").all()
    first = restore(data, kept, LATER, [])
    second = restore(data, first.set_aside, LATER, [])
    assert first.set_aside != second.set_aside
    assert ChatStore(data / "chats.json").all() == there


def changed(kept: Path) -> None:
    (kept / "chats.json").write_bytes((kept / "chats.json").read_bytes().replace("防汛".encode(), "防火".encode()))


def unfinished(kept: Path) -> None:
    (kept / "manifest.json").unlink()


def newer(kept: Path) -> None:
    (kept / "chats.json").write_bytes(b'{"format":"jianbao","holds":"chats","version":99}')
    write_manifest(kept, NOW)


def foreign(kept: Path) -> None:
    shutil.rmtree(kept)
    kept.mkdir()
    (kept / "chats.json").write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "error", "found"),
    [
        (changed, DamagedFile, r"the backup .*kept is damaged \(its file chats\.json was changed after the backup\)"),
        (unfinished, DamagedFile, r"kept is no backup \(it has no file manifest\.json\)"),
        (foreign, DamagedFile, r"kept is no backup \(it has no file manifest\.json\)"),
        (newer, NewerFile, r"kept/chats\.json is in schema version 99, which a newer Jianbao wrote"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_changes(
    data: Path, kept: Path, spoil: Callable[[Path], None], error: type[StateError], found: str
) -> None:
    spoil(kept)
    before = everything_in(data)
    with pytest.raises(error, match=found):
        restore(data, kept, LATER, [])
    assert everything_in(data) == before


def test_on_a_full_disk_nothing_changes(data: Path, tmp_path: Path) -> None:
    with at_work(data) as (chats, _):
        chats.put(reader(9, *(f"防汛{number}" for number in range(3000))))
    kept = back_up(data, tmp_path / "kept", NOW).folder
    before = everything_in(data)
    for size in (20_000, 150_000):
        with files_no_larger_than(size), pytest.raises(StateError, match=r"could not be (copied|restored)"):
            restore(data, kept, LATER, [])
        assert everything_in(data) == before


def test_a_backup_of_an_older_version_is_migrated(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    first_chats(old / "chats.json")
    first_outbox(old / "outbox.sqlite")
    kept = back_up(old, tmp_path / "kept", NOW).folder
    restore(data, kept, LATER, [])
    assert {chat.id for chat in ChatStore(data / "chats.json").all()} == {7, -1007}
    with at_work(data) as (_, outbox):
        assert outbox.counts() == {"owed": 0, "held": 2, "sent": 2, "failed": 0}
        assert outbox.reported_articles(7) == {"k7f3m-9wq2d", "article-1"}


def test_killed_at_any_moment_a_restore_leaves_the_state_before_or_the_restored_one(
    data: Path, kept: Path, tmp_path: Path
) -> None:
    with at_work(data) as (chats, outbox):
        chats.put(replace(reader(7, "供暖"), active=False))
        outbox.add(entry(8, "digest:a"), LATER)
    original = tmp_path / "original"
    shutil.copytree(data, original)
    before = {chat.id: chat for chat in ChatStore(original / "chats.json").all()}
    restored = {chat.id: chat for chat in ChatStore(kept / "chats.json", owner=False).all()}
    outcomes = []
    for _ in kill_at_every_change(lambda: restore(data, kept, LATER, [NewArticle("article-3")])):
        complete_restore(data)
        there = {chat.id: chat for chat in ChatStore(data / "chats.json").all()}
        assert there in (before, restored)
        outcomes.append(there == restored)
        assert check(data) == []
        assert not [path for path in data.iterdir() if "restoring" in path.name or "placing" in path.name]
        if there == restored:
            [aside] = (data / "backups").iterdir()
            assert {chat.id: chat for chat in ChatStore(aside / "chats.json", owner=False).all()} == before
            assert read_manifest(aside).files == ("outbox.sqlite", "chats.json", "digests/2026-11.json")
            with at_work(data) as (_, outbox):
                assert list(outbox.unmatched_since()) == ["article-2", "article-3"]
        assert owed(data) == [(7, "two"), (8, "digest:a")] if there == restored else [(8, "digest:a")]
        shutil.rmtree(data)
        shutil.copytree(original, data)
    assert outcomes == sorted(outcomes), "once it is decided, it is carried through"
    assert set(outcomes) == {False, True}
    assert len(outcomes) > 20


def test_a_completion_that_is_killed_is_completed_by_the_next_start(data: Path, kept: Path, tmp_path: Path) -> None:
    for _ in kill_at_every_change(lambda: restore(data, kept, LATER, [])):
        if restore_module.is_interrupted(data):
            break
    assert "a restore of" in check(data)[0]
    halfway = tmp_path / "halfway"
    shutil.copytree(data, halfway)
    for _ in kill_at_every_change(lambda: complete_restore(data)):
        complete_restore(data)
        assert check(data) == []
        assert owed(data) == [(7, "two")]
        shutil.rmtree(data)
        shutil.copytree(halfway, data)


def test_killed_at_any_moment_a_backup_is_complete_or_none(data: Path, tmp_path: Path) -> None:
    first = run_backup_schedule(data, NOW, RETENTION)
    original = tmp_path / "original"
    shutil.copytree(data, original)
    for _ in kill_at_every_change(lambda: run_backup_schedule(data, LATER, RETENTION)):
        assert check(data) == []
        for folder in (data / "backups").iterdir():
            with contextlib.suppress(DamagedFile):
                assert len(read_manifest(folder).files) == 3
        assert first
        assert read_manifest(data / "backups" / first.name)
        again = run_backup_schedule(data, LATER + HOUR, RETENTION)
        assert again
        assert {folder for folder in (data / "backups").iterdir() if not (folder / "manifest.json").exists()} == set()
        shutil.rmtree(data)
        shutil.copytree(original, data)

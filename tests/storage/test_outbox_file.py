"""The outbox's file: private, refused if damaged or foreign, and safe through any crash."""

import contextlib
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digests.chats import OutgoingMessage
from digests.errors import DamagedFile, NewerFile, StateError
from digests.storage.check import check
from digests.storage.outbox import Outbox, OutboxEntry
from digests.storage.outbox_file import OUTBOX_VERSION
from tests.delivery.telegram import entry

NOW = datetime(2022, 8, 29, 8, tzinfo=UTC)
ALERT = OutboxEntry(7, "alert:k7f3m-9wq2d", (OutgoingMessage("防汛"),), ("k7f3m-9wq2d",))

# Adds entries of three parts, sends due parts to a file and stores receipts, and prints what is done.
WORKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from digests.chats import OutgoingMessage
from digests.models import NewArticle
from digests.storage.outbox import Outbox, OutboxEntry
outbox, now, telegram = Outbox(Path(sys.argv[1])), datetime(2022, 8, 29, tzinfo=UTC), open(sys.argv[2], "a")
print("ready", flush=True)
for n in range(int(sys.argv[3]), 10**9):
    outbox.add_unmatched([NewArticle(f"article-{n}")], now)
    print("expected", f"article-{n}", flush=True)
    parts = tuple(OutgoingMessage(f"{n}.{part}") for part in (1, 2, 3))
    entry = OutboxEntry(n % 5, f"alert:{n}", parts, (f"article-{n}",))
    outbox.record_matching([f"article-{n}"], [entry], now)
    print("owed", n, flush=True)
    for owed in outbox.due(now, 2):
        print(owed.chat, owed.message.text, file=telegram, flush=True)
        outbox.mark_sent(owed.id, n, now)
        print("sent", owed.message.text, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def test_file_and_folder_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with contextlib.closing(Outbox(folder / "outbox.sqlite")) as outbox:
        outbox.add(ALERT, NOW)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def someone_elses(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE parts (id INTEGER)")
        db.commit()


def newer(path: Path) -> None:
    Outbox(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9")


def torn(path: Path) -> None:
    with contextlib.closing(Outbox(path)) as outbox:
        for n in range(100):
            outbox.add(entry(n, "a", "x" * 200), NOW)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def overwritten(path: Path) -> None:
    torn(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)


FOREIGN = {
    "text": (lambda path: path.write_text("not a database, but long enough to look like one " * 20), "not a database"),
    "empty": (lambda path: path.touch(), "is not an outbox that Jianbao wrote"),
    "another program's": (someone_elses, "is not an outbox that Jianbao wrote"),
    "torn": (torn, "malformed"),
    "overwritten in the middle": (overwritten, "malformed|damaged"),
}


@pytest.mark.parametrize(("make", "found"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_damaged_or_foreign_outbox_is_named_and_left_as_it_is(path: Path, make, found: str) -> None:  # type: ignore[no-untyped-def]
    make(path)
    before = path.read_bytes()
    with pytest.raises(DamagedFile, match=found) as error:
        Outbox(path)
    assert str(path) in str(error.value)
    assert f"expected an outbox in schema version {OUTBOX_VERSION}" in str(error.value)
    assert path.read_bytes() == before


def _with_journal(path: Path) -> None:
    """Make an outbox with two unsent messages, one of them only in its journal, as a kill leaves it."""
    live = path.with_name("live.sqlite")
    with contextlib.closing(Outbox(live)) as outbox:
        outbox.add(entry(7, "a", "one"), NOW)
        outbox._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        outbox.add(entry(8, "b", "two"), NOW)
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(f"{live}{suffix}", f"{path}{suffix}")


def test_a_damaged_outbox_is_refused_with_all_of_its_files_named_and_left_as_they_are(path: Path) -> None:
    _with_journal(path)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * 8192 + content[12288:])
    wal = Path(f"{path}-wal").read_bytes()
    with pytest.raises(DamagedFile) as error:
        Outbox(path)
    assert str(error.value).endswith(
        f"to start with an empty outbox, without the unsent messages, move away {path} and {path}-wal and {path}-shm"
    )
    assert path.read_bytes()[4096:12288] == b"\xff" * 8192
    assert Path(f"{path}-wal").read_bytes() == wal


def test_no_new_outbox_is_made_beside_the_journal_of_a_lost_one(path: Path) -> None:
    _with_journal(path)
    lost = path.rename(path.with_name("moved.sqlite"))
    with pytest.raises(DamagedFile, match=r"is missing, but its journal, which may contain unsent messages") as error:
        Outbox(path)
    assert str(error.value).endswith(f"move away {path}-wal and {path}-shm")
    assert not path.exists()
    assert check(path.parent) == [str(error.value)]
    lost.rename(path)
    with contextlib.closing(Outbox(path)) as outbox:
        assert [owed.message.text for owed in outbox.due(NOW)] == ["one", "two"], "put back, nothing is lost"


def test_a_new_outbox_is_made_where_all_files_of_the_damaged_one_were_moved_away(path: Path) -> None:
    _with_journal(path)
    for suffix in ("", "-wal"):
        Path(f"{path}{suffix}").unlink()
    with contextlib.closing(Outbox(path)) as outbox:  # the remaining -shm contains no changes
        assert outbox.due(NOW) == []
        assert outbox.add(ALERT, NOW)


def test_an_outbox_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    newer(path)
    before = path.read_bytes()
    with pytest.raises(NewerFile, match=r"outbox\.sqlite is in schema version 9, which a newer Jianbao wrote"):
        Outbox(path)
    assert path.read_bytes() == before


def test_an_incomplete_outbox_of_a_crash_is_created_anew(tmp_path: Path, path: Path) -> None:
    (tmp_path / "outbox.sqlite.new").write_bytes(b"SQLite format 3\0")
    with contextlib.closing(Outbox(path)) as outbox:
        assert outbox.add(ALERT, NOW)


def test_on_a_full_disk_the_change_is_refused_and_owed_messages_stay(path: Path) -> None:
    with contextlib.closing(Outbox(path)) as outbox:
        outbox.add(entry(7, "a", "one"), NOW)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
        try:
            with pytest.raises(StateError, match=r"outbox\.sqlite could not be used \(.*\); the change was not made"):
                outbox.add(entry(7, "b", "x" * 100_000), NOW)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert [(owed.chat, owed.message.text) for owed in outbox.due(NOW)] == [(7, "one")]
        assert outbox.add(entry(7, "b", "two"), NOW)


def test_a_folder_that_cannot_be_created_raises_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StateError, match=r"outbox\.sqlite cannot be made"):
        Outbox(tmp_path / "data" / "outbox.sqlite")


def test_a_process_killed_at_any_moment_loses_nothing_that_it_acknowledged(tmp_path: Path, path: Path) -> None:
    """A kill between sending and storing the receipt may repeat one message, and no other."""
    chance = random.Random(20220829)
    telegram = tmp_path / "telegram"
    said: list[tuple[str, str]] = []
    kills, start = 20, 0
    for _ in range(kills):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(path), str(telegram), str(start)], stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.03))
        worker.kill()
        lines = [line.split() for line in worker.stdout if line.endswith("\n")]
        worker.stdout.close()
        worker.wait()
        said += [(line[0], line[1]) for line in lines]
        start += len(lines) + 1

    with contextlib.closing(Outbox(path)) as outbox:
        owed = {f"alert:{n}" for word, n in said if word == "owed"}
        assert owed <= {key for _, key in outbox.keys_with_prefix("alert:")}
        settled = {f"article-{n}" for word, n in said if word == "owed"}
        expected = {article for word, article in said if word == "expected"}
        assert expected - settled - {f"article-{key[6:]}" for _, key in outbox.keys_with_prefix("alert:")} <= set(
            outbox.unmatched_since()
        )
        with telegram.open("a") as received:
            while batch := outbox.due(NOW):
                for one in batch:
                    print(one.chat, one.message.text, file=received)
                    outbox.mark_sent(one.id, 1, NOW)
        entries = outbox.keys_with_prefix("alert:")

    got = [line.split() for line in telegram.read_text().splitlines()]
    parts = {(str(chat), f"{key[6:]}.{part}") for chat, key in entries for part in (1, 2, 3)}
    assert {(chat, text) for chat, text in got} == parts
    assert len(got) - len(parts) <= kills
    for chat in {chat for chat, _ in got}:
        numbers = [tuple(map(int, text.split("."))) for to, text in got if to == chat]
        assert numbers == sorted(numbers)

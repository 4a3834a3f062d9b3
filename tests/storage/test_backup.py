"""Backups are complete or none, also while the program runs and on a full disk."""

import contextlib
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from digests.errors import DamagedFile, NewerFile, StateError, UsageError
from digests.storage.backup import back_up, run_backup_schedule
from digests.storage.backup_catalog import newest_intact_backup, read_manifest
from digests.storage.files import encode_envelope, is_intact
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from tests.storage.state_files import (
    HOUR,
    NOW,
    RETENTION,
    entry,
    everything_in,
    files_no_larger_than,
    furnish,
    newer_chats,
    not_as_root,
    owed,
    reader,
    torn_chats,
    torn_outbox,
)

# Adds a chat, then an entry for it, and prints the number of each chat that is stored.
WORKER = """
import sys
from pathlib import Path
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from tests.storage.state_files import NOW, entry, reader
data = Path(sys.argv[1])
chats, outbox = ChatStore(data / "chats.json"), Outbox(data / "outbox.sqlite")
for number in range(1000, 10**9):
    chats.put(reader(number, "防汛"))
    outbox.add(entry(number, "alert:x", "x" * 500), NOW)
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture
def data(tmp_path: Path, furnished: Path) -> Path:
    return Path(shutil.copytree(furnished, tmp_path / "data"))


def test_a_backup_holds_chats_outbox_and_digests_and_says_when_it_was_made(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "kept", NOW)
    assert made == read_manifest(tmp_path / "kept")
    assert (made.taken, made.files) == (NOW, ("outbox.sqlite", "chats.json", "digests/2026-11.json"))
    assert everything_in(tmp_path / "kept").keys() == {*made.files, "manifest.json"}
    assert ChatStore(tmp_path / "kept" / "chats.json").all() == ChatStore(data / "chats.json").all()
    assert owed(tmp_path / "kept") == owed(data) == [(7, "two")]


def test_a_backup_is_private(data: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o755)
    back_up(data, tmp_path / "kept", NOW)
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    modes = {stat.S_IMODE((tmp_path / "kept" / file).stat().st_mode) for file in everything_in(tmp_path / "kept")}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "kept" / "digests").stat().st_mode) == 0o700


def test_a_folder_made_for_a_backup_is_private_too(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "backups" / "kept", NOW)
    assert stat.S_IMODE((tmp_path / "backups").stat().st_mode) == 0o700


def test_making_a_backup_changes_nothing(data: Path, tmp_path: Path) -> None:
    before = everything_in(data)
    back_up(data, tmp_path / "kept", NOW)
    assert before.items() <= everything_in(data).items()  # SQLite may leave its empty journal


def test_changes_in_the_journal_are_in_the_backup(data: Path, tmp_path: Path) -> None:
    with contextlib.closing(Outbox(data / "outbox.sqlite")) as outbox:
        outbox.add(entry(8, "digest:a"), NOW)
        back_up(data, tmp_path / "kept", NOW)
    assert owed(tmp_path / "kept") == [(7, "two"), (8, "digest:a")]


def test_a_backup_made_while_another_process_writes_is_intact_and_has_every_chat_of_its_outbox(
    data: Path, tmp_path: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", WORKER, str(data)], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        last = 0
        for number in range(5):
            last = int(worker.stdout.readline())
            back_up(data, tmp_path / str(number), NOW)
            known = {chat.id for chat in ChatStore(tmp_path / str(number) / "chats.json", owner=False).all()}
            told = {chat for chat, _ in owed(tmp_path / str(number))}
            assert told <= known
            assert last in told
        worker.kill()
        last = max([last, *(int(line) for line in worker.stdout if line.endswith("\n"))])
    back_up(data, tmp_path / "after the kill", NOW)
    assert (last, "x" * 500) in owed(tmp_path / "after the kill")


def test_intact_files_of_every_size_are_recognised_without_parsing() -> None:
    for tables in ({}, {"chats": {}}, {"chats": {"7": {"query": "}\n"}}}):
        content = encode_envelope(tables, holds="chats", version=2)
        assert is_intact(content, holds="chats", known=2)
        assert not is_intact(content, holds="chats", known=1)
        assert not is_intact(content, holds="digests", known=2)
        assert not any(is_intact(content[:length], holds="chats", known=2) for length in range(len(content)))
        for place in range(len(content)):
            changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert not is_intact(changed, holds="chats", known=2)


def test_a_folder_in_use_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "letters.txt").write_text("mine")
    with pytest.raises(UsageError, match="kept is not empty; expected a new or empty folder"):
        back_up(data, tmp_path / "kept", NOW)
    assert everything_in(tmp_path / "kept") == {"letters.txt": b"mine"}


def test_a_data_folder_without_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="empty contains no state of Jianbao"):
        back_up(tmp_path / "empty", tmp_path / "kept", NOW)
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("spoil", "error"), [(torn_chats, DamagedFile), (torn_outbox, StateError), (newer_chats, NewerFile)]
)
def test_a_damaged_file_is_not_backed_up_and_earlier_backups_are_kept(
    data: Path, spoil: Callable[[Path], None], error: type[StateError]
) -> None:
    first = run_backup_schedule(data, NOW, RETENTION)
    spoil(data)
    before = everything_in(data)
    with pytest.raises(error, match=r"(chats\.json|outbox\.sqlite)"):
        run_backup_schedule(data, NOW + HOUR, RETENTION)
    assert before.items() <= everything_in(data).items()
    whole = newest_intact_backup(data)
    assert whole
    assert whole.folder == first


@pytest.mark.parametrize(
    ("size", "found"),
    [
        (20_000, r"outbox\.sqlite could not be copied to .* \(disk I/O error\)"),
        (150_000, r"the backup .*kept could not be made \(File too large\); earlier backups are kept"),
    ],
)
def test_a_full_disk_leaves_no_incomplete_backup_and_raises_a_clear_error(
    data: Path, tmp_path: Path, size: int, found: str
) -> None:
    ChatStore(data / "chats.json").put(reader(9, *(f"防汛{number}" for number in range(3000))))
    with (
        contextlib.closing(Outbox(data / "outbox.sqlite")),
        files_no_larger_than(size),
        pytest.raises(StateError, match=found),
    ):
        back_up(data, tmp_path / "kept", NOW)
    assert not (tmp_path / "kept").exists()
    back_up(data, tmp_path / "kept", NOW)


def test_a_read_only_folder_raises_a_clear_error() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        furnish(data)
        for path in (data, *data.iterdir(), Path(folder)):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with not_as_root(), pytest.raises(StateError, match=r"kept cannot be made: .*kept: Permission denied"):
            back_up(data, Path(folder) / "kept", NOW)


def test_an_unreadable_data_folder_raises_a_clear_error(data: Path, tmp_path: Path) -> None:
    with not_as_root(), pytest.raises(StateError, match=r"kept cannot be made: .*: Permission denied"):
        back_up(data, tmp_path / "kept", NOW)


def test_the_running_program_makes_one_backup_an_hour_and_deletes_expired_ones(data: Path) -> None:
    made = [run_backup_schedule(data, NOW + minutes * timedelta(minutes=1), RETENTION) for minutes in range(0, 600, 10)]
    assert sum(folder is not None for folder in made) == 11
    kept = sorted(path.name for path in (data / "backups").iterdir())
    assert kept == ["2026-11-22T230107Z", "2026-11-23T040107Z", "2026-11-23T050107Z", "2026-11-23T060107Z"]


def test_an_interrupted_backup_does_not_count_and_the_next_one_deletes_it(data: Path) -> None:
    first = run_backup_schedule(data, NOW, RETENTION)
    half = data / "backups" / "2026-11-22T210000Z"
    half.mkdir()
    (half / "chats.json").write_bytes((data / "chats.json").read_bytes())
    with pytest.raises(DamagedFile, match=r"is no backup \(it has no file manifest\.json\)"):
        read_manifest(half)
    whole = newest_intact_backup(data)
    assert whole
    assert whole.folder == first
    run_backup_schedule(data, NOW + 2 * HOUR, RETENTION)
    assert not half.exists()


def test_other_files_among_the_backups_are_left_alone(data: Path) -> None:
    mine = data / "backups" / "before the move"
    mine.mkdir(parents=True)
    for hours in range(8):
        run_backup_schedule(data, NOW + hours * HOUR, RETENTION)
    assert mine.exists()


@pytest.mark.parametrize("file", ["chats.json", "outbox.sqlite", "digests/2026-11.json", "manifest.json"])
def test_a_byte_changed_in_any_file_of_a_backup_is_found(data: Path, tmp_path: Path, file: str) -> None:
    back_up(data, tmp_path / "kept", NOW)
    content = bytearray((tmp_path / "kept" / file).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "kept" / file).write_bytes(content)
    with pytest.raises(DamagedFile, match=r"kept (is|was|holds) "):
        read_manifest(tmp_path / "kept")


@pytest.mark.parametrize("file", ["chats.json", "outbox.sqlite", "digests/2026-11.json", "manifest.json"])
def test_a_file_missing_from_a_backup_is_named(data: Path, tmp_path: Path, file: str) -> None:
    back_up(data, tmp_path / "kept", NOW)
    (tmp_path / "kept" / file).unlink()
    with pytest.raises(DamagedFile, match=f"it has no file {Path(file).name}"):
        read_manifest(tmp_path / "kept")


def test_a_damaged_file_names_the_newest_intact_backup_and_the_command(data: Path) -> None:
    whole = run_backup_schedule(data, NOW, RETENTION)
    torn = run_backup_schedule(data, NOW + HOUR, RETENTION)
    assert torn
    (torn / "chats.json").write_bytes(b"{}")
    (data / "chats.json.bak").unlink()
    torn_chats(data)
    with pytest.raises(DamagedFile) as refusal:
        ChatStore(data / "chats.json")
    assert f"run `jianbao restore {whole} --data {data}`" in str(refusal.value)
    assert "from 2026-11-22 20:41 UTC" in str(refusal.value)
    torn_outbox(data)
    with pytest.raises(DamagedFile, match=f"run `jianbao restore {whole} --data {data}`"):
        Outbox(data / "outbox.sqlite")


def test_the_error_for_a_damaged_file_says_if_there_is_no_backup(data: Path) -> None:
    (data / "chats.json.bak").unlink()
    torn_chats(data)
    with pytest.raises(
        DamagedFile, match=r"there is no intact backup in .*backups; to start empty, move the file away"
    ):
        ChatStore(data / "chats.json")

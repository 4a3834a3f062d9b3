"""The crash-safe JSON file: written documents are on the disk, foreign and damaged files are left alone."""

import os
import random
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from tinydb import TinyDB

from digests.errors import DamagedFile, NewerFile, StateError
from digests.storage.json_storage import JsonFile
from digests.storage.migrations import Migration
from tests.storage.state_files import files_no_larger_than, not_as_root

WRITER = """
import sys
from pathlib import Path
from tinydb import TinyDB
from digests.storage.json_storage import JsonFile
db = TinyDB(Path(sys.argv[1]), storage=JsonFile, holds="chats")
while True:
    print(db.insert({"text": "防汛" * 2000}), flush=True)
"""


def database(path: Path, *, rebuildable: bool = False, steps: Sequence[Migration] = ()) -> TinyDB:
    return TinyDB(path, storage=JsonFile, holds="chats", steps=steps, rebuildable=rebuildable)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chats.json"


def everything_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_written_documents_are_there_after_reopening(path: Path) -> None:
    database(path).insert({"query": "煤改电"})
    assert database(path).all() == [{"query": "煤改电"}]


def test_the_file_is_plain_json_that_says_what_it_is(path: Path) -> None:
    database(path).insert({"query": "煤改电"})
    content = orjson.loads(path.read_bytes())
    assert content.pop("checksum")
    assert content == {
        "format": "jianbao",
        "holds": "chats",
        "version": 1,
        "tables": {"_default": {"1": {"query": "煤改电"}}},
    }


def test_opening_writes_nothing(tmp_path: Path, path: Path) -> None:
    assert database(path).all() == []
    assert everything_in(tmp_path) == {}


def test_file_and_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "chats.json"
    db = database(path)
    db.insert({})
    db.insert({})
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_the_previous_version_is_kept_beside_the_file(tmp_path: Path, path: Path) -> None:
    db = database(path)
    for n in range(3):
        db.insert({"n": n})
    path.with_name("chats.json.bak").rename(path)
    assert database(path).all() == [{"n": 0}, {"n": 1}]


def test_a_rebuildable_file_keeps_no_previous_version(tmp_path: Path, path: Path) -> None:
    db = database(path, rebuildable=True)
    db.insert({})
    db.insert({})
    assert [file.name for file in tmp_path.iterdir()] == ["chats.json"]


def test_opening_changes_nothing_as_another_process_may_be_writing(tmp_path: Path, path: Path) -> None:
    database(path).insert({"n": 1})
    (tmp_path / "chats.json.new").write_bytes(b'{"format":"jianb')
    before = everything_in(tmp_path)
    assert database(path).all() == [{"n": 1}]
    assert everything_in(tmp_path) == before


def test_an_incomplete_file_of_a_crash_is_replaced_by_the_next_write(tmp_path: Path, path: Path) -> None:
    database(path).insert({"n": 1})
    (tmp_path / "chats.json.new").write_bytes(b'{"format":"jianb' * 1000)
    database(path).insert({"n": 2})
    assert not (tmp_path / "chats.json.new").exists()
    assert database(path).all() == [{"n": 1}, {"n": 2}]


FOREIGN = {
    "empty": (b"", "has 0 bytes and no content"),
    "zeros, as some file systems leave after a power cut": (b"\0" * 512, "has 512 bytes and no content"),
    "binary": (b"\x89PNG\r\n\x1a\n\xff", "is not JSON"),
    "other JSON": (b'{"_default": {"1": {}}}', "is JSON that Jianbao did not write"),
    "a list": (b"[1, 2]", "is JSON that Jianbao did not write"),
    "another store": (b'{"format":"jianbao","holds":"digests","version":1}', "holds 'digests' in schema version 1"),
    "no version": (b'{"format":"jianbao","holds":"chats","version":0}', "holds 'chats' in schema version 0"),
    "no tables": (b'{"format":"jianbao","holds":"chats","version":1}', "its checksum does not fit"),
}


@pytest.mark.parametrize(("content", "found"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_file_is_named_and_left_as_it_is(tmp_path: Path, path: Path, content: bytes, found: str) -> None:
    path.write_bytes(content)
    (tmp_path / "chats.json.new").write_bytes(b"evidence")
    before = everything_in(tmp_path)
    with pytest.raises(DamagedFile) as error:
        database(path)
    assert str(path) in str(error.value)
    assert found in str(error.value)
    assert "expected 'chats' in schema version 1" in str(error.value)
    assert everything_in(tmp_path) == before


def newer(path: Path) -> None:
    path.write_bytes(b'{"format":"jianbao","holds":"chats","version":3,"of a form":"that nobody knows yet"}')


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path, path: Path) -> None:
    newer(path)
    before = everything_in(tmp_path)
    with pytest.raises(NewerFile, match=r"chats\.json is in schema version 3, which a newer Jianbao wrote"):
        database(path, steps=(renamed,))
    assert everything_in(tmp_path) == before


def renamed(document: dict[str, Any]) -> dict[str, Any]:
    return {"q": document["query"]}


def numbered(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"n": len(document["q"])}


def test_an_older_file_is_migrated_in_memory_and_on_disk_with_the_next_write(tmp_path: Path, path: Path) -> None:
    database(path).insert({"query": "煤改电"})
    before = everything_in(tmp_path)
    db = database(path, steps=(renamed, numbered))
    assert db.all() == [{"q": "煤改电", "n": 3}]
    assert everything_in(tmp_path) == before
    db.insert({"q": "防汛", "n": 2})
    assert orjson.loads(path.read_bytes())["version"] == 3
    assert database(path, steps=(renamed, numbered)).all() == [{"q": "煤改电", "n": 3}, {"q": "防汛", "n": 2}]
    assert (tmp_path / "chats.json.bak").read_bytes() == before["chats.json"]


def test_each_migration_runs_once(path: Path) -> None:
    database(path, steps=(renamed,)).insert({"q": "煤改电"})
    assert database(path, steps=(renamed, numbered)).all() == [{"q": "煤改电", "n": 3}]


def test_an_older_file_that_cannot_be_migrated_is_named(path: Path) -> None:
    database(path).insert({"no": "query"})
    with pytest.raises(DamagedFile, match=r"cannot be migrated from schema version 1 \(KeyError\('query'\)\)"):
        database(path, steps=(renamed,))


def test_a_file_cut_off_anywhere_is_recognised(path: Path) -> None:
    database(path).insert({"query": "煤改电", "n": 12345})
    whole = path.read_bytes()
    for length in range(len(whole) - 1):  # the last byte is the newline
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedFile):
            database(path)


def test_a_file_with_one_wrong_byte_is_recognised(path: Path) -> None:
    database(path).insert({"query": "煤改电", "n": 12345})
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(DamagedFile):
            database(path)


def test_the_error_for_a_damaged_file_names_the_intact_previous_version(tmp_path: Path, path: Path) -> None:
    db = database(path)
    db.insert({"n": 1})
    db.insert({"n": 2})
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(DamagedFile, match=r"is intact: to use it, rename .*chats\.json\.bak to .*chats\.json;"):
        database(path)


def test_the_error_for_a_damaged_file_does_not_name_a_damaged_previous_version(tmp_path: Path, path: Path) -> None:
    path.write_bytes(b"{")
    path.with_name("chats.json.bak").write_bytes(b"{")
    with pytest.raises(DamagedFile, match="no intact previous version"):
        database(path)


def test_the_error_for_a_rebuildable_file_says_that_it_can_be_rebuilt(path: Path) -> None:
    path.write_bytes(b"{")
    with pytest.raises(DamagedFile, match="rebuilt from the pages"):
        database(path, rebuildable=True)


def test_a_missing_file_beside_its_previous_version_is_an_error(tmp_path: Path, path: Path) -> None:
    db = database(path)
    db.insert({"n": 1})
    db.insert({"n": 2})
    path.unlink()
    with pytest.raises(DamagedFile, match=r"is missing; .* rename .*bak"):
        database(path)


def test_a_folder_in_place_of_the_file_raises_a_clear_error(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StateError, match=r"chats\.json cannot be read: Is a directory"):
        database(path)


CHANGES = {
    "insert": lambda db: db.insert({"text": "z"}),
    "change in place": lambda db: db.update({"text": "z" * 5000}, doc_ids=[1]),
    "remove": lambda db: db.remove(doc_ids=[1]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_on_a_full_disk_file_and_memory_keep_the_old_documents(
    tmp_path: Path, path: Path, change: Callable[[TinyDB], object]
) -> None:
    db = database(path)
    db.insert({"text": "x" * 5000})
    db.insert({"text": "y" * 5000})
    before = everything_in(tmp_path)
    with files_no_larger_than(4000), pytest.raises(StateError, match=r"chats\.json could not be written \(.*large\)"):
        change(db)
    assert everything_in(tmp_path) == before
    assert [document["text"][0] for document in db.all()] == ["x", "y"]
    db.insert({"text": "z"})
    assert [document["text"][0] for document in database(path).all()] == ["x", "y", "z"]


def test_values_that_json_lacks_are_refused_and_nothing_changes(path: Path) -> None:
    db = database(path)
    db.insert({"text": "x"})
    with pytest.raises(StateError, match="could not be written"):
        db.update({"text": "\ud800"}, doc_ids=[1])
    assert db.all() == database(path).all() == [{"text": "x"}]


def test_if_the_file_cannot_be_read_back_after_a_failed_write_reading_raises(tmp_path: Path, path: Path) -> None:
    db = database(path)
    db.insert({"text": "x" * 5000})
    path.write_bytes(b"somebody else's")
    with files_no_larger_than(4000), pytest.raises(DamagedFile):
        db.insert({"text": "z"})
    with pytest.raises(StateError, match="could not be read back"):
        db.all()
    assert path.read_bytes() == b"somebody else's"


def test_a_read_only_folder_raises_a_clear_error() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chats.json"
        db = database(path)
        db.insert({"n": 1})
        path.chmod(0o644)
        Path(folder).chmod(0o555)
        with not_as_root(), pytest.raises(StateError, match=r"could not be written \(Permission denied\)"):
            db.insert({"n": 2})
        assert db.all() == [{"n": 1}]


def test_the_content_is_synced_before_the_rename_and_the_folder_before_returning(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that a power cut needs; killing the process cannot show it, because the system survives."""
    order: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content")
        fsync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        order.append("name")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    database(path).insert({})
    assert order == ["content", "name", "folder"]


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_acknowledged(path: Path) -> None:
    chance = random.Random(20220829)
    acknowledged = 0
    for _ in range(20):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        first = writer.stdout.readline()
        assert first.endswith("\n")
        time.sleep(chance.uniform(0, 0.03))
        writer.kill()
        lines = [first, *writer.stdout.readlines()]
        writer.stdout.close()
        writer.wait()
        acknowledged += sum(line.endswith("\n") for line in lines)
        there = len(database(path))
        # One write may have reached the disk before its acknowledgement was printed.
        assert acknowledged <= there <= acknowledged + 1
        acknowledged = there
    database(path).insert({"n": "after the last crash"})
    assert not path.with_name("chats.json.new").exists()

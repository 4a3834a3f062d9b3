"""The store of digests: files by month, columns beside them, and the move from one file to both."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb.table import Document

from digests.errors import DamagedFile, NewerFile, StateError
from digests.models import Digest, Keyword, PastDigest, ScoreParts, Story, Trace
from digests.storage.backup import back_up, back_up_before_update, run_backup_schedule
from digests.storage.backup_catalog import read_manifest
from digests.storage.digest_months import DIGEST_FORMAT, MAX_OPEN_BYTES
from digests.storage.documents import to_document
from digests.storage.files import encode_envelope
from digests.storage.restore import complete_restore, restore
from digests.storage.stores import DigestStore
from tests.kill_points import kill_at_every_change
from tests.storage.state_files import HOUR, NOW, RETENTION

DIGEST = Digest(
    day=date(2022, 8, 29),
    paper="太原日报",
    pages=(1, 2),
    articles=18,
    notices=2,
    quality=0.97,
    keywords=(Keyword("煤改电", 3.25, "up"), Keyword("供暖", 0.5)),
    stories=(Story("k7f3m-9wq2d", "清洁供暖", 1, "全市今年……", 2.5, ScoreParts(prominence=0.3, local=0.1)),),
    fingerprint="abc",
    traces=(Trace("k7f3m-9wq2d", "清洁供暖", ("煤改电", "供暖"), (0, 7, 2**32 - 1)), Trace("x", "", (), ())),
)
LATER = replace(DIGEST, day=date(2022, 9, 1), fingerprint="later")

words = st.text(st.characters(codec="utf-8"), max_size=30)
numbers = st.floats(allow_nan=False, allow_infinity=False)
digests = st.builds(
    Digest,
    day=st.dates(),
    paper=words,
    pages=st.lists(st.integers(1, 99)).map(tuple),
    articles=st.integers(0, 10_000),
    notices=st.integers(0, 10_000),
    quality=numbers,
    keywords=st.lists(st.builds(Keyword, words, numbers), max_size=4).map(tuple),
    stories=st.lists(
        st.builds(
            Story,
            article=words,
            headline=words,
            page=st.none() | st.integers(1, 99),
            quote=words,
            score=numbers,
            parts=st.builds(ScoreParts, numbers, numbers, numbers, numbers, numbers),
        ),
        max_size=3,
    ).map(tuple),
    fingerprint=words,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "digests"


def single_file(folder: Path, *held: Digest) -> Path:
    """Write the file in which version 2 stored all digests, and return it."""
    documents = {str(digest.day.toordinal()): to_document(DIGEST_FORMAT, digest) for digest in held}
    for document in documents.values():
        for story in document["stories"]:
            story["parts"] = [["prominence", story["parts"][0]], ["local", story["parts"][4]]]
    file = folder.with_name("digests.json")
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(encode_envelope({"digests": documents}, holds="digests", version=2))
    return file


def month_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.json"))


@given(digests)
def test_any_digest_equals_the_one_read_from_its_document(digest: Digest) -> None:
    assert DIGEST_FORMAT.validate_python(Document(to_document(DIGEST_FORMAT, digest), 1)) == digest


def test_a_digest_read_back_equals_the_stored_one(folder: Path) -> None:
    DigestStore(folder).put(DIGEST)
    assert DigestStore(folder).get(DIGEST.day) == DIGEST
    assert DigestStore(folder, owner=False).get(DIGEST.day) == DIGEST
    assert DigestStore(folder).get(date(2022, 8, 28)) is None
    assert DigestStore(folder).get(date(1999, 1, 1)) is None


def test_a_past_digest_has_the_keywords_and_traces_and_is_read_from_the_columns(folder: Path) -> None:
    store = DigestStore(folder)
    store.put(DIGEST)
    (folder / "2022-08.json").unlink()
    assert store.past(DIGEST.day) == PastDigest(DIGEST.day, "abc", DIGEST.keywords, DIGEST.traces)
    assert store.past(date(2022, 8, 28)) is None


def test_the_files_are_those_of_the_months(folder: Path) -> None:
    store = DigestStore(folder)
    store.put_many([DIGEST, LATER, replace(DIGEST, day=date(2022, 8, 1))])
    assert month_names(folder) == ["2022-08.json", "2022-09.json"]
    august = (folder / "2022-08.json").stat()
    store.put(replace(LATER, day=date(2022, 9, 2)))
    assert (folder / "2022-08.json").stat() == august


def test_a_digest_replaces_the_one_of_the_same_day(folder: Path) -> None:
    store = DigestStore(folder)
    store.put(DIGEST)
    store.put(replace(DIGEST, stories=(), fingerprint="def"))
    assert store.fingerprints() == {DIGEST.day: "def"}
    assert DigestStore(folder).get(DIGEST.day) == replace(DIGEST, stories=(), fingerprint="def")


def test_removing_a_digest_keeps_its_neighbours(folder: Path) -> None:
    store = DigestStore(folder)
    store.put_many([DIGEST, replace(DIGEST, day=date(2022, 8, 30))])
    store.remove_many([DIGEST.day, date(1999, 1, 1)])
    assert store.get(DIGEST.day) is store.fingerprint(DIGEST.day) is None
    assert DigestStore(folder).fingerprints() == {date(2022, 8, 30): "abc"}
    assert month_names(folder) == ["2022-08.json"]


def test_the_digest_of_one_more_day_writes_less_than_200_kb(folder: Path) -> None:
    """Thirty articles an issue, twelve of them stories with headlines of 24 and quotations of 60 characters."""
    story = replace(DIGEST.stories[0], headline="清洁供暖改造" * 4, quote="全市今年" * 15, theme="城市建设")
    keywords = tuple(Keyword(f"清洁供暖{n}", 0.123456, "new") for n in range(10))
    trace = Trace("20220801-001", "清洁供暖改造" * 5, ("清洁供暖",) * 8, tuple(range(2**31, 2**31 + 32)))
    full = replace(DIGEST, stories=(story,) * 12, keywords=keywords, traces=(trace,) * 30)
    store = DigestStore(folder)
    store.put_many([replace(full, day=date(2022, 8, day)) for day in range(1, 31)])
    columns = (folder / "columns.sqlite").stat().st_size
    store.put(replace(full, day=date(2022, 8, 31)))
    grown = (folder / "columns.sqlite").stat().st_size - columns
    assert (folder / "2022-08.json").stat().st_size + 2 * grown < 200_000


def test_few_months_are_held_in_memory(folder: Path) -> None:
    store = DigestStore(folder)
    large = replace(DIGEST, paper="报" * (MAX_OPEN_BYTES // 10))
    days = [date(2000 + n // 12, n % 12 + 1, 1) for n in range(40)]
    for day in days:
        store.put(replace(large, day=day))
    assert [store.get(day) == replace(large, day=day) for day in days] == [True] * 40
    assert list(store._months._open) == ["2003-02", "2003-03", "2003-04"]


def test_only_the_months_that_are_asked_for_are_opened(folder: Path) -> None:
    DigestStore(folder).put_many([replace(DIGEST, day=date(2000 + n, 1, 1)) for n in range(20)])
    store = DigestStore(folder)
    assert len(store.fingerprints()) == 20
    assert store._months._open == {}
    store.get(date(2007, 1, 1))
    assert list(store._months._open) == ["2007-01"]


def test_the_single_file_of_earlier_versions_is_moved_to_months_and_columns(folder: Path) -> None:
    file = single_file(folder, DIGEST, LATER)
    with pytest.raises(StateError, match=r"digests\.json was written by an earlier version .* move its digests"):
        DigestStore(folder, owner=False)
    store = DigestStore(folder)
    assert (store.get(DIGEST.day), store.get(LATER.day)) == (DIGEST, LATER)
    assert store.fingerprints() == {DIGEST.day: "abc", LATER.day: "later"}
    assert not file.exists()


def test_killed_at_any_moment_the_move_from_the_single_file_loses_nothing(tmp_path: Path) -> None:
    held = [replace(DIGEST, day=DIGEST.day + timedelta(days=40 * n), fingerprint=f"{n}") for n in range(4)]
    kills = 0
    for _ in kill_at_every_change(lambda: DigestStore(tmp_path / "data" / "digests")):
        # The first run has no file to move; each later one continues where the killed one was.
        pass
    shutil.rmtree(tmp_path / "data")
    single_file(tmp_path / "data" / "digests", *held)
    shutil.copytree(tmp_path / "data", tmp_path / "original")
    for _ in kill_at_every_change(lambda: DigestStore(tmp_path / "data" / "digests")):
        kills += 1
        store = DigestStore(tmp_path / "data" / "digests")
        assert [store.get(digest.day) for digest in held] == held
        assert store.problems() == []
        store.close()
        shutil.rmtree(tmp_path / "data")
        shutil.copytree(tmp_path / "original", tmp_path / "data")
    assert kills > 12


def test_a_backup_is_made_before_the_single_file_is_moved(folder: Path) -> None:
    file = single_file(folder, DIGEST)
    content = file.read_bytes()
    back_up_before_update(folder.parent, NOW)
    DigestStore(folder)
    kept = folder.parent / "backups" / "2026-11-22T204107Z-before-update"
    assert (kept / "digests.json").read_bytes() == content
    assert read_manifest(kept).files == ("digests.json",)


def test_a_restored_single_file_is_moved_again(folder: Path, tmp_path: Path) -> None:
    single_file(folder, DIGEST)
    back_up(folder.parent, tmp_path / "kept", NOW)
    store = DigestStore(folder)
    store.put(LATER)
    store.close()
    restore(folder.parent, tmp_path / "kept", NOW, [])
    assert DigestStore(folder).fingerprints() == {DIGEST.day: "abc"}


def test_after_a_crash_between_the_file_and_the_columns_the_digest_is_built_again(folder: Path) -> None:
    store = DigestStore(folder)
    store.put_many([DIGEST, LATER])
    store._months.put_many([replace(DIGEST, fingerprint="new"), replace(DIGEST, day=date(2022, 8, 30))])
    store.close()
    store = DigestStore(folder)
    assert store.fingerprints() == {DIGEST.day: "", date(2022, 8, 30): "", LATER.day: "later"}
    assert (store.fingerprint(DIGEST.day), store.past(DIGEST.day)) == (None, None)


def test_digests_whose_file_is_not_the_one_of_the_columns_are_built_again(folder: Path, tmp_path: Path) -> None:
    DigestStore(folder).put_many([DIGEST, LATER])
    shutil.copytree(folder, tmp_path / "older")
    store = DigestStore(folder)
    store.put_many([replace(DIGEST, fingerprint="new"), replace(DIGEST, day=date(2022, 8, 30))])
    store.close()
    shutil.copy(tmp_path / "older" / "2022-08.json", folder)
    (folder / "2022-09.json").unlink()
    store = DigestStore(folder)
    assert store.fingerprints() == {DIGEST.day: ""}
    assert (store.fingerprint(DIGEST.day), store.past(DIGEST.day)) == (None, None)
    store.put(DIGEST)
    assert store.problems() == []


@pytest.mark.parametrize("content", [b"", b"torn" * 4096])
def test_columns_that_cannot_be_read_are_built_again(folder: Path, content: bytes) -> None:
    DigestStore(folder).put(DIGEST)
    (folder / "columns.sqlite").write_bytes(content)
    assert DigestStore(folder).fingerprints() == {DIGEST.day: ""}


def test_columns_of_another_version_are_built_again(folder: Path) -> None:
    DigestStore(folder).put(DIGEST)
    with closing(sqlite3.connect(folder / "columns.sqlite")) as db:
        db.execute("PRAGMA user_version = 99")
    assert DigestStore(folder).fingerprints() == {DIGEST.day: ""}


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"{torn", DamagedFile), (b'{"format":"jianbao","holds":"digests","version":99}', NewerFile)],
)
def test_a_torn_or_newer_month_is_refused_and_not_overwritten(
    folder: Path, content: bytes, error: type[StateError]
) -> None:
    DigestStore(folder).put(DIGEST)
    file = folder / "2022-08.json"
    file.write_bytes(content)
    with pytest.raises(error, match=r"2022-08\.json .* nothing was overwritten"):
        DigestStore(folder)
    [problem] = DigestStore(folder, owner=False).problems()
    assert "2022-08.json" in problem
    assert file.read_bytes() == content


def test_a_month_with_a_changed_byte_is_found_by_the_check_and_its_digests_are_none(folder: Path) -> None:
    DigestStore(folder).put(DIGEST)
    file = folder / "2022-08.json"
    file.write_bytes(file.read_bytes().replace("清洁".encode(), "请洁".encode()))
    store = DigestStore(folder)
    assert store.get(DIGEST.day) is None
    [problem] = store.problems()
    assert "its checksum does not fit" in problem
    assert "move the file away and start again: its contents are rebuilt from the pages" in problem


def test_the_check_names_a_month_that_differs_from_its_columns(folder: Path) -> None:
    DigestStore(folder).put_many([DIGEST, LATER])
    (folder / "2022-09.json").unlink()
    assert DigestStore(folder, owner=False).problems() == [
        "the digests of 2022-09 are not those of their columns; the next start builds them again"
    ]


def test_a_restore_brings_back_the_months_of_the_backup(folder: Path, tmp_path: Path) -> None:
    data = folder.parent
    DigestStore(folder).put_many([DIGEST, LATER])
    back_up(data, tmp_path / "kept", NOW)
    store = DigestStore(folder)
    store.put_many([replace(DIGEST, fingerprint="new"), replace(DIGEST, day=date(2022, 10, 1))])
    store.close()
    shutil.copytree(data, tmp_path / "original")
    outcomes = []
    for _ in kill_at_every_change(lambda: restore(data, tmp_path / "kept", NOW, [])):
        complete_restore(data)
        store = DigestStore(folder)
        assert store.get(LATER.day) == LATER
        outcomes.append(month_names(folder))
        store.close()
        shutil.rmtree(data)
        shutil.copytree(tmp_path / "original", data)
    assert outcomes == sorted(outcomes, reverse=True)
    assert outcomes[-1] == ["2022-08.json", "2022-09.json"]
    assert DigestStore(folder).fingerprints() == {DIGEST.day: "", LATER.day: "later"}
    [aside] = (data / "backups").iterdir()
    assert read_manifest(aside).files == ("digests/2022-08.json", "digests/2022-09.json", "digests/2022-10.json")


def test_a_backup_links_the_months_that_have_not_changed_since_the_last_one(folder: Path) -> None:
    data = folder.parent
    store = DigestStore(folder)
    store.put_many([DIGEST, LATER])
    (data / "chats.json").write_bytes(encode_envelope({"chats": {}}, holds="chats", version=3))
    first = run_backup_schedule(data, NOW, RETENTION)
    store.put(replace(LATER, fingerprint="new"))
    second = run_backup_schedule(data, NOW + HOUR, RETENTION)
    assert first
    assert second
    files = {name: ((first / name).stat(), (second / name).stat()) for name in read_manifest(second).files}
    linked = {name: before.st_ino == after.st_ino for name, (before, after) in files.items()}
    assert linked == {"chats.json": False, "digests/2022-08.json": True, "digests/2022-09.json": False}
    assert (second / "digests" / "2022-09.json").read_bytes() == (folder / "2022-09.json").read_bytes()
    assert (folder / "2022-08.json").stat().st_nlink == 1, "a change of the live file must not reach the backups"


def test_a_backup_does_not_link_to_a_damaged_one(folder: Path) -> None:
    DigestStore(folder).put(DIGEST)
    content = (folder / "2022-08.json").read_bytes()
    first = run_backup_schedule(folder.parent, NOW, RETENTION)
    assert first
    (first / "digests" / "2022-08.json").write_bytes(b"torn")
    second = run_backup_schedule(folder.parent, NOW + HOUR, RETENTION)
    assert second
    assert (second / "digests" / "2022-08.json").read_bytes() == content


def test_a_backup_whose_manifest_names_a_file_elsewhere_is_refused(folder: Path, tmp_path: Path) -> None:
    DigestStore(folder).put(DIGEST)
    kept = back_up(folder.parent, tmp_path / "kept", NOW).folder
    files = {"digests/../../mine.json": {"size": 1, "checksum": ""}}
    tables = {"backup": {"taken": NOW.isoformat()}, "files": files}
    (kept / "manifest.json").write_bytes(encode_envelope(tables, holds="backup", version=2))
    with pytest.raises(DamagedFile, match="was changed after the backup"):
        read_manifest(kept)


def test_a_reader_sees_the_columns_as_they_were_before_a_change_that_was_killed(folder: Path, tmp_path: Path) -> None:
    DigestStore(folder).put_many([replace(DIGEST, day=date(2022, 8, day)) for day in range(1, 31)])
    with closing(sqlite3.connect(folder / "columns.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")  # changes reach the file before the end of the transaction
        db.execute("BEGIN")
        db.execute("UPDATE digests SET fingerprint = 'half', traces = zeroblob(20000)")
        shutil.copytree(folder, tmp_path / "killed" / "digests")
        db.execute("ROLLBACK")
    assert (tmp_path / "killed" / "digests" / "columns.sqlite-journal").stat().st_size
    reader = DigestStore(tmp_path / "killed" / "digests", owner=False)
    assert set(reader.fingerprints().values()) == {"abc"}


def test_digests_of_many_days_are_removed_by_one_write_a_month(folder: Path) -> None:
    store = DigestStore(folder)
    days = [date(2022, 8, 1) + timedelta(days=n) for n in range(45)]
    store.put_many([replace(DIGEST, day=day) for day in days])
    store.remove_many(days[:40])
    assert list(store.fingerprints()) == days[40:]
    assert DigestStore(folder).problems() == []
    assert [DigestStore(folder).get(day) is None for day in days] == [True] * 40 + [False] * 5

"""The commands check, backup and restore."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tinydb.table import Document

from bot.cli import cli
from digests.errors import IndexDamaged
from digests.search.index import Index
from digests.storage.outbox import Outbox
from digests.storage.stores import ChatStore
from tests.storage.state_files import (
    NOW,
    entry,
    everything_in,
    furnish,
    newer_chats,
    not_as_root,
    owed,
    reader,
    torn_chats,
    torn_outbox,
)

PAGE = "云河市建成首座雨水花园\n\n本报讯 雨水花园建成开放，市民纷纷前来参观，防汛能力提高。\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, one ingested page, two chats and messages owed to one of them."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "pages").mkdir()
    (folder / "pages" / "2026-11-22-01.txt").write_text(PAGE, encoding="utf-8")
    (folder / "config.toml").write_text('[archive]\nfolder = "pages"\n[local]\nport = 0\n')
    assert _jianbao(folder, "ingest").exit_code == 0
    chats = ChatStore(folder / "data" / "chats.json")
    chats.put(reader(7, "防汛"))
    chats.put(reader(8, "养老"))
    with contextlib.closing(Outbox(folder / "data" / "outbox.sqlite")) as outbox:
        outbox.add(entry(7, "digest:a", "one", "two"), NOW)
    return folder


@pytest.fixture
def home(tmp_path: Path, archive: Path) -> Path:
    return Path(shutil.copytree(archive, tmp_path / "home"))


def _jianbao(home: Path, *words: object) -> Result:
    command, *rest = map(str, words)
    result = CliRunner().invoke(cli, [command, "--config", str(home / "config.toml"), *rest], prog_name="jianbao")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_check_of_a_sound_data_folder_reports_nothing(home: Path) -> None:
    assert _jianbao(home, "check").stdout == "all is well\n"


def test_check_changes_nothing(home: Path) -> None:
    before = everything_in(home)
    _jianbao(home, "check")
    assert before.items() <= everything_in(home).items()
    (home / "data" / "chats.json").unlink()
    assert "is missing" in _jianbao(home, "check").stdout


def test_a_backup_is_restored(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    output = _jianbao(home, "backup", kept).stdout
    assert output == f"backed up outbox.sqlite, chats.json, digests of {home / 'data'} to {kept}\n"
    ChatStore(home / "data" / "chats.json").delete(7)
    result = _jianbao(home, "restore", kept)
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("restored outbox.sqlite, chats.json, digests as of 20")
    assert second.startswith(f"the replaced files are in {home / 'data' / 'backups'}")
    assert {chat.id for chat in ChatStore(home / "data" / "chats.json").all()} == {7, 8}
    assert owed(home / "data") == [(7, "one"), (7, "two")]
    assert _jianbao(home, "check").stdout == "all is well\n"


def test_a_restore_over_a_torn_outbox_matches_newer_articles_again(home: Path, tmp_path: Path) -> None:
    _jianbao(home, "backup", tmp_path / "kept")
    (home / "pages" / "2026-11-23-01.txt").write_text(PAGE.replace("首座", "第二座"), encoding="utf-8")
    _jianbao(home, "ingest")
    torn_outbox(home / "data")
    output = _jianbao(home, "restore", tmp_path / "kept").stdout
    assert "the newest digest and recent alerts may arrive twice" in output
    assert "articles ingested since the backup: 1;" in output
    with contextlib.closing(Outbox(home / "data" / "outbox.sqlite")) as outbox:
        # That of the first page was not matched yet when the backup was made.
        assert [article.day for article in outbox.unmatched()] == [date(2026, 11, 22), date(2026, 11, 23)]


def test_a_backup_to_an_existing_folder_is_refused(home: Path) -> None:
    result = _jianbao(home, "backup", home / "pages")
    assert result.exit_code == 2
    assert "pages is not empty; expected a new or empty folder" in result.stderr


def test_a_folder_without_a_backup_is_not_restored(home: Path) -> None:
    before = everything_in(home / "data")
    result = _jianbao(home, "restore", home / "pages")
    assert result.exit_code == 1
    assert "pages is no backup (it has no file manifest.json); expected an unchanged folder that" in result.stderr
    assert before.items() <= everything_in(home / "data").items()


def test_an_interrupted_restore_is_reported_and_finished_by_the_next_start(home: Path, tmp_path: Path) -> None:
    _jianbao(home, "backup", tmp_path / "kept")
    ChatStore(home / "data" / "chats.json").delete(7)
    staged = Path(shutil.copytree(tmp_path / "kept", home / "data" / "restoring-2026-11-22T204107Z"))
    (staged / "manifest.json").unlink()
    assert "the next start of Jianbao completes it" in _jianbao(home, "check").stdout
    assert _jianbao(home, "ingest").exit_code == 0
    assert _jianbao(home, "check").stdout == "all is well\n"
    assert {chat.id for chat in ChatStore(home / "data" / "chats.json").all()} == {7, 8}


def test_a_read_only_data_folder_can_be_checked_but_not_used() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config.toml").write_text(f'[archive]\nfolder = "{home}"\n')
        furnish(home / "data")
        for path in (home, *home.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = everything_in(home)
        with not_as_root():
            assert "outbox" not in _jianbao(home, "check").stdout
            refused = _jianbao(home, "restore", home / "kept")
        assert refused.exit_code == 1
        assert refused.stderr.endswith(
            f"the data folder {home / 'data'} cannot be used: Permission denied; "
            "expected a folder that this user may read and write\n"
        )
        assert everything_in(home) == before


def replaced(file: Path, content: bytes) -> None:
    """Replace a file by a new one: this process may still have the old one mapped."""
    file.unlink(missing_ok=True)
    file.write_bytes(content)


def truncated(file: Path) -> None:
    replaced(file, file.read_bytes()[: file.stat().st_size // 2])


def changed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    replaced(file, bytes(content))


@pytest.mark.parametrize("spoil", [truncated, changed, Path.unlink])
def test_a_torn_index_is_reported_with_the_remedy_and_not_overwritten(
    home: Path, spoil: Callable[[Path], None]
) -> None:
    index = home / "data" / "index"
    files = [file for file in index.iterdir() if len(file.stem) == 32 or file.name == "meta.json"]
    assert len(files) >= 7
    for file in files:
        content = file.read_bytes()
        spoil(file)
        before = everything_in(index)
        result = _jianbao(home, "check")
        assert result.exit_code == 1, file.name
        assert "run `jianbao ingest` to build it anew" in result.stdout, file.name
        searched = _jianbao(home, "search", "防汛")
        assert searched.exit_code in (0, 1), "what it does not need may be torn unnoticed"
        assert everything_in(index) == before
        replaced(file, content)
    assert _jianbao(home, "check").stdout == "all is well\n"


def test_an_index_that_fails_while_it_is_checked_hides_no_other_problem(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(_: Index) -> int:
        raise IndexDamaged("a torn page")

    monkeypatch.setattr(Index, "count", count)
    torn_chats(home / "data")
    chats, index = _jianbao(home, "check").stdout.splitlines()
    assert "chats.json is not JSON" in chats
    assert index == "a torn page"


def foreign_outbox(data: Path) -> None:
    (data / "outbox.sqlite").write_text("somebody else's")


def foreign_chats(data: Path) -> None:
    (data / "chats.json").write_text('{"somebody": "else"}')


def unreadable_chat(data: Path) -> None:
    chats = ChatStore(data / "chats.json")
    chats._documents._table.insert(Document({"id": "nine"}, 9))


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (torn_chats, "chats.json is not JSON"),
        (foreign_chats, "chats.json is JSON that Jianbao did not write"),
        (newer_chats, "chats.json is in schema version 99, which a newer Jianbao wrote"),
        (unreadable_chat, "chats.json has a document 9 that cannot be read (id: Input should be a valid integer"),
        (torn_outbox, "outbox.sqlite "),
        (foreign_outbox, "outbox.sqlite cannot be read as SQLite"),
    ],
)
def test_check_reports_the_problem_and_the_backup_that_helps(
    home: Path, spoil: Callable[[Path], None], found: str
) -> None:
    data = home / "data"
    _jianbao(home, "backup", data / "backups" / "2026-11-22T204107Z")
    spoil(data)
    before = everything_in(data)
    result = _jianbao(home, "check")
    assert result.exit_code == 1
    assert found in result.stdout
    assert "nothing was overwritten" in result.stdout
    remedy = f"run `jianbao restore {data / 'backups' / '2026-11-22T204107Z'} --data {data}`"
    assert (remedy in result.stdout) == (spoil is not newer_chats)
    assert before.items() <= everything_in(data).items()


def test_the_command_that_check_names_repairs_the_state(home: Path) -> None:
    data = home / "data"
    _jianbao(home, "backup", data / "backups" / "2026-11-22T204107Z")
    torn_chats(data)
    command = _jianbao(home, "check").stdout.partition("run `jianbao ")[2].partition("`")[0]
    assert _jianbao(home, *command.split()).exit_code == 0
    assert _jianbao(home, "check").stdout == "all is well\n"


def test_check_reports_a_torn_backup(home: Path) -> None:
    folder = home / "data" / "backups" / "2026-11-22T204107Z"
    _jianbao(home, "backup", folder)
    (folder / "chats.json").write_bytes(b"{}")
    result = _jianbao(home, "check")
    assert result.exit_code == 1
    assert f"the backup {folder} is damaged (its file chats.json was changed after the backup)" in result.stdout
    assert "remove that folder; there is no intact backup in" in result.stdout


def test_check_reports_messages_to_unknown_chats_and_held_ones_to_active_chats(home: Path) -> None:
    with contextlib.closing(Outbox(home / "data" / "outbox.sqlite")) as outbox:
        for chat in range(100, 105):
            outbox.add(entry(chat, "digest:a"), NOW)
        outbox.hold(7)
    unknown, held = _jianbao(home, "check").stdout.splitlines()
    assert unknown.startswith("5 unsent messages are for chats that ")
    assert "(100, 101, 102 and 2 more)" in unknown
    assert held == "messages for active chats are held back (7); they are sent when a reader writes in these chats"


def test_receipts_for_withdrawn_articles_are_no_problem(home: Path) -> None:
    with contextlib.closing(Outbox(home / "data" / "outbox.sqlite")) as outbox:
        outbox.add(entry(7, "alert:gone", articles=("gone",)), NOW)
    assert _jianbao(home, "check").stdout == "all is well\n"


def test_check_reports_a_query_that_no_longer_parses(home: Path) -> None:
    ChatStore(home / "data" / "chats.json").put(reader(9, "((("))
    output = _jianbao(home, "check").stdout
    assert "subscription 1 of chat 9 cannot be parsed any longer" in output


def test_check_reports_subscriptions_with_the_same_number(home: Path) -> None:
    ChatStore(home / "data" / "chats.json").put(reader(9, "防汛"))
    chat = ChatStore(home / "data" / "chats.json").get(9)
    assert chat
    broken = chat.__class__(9, chat.settings, chat.subscriptions * 2, next_subscription=2)
    ChatStore(home / "data" / "chats.json").put(broken)
    assert "chat 9 has subscription ids that are or will be used twice" in _jianbao(home, "check").stdout


def test_check_reports_parts_without_a_message(home: Path) -> None:
    with contextlib.closing(Outbox(home / "data" / "outbox.sqlite")) as outbox:
        outbox._db.execute("UPDATE parts SET letter = 99 WHERE part = 2")
        outbox._db.execute("UPDATE parts SET message = 'torn' WHERE part = 1")
    stray, garbled = _jianbao(home, "check").stdout.splitlines()
    assert "contains 1 message parts without an entry of their chat" in stray
    assert "contains 1 unsent messages that cannot be read" in garbled


def test_a_running_bot_can_be_backed_up_but_not_restored(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "run", "--config", str(home / "config.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ) as bot:
        try:
            assert bot.stdout
            assert any("is ready" in line for line in bot.stdout)
            assert _jianbao(home, "backup", tmp_path / "kept").exit_code == 0
            refused = _jianbao(home, "restore", tmp_path / "kept")
            assert (refused.exit_code, refused.stdout) == (1, "")
            assert f"is in use by process {bot.pid}" in refused.stderr
            assert any("backed up to " in line for line in bot.stdout), "the bot makes its own as well"
        finally:
            bot.send_signal(signal.SIGTERM)
            bot.wait(10)
    assert _jianbao(home, "restore", tmp_path / "kept").exit_code == 0
    assert _jianbao(home, "check").stdout == "all is well\n"

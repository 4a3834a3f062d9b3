"""Every command over every state of the data folder: its exit code, and one clear sentence instead of a traceback."""

import contextlib
import os
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from bot import cli
from digests.storage.stores import ChatStore
from tests.soak.fork_server import ForkServer
from tests.storage.state_files import newer_chats, reader, torn_chats

NOBODY = 65534
MAX_LINES = 3
"""Lines of an answer that fails; `check` has a line for each problem."""
PAGE = "云河市建成首座雨水花园\n\n本报讯 雨水花园建成开放，市民纷纷前来参观，防汛能力提高。\n"
COMMANDS = {
    "ingest": ("ingest",),
    "ingest a page": ("ingest", "pages/2026-11-22-01.txt"),
    "parse": ("parse", "text.txt"),
    "digest": ("digest",),
    "search": ("search", "防汛"),
    "backtest": ("backtest", "防汛"),
    "match": ("match", "防汛", "text.txt"),
    "analyse": ("analyse", "text.txt"),
    "check": ("check",),
    "backup": ("backup", "new"),
    "restore": ("restore", "kept"),
    "config": ("config",),
    "run": ("run",),
}


@dataclass(frozen=True, slots=True)
class Call:
    """A command for the fork server."""

    arguments: tuple[str, ...]
    home: Path


def load_program() -> None:
    """Run every command once, so that everything it imports is loaded: another user cannot read this Python."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        make_home(Path(name))
        for command in COMMANDS.keys() - {"run"}:
            CliRunner().invoke(cli.cli, [*COMMANDS[command]])


def run_command(call: Call) -> NoReturn:
    """Run a command in its home folder as a user without rights; its output goes to the files out and err there."""
    os.chdir(call.home)
    sys.stdin, sys.stdout, sys.stderr = (open(name, "w+", encoding="utf-8") for name in ("in", "out", "err"))  # noqa: SIM115, PTH123
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    sys.argv = ["jianbao", *call.arguments]
    code = 1
    try:
        cli.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001  as the interpreter does
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def make_home(home: Path) -> None:
    """Ingest a page, store a chat and make a backup, in the current folder `home`."""
    (home / "pages").mkdir()
    (home / "pages" / "2026-11-22-01.txt").write_text(PAGE, encoding="utf-8")
    (home / "text.txt").write_text(PAGE, encoding="utf-8")
    (home / "config.toml").write_text('[archive]\nfolder = "pages"\n[local]\nport = 0\n')
    assert CliRunner().invoke(cli.cli, ["ingest"]).exit_code == 0
    ChatStore(home / "data" / "chats.json").put(reader(7, "防汛"))
    assert CliRunner().invoke(cli.cli, ["backup", "kept"]).exit_code == 0


def give_to_user(home: Path) -> None:
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    server = ForkServer(load_program, run_command)
    yield server
    server.close()


@pytest.fixture(scope="module")
def sound_home() -> Iterator[Path]:
    """A home folder that other users can read, unlike pytest's own folders."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        home = Path(name) / "sound"
        home.mkdir()
        with contextlib.chdir(home):
            make_home(home)
        yield home


def missing(home: Path) -> None:
    shutil.rmtree(home / "data")


def empty(home: Path) -> None:
    missing(home)
    (home / "data").mkdir()
    give_to_user(home)


def closed(home: Path) -> None:
    """Make the data folder that of another user."""
    if os.geteuid() == 0:
        os.chown(home / "data", 0, 0)
    (home / "data").chmod(0)


def read_only(home: Path) -> None:
    for path in (home / "data", *(home / "data").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def a_file(home: Path) -> None:
    missing(home)
    (home / "data").write_text("mine")


def torn_config(home: Path) -> None:
    (home / "config.toml").write_text("[archive\n")


def torn_index(home: Path) -> None:
    for file in (home / "data" / "index").glob("*.store"):
        file.write_bytes(bytes(file.stat().st_size))


def newer_index(home: Path) -> None:
    (home / "data" / "index" / "VERSION").write_text("99\n")


def torn_digests(home: Path) -> None:
    (home / "data" / "digests.json").write_text("{torn")


def newer_digests(home: Path) -> None:
    (home / "data" / "digests.json").write_text('{"format":"jianbao","holds":"digests","version":99}')


def torn_outbox(home: Path) -> None:
    (home / "data" / "outbox.sqlite").write_bytes(b"torn" * 4096)


def closed_pages(home: Path) -> None:
    if os.geteuid() == 0:
        os.chown(home / "pages", 0, 0)
    (home / "pages").chmod(0)


NO_RIGHTS = "Permission denied|closed to it"
TABLE: dict[str, tuple[Callable[[Path], None], str, str]] = {
    # the exit codes of COMMANDS, where - is a bot that runs; what every error says
    "missing": (missing, "0 0 0 0 0 0 0 0 1 2 0 0 -", "run `jianbao ingest` to build it|contains no state of Jianbao"),
    "empty": (empty, "0 0 0 0 0 0 0 0 1 2 0 0 -", "run `jianbao ingest` to build it|contains no state of Jianbao"),
    "another user's": (closed, "1 1 0 1 1 1 0 1 1 1 1 0 1", NO_RIGHTS),
    "read-only": (read_only, "1 1 0 1 1 1 0 1 1 0 1 0 1", NO_RIGHTS),
    "a file": (a_file, "1 1 0 1 1 1 0 1 1 2 1 0 1", "not a folder|Not a dir|File exists|contains no state of Jianbao"),
    "config torn": (torn_config, "2 2 2 2 2 2 2 2 2 2 2 0 2", "config.toml: this is not TOML: .* line 1"),
    "index torn": (torn_index, "0 0 0 1 1 1 0 1 1 0 0 0 -", "run `jianbao ingest` to build it anew"),
    "index newer": (
        newer_index,
        "1 1 0 1 1 1 0 0 1 0 0 0 1",
        "version 99, this program writes version .* newer program",
    ),
    "digests torn": (torn_digests, "1 1 0 1 1 1 0 0 1 1 0 0 1", "digests.json is not JSON .* nothing was overwritten"),
    "digests newer": (
        newer_digests,
        "1 1 0 1 1 1 0 0 1 1 0 0 1",
        "digests.json is in schema version 99.* newer program",
    ),
    "chats torn": (lambda home: torn_chats(home / "data"), "1 1 0 0 0 0 0 0 1 1 0 0 1", "nothing was overwritten"),
    "chats newer": (lambda home: newer_chats(home / "data"), "1 1 0 0 0 0 0 0 1 1 0 0 1", "start the newer program"),
    "outbox torn": (torn_outbox, "1 1 0 0 0 0 0 0 1 1 0 0 1", "outbox.sqlite.*file is not a database"),
    "pages closed": (closed_pages, "1 1 0 0 0 0 0 0 1 0 0 0 -", "Permission denied"),
}


@pytest.mark.parametrize("state", TABLE)
def test_every_command_answers_with_its_exit_code_and_a_sentence(
    server: ForkServer, sound_home: Path, state: str
) -> None:
    spoil, expected, says = TABLE[state]
    answers = []
    for name, code in zip(COMMANDS, expected.split(), strict=True):
        home = sound_home.with_name("home")
        shutil.copytree(sound_home, home)
        give_to_user(home)
        spoil(home)
        found = code if code == "-" else str(server.run(Call(COMMANDS[name], home)))
        texts = [file.read_text(encoding="utf-8") for file in (home / "out", home / "err") if file.exists()]
        answers.append((name, found, "".join(texts)))
        for folder in (home / "data", home / "pages"):
            with contextlib.suppress(FileNotFoundError):
                folder.chmod(0o755)
        shutil.rmtree(home)
    assert " ".join(found for _, found, _ in answers) == expected, answers
    assert [name for name, _, text in answers if "Traceback" in text] == []
    failures = {name: text for name, found, text in answers if found in ("1", "2")}
    assert [text for text in failures.values() if not re.search(says, text)] == []
    assert [text for text in failures.values() if len(text.splitlines()) > MAX_LINES] == []

"""The import rules: who may know whom."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ONE_HOME = {
    "jieba": {"digests/words.py"},
    "tantivy": {"digests/index.py", "digests/finding/indexfile.py", "digests/finding/compiling.py"},
    "rjieba": {"digests/words.py"},
    "opencc": {"digests/chinese/hanzi.py"},
    "pypinyin": {"digests/chinese/pinyin.py"},
    "ahocorasick_rs": {"digests/topics.py"},
    "matplotlib": {"bot/sheets.py"},
    "PIL": {"bot/sheets.py"},
    "tinydb": {"digests/storage.py", "digests/store.py"},
    "apscheduler": {"bot/jobs.py"},
    "sqlite3": {
        "digests/outbox.py",
        "digests/state/outboxfile.py",
        "digests/state/outboxfit.py",
        "digests/following/ledger.py",
    },
    "uvicorn": {"bot/serving.py"},
    "httpx": {"bot/requests.py", "bot/local/webhook.py"},
    "prometheus_client": {"bot/metrics.py"},
    "click": {"bot/cli.py", "bot/commands/state.py", "bot/commands/texts.py"},
    "rich": {"bot/cli.py"},
    "pydantic": {"bot/config.py"},
    "pydantic_core": {"bot/config.py"},
}
"""Each foreign library stands behind one file, or behind the one thing it is for."""


@cache
def _imports(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _files(package: str) -> list[Path]:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    return files


def _roots(file: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(file)}


@pytest.mark.parametrize("file", _files("digests"), ids=lambda file: file.name)
def test_digests_knows_neither_the_bot_nor_telegram_nor_a_scheduler(file: Path) -> None:
    assert not _roots(file) & {"bot", "telegram", "apscheduler", "starlette", "uvicorn", "click"}


@pytest.mark.parametrize("file", _files("digests"), ids=lambda file: file.name)
def test_digests_reads_no_clock(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert "time" not in _roots(file)
    for call in (".now(", ".today(", ".utcnow("):
        assert call not in source


@pytest.mark.parametrize("library", sorted(ONE_HOME))
def test_a_foreign_library_is_known_only_at_its_home(library: str) -> None:
    knowing = {
        file.relative_to(ROOT).as_posix()
        for package in ("bot", "digests")
        for file in _files(package)
        if library in _roots(file)
    }
    assert knowing <= ONE_HOME[library]


def test_the_local_server_knows_nothing_of_the_bot_that_it_serves() -> None:
    for file in _files("bot/local"):
        ours = {name for name in _imports(file) if name.split(".")[0] == "bot"}
        assert {name for name in ours if not name.startswith(("bot.local", "bot.serving"))} == set(), file


def test_only_the_composition_root_and_the_command_line_choose_parts() -> None:
    choosing = {"digests.index", "digests.finding.indexfile", "digests.state.lock"}
    for file in _files("bot"):
        if file.name not in ("app.py", "cli.py") and file.parent.name != "commands":
            assert not _imports(file) & choosing, file


@pytest.mark.parametrize("package", ["chinese", "content", "daily", "asking", "finding", "segment"])
def test_what_a_newspaper_says_is_known_without_its_readers(package: str) -> None:
    readers = ("digests.readers", "digests.following", "digests.state", "digests.store", "digests.outbox")
    for file in _files(f"digests/{package}"):
        assert not {name for name in _imports(file) if name.startswith(readers)}, file

"""The rules of the rooms: which may import which, and which files may import which foreign library."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

ROOMS = (
    # digests: knows newspapers and their readers
    "digests/__init__.py",
    "digests/errors.py",
    "digests/models.py",
    "digests/text.py",
    "digests/guard.py",
    "digests/dates.py",
    "digests/times.py",
    "digests/day_phrases.py",
    "digests/chats.py",
    "digests/language",
    "digests/pages",
    "digests/segment",
    "digests/names",
    "digests/analysis",
    "digests/promises",
    "digests/digest",
    "digests/query",
    "digests/matching",
    "digests/search",
    "digests/ask.py",
    "digests/subscriptions",
    "digests/storage",
    "digests/ingest",
    "digests/archive.py",
    # bot: knows Telegram and how the program runs
    "bot/__init__.py",
    "bot/deep_links.py",
    "bot/permissions.py",
    "bot/intents",
    "bot/texts",
    "bot/images",
    "bot/config.py",
    "bot/callbacks",
    "bot/keyboards.py",
    "bot/render",
    "bot/operations",
    "bot/delivery",
    "bot/receiving",
    "bot/context.py",
    "bot/flows",
    "bot/handlers",
    "bot/jobs.py",
    "bot/local",
    "bot/app.py",
    "bot/process.py",
    "bot/cli",
    "bot/__main__.py",
)
"""All rooms in order; each may import only rooms earlier in this list."""

LIBRARIES = {
    "ahocorasick_rs": {
        "digests/analysis/themes.py",
        "digests/matching/subscription_matcher.py",
        "digests/names/lexicons.py",
    },
    "apscheduler": {"bot/jobs.py"},
    "babel": {"bot/texts/__init__.py"},
    "click": {"bot/cli/__init__.py", "bot/cli/commands.py"},
    "filelock": {"digests/storage/lock.py"},
    "httpx": {"bot/delivery/http_client.py", "bot/delivery/sending.py", "bot/local/updates.py"},
    "jieba": {"digests/language/words.py"},
    "matplotlib": {"bot/images/drawing.py"},
    "numpy": {
        "digests/language/person_names.py",
        "digests/names/features.py",
        "digests/names/model.py",
        "digests/names/values.py",
    },
    "opencc": {"digests/language/characters.py"},
    "PIL": {"bot/images/drawing.py"},
    "prometheus_client": {"bot/operations/monitoring.py"},
    "pydantic": {
        "bot/config.py",
        "digests/pages/archive_notes.py",
        "digests/search/schema.py",
        "digests/storage/digest_months.py",
        "digests/storage/documents.py",
        "digests/storage/personal_data.py",
        "digests/storage/stores.py",
    },
    "pydantic_core": {"bot/config.py", "digests/pages/archive_notes.py"},
    "pypinyin": {"digests/language/characters.py"},
    "rich": {"bot/cli/__init__.py"},
    "rjieba": {"digests/language/words.py"},
    "sqlite3": {
        "digests/storage/alert_log.py",
        "digests/storage/button_texts.py",
        "digests/storage/digest_columns.py",
        "digests/storage/outbox.py",
        "digests/storage/outbox_file.py",
    },
    "tantivy": {"digests/search/compiler.py", "digests/search/index.py", "digests/search/index_files.py"},
    "tinydb": {"digests/storage/documents.py", "digests/storage/json_storage.py"},
    "uvicorn": {"bot/operations/http_server.py"},
}
"""Which files may import a foreign library that has a place of its own."""


def _files(package: str) -> list[Path]:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    return files


@cache
def _product() -> tuple[Path, ...]:
    return (*_files("digests"), *_files("bot"))


@cache
def _imports(file: Path) -> frozenset[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def _roots(file: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(file)}


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _room(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    return "/".join(parts[:2])


@cache
def _modules() -> dict[str, Path]:
    return {_module(file): file for file in _product()}


def _imported_files(file: Path) -> set[Path]:
    """The product files that `file` imports: `from package import module` is the module, not the package."""
    names = {name for name in _imports(file) if name in _modules()}
    packages = {parent for name in names for parent in names if name.startswith(f"{parent}.")}
    taken_from = {
        node.module
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module in packages
        and any(f"{node.module}.{alias.name}" not in _modules() for alias in node.names)
    }
    return {_modules()[name] for name in names - (packages - taken_from)}


def test_every_file_stands_in_a_room_of_the_table() -> None:
    assert {_room(file) for file in _product()} == set(ROOMS)


@pytest.mark.parametrize("file", _product(), ids=_module)
def test_a_room_imports_only_earlier_rooms(file: Path) -> None:
    own = ROOMS.index(_room(file))
    later = {_module(other) for other in _imported_files(file) if ROOMS.index(_room(other)) > own}
    assert later == set()


def test_no_files_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter({file: _imported_files(file) for file in _product()}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(_module(file) for file in error.args[1]))


@pytest.mark.parametrize("file", _files("digests"), ids=_module)
def test_digests_imports_neither_the_bot_nor_telegram_nor_a_scheduler(file: Path) -> None:
    assert not _roots(file) & {"bot", "telegram", "apscheduler", "starlette", "uvicorn", "click"}


@pytest.mark.parametrize("file", _files("digests"), ids=_module)
def test_digests_reads_no_clock(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert "time" not in _roots(file)
    for call in (".now(", ".today(", ".utcnow("):
        assert call not in source


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_a_library_is_imported_only_by_the_files_of_the_table(library: str) -> None:
    importing = {file.relative_to(ROOT).as_posix() for file in _product() if library in _roots(file)}
    assert importing == LIBRARIES[library]


def test_the_local_server_imports_nothing_of_the_bot_but_the_http_server() -> None:
    for file in _files("bot/local"):
        ours = {_module(other) for other in _imported_files(file) if other.is_relative_to(ROOT / "bot")}
        assert {name for name in ours if not name.startswith("bot.local")} <= {"bot.operations.http_server"}, file


def test_only_the_composition_root_and_the_command_line_choose_parts() -> None:
    choosing = {"digests.search.index", "digests.search.index_files", "digests.storage.lock"}
    for file in _files("bot"):
        if _room(file) not in ("bot/app.py", "bot/cli"):
            assert not _imports(file) & choosing, file


@pytest.mark.parametrize("room", ["language", "segment", "analysis", "promises", "digest", "query", "search"])
def test_what_a_newspaper_says_is_known_without_its_readers(room: str) -> None:
    readers = ("digests.chats", "digests.subscriptions", "digests.storage")
    for file in _files(f"digests/{room}"):
        assert not {name for name in _imports(file) if name.startswith(readers)}, file

"""The package as others install it: declared libraries, locks, and a wheel that runs in an empty folder."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _names(requirements: list[str]) -> set[str]:
    return {_normal(re.split(r"[<>=!~;\[ ]", requirement)[0]) for requirement in requirements}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(package: str) -> set[str]:
    names = set()
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").split(".")[0])
    return names - set(sys.stdlib_module_names) - {"bot", "digests", "tests"}


def _undeclared(packages: tuple[str, ...], declared: set[str]) -> set[str]:
    known = packages_distributions()
    imported = set().union(*map(_imported, packages))
    return {name for name in imported if not {_normal(at) for at in known.get(name, [name])} & declared}


RUN = _names(PROJECT["dependencies"])
EXTRAS = {extra: _names(names) for extra, names in PROJECT["optional-dependencies"].items()}


def test_every_library_that_the_program_imports_is_declared() -> None:
    assert _undeclared(("bot", "digests"), RUN) == set()


def test_every_library_that_the_tests_import_is_declared() -> None:
    trained_with = {"python-crfsuite": "pycrfsuite"}
    declared = RUN | EXTRAS["dev"] | EXTRAS["train"] | set(trained_with.values())
    assert _undeclared(("tests",), declared) == set()


def _locked(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if re.match(r"[a-z0-9-]+==", line))


def test_what_runs_is_locked_without_what_develops() -> None:
    run, dev = _locked("requirements.lock"), _locked("requirements-dev.lock")
    assert RUN | EXTRAS["install"] <= set(run)
    assert EXTRAS["dev"] & set(run) == {"fonttools"}  # the drawing library needs it
    assert dev.items() >= run.items()
    assert EXTRAS["dev"] <= set(dev)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert text.count("==") <= text.count("--hash=sha256:")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what the package is made of."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("bot", "digests", "seeds"):
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.example.toml"):
        shutil.copy(ROOT / name, source)
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out), str(source)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", *options], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def jianbao(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `jianbao` of an environment that has the wheel, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    options = ["--no-index", "--no-deps", "--quiet", str(wheel)]
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", *options]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env=_environment())
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "jianbao"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing is configured."""
    return tmp_path_factory.mktemp("empty")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JIANBAO"))}


def _run(jianbao: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [jianbao, *arguments], cwd=folder, env=_environment(), capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_the_program_its_samples_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        example = archive.read("bot/config.example.toml")
    assert {f"bot/seeds/{page.name}" for page in (ROOT / "seeds").iterdir()} <= names
    assert {"bot/py.typed", "digests/py.typed", "digests/analysis/themes.toml", "bot/images/fonts/OFL.txt"} <= names
    assert example == (ROOT / "config.example.toml").read_bytes()
    assert not [name for name in names if name.startswith(("tests/", "build/"))]


def test_an_installed_program_prints_its_example_configuration(jianbao: Path, empty: Path) -> None:
    assert _run(jianbao, empty, "config") == (ROOT / "config.example.toml").read_text(encoding="utf-8")


def test_an_installed_program_takes_in_checks_and_tells_its_sample_pages(jianbao: Path, empty: Path) -> None:
    _run(jianbao, empty, "ingest")
    assert _run(jianbao, empty, "check")
    assert "2022-11-24" in _run(jianbao, empty, "digest")
    assert {path.name for path in empty.iterdir()} == {"data"}


@pytest.fixture
def serving(jianbao: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "config.toml").write_text("[local]\nport = 0\n")  # 8030 may be in use by another test
    process = subprocess.Popen(
        [jianbao, "run"], cwd=tmp_path, env=_environment(), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    yield process
    process.terminate()
    process.wait(20)
    if process.stdout:
        process.stdout.close()


def test_an_installed_program_opens_the_chat_page_on_its_sample_pages(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    address = re.search(r"http://127\.0\.0\.1:\d+/", serving.stdout.readline())
    assert address
    with urllib.request.urlopen(address[0], timeout=20) as page:
        assert "<title>简报" in page.read().decode()

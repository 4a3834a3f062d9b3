"""The command line in locales with another encoding than UTF-8, and input in other encodings."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from tests.conftest import ROOT

PAGE = "云河市建成首座雨水花园\n\n本报讯 雨水花园建成开放，市民纷纷前来参观，防汛能力提高。\n"
GENERATED = {"en_US.ISO-8859-1": ("en_US", "ISO-8859-1"), "zh_CN.GBK": ("zh_CN", "GBK")}
NO_COERCION = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
"""Keeps Python from using UTF-8 in the locale C, as programs do that start it in other ways."""
LOCALES = [(name, {}) for name in (*GENERATED, "C", "POSIX")] + [("C", NO_COERCION)]


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with generated locales, for LOCPATH."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        pytest.skip("localedef is missing, so the locales cannot be generated")
    for name, (source, charmap) in GENERATED.items():
        made = subprocess.run(
            ["localedef", "-i", source, "-f", charmap, folder / name], capture_output=True, check=False
        )
        if made.returncode:
            pytest.skip(f"localedef cannot generate {name}: {made.stderr.decode(errors='replace')}")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a configuration and a page, both with Chinese names."""
    (tmp_path / "报纸").mkdir()
    (tmp_path / "报纸" / "第一版 2026-11-22.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[archive]\nfolder = "报纸"\n[local]\nport = 0\n', encoding="utf-8")
    return tmp_path


def _environment(locales: Path, name: str, extra: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    return kept | {"LOCPATH": str(locales), "LC_ALL": name, "PYTHONPATH": str(ROOT)} | extra


def _jianbao(home: Path, environment: dict[str, str], *words: str | bytes) -> str:
    """Run a command, which has to succeed without a word on stderr; return its output."""
    command = [sys.executable, "-m", "bot", *words]
    result = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    return result.stdout.decode("utf-8")


@pytest.mark.parametrize(("name", "extra"), LOCALES)
def test_chinese_names_arguments_and_output_are_the_same_in_every_locale(
    locales: Path, home: Path, name: str, extra: dict[str, str]
) -> None:
    environment = _environment(locales, name, extra)
    assert "read 1 file with 1 article" in _jianbao(home, environment, "ingest")
    assert "云河市建成首座雨水花园" in _jianbao(home, environment, "search", "防汛")
    assert _jianbao(home, environment, "check") == "all is well\n"
    assert '"file":"第一版 2026-11-22.txt"' in _jianbao(
        home, environment, "parse", "--json", "报纸/第一版 2026-11-22.txt"
    )


@pytest.mark.parametrize("name", GENERATED)
def test_the_bot_runs_in_another_locale_and_ends_at_a_signal(locales: Path, home: Path, name: str) -> None:
    command = [sys.executable, "-m", "bot", "run"]
    environment = _environment(locales, name, {})
    with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as bot:
        try:
            assert bot.stdout
            assert bot.stdout.readline().decode("utf-8").startswith("简报 Jianbao is ready: http://127.0.0.1:")
        finally:
            bot.send_signal(signal.SIGTERM)
            _, errors = bot.communicate(timeout=10)
    assert bot.returncode == 0
    assert b"Traceback" not in errors


def test_names_and_words_in_the_encoding_of_the_locale_are_understood(locales: Path, home: Path) -> None:
    (home / "报纸").rename(os.fsdecode(bytes(home) + b"/" + "报纸".encode("gbk")))
    environment = _environment(locales, "zh_CN.GBK", {})
    assert "read 1 file with 1 article" in _jianbao(home, environment, "ingest")
    assert "云河市建成首座雨水花园" in _jianbao(home, environment, "search", "防汛".encode("gbk"))


@pytest.fixture
def no_archive(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "none")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
@pytest.mark.parametrize("from_stdin", [True, False])
def test_a_text_is_read_in_any_encoding(tmp_path: Path, no_archive: list[str], encoding: str, from_stdin: bool) -> None:
    content = "本報訊 市民到公園參觀，天氣很好，大家都很高興。".encode(encoding)
    (tmp_path / "text.txt").write_bytes(content)
    words = ["match", "天气", *no_archive] if from_stdin else ["match", "天气", str(tmp_path / "text.txt"), *no_archive]
    result = CliRunner().invoke(cli, words, input=content)
    assert (result.exit_code, result.stdout[:6]) == (0, "match:"), result.output


@pytest.mark.parametrize("command", [["match", "天气"], ["analyse"]])
def test_input_that_is_no_text_is_refused(no_archive: list[str], command: list[str]) -> None:
    result = CliRunner().invoke(cli, [*command, *no_archive], input=bytes(range(128, 256)) * 9)
    assert result.exit_code == 2
    assert result.stderr == "jianbao: the input is not text; expected UTF-8, UTF-16, UTF-32, GB18030 or Big5\n"


def test_a_line_of_json_in_another_encoding_is_named(no_archive: list[str]) -> None:
    lines = '{"body": "防汛"}\n'.encode() + '{"body": "防汛"}\n'.encode("gbk")
    result = CliRunner().invoke(cli, ["analyse", "--jsonl", *no_archive], input=lines)
    assert result.exit_code == 2
    assert result.stderr.startswith('jianbao: line 2 of the input is \'{"body": "\\\\xb7\\\\xc0')

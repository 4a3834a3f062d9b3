"""The real process: what it says when it cannot start, and how it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.process import STOP_SECONDS
from tests.conftest import SEEDS

TOKEN = "123456789:" + "A" * 35


@contextmanager
def _running(config: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _config(folder: Path, *, pages: Path = SEEDS, port: int = 0) -> Path:
    file = folder / "config.toml"
    file.write_text(f'data = "{folder / "data"}"\n[archive]\nfolder = "{pages}"\n[local]\nport = {port}\n')
    return file


def _wait_for(process: subprocess.Popen[str], said: str) -> str:
    """What it says up to the line that holds `said`."""
    assert process.stdout
    heard = ""
    for line in process.stdout:
        heard += line
        if said in line:
            return heard
    raise AssertionError(f"the program ended without saying {said!r}")


def _refusal(config: Path) -> tuple[int, str]:
    """How a start that fails ends, and all that it says."""
    with _running(config) as process:
        said, _ = process.communicate(timeout=30)
        return process.returncode, said


def test_a_page_folder_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    code, said = _refusal(_config(tmp_path, pages=tmp_path / "nowhere"))
    assert code == 2
    assert said.count("\n") == 1
    assert "nowhere does not exist" in said


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = _refusal(_config(tmp_path, port=port))
    assert code == 2
    assert said.count("\n") == 1
    assert f"port {port}" in said


def test_a_second_process_on_the_same_data_folder_is_one_sentence_and_the_first_ends_on_sigterm(tmp_path: Path) -> None:
    config = _config(tmp_path)
    with _running(config) as first:
        _wait_for(first, "is ready")
        code, said = _refusal(config)
        assert code == 1
        assert said.count("\n") == 1
        assert f"in use by process {first.pid}" in said
        _ends_soon(first)


def test_sigterm_ends_it_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"
    with _running(_config(tmp_path), JIANBAO_TOKEN=TOKEN, HTTPS_PROXY=nobody, ALL_PROXY=nobody) as process:
        _wait_for(process, "cannot be reached")
        _ends_soon(process)


def test_sigterm_ends_it_while_it_reads_a_large_archive_for_the_first_time(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(600):
        shutil.copy(SEEDS / "000_dae80abf9b835e1c.txt", pages / f"{2000 + number // 12}-{number % 12 + 1:02}-01.txt")
    with _running(_config(tmp_path, pages=pages)) as process:
        deadline = time.monotonic() + 30
        while not (tmp_path / "data" / "index").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(2)
        assert process.poll() is None
        _ends_soon(process)


ENDLESS = """
import asyncio, sys
from bot import process
process.STOP_SECONDS = float(sys.argv[1])

class Endless:
    address = "here"
    async def __aenter__(self): return self
    async def __aexit__(self, *_):
        print("stopping", flush=True)
        await asyncio.sleep(3600)

asyncio.run(process.serve(Endless(), lambda address: print("is ready", flush=True), None))
"""


@contextmanager
def _stopping(seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A program that was told to end and never comes to an end in order."""
    command = [sys.executable, "-c", ENDLESS, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            _wait_for(process, "is ready")
            process.send_signal(signal.SIGTERM)
            _wait_for(process, "stopping")
            yield process
        finally:
            process.kill()


def test_a_second_sigterm_ends_it_at_once() -> None:
    with _stopping(60) as process:
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM


def test_one_sigterm_is_enough_also_where_something_never_comes_to_an_end() -> None:
    with _stopping(0.1) as process:
        assert process.wait(10) == 0
    assert STOP_SECONDS < 5


def test_sighup_takes_a_changed_configuration_over_and_refuses_a_broken_one(tmp_path: Path) -> None:
    config = _config(tmp_path)
    before = config.read_text()
    with _running(config) as process:
        _wait_for(process, "is ready")
        config.write_text(before + 'speling = 1\n[access]\nper_minute = "many"\n')
        process.send_signal(signal.SIGHUP)
        refusal = _wait_for(process, "the configuration stays as it was")
        assert "local.speling is no known key" in refusal
        assert "access.per_minute is 'many'" in refusal
        config.write_text(before.replace("port = 0", "port = 1") + "[access]\nper_minute = 3\n")
        process.send_signal(signal.SIGHUP)
        _wait_for(process, "the configuration was read again")
        _wait_for(process, "local.port: the change takes effect at the next start")
        _ends_soon(process)


def _ends_soon(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert process.stdout
    assert "Traceback" not in process.stdout.read()

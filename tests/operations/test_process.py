"""The real process: errors at the start, signals, and the end."""

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

import pytest

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


def _wait_for(process: subprocess.Popen[str], text: str) -> str:
    """The output up to the line that contains `text`."""
    assert process.stdout
    output = ""
    for line in process.stdout:
        output += line
        if text in line:
            return output
    raise AssertionError(f"the program ended without printing {text!r}")


def _refusal(config: Path) -> tuple[int, str]:
    """Exit code and whole output of a start that fails."""
    with _running(config) as process:
        output, _ = process.communicate(timeout=30)
        return process.returncode, output


def test_with_a_missing_archive_folder_the_bot_serves_and_says_so_in_one_line(tmp_path: Path) -> None:
    with _running(_config(tmp_path, pages=tmp_path / "nowhere")) as process:
        output = _wait_for(process, "is ready")
    assert len([line for line in output.splitlines() if "nowhere does not exist" in line]) == 1
    assert "Traceback" not in output


def test_a_port_in_use_is_reported_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, output = _refusal(_config(tmp_path, port=port))
    assert code == 2
    assert output.count("\n") == 1
    assert f"port {port}" in output


def test_a_second_process_on_the_data_folder_is_refused_in_one_line_and_sigterm_ends_the_first(tmp_path: Path) -> None:
    config = _config(tmp_path)
    with _running(config) as first:
        _wait_for(first, "is ready")
        code, output = _refusal(config)
        assert code == 1
        assert output.count("\n") == 1
        assert f"in use by process {first.pid}" in output
        _ends_soon(first)


def test_sigterm_ends_the_start_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"
    with _running(_config(tmp_path), JIANBAO_TOKEN=TOKEN, HTTPS_PROXY=nobody, ALL_PROXY=nobody) as process:
        _wait_for(process, "cannot be reached")
        _ends_soon(process)


def test_sigterm_ends_the_first_ingestion_of_a_large_archive(tmp_path: Path) -> None:
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
    async def __aenter__(self):
        self.failure = asyncio.get_running_loop().create_future()
        return self
    async def __aexit__(self, *_):
        print("stopping", flush=True)
        await asyncio.sleep(3600)

asyncio.run(process.serve(Endless(), lambda address: print("is ready", flush=True), None))
"""


@contextmanager
def _stopping(seconds: float, first: signal.Signals = signal.SIGTERM) -> Iterator[subprocess.Popen[str]]:
    """A process that got a signal and never finishes stopping."""
    command = [sys.executable, "-c", ENDLESS, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            _wait_for(process, "is ready")
            process.send_signal(first)
            _wait_for(process, "stopping")
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("first", "second"), [("SIGTERM", "SIGTERM"), ("SIGINT", "SIGTERM"), ("SIGTERM", "SIGINT")])
def test_a_second_signal_ends_the_process_at_once(first: str, second: str) -> None:
    with _stopping(60, signal.Signals[first]) as process:
        assert process.poll() is None
        process.send_signal(signal.Signals[second])
        assert process.wait(10) == 128 + signal.Signals[second]


def test_one_signal_ends_a_process_that_cannot_stop_in_order() -> None:
    with _stopping(0.1) as process:
        assert process.wait(10) == 0
    assert STOP_SECONDS == 4.5


STARTING = """
import asyncio
from types import SimpleNamespace
from bot import process

class Slow:
    address = "here"
    async def __aenter__(self):
        self.failure = asyncio.get_running_loop().create_future()
        print("starting", flush=True)
        await asyncio.sleep(1)
        return self
    async def __aexit__(self, *_):
        print("stopped in order", flush=True)
    def apply_reload(self, config):
        print("applied", config, flush=True)
        return ()

asyncio.run(process.serve(Slow(), lambda address: print("is ready", flush=True), lambda: "changes"))
"""


def test_a_reload_requested_during_the_start_is_applied_after_it() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTING], stdout=subprocess.PIPE, text=True) as process:
        _wait_for(process, "starting")
        process.send_signal(signal.SIGHUP)
        assert _wait_for(process, "applied") == "is ready\napplied changes\n"
        process.send_signal(signal.SIGINT)
        assert _wait_for(process, "stopped") == "stopped in order\n"
        assert process.wait(10) == 0


def test_a_signal_during_the_start_ends_it() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTING], stdout=subprocess.PIPE, text=True) as process:
        _wait_for(process, "starting")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stdout
        assert "is ready" not in process.stdout.read()


def test_sighup_applies_a_changed_configuration_and_refuses_a_broken_one(tmp_path: Path) -> None:
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

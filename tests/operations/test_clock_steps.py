"""The running program while its clock is corrected: set back, set forward, over midnight, over a change of the season.

libfaketime changes the time of day that the program sees; the monotonic clock runs on, as in a real correction.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import orjson
import pytest

from tests.newsroom import story

LIBRARY = next(
    (file for folder in ("/usr/lib", "/usr/local/lib", "/opt") for file in Path(folder).glob("**/libfaketimeMT.so.1")),
    None,
)
WANG = 1001
PATIENCE_SECONDS = 30.0

pytestmark = pytest.mark.skipif(
    LIBRARY is None and "CI" not in os.environ, reason="libfaketime is not installed (apt-get install libfaketime)"
)

STEPS = {
    "back by an hour": "2022-11-25 11:00:00",
    "forward by 30 days": "2022-12-25 11:00:00",
    "back by a year": "2021-12-25 11:00:00",
    "over midnight": "2022-12-31 23:59:57",
    "over the hour that summer time skips": "2023-03-26 00:59:57",
    "to the end of summer time": "2023-10-29 00:59:57",
    "into the hour that it repeats": "2023-10-29 00:00:00",
}
"""Corrections of the clock, one after the other; midnight and summer time are those of Berlin."""


class Machine:
    """A program whose clock a test sets."""

    def __init__(self, folder: Path) -> None:
        self.pages = folder / "pages"
        self.pages.mkdir()
        self._clock = folder / "clock"
        self._ports = _free_ports(2)
        (folder / "config.toml").write_text(
            f'data = "{folder / "data"}"\ntimezone = "Europe/Berlin"\n'
            f'[archive]\nfolder = "{self.pages}"\nevery_seconds = 1\n'
            f"[local]\nport = {self._ports[0]}\n[monitor]\nport = {self._ports[1]}\n"
        )
        self._config = folder / "config.toml"
        self._page = f"http://127.0.0.1:{self._ports[0]}/api/chats/{WANG}/messages"

    def set_clock(self, moment: str) -> None:
        """Let the program's time of day run on from `moment` (UTC)."""
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(f"@{moment}")
        fresh.rename(self._clock)

    @contextmanager
    def running(self) -> Iterator[None]:
        environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "TZ": "UTC",
        }
        command = [sys.executable, "-m", "bot", "run", "--config", str(self._config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment) as process:
            try:
                assert process.stdout
                assert any("is ready" in line for line in process.stdout)
                yield
            finally:
                process.kill()

    def send(self, text: str) -> None:
        httpx.post(self._page, json={"text": text}, trust_env=False, timeout=PATIENCE_SECONDS).raise_for_status()

    def wait_for(self, text: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the reader has a message with `text`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            messages = httpx.get(self._page, trust_env=False, timeout=PATIENCE_SECONDS).json()["messages"]
            if any(text in message.get("text", "") for message in messages if message["from"]["is_bot"]):
                return
            time.sleep(0.1)
        raise AssertionError(f"no message with {text} within {seconds} s")

    def health(self) -> object:
        return httpx.get(f"http://127.0.0.1:{self._ports[1]}/health", trust_env=False, timeout=PATIENCE_SECONDS).json()

    def add_page(self, headline: str, number: int) -> None:
        row = {"headline": headline, "date": "2022-10-01", "page": 1, "paragraphs": [story("防汛", number)]}
        (self.pages / f"{number}.jsonl").write_bytes(orjson.dumps(row))


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def test_no_correction_of_the_clock_stops_alerts_or_answers(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.set_clock("2022-11-25 12:00:00")
    with machine.running():
        machine.send("/subscribe 防汛")
        machine.wait_for("已订阅“防汛”")
        for number, (step, moment) in enumerate(STEPS.items(), start=1):
            machine.set_clock(moment)
            machine.add_page(f"云河防汛之{step}", number)
            machine.wait_for(f"云河防汛之{step}")
            machine.send(f"/search 没有的词{number}")
            machine.wait_for(f"没有的词{number}")
            assert machine.health() == {"status": "ok", "problems": []}, step

"""The whole program on a small file system that is full: it starts, answers, and goes on when there is room."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app, config, flows
from tests.newsroom import story

PAGE = f"云河日报\n\n云河市召开防汛会议\n\n本报讯（记者 方小满）3月4日，{story('防汛', 7)}\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder with a page that is ingested and one that is not, and a small file system for its data."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "config.toml").write_text('[archive]\nfolder = "pages"\nevery_seconds = 1\n[local]\nport = 0\n')
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6M", "none", tmp_path / "data"], check=False)
    if mount.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        _page(tmp_path, "2023-03-05", PAGE)
        with app.open_services(config.load(tmp_path / "config.toml")) as services:
            flows.ingest_pages(services)
        _page(tmp_path, "2023-03-06", PAGE.replace("防汛", "养老").replace("3月4日", "3月5日"))
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", tmp_path / "data"], check=True)


def _page(home: Path, day: str, text: str) -> None:
    file = home / "pages" / f"{day}.txt"
    file.write_text(text, encoding="utf-8")
    os.utime(file, (0, 0))  # its copying is complete


def _fill(home: Path, room: int) -> Path:
    """Fill the file system with one file until `room` bytes are left."""
    filler = home / "data" / "filler"
    with filler.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                break
        file.truncate(file.tell() - room)
    return filler


@pytest.mark.parametrize(("room", "first"), [(0, "the disk is full ("), (80_000, "the first ingestion failed: ")])
def test_a_start_on_a_full_disk_goes_on_and_the_waiting_page_is_ingested_once_there_is_room(
    home: Path, room: int, first: str
) -> None:
    filler = _fill(home, room)
    command = [sys.executable, "-m", "bot", "run", "--config", str(home / "config.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as bot:
        assert bot.stdout
        try:
            assert any(first in line for line in bot.stdout), "the disk is reported"
            filler.unlink()
            assert any("ingested 1 files with 1 articles" in line for line in bot.stdout)
        finally:
            bot.send_signal(signal.SIGTERM)
            bot.wait(10)
    assert bot.returncode == 0
    with app.open_services(config.load(home / "config.toml")) as services:
        assert services.archive.search("养老").total == 1
        assert services.archive.check() == []

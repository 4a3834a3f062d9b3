"""Reading many files, on all cores."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digests.analysis import Labeller
from digests.ingest import parallel
from digests.ingest.parallel import ITEMS_PER_CHUNK, MAX_SERIAL_ITEMS
from digests.ingest.reader import FoundFile, read_file, read_files
from digests.pages.archive_notes import ArchiveNotes
from tests.conftest import SEEDS

MANY = MAX_SERIAL_ITEMS + 2 * ITEMS_PER_CHUNK

READER = """
import sys
from pathlib import Path
from digests.analysis import Labeller
from digests.pages.archive_notes import ArchiveNotes
from digests.ingest.reader import FoundFile, read_files

files = [FoundFile(path.name, path, "") for path in sorted(Path(sys.argv[1]).iterdir())]
if __name__ == "__main__":
    for _ in read_files(files * 50, ArchiveNotes(), Labeller()):
        print("read", flush=True)
"""


@pytest.fixture
def files(tmp_path: Path) -> list[FoundFile]:
    pages = tmp_path / "pages"
    pages.mkdir()
    seeds = sorted(SEEDS.glob("*.txt"))
    for number in range(MANY):
        shutil.copy(seeds[number % len(seeds)], pages / f"{number:03}.txt")
    (pages / "001.txt").write_bytes(b"")
    return [FoundFile(path.name, path, "") for path in sorted(pages.iterdir())]


def test_many_files_are_read_by_other_processes_as_one_would_be_here_and_in_order(
    files: list[FoundFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "usable_cores", lambda: 2)
    found = list(read_files(files, ArchiveNotes(), Labeller()))
    assert [one.file for one in found] == files
    assert found[1].problem
    assert found[:5] == [read_file(file, ArchiveNotes(), Labeller()) for file in files[:5]]


def test_the_other_processes_end_with_the_one_that_asked_however_it_ends(
    files: list[FoundFile], tmp_path: Path
) -> None:
    script = tmp_path / "reader.py"
    script.write_text(READER, encoding="utf-8")
    asking = subprocess.Popen(
        [sys.executable, str(script), str(files[0].path.parent)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert asking.stdout
    assert asking.stdout.readline() == b"read\n"
    others = _children(asking.pid)
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    asking.stdout.close()
    deadline = time.monotonic() + 20
    while others and time.monotonic() < deadline:
        others = [pid for pid in others if _is_running(pid)]
        time.sleep(0.05)
    assert others == []


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    assert listed
    return [int(child) for child in listed.split()]


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"

"""Mapping a function over many items on all cores; reading many files."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
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


def test_forty_items_are_mapped_by_this_process_and_more_by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "usable_cores", lambda: 2)
    monkeypatch.setattr(
        parallel, "_map_by_workers", lambda function, items, _crashed: iter(["by workers", *map(function, items)])
    )
    assert list(parallel.parallel_map(abs, range(-40, 0))) == list(range(40, 0, -1))
    assert list(parallel.parallel_map(abs, range(-41, 0))) == ["by workers", *range(41, 0, -1)]
    monkeypatch.setattr(parallel, "usable_cores", lambda: 1)
    assert list(parallel.parallel_map(abs, range(-41, 0))) == list(range(41, 0, -1))


class _Pool:
    """In place of a pool of processes: works at once, and records how many items each worker was given."""

    def __init__(self, workers: int, **_options: object) -> None:
        self.workers = workers
        self.chunks: list[int] = []
        self.shut_down_with: dict[str, object] = {}
        _Pool.last = self

    last: "_Pool"

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def submit(
        self, work: Callable[..., list[int]], function: Callable[[int], int], chunk: tuple[int, ...]
    ) -> "Future[list[int]]":
        self.chunks.append(len(chunk))
        future: Future[list[int]] = Future()
        future.set_result(work(function, chunk))
        return future

    def shutdown(self, **options: object) -> None:
        self.shut_down_with = options


def test_workers_are_given_eight_items_at_a_time_and_three_chunks_each_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "usable_cores", lambda: 2)
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", _Pool)
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = parallel.parallel_map(abs, items())
    assert next(results) == 0
    assert _Pool.last.workers == 2
    assert _Pool.last.chunks == [8] * 6, "three chunks for each of two workers"
    assert len(taken) == 48
    assert list(results) == list(range(1, 100))
    assert _Pool.last.chunks == [8] * 12 + [4]
    assert _Pool.last.shut_down_with == {"wait": False, "cancel_futures": True}


def test_the_cores_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 3, 5}, raising=False)
    assert parallel.usable_cores() == 3


def test_the_cores_are_counted_where_the_affinity_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    monkeypatch.setattr(os, "process_cpu_count", lambda: 5, raising=False)
    assert parallel.usable_cores() == 5
    monkeypatch.delattr(os, "process_cpu_count")
    assert parallel.usable_cores() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert parallel.usable_cores() == 1


def test_workers_read_many_files_in_order_with_the_same_result(
    files: list[FoundFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "usable_cores", lambda: 2)
    found = list(read_files(files, ArchiveNotes(), Labeller()))
    assert [one.file for one in found] == files
    assert found[1].problem
    assert found[:5] == [read_file(file, ArchiveNotes(), Labeller()) for file in files[:5]]


def test_the_workers_end_with_their_parent_even_when_it_is_killed(files: list[FoundFile], tmp_path: Path) -> None:
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


def _crash_at_50(number: int) -> int:
    if number == 50:
        os._exit(1)
    return number


def test_an_item_that_crashes_its_worker_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "usable_cores", lambda: 2)
    monkeypatch.setattr(parallel, "_start_worker", list)  # without the dictionary, which takes a second to load
    found = list(parallel.parallel_map(_crash_at_50, range(60), crashed=lambda number: -number))
    assert found == [*range(50), -50, *range(51, 60)]


def test_if_no_worker_can_start_the_items_are_mapped_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "usable_cores", lambda: 2)
    monkeypatch.setattr(parallel, "_start_worker", sys.exit)
    assert list(parallel.parallel_map(abs, range(-60, 0), crashed=str)) == list(range(60, 0, -1))

"""One process per data folder."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from digests.errors import DataFolderInUse, StateError
from digests.storage.lock import FolderLock
from tests.storage.state_files import not_as_root

HOLDER = """
import sys, time
from pathlib import Path
from digests.storage.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_the_error_in_a_second_process_names_the_holder_and_a_remedy(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        try:
            with pytest.raises(DataFolderInUse) as refusal:
                FolderLock(tmp_path)
        finally:
            process.kill()
    assert str(tmp_path) in str(refusal.value)
    assert f"process {process.pid}" in str(refusal.value)
    assert "--data" in str(refusal.value)


def test_a_killed_holder_leaves_no_lock_behind(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").read_text() == f" {os.getpid()}\n"


def test_the_folder_is_free_again_after_the_with_block(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        pass
    FolderLock(tmp_path).release()


def test_a_second_lock_in_the_same_process_is_refused(tmp_path: Path) -> None:
    with FolderLock(tmp_path), pytest.raises(DataFolderInUse):
        FolderLock(tmp_path)


def test_a_longer_process_id_of_an_earlier_holder_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("99999999999\n")
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").read_text() == f" {os.getpid()}\n"


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "data"
    FolderLock(folder).release()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / ".lock").stat().st_mode) == 0o600


def test_a_read_only_folder_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        with not_as_root(), pytest.raises(StateError, match=r"the data folder .* cannot be used: Permission denied"):
            FolderLock(Path(folder))


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StateError, match=r"data cannot be used: (File exists|Not a directory)"):
        FolderLock(tmp_path / "data")


def test_the_first_byte_is_left_free_for_the_lock_of_windows(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").read_bytes()[:1] == b" "

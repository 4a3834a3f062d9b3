"""A sample of damaged indexes; `python -m tests.soak.torn_index 2000` tries more."""

import subprocess
import sys

from tests.conftest import ROOT


def test_damaged_indexes_raise_only_errors_of_the_program_and_are_built_anew() -> None:
    command = [sys.executable, "-m", "tests.soak.torn_index", "15", "--seed", "2"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.stdout == "15 damaged indexes, 0 failures\n", result.stderr

"""Memory that is free inside the process."""

import platform
from pathlib import Path

import pytest

from digests.ingest import memory

MB = 1 << 20


def own_memory() -> int:
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) << 10


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library does not give memory back on request")
def test_free_memory_between_used_memory_is_given_back() -> None:
    blocks = [bytearray(20_000) for _ in range(5000)]
    used = own_memory()
    del blocks[:-1]
    memory.release()
    assert used - own_memory() > 80 * MB

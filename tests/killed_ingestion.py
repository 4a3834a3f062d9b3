"""`python -m tests.killed_ingestion CONFIG N`: ingest pages, queue alerts, and kill this process at gap N.

A write is a commit of the index, a new version of a TinyDB file, or a transaction of the outbox. There is a gap before
and after each write, so N = 1, 2, 3 ... goes through all of them.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from bot import app, config, flows
from digests.search.index import Index
from digests.storage.json_storage import JsonFile
from digests.storage.outbox import Outbox


def _with_gaps(write: Callable[..., Any], gaps: Iterator[int], fatal: int) -> Callable[..., Any]:
    def writing(*args: Any, **kwargs: Any) -> Any:
        _die_at(fatal, next(gaps))
        result = write(*args, **kwargs)
        _die_at(fatal, next(gaps))
        return result

    return writing


def _die_at(fatal: int, gap: int) -> None:
    if gap == fatal:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    file, fatal = Path(sys.argv[1]), int(sys.argv[2])
    gaps = count(1)
    for part, name in (
        (Index, "commit"),
        (JsonFile, "_replace"),
        (Outbox, "add_unmatched"),
        (Outbox, "record_matching"),
        (Outbox, "add"),
        (Outbox, "add_many"),
    ):
        setattr(part, name, _with_gaps(getattr(part, name), gaps, fatal))
    with app.open_services(config.load(file, environment={})) as services:
        flows.ingest_pages(services)
        flows.queue_alerts(services)
        flows.queue_due_messages(services)


if __name__ == "__main__":
    main()

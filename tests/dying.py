"""`python -m tests.dying CONFIG N`: takes pages in and owes alerts, and kills itself at the N-th step that writes.

A step is a commit of the index, a new version of a TinyDB file, or a transaction of the outbox; it dies before odd
steps and after even ones are done, so that N = 1, 2, 3 ... goes through every gap between two writes.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from bot import app, config, flows
from digests.search.index import Index
from digests.storage.json_storage import JsonFile
from digests.storage.outbox import Outbox


def _deadly(act: Callable[..., Any], gaps: Any, fatal: int) -> Callable[..., Any]:
    def acting(*given: Any, **named: Any) -> Any:
        _die_at(fatal, next(gaps))
        done = act(*given, **named)
        _die_at(fatal, next(gaps))
        return done

    return acting


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
        setattr(part, name, _deadly(getattr(part, name), gaps, fatal))
    with app.open_services(config.load(file, environment={})) as services:
        flows.ingest_pages(services)
        flows.queue_alerts(services)
        flows.queue_due_messages(services)


if __name__ == "__main__":
    main()

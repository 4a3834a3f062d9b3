"""`make soak`: kills, faults, a crowd, hostile updates and a year of all sorts of clocks, in tables for the README.

`make test` does a little of each. Each part raises as soon as something is lost, torn, doubled or late.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.tables import show
from tests.soaking import life
from tests.soaking.crowd import EACH, served
from tests.soaking.nursery import Nursery
from tests.soaking.storm import weathered
from tests.soaking.trial import lived_through
from tests.yearlong import VirtualYear

LIVES = 1053
"""Of which 1,001 are killed."""
CROWD = 10_000
UPDATES = 5000
CHATS = 60
SEED = 1

Row = tuple[str, object]


def main() -> None:
    os.environ["PTB_TIMEDELTA"] = "true"
    nursery = Nursery(life.load, life.live)  # first of all: it must be made before there are threads
    try:
        _part("killed at random moments while Telegram fails", lambda folder: _killed(folder, nursery))
    finally:
        nursery.close()
    _part("a crowd, in virtual time", _crowded)
    _part("hostile updates", _stormy)
    _part("a year of all sorts of clocks", _a_year)


def _part(title: str, measure: Callable[[Path], list[Row]]) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    show(title, ("what", "count"), [*rows, ("minutes", (time.monotonic() - began) / 60)])


def _killed(folder: Path, nursery: Nursery) -> list[Row]:
    trial, found = asyncio.run(lived_through(folder, nursery, LIVES, SEED))
    assert found.is_sound, found
    answers = {200: "accepted", 0: "accepted, the answer lost", 429: "refused with 429", 502: "failed with 502"}
    return [
        ("kill -9", len(trial.kills)),
        *((f"  while {job} was under way", count) for job, count in trial.struck.most_common()),
        *((f"messages {what}", found.refused.get(status, 0)) for status, what in answers.items()),
        ("messages to chats that block the bot", found.refused.get(403, 0)),
        ("changes of settings and subscriptions acknowledged", trial.changes),
        ("changes lost", 0),
        ("files torn, inconsistencies", 0),
        ("messages owed", found.owed),
        ("messages lost", found.lost + len(found.missed)),
        ("messages out of order in their chat", found.unordered),
        ("messages repeated, their answer lost or the process killed before it", found.repeated),
        ("messages repeated for another reason", found.unexplained),
    ]


def _crowded(folder: Path) -> list[Row]:
    found = asyncio.run(served(folder, CROWD))
    assert found.is_fast, found
    return [
        ("chats", CROWD),
        ("messages owed to each", EACH),
        ("seconds of the clock", found.seconds),
        ("share of the pace that the limits allow", found.share),
        ("refused with 429", found.refused),
        ("questions asked meanwhile", found.answers),
        ("longest wait for an answer, seconds", found.longest_answer),
    ]


def _stormy(folder: Path) -> list[Row]:
    found = asyncio.run(weathered(folder, UPDATES, SEED))
    assert found.is_well, found
    return [
        ("updates", found.kinds.total()),
        ("kinds", len(found.kinds)),
        ("requests in answer", found.answers),
        ("unexpected errors", found.failures + len(found.complaints)),
        ("requests that Telegram would not take", sum(found.refused.values())),
        ("messages over the limits", found.improper),
    ]


def _a_year(folder: Path) -> list[Row]:
    year = VirtualYear(folder, CHATS)
    year.live()
    return list(year.report())


if __name__ == "__main__":
    main()

"""`make soak`: kills, faults, a crowd, hostile updates and a year of all sorts of clocks, in tables for the README.

`make test` does a little of each. Each part raises as soon as something is lost, torn, doubled or late.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bench.tables import show
from tests.soak import killed_process
from tests.soak.fork_server import ForkServer
from tests.soak.hostile_run import send_hostile_updates
from tests.soak.kill_trial import run_trial
from tests.soak.mass_delivery import MESSAGES_PER_CHAT, deliver_to_all
from tests.soak.verdict import Verdict
from tests.yearlong import VirtualYear

PARALLEL_TRIALS = 3
"""Trials side by side, each with a data folder and a server of its own: a life mostly waits."""
RUNS_PER_TRIAL = 351
"""Of each trial, of which 334 are killed."""
MASS_CHATS = 10_000
HOSTILE_UPDATES = 5000
YEAR_CHATS = 200
SEED = 1

Row = tuple[str, object]


def main() -> None:
    os.environ["PTB_TIMEDELTA"] = "true"
    _part("killed at random moments while Telegram fails", _killed)  # first of all: it forks, and there are no threads
    _part("a crowd, in virtual time", _crowded)
    _part("hostile updates", _stormy)
    _part("a year of all sorts of clocks", _a_year)


def _part(title: str, measure: Callable[[Path], list[Row]]) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    show(title, ("what", "count"), [*rows, ("minutes", (time.monotonic() - began) / 60)])


@dataclass(frozen=True)
class TrialResult:
    """What a trial came to."""

    kills: int
    struck: Counter[str]
    changes: int
    found: Verdict


def _tried(folder: Path, seed: int) -> TrialResult:
    nursery = ForkServer(killed_process.preload, killed_process.run)
    try:
        trial, found = asyncio.run(run_trial(folder, nursery, RUNS_PER_TRIAL, seed))
    finally:
        nursery.close()
    assert found.is_sound, found
    return TrialResult(len(trial.kills), trial.struck, trial.changes, found)


def _killed(folder: Path) -> list[Row]:
    folders = [folder / str(side) for side in range(PARALLEL_TRIALS)]
    for one in folders:
        one.mkdir()
    with ProcessPoolExecutor(PARALLEL_TRIALS, multiprocessing.get_context("fork")) as pool:
        trials = list(pool.map(_tried, folders, range(SEED, SEED + PARALLEL_TRIALS)))
    refused = sum((Counter(trial.found.refused) for trial in trials), Counter[int]())
    struck = sum((trial.struck for trial in trials), Counter[str]())

    def total(name: str) -> int:
        return sum(int(getattr(trial.found, name)) for trial in trials)

    answers = {200: "accepted", 0: "accepted, the answer lost", 429: "refused with 429", 502: "failed with 502"}
    return [
        ("kill -9", sum(trial.kills for trial in trials)),
        *((f"  while {job} was under way", count) for job, count in struck.most_common()),
        *((f"messages {what}", refused[status]) for status, what in answers.items()),
        ("messages to chats that block the bot", refused[403]),
        ("changes of settings and subscriptions acknowledged", sum(trial.changes for trial in trials)),
        ("changes lost", 0),
        ("files torn, inconsistencies", 0),
        ("messages owed", total("owed")),
        ("messages lost", total("lost") + sum(len(trial.found.missed) for trial in trials)),
        ("messages out of order in their chat", total("unordered")),
        ("messages repeated, their answer lost", total("repeated") - total("interrupted")),
        ("messages repeated, the process killed before their receipt", total("interrupted")),
        ("messages repeated for another reason", total("unexplained")),
    ]


def _crowded(folder: Path) -> list[Row]:
    found = asyncio.run(deliver_to_all(folder, MASS_CHATS))
    assert found.is_fast, found
    return [
        ("chats", MASS_CHATS),
        ("messages owed to each", MESSAGES_PER_CHAT),
        ("seconds of the clock", found.seconds),
        ("share of the pace that the limits allow", found.share),
        ("refused with 429", found.refused),
        ("questions asked meanwhile", found.answers),
        ("longest wait for an answer, seconds", found.longest_answer),
    ]


def _stormy(folder: Path) -> list[Row]:
    found = asyncio.run(send_hostile_updates(folder, HOSTILE_UPDATES, SEED))
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
    year = VirtualYear(folder, YEAR_CHATS)
    year.live()
    return list(year.report())


if __name__ == "__main__":
    main()

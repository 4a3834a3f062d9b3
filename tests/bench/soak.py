"""`make soak`: kills and faults, mass delivery, hostile updates and a virtual year, in tables for bot/README.md.

`make test` does a little of each. Each part raises AssertionError as soon as something is lost, repeated or late.
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
from tests.virtual_year import VirtualYear

PARALLEL_TRIALS = 3
"""Trials in parallel, each with its own data folder and server, as a run mostly waits."""
RUNS_PER_TRIAL = 351
"""334 of them are killed."""
MASS_CHATS = 10_000
HOSTILE_UPDATES = 5000
YEAR_CHATS = 200
SEED = 1

Row = tuple[str, object]


def main() -> None:
    os.environ["PTB_TIMEDELTA"] = "true"
    _part("killed at random moments while Telegram fails", _kill)  # first, as it forks and there are no threads yet
    _part("mass delivery, in virtual time", _deliver)
    _part("hostile updates", _send_hostile)
    _part("a year of all sorts of clocks", _live_a_year)


def _part(title: str, measure: Callable[[Path], list[Row]]) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    show(title, ("what", "count"), [*rows, ("minutes", (time.monotonic() - began) / 60)])


@dataclass(frozen=True)
class TrialResult:
    kills: int
    interrupted: Counter[str]
    changes: int
    misbehaved: int
    """Answers that were not those of Telegram."""
    poisons: int
    verdict: Verdict


def _try(folder: Path, seed: int) -> TrialResult:
    fork_server = ForkServer(killed_process.preload, killed_process.run)
    try:
        trial, verdict = asyncio.run(run_trial(folder, fork_server, RUNS_PER_TRIAL, seed))
    finally:
        fork_server.close()
    assert verdict.is_sound, verdict
    return TrialResult(
        len(trial.kills),
        trial.interrupted,
        trial.changes,
        trial.api.happened.total(),
        len(trial.poisons),
        verdict,
    )


def _kill(folder: Path) -> list[Row]:
    folders = [folder / str(side) for side in range(PARALLEL_TRIALS)]
    for trial_folder in folders:
        trial_folder.mkdir()
    with ProcessPoolExecutor(PARALLEL_TRIALS, multiprocessing.get_context("fork")) as pool:
        trials = list(pool.map(_try, folders, range(SEED, SEED + PARALLEL_TRIALS)))
    refused = sum((Counter(trial.verdict.refused) for trial in trials), Counter[int]())
    interrupted = sum((trial.interrupted for trial in trials), Counter[str]())

    def total(name: str) -> int:
        return sum(int(getattr(trial.verdict, name)) for trial in trials)

    answers = {200: "accepted", 0: "accepted, the answer lost", 429: "refused with 429", 502: "failed with 502"}
    return [
        ("kill -9", sum(trial.kills for trial in trials)),
        *((f"  during {job}", count) for job, count in interrupted.most_common()),
        *((f"messages {what}", refused[status]) for status, what in answers.items()),
        ("messages to chats that block the bot", refused[403]),
        ("answers of 20 other kinds, from proxies, without a result, broken off", sum(t.misbehaved for t in trials)),
        ("kinds of files that cannot be read", max(trial.poisons for trial in trials)),
        ("changes of settings and subscriptions acknowledged", sum(trial.changes for trial in trials)),
        ("changes lost", 0),
        ("damaged files, inconsistencies", 0),
        ("messages owed", total("owed")),
        ("messages lost", total("lost") + sum(len(trial.verdict.missed) for trial in trials)),
        ("messages out of order in their chat", total("unordered")),
        ("messages repeated, their answer lost", total("repeated") - total("interrupted")),
        ("messages repeated, the process killed before their receipt", total("interrupted")),
        ("messages repeated for another reason", total("unexplained")),
    ]


def _deliver(folder: Path) -> list[Row]:
    result = asyncio.run(deliver_to_all(folder, MASS_CHATS))
    assert result.is_fast, result
    return [
        ("chats", MASS_CHATS),
        ("messages owed to each", MESSAGES_PER_CHAT),
        ("seconds of the clock", result.seconds),
        ("share of the allowed rate", result.share),
        ("refused with 429", result.refused),
        ("questions asked meanwhile", result.answers),
        ("longest wait for an answer, seconds", result.longest_answer),
    ]


def _send_hostile(folder: Path) -> list[Row]:
    result = asyncio.run(send_hostile_updates(folder, HOSTILE_UPDATES, SEED))
    assert result.is_well, result
    return [
        ("updates", result.kinds.total()),
        ("kinds", len(result.kinds)),
        ("requests in answer", result.answers),
        ("unexpected errors", result.failures + len(result.complaints)),
        ("requests that Telegram would not take", sum(result.refused.values())),
        ("messages over the limits", result.invalid_messages),
    ]


def _live_a_year(folder: Path) -> list[Row]:
    year = VirtualYear(folder, YEAR_CHATS)
    year.run()
    return list(year.report())


if __name__ == "__main__":
    main()

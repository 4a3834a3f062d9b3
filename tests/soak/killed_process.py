"""A run of the program in the kill trial: jobs, delivery, and readers who change settings, until it is killed.

It writes acknowledged changes and running jobs to a journal outside its data folder.
"""

import asyncio
import logging
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from typing import Any

import orjson

from bot import app, jobs
from bot.config import Config
from bot.context import Services
from bot.delivery import Delivery, throttle
from bot.flows.new_articles import Ingestion
from bot.handlers.middleware import reactivate
from bot.jobs import Jobs
from bot.operations.monitoring import Health
from digests.chats import Chat
from digests.language import words
from digests.subscriptions import subscribe, unsubscribe
from tests.delivery.telegram import plain_bot

CLOCK_STEPS = (timedelta(), timedelta(hours=-1), timedelta(hours=1), timedelta(days=-1), timedelta(days=1))
"""Corrections of the clock during a run."""
POISON_PREFIX = "poison-"
"""The names of files that the program cannot read begin with this; the warnings about them are no problem."""
QUERIES = "地铁 煤改电 锂电池 雨水花园 图书馆".split()


@dataclass(frozen=True)
class Assignment:
    """The parameters of a run."""

    config: Config
    journal: Path
    base_url: str
    token: str
    number: int
    """Number of the run; the seed of its random choices."""
    begin: datetime
    writing: tuple[int, ...] = ()
    """Chats that write to the bot at its start."""
    changing: tuple[int, ...] = ()
    """Chats that change subscriptions and settings throughout the run."""
    complete: bool = False
    """True for a complete run, which ends when the outbox is empty."""


def preload() -> None:
    """Load once what every run needs."""
    os.environ["PTB_TIMEDELTA"] = "true"
    # Python's resource tracker would warn about the shared memory of each killed process.
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    words.load()


def run(assignment: Assignment) -> None:
    """Run until killed; a complete run ends when everything is delivered."""
    began = time.monotonic()
    journal = Journal(assignment.journal)
    logging.getLogger("bot").addHandler(ProblemLog(journal))
    logging.getLogger("bot").propagate = False
    logging.getLogger("apscheduler").setLevel(
        logging.ERROR
    )  # otherwise it warns about each run of a job that is still running
    # Ten times Telegram's rate and a busy scheduler, so that a kill within half a second always hits something.
    throttle.SECONDS_BETWEEN_MESSAGES, throttle.PERSON_LIMIT, throttle.CHAT_BURST_LIMIT = 1 / 300, (1, 0.02), (20, 0.5)
    jobs.DELIVERY_SECONDS = 0.01
    jobs.RECEIPTS_KEPT = timedelta(days=3650)  # the verdict needs all receipts

    rng = random.Random(assignment.number)
    step, step_after = rng.choice(CLOCK_STEPS), rng.uniform(0, 0.5)

    def clock() -> datetime:
        """Return a time of day that is corrected once during the run."""
        seconds = time.monotonic() - began
        return assignment.begin + timedelta(seconds=seconds) + (step if seconds > step_after else timedelta())

    with app.open_services(assignment.config, clock) as services:
        services.health = JournalledHealth(journal)
        asyncio.run(_run(assignment, services, journal))


async def _run(assignment: Assignment, services: Services, journal: "Journal") -> None:
    bot = plain_bot(assignment.token, assignment.base_url)
    await bot.request.initialize()
    delivery = Delivery(services.outbox, services.chats, bot, services.clock, throttle=services.throttle)
    work = Jobs(services, delivery, Ingestion(services))
    for chat in assignment.writing:
        reactivate(services, chat)
    if assignment.complete:
        await _deliver_everything(work, delivery, services)
    else:
        work.start()
        await _change_settings(assignment, services, journal)
    await bot.request.shutdown()


async def _deliver_everything(work: Jobs, delivery: Delivery, services: Services) -> None:
    """Ingest, queue and deliver everything."""
    await work.ingest_new_pages()
    await work.queue_due_messages()
    while services.outbox.counts()["owed"]:
        await delivery.run_once()
        await asyncio.sleep(0.05)


async def _change_settings(assignment: Assignment, services: Services, journal: "Journal") -> None:
    rng = random.Random(assignment.number)
    while True:
        chat = rng.choice(assignment.changing)
        await asyncio.to_thread(reactivate, services, chat)
        await asyncio.to_thread(_change_chat, services, journal, chat, _random_change(rng, services.clock()))
        await asyncio.sleep(rng.uniform(0, 0.05))


def _change_chat(services: Services, journal: "Journal", chat_id: int, change: Callable[[Chat], Chat]) -> None:
    def change_and_note(chat: Chat) -> Chat:
        changed = change(chat)
        journal.note("requested", chat_id, chosen_state(changed))
        return changed

    services.chats.update(chat_id, change_and_note)
    journal.note("acknowledged", chat_id)


def _random_change(rng: random.Random, now: datetime) -> Callable[[Chat], Chat]:
    word, hour = rng.choice(QUERIES), rng.randrange(24)

    def change(chat: Chat) -> Chat:
        if rng.random() < 0.3:
            return replace(chat, settings=replace(chat.settings, digest_time=day_time(hour)))
        changed, ended = unsubscribe(chat, word)
        return changed if ended else subscribe(chat, word, now=now, limit=100)[0]

    return change


def chosen_state(chat: Chat) -> list[Any]:
    """The settings and subscriptions that a chat has chosen."""
    return [str(chat.settings.digest_time), *sorted(subscription.query for subscription in chat.subscriptions)]


class Journal:
    """A file of JSON lines, each written at once, that outlives the process."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, *line: Any) -> None:
        os.write(self._file, orjson.dumps(line) + b"\n")


def read_journal(file: Path, offset: int) -> tuple[Sequence[Any], int]:
    """The entries from an offset on, and the offset after them."""
    with file.open("rb") as journal:
        journal.seek(offset)
        return [orjson.loads(line) for line in journal], journal.tell()


class JournalledHealth(Health):
    """Health that also writes each job's start and end to the journal."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def job_started(self, job: str) -> None:
        super().job_started(job)
        self._journal.note("started", job)

    def job_succeeded(self, job: str) -> None:
        super().job_succeeded(job)
        self._journal.note("ended", job)


class ProblemLog(logging.Handler):
    """Writes warnings of the jobs and all errors to the journal; refused messages are part of the trial."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        is_expected = text.startswith(POISON_PREFIX) and record.levelno < logging.ERROR
        if record.levelno >= logging.ERROR or (record.name.startswith(("bot.jobs", "bot.flows")) and not is_expected):
            self._journal.note("problem", text)

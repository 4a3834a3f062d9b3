"""One life of the real program: its jobs, its delivery, and readers who change their minds, until it is killed.

What it acknowledged to a reader, and what was under way, it writes into a journal outside its data folder.
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
from bot.operations.health import Health
from digests.chats import Chat
from digests.language import words
from digests.subscriptions import subscribe, unsubscribe
from tests.delivery.telegram import plain_bot

QUERIES = "地铁 煤改电 锂电池 雨水花园 图书馆".split()


@dataclass(frozen=True)
class Assignment:
    """What a life is to be like."""

    config: Config
    journal: Path
    base_url: str
    token: str
    number: int
    """Of the life; what it does by chance depends on it."""
    begin: datetime
    writing: tuple[int, ...] = ()
    """Chats that write to the bot as soon as it is there."""
    changing: tuple[int, ...] = ()
    """Chats that change subscriptions and settings all the time."""
    whole: bool = False
    """Whether it ends by itself, when nothing is owed any more."""


def preload() -> None:
    """What takes long and is the same in every life."""
    os.environ["PTB_TIMEDELTA"] = "true"
    # Python's own helper tells of what each killed process had in memory.
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    words.load()


def run(order: Assignment) -> None:
    """Until it is killed; a whole life until everything is delivered."""
    began = time.monotonic()
    journal = Journal(order.journal)
    logging.getLogger("bot").addHandler(ProblemLog(journal))
    logging.getLogger("bot").propagate = False
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # else each turn that a job under way misses is told
    # Ten times Telegram's pace and a busy scheduler, so that within half a second there is always something to kill.
    throttle.SECONDS_BETWEEN_MESSAGES, throttle.PERSON_LIMIT, throttle.CHAT_BURST_LIMIT = 1 / 300, (1, 0.02), (20, 0.5)
    jobs.DELIVERY_SECONDS = 0.01
    jobs.RECEIPTS_KEPT = timedelta(days=3650)  # the judge wants to see them all

    def clock() -> datetime:
        return order.begin + timedelta(seconds=time.monotonic() - began)

    with app.open_services(order.config, clock) as services:
        services.health = JournalledHealth(journal)
        asyncio.run(_live(order, services, journal))


async def _live(order: Assignment, services: Services, journal: "Journal") -> None:
    bot = plain_bot(order.token, order.base_url)
    await bot.request.initialize()
    delivery = Delivery(services.outbox, services.chats, bot, services.clock, throttle=services.throttle)
    work = Jobs(services, delivery, Ingestion(services))
    for chat in order.writing:
        reactivate(services, chat)
    if order.whole:
        await _end(work, delivery, services)
    else:
        work.start()
        await _change_for_ever(order, services, journal)
    await bot.request.shutdown()


async def _end(work: Jobs, delivery: Delivery, services: Services) -> None:
    """Everything that is to be done, done."""
    await work.ingest_new_pages()
    await work.queue_due_messages()
    while services.outbox.counts()["owed"]:
        await delivery.run_once()
        await asyncio.sleep(0.05)


async def _change_for_ever(order: Assignment, services: Services, journal: "Journal") -> None:
    choose = random.Random(order.number)
    while True:
        chat = choose.choice(order.changing)
        await asyncio.to_thread(reactivate, services, chat)
        await asyncio.to_thread(_changed, services, journal, chat, _wish(choose, services.clock()))
        await asyncio.sleep(choose.uniform(0, 0.05))


def _changed(services: Services, journal: "Journal", chat: int, wish: Callable[[Chat], Chat]) -> None:
    def change(known: Chat) -> Chat:
        wanted = wish(known)
        journal.note("wants", chat, chosen_state(wanted))
        return wanted

    services.chats.update(chat, change)
    journal.note("has", chat)


def _wish(choose: random.Random, now: datetime) -> Callable[[Chat], Chat]:
    word, hour = choose.choice(QUERIES), choose.randrange(24)

    def change(known: Chat) -> Chat:
        if choose.random() < 0.3:
            return replace(known, settings=replace(known.settings, digest_time=day_time(hour)))
        changed, ended = unsubscribe(known, word)
        return changed if ended else subscribe(known, word, now=now, limit=100)[0]

    return change


def chosen_state(chat: Chat) -> list[Any]:
    """What a reader chose."""
    return [str(chat.settings.digest_time), *sorted(one.query for one in chat.subscriptions)]


class Journal:
    """Lines of JSON, each written at once; what is written outlives the process."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, *line: Any) -> None:
        os.write(self._file, orjson.dumps(line) + b"\n")


def read_journal(file: Path, offset: int) -> tuple[Sequence[Any], int]:
    """The entries from an offset on, and the offset behind them."""
    with file.open("rb") as journal:
        journal.seek(offset)
        return [orjson.loads(line) for line in journal], journal.tell()


class JournalledHealth(Health):
    """Health that also writes each job's start and end to the journal."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def job_started(self, job: str, now: datetime) -> None:
        super().job_started(job, now)
        self._journal.note("begins", job)

    def job_succeeded(self, job: str, now: datetime) -> None:
        super().job_succeeded(job, now)
        self._journal.note("ends", job)


class ProblemLog(logging.Handler):
    """What the jobs complain of, and every error; that a message was refused belongs to the trial."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.name == "bot.jobs":
            self._journal.note("complains", self.format(record))

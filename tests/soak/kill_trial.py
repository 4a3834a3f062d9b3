"""Many runs with one data folder, most of them killed at a random moment while Telegram fails; then the verdict."""

import asyncio
import contextlib
import logging
import os
import random
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot import app
from bot.config import Config
from bot.local import Faults, LocalServer
from bot.local.chats import CHATS, Chat, User
from digests.storage import check
from digests.storage.stores import ChatStore
from digests.subscriptions import subscribe
from tests.misbehaving_api import CARRIED_OUT_WITHOUT_RESULT, NOT_CARRIED_OUT, MisbehavingApi
from tests.poison import POISONS
from tests.soak.fork_server import ForkServer
from tests.soak.killed_process import POISON_PREFIX, Assignment, chosen_state, read_journal
from tests.soak.verdict import Verdict, make_verdict

START = datetime(2023, 3, 5, 1, tzinfo=UTC)
TIME_BETWEEN_RUNS = timedelta(hours=3)
"""Time that passes between runs, so that digests and backups fall due."""
RUNS_PER_COMPLETE_RUN = 20
"""One in so many runs delivers everything; the others last at most as long as the last complete one."""
FAULTS = Faults(flood_chance=0.05, server_error_chance=0.05, lost_chance=0.05)
BLOCKED_SHARE = 0.02
FOLLOWING_CHATS = tuple(range(2001, 2013))
"""Chats with a lasting subscription to QUERY."""
CHANGING_CHATS = tuple(range(3001, 3019))
"""Chats whose subscriptions and settings change all the time."""
QUERY = "防汛"
CHARACTERS = "云河石桥花园市场书馆街巷山水林田湖草春夏秋冬东南西北中天地人日月星风雨雷电金木火土"
RUNS_PER_POISON = 5
"""One in so many runs finds a new file that cannot be read."""
RUNS_PER_CHECK = 50
"""Runs after which all stores are checked."""


@dataclass
class KillTrial:
    """Raises AssertionError as soon as a store is inconsistent, a change is lost, or an error is logged."""

    folder: Path
    server: LocalServer
    api: MisbehavingApi
    """Between the program and the server."""
    fork_server: ForkServer
    rng: random.Random
    articles: list[str] = field(default_factory=list)
    """Headlines that every following chat must get an alert for."""
    kills: list[dict[int, int]] = field(default_factory=list)
    """For each kill the number of messages of every chat at that time."""
    poisons: set[str] = field(default_factory=set)
    """Names of the files that cannot be read."""
    interrupted: Counter[str] = field(default_factory=Counter)
    """What was running when a process was killed."""
    changes: int = 0
    complete_seconds: float = 0.0
    """Seconds that the last complete run took."""
    _acknowledged: dict[int, list[Any]] = field(default_factory=dict)
    _journal_offset: int = 0

    @property
    def config(self) -> Config:
        archive, alerts = {"folder": self.folder / "pages"}, {"cap": 100}  # alerts of several killed runs come together
        return Config.model_validate({"data": self.folder / "data", "archive": archive, "alerts": alerts})

    async def begin(self) -> None:
        """Create the chats and deliver their first alerts and digests."""
        self.config.archive.folder.mkdir()
        with app.open_services(self.config, lambda: START) as services:
            for number in (*FOLLOWING_CHATS, *CHANGING_CHATS):
                chat = services.chats.get_or_create(number, "zh")
                if number in FOLLOWING_CHATS:
                    chat = subscribe(chat, QUERY, now=START, limit=1)[0]
                services.chats.put(chat)
                self._acknowledged[number] = chosen_state(chat)
        self._write_page(0)
        await self._run_completely(replace(self._assignment(0), writing=(*FOLLOWING_CHATS, *CHANGING_CHATS)))

    async def kill(self, runs: int) -> None:
        """Start the program `runs` times; most of the runs are killed."""
        blocked: frozenset[int] = frozenset()
        for number in range(1, runs + 1):
            if number % 2:
                self._write_page(number)
            if number % RUNS_PER_POISON == 0:
                self._write_poison()
            writing = tuple(blocked)
            blocked = frozenset(chat for chat in CHATS if self.rng.random() < BLOCKED_SHARE)
            self.server.faults = replace(FAULTS, blocked=blocked)
            assignment = replace(
                self._assignment(number), writing=tuple(chat for chat in writing if chat not in blocked)
            )
            if number % RUNS_PER_COMPLETE_RUN:
                await self._run_until_killed(assignment)
            else:
                await self._run_completely(assignment)
            self._check_stores(complete=number % RUNS_PER_CHECK == 0)
            blocked |= frozenset(writing) - {*assignment.writing}  # they write again once they are no longer blocked

    async def end(self, runs: int) -> Verdict:
        """Deliver everything without faults and blocks, and judge."""
        self.server.faults = Faults()
        self._write_page(runs + 1)
        await self._run_completely(replace(self._assignment(runs + 1), writing=(*FOLLOWING_CHATS, *CHANGING_CHATS)))
        self._check_stores(complete=True)
        with app.open_archive(self.config) as archive:
            problems = archive.check()
        named = {problem.partition(": ")[0].rpartition("/")[2] for problem in problems}
        assert named == self.poisons, problems
        awaited = dict.fromkeys(FOLLOWING_CHATS, self.articles)
        return make_verdict(self.config.data, self._received_messages(), awaited, self.server.requests, self.kills)

    def _received_messages(self) -> dict[int, list[dict[str, Any]]]:
        return {chat: self.server.messages(chat) for chat in (*FOLLOWING_CHATS, *CHANGING_CHATS)}

    async def _run_until_killed(self, assignment: Assignment) -> None:
        exit_code = await asyncio.to_thread(
            self.fork_server.run, assignment, self.rng.uniform(0.01, self.complete_seconds)
        )
        assert exit_code == -9, f"run {assignment.number} ended with {exit_code} instead of being killed"
        await _connections_closed(self.server, self.api)
        self.kills.append({chat: len(self.server.state.messages.in_chat(chat)) for chat in CHATS})

    async def _run_completely(self, assignment: Assignment) -> None:
        began = time.monotonic()
        exit_code = await asyncio.to_thread(self.fork_server.run, replace(assignment, complete=True))
        assert exit_code == 0, f"run {assignment.number} ended with {exit_code}"
        self.complete_seconds = time.monotonic() - began

    def _assignment(self, number: int) -> Assignment:
        return Assignment(
            self.config,
            self.folder / "journal",
            f"{self.api.address}/bot",
            self.server.token,
            number,
            START + number * TIME_BETWEEN_RUNS,
            changing=CHANGING_CHATS,
        )

    def _write_page(self, number: int) -> None:
        """Write a file with one or two articles of the day, all different."""
        day = (START + number * TIME_BETWEEN_RUNS).date()
        rows = []
        for position in range(self.rng.randint(1, 2)):
            headline = f"〔新闻-{number}-{position}〕"
            self.articles.append(headline)
            rows.append(
                {
                    "id": f"{number}-{position}",
                    "date": day.isoformat(),
                    "page": 1,
                    "headline": headline,
                    "paragraphs": [f"{QUERY}有了新进展。" + "".join(self.rng.choices(CHARACTERS, k=150)) + "。"],
                }
            )
        file = self.config.archive.folder / f"{number:04}.jsonl"
        file.write_bytes(b"\n".join(map(orjson.dumps, rows)))
        os.utime(file, (0, 0))  # an old file, so that it is read at once

    def _write_poison(self) -> None:
        """Write a file that cannot be read, in place of an earlier one of the same kind."""
        name = self.rng.choice(list(POISONS))
        file = self.config.archive.folder / f"{POISON_PREFIX}{name}"
        file.write_bytes(POISONS[name][0])
        os.utime(file, (len(self.kills), 0))  # changed, so that it is read again
        self.poisons.add(file.name)

    def _check_stores(self, *, complete: bool) -> None:
        """Check that the stores are consistent and hold all acknowledged changes."""
        self._check_journal()
        problems = check.check(self.config.data) if complete else []
        # Messages held for a chat that writes at the moment of the kill are released by its next message.
        problems = [problem for problem in problems if "held back" not in problem]
        assert not problems, problems

    def _check_journal(self) -> None:
        """Compare the stored chats with the journal of the run."""
        if not (self.folder / "journal").exists():
            return
        lines, self._journal_offset = read_journal(self.folder / "journal", self._journal_offset)
        running_jobs: set[str] = set()
        requested: dict[int, list[Any]] = {}
        for kind, subject, *state in lines:
            assert kind != "problem", subject
            match kind:
                case "requested":
                    requested[subject] = state[0]
                case "acknowledged":
                    self._acknowledged[subject] = requested.pop(subject)
                    self.changes += 1
                case "started":
                    running_jobs.add(subject)
                case "ended":
                    running_jobs.discard(subject)
        self.interrupted.update(running_jobs | ({"change"} if requested else set()) or {"nothing"})
        stored = {chat.id: chosen_state(chat) for chat in ChatStore(self.config.data / "chats.json", owner=False).all()}
        for chat, state in self._acknowledged.items():
            assert stored[chat] in (state, requested.get(chat)), (
                f"chat {chat} has {stored[chat]}; acknowledged was {state}"
            )
        self._acknowledged = stored


async def _connections_closed(server: LocalServer, api: MisbehavingApi) -> None:
    """Wait until both servers have read everything that the killed client had sent."""
    serving = server._http._server
    assert serving
    async with asyncio.timeout(30):
        while api.open or serving.server_state.connections or serving.server_state.tasks:
            await asyncio.sleep(0.001)


@contextlib.contextmanager
def only_trial_chats() -> Iterator[None]:
    """Replace the server's chats by those of the trial."""
    with pytest.MonkeyPatch.context() as patch:
        for known in tuple(CHATS):
            patch.delitem(CHATS, known)
        for number in (*FOLLOWING_CHATS, *CHANGING_CHATS):
            patch.setitem(
                CHATS, number, Chat(number, "private", str(number), (User(number, str(number), f"u{number}"),))
            )
        yield


@contextlib.asynccontextmanager
async def recording_server() -> AsyncIterator[LocalServer]:
    """A server that records every request."""
    with only_trial_chats():
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # it logs each request cut off by a kill
        server = LocalServer(port=0)
        server.api.requests = deque()
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


async def run_trial(folder: Path, fork_server: ForkServer, runs: int, seed: int) -> tuple[KillTrial, Verdict]:
    """Run a trial with a new data folder; return it with the verdict."""
    async with recording_server() as server, MisbehavingApi(server).serving() as api:
        api.at_random = {kind: NOT_CARRIED_OUT[kind] for kind in NOT_CARRIED_OUT if "markup" not in kind}
        api.at_random |= CARRIED_OUT_WITHOUT_RESULT
        trial = KillTrial(folder, server, api, fork_server, random.Random(seed))
        await trial.begin()
        await trial.kill(runs)
        api.at_random = {}
        return trial, await trial.end(runs)

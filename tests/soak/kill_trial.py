"""Many lives over one data folder, each killed at a random moment while Telegram misbehaves; then the judgement."""

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
from tests.soak.fork_server import ForkServer
from tests.soak.killed_process import Assignment, chosen_state, read_journal
from tests.soak.verdict import Verdict, judge

START = datetime(2023, 3, 5, 1, tzinfo=UTC)
TIME_BETWEEN_RUNS = timedelta(hours=3)
"""From one life to the next, so that new days begin, digests fall due and backups are made."""
RUNS_PER_COMPLETE_RUN = 20
"""One in so many lives does and delivers all there is; the others last at most as long as the last such one did."""
FAULTS = Faults(flood_chance=0.05, server_error_chance=0.05, lost_chance=0.05)
BLOCKED_SHARE = 0.02
FOLLOWING_CHATS = tuple(range(2001, 2013))
"""Chats that follow SUBJECT all the time."""
CHANGING_CHATS = tuple(range(3001, 3019))
"""Chats that change their minds all the time."""
QUERY = "防汛"
CHARACTERS = "云河石桥花园市场书馆街巷山水林田湖草春夏秋冬东南西北中天地人日月星风雨雷电金木火土"
RUNS_PER_CHECK = 50
"""Lives after which the whole state is looked over."""


@dataclass
class KillTrial:
    """Raises AssertionError as soon as something is torn, lost or complained of."""

    folder: Path
    server: LocalServer
    nursery: ForkServer
    choose: random.Random
    articles: list[str] = field(default_factory=list)
    """Headlines of those that every faithful chat has to hear of."""
    kills: list[dict[int, int]] = field(default_factory=list)
    """Of each kill how many messages every chat had then."""
    struck: Counter[str] = field(default_factory=Counter)
    """What was under way when a life was ended."""
    changes: int = 0
    longest: float = 0.0
    """Seconds that the last whole life took."""
    _states: dict[int, list[Any]] = field(default_factory=dict)
    _read: int = 0

    @property
    def config(self) -> Config:
        archive, alerts = {"folder": self.folder / "pages"}, {"cap": 100}  # what lives left undone comes all at once
        return Config.model_validate({"data": self.folder / "data", "archive": archive, "alerts": alerts})

    async def begin(self) -> None:
        """The chats are there, and get their first alerts and digests."""
        self.config.archive.folder.mkdir()
        with app.open_services(self.config, lambda: START) as services:
            for number in (*FOLLOWING_CHATS, *CHANGING_CHATS):
                chat = services.chats.get_or_create(number, "zh")
                if number in FOLLOWING_CHATS:
                    chat = subscribe(chat, QUERY, now=START, limit=1)[0]
                services.chats.put(chat)
                self._states[number] = chosen_state(chat)
        self._bring_page(0)
        await self._live_whole(replace(self._order(0), writing=(*FOLLOWING_CHATS, *CHANGING_CHATS)))

    async def kill(self, lives: int) -> None:
        """So many lives, one after another, most of them killed."""
        blocked: frozenset[int] = frozenset()
        for number in range(1, lives + 1):
            if number % 2:
                self._bring_page(number)
            writing = tuple(blocked)
            blocked = frozenset(chat for chat in CHATS if self.choose.random() < BLOCKED_SHARE)
            self.server.faults = replace(FAULTS, blocked=blocked)
            order = replace(self._order(number), writing=tuple(chat for chat in writing if chat not in blocked))
            if number % RUNS_PER_COMPLETE_RUN:
                await self._live_until_killed(order)
            else:
                await self._live_whole(order)
            self._look(whole=number % RUNS_PER_CHECK == 0)
            blocked |= frozenset(writing) - {*order.writing}  # they write as soon as they may

    async def end(self, lives: int) -> Verdict:
        """Nothing goes wrong any more, every chat writes again, and all is delivered."""
        self.server.faults = Faults()
        self._bring_page(lives + 1)
        await self._live_whole(replace(self._order(lives + 1), writing=(*FOLLOWING_CHATS, *CHANGING_CHATS)))
        self._look(whole=True)
        with app.open_archive(self.config) as archive:
            problems = archive.check()
        assert not problems, problems
        awaited = dict.fromkeys(FOLLOWING_CHATS, self.articles)
        return judge(self.config.data, self._received(), awaited, self.server.requests, self.kills)

    def _received(self) -> dict[int, list[dict[str, Any]]]:
        return {chat: self.server.messages(chat) for chat in (*FOLLOWING_CHATS, *CHANGING_CHATS)}

    async def _live_until_killed(self, order: Assignment) -> None:
        how = await asyncio.to_thread(self.nursery.bear, order, self.choose.uniform(0.01, self.longest))
        assert how == -9, f"life {order.number} ended with {how} instead of being killed"
        await _hung_up(self.server)
        self.kills.append({chat: len(self.server.state.messages.in_chat(chat)) for chat in CHATS})

    async def _live_whole(self, order: Assignment) -> None:
        began = time.monotonic()
        how = await asyncio.to_thread(self.nursery.bear, replace(order, whole=True))
        assert how == 0, f"life {order.number} ended with {how}"
        self.longest = time.monotonic() - began

    def _order(self, number: int) -> Assignment:
        return Assignment(
            self.config,
            self.folder / "journal",
            self.server.base_url,
            self.server.token,
            number,
            START + number * TIME_BETWEEN_RUNS,
            changing=CHANGING_CHATS,
        )

    def _bring_page(self, number: int) -> None:
        """One or two articles of the day, each unlike the others."""
        day = (START + number * TIME_BETWEEN_RUNS).date()
        rows = []
        for one in range(self.choose.randint(1, 2)):
            headline = f"〔新闻-{number}-{one}〕"
            self.articles.append(headline)
            rows.append(
                {
                    "id": f"{number}-{one}",
                    "date": day.isoformat(),
                    "page": 1,
                    "headline": headline,
                    "paragraphs": [f"{QUERY}有了新进展。" + "".join(self.choose.choices(CHARACTERS, k=150)) + "。"],
                }
            )
        file = self.config.archive.folder / f"{number:04}.jsonl"
        file.write_bytes(b"\n".join(map(orjson.dumps, rows)))
        os.utime(file, (0, 0))  # copied long ago

    def _look(self, *, whole: bool) -> None:
        """What a life left behind is whole, and holds what readers were told it holds."""
        self._read_journal()
        if whole:
            problems = check.check(self.config.data)
            # What is held for a chat that wrote at the same moment is not lost: see `checking`.
            problems = [one for one in problems if "held back" not in one]
            assert not problems, problems

    def _read_journal(self) -> None:
        """Hold the chats against what the ended life said of them."""
        if not (self.folder / "journal").exists():
            return
        lines, self._read = read_journal(self.folder / "journal", self._read)
        under_way: set[str] = set()
        wants: dict[int, list[Any]] = {}
        for kind, what, *state in lines:
            assert kind != "complains", what
            match kind:
                case "wants":
                    wants[what] = state[0]
                case "has":
                    self._states[what] = wants.pop(what)
                    self.changes += 1
                case "begins":
                    under_way.add(what)
                case "ends":
                    under_way.discard(what)
        self.struck.update(under_way | ({"change"} if wants else set()) or {"nothing"})
        kept = {chat.id: chosen_state(chat) for chat in ChatStore(self.config.data / "chats.json", owner=False).all()}
        for chat, state in self._states.items():
            assert kept[chat] in (state, wants.get(chat)), f"chat {chat} has {kept[chat]}; it was told {state}"
        self._states = kept


async def _hung_up(server: LocalServer) -> None:
    """Wait until the server has read all that a killed client had sent."""
    serving = server._http._server
    assert serving
    async with asyncio.timeout(30):
        while serving.server_state.connections or serving.server_state.tasks:
            await asyncio.sleep(0.001)


@contextlib.contextmanager
def only_trial_chats() -> Iterator[None]:
    """The chats of the trial stand in the server's world, alone."""
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
    """A server that remembers every request."""
    with only_trial_chats():
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # it tells of each request cut off by a kill
        server = LocalServer(port=0)
        server.api.requests = deque()
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


async def run_trial(folder: Path, nursery: ForkServer, lives: int, seed: int) -> tuple[KillTrial, Verdict]:
    """So many lives over a new data folder in `folder`, and what became of everything."""
    async with recording_server() as server:
        trial = KillTrial(folder, server, nursery, random.Random(seed))
        await trial.begin()
        await trial.kill(lives)
        return trial, await trial.end(lives)

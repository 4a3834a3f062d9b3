"""Speed of answers to 200 readers on the local server, compared with a minimal bot that echoes.

Both bots run like `jianbao run`, in one process with the server and over real HTTP; the readers cost next to nothing.
The throttle is off where the table shows answers a second, and on where it shows how long readers wait.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any
from unittest import mock

import httpx
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot import app, config
from bot.delivery.pictures import Pictures
from bot.local import LocalServer
from bot.local.chats import CHATS, Chat, User
from bot.local.user_actions import send_text
from digests.chats import Picture
from tests.bench.tables import show
from tests.conftest import ROOT, SEEDS

READERS = [Chat(5000 + n, "private", f"读者{n}", (User(5000 + n, f"读者{n}", f"r{n}", "zh"),)) for n in range(200)]
RUNS = 3
ROUNDS = 3
RATE = 20.0
"""Questions a second from all readers together, one in ten seconds from each."""
SECONDS = 8.0

Row = tuple[object, ...]


@dataclass
class Meter:
    """Asks for the readers of a server and measures the time to the first message of each answer."""

    server: LocalServer
    waiting: dict[int, asyncio.Future[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._state = self.server.state
        tell = self._state.events.publish

        def publish_and_measure(kind: str, data: dict[str, Any]) -> None:
            tell(kind, data)
            if (
                kind == "message"
                and data["from"]["is_bot"]
                and (answered := self.waiting.pop(data["chat"]["id"], None))
            ):
                answered.set_result(None)

        self._state.events.publish = publish_and_measure  # type: ignore[method-assign]

    async def ask(self, reader: Chat, text: str) -> float:
        """Milliseconds until the first message of the answer."""
        answered = self.waiting[reader.id] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        send_text(self._state, reader, reader.people[0], text, None)
        await asyncio.wait_for(answered, 300)
        return 1000 * (time.perf_counter() - began)

    async def in_parallel(self, text: str) -> float:
        """Answers a second while all readers ask again as soon as they are answered; the best of RUNS runs."""

        async def talk(reader: Chat, rounds: int) -> None:
            for _ in range(rounds):
                await self.ask(reader, text)

        await asyncio.gather(*(talk(reader, 1) for reader in READERS))  # a first question that is not measured
        best = 0.0
        for _ in range(RUNS):
            began = time.perf_counter()
            await asyncio.gather(*(talk(reader, ROUNDS) for reader in READERS))
            best = max(best, len(READERS) * ROUNDS / (time.perf_counter() - began))
        return best

    async def at_fixed_rate(self, text: str) -> tuple[float, float]:
        """Median and 99th percentile of the waits in milliseconds while RATE questions a second come evenly."""
        asking = []
        for n in range(int(RATE * SECONDS)):
            asking.append(asyncio.create_task(self.ask(READERS[n % len(READERS)], text)))
            await asyncio.sleep(1 / RATE)
        cuts = quantiles(await asyncio.gather(*asking), n=100)
        return cuts[49], cuts[98]


@asynccontextmanager
async def echo() -> AsyncIterator[Meter]:
    """A minimal bot of the same library that echoes each message."""

    async def back(update: Update, _: Any) -> None:
        assert update.effective_message
        await update.effective_message.reply_text(update.effective_message.text or "")

    server = LocalServer(port=0)
    await server.start()
    builder = Application.builder().token(server.token).base_url(server.base_url).concurrent_updates(256)
    bot = builder.build()
    bot.add_handler(MessageHandler(filters.TEXT, back))
    async with bot:
        assert bot.updater
        await bot.updater.start_polling()
        await bot.start()
        yield Meter(server)
        await bot.updater.stop()
        await bot.stop()
    await server.stop()


@asynccontextmanager
async def jianbao(data: Path) -> AsyncIterator[tuple[Meter, app.Jianbao]]:
    settings = config.Config(
        data=data,
        archive=config.ArchiveConfig(folder=SEEDS, every_seconds=3600),
        access=config.AccessConfig(per_minute=1000),
        local=config.LocalConfig(port=0),
    )
    async with app.running(settings) as running:
        assert running.server
        yield Meter(running.server), running


@contextmanager
def without_throttle() -> Iterator[None]:
    """Lift the throttle, and switch off the typing action, which is a request of its own."""
    with (
        mock.patch("bot.delivery.throttle.SECONDS_BETWEEN_MESSAGES", 0.0),
        mock.patch("bot.delivery.throttle.CHAT_BURST_LIMIT", (10**6, 1.0)),
        mock.patch("bot.handlers.middleware.TYPING_DELAY_SECONDS", 600.0),
    ):
        yield


async def chatting(data: Path) -> list[Row]:
    """For each kind of question: answers a second, their share of the echo's, and the waits in milliseconds.

    The echo is measured before and after, and its better figure counts, in case the machine was busy for a while.
    """
    CHATS.update({reader.id: reader for reader in READERS})
    async with echo() as meter:
        before, waits = await meter.in_parallel("防汛"), await meter.at_fixed_rate("防汛")
    ours = []
    async with jianbao(data) as (meter, running):
        archive = running.services.archive
        article = archive.articles(archive.issues()[0].day)[0].id
        for what, text in (("/today", "/today"), ("a search", "/search 防汛"), ("an article", f"/article {article}")):
            with without_throttle():
                fast = await meter.in_parallel(text)
            ours.append((what, fast, await meter.at_fixed_rate(text)))
    async with echo() as meter:
        bare = max(before, await meter.in_parallel("防汛"))
    for reader in READERS:
        del CHATS[reader.id]
    return [("an echo", bare, 1.0, *waits), *((what, fast, fast / bare, *waited) for what, fast, waited in ours)]


def drawing(data: Path) -> list[Row]:
    """Each kind of picture, drawn without the cache, in milliseconds and thousands of bytes."""
    kinds = (("an issue's card", "card", ""), ("its themes", "themes", ""), ("a trend", "trend", "疫情 防汛"))
    with app.open_archive(config.Config(data=data, archive=config.ArchiveConfig(folder=SEEDS))) as archive:
        pictures, day = Pictures(archive), archive.issues()[0].day.isoformat()
        rows: list[Row] = []
        for what, kind, words in kinds:
            pictures.draw(Picture(kind, words or day, "en"))  # type: ignore[arg-type]  loads the font, counts the words
            picture = Picture(kind, words or day)  # type: ignore[arg-type]
            began = time.perf_counter()
            size = len(pictures.draw(picture)) / 1000
            rows.append((what, 1000 * (time.perf_counter() - began), size))
    return rows


def starting(data: Path) -> Sequence[Row]:
    """Seconds from `jianbao run` on ingested pages to the first answer, and the memory used then."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "config.toml"
        settings.write_text("[local]\nport = 0\n", encoding="utf-8")
        began = time.perf_counter()
        command = [sys.executable, "-m", "bot", "run", "--config", str(settings), "--data", str(data)]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert running.stdout
            ready = next(line for line in running.stdout if "http://" in line)
            found = re.search(r"http://\S+", ready)
            assert found
            with httpx.Client(base_url=found.group(), trust_env=False) as page:
                _answer(page, "/today")
                first = time.perf_counter() - began
                plain = _megabytes(running.pid)
                _answer(page, "/trend 疫情 防汛")
                drawn = _megabytes(running.pid)
        finally:
            running.terminate()
            running.wait()
            if running.stdout:
                running.stdout.close()
    return [("from the start to the first answer", first, plain), ("after the first picture", "", drawn)]


def _answer(page: httpx.Client, text: str) -> None:
    before = page.get("/api/chats/1001/messages").json()["messages"]
    page.post("/api/chats/1001/messages", json={"text": text})
    while len(page.get("/api/chats/1001/messages").json()["messages"]) < len(before) + 2:
        time.sleep(0.005)


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def main() -> None:
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        rows = asyncio.run(chatting(data))
        head = ("200 readers", "answers a second", "of the echo's", f"median ms at {RATE:g} a second", "p99 ms")
        show("chatting", head, rows)
        show("drawing pictures", ("what", "ms", "KB"), drawing(data))
        show("starting, with the five pages taken in", ("what", "seconds", "MB"), starting(data))


if __name__ == "__main__":
    main()

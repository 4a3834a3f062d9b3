"""Hostile updates through the running program, and what became of them."""

import asyncio
import logging
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import running
from bot.callbacks import MAX_CALLBACK_BYTES
from bot.config import AccessConfig, Config, LocalConfig
from bot.local import LocalServer
from bot.local.chats import BOT, CHATS
from bot.render.packing import MAX_CAPTION_UNITS, MAX_MESSAGE_UNITS, utf16_units
from tests.conftest import BOT_API
from tests.conversations.samples import EXTRA_CHATS
from tests.soak.hostile_updates import HostileUpdates

NOW = datetime(2022, 11, 25, 12, 0, tzinfo=UTC)
"""The evening after the newest of the sample issues."""
BURST_SIZES = (1, 1, 2, 2, 2, 5, 20)
"""Updates that come together."""
MAX_WAITING_UPDATES = 60
"""Updates that may be waiting before more are sent."""
EXPECTED_REFUSALS = re.compile(
    "message is not modified|query is too old|message to edit not found|message can't be edited|chat not found"
    "|message thread not found|there is no text in the message to edit|bot was (blocked|kicked)",
    re.IGNORECASE,
)
"""Refusals that come of old messages and buttons, not of a request that is wrong in itself."""


@dataclass(frozen=True)
class HostileResult:
    """Counts of what came of the updates."""

    kinds: Counter[str]
    failures: int
    """Updates that met an unexpected error."""
    complaints: tuple[str, ...]
    """What the program logged as an error."""
    answers: int
    """Requests that the server took: messages, changes of messages, answers to presses and inline queries."""
    refused: Counter[str]
    """Requests that the server did not take, by what it said; usual ones left out."""
    improper: int
    """Messages over Telegram's limits or empty."""

    @property
    def is_well(self) -> bool:
        return not (self.failures or self.complaints or self.refused or self.improper)


class ErrorLog(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))


@contextmanager
def without_throttle() -> Iterator[None]:
    """Places of every kind, and without Telegram's pace."""
    with pytest.MonkeyPatch.context() as patch:
        for place in EXTRA_CHATS.values():
            patch.setitem(CHATS, place.id, place)
        patch.setattr("bot.delivery.throttle.SECONDS_BETWEEN_MESSAGES", 0.0)
        patch.setattr("bot.delivery.throttle.CHAT_BURST_LIMIT", (10**6, 1.0))
        patch.setattr("bot.delivery.throttle.GROUP_MINUTE_LIMIT", (10**6, 1.0))
        yield


async def send_hostile_updates(folder: Path, updates: int, seed: int) -> HostileResult:
    """A program of its own over the data folder `folder` gets so many updates, some at once."""
    access = AccessConfig(per_minute=1000)
    config = Config(data=folder, local=LocalConfig(port=0), access=access)
    with without_throttle():
        return await _sent(config, updates, seed)


async def _sent(config: Config, updates: int, seed: int) -> HostileResult:
    errors = ErrorLog()
    kinds: Counter[str] = Counter()
    logging.getLogger().addHandler(errors)
    try:
        async with running(config, clock=lambda: NOW, schema=BOT_API if BOT_API.exists() else None) as jianbao:
            assert jianbao.server
            server = jianbao.server
            server.api.requests = deque()
            hostile, choose = HostileUpdates(server, seed), random.Random(seed)
            while kinds.total() < updates:
                burst = [hostile.update() for _ in range(choose.choice(BURST_SIZES))]
                for kind, content in burst + burst[:1] * (choose.random() < 0.1):  # at times the same twice
                    kinds[kind] += 1
                    _push(server, kind, content)
                await _calm(server, MAX_WAITING_UPDATES)
            await _calm(server, 0)
            await asyncio.sleep(1)
    finally:
        logging.getLogger().removeHandler(errors)
    told = jianbao.services.metrics.exposition({}).decode()
    failures = re.search(r"^jianbao_failures_total (\S+)", told, re.MULTILINE)
    assert failures
    sent = [one for chat in CHATS for one in server.messages(chat) if one.get("from", {}).get("id") == BOT.id]
    refused = Counter(
        f"{request.method}: {request.description}"
        for request in server.requests
        if request.status >= 400
        and request.method != "getUpdates"
        and not EXPECTED_REFUSALS.search(request.description)
    )
    answers = sum(request.status == 200 and request.method != "getUpdates" for request in server.requests)
    improper = sum(not _is_within_limits(message) for message in sent)
    return HostileResult(kinds, int(float(failures[1])), tuple(errors.told), answers, refused, improper)


def _push(server: LocalServer, kind: str, content: dict[str, object]) -> None:
    """Push an update of any kind, as Telegram may still hold updates that an older program has asked for."""
    updates = server.state.updates
    allowed = updates.allowed
    updates.allow([kind])
    updates.push(kind, content)
    updates.allow(allowed)


async def _calm(server: LocalServer, most: int) -> None:
    while len(server.state.updates) > most:
        await asyncio.sleep(0.01)


def _is_within_limits(message: dict[str, object]) -> bool:
    said = str(message.get("text") or message.get("caption") or "")
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, dict) else ()
    data = [button.get("callback_data", "x") for row in rows for button in row]
    most = MAX_MESSAGE_UNITS if "text" in message else MAX_CAPTION_UNITS
    return (
        utf16_units(said) <= most
        and bool(said or "document" in message)
        and all(0 < len(d.encode()) <= MAX_CALLBACK_BYTES for d in data)
    )

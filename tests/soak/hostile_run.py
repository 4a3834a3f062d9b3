"""Sends hostile updates to the running program and counts the outcome."""

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
"""Numbers of updates sent at once."""
MAX_WAITING_UPDATES = 60
"""Unfetched updates at which sending pauses."""
EXPECTED_REFUSALS = re.compile(
    "message is not modified|query is too old|message to edit not found|message can't be edited|chat not found"
    "|message thread not found|there is no text in the message to edit|bot was (blocked|kicked)",
    re.IGNORECASE,
)
"""Refusals caused by old messages and buttons; all others mean an invalid request."""


@dataclass(frozen=True)
class HostileResult:
    """Counts of outcomes."""

    kinds: Counter[str]
    failures: int
    """Updates whose handler raised an unexpected error."""
    complaints: tuple[str, ...]
    """Log records of level ERROR."""
    answers: int
    """Accepted requests: messages, edits, answers to buttons and inline queries."""
    refused: Counter[str]
    """Refused requests by description, without EXPECTED_REFUSALS."""
    invalid_messages: int
    """Messages that are empty or over Telegram's limits."""

    @property
    def is_well(self) -> bool:
        return not (self.failures or self.complaints or self.refused or self.invalid_messages)


class ErrorLog(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(self.format(record))


@contextmanager
def without_throttle() -> Iterator[None]:
    """Add a forum and a channel, and lift the throttle."""
    with pytest.MonkeyPatch.context() as patch:
        for place in EXTRA_CHATS.values():
            patch.setitem(CHATS, place.id, place)
        patch.setattr("bot.delivery.throttle.SECONDS_BETWEEN_MESSAGES", 0.0)
        patch.setattr("bot.delivery.throttle.CHAT_BURST_LIMIT", (10**6, 1.0))
        patch.setattr("bot.delivery.throttle.GROUP_MINUTE_LIMIT", (10**6, 1.0))
        yield


async def send_hostile_updates(folder: Path, updates: int, seed: int) -> HostileResult:
    """Start the program with a new data folder, send it `updates` updates, and stop it."""
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
            hostile, rng = HostileUpdates(server, seed), random.Random(seed)
            while kinds.total() < updates:
                burst = [hostile.update() for _ in range(rng.choice(BURST_SIZES))]
                for kind, content in burst + burst[:1] * (rng.random() < 0.1):  # some twice
                    kinds[kind] += 1
                    _push(server, kind, content)
                await _wait_until_fetched(server, MAX_WAITING_UPDATES)
            await _wait_until_fetched(server, 0)
            await asyncio.sleep(1)
    finally:
        logging.getLogger().removeHandler(errors)
    records = jianbao.services.metrics.exposition({}, {}).decode()
    failures = re.search(r"^jianbao_failures_total (\S+)", records, re.MULTILINE)
    assert failures
    sent = [
        message_json
        for chat in CHATS
        for message_json in server.messages(chat)
        if message_json.get("from", {}).get("id") == BOT.id
    ]
    refused = Counter(
        f"{request.method}: {request.description}"
        for request in server.requests
        if request.status >= 400
        and request.method != "getUpdates"
        and not EXPECTED_REFUSALS.search(request.description)
    )
    refused.update(server.schema_problems)
    answers = sum(request.status == 200 and request.method != "getUpdates" for request in server.requests)
    invalid_messages = sum(not _is_within_limits(message) for message in sent)
    return HostileResult(kinds, int(float(failures[1])), tuple(errors.records), answers, refused, invalid_messages)


def _push(server: LocalServer, kind: str, content: dict[str, object]) -> None:
    """Push an update of any kind, as Telegram may still hold updates that an older program has asked for."""
    updates = server.state.updates
    allowed = updates.allowed
    updates.allow([kind])
    updates.push(kind, content)
    updates.allow(allowed)


async def _wait_until_fetched(server: LocalServer, limit: int) -> None:
    while len(server.state.updates) > limit:
        await asyncio.sleep(0.01)


def _is_within_limits(message: dict[str, object]) -> bool:
    text = str(message.get("text") or message.get("caption") or "")
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, dict) else ()
    data = [button.get("callback_data", "x") for row in rows for button in row]
    limit = MAX_MESSAGE_UNITS if "text" in message else MAX_CAPTION_UNITS
    return (
        utf16_units(text) <= limit
        and bool(text or "document" in message)
        and all(0 < len(d.encode()) <= MAX_CALLBACK_BYTES for d in data)
    )

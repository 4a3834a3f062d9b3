"""Verdict of the kill trial: compares the messages that the server received with the outbox."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.local.bot_api import ReceivedRequest

MAX_MISSED_SHOWN = 5


@dataclass(frozen=True)
class Verdict:
    """Counts of messages."""

    owed: int
    received: int
    repeated: int
    """Messages that the server has twice, each directly before the copy with the receipt."""
    unanswered: int
    """Accepted messages whose answer the server lost."""
    interrupted: int
    """Repeated messages that were the last of their chat when the process was killed."""
    lost: int
    """Parts without a receipt, or whose receipt names a message that the server does not have."""
    missed: tuple[tuple[int, str], ...]
    """Chat and headline of alerts that never came; the first few."""
    unordered: int
    unexplained: int
    refused: Mapping[int, int]
    """Number of requests by HTTP status."""

    @property
    def is_sound(self) -> bool:
        """True if everything arrived in order, and once except after lost answers and kills."""
        return not (self.lost or self.missed or self.unordered or self.unexplained)


def make_verdict(
    data: Path,
    received: Mapping[int, Sequence[Mapping[str, Any]]],
    awaited: Mapping[int, Sequence[str]],
    requests: Sequence[ReceivedRequest],
    kills: Sequence[Mapping[int, int]],
) -> Verdict:
    """`received` has the messages of each chat in their order, `awaited` the headlines that a chat is to hear of.

    `kills` says of each how many messages every chat had then. A kill may repeat one message in each chat, the last
    one there; whatever else is repeated needs a lost answer in the same chat.
    """
    unanswered = Counter(int(request.params["chat_id"]) for request in requests if request.status == 0)
    parts = _parts(data / "outbox.sqlite")
    owed = sum(map(len, parts.values()))
    lost = sum(state != "sent" for chat in parts.values() for _, state, _ in chat)
    unordered = repeated = interrupted = unexplained = 0
    missed: list[tuple[int, str]] = []
    for chat, messages in received.items():
        receipts = [number for _, _, number in parts.get(chat, ()) if number]
        unordered += sum(later <= earlier for earlier, later in pairwise(receipts))
        known = {message["message_id"] for message in messages}
        lost += len(set(receipts) - known)
        repetitions, others = _repeated(messages, frozenset(receipts))
        # Parts that Telegram accepted in an answer that could not be read: their receipts name no message.
        unnamed = sum(state == "sent" and not number for _, state, number in parts.get(chat, ()))
        lost += max(0, unnamed - len(others))
        cut_off = {messages[kill[chat] - 1]["message_id"] for kill in kills if kill[chat]} & repetitions
        repeated += len(repetitions)
        interrupted += len(cut_off)
        unexplained += max(0, len(others) - unnamed) + max(0, len(repetitions - cut_off) - unanswered[chat])
    for chat, headlines in awaited.items():
        receipts = [number for _, _, number in parts.get(chat, ()) if number]
        alerts = [number for key, _, number in parts.get(chat, ()) if key.startswith("alert:")]
        texts = {message["message_id"]: message["text"] for message in received[chat]}
        named = [texts.get(number, "") for number in alerts if number]
        others = _repeated(received[chat], frozenset(receipts))[1]
        alerted = Counter(headline for text in (*named, *others) for headline in headlines if headline in text)
        missed += [(chat, headline) for headline in headlines if not alerted[headline]]
        unexplained += sum(alerted[headline] > 1 for headline in headlines)
    return Verdict(
        owed,
        sum(map(len, received.values())),
        repeated,
        unanswered.total(),
        interrupted,
        lost,
        tuple(missed[:MAX_MISSED_SHOWN]),
        unordered,
        unexplained,
        Counter(request.status for request in requests),
    )


def _parts(file: Path) -> dict[int, list[tuple[str, str, int | None]]]:
    """The parts of each chat in outbox order: key of the entry, state, Telegram's message id."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        rows = db.execute(
            "SELECT parts.chat, key, state, telegram_id FROM parts"
            " JOIN letters ON letters.id = letter ORDER BY parts.id"
        ).fetchall()
    parts_by_chat: dict[int, list[tuple[str, str, int | None]]] = {}
    for chat, key, state, number in rows:
        parts_by_chat.setdefault(chat, []).append((key, state, number))
    return parts_by_chat


def _repeated(messages: Sequence[Mapping[str, Any]], receipts: frozenset[int]) -> tuple[set[int], list[str]]:
    """Messages without a receipt that equal the next message that is no repetition; the texts of those that do not."""
    repetitions: set[int] = set()
    others: list[str] = []
    following = ""
    for message in reversed(messages):
        if message["message_id"] in receipts:
            following = message["text"]
        elif message["text"] == following:
            repetitions.add(message["message_id"])
        else:
            others.append(message["text"])
            following = message["text"]
    return repetitions, others

"""What an outbox holds, looked at without changing it (SQLite)."""

from dataclasses import dataclass
from pathlib import Path

from digests.state.outboxfile import look, reading


@dataclass(frozen=True, slots=True)
class Contents:
    """What can disagree with itself or with the chats."""

    owed: dict[int, int]
    """How many parts each chat is owed."""
    held: frozenset[int]
    """The chats to which nothing is sent."""
    stray: int
    """Parts that belong to no letter, or to one of another chat."""
    garbled: int
    """Parts that are owed and hold no message."""


def contents(path: Path) -> Contents:
    """What the outbox at `path` holds; raises TornFile, NewerFile or StateError."""
    look(path)
    with reading(path) as db:
        return Contents(
            owed=dict(db.execute("SELECT chat, count(*) FROM parts WHERE state = 'owed' GROUP BY chat")),
            held=frozenset(chat for (chat,) in db.execute("SELECT chat FROM held")),
            stray=db.execute(
                "SELECT count(*) FROM parts LEFT JOIN letters ON letters.id = letter"
                " WHERE letters.chat IS NULL OR letters.chat <> parts.chat"
            ).fetchone()[0],
            garbled=db.execute(
                "SELECT count(*) FROM parts WHERE state = 'owed' AND NOT json_valid(message)"
            ).fetchone()[0],
        )

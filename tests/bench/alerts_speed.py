"""Cost of alerts and ticks with many chats.

`python -m tests.bench.alerts_speed`, also a part of `make bench`.
"""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import flows
from digests.chats import Chat, Settings, Subscription
from digests.language import words
from digests.storage.documents import to_document
from digests.storage.files import encode_envelope
from digests.storage.migrations import CHAT_MIGRATIONS as CHAT_STEPS
from digests.storage.migrations import latest_version
from digests.storage.stores import CHAT_FORMAT
from tests.bench.tables import show
from tests.newsroom import BEGIN, PLACES, Newsroom, newsroom, story

CHATS, EACH = 10_000, 3
ARTICLES = 10
ZONES = "Asia/Shanghai Europe/Berlin America/New_York Asia/Kathmandu Australia/Lord_Howe".split()


def rows() -> list[tuple[Any, ...]]:
    """Return what is done, its milliseconds, and the limit."""
    words.load()
    with tempfile.TemporaryDirectory() as folder:
        _many_readers(Path(folder) / "data" / "chats.json")
        with newsroom(Path(folder), alerts={"cap": 1}) as room:
            taking_in = _timed(lambda: _issue(room))
            owed = room.services.outbox.counts()["owed"]
            waiting = sum(1 for _ in room.services.outbox.alert_log.pending_bundles())
            room.clock.now += timedelta(hours=1)
            due = flows.queue_due_messages(room.services)
            tick = min(_timed(lambda: flows.queue_due_messages(room.services)) for _ in range(5))
    what = f"{ARTICLES} articles, {CHATS * EACH} subscriptions of {CHATS} chats: {owed} messages, {waiting} wait"
    return [(what, taking_in, 10_000.0), (f"a tick after {due} messages were due", tick, 100.0)]


def _many_readers(file: Path) -> None:
    choose = random.Random(1)
    asked = [f"{place}{other}" for place in PLACES for other in PLACES]
    documents = {str(number): to_document(CHAT_FORMAT, _chat(number, choose, asked)) for number in range(1, CHATS + 1)}
    file.parent.mkdir()
    file.write_bytes(encode_envelope({"chats": documents}, holds="chats", version=latest_version(CHAT_STEPS)))


def _chat(number: int, choose: random.Random, asked: list[str]) -> Chat:
    settings = Settings(
        zone=choose.choice(ZONES),
        digest_time=clock_time(choose.randrange(24), choose.randrange(0, 60, 15)),
        quiet=(clock_time(23), clock_time(6)) if choose.random() < 0.3 else None,
    )
    subscriptions = tuple(Subscription(n, query, BEGIN) for n, query in enumerate(choose.sample(asked, EACH), 1))
    return Chat(number, settings, subscriptions, next_subscription=EACH + 1)


def _issue(room: Newsroom) -> None:
    """Ingest articles that each match a twentieth of all subscriptions."""
    bodies = [story("、".join(f"{PLACES[n]}{other}" for other in PLACES), n) for n in range(ARTICLES)]
    room.add_articles("a", *({"headline": f"第{n}条", "body": body} for n, body in enumerate(bodies)))
    room.ingest()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    show("alerts, in milliseconds", ("what", "ours", "at most"), rows())


if __name__ == "__main__":
    main()

"""Running services without Telegram, for tests of digests and alerts: pages come in, time passes, messages go out."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bot import app, config, flows
from bot.context import Services
from bot.render.packing import plain_text
from digests.chats import Chat, Subscription
from digests.subscriptions import subscribe

BEGIN = datetime(2023, 3, 5, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai, a Sunday."""

PLACES = "桥梁 市场 书馆 街巷 公园 学校 医院 码头 车站 广场 剧院 球场 渡口 磨坊 果园 茶楼 邮局 仓库 灯塔 水厂".split()


def story(about: str, number: int) -> str:
    """Return a paragraph on `about`, with enough text of its own that no two are near-duplicates."""
    details = "，".join(
        f"{PLACES[(number * 7 + k) % 20]}与{PLACES[(number * 3 + k * k) % 20]}相距{number * 31 + k * 17}米"
        for k in range(12)
    )
    return f"记者从云河市获悉，{about}。{details}。"


class Newsroom:
    """Services over a data folder; a test takes the place of the scheduler and of delivery."""

    def __init__(self, services: Services, clock: "Clock") -> None:
        self.services = services
        self.clock = clock

    def add_page(self, name: str, text: str) -> None:
        """Write a page file into the archive folder."""
        (self.services.config.archive.folder / name).write_text(text, encoding="utf-8")

    def add_articles(self, name: str, *articles: dict[str, Any]) -> None:
        """Write ready articles into a .jsonl file, each with `headline`, `body` and further fields."""
        rows = [
            {"id": f"{name}-{n}", "date": "2023-03-05", "page": 1, "paragraphs": [row.pop("body")], **row}
            for n, row in enumerate([dict(article) for article in articles])
        ]
        self.add_page(f"{name}.jsonl", "\n".join(orjson.dumps(row).decode() for row in rows))

    def subscribe(self, chat: int, query: str, **fields: Any) -> Subscription:
        """Subscribe a chat to a query, with fields of `Subscription`."""
        changed, made, _ = subscribe(
            self.services.chats.get_or_create(chat, "zh"),
            query,
            now=self.clock.now,
            limit=100,
            rhythm=fields.pop("rhythm", "now"),
            topic=fields.pop("topic", None),
        )
        made = replace(made, **fields)
        self.services.chats.put(replace(changed, subscriptions=(*changed.subscriptions[:-1], made)))
        return made

    def change_settings(self, chat: int, **settings: Any) -> Chat:
        """Change settings of a chat."""
        known = self.services.chats.get_or_create(chat, "zh")
        changed = replace(known, settings=replace(known.settings, **settings))
        self.services.chats.put(changed)
        return changed

    def ingest(self) -> int:
        """Ingest new pages a minute later and queue their alerts; return the number of messages queued."""
        self.clock.now += timedelta(minutes=1)
        flows.ingest_pages(self.services)
        return flows.queue_alerts(self.services)

    def queue_due(self) -> int:
        """Queue what is due now, as the scheduler does every few seconds; return the number of messages queued."""
        return flows.queue_due_messages(self.services)

    def receive(self, chat: int) -> list[str]:
        """Return the plain texts of the messages queued for a chat, part by part, and mark them as sent."""
        return [plain_text(text) for _, text in self.receive_with_topics(chat)]

    def receive_with_topics(self, chat: int) -> list[tuple[int | None, str]]:
        """Return the forum topic and the HTML of each part queued for a chat, and mark them as sent."""
        outbox, received = self.services.outbox, []
        while parts := [part for part in outbox.due(self.clock.now, 100_000) if part.chat == chat]:
            for part in parts:
                received.append((part.topic, part.message.text))
                outbox.mark_sent(part.id, 1, self.clock.now)
        return received


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set_local(self, day: date, hour: int, minute: int = 0) -> None:
        """Set the clock to a day and time in Shanghai."""
        self.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@contextlib.contextmanager
def newsroom(folder: Path, **sections: dict[str, Any]) -> Iterator[Newsroom]:
    """Open a newsroom over `folder`, which may have data of an earlier one; `sections` are of the configuration."""
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    options = config.Config.model_validate({"archive": {"folder": pages}, "data": folder / "data", **sections})
    clock = Clock()
    with app.open_services(options, clock) as services:
        yield Newsroom(services, clock)

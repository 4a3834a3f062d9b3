"""A data folder with its real parts, for tests of what is told to whom: pages come in, the clock goes on."""

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

WORDS = "桥梁 市场 书馆 街巷 公园 学校 医院 码头 车站 广场 剧院 球场 渡口 磨坊 果园 茶楼 邮局 仓库 灯塔 水厂".split()


def story(about: str, number: int) -> str:
    """A sentence on `about` and enough of its own words that no two stories are the same."""
    own = "，".join(
        f"{WORDS[(number * 7 + k) % 20]}与{WORDS[(number * 3 + k * k) % 20]}相距{number * 31 + k * 17}米"
        for k in range(12)
    )
    return f"记者从云河市获悉，{about}。{own}。"


class Newsroom:
    """The running parts without Telegram: what a chat is owed is taken as sent as soon as it is looked at."""

    def __init__(self, services: Services, clock: "Clock") -> None:
        self.services = services
        self.clock = clock

    def page(self, name: str, text: str) -> None:
        """A page file, complete long ago."""
        (self.services.config.archive.folder / name).write_text(text, encoding="utf-8")

    def articles(self, name: str, *articles: dict[str, Any]) -> None:
        """Ready articles in a .jsonl file, each with `headline`, `body` and what else is given."""
        rows = [
            {"id": f"{name}-{n}", "date": "2023-03-05", "page": 1, "paragraphs": [one.pop("body")], **one}
            for n, one in enumerate([dict(article) for article in articles])
        ]
        self.page(f"{name}.jsonl", "\n".join(orjson.dumps(row).decode() for row in rows))

    def subscribe(self, chat: int, query: str, **chosen: Any) -> Subscription:
        """A subscription as `Subscription` with the fields `chosen`."""
        changed, made, _ = subscribe(
            self.services.chats.get_or_create(chat, "zh"),
            query,
            now=self.clock.now,
            limit=100,
            rhythm=chosen.pop("rhythm", "now"),
            topic=chosen.pop("topic", None),
        )
        made = replace(made, **chosen)
        self.services.chats.put(replace(changed, subscriptions=(*changed.subscriptions[:-1], made)))
        return made

    def choose(self, chat: int, **settings: Any) -> Chat:
        """Settings of a chat."""
        known = self.services.chats.get_or_create(chat, "zh")
        changed = replace(known, settings=replace(known.settings, **settings))
        self.services.chats.put(changed)
        return changed

    def take_in(self) -> int:
        """Take in what is new and owe the alerts; how many are owed."""
        self.clock.now += timedelta(minutes=1)
        flows.ingest_pages(self.services)
        return flows.queue_alerts(self.services)

    def tick(self) -> int:
        """What the scheduler asks every few seconds; how many letters are owed."""
        return flows.queue_due_messages(self.services)

    def sent(self, chat: int) -> list[str]:
        """What the chat is owed, part by part, without its markup; it counts as sent from then on."""
        return [plain_text(text) for _, text in self.sent_where(chat)]

    def sent_where(self, chat: int) -> list[tuple[int | None, str]]:
        """The same with the topics, and with the markup."""
        outbox, said = self.services.outbox, []
        while parts := [owed for owed in outbox.due(self.clock.now, 100_000) if owed.chat == chat]:
            for owed in parts:
                said.append((owed.topic, owed.message.text))
                outbox.mark_sent(owed.id, 1, self.clock.now)
        return said


class Clock:
    """The present moment as a test wants it."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def local(self, day: date, hour: int, minute: int = 0) -> None:
        """Go to a moment of a day in Shanghai."""
        self.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@contextlib.contextmanager
def newsroom(folder: Path, **sections: dict[str, Any]) -> Iterator[Newsroom]:
    """A newsroom over `folder`, which may have been one before; `sections` are of the configuration."""
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    chosen = config.Config.model_validate({"archive": {"folder": pages}, "data": folder / "data", **sections})
    clock = Clock()
    with app.open_services(chosen, clock) as services:
        yield Newsroom(services, clock)

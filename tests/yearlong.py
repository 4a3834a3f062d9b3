"""A year of chats with all sorts of clocks, lived through in seconds: real flows and a real outbox, reopened at random.

What is expected is worked out here in another way than in schedule.py: by stepping along each chat's own clock. Only
the archive is a stand-in, as an index of one article a day would take most of the time.
"""

import random
import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Literal, cast
from zoneinfo import ZoneInfo

from bot import flows
from bot.config import Config
from bot.context import Services
from digests.analysis import Labeller
from digests.chats import Chat, Rhythm, Settings, Subscription
from digests.digest.editions import Edition
from digests.models import Article, NewArticle
from digests.storage.outbox import Outbox
from tests.newsroom import story

ZONES = (
    "Asia/Shanghai Europe/Berlin America/New_York America/Santiago Australia/Lord_Howe Asia/Kathmandu"
    " Pacific/Apia Africa/Casablanca America/St_Johns Pacific/Chatham"
).split()
TERMS = "防汛 地铁 煤改电 锂电池 雨水花园 图书馆".split()
NEW_YEAR = datetime(2024, 1, 1, 1, 0, tzinfo=UTC)
"""Of a leap year."""
STEP = timedelta(minutes=15)
DAY = timedelta(days=1)


Kind = Literal["now", "quiet", "daily", "weekly"]


@dataclass
class Life:
    """What one chat got, and what it is to get."""

    chat: Chat
    zone: ZoneInfo
    born: datetime
    turn: datetime
    """The last of its turns; before the first, its birth."""
    next_day: date
    """The day of the next one."""
    week: datetime
    next_week: date
    digests: list[str] = field(default_factory=list)
    """Keys of those that are due and not there yet."""
    awaited: dict[str, tuple[Kind, datetime]] = field(default_factory=dict)
    at_once: dict[tuple[int, date], int] = field(default_factory=dict)

    def is_quiet(self, now: datetime) -> bool:
        """Whether its clock shows a quiet hour, counted in minutes."""
        if self.chat.settings.quiet is None:
            return False
        start, end = (60 * at.hour + at.minute for at in self.chat.settings.quiet)
        local = now.astimezone(self.zone)
        return (60 * local.hour + local.minute - start) % 1440 < (end - start) % 1440

    def comes(self, day: date) -> datetime:
        """When its turn comes on a day: the first moment from its time on that is not quiet."""
        assert self.chat.settings.digest_time
        moment = datetime.combine(day, self.chat.settings.digest_time, self.zone).astimezone(UTC)
        while self.is_quiet(moment):
            moment += timedelta(minutes=15)
        return moment

    def go_on(self, now: datetime) -> None:
        """Note the turns that have come."""
        days = self.chat.settings.weekdays
        while (comes := self.comes(self.next_day)) <= now:
            if self.next_day.weekday() in days and comes > self.born:
                self.turn = comes
                self.digests.append(f"digest:{self.next_day}")
            self.next_day += DAY
        while (comes := self.comes(self.next_week)) <= now:
            if self.next_week.weekday() == days[0] and comes > self.born:
                self.week = comes
            self.next_week += DAY

    def hears_of(self, name: str, about: str, now: datetime) -> None:
        """An article came in."""
        day = now.astimezone(self.zone).date()
        rhythms = set()
        for one in self.chat.subscriptions:
            if one.query != about or one.paused or (one.muted_until and now < one.muted_until):
                continue
            told = self.at_once.get((one.id, day), 0)
            if one.rhythm == "now" and told < (one.cap or 20):
                self.at_once[one.id, day] = told + 1
                rhythms.add("now")
            else:
                rhythms.add("weekly" if one.rhythm == "weekly" else "daily")
        if "now" in rhythms:
            self.awaited[name] = "quiet" if self.is_quiet(now) else "now", now
        elif rhythms:
            self.awaited[name] = "daily" if "daily" in rhythms else "weekly", now

    def expects(self, now: datetime) -> set[str]:
        """What it is to be told at this moment."""
        since = {"now": now, "quiet": now, "daily": self.turn, "weekly": self.week}
        ripe = {kind for kind, came in self.awaited.values() if came <= since[kind]}
        due = {name for name, (kind, _) in self.awaited.items() if kind in ripe}  # what came after its turn goes along
        return set() if self.is_quiet(now) else due.union(self.digests)


class VirtualYear:
    """Raises AssertionError where anything comes twice, in quiet hours, or later than the tick after its time."""

    def __init__(self, folder: Path, chats: int, *, seed: int = 1, begin: datetime = NEW_YEAR, days: int = 366) -> None:
        self._choose = random.Random(seed)
        self._path = folder / "outbox.sqlite"
        self._now = self._begin = begin
        self._end = begin + timedelta(days=days)
        self._articles: dict[str, Article] = {}
        self._lives = [self._born(number) for number in range(1, chats + 1)]
        self._chats = SimpleNamespace(
            all=lambda: [life.chat for life in self._lives], get=lambda number: self._lives[number - 1].chat
        )
        self._outbox = self._opened()
        self.restarts = self.ticks = self.told = 0

    def live(self) -> None:
        """From tick to tick until the year is over."""
        paper = self._begin
        while self._now < self._end:
            self._now += STEP * self._choose.choice((1, 1, 2, 4, 8))
            if self._choose.random() < 0.002:
                self._now += timedelta(hours=self._choose.uniform(1, 3))  # the program was down
                self._outbox.close()
                self._outbox = self._opened()
                self.restarts += 1
            if self._now >= paper:
                paper += DAY
                self._bring(1 + self._choose.randrange(2))
            flows.queue_due_messages(self._services())
            self._look()
        self._outbox.close()

    def report(self) -> list[tuple[str, int]]:
        """What happened; that nothing came twice, too late or at night is that nothing was raised."""
        return [
            ("ticks", self.ticks),
            ("restarts", self.restarts),
            ("digests and articles told", self.told),
            ("twice, late, or in quiet hours", 0),
        ]

    def _opened(self) -> Outbox:
        outbox = Outbox(self._path)
        outbox._db.execute("PRAGMA synchronous = OFF")  # no power fails here, and the disk is slow
        return outbox

    def _born(self, number: int) -> Life:
        choose = self._choose
        zone = choose.choice(ZONES)
        weekdays = tuple(sorted(choose.sample(range(7), choose.choice((1, 3, 5, 7, 7)))))
        quiet = (time(choose.randrange(19, 24)), time(choose.randrange(5, 11))) if choose.random() < 0.6 else None
        settings = Settings(
            digest_time=time(choose.randrange(24), choose.choice((0, 15, 30, 45))),
            weekdays=weekdays,
            zone=zone,
            quiet=quiet,
        )
        rhythms: Sequence[Rhythm] = ("now", "now", "daily", "weekly")
        subscriptions = tuple(
            Subscription(
                n,
                term,
                self._begin,
                rhythm=choose.choice(rhythms),
                cap=choose.choice((None, 1)),
                paused=choose.random() < 0.1,
                muted_until=self._begin + timedelta(days=choose.randrange(366)) if choose.random() < 0.2 else None,
            )
            for n, term in enumerate(choose.sample(TERMS, 2), 1)
        )
        begin = self._begin
        before = begin.date() - 2 * DAY  # the day that it is anywhere, or earlier
        return Life(Chat(number, settings, subscriptions), ZoneInfo(zone), begin, begin, before, begin, before)

    def _bring(self, articles: int) -> None:
        """New articles, and what is owed because of them."""
        for _ in range(articles):
            number = len(self._articles)
            about = self._choose.choice(TERMS)
            name = f"article-{number}"
            body = story(f"{about}有了新进展", number)
            self._articles[name] = Article(name, f"〔{name}〕", (body,), date=self._now.date())
            self._outbox.add_unmatched([NewArticle(name, self._now.date())], self._now)
            for life in self._lives:
                life.hears_of(name, about, self._now)
        flows.queue_alerts(self._services())

    def _look(self) -> None:
        """Take what is owed as sent, and hold it against what is to come at this tick."""
        self.ticks += 1
        came: dict[int, list[str]] = {}
        while parts := self._outbox.due(self._now, 10_000):
            for owed in parts:
                named = re.findall(r"〔(.*?)〕", owed.message.text)
                key = [owed.key] if owed.key.startswith("digest:") and not named else []
                came.setdefault(owed.chat, []).extend(named + [one.split("/")[0] for one in key])
                self._outbox.mark_sent(owed.id, 1, self._now)
        for life in self._lives:
            life.go_on(self._now)
            got, wanted = came.get(life.chat.id, []), life.expects(self._now)
            if sorted(got) != sorted(wanted):
                raise AssertionError(
                    f"chat {life.chat.id} at {self._now.astimezone(life.zone)} got {sorted(got)}, "
                    f"expected {sorted(wanted)}; {life.chat.settings}; {life.awaited}"
                )
            self.told += len(wanted)
            life.awaited = {name: kept for name, kept in life.awaited.items() if name not in wanted}
            life.digests = [key for key in life.digests if key not in wanted]

    def _services(self) -> Services:
        archive = SimpleNamespace(
            labeller=Labeller(),
            story=lambda name: (self._articles[name], frozenset({name})),
            article=self._articles.get,
            issues=list,
        )
        parts = SimpleNamespace(
            config=Config(),
            archive=archive,
            chats=self._chats,
            outbox=self._outbox,
            clock=lambda: self._now,
            edition=lambda day: Edition((), f"digest:{day}"),
            chat_lock=nullcontext(),
            ingest_lock=nullcontext(),
        )
        return cast(Services, parts)

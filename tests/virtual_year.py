"""A simulated year of chats with many time zones and settings: real flows and a real outbox, reopened at random.

The expected messages are worked out in another way than in schedule.py: by stepping along each chat's own clock. Only
the archive is a stand-in, because an index of one article a day would take most of the time.
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
from digests.guard import Problem
from digests.models import Article, NewArticle
from digests.storage.outbox import Outbox
from tests.newsroom import story

ZONES = (
    "Asia/Shanghai Europe/Berlin America/New_York America/Santiago Australia/Lord_Howe Asia/Kathmandu"
    " Pacific/Apia Africa/Casablanca America/St_Johns Pacific/Chatham"
).split()
TERMS = "防汛 地铁 煤改电 锂电池 雨水花园 图书馆".split()
NEW_YEAR = datetime(2024, 1, 1, 1, 0, tzinfo=UTC)
"""The year is a leap year."""
STEP = timedelta(minutes=15)
DAY = timedelta(days=1)


Kind = Literal["now", "quiet", "daily", "weekly"]


@dataclass
class ExpectedChat:
    """A chat and the messages it should get."""

    chat: Chat
    zone: ZoneInfo
    begin: datetime
    occurrence: datetime
    """The last occurrence of its digest time; before the first, `begin`."""
    next_day: date
    """The day of the next occurrence."""
    week: datetime
    next_week: date
    digests: list[str] = field(default_factory=list)
    """Keys of digests that are due and were not sent yet."""
    awaited: dict[str, tuple[Kind, datetime]] = field(default_factory=dict)
    at_once: dict[tuple[int, date], int] = field(default_factory=dict)

    def is_quiet(self, now: datetime) -> bool:
        """True in its quiet hours, counted in minutes."""
        if self.chat.settings.quiet is None:
            return False
        start, end = (60 * at.hour + at.minute for at in self.chat.settings.quiet)
        local = now.astimezone(self.zone)
        return (60 * local.hour + local.minute - start) % 1440 < (end - start) % 1440

    def occurs(self, day: date) -> datetime:
        """Return the occurrence of a day: the first moment from its digest time on that is not quiet."""
        assert self.chat.settings.digest_time
        moment = datetime.combine(day, self.chat.settings.digest_time, self.zone).astimezone(UTC)
        while self.is_quiet(moment):
            moment += timedelta(minutes=15)
        return moment

    def advance(self, now: datetime) -> None:
        """Note the occurrences up to `now`."""
        days = self.chat.settings.weekdays
        while (moment := self.occurs(self.next_day)) <= now:
            if self.next_day.weekday() in days and moment > self.begin:
                self.occurrence = moment
                self.digests.append(f"digest:{self.next_day}")
            self.next_day += DAY
        while (moment := self.occurs(self.next_week)) <= now:
            if self.next_week.weekday() == days[0] and moment > self.begin:
                self.week = moment
            self.next_week += DAY

    def expect_article(self, name: str, about: str, now: datetime) -> None:
        """Note a new article on a term."""
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

    def expected(self, now: datetime) -> set[str]:
        """Return the digests and articles that the chat should get now."""
        since = {"now": now, "quiet": now, "daily": self.occurrence, "weekly": self.week}
        ripe = {kind for kind, since_when in self.awaited.values() if since_when <= since[kind]}
        due = {name for name, (kind, _) in self.awaited.items() if kind in ripe}  # later ones too
        return set() if self.is_quiet(now) else due.union(self.digests)


class VirtualYear:
    """Raises AssertionError if a message comes twice, in quiet hours, or later than the tick after its time."""

    def __init__(self, folder: Path, chats: int, *, seed: int = 1, begin: datetime = NEW_YEAR, days: int = 366) -> None:
        self._choose = random.Random(seed)
        self._path = folder / "outbox.sqlite"
        self._now = self._begin = begin
        self._end = begin + timedelta(days=days)
        self._articles: dict[str, Article] = {}
        self._lives = [self._create_chat(number) for number in range(1, chats + 1)]
        self._chats = SimpleNamespace(
            all=lambda: [life.chat for life in self._lives], get=lambda number: self._lives[number - 1].chat
        )
        self._outbox = self._opened()
        self.restarts = self.ticks = self.told = 0

    def run(self) -> None:
        """Run tick by tick until the year is over."""
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
                self._add_articles(1 + self._choose.randrange(2))
            flows.queue_due_messages(self._services())
            self._compare()
        self._outbox.close()

    def report(self) -> list[tuple[str, int]]:
        """Return the figures of the run; without an AssertionError, no message was repeated, late or in quiet hours."""
        return [
            ("ticks", self.ticks),
            ("restarts", self.restarts),
            ("digests and articles told", self.told),
            ("twice, late, or in quiet hours", 0),
        ]

    def _opened(self) -> Outbox:
        outbox = Outbox(self._path)
        outbox._db.execute("PRAGMA synchronous = OFF")  # there is no power cut here, and syncing is slow
        return outbox

    def _create_chat(self, number: int) -> ExpectedChat:
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
        before = begin.date() - 2 * DAY  # a day that has begun in no zone, or earlier
        return ExpectedChat(Chat(number, settings, subscriptions), ZoneInfo(zone), begin, begin, before, begin, before)

    def _add_articles(self, articles: int) -> None:
        """Add new articles and queue the alerts."""
        for _ in range(articles):
            number = len(self._articles)
            about = self._choose.choice(TERMS)
            name = f"article-{number}"
            body = story(f"{about}有了新进展", number)
            self._articles[name] = Article(name, f"〔{name}〕", (body,), date=self._now.date())
            self._outbox.add_unmatched([NewArticle(name, self._now.date())], self._now)
            for life in self._lives:
                life.expect_article(name, about, self._now)
        flows.queue_alerts(self._services())

    def _compare(self) -> None:
        """Mark all owed messages as sent, and compare them with the expected ones."""
        self.ticks += 1
        came: dict[int, list[str]] = {}
        while parts := self._outbox.due(self._now, 10_000):
            for owed in parts:
                named = re.findall(r"〔(.*?)〕", owed.message.text)
                key = [owed.key] if owed.key.startswith("digest:") and not named else []
                came.setdefault(owed.chat, []).extend(named + [one.split("/")[0] for one in key])
                self._outbox.mark_sent(owed.id, 1, self._now)
        for life in self._lives:
            life.advance(self._now)
            got, wanted = came.get(life.chat.id, []), life.expected(self._now)
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
            undecided=frozenset(),
            report_problems=_report_problems,
        )
        return cast(Services, parts)


def _report_problems(job: str, problems: Sequence[Problem]) -> None:
    assert not problems, job

"""Turn new pages into alerts: ingest the archive folder, match new articles against all subscriptions, queue alerts.

Ingestion announces each new article: it records the article as unmatched in the outbox before it adds the article to
the index. After a crash, the next run matches all articles that are still unmatched, so no alert is lost.

Sample pages are invented news that a user can add to the sample archive one by one, to try out alerts.
"""

import asyncio
import logging
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import render
from bot.context import Services, chat_defaults
from bot.texts import texts_for
from digests.analysis import Labeller
from digests.archive import Progress
from digests.chats import Chat, Subscription
from digests.dates import shift_day
from digests.guard import Problem, guard
from digests.ingest import FileProblem, IngestReport
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import NewArticle
from digests.storage.outbox import Outbox, OutboxEntry
from digests.subscriptions import schedule
from digests.subscriptions.alerts import (
    REPEAT_WINDOW,
    AlertDecision,
    AlertRules,
    ArrivedArticle,
    Destination,
    EarlierDecisions,
    LogEntries,
    MatchedArticle,
    decide_alerts,
    group_by_article,
    without_old_backlog,
)

log = logging.getLogger(__name__)

MATCHES_KEPT = timedelta(days=40)
"""Age at which match records are deleted. The weekly report counts the matches of the last seven days."""
SAMPLE_PAGES = tuple(sorted(Path(__file__).parent.glob("sample_*.jsonl")))
"""Files with one invented page each, the earliest issue first."""


class Ingestion:
    """Ingests new pages and queues their alerts, one run at a time; logs each problem with a file once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._run_lock = asyncio.Lock()
        self._logged: frozenset[FileProblem] = frozenset()

    async def run(self, paths: Sequence[Path] | None = None) -> IngestReport:
        """Ingest the archive folder, or only `paths`, then queue the alerts.

        If ingesting fails, the alerts of the articles indexed until then are still queued.
        """
        async with self._run_lock:
            try:
                report = await asyncio.to_thread(ingest_pages, self._services, paths, skip_unsettled=paths is None)
                self._log(report)
                return report
            finally:
                alerted = await asyncio.to_thread(queue_alerts, self._services)
                if alerted:
                    log.info("queued alerts for %d chats", alerted)

    async def add_sample_page(self) -> str:
        """Ingest the first sample page that is not in the archive yet; return the text to show the user."""
        texts = texts_for("zh")
        for page in SAMPLE_PAGES:
            report = await self.run([page])
            if report.read:
                return texts.plain("sample.added", name=page.stem, count=report.articles)
        return texts.plain("sample.all_there")

    def _log(self, report: IngestReport) -> None:
        if report.read or report.withdrawn:
            log.info(
                "ingested %d files with %d articles; removed the articles of %d deleted files",
                report.read,
                report.articles,
                report.withdrawn,
            )
        for file in report.undated:
            log.warning("%s: the date of the issue is not known; enter it in archive.toml", file)
        for file, quality in report.low_quality:
            log.warning("%s: poor text recognition (quality %.2f of 1)", file, quality)
        for file, structure in report.unsure:
            log.warning("%s: its articles may be cut wrongly (structure %.2f of 1)", file, structure)
        found = (*report.problems, *report.left_out)
        for problem in found:
            if problem not in self._logged:
                log.warning("%s: %s", problem.file, problem.problem)
        self._logged = frozenset(found)


def ingest_pages(
    services: Services,
    paths: Sequence[Path] | None = None,
    *,
    progress: Progress = lambda _phase, _done, _total: None,
    skip_unsettled: bool = False,
) -> IngestReport:
    """Ingest new and changed files of the archive folder, or of `paths`; call `queue_alerts` afterwards.

    With `skip_unsettled`, files changed in the last seconds are left for the next run because they may be incomplete.
    """
    with services.ingest_lock:
        return services.archive.ingest(
            paths,
            announce=lambda articles: services.outbox.add_unmatched(articles, _announcement_time(services)),
            progress=progress,
            settled=services.clock() if skip_unsettled else None,
        )


def _announcement_time(services: Services) -> datetime:
    """Return the current time, but none before an existing subscription was made, even if the clock was set back.

    Only subscriptions that are older than the announcement of an article are alerted to it.
    """
    made = [subscription.created for chat in services.chats.all() for subscription in chat.subscriptions]
    return max([services.clock(), *made])


def queue_alerts(services: Services) -> int:
    """Match all announced articles and queue the alerts; return the number of chats and forum topics alerted."""
    with services.ingest_lock, services.chat_lock:
        announced = services.outbox.unmatched_since()
        if announced.keys() <= services.undecided:
            return 0
        snapshot = _read_snapshot(services, announced)
        if snapshot.stale:
            log.warning(
                "%d articles of this backlog cause no alerts: "
                "they are more than [alerts] max_age = %d days older than the newest issue",
                snapshot.stale,
                services.config.alerts.max_age,
            )
        changes = _decide_changes(snapshot)
        _write_changes(services.outbox, changes, snapshot.now)
        services.undecided = frozenset(announced.keys() & changes.failed)
        services.report_problems("queue_alerts", changes.problems)
        return changes.alerted


def count_stale_articles(services: Services) -> int:
    """Return how many announced articles will cause no alerts because they are old articles of a backlog."""
    announced = services.outbox.unmatched()
    return len(announced) - len(_eligible_articles(services, announced))


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The data for the decisions of one matching run, read once at the start of the run."""

    now: datetime
    announced: Mapping[str, datetime]
    """Article id -> time of its announcement; only subscriptions that existed then are alerted."""
    eligible: Collection[NewArticle]
    """The announced articles that may cause alerts: all except old articles of a backlog."""
    arrived: Collection[ArrivedArticle]
    """The `eligible` articles found in the archive; the parts of a continued story are one article."""
    labeller: Labeller
    chats: Mapping[int, Chat]
    earlier: EarlierDecisions
    rules: AlertRules
    problems: Sequence[Problem] = ()
    """The articles that could not be read."""
    failed: frozenset[str] = frozenset()
    """The ids of these articles."""

    @property
    def stale(self) -> int:
        return len(self.announced) - len(self.eligible)


@dataclass(frozen=True, slots=True)
class _Changes:
    """The changes of one matching run to the outbox."""

    matched: Collection[str]
    gone: Collection[str]
    """Announced articles missing from the archive; if they are ingested again, they count as new."""
    messages: Sequence[OutboxEntry]
    log_entries: LogEntries
    alerted: int
    """Number of chats and forum topics that get an alert at once."""
    problems: Sequence[Problem] = ()
    failed: frozenset[str] = frozenset()
    """The ids of the articles that stay unmatched, because they failed for all chats or for some."""


def _read_snapshot(services: Services, announced: Mapping[str, datetime]) -> _Snapshot:
    now = services.clock()
    eligible = _eligible_articles(services, services.outbox.unmatched())
    arrived: dict[str, ArrivedArticle] = {}
    problems: list[Problem] = []
    failed: set[str] = set()
    for new in eligible:
        failed.add(new.id)
        with guard(f"article {new.id} ({new.day})", problems):
            if story := services.archive.story(new.id):
                article, ids = story
                arrived.setdefault(article.id, ArrivedArticle(article, ids, announced[new.id], new.late, new.former))
            failed.remove(new.id)
    defaults = chat_defaults(services)
    return _Snapshot(
        now=now,
        announced=announced,
        eligible=eligible,
        arrived=arrived.values(),
        labeller=services.archive.labeller,
        chats={chat.id: chat for chat in services.chats.all() if chat.subscriptions},
        earlier=_read_earlier(services.outbox, arrived.values(), now),
        rules=AlertRules(
            now=now,
            default_cap=services.config.alerts.cap,
            is_quiet=partial(schedule.in_quiet_hours, now=now, defaults=defaults),
            local_day=partial(schedule.local_day, now=now, defaults=defaults),
        ),
        problems=problems,
        failed=frozenset(failed),
    )


def _eligible_articles(services: Services, announced: Sequence[NewArticle]) -> list[NewArticle]:
    """Return the announced articles without the old articles of a backlog."""
    newest = next((issue.day for issue in services.archive.issues()), None)
    return without_old_backlog(announced, newest, timedelta(days=services.config.alerts.max_age))


def _read_earlier(outbox: Outbox, arrived: Iterable[ArrivedArticle], now: datetime) -> EarlierDecisions:
    """Return the earlier decisions on the new articles and on articles dated within REPEAT_WINDOW of them."""
    days = [new.article.date for new in arrived if new.article.date] or [now.date()]
    first, last = shift_day(min(days), -REPEAT_WINDOW.days), shift_day(max(days), REPEAT_WINDOW.days)
    sketches = outbox.alert_log.sketches(first, last)
    ids = {part for new in arrived for part in new.ids}.union(sketch.article for sketch in sketches)
    # Yesterday's counts are included, because the local day of a chat may be one day before the day of the clock.
    return EarlierDecisions(
        outbox.alert_log.decided_for(ids), outbox.alert_log.immediate_counts(now.date() - schedule.ONE_DAY), sketches
    )


def _decide_changes(snapshot: _Snapshot) -> _Changes:
    """Match the new articles and decide, without I/O, which chats are alerted now."""
    matcher = SubscriptionMatcher(snapshot.chats.values(), snapshot.labeller.label)
    decision = decide_alerts(snapshot.arrived, matcher, snapshot.chats, snapshot.earlier, snapshot.rules)
    problems = [*snapshot.problems, *decision.problems]
    alerts, unsent = _alert_entries(snapshot, decision, problems)
    unsent_articles = {article for _, article in unsent}
    failed = decision.failed.union(
        snapshot.failed, *(new.ids for new in snapshot.arrived if new.article.id in unsent_articles)
    )
    unreadable = [_unreadable_entry(snapshot.chats[chat], subscription) for chat, subscription in matcher.invalid]
    gone = {new.id for new in snapshot.eligible}.difference(snapshot.failed, *(new.ids for new in snapshot.arrived))
    return _Changes(
        matched=snapshot.announced.keys() - gone - failed,
        gone=gone,
        messages=[*alerts, *unreadable],
        log_entries=replace(
            decision.entries,
            matches=tuple(match for match in decision.entries.matches if (match.chat, match.article) not in unsent),
        ),
        alerted=len(alerts),
        problems=problems,
        failed=failed,
    )


def _alert_entries(
    snapshot: _Snapshot, decision: AlertDecision, problems: list[Problem]
) -> tuple[list[OutboxEntry], set[tuple[int, str]]]:
    """Return the alerts, and the chats and articles for which they cannot be made; these are added to `problems`."""
    articles = {new.article.id: new.article for new in snapshot.arrived}
    late = {new.article.id for new in snapshot.arrived if new.late}
    alerts: list[OutboxEntry] = []
    unsent: set[tuple[int, str]] = set()
    for place, matches in decision.immediate.items():
        pairs = {(place[0], match.article) for match in matches}
        unsent |= pairs
        with guard(f"the alert for chat {place[0]}", problems):
            alerts.append(_alert_entry(snapshot.chats[place[0]], place, group_by_article(matches, articles, late)))
            unsent -= pairs
    return alerts, unsent


def _alert_entry(chat: Chat, place: Destination, found: Sequence[MatchedArticle]) -> OutboxEntry:
    """Return one message with all new articles for a chat or forum topic."""
    _, topic = place
    ids = tuple(item.article.id for item in found)
    key = f"alert:{ids[0]}" if topic is None else f"alert:{topic}:{ids[0]}"
    return OutboxEntry(chat.id, key, render.alert(found, chat.settings.language), ids, topic)


def _unreadable_entry(chat: Chat, subscription: Subscription) -> OutboxEntry:
    """Return a message about a query that can no longer be parsed; its key ensures that a query is reported once."""
    key = f"unclear:{subscription.id}:{zlib.crc32(subscription.query.encode('utf-8', 'surrogatepass'))}"
    message = render.unreadable_subscription(subscription, chat.settings.language)
    return OutboxEntry(chat.id, key, (message,), topic=subscription.topic)


def _write_changes(outbox: Outbox, changes: _Changes, now: datetime) -> None:
    """Record the matching in one transaction, then delete old match records."""
    outbox.record_matching(changes.matched, changes.messages, now, changes.log_entries, gone=changes.gone)
    outbox.alert_log.prune((now - MATCHES_KEPT).date())

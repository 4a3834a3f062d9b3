"""Queue due messages: daily digests (with waiting alerts), alert bundles, weekly reports.

Each run asks `schedule` which messages are due, reads the data for them, renders them without I/O and queues them.
It also removes waiting articles that have become obsolete.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import render
from bot.context import Services, chat_defaults
from digests.analysis import Labeller
from digests.chats import Chat, OutgoingMessage, Settings
from digests.digest.editions import Edition
from digests.errors import DigestFailed
from digests.guard import Problem, guard
from digests.models import Article, Digest
from digests.storage.outbox import Outbox, OutboxEntry
from digests.subscriptions import schedule
from digests.subscriptions.alerts import WaitingArticle, match_waiting
from digests.subscriptions.schedule import DueMessage, weekly_report_key
from digests.subscriptions.weekly_report import ONE_WEEK, WeeklyReport, weekly_report

MESSAGES_PER_TRANSACTION = 200


def queue_due_messages(services: Services) -> int:
    """Queue all messages that are due now; return their number. One that fails stays due."""
    problems: list[Problem] = []
    with services.chat_lock:
        now = services.clock()
        due = schedule.due_messages(
            services.chats.all(),
            services.outbox.alert_log.pending_bundles(),
            services.edition,
            services.outbox.chats_with_key,
            now=now,
            defaults=chat_defaults(services),
            problems=problems,
        )
        editions = _Editions(services)
        queued = 0
        for start in range(0, len(due), MESSAGES_PER_TRANSACTION):
            batch = due[start : start + MESSAGES_PER_TRANSACTION]
            decisions: list[_Decision] = []
            for message in batch:
                with guard(f"a message due in chat {message.chat}", problems):
                    if content := _read_content(services, editions, message, now):
                        decisions.append(_decide_message(content, editions, services.archive.labeller, now))
            queued += _write_decisions(services.outbox, decisions, now)
        services.report_problems("queue_due_messages", problems)
        return queued


@dataclass(frozen=True, slots=True)
class _EditionContent:
    """An edition's digest, and the articles each chat already got."""

    edition: Edition
    digest: Digest | None
    """The digest of the edition's first issue; None if the edition has no issues."""
    reported: Mapping[int, Collection[str]]
    """Chat id -> ids of the digest's articles that the chat already got."""


@dataclass(frozen=True, slots=True)
class _MessageContent:
    """The data for one due message, read from the stores."""

    due: DueMessage
    chat: Chat
    waiting: Sequence[WaitingArticle] = ()
    """The waiting articles of the due bundles."""
    articles: Mapping[str, Article] = field(default_factory=dict)
    """Id of a waiting article -> the article; contains only articles that are still in the archive."""
    edition: _EditionContent | None = None
    report: WeeklyReport | None = None


@dataclass(frozen=True, slots=True)
class _Decision:
    """The outbox entry for one due message, and the waiting articles to remove."""

    due: DueMessage
    entry: OutboxEntry | None
    """None if nothing is left to send."""
    obsolete: Collection[str] = ()
    """Ids of waiting articles that are no longer in the archive, or that no longer match a subscription of the chat."""


def _read_content(services: Services, editions: "_Editions", due: DueMessage, now: datetime) -> _MessageContent | None:
    """Return the data for a due message; None if its chat has been deleted."""
    chat = services.chats.get(due.chat)
    if chat is None:
        return None
    log = services.outbox.alert_log
    if due.report_day:
        counts = log.match_counts(chat.id, due.report_day - ONE_WEEK, due.report_day - schedule.ONE_DAY)
        report = weekly_report(chat, services.archive.issues(), counts, before=due.report_day, now=now)
        return _MessageContent(due, chat, report=report)
    waiting = log.waiting_articles(chat.id, due.topic) if due.bundles else []
    waiting = [item for item in waiting if item.bundle in due.bundles]
    articles = {item.article: article for item in waiting if (article := services.archive.article(item.article))}
    return _MessageContent(due, chat, waiting, articles, editions.content(due.edition) if due.edition else None)


def _decide_message(content: _MessageContent, editions: "_Editions", labeller: Labeller, now: datetime) -> _Decision:
    """Render a due message and choose its outbox key; find the waiting articles to remove."""
    due, chat, language = content.due, content.chat, content.chat.settings.language
    if content.report and due.report_day:
        parts = render.weekly_report(content.report, language)
        return _Decision(due, OutboxEntry(chat.id, weekly_report_key(due.report_day), parts, topic=due.topic))
    late = {
        content.articles[item.article].id for item in content.waiting if item.late and item.article in content.articles
    }
    articles = content.articles.values()
    matched = match_waiting(chat, due.topic, articles, late, labeller.label, now=now) if articles else []
    matched_ids = [item.article.id for item in matched]
    waiting_ids = [name for name, article in content.articles.items() if article.id in matched_ids]
    # An article may wait under the id of one part of a continued story; both ids then count as reported.
    reported = tuple(dict.fromkeys((*matched_ids, *waiting_ids)))
    obsolete = {item.article for item in content.waiting}.difference(waiting_ids)
    bundle = render.alert_bundle(matched, language) if matched else ()
    if content.edition:
        digest = editions.render(content.edition, chat, exclude=reported)
        entry = OutboxEntry(chat.id, content.edition.edition.key, (*bundle, *digest), reported, due.topic)
    elif matched:
        key = f"bundle:{due.topic or 0}:{reported[0]}:{now:%Y-%m-%d}"
        entry = OutboxEntry(chat.id, key, bundle, reported, due.topic)
    else:
        return _Decision(due, None, obsolete)
    return _Decision(due, entry, obsolete)


def _write_decisions(outbox: Outbox, decisions: Sequence[_Decision], now: datetime) -> int:
    """Remove obsolete waiting articles and queue the messages; return the number of messages."""
    for decision in decisions:
        if decision.obsolete:
            outbox.alert_log.drop_waiting(decision.due.chat, decision.due.topic, decision.obsolete)
    entries = [decision.entry for decision in decisions if decision.entry]
    outbox.add_many(entries, now)
    return len(entries)


class _Editions:
    """Caches the editions of one run: each is read once and rendered once per combination of settings."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._contents: dict[str, _EditionContent | DigestFailed] = {}
        self._rendered: dict[tuple[object, ...], tuple[OutgoingMessage, ...]] = {}

    def content(self, edition: Edition) -> _EditionContent:
        """Return the edition's digest and the articles each chat already got; raises DigestFailed."""
        if edition.key not in self._contents:
            try:
                self._contents[edition.key] = self._read(edition)
            except DigestFailed as error:  # kept too: building it again for each chat would take long
                self._contents[edition.key] = error
        content = self._contents[edition.key]
        if isinstance(content, DigestFailed):
            raise content
        return content

    def _read(self, edition: Edition) -> _EditionContent:
        digest = self._services.archive.digest(edition.days[0]) if edition.days else None
        stories = digest.stories if digest else ()
        articles = [article for story in stories for article in (story.article, *story.copies)]
        reported: dict[int, set[str]] = defaultdict(set)
        for chat, article in self._services.outbox.reported_pairs(articles):
            reported[chat].add(article)
        return _EditionContent(edition, digest, reported)

    def render(self, content: _EditionContent, chat: Chat, *, exclude: Collection[str]) -> tuple[OutgoingMessage, ...]:
        """Render the edition for a chat, without the articles that the chat already got and without `exclude`."""
        excluded = frozenset(content.reported.get(chat.id, ())).union(exclude)
        settings = chat.settings
        key = content.edition.key, settings.language, settings.stories, settings.pictures, excluded
        if key not in self._rendered:
            self._rendered[key] = _render(content.edition, content.digest, settings, excluded)
        return self._rendered[key]


def render_edition(services: Services, edition: Edition, settings: Settings) -> tuple[OutgoingMessage, ...]:
    """Return the messages of a complete edition, rendered with these settings."""
    digest = services.archive.digest(edition.days[0]) if edition.days else None
    return _render(edition, digest, settings, frozenset())


def _render(
    edition: Edition, digest: Digest | None, settings: Settings, excluded: Collection[str]
) -> tuple[OutgoingMessage, ...]:
    """Render the digest with buttons for the other issues; a short notice if there is no digest or no story is left."""
    if digest is None:
        return (render.no_issue_in_earlier_years(settings.language),)
    stories = tuple(story for story in digest.stories if not {story.article, *story.copies} & {*excluded})
    if digest.stories and not stories:
        return (render.digest_covered_by_alerts(digest, settings.language),)
    shown = replace(digest, stories=stories[: settings.stories])
    parts = render.digest(shown, settings.language, others=edition.days[1:])
    return (render.issue_card(shown, settings.language), *parts) if settings.pictures else parts

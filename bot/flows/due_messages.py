"""What is due at a tick -> letters: editions with what was found for each reader, bundles, accounts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from bot import render
from bot.context import Services, chat_defaults
from digests import analysis
from digests.chats import Chat, OutgoingMessage, Settings
from digests.digest.editions import Edition
from digests.storage.outbox import OutboxEntry
from digests.subscriptions import schedule, weekly_report
from digests.subscriptions.alerts import MatchedArticle, match_waiting
from digests.subscriptions.schedule import DueMessage, weekly_report_key

BATCH = 200
"""Letters owed in one transaction."""


def queue_due_messages(services: Services) -> int:
    """Owe all that is due now: digests, bundles of what waits, accounts of the week; give how many letters."""
    with services.chat_lock:
        return _owed(services)


def _owed(services: Services) -> int:
    now = services.clock()
    due = schedule.due_messages(
        services.chats.all(),
        services.outbox.alert_log.pending_bundles(),
        services.edition,
        services.outbox.chats_with_key,
        now=now,
        usual=chat_defaults(services),
    )
    editions = _Editions(services)
    letters = (letter for one in due for letter in _letters(services, editions, one, now))
    owed = 0
    while batch := list(islice(letters, BATCH)):
        services.outbox.add_many(batch, now)
        owed += len(batch)
    return owed


def _letters(services: Services, editions: "_Editions", due: DueMessage, now: datetime) -> Iterator[OutboxEntry]:
    chat = services.chats.get(due.chat)
    if chat is None:
        return
    if due.report_day:
        yield _account(services, chat, due, due.report_day, now)
        return
    language = chat.settings.language
    found, told = _found(services, chat, due, now) if due.bundles else ((), ())
    bundle = render.alert_bundle(found, language) if found else ()
    if due.edition:
        parts = editions.told(due.edition, chat, told)
        yield OutboxEntry(chat.id, due.edition.key, (*bundle, *parts), told, due.topic)
    elif found:
        key = f"bundle:{due.topic or 0}:{told[0]}:{now:%Y-%m-%d}"
        yield OutboxEntry(chat.id, key, bundle, told, due.topic)


def _account(services: Services, chat: Chat, due: DueMessage, before: date, now: datetime) -> OutboxEntry:
    """What was read and found in the seven days before the day `before`."""
    matched = services.outbox.alert_log.match_counts(
        chat.id, before - weekly_report.ONE_WEEK, before - schedule.ONE_DAY
    )
    week = weekly_report.weekly_report(chat, services.archive.issues(), matched, before=before, now=now)
    return OutboxEntry(
        chat.id, weekly_report_key(before), render.weekly_report(week, chat.settings.language), topic=due.topic
    )


def _found(
    services: Services, chat: Chat, due: DueMessage, now: datetime
) -> tuple[Sequence[MatchedArticle], tuple[str, ...]]:
    """What waits and is due, as the subscriptions are now, and the ids by which it waited and is known.

    What nobody wants any more waits no longer.
    """
    ledger = services.outbox.alert_log
    waiting = [one for one in ledger.waiting_articles(chat.id, due.topic) if one.bundle in due.bundles]
    articles = {one.article: article for one in waiting if (article := services.archive.article(one.article))}
    late = {article.id for one in waiting if one.late and (article := articles.get(one.article))}
    found = match_waiting(chat, due.topic, articles.values(), late, analysis.labels_of, now=now)
    kept = {one.article.id for one in found}
    names = [name for name, article in articles.items() if article.id in kept]
    if unwanted := {one.article for one in waiting}.difference(names):
        ledger.drop_waiting(chat.id, due.topic, unwanted)
    return found, tuple(dict.fromkeys((*(one.article.id for one in found), *names)))


class _Editions:
    """Editions as their readers get them; most get the same."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._told: dict[str, dict[int, set[str]]] = {}
        self._made: dict[tuple[object, ...], tuple[OutgoingMessage, ...]] = {}

    def told(self, edition: Edition, chat: Chat, besides: Collection[str]) -> tuple[OutgoingMessage, ...]:
        """The edition without what the chat was told already, and without the articles `besides`."""
        known = frozenset(self._told_of(edition).get(chat.id, ())).union(besides)
        settings = chat.settings
        form = edition.key, settings.language, settings.stories, settings.pictures, known
        if form not in self._made:
            self._made[form] = render_edition(self._services, edition, settings, without=known)
        return self._made[form]

    def _told_of(self, edition: Edition) -> dict[int, set[str]]:
        """Which chat was told of which stories of the edition."""
        if edition.key not in self._told:
            stories = self._services.archive.digest(edition.days[0]).stories if edition.days else ()
            articles = [article for story in stories for article in (story.article, *story.copies)]
            told: dict[int, set[str]] = defaultdict(set)
            for who, article in self._services.outbox.reported_pairs(articles):
                told[who].add(article)
            self._told[edition.key] = told
        return self._told[edition.key]


def render_edition(
    services: Services, edition: Edition, settings: Settings, *, without: Collection[str] = ()
) -> tuple[OutgoingMessage, ...]:
    """The digest of an edition's first issue with buttons for the others, or one line where there is no issue.

    It has as many stories as `settings` say, and none of the articles `without`.
    """
    if not edition.days:
        return (render.no_issue_in_earlier_years(settings.language),)
    whole = services.archive.digest(edition.days[0])
    rest = tuple(story for story in whole.stories if not {story.article, *story.copies} & {*without})
    if whole.stories and not rest:
        return (render.digest_covered_by_alerts(whole, settings.language),)
    told = replace(whole, stories=rest[: settings.stories])
    parts = render.digest(told, settings.language, others=edition.days[1:])
    return (render.issue_card(told, settings.language), *parts) if settings.pictures else parts

"""Taking in what is new.

New articles -> who is told now, and what waits.
"""

import logging
import zlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot import render
from bot.context import Services, chat_defaults
from digests import analysis
from digests.archive import Progress
from digests.chats import Chat, Subscription
from digests.ingest import IngestReport
from digests.matching.subscription_matcher import SubscriptionMatcher
from digests.models import NewArticle
from digests.storage.outbox import OutboxEntry
from digests.subscriptions import schedule
from digests.subscriptions.alerts import (
    REPEAT_WINDOW,
    AlertRules,
    ArrivedArticle,
    Destination,
    EarlierDecisions,
    MatchedArticle,
    decide_alerts,
    group_by_article,
    without_old_backlog,
)


def ingest_pages(
    services: Services,
    paths: Sequence[Path] | None = None,
    *,
    progress: Progress = lambda _phase, _done, _all: None,
    wait_for_copies: bool = False,
) -> IngestReport:
    """Take in what is new in the archive folder, or in `paths`; who is to hear of it is decided by `owe_alerts`.

    With `wait_for_copies`, files changed in the last seconds are left for the next time.
    """
    now = services.clock()
    return services.archive.ingest(
        paths,
        announce=lambda news: services.outbox.expect(news, now),
        progress=progress,
        settled=now if wait_for_copies else None,
    )


log = logging.getLogger(__name__)

DAYS_KEPT = timedelta(days=40)
"""How long it is known what a subscription found; the longest that anything asks for is a week."""


def queue_alerts(services: Services) -> int:
    """Match the articles that were not matched yet; give how many chats and topics are owed an alert because of them.

    Not to be called while a taking in is under way: what it expects and the archive does not have is gone again.
    """
    with services.chat_lock:
        return _owed(services)


def _owed(services: Services) -> int:
    expected = services.outbox.expected()
    if not expected:
        return 0
    if count_stale_articles(services):
        log.warning(
            "%d articles of this backlog alert nobody; [alerts] tells of what is at most max_age = %d days old",
            count_stale_articles(services),
            services.config.alerts.max_age,
        )
    arrived = _arrived(services)
    chats = {chat.id: chat for chat in services.chats.all() if chat.subscriptions}
    topics = SubscriptionMatcher(chats.values(), analysis.labels_of)
    now = services.clock()
    decision = decide_alerts(arrived.values(), topics, chats, _known(services, arrived.values()), _hours(services))
    late = {one.article.id for one in arrived.values() if one.late}
    articles = {one.article.id: one.article for one in arrived.values()}
    letters = [
        _alert(chats[place[0]], place, group_by_article(matches, articles, late))
        for place, matches in decision.told.items()
    ]
    letters += [_not_understood(chats[chat], subscription) for chat, subscription in topics.invalid]
    gone = {news.id for news in _recent(services)}.difference(*(one.ids for one in arrived.values()))
    services.outbox.settle(expected.keys() - gone, letters, now, decision.entries, gone=gone)
    services.outbox.ledger.prune((now - DAYS_KEPT).date())
    return len(decision.told)


def count_stale_articles(services: Services) -> int:
    """How many articles that came in will alert nobody, because they are part of a backlog and too old."""
    return len(services.outbox.expected()) - len(_recent(services))


def _arrived(services: Services) -> dict[str, ArrivedArticle]:
    """What came in and is still there, stories that jump once, whichever of their pieces came."""
    expected = services.outbox.expected()
    arrived: dict[str, ArrivedArticle] = {}
    for news in _recent(services):
        if story := services.archive.story(news.id):
            article, ids = story
            arrived.setdefault(article.id, ArrivedArticle(article, ids, expected[news.id], news.late, news.former))
    return arrived


def _recent(services: Services) -> list[NewArticle]:
    newest = next((issue.day for issue in services.archive.issues()), None)
    return without_old_backlog(services.outbox.news(), newest, timedelta(days=services.config.alerts.max_age))


def _known(services: Services, arrived: Collection[ArrivedArticle]) -> EarlierDecisions:
    ledger, today = services.outbox.ledger, services.clock().date()
    days = [one.article.date for one in arrived if one.article.date]
    imprints = (
        ledger.imprints(min(days) - REPEAT_WINDOW, max(days) + REPEAT_WINDOW) if days else ledger.imprints(today, today)
    )
    ids = {article for one in arrived for article in one.ids}.union(imprint.article for imprint in imprints)
    # A chat may be a day ahead of the clock or behind it.
    return EarlierDecisions(ledger.decided(ids), ledger.told_at_once(today - schedule.ONE_DAY), imprints)


def _hours(services: Services) -> AlertRules:
    now, known = services.clock(), chat_defaults(services)
    return AlertRules(
        now=now,
        cap=services.config.alerts.cap,
        is_quiet=partial(schedule.in_quiet_hours, now=now, usual=known),
        day=partial(schedule.local_day, now=now, usual=known),
    )


def _alert(chat: Chat, place: Destination, found: Sequence[MatchedArticle]) -> OutboxEntry:
    _, topic = place
    told = tuple(one.article.id for one in found)
    key = f"alert:{told[0]}" if topic is None else f"alert:{topic}:{told[0]}"
    return OutboxEntry(chat.id, key, render.alert(found, chat.settings.language), told, topic)


def _not_understood(chat: Chat, subscription: Subscription) -> OutboxEntry:
    """Said once of each query; a changed one is another."""
    key = f"unclear:{subscription.id}:{zlib.crc32(subscription.query.encode('utf-8', 'surrogatepass'))}"
    message = render.unreadable_subscription(subscription, chat.settings.language)
    return OutboxEntry(chat.id, key, (message,), topic=subscription.topic)

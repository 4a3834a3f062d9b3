"""What the running bot does of itself: take in new pages, and owe readers their alerts and digests.

    new pages   archive.take_in -> outbox.expect -> index        (owed to nobody yet)
    alerts      outbox.expected -> topics -> render -> outbox    (one transaction: matched and owed)
    digests     schedule.digests_due -> render -> outbox

Each is safe to repeat: what was owed once is never owed again.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from bot import render
from bot.context import Services
from digests.archive import Progress
from digests.intake import TakenIn, settled_by
from digests.models import Match
from digests.outbox import Letter
from digests.schedule import digests_due
from digests.topics import Topics

log = logging.getLogger(__name__)


def take_in(services: Services, progress: Progress = lambda _done, _all: None) -> TakenIn:
    """Take in what is new in the archive folder; who is to hear of it is decided by `owe_alerts`."""
    now = services.clock()
    return services.archive.take_in(
        announce=lambda articles: services.outbox.expect(articles, now),
        progress=progress,
        settled_by=settled_by(now),
    )


def owe_alerts(services: Services) -> int:
    """Match the articles that were not matched yet; give how many chats are owed an alert because of them."""
    expected = [services.archive.article(article_id) for article_id in services.outbox.expected()]
    articles = {article.id: article for article in expected if article}
    if not articles:
        return 0
    chats = {chat.id: chat for chat in services.chats.all() if chat.subscriptions}
    topics = Topics(chats.values())
    for chat_id, subscription in topics.unread:
        log.warning("subscription %d of chat %d cannot be understood any more", subscription.id, chat_id)
    told = services.outbox.told_pairs(articles)
    by_chat: dict[int, list[Match]] = defaultdict(list)
    for article in articles.values():
        for match in topics.match(article):
            if (match.chat, article.id) not in told:
                by_chat[match.chat].append(match)
    letters = []
    for chat_id, matches in by_chat.items():
        parts = render.alert(matches, articles, chats[chat_id].settings.language)
        named = tuple(dict.fromkeys(match.article for match in matches))
        letters.append(Letter(chat_id, f"alert:{named[0]}", parts, named))
    services.outbox.settle(articles, letters, services.clock())
    return len(letters)


def owe_digests(services: Services) -> int:
    """Owe the newest digest to all whose time has come; give how many."""
    issues = services.archive.issues()
    config, now = services.config, services.clock()
    due = digests_due(
        services.chats.all(),
        issues[0].day if issues else None,
        services.outbox.keys("digest:"),
        now=now,
        default_time=config.digest.time,
        zone=config.zone,
        late=timedelta(hours=config.digest.late_hours),
    )
    for one in due:
        chat = services.chats.get(one.chat_id)
        if chat:
            parts = render.digest(services.archive.digest(one.day), chat.settings.language)
            services.outbox.put(Letter(chat.id, one.key, parts), now)
    return len(due)

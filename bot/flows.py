"""What the running bot does of itself: take in new pages, and owe readers their alerts and digests.

    new pages   archive.take_in -> outbox.expect -> index        (owed to nobody yet)
    alerts      outbox.expected -> topics -> render -> outbox    (one transaction: matched and owed)
    digests     schedule.digests_due -> editions -> render -> outbox

Each is safe to repeat: what was owed once is never owed again.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot import render
from bot.context import Services
from digests import labels
from digests.archive import Progress
from digests.editions import Edition
from digests.intake import TakenIn
from digests.models import Article
from digests.outbox import Letter
from digests.readers import Chat, Language, Match, Outgoing
from digests.schedule import digests_due
from digests.topics import Topics

log = logging.getLogger(__name__)


def take_in(
    services: Services,
    paths: Sequence[Path] | None = None,
    *,
    progress: Progress = lambda _done, _all: None,
    wait_for_copies: bool = False,
) -> TakenIn:
    """Take in what is new in the archive folder, or in `paths`; who is to hear of it is decided by `owe_alerts`.

    With `wait_for_copies`, files changed in the last seconds are left for the next time.
    """
    now = services.clock()
    return services.archive.take_in(
        paths,
        announce=lambda articles: services.outbox.expect(articles, now),
        progress=progress,
        settled=now if wait_for_copies else None,
    )


def owe_alerts(services: Services) -> int:
    """Match the articles that were not matched yet; give how many chats are owed an alert because of them.

    Not to be called while a taking in is under way: what it expects and the archive does not have is gone again.
    """
    expected = services.outbox.expected()
    if not expected:
        return 0
    articles = {name: article for name in expected if (article := services.archive.article(name))}
    chats = {chat.id: chat for chat in services.chats.all() if chat.subscriptions}
    letters = [
        _alert(chats[chat_id], matches, articles)
        for chat_id, matches in _news(services, articles, expected, chats.values()).items()
    ]
    services.outbox.settle(expected, letters, services.clock())
    return len(letters)


def _news(
    services: Services, articles: Mapping[str, Article], expected: Mapping[str, datetime], chats: Iterable[Chat]
) -> dict[int, list[Match]]:
    """What is news to whom: not told before, and taken in after the subscription was made."""
    topics = Topics(chats, labels.of)
    for chat_id, subscription in topics.unread:
        log.warning("subscription %d of chat %d cannot be understood any more", subscription.id, chat_id)
    told = services.outbox.told_pairs(articles)
    by_chat: dict[int, list[Match]] = defaultdict(list)
    for name, article in articles.items():
        for match in topics.match(article):
            if (match.chat, name) not in told and match.subscription.created <= expected[name]:
                by_chat[match.chat].append(match)
    return by_chat


def _alert(chat: Chat, matches: Sequence[Match], articles: Mapping[str, Article]) -> Letter:
    named = tuple(dict.fromkeys(match.article for match in matches))
    return Letter(chat.id, f"alert:{named[0]}", render.alert(matches, articles, chat.settings.language), named)


def owe_digests(services: Services) -> int:
    """Owe the day's edition to all whose time has come; give how many."""
    config, now = services.config, services.clock()
    due = digests_due(
        services.chats.all(),
        services.edition,
        services.outbox.keys("digest:"),
        now=now,
        default_time=config.digest.time,
        zone=config.zone,
        late=timedelta(hours=config.digest.late_hours),
    )
    for one in due:
        chat = services.chats.get(one.chat_id)
        if chat:
            parts = edition_told(services, one.edition, chat.settings.language)
            services.outbox.put(Letter(chat.id, one.edition.key, parts), now)
    return len(due)


def edition_told(services: Services, edition: Edition, lang: Language) -> tuple[Outgoing, ...]:
    """The digest of an edition's first issue with buttons for the others, or one line where there is no issue."""
    if not edition.days:
        return (render.no_anniversary(lang),)
    return render.digest(services.archive.digest(edition.days[0]), lang, others=edition.days[1:])

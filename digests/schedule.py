"""Which daily digests are due at a given moment (pure; the moment is passed in).

There is no timer a chat: a tick asks for what is due and not yet in the outbox, so a restart or a machine that slept
loses nothing, and a key that is in the outbox is never due again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.editions import Edition, EditionOf
from digests.readers import Chat


@dataclass(frozen=True, slots=True)
class DueDigest:
    """An edition to be owed to a chat under its key."""

    chat_id: int
    edition: Edition


def digests_due(
    chats: Iterable[Chat],
    edition_of: EditionOf,
    done: set[tuple[int, str]],
    *,
    now: datetime,
    default_time: time,
    zone: ZoneInfo,
    late: timedelta,
) -> list[DueDigest]:
    """The digests that are due at `now` (aware) and not in `done` (pairs of chat and key).

    A chat's turn comes every day at its wall-clock time in `zone`, or `default_time`; the digest may leave from then
    on until `late` afterwards, and is the edition of the day of the turn, also after midnight. Served are active chats
    that want digests and had a subscription when their turn came.
    """
    turns: dict[time, tuple[datetime, Edition | None]] = {}  # 10,000 chats share a few wall-clock times
    due = []
    for chat in chats:
        if not (chat.active and chat.settings.digest and chat.subscriptions):
            continue
        at = chat.settings.digest_time or default_time
        if at not in turns:
            came = last_turn(at, zone, now)
            turns[at] = came, edition_of(came.astimezone(zone).date())
        came, edition = turns[at]
        if edition is None or (chat.id, edition.key) in done:
            continue
        since = min(subscription.created for subscription in chat.subscriptions)
        if since <= came and now - came <= late:
            due.append(DueDigest(chat.id, edition))
    return due


def last_turn(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest moment, not after `now`, at which the clocks of `zone` came to `at`; in UTC.

    A time that the clocks skip comes as much later as they jumped; of a time that they show twice, the first counts.
    """
    today = now.astimezone(zone).date()
    # Tomorrow's turn can never have come; where a whole day was skipped, the day before yesterday's is the last.
    turns = (_moment(today - timedelta(days=back), at, zone) for back in range(3))
    return next(turn for turn in turns if turn <= now)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    # UTC, because Python subtracts two times of one zone by what the clocks show, not by what has passed.
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)

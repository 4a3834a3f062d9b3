"""What is due at a given moment: digests, bundles of what waits, and the weekly account (pure; `now` is passed in).

There is no timer a chat: a tick asks for what is due and not yet in the outbox, so that a restart or a machine that
slept loses nothing. A digest and an account have keys that a chat is owed once; what waits is taken off the ledger when
it is owed. So nothing comes twice, also where the clock is set back.

turn      the moment of a chat's digest: its wall-clock time on one of its weekdays, or the end of the quiet hours that
          it falls into
digest    from the turn on, until `late` afterwards
bundles   at the first turn after they began to wait; weekly ones at that of the week; what only waits for the end of
          quiet hours at that end; what began to wait for the same bundle since then goes along
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digests.chats import Chat, Settings
from digests.dates import ALL_WEEKDAYS
from digests.digest.editions import Edition, EditionOfDay
from digests.subscriptions.alerts import Bundle


@dataclass(frozen=True, slots=True)
class PendingBundle:
    """That something waits for a bundle."""

    chat: int
    topic: int | None
    bundle: Bundle
    since: datetime
    """Since when the longest has been waiting."""


ONE_DAY = timedelta(days=1)

ChatsWithKey = Callable[[str], Set[int]]
"""A letter's key -> the chats that have that letter."""


@dataclass(frozen=True, slots=True)
class ChatDefaults:
    """What holds for chats that have chosen nothing."""

    digest_time: time
    zone: ZoneInfo
    max_delay: timedelta
    """How long after its time a digest may still leave."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The last time that a chat's turn came."""

    at: datetime
    day: date
    """The day of the chat on which it came."""
    deadline: datetime
    """When it is too late for what should have come then; quiet hours do not count."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """What one chat, in a forum one of its topics, is to be owed now, as one letter."""

    chat: int
    topic: int | None = None
    edition: Edition | None = None
    bundles: tuple[Bundle, ...] = ()
    """What waits for these is due."""
    report_day: date | None = None
    """The day on which account is given of the seven days before it; nothing else is in its letter."""


def due_messages(
    chats: Iterable[Chat],
    pending: Iterable[PendingBundle],
    edition_of: EditionOfDay,
    owed: ChatsWithKey,
    *,
    now: datetime,
    usual: ChatDefaults,
) -> list[DueMessage]:
    """All that is due at `now` (aware). Chats that refuse messages are due nothing; what waits for them waits on.

    Digests are for chats that want them and had a subscription when their turn came.
    """
    known = _Known(edition_of, owed, now, usual)
    waiting: dict[int, list[PendingBundle]] = defaultdict(list)
    for one in pending:
        waiting[one.chat].append(one)
    found: list[DueMessage] = []
    for chat in chats:
        if chat.active and (chat.subscriptions or chat.id in waiting) and not known.is_quiet(chat.settings):
            found += _due(chat, waiting.get(chat.id, ()), known)
    return found


def _due(chat: Chat, waiting: Iterable[PendingBundle], known: "_Known") -> Iterable[DueMessage]:
    bundles: dict[int | None, list[Bundle]] = defaultdict(list)
    for one in waiting:
        if one.bundle == "quiet" or _is_ripe(one, known.turn(chat.settings, weekly=one.bundle == "weekly"), known.now):
            bundles[one.topic].append(one.bundle)
    own = chat.settings.topic
    edition = known.edition(chat) if chat.settings.digest else None
    if edition or own in bundles:
        yield DueMessage(chat.id, own, edition, tuple(bundles.pop(own, ())))
    for topic, ripe in bundles.items():
        yield DueMessage(chat.id, topic, bundles=tuple(ripe))
    if chat.settings.weekly_report and (report_day := known.report_day(chat)):
        yield DueMessage(chat.id, own, report_day=report_day)


def _is_ripe(one: PendingBundle, turn: Occurrence, now: datetime) -> bool:
    """Whether the turn came after it began to wait, which may seem to lie ahead where the clock was set back."""
    return turn.at >= one.since or one.since > now + ONE_DAY


class _Known:
    """What is worked out once for all chats that live by the same clock."""

    def __init__(self, edition_of: EditionOfDay, owed: ChatsWithKey, now: datetime, usual: ChatDefaults) -> None:
        self.now = now
        self._usual = usual
        self._quiet: dict[tuple[object, ...], bool] = {}
        self._turns: dict[tuple[object, ...], Occurrence] = {}
        self._edition_of = edition_of
        self._editions: dict[date, Edition | None] = {}
        self._owed = owed
        self._have: dict[str, Set[int]] = {}

    def is_quiet(self, settings: Settings) -> bool:
        if settings.quiet is None:
            return False
        hours = settings.zone, settings.quiet
        if hours not in self._quiet:
            self._quiet[hours] = in_quiet_hours(settings, self.now, self._usual)
        return self._quiet[hours]

    def turn(self, settings: Settings, *, weekly: bool = False) -> Occurrence:
        clock = settings.zone, settings.digest_time, settings.weekdays, settings.quiet, weekly
        if clock not in self._turns:
            self._turns[clock] = last_occurrence(settings, self.now, self._usual, weekly=weekly)
        return self._turns[clock]

    def edition(self, chat: Chat) -> Edition | None:
        """The edition that the chat is to be owed now."""
        turn = self.turn(chat.settings)
        if not self._in_time(chat, turn):
            return None
        if turn.day not in self._editions:
            self._editions[turn.day] = self._edition_of(turn.day)
        edition = self._editions[turn.day]
        return edition if edition and chat.id not in self._chats_with(edition.key) else None

    def report_day(self, chat: Chat) -> date | None:
        """The day of the account that the chat is to be owed now."""
        week = self.turn(chat.settings, weekly=True)
        due = self._in_time(chat, week) and chat.id not in self._chats_with(weekly_report_key(week.day))
        return week.day if due else None

    def _in_time(self, chat: Chat, turn: Occurrence) -> bool:
        if self.now > turn.deadline or not chat.subscriptions:
            return False
        return min(subscription.created for subscription in chat.subscriptions) <= turn.at

    def _chats_with(self, key: str) -> Set[int]:
        if key not in self._have:
            self._have[key] = self._owed(key)
        return self._have[key]


def weekly_report_key(day: date) -> str:
    """What the outbox knows the account by that is given on `day`."""
    return f"account:{day}"


def in_quiet_hours(settings: Settings, now: datetime, usual: ChatDefaults) -> bool:
    """Whether nothing may be sent of itself at `now`. Quiet hours that end when they begin are none."""
    if settings.quiet is None:
        return False
    return _within(settings.quiet, now.astimezone(zone_of(settings, usual)).time())


def _within(quiet: tuple[time, time], at: time) -> bool:
    start, end = quiet
    return start <= at < end if start <= end else at >= start or at < end


def local_day(settings: Settings, now: datetime, usual: ChatDefaults) -> date:
    """The day that the chat has now."""
    return now.astimezone(zone_of(settings, usual)).date()


def last_occurrence(settings: Settings, now: datetime, usual: ChatDefaults, *, weekly: bool = False) -> Occurrence:
    """The latest turn, not after `now`, of a chat; that of the week is that of the first of its weekdays.

    A time that the clocks skip comes as much later as they jumped; of a time that they show twice, the first counts.
    """
    zone = zone_of(settings, usual)
    at = settings.digest_time or usual.digest_time
    days = settings.weekdays or ALL_WEEKDAYS
    wanted = (min(days),) if weekly else days
    today = now.astimezone(zone).date()
    # A turn that quiet hours put off may come a day later; where a whole day was skipped, one more is looked back.
    for back in range(2 * len(ALL_WEEKDAYS) + 2):
        day = today - timedelta(days=back)
        if day.weekday() in wanted:
            moment = _after_quiet(day, at, settings.quiet, zone)
            if moment <= now:
                return Occurrence(moment, day, _deadline(moment, usual.max_delay, settings.quiet, zone))
    raise AssertionError("a fortnight has every day of the week")


def _after_quiet(day: date, at: time, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    if quiet is None or not _within(quiet, at):
        return _moment(day, at, zone)
    return _moment(day + ONE_DAY if quiet[1] <= at else day, quiet[1], zone)


def _deadline(turn: datetime, late: timedelta, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """`late` after the turn; quiet hours that begin meanwhile stop the count until they end."""
    if quiet is None or quiet[0] == quiet[1]:
        return turn + late
    day = turn.astimezone(zone).date()
    if (begins := _moment(day, quiet[0], zone)) < turn:
        begins = _moment(day + ONE_DAY, quiet[0], zone)
    if begins >= turn + late:
        return turn + late
    ends = _after_quiet(begins.astimezone(zone).date(), quiet[0], quiet, zone)
    return ends + (turn + late - begins)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    # UTC, because Python subtracts two times of one zone by what the clocks show, not by what has passed.
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def zone_of(settings: Settings, usual: ChatDefaults) -> ZoneInfo:
    """The chat's zone; the usual one where nobody chose any, or where the chosen one is known no longer."""
    return _zone(settings.zone) or usual.zone if settings.zone else usual.zone


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

"""Find the digests, bundles of waiting articles and weekly reports that are due at a moment, `now` (pure).

There are no timers: each tick computes the messages that are due and not yet in the outbox. A restart, or a machine
that was suspended, therefore loses nothing. The keys of digests and reports are unique in the outbox, and articles are
no longer waiting once they are queued, so no message is sent twice, even if the clock is set back.

occurrence   the moment of a chat's digest: its digest time on one of its weekdays; if this time is in quiet hours,
             their end
digest       due from its occurrence until its deadline
bundle       daily: due at the first occurrence after its first article began to wait
             weekly: the same, but only occurrences on the first of the chat's weekdays count
             quiet: due when the quiet hours end
             a bundle has all articles that wait for it when it is sent
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digests.chats import Chat, Settings
from digests.dates import ALL_WEEKDAYS
from digests.digest.editions import Edition, EditionOfDay
from digests.guard import Problem, guard
from digests.subscriptions.alerts import Bundle

ONE_DAY = timedelta(days=1)

ChatsWithKey = Callable[[str], Set[int]]
"""A function that returns the ids of the chats that have an outbox entry with this key."""


@dataclass(frozen=True, slots=True)
class ChatDefaults:
    """The settings of chats that have not chosen their own."""

    digest_time: time
    zone: ZoneInfo
    max_delay: timedelta
    """Time after its occurrence in which a digest may still be queued."""


@dataclass(frozen=True, slots=True)
class PendingBundle:
    """A bundle with at least one waiting article."""

    chat: int
    topic: int | None
    bundle: Bundle
    since: datetime
    """When its first article began to wait."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The latest occurrence of a chat's digest."""

    at: datetime
    day: date
    """The local day of the digest time; if quiet hours delay the digest, `at` may be on the next day."""
    deadline: datetime
    """The last moment at which the digest may be queued; quiet hours extend it."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is due in a chat or a forum topic: an edition, bundles or both, or else a weekly report."""

    chat: int
    topic: int | None = None
    edition: Edition | None = None
    bundles: tuple[Bundle, ...] = ()
    report_day: date | None = None
    """The day of a weekly report, which covers the seven days before it and is always a separate message."""


def due_messages(
    chats: Iterable[Chat],
    pending: Iterable[PendingBundle],
    edition_of: EditionOfDay,
    chats_with_key: ChatsWithKey,
    *,
    now: datetime,
    defaults: ChatDefaults,
    problems: list[Problem],
) -> list[DueMessage]:
    """Return all messages that are due at `now` (aware); add the chats that cannot be scheduled to `problems`.

    Nothing is due in an inactive chat or in quiet hours; waiting articles keep waiting. A digest is due in chats that
    have digests switched on and had a subscription at its occurrence.
    """
    tick = _Tick(edition_of, chats_with_key, now, defaults)
    waiting: dict[int, list[PendingBundle]] = defaultdict(list)
    for bundle in pending:
        waiting[bundle.chat].append(bundle)
    due: list[DueMessage] = []
    for chat in chats:
        with guard(f"the schedule of chat {chat.id}", problems):
            if chat.active and (chat.subscriptions or chat.id in waiting) and not tick.is_quiet(chat.settings):
                due += _due_in_chat(chat, waiting.get(chat.id, ()), tick)
    return due


def _due_in_chat(chat: Chat, pending: Iterable[PendingBundle], tick: "_Tick") -> Iterable[DueMessage]:
    bundles: dict[int | None, list[Bundle]] = defaultdict(list)
    for waiting in pending:
        if waiting.bundle == "quiet" or _is_due(
            waiting, tick.occurrence(chat.settings, weekly=waiting.bundle == "weekly"), tick.now
        ):
            bundles[waiting.topic].append(waiting.bundle)
    digest_topic = chat.settings.topic
    edition = tick.edition(chat) if chat.settings.digest else None
    if edition or digest_topic in bundles:
        yield DueMessage(chat.id, digest_topic, edition, tuple(bundles.pop(digest_topic, ())))
    for topic, due in bundles.items():
        yield DueMessage(chat.id, topic, bundles=tuple(due))
    if chat.settings.weekly_report and (report_day := tick.report_day(chat)):
        yield DueMessage(chat.id, digest_topic, report_day=report_day)


def _is_due(pending: PendingBundle, occurrence: Occurrence, now: datetime) -> bool:
    """True if the bundle began to wait before the occurrence.

    Also true if its start is more than a day later than `now`, because the clock was then set back.
    """
    return occurrence.at >= pending.since or pending.since > now + ONE_DAY


class _Tick:
    """A cache for one tick: results that chats with equal settings share."""

    def __init__(
        self, edition_of: EditionOfDay, chats_with_key: ChatsWithKey, now: datetime, defaults: ChatDefaults
    ) -> None:
        self.now = now
        self._defaults = defaults
        self._quiet: dict[tuple[object, ...], bool] = {}
        self._occurrences: dict[tuple[object, ...], Occurrence] = {}
        self._edition_of = edition_of
        self._editions: dict[date, Edition | None] = {}
        self._chats_with_key = chats_with_key
        self._chats: dict[str, Set[int]] = {}

    def is_quiet(self, settings: Settings) -> bool:
        if settings.quiet is None:
            return False
        hours = settings.zone, settings.quiet
        if hours not in self._quiet:
            self._quiet[hours] = in_quiet_hours(settings, self.now, self._defaults)
        return self._quiet[hours]

    def occurrence(self, settings: Settings, *, weekly: bool = False) -> Occurrence:
        clock = settings.zone, settings.digest_time, settings.weekdays, settings.quiet, weekly
        if clock not in self._occurrences:
            self._occurrences[clock] = last_occurrence(settings, self.now, self._defaults, weekly=weekly)
        return self._occurrences[clock]

    def edition(self, chat: Chat) -> Edition | None:
        """Return the edition that is due in the chat; None if there is none or the chat has already received it."""
        occurrence = self.occurrence(chat.settings)
        if not self._is_open(chat, occurrence):
            return None
        if occurrence.day not in self._editions:
            self._editions[occurrence.day] = self._edition_of(occurrence.day)
        edition = self._editions[occurrence.day]
        return edition if edition and chat.id not in self._chats_having(edition.key) else None

    def report_day(self, chat: Chat) -> date | None:
        """Return the day of the weekly report that is due in the chat; None if none is due."""
        week = self.occurrence(chat.settings, weekly=True)
        due = self._is_open(chat, week) and chat.id not in self._chats_having(weekly_report_key(week.day))
        return week.day if due else None

    def _is_open(self, chat: Chat, occurrence: Occurrence) -> bool:
        """True if the deadline has not passed and the chat has a subscription created before the occurrence.

        One that was created more than a day in the future is older than a correction of the clock, and counts as well.
        """
        paused_until = chat.settings.paused_until
        if self.now > occurrence.deadline or not chat.subscriptions or (paused_until and self.now < paused_until):
            return False
        first = min(subscription.created for subscription in chat.subscriptions)
        return first <= occurrence.at or first > self.now + ONE_DAY

    def _chats_having(self, key: str) -> Set[int]:
        if key not in self._chats:
            self._chats[key] = self._chats_with_key(key)
        return self._chats[key]


def weekly_report_key(day: date) -> str:
    """Return the outbox key of the weekly report of `day`."""
    return f"account:{day}"


def in_quiet_hours(settings: Settings, now: datetime, defaults: ChatDefaults) -> bool:
    """True if `now` is in the quiet hours, in which only replies are sent. Their start is included, their end is not.

    Quiet hours with equal start and end are empty.
    """
    if settings.quiet is None:
        return False
    return _is_within(settings.quiet, now.astimezone(zone_of(settings, defaults)).time())


def local_day(settings: Settings, now: datetime, defaults: ChatDefaults) -> date:
    """Return the current day in the chat's time zone."""
    return now.astimezone(zone_of(settings, defaults)).date()


def zone_of(settings: Settings, defaults: ChatDefaults) -> ZoneInfo:
    """Return the chat's time zone; the default zone if the chat has none or the system does not know it."""
    if settings.zone:
        try:
            return ZoneInfo(settings.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return defaults.zone


def last_occurrence(settings: Settings, now: datetime, defaults: ChatDefaults, *, weekly: bool = False) -> Occurrence:
    """Return a chat's latest occurrence up to `now`; with `weekly`, only the first of its weekdays counts.

    When the clocks go forward, a digest time in the skipped hour is moved later by the length of the skipped hour. When
    the clocks go back, the first of two equal times counts.
    """
    zone = zone_of(settings, defaults)
    digest_time = settings.digest_time or defaults.digest_time
    weekdays = settings.weekdays or ALL_WEEKDAYS
    if weekly:
        weekdays = (min(weekdays),)
    today = now.astimezone(zone).date()
    # Search two weeks, because quiet hours may delay an occurrence by a day, plus one day, because a time zone may skip
    # a day.
    for days_back in range(2 * len(ALL_WEEKDAYS) + 2):
        day = today - timedelta(days=days_back)
        if day.weekday() in weekdays:
            moment = _after_quiet_hours(day, digest_time, settings.quiet, zone)
            if moment <= now:
                return Occurrence(moment, day, _deadline(moment, defaults.max_delay, settings.quiet, zone))
    raise AssertionError("found no occurrence in two weeks, although they contain every weekday")


def _is_within(quiet: tuple[time, time], at: time) -> bool:
    start, end = quiet
    return start <= at < end if start <= end else at >= start or at < end


def _after_quiet_hours(day: date, at: time, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """Return the moment of a wall-clock time on `day`; if the time is in quiet hours, the end of these hours."""
    if quiet is None or not _is_within(quiet, at):
        return _moment(day, at, zone)
    return _moment(day + ONE_DAY if quiet[1] <= at else day, quiet[1], zone)


def _deadline(moment: datetime, delay: timedelta, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """Return `moment` plus `delay`; the quiet hours in between do not count towards the delay."""
    if quiet is None:
        return moment + delay
    day = moment.astimezone(zone).date()
    if (start := _moment(day, quiet[0], zone)) < moment:
        start = _moment(day + ONE_DAY, quiet[0], zone)
    if start >= moment + delay:
        return moment + delay
    end = _after_quiet_hours(start.astimezone(zone).date(), quiet[0], quiet, zone)
    return end + (moment + delay - start)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    # Convert to UTC: Python subtracts two times of the same zone by wall clock, not by elapsed time.
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)

"""What is due at a moment: digests, bundles of waiting articles, and weekly reports (pure; `now` is passed in).

No chat has a timer: each tick asks for what is due and not yet in the outbox, so a restart or a machine that slept
loses nothing. The keys of digests and reports are unique in the outbox, and bundled articles stop waiting when they are
queued, so nothing is sent twice, not even if the clock is set back.

occurrence   the moment of a chat's digest: its wall-clock time on one of its weekdays, or the end of the quiet hours
             that contain this time
digest       due from the occurrence until its deadline
bundles      due at the first occurrence after an article began to wait; weekly bundles at that of the first weekday;
             articles that wait for the end of the quiet hours when they end; later articles of the bundle go along
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digests.chats import Chat, Settings
from digests.dates import ALL_WEEKDAYS
from digests.digest.editions import Edition, EditionOfDay
from digests.subscriptions.alerts import Bundle

ONE_DAY = timedelta(days=1)

ChatsWithKey = Callable[[str], Set[int]]
"""Returns the chats that have an outbox entry with a key."""


@dataclass(frozen=True, slots=True)
class ChatDefaults:
    """The settings of chats that have not chosen their own."""

    digest_time: time
    zone: ZoneInfo
    max_delay: timedelta
    """How long after its occurrence a digest may still be queued."""


@dataclass(frozen=True, slots=True)
class PendingBundle:
    """A bundle that at least one article waits for."""

    chat: int
    topic: int | None
    bundle: Bundle
    since: datetime
    """Since when the first of its articles has been waiting."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The last moment at which a chat's digest was due."""

    at: datetime
    day: date
    """The local day of the chat's digest time, which quiet hours may put off to the next day."""
    deadline: datetime
    """The last moment at which the digest may be queued; quiet hours extend it."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """What a chat, or a forum topic of it, gets now, as one message."""

    chat: int
    topic: int | None = None
    edition: Edition | None = None
    bundles: tuple[Bundle, ...] = ()
    report_day: date | None = None
    """The day of a weekly report on the seven days before it, which is a message of its own."""


def due_messages(
    chats: Iterable[Chat],
    pending: Iterable[PendingBundle],
    edition_of: EditionOfDay,
    chats_with_key: ChatsWithKey,
    *,
    now: datetime,
    defaults: ChatDefaults,
) -> list[DueMessage]:
    """Return all messages that are due at `now` (aware).

    An inactive chat gets nothing; what waits for it keeps waiting. A digest is due in chats that want one and had a
    subscription at its occurrence.
    """
    tick = _Tick(edition_of, chats_with_key, now, defaults)
    waiting: dict[int, list[PendingBundle]] = defaultdict(list)
    for bundle in pending:
        waiting[bundle.chat].append(bundle)
    due: list[DueMessage] = []
    for chat in chats:
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
    """True if the bundle began to wait before the occurrence, or in the future, as the clock was set back."""
    return occurrence.at >= pending.since or pending.since > now + ONE_DAY


class _Tick:
    """What one tick works out once for all chats with the same settings."""

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
        """Return the edition that the chat gets now, if any."""
        occurrence = self.occurrence(chat.settings)
        if not self._is_open(chat, occurrence):
            return None
        if occurrence.day not in self._editions:
            self._editions[occurrence.day] = self._edition_of(occurrence.day)
        edition = self._editions[occurrence.day]
        return edition if edition and chat.id not in self._chats_having(edition.key) else None

    def report_day(self, chat: Chat) -> date | None:
        """Return the day of the weekly report that the chat gets now, if any."""
        week = self.occurrence(chat.settings, weekly=True)
        due = self._is_open(chat, week) and chat.id not in self._chats_having(weekly_report_key(week.day))
        return week.day if due else None

    def _is_open(self, chat: Chat, occurrence: Occurrence) -> bool:
        """True if the deadline has not passed and the chat had a subscription at the occurrence."""
        if self.now > occurrence.deadline or not chat.subscriptions:
            return False
        return min(subscription.created for subscription in chat.subscriptions) <= occurrence.at

    def _chats_having(self, key: str) -> Set[int]:
        if key not in self._chats:
            self._chats[key] = self._chats_with_key(key)
        return self._chats[key]


def weekly_report_key(day: date) -> str:
    """Return the outbox key of the weekly report of a day."""
    return f"account:{day}"


def in_quiet_hours(settings: Settings, now: datetime, defaults: ChatDefaults) -> bool:
    """True if nothing may be sent unasked at `now`. The start of the quiet hours is quiet, their end is not.

    Quiet hours that begin and end at the same time are never.
    """
    if settings.quiet is None:
        return False
    return _is_within(settings.quiet, now.astimezone(zone_of(settings, defaults)).time())


def local_day(settings: Settings, now: datetime, defaults: ChatDefaults) -> date:
    """Return the current day in the zone of the chat."""
    return now.astimezone(zone_of(settings, defaults)).date()


def zone_of(settings: Settings, defaults: ChatDefaults) -> ZoneInfo:
    """Return the chat's zone; the default one if none was chosen or the system no longer has it."""
    if settings.zone:
        try:
            return ZoneInfo(settings.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return defaults.zone


def last_occurrence(settings: Settings, now: datetime, defaults: ChatDefaults, *, weekly: bool = False) -> Occurrence:
    """Return a chat's latest occurrence not after `now`; the weekly one is on the first of its weekdays.

    A time that the clocks skip is put off by as much; of a time that they show twice, the first counts.
    """
    zone = zone_of(settings, defaults)
    digest_time = settings.digest_time or defaults.digest_time
    weekdays = settings.weekdays or ALL_WEEKDAYS
    if weekly:
        weekdays = (min(weekdays),)
    today = now.astimezone(zone).date()
    # Two weeks back, as quiet hours may put off an occurrence by a day; one day more, as a zone may skip a day.
    for days_back in range(2 * len(ALL_WEEKDAYS) + 2):
        day = today - timedelta(days=days_back)
        if day.weekday() in weekdays:
            moment = _after_quiet_hours(day, digest_time, settings.quiet, zone)
            if moment <= now:
                return Occurrence(moment, day, _deadline(moment, defaults.max_delay, settings.quiet, zone))
    raise AssertionError("two weeks have every weekday")


def _is_within(quiet: tuple[time, time], at: time) -> bool:
    start, end = quiet
    return start <= at < end if start <= end else at >= start or at < end


def _after_quiet_hours(day: date, at: time, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """Return the moment of a wall-clock time, or the end of the quiet hours that contain it."""
    if quiet is None or not _is_within(quiet, at):
        return _moment(day, at, zone)
    return _moment(day + ONE_DAY if quiet[1] <= at else day, quiet[1], zone)


def _deadline(moment: datetime, delay: timedelta, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """Return the moment after a delay in which the next quiet hours do not count."""
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
    # In UTC, because Python subtracts two times of one zone by what the clocks show, not by the time that passed.
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)

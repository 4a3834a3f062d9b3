"""The schedule of automatic backups, worked out from their folders' names: which one is due, which ones have expired.

A name states when the backup was made and, for one outside the schedule, why:

    2026-11-22T204107Z   2026-11-22T204107Z-before-restore   2026-11-22T204107Z-before-update

Nothing else is stored, so a restart or a machine that slept changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

BackupReason = Literal["", "before-restore", "before-update"]

_TIME_FORMAT = "%Y-%m-%dT%H%M%SZ"
_TIME_CHARS = len("2026-11-22T204107Z")
_HOUR_CHARS = len("2026-11-22T20")
_DAY_CHARS = len("2026-11-22")


def backup_name(moment: datetime, reason: BackupReason = "") -> str:
    """Return the name of a backup made at `moment` (aware); names sort by time."""
    stamp = moment.astimezone(UTC).strftime(_TIME_FORMAT)
    return f"{stamp}-{reason}" if reason else stamp


def backup_time(name: str) -> datetime | None:
    """Return when the backup of this name was made; None if the name does not begin with a time."""
    try:
        return datetime.strptime(name[:_TIME_CHARS], _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_backup_name(name: str) -> bool:
    """True if a folder of this name is an automatic backup."""
    return backup_time(name) is not None and name[_TIME_CHARS:] in ("", "-before-restore", "-before-update")


def is_scheduled(name: str) -> bool:
    """True if the backup of this name belongs to the hourly and daily schedule."""
    return is_backup_name(name) and len(name) == _TIME_CHARS


@dataclass(frozen=True, slots=True)
class Retention:
    """The number of hours and of days (UTC) whose newest backup is kept; those without a backup are not counted."""

    hourly: int
    daily: int

    def is_due(self, names: Iterable[str], now: datetime) -> bool:
        """True if the current hour has no backup yet; the current day, if no hourly backups are kept."""
        chars = _HOUR_CHARS if self.hourly else _DAY_CHARS
        current = backup_name(now)[:chars]
        return bool(self.hourly or self.daily) and all(name[:chars] != current for name in names if is_scheduled(name))

    def expired(self, names: Iterable[str]) -> list[str]:
        """Return the backups to delete, the oldest first.

        A backup outside the schedule is kept as long as an older scheduled one is.
        """
        known = sorted(name for name in names if is_backup_name(name))
        scheduled = [name for name in known if is_scheduled(name)]
        kept = _newest(scheduled, _HOUR_CHARS, self.hourly) | _newest(scheduled, _DAY_CHARS, self.daily)
        oldest_kept = min(kept, default="")
        return [name for name in known if name not in kept and (is_scheduled(name) or name < oldest_kept)]


def _newest(names: list[str], chars: int, count: int) -> set[str]:
    """Return the newest of the sorted names in each period, for the last `count` periods; `chars` of a name tell it."""
    newest = {name[:chars]: name for name in names}
    return set(list(newest.values())[-count:]) if count else set()

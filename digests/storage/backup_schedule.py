from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

_HOUR = len("2026-11-22T20")
_DAY = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class Retention:
    """Of how many hours and of how many days the newest backup is kept; hours and days without one do not count."""

    hourly: int
    daily: int

    def is_due(self, names: Iterable[str], now: datetime) -> bool:
        """Whether the hour (the day, where none is kept hourly) of `now` has no backup yet."""
        length = _HOUR if self.hourly else _DAY
        this = backup_name(now)[:length]
        return bool(self.hourly or self.daily) and all(name[:length] != this for name in names if is_scheduled(name))

    def expired(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are no longer wanted, the oldest first.

        A backup outside the usual round is kept for as long as there is a usual one that is older.
        """
        known = sorted(name for name in names if is_backup_name(name))
        usual = [name for name in known if is_scheduled(name)]
        wanted = _newest(usual, _HOUR, self.hourly) | _newest(usual, _DAY, self.daily)
        since = min(wanted, default="")
        return [name for name in known if name not in wanted and (is_scheduled(name) or name < since)]


def is_scheduled(name: str) -> bool:
    """Whether the backup belongs to the hourly and daily round."""
    return is_backup_name(name) and len(name) == _LENGTH


def _newest(names: list[str], length: int, count: int) -> set[str]:
    """The last of the sorted names with each beginning of that length, of the last `count` beginnings."""
    last = {name[:length]: name for name in names}
    return set(list(last.values())[-count:]) if count else set()


BackupReason = Literal["", "before-restore", "before-update"]

_MOMENT = "%Y-%m-%dT%H%M%SZ"
_LENGTH = len("2026-11-22T204107Z")


def backup_name(moment: datetime, why: BackupReason = "") -> str:
    """The name of a backup made at `moment` (aware); names sort as their moments do."""
    stamp = moment.astimezone(UTC).strftime(_MOMENT)
    return f"{stamp}-{why}" if why else stamp


def backup_time(name: str) -> datetime | None:
    """When the backup of that name was made; None for what is no backup's name."""
    try:
        return datetime.strptime(name[:_LENGTH], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_backup_name(name: str) -> bool:
    """Whether a folder of that name is a backup that this program made of itself."""
    return backup_time(name) is not None and name[_LENGTH:] in ("", "-before-restore", "-before-update")

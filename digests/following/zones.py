"""The names of time zones, as readers type them (pure)."""

import difflib
from functools import cache
from zoneinfo import available_timezones

from digests.errors import UsageError

NEAR = 3
"""Names that are offered in place of one that there is not."""


class NoSuchZone(UsageError):
    """A time zone that there is not; `near` lists names like it."""

    def __init__(self, name: str, near: list[str]) -> None:
        self.name = name
        self.near = tuple(near)
        super().__init__(f"there is no time zone {name!r}; expected an IANA name such as Asia/Shanghai")


def zone(name: str) -> str:
    """The IANA name that `name` means: in any case, with spaces, or only its city; raises NoSuchZone."""
    wanted = _folded(name)
    names = _names()
    if wanted in names:
        return names[wanted]
    cities = sorted({full for folded, full in names.items() if folded.endswith(f"/{wanted}")}, key=len)
    if cities:
        return cities[0]
    raise NoSuchZone(name, _near(wanted))


def _near(wanted: str) -> list[str]:
    by_city = {folded.rpartition("/")[2]: full for folded, full in _names().items()} | _names()
    alike = difflib.get_close_matches(wanted, by_city, n=NEAR, cutoff=0.7)
    return list(dict.fromkeys(by_city[one] for one in alike))


@cache
def _names() -> dict[str, str]:
    """The names by which zones are known, as they are typed -> as they are written."""
    return {_folded(name): name for name in available_timezones() if "/" in name or name == "UTC"}


def _folded(name: str) -> str:
    return "_".join(name.split()).casefold()

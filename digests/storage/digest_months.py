"""The files of digests: one TinyDB file a month, with one document a day, opened when a day of the month is asked for.

    digests/2022-07.json  digests/2022-08.json  ...

Traces are not in the documents: the columns hold them (digest_columns.py).
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from digests.models import Digest
from digests.storage.documents import Documents
from digests.storage.files import HEADER_BYTES, declared_checksum, month_files
from digests.storage.migrations import DIGEST_MIGRATIONS

DIGEST_FORMAT: TypeAdapter[Digest] = TypeAdapter(Digest)

MAX_OPEN_BYTES = 1_000_000
"""Maximum size of the files whose documents are held in memory, where they take about five times as much."""


def open_documents(path: Path) -> Documents[Digest]:
    """Open a file of digests; raises DamagedFile or NewerFile, which leave the file unchanged."""
    return Documents(path, DIGEST_FORMAT, holds="digests", steps=DIGEST_MIGRATIONS, rebuildable=True)


def day_month(day: date) -> str:
    """Return the name of the month of a day, such as 2022-08."""
    return day.isoformat()[:7]


class DigestMonths:
    """The files of digests in `folder`. Not thread-safe; each change is durable on return."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: OrderedDict[str, Documents[Digest]] = OrderedDict()  # the last used month is the last

    def get(self, day: date) -> Digest | None:
        """Return the stored digest, without traces; raises DamagedFile or NewerFile."""
        if not self._path(day_month(day)).exists():
            return None
        return self._month(day_month(day)).get(day.toordinal())

    def put_many(self, digests: Iterable[Digest]) -> list[str]:
        """Store digests in a single write of the file of each month; return the months."""
        by_month: dict[str, dict[int, Digest]] = defaultdict(dict)
        for digest in digests:
            by_month[day_month(digest.day)][digest.day.toordinal()] = replace(digest, traces=())
        for month, stored in by_month.items():
            self._month(month).put_many(stored)
        return list(by_month)

    def remove_many(self, days: Iterable[date]) -> list[str]:
        """Delete the digests of days, those that there are, in a single write a month; return the months."""
        by_month: dict[str, list[int]] = defaultdict(list)
        for day in days:
            by_month[day_month(day)].append(day.toordinal())
        for month, numbers in by_month.items():
            if self._path(month).exists():
                self._month(month).remove(*numbers)
        return list(by_month)

    def signatures(self) -> dict[str, str]:
        """Return for each month a text that changes whenever its file changes; the documents are not read."""
        return {path.stem: self.signature(path.stem) for path in month_files(self._folder)}

    def signature(self, month: str) -> str:
        """Return the size and the checksum of a month's file; "" if it does not exist."""
        path = self._path(month)
        if not path.exists():
            return ""
        with path.open("rb") as file:
            return f"{path.stat().st_size} {declared_checksum(file.read(HEADER_BYTES))}"

    def fingerprints(self, month: str) -> dict[int, str]:
        """Return the fingerprints in a month's file by the ordinal of the day; raises DamagedFile or NewerFile."""
        if not self._path(month).exists():
            return {}
        return {document.doc_id: str(document.get("fingerprint")) for document in self._month(month).documents()}

    def close(self) -> None:
        """Forget the open files."""
        while self._open:
            self._open.popitem()[1].close()

    def _path(self, month: str) -> Path:
        return self._folder / f"{month}.json"

    def _month(self, month: str) -> Documents[Digest]:
        """Return the documents of a month, and close those that were not used for the longest time."""
        if month not in self._open:
            self._open[month] = open_documents(self._path(month))
        self._open.move_to_end(month)
        while len(self._open) > 1 and sum(map(self._size, self._open)) > MAX_OPEN_BYTES:
            self._open.popitem(last=False)[1].close()
        return self._open[month]

    def _size(self, month: str) -> int:
        path = self._path(month)
        return path.stat().st_size if path.exists() else 0

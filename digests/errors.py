"""The errors that Jianbao raises on purpose. A message describes the problem and, where possible, what was expected.

JianbaoError
├── UsageError                the request cannot be carried out (exit code 2)
│   ├── ConfigError           config.toml or the environment; `problems` lists all of them
│   ├── ArchiveNotesError     archive.toml; `problems` lists all of them
│   ├── ThemesError           themes.toml; `problems` lists all of them
│   ├── UnreadablePage        a page file that cannot be read as text
│   ├── NoSuchIssue           the archive has no issue of a day; `near` lists the closest days that have an issue
│   ├── QueryError            a query without search terms, or one that cannot be parsed
│   │   └── TermsTooCommon    a subscription whose terms occur in nearly every article
│   ├── ImportRefused         a file cannot be imported as a chat; `why` is "huge", "foreign" or "newer"
│   └── LimitReached          a configured maximum is reached
├── DigestFailed              the digest of an issue cannot be built (exit code 1)
└── StateError                the data folder cannot be used as it is (exit code 1)
    ├── DamagedFile           a data file or a backup is damaged or not from Jianbao; nothing was overwritten
    ├── NewerFile             a newer version of the program wrote a data file; nothing was overwritten
    ├── IndexUnusable         the full-text index is missing, of another version, foreign or not accessible
    │   └── IndexDamaged      the full-text index cannot be read; it can be built anew
    ├── IndexNotWritten       the full-text index cannot be written; it keeps its former contents
    └── DataFolderInUse       another process uses the data folder
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal


class JianbaoError(Exception):
    """Base class of all errors of Jianbao."""


class UsageError(JianbaoError):
    """The request cannot be carried out."""


class _ProblemList(UsageError):
    """Several problems of one file, joined in one message."""

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{source}: " + "; ".join(self.problems))


class ConfigError(_ProblemList):
    """config.toml or the environment has the listed problems."""


class ArchiveNotesError(_ProblemList):
    """archive.toml has the listed problems."""


class ThemesError(_ProblemList):
    """themes.toml has the listed problems."""


class UnreadablePage(UsageError):
    """A page file cannot be read as text."""


class NoSuchIssue(UsageError):
    """The archive has no issue of `day`; `near` lists the closest days that have an issue."""

    def __init__(self, day: date, near: Sequence[date]) -> None:
        self.day = day
        self.near = tuple(near)
        nearest = ", ".join(d.isoformat() for d in self.near) or "none: the archive has no dated issue"
        super().__init__(f"there is no issue of {day.isoformat()}; near it: {nearest}")


class QueryError(UsageError):
    """A query has no search terms or cannot be parsed.

    `at` is the offset of the mistake in characters; `suggestion` is a query that can be parsed, or "".
    """

    def __init__(self, problem: str, *, at: int | None = None, suggestion: str = "") -> None:
        self.at = at
        self.suggestion = suggestion
        super().__init__(problem)


class TermsTooCommon(QueryError):
    """The terms of a subscription, such as 的, occur in nearly every article."""


class ImportRefused(UsageError):
    """A file cannot be imported as a chat.

    `why` is "huge" (too large), "foreign" (not a chat export) or "newer" (from a newer version of the program).
    """

    def __init__(self, why: Literal["huge", "foreign", "newer"], problem: str) -> None:
        self.why = why
        super().__init__(problem)


class LimitReached(UsageError):
    """A configured maximum, such as the subscriptions of a chat, is reached."""


class DigestFailed(JianbaoError):
    """The digest of an issue cannot be built, because of a fault of the program."""


class StateError(JianbaoError):
    """The data folder cannot be used as it is."""


class DamagedFile(StateError):
    """A data file or a backup is damaged or does not come from Jianbao; nothing was overwritten."""


class NewerFile(StateError):
    """A newer version of the program wrote a data file; nothing was overwritten."""

    def __init__(self, file: object, version: int, known: int) -> None:
        super().__init__(
            f"{file} is in schema version {version}, which a newer Jianbao wrote; this Jianbao reads versions up to "
            f"{known}; nothing was overwritten; start the newer program"
        )


class IndexUnusable(StateError):
    """The folder of the full-text index has no index that this process can open."""


class IndexDamaged(IndexUnusable):
    """The full-text index cannot be read; it can be built anew from the pages."""


class IndexNotWritten(StateError):
    """The full-text index cannot be written; it keeps its former contents."""


class DataFolderInUse(StateError):
    """Another process uses the data folder."""

"""Every error that Jianbao raises on purpose; each message names the thing, its value and what was expected.

JianbaoError
├── UsageError                what was asked for cannot be done as asked (exit code 2)
│   ├── ConfigError           config.toml or the environment; `problems` lists all of them
│   ├── ArchiveNotesError     archive.toml; `problems` lists all of them
│   ├── ThemesError           themes.toml; `problems` lists all of them
│   ├── UnreadablePage        a page file that cannot be read as text
│   ├── NoSuchIssue           a day on which there is no issue; `near` lists the closest ones
│   ├── QueryError            a query that says nothing or cannot be understood
│   │   └── TermsTooCommon    a subscription to words that stand in nearly every article
│   ├── ImportRefused         a file that is no export of a chat; `why` says in one word what is wrong with it
│   └── LimitReached          more of something than the configuration allows
└── StateError                the data folder is not as it should be (exit code 1)
    ├── DamagedFile           a data file or a backup is damaged or not ours; nothing was overwritten
    ├── NewerFile             a newer version of the program wrote a data file; nothing was overwritten
    ├── IndexDamaged          the full-text index cannot be opened
    ├── IndexNotWritten       the full-text index cannot be written; what it held before stays
    └── DataFolderInUse       another process works on the data folder
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal


class JianbaoError(Exception):
    """The root; catch this to catch all of them."""


class UsageError(JianbaoError):
    """What was asked for cannot be done as asked."""


class _Problems(UsageError):
    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{source}: " + "; ".join(self.problems))


class ConfigError(_Problems):
    """The configuration has problems; all of them are listed."""


class ArchiveNotesError(_Problems):
    """archive.toml has problems; all of them are listed."""


class ThemesError(_Problems):
    """themes.toml has problems; all of them are listed."""


class UnreadablePage(UsageError):
    """A page file cannot be read as text."""


class NoSuchIssue(UsageError):
    """There is no issue on that day."""

    def __init__(self, day: date, near: Sequence[date]) -> None:
        self.day = day
        self.near = tuple(near)
        nearest = ", ".join(d.isoformat() for d in self.near) or "none: the archive has no dated issue"
        super().__init__(f"there is no issue of {day.isoformat()}; near it: {nearest}")


class QueryError(UsageError):
    """A query says nothing or cannot be understood.

    `at` is the place of what was not understood, counted in characters from 0; `suggestion` a query that would be.
    """

    def __init__(self, problem: str, *, at: int | None = None, suggestion: str = "") -> None:
        self.at = at
        self.suggestion = suggestion
        super().__init__(problem)


class TermsTooCommon(QueryError):
    """A subscription to words that stand in nearly every article and say nothing, such as 的."""


class ImportRefused(UsageError):
    """A file that cannot be taken over as a chat's export; `why` is huge, foreign or newer."""

    def __init__(self, why: Literal["huge", "foreign", "newer"], problem: str) -> None:
        self.why = why
        super().__init__(problem)


class LimitReached(UsageError):
    """More of something than the configuration allows."""


class StateError(JianbaoError):
    """The data folder is not as it should be."""


class DamagedFile(StateError):
    """A data file or a backup is damaged or not ours; nothing was overwritten."""


class NewerFile(StateError):
    """A newer version of the program wrote a data file; nothing was overwritten."""

    def __init__(self, file: object, version: int, known: int) -> None:
        super().__init__(
            f"{file} is in schema version {version}, which a newer Jianbao wrote; this one knows versions up to "
            f"{known}; nothing was overwritten; go on with the newer program"
        )


class IndexDamaged(StateError):
    """The full-text index cannot be opened."""


class IndexNotWritten(StateError):
    """The full-text index cannot be written; what it held before stays as it was."""


class DataFolderInUse(StateError):
    """Another process works on the data folder."""

"""The guard of work on many items, such as issues, articles or chats: one that fails is named, and the others go on."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from digests.errors import StateError
from digests.text import shorten

MAX_ERROR_CHARS = 200
"""Characters of an unexpected error that a problem shows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An item whose work failed, and how."""

    item: str
    problem: str

    def __str__(self) -> str:
        return f"{self.item} {self.problem}"


@contextmanager
def guard(item: str, problems: list[Problem]) -> Iterator[None]:
    """Add an unexpected error of the block to `problems`, under the name `item`.

    A StateError passes, because it does not concern this item alone.
    """
    try:
        yield
    except StateError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        problems.append(
            Problem(
                item,
                f"failed unexpectedly ({type(error).__name__}: {shorten(str(error), MAX_ERROR_CHARS)}; "
                f"{Path(place.filename).name}, line {place.lineno}); please report it",
            )
        )


def is_panic(error: BaseException) -> bool:
    """True for a panic of a library in Rust, which is not an Exception."""
    return type(error).__name__ == "PanicException"

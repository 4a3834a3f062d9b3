"""What a query is made of: terms, words close together, days, and what joins them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from digests.dates import DayOfYear, DayRange

Field = Literal["", "title", "by", "page", "theme", "person", "place", "org"]

MAX_NEAR_GAP_CHARS = 20
"""Characters that may stand between words joined by ~: about a clause."""


class Term(NamedTuple):
    """A word or phrase; `exact` where it was put in quotation marks, `as_printed` where misread forms are excluded.

    A tuple, as hundreds of thousands are made, and compared, at once.
    """

    text: str
    exact: bool = False
    field: Field = ""
    as_printed: bool = False

    def __str__(self) -> str:
        said = f'"{self.text}"' if self.exact else self.text
        return f"{self.field}:{said}" if self.field else f"={said}" if self.as_printed else said


@dataclass(frozen=True, slots=True)
class Near:
    """Words that stand close together, in any order."""

    parts: tuple[Term, ...]

    def __str__(self) -> str:
        return " ~ ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"

    def __str__(self) -> str:
        return f"-{_inside(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Query = Term | Near | DayRange | DayOfYear | Not | And | Or


def _inside(part: Query) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


def all_terms(query: Query) -> list[Term]:
    """The terms that the query names, also those it refuses."""
    match query:
        case Term():
            return [query]
        case Near(parts):
            return list(parts)
        case Not(part):
            return all_terms(part)
        case And(parts) | Or(parts):
            return [term for part in parts for term in all_terms(part)]
        case _:
            return []


def wanted_terms(query: Query) -> tuple[Term, ...]:
    """The terms that the query wants (not those it refuses), each once, in their order."""
    return tuple(dict.fromkeys(_terms(query)))


def _terms(query: Query) -> Iterator[Term]:
    match query:
        case Term():
            yield query
        case Near(near):
            yield from near
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case _:
            return

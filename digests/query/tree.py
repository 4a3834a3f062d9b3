"""The syntax tree of a query: terms, groups of nearby terms, days, and the operators that join them.

`str` of a query is its normal form; the parser turns it into an equal query.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from digests.dates import DayOfYear, DayRange

Field = Literal["", "title", "by", "page", "theme", "person", "place", "org", "paper"]

MAX_NEAR_GAP_CHARS = 20
"""Maximum characters between neighbouring terms joined by ~; about a clause."""


class Term(NamedTuple):
    """A word or phrase in one field; the field "" is the whole text.

    A tuple, because hundreds of thousands of terms are created and compared when the program starts.
    """

    text: str
    exact: bool = False
    """True if the query has the term in quotation marks."""
    field: Field = ""
    as_printed: bool = False
    """True if misread forms do not match."""

    def __str__(self) -> str:
        text = f'"{self.text}"' if self.exact else self.text
        return f"{self.field}:{text}" if self.field else f"={text}" if self.as_printed else text


@dataclass(frozen=True, slots=True)
class Near:
    """Terms that must occur close together, in any order."""

    parts: tuple[Term, ...]

    def __str__(self) -> str:
        return " ~ ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    """A part that must not match."""

    part: "Query"

    def __str__(self) -> str:
        return f"-{_grouped(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    """Parts that must all match."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        text = str(self.parts[0]) if not isinstance(self.parts[0], Or) else f"({self.parts[0]})"
        for before, part in pairwise(self.parts):
            # Single characters with a space between them would be parsed as one word.
            text += " AND " if _is_character(before) and _is_character(part) else " "
            text += f"({part})" if isinstance(part, Or) else str(part)
        return text


@dataclass(frozen=True, slots=True)
class Or:
    """Parts of which at least one must match."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Query = Term | Near | DayRange | DayOfYear | Not | And | Or


def _is_character(part: "Query") -> bool:
    """True for a term of one Hanzi."""
    return isinstance(part, Term) and len(str(part)) == 1 and not part.text.isascii()


def _grouped(part: Query) -> str:
    """Return the normal form of a part, in parentheses if it has several parts."""
    return f"({part})" if isinstance(part, And | Or) else str(part)


def all_terms(query: Query, *, excluded: bool = True) -> list[Term]:
    """Return all terms of the query in order; without `excluded`, terms inside a Not are left out."""
    match query:
        case Term():
            return [query]
        case Near(terms):
            return list(terms)
        case Not(part):
            return all_terms(part) if excluded else []
        case And(parts) | Or(parts):
            return [term for part in parts for term in all_terms(part, excluded=excluded)]
        case _:
            return []


def wanted_terms(query: Query) -> tuple[Term, ...]:
    """Return the terms that are not excluded, each once, in order."""
    return tuple(dict.fromkeys(all_terms(query, excluded=False)))

"""What a reader types -> Query: the values; the parser (queryparser.py) makes them of text.

    防汛 强降雨            both words, in any order
    "核酸检测"             exactly this, as printed (also “” 「」)
    防汛 OR 内涝           either (also | and 或)
    煤改电 -招标           the first without the second (also NOT and 非)
    (小店 OR 迎泽) 养老     parentheses group
    标题:防汛  by:梁涛      only there: 标题 记者 版 主题 人物 地点 机构, title by page theme person place org
    防汛 ~ 强降雨          close together (also ～)
    =太原                 no misread forms
    2022-08  8月28日       days: also 2022年8月, 2021..2022, after:2022-08-01, before:2022-09, 去年, 上周

Full-width forms mean the same as half-width ones. `str(query)` is the normal form: parsed again, it gives an equal
query, so two spellings of one wish compare equal.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_PLAIN_WORDS = re.compile(r"[一-鿿]{1,64}(?: [一-鿿]{1,64}){0,8}")

Field = Literal["", "title", "by", "page", "theme", "person", "place", "org"]

CLOSE = 20
"""Characters that may stand between words joined by ~: about a clause."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase; `exact` where it was put in quotation marks, `sure` where misread forms are not wanted."""

    text: str
    exact: bool = False
    field: Field = ""
    sure: bool = False

    def __str__(self) -> str:
        said = f'"{self.text}"' if self.exact else self.text
        return f"{self.field}:{said}" if self.field else f"={said}" if self.sure else said


@dataclass(frozen=True, slots=True)
class Near:
    """Words that stand close together, in any order."""

    parts: tuple[Term, ...]

    def __str__(self) -> str:
        return " ~ ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Between:
    """The day of the issue, from `first` to `last`, both included; None leaves a side open."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        if self.first and self.last:
            return self.first.isoformat() if self.first == self.last else f"{self.first}..{self.last}"
        if self.first:
            return f"after:{self.first}"
        return f"before:{self.last + timedelta(days=1)}" if self.last else "after:0001-01-01"

    def holds(self, day: date | None) -> bool:
        if day is None:
            return False
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Yearly:
    """A day of the year, in any year."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month}月{self.day}日"

    def holds(self, day: date | None) -> bool:
        return day is not None and (day.month, day.day) == (self.month, self.day)


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


Query = Term | Near | Between | Yearly | Not | And | Or


def _inside(part: Query) -> str:
    return f"({part})" if isinstance(part, And | Or | Near) else str(part)


def terms(query: Query) -> tuple[Term, ...]:
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


def parse(text: str, *, today: date | None = None) -> Query:
    """The query that `text` means; `today` gives 去年 and 上周 their meaning, without it they are words.

    Raises QueryError where it says nothing to look for, is only a refusal (-防汛), or does not fit together; the error
    knows the place and, where there is one, a suggestion.
    """
    if today is None and _PLAIN_WORDS.fullmatch(text):  # most are this, and a hundred thousand are read at once
        plain = dict.fromkeys(text.split(" "))
        if not plain.keys() & {"或", "非"}:
            said = tuple(Term(word) for word in plain)
            return And(said) if len(said) > 1 else said[0]
    from digests.queryparser import Parser  # noqa: PLC0415  the parser knows these values

    return Parser(text, today).query()

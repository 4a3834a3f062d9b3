"""What a reader types -> Query: one language for search and for subscriptions.

    防汛 强降雨          both words, in any order
    "核酸检测"           exactly this, as printed (also “” 「」)
    防汛 OR 内涝         either (also | and 或)
    煤改电 -招标         the first without the second (also NOT and 非)
    (小店 OR 迎泽) 养老   parentheses group

Full-width forms mean the same as half-width ones. `str(query)` is the normal form: parsed again, it gives an equal
query, so two spellings of one wish compare equal.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from digests.errors import QueryError

LONGEST = 4096
"""Characters of a query; Telegram's own limit of a message."""
DEEPEST = 20
"""Parentheses inside parentheses."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase; `exact` where it was put in quotation marks."""

    text: str
    exact: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' if self.exact else self.text


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


Query = Term | Not | And | Or


def _inside(part: Query) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


_LEXEME = re.compile(
    r"""(?P<space>\s+)
    |   (?P<phrase>["“”„‟「『](?P<quoted>[^"“”„‟「」『』]*)["“”„‟」』])
    |   (?P<open>\() | (?P<close>\))
    |   (?P<either>\|+ | (?:OR|或)(?![\w.·%+&/'-]))
    |   (?P<without>-(?=\S) | (?:NOT|非)(?![\w.·%+&/'-]))
    |   (?P<word>[\w.·%+&/'][\w.·%+&/'-]*)
    |   (?P<stray>.)                       # other punctuation, emoji, control characters: nothing to look for
    """,
    re.VERBOSE | re.DOTALL,
)


def parse(text: str) -> Query:
    """The query that `text` means.

    Raises QueryError where it says nothing to look for, is only a refusal (-防汛), or does not fit together.
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query has {len(text)} characters; at most {LONGEST} are understood")
    return _Parser(text).query()


def terms(query: Query) -> tuple[Term, ...]:
    """The terms that the query wants (not those it refuses), each once, in their order."""
    match query:
        case Term():
            return (query,)
        case Not():
            return ()
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(term for part in parts for term in terms(part)))


class _Parser:
    """Recursive descent over: either := all (OR all)*; all := part+; part := [-] (term | '(' either ')')."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded = unicodedata.normalize("NFKC", text)
        self.tokens = [m for m in _LEXEME.finditer(folded) if m.lastgroup not in ("space", "stray")]
        self.at = 0

    def query(self) -> Query:
        query = self._either(0)
        if self.at < len(self.tokens):
            self._fail("has a closing parenthesis too many")
        if query is None or not terms(query):
            self._fail("has no word to look for")
        if not _can_be_found(query):
            self._fail("asks for everything that lacks a word; add a word that is wanted")
        return query

    def _either(self, depth: int) -> Query | None:
        if depth > DEEPEST:
            self._fail(f"has more than {DEEPEST} parentheses inside each other")
        parts = [self._all(depth)]
        while self._kind() == "either":
            self.at += 1
            parts.append(self._all(depth))
        return _joined(Or, [part for part in parts if part is not None])

    def _all(self, depth: int) -> Query | None:
        parts = []
        while (kind := self._kind()) not in ("", "either", "close"):
            part = self._refusal(depth) if kind == "without" else self._part(depth)
            if part is not None:
                parts.append(part)
        return _joined(And, parts)

    def _refusal(self, depth: int) -> Query | None:
        refused = False
        while self._kind() == "without":
            refused = not refused
            self.at += 1
        if self._kind() in ("", "either", "close"):
            return None
        part = self._part(depth)
        if part is None or not refused:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def _part(self, depth: int) -> Query | None:
        token = self.tokens[self.at]
        self.at += 1
        if token["open"]:
            inner = self._either(depth + 1)
            if self._kind() != "close":
                self._fail("has a parenthesis that is not closed")
            self.at += 1
            return inner
        quoted = token["quoted"]
        words = " ".join((token["word"] if quoted is None else quoted).casefold().split())
        if not any(c.isalnum() for c in words):
            return None
        return Term(words, exact=quoted is not None)

    def _kind(self) -> str:
        if self.at == len(self.tokens):
            return ""
        kind = self.tokens[self.at].lastgroup
        return "phrase" if kind in ("phrase", "quoted") else str(kind)

    def _fail(self, problem: str) -> NoReturn:
        shown = self.text if len(self.text) <= 60 else self.text[:59] + "…"
        raise QueryError(f"the query {shown!r} {problem}")


def _joined(kind: type[And] | type[Or], parts: list[Query]) -> Query | None:
    """One query of many: nested ones of the same kind are opened, doubles dropped, a single one stands alone."""
    flat: dict[Query, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    if len(flat) <= 1:
        return next(iter(flat), None)
    return kind(tuple(flat))


def _can_be_found(query: Query) -> bool:
    """Whether an article must hold some word to match; a query of refusals alone would match nearly everything."""
    match query:
        case Term():
            return True
        case Not():
            return False
        case And(parts):
            return any(map(_can_be_found, parts))
        case Or(parts):
            return all(map(_can_be_found, parts))

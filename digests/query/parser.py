"""The parser of the query language: recursive descent over the lexemes of a query."""

import re
from datetime import date
from typing import NoReturn

from digests.dates import DayOfYear, DayRange, InvalidDay, parse_period, parse_query_days
from digests.errors import QueryError
from digests.query.tree import And, Field, Near, Not, Or, Query, Term
from digests.text import normalise, normalise_widths

MAX_QUERY_CHARS = 4096
"""Characters of a query; Telegram's own limit of a message."""
MAX_NESTING = 20
"""Parentheses inside parentheses."""

_FIELDS: dict[str, Field] = {
    "标题": "title", "title": "title", "记者": "by", "by": "by", "版": "page", "page": "page",
    "主题": "theme", "theme": "theme", "人物": "person", "person": "person", "地点": "place", "place": "place",
    "机构": "org", "org": "org",
}  # fmt: skip
_BOUNDS = {"after": "after", "before": "before", "之后": "after", "之前": "before"}

_LEXEME = re.compile(
    rf"""(?P<space>\s+)
    |   (?P<phrase>["“”„‟「『](?P<quoted>[^"“”„‟「」『』]*)["“”„‟」』])
    |   (?P<open>\() | (?P<close>\))
    |   (?P<either>\|+ | (?:OR|或)(?![\w.·%+&/'-]))
    |   (?P<both>AND(?![\w.·%+&/'-]))
    |   (?P<without>-(?=\S) | (?:NOT|非)(?![\w.·%+&/'-]))
    |   (?P<near>~+)
    |   (?P<sure>=(?=\S))
    |   (?P<field>(?i:{"|".join((*_FIELDS, *_BOUNDS))}):\s*)
    |   (?P<word>[\w.·%+&/'][\w.·%+&/'-]*)
    |   (?P<stray>.)                       # other punctuation, emoji, control characters: nothing to look for
    """,
    re.VERBOSE | re.DOTALL,
)


_SILENT = frozenset(("space", "stray", "both"))

_LONGER = 12
"""Times that a normal form may be as long as what was typed: 去年 is 2021-01-01..2021-12-31."""


class Parser:
    """either := all (OR all)*; all := part+; part := [-] near; near := atom (~ atom)*;
    atom := [field:|=] term | days | '(' either ')'."""

    def __init__(self, text: str, today: date | None) -> None:
        _check_length(text, "characters")
        self.text = text
        self.today = today
        self.folded = normalise_widths(text).replace("〜", "~")
        _check_length(self.folded, "characters when its signs are written out")  # ﷺ are eighteen
        self.tokens = [m for m in _LEXEME.finditer(self.folded) if m.lastgroup not in _SILENT]
        self.kinds = [m.lastgroup or "" for m in self.tokens] + [""]
        self.at = 0

    def query(self) -> Query:
        query = self._either(0)
        if self.at < len(self.tokens):
            self._fail("has a closing parenthesis too many", suggestion=self._without(self.at))
        if query is None:
            self._fail("has no word to look for")
        if not _can_be_found(query):
            lacks = "asks for everything that lacks a word; add a word that is wanted"
            self._fail(lacks if _wants(query) else "has no word to look for")
        if len(self.folded) * _LONGER > MAX_QUERY_CHARS:
            _check_length(str(query), "characters in its normal form")  # a subscription is read again from it
        return query

    def _either(self, depth: int) -> Query | None:
        if depth > MAX_NESTING:
            self._fail(f"has more than {MAX_NESTING} parentheses inside each other")
        parts = [self._all(depth)]
        while self._kind() == "either":
            self.at += 1
            parts.append(self._all(depth))
        return _joined(Or, [part for part in parts if part is not None])

    def _all(self, depth: int) -> Query | None:
        parts = []
        while (kind := self._kind()) not in ("", "either", "close"):
            part = self._refusal(depth) if kind == "without" else self._near(depth)
            if part is not None:
                parts.append(part)
        if len(parts) < 2:
            return parts[0] if parts else None
        return _joined(And, self._one_span(_flat(And, parts)))

    def _one_span(self, parts: list[Query]) -> list[Query]:
        """after: and before: beside each other make one span of days."""
        spans = [part for part in parts if isinstance(part, DayRange)]
        if len(spans) < 2:
            return parts
        first = max((span.first for span in spans if span.first), default=None)
        last = min((span.last for span in spans if span.last), default=None)
        if first and last and first > last:
            self._fail(f"asks for days after {first} and before {last}, which no day is")
        kept = [part for part in parts if not isinstance(part, DayRange)]
        return [*kept, DayRange(first, last)]

    def _refusal(self, depth: int) -> Query | None:
        refused = False
        while self._kind() == "without":
            refused = not refused
            self.at += 1
        if self._kind() in ("", "either", "close"):
            return None
        part = self._near(depth)
        if part is None or not refused:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def _near(self, depth: int) -> Query | None:
        parts = [self._atom(depth)]
        if self._kind() != "near":
            return parts[0]
        while self._kind() == "near":
            self.at += 1
            if self._kind() not in ("", "either", "close", "without"):
                parts.append(self._atom(depth))
        known = [part for part in parts if part is not None]
        if len(known) < 2:
            return next(iter(known), None)
        if all(isinstance(part, Term) and part.field in ("", "title") for part in known):
            flat = tuple(dict.fromkeys(part for part in known if isinstance(part, Term)))
            return Near(flat) if len(flat) > 1 else flat[0]
        return self._fail("has a ~ between parts that are not words; ~ stands between two words, as in 防汛 ~ 强降雨")

    def _atom(self, depth: int) -> Query | None:
        token, kind = self.tokens[self.at], self.kinds[self.at]
        self.at += 1
        if kind == "open":
            inner = self._either(depth + 1)
            if self._kind() != "close":
                self._fail("has a parenthesis that is not closed", token, suggestion=f"{self.folded.strip()})")
            self.at += 1
            return inner
        if kind == "near":  # nothing before it to stand close to
            return None
        if kind == "sure":
            return self._sure()
        if kind == "field":
            return self._in_field(token)
        return self._word(token) if kind == "word" else _term(token)

    def _sure(self) -> Query | None:
        if self._kind() not in ("word", "phrase"):
            return None
        term = self._term()
        return Term(term.text, term.exact, as_printed=True) if term else None

    def _in_field(self, token: re.Match[str]) -> Query | None:
        name = normalise(token["field"]).removesuffix(":")
        if self._kind() not in ("word", "phrase"):
            return self._fail(f"has nothing after {name}:", token, suggestion=self._without(self.at - 1))
        if name in _BOUNDS:
            return self._bound(_BOUNDS[name], token)
        term = self._term()
        if term is None:
            return None
        if _FIELDS[name] == "page":
            digits = re.sub(r"\D", "", term.text)[:4]
            if not digits:
                self._fail(f"has {term.text!r} after {name}:, which is no page number", token, suggestion=f"{name}:1")
            return Term(str(int(digits)), field="page")
        return Term(term.text, term.exact, _FIELDS[name])

    def _bound(self, name: str, token: re.Match[str]) -> Query:
        said = self.tokens[self.at]
        self.at += 1
        found = self._period(said)
        if found is None or found.first is None or found.last is None:
            return self._fail(f"has {said[0]!r} after {name}:, which is no day", said, suggestion=f"{name}:2022-08-28")
        if name == "after":
            return DayRange(found.first, None)
        if found.first == date.min:
            return self._fail("asks for days before the first one", token)
        return DayRange(None, date.fromordinal(found.first.toordinal() - 1))

    def _period(self, said: re.Match[str]) -> DayRange | None:
        try:
            return parse_period(said[0])
        except InvalidDay:
            return self._no_such_day(said)

    def _word(self, token: re.Match[str]) -> Query | None:
        try:
            found: DayRange | DayOfYear | None = parse_query_days(token[0], self.today)
        except InvalidDay:
            return self._no_such_day(token)
        if isinstance(found, DayRange) and found.first and found.last and found.first > found.last:
            self._fail(f"asks for days after {found.first} and before {found.last}, which no day is", token)
        return found or _term(token)

    def _term(self) -> Term | None:
        """The term at the lexeme, which is a word or a phrase; None where it holds nothing to look for."""
        self.at += 1
        return _term(self.tokens[self.at - 1])

    def _kind(self) -> str:
        return self.kinds[self.at]

    def _without(self, number: int) -> str:
        """The query without one of its lexemes."""
        start, end = self.tokens[number].span()
        return (self.folded[:start] + self.folded[end:]).strip()

    def _no_such_day(self, token: re.Match[str]) -> NoReturn:
        self._fail(f"names the day {token[0]!r}, which there is not", token, suggestion="2022-08-28")

    def _fail(self, problem: str, token: re.Match[str] | None = None, suggestion: str = "") -> NoReturn:
        shown = self.text if len(self.text) <= 60 else self.text[:59] + "…"
        if token is None and self.at < len(self.tokens):
            token = self.tokens[self.at]
        raise QueryError(f"the query {shown!r} {problem}", at=token.start() if token else None, suggestion=suggestion)


def _term(token: re.Match[str]) -> Term | None:
    """The term of a word or a phrase; None where it holds nothing to look for."""
    quoted = token["quoted"]
    words = normalise(token[0] if quoted is None else quoted)
    says = words.isalnum() or any(char.isalnum() for char in words)
    return Term(words, quoted is not None) if says else None


def _check_length(query: str, what: str) -> None:
    if len(query) > MAX_QUERY_CHARS:
        raise QueryError(f"the query has {len(query)} {what}; at most {MAX_QUERY_CHARS} are understood")


def _joined(kind: type[And] | type[Or], parts: list[Query]) -> Query | None:
    """One query of many: nested ones of the same kind are opened, doubles dropped, a single one stands alone."""
    if len(parts) < 2:
        return parts[0] if parts else None
    once = tuple(dict.fromkeys(_flat(kind, parts)))
    return kind(once) if len(once) > 1 else once[0]


def _flat(kind: type[And] | type[Or], parts: list[Query]) -> list[Query]:
    return [one for part in parts for one in (part.parts if isinstance(part, kind) else (part,))]


def _wants(query: Query) -> bool:
    """Whether the query names anything that is to be found, a word or a day."""
    match query:
        case Not():
            return False
        case And(parts) | Or(parts):
            return any(map(_wants, parts))
        case _:
            return True


def _can_be_found(query: Query) -> bool:
    """Whether an article must hold something to match; a query of refusals alone would match nearly everything."""
    match query:
        case Not():
            return False
        case And(parts):
            return any(map(_can_be_found, parts))
        case Or(parts):
            return all(map(_can_be_found, parts))
        case _:
            return True

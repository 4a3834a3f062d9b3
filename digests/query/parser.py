"""The parser of the query language: recursive descent over the tokens of a query.

or    := and (OR and)*
and   := not+
not   := "-"* near
near  := atom ("~" atom)*
atom  := "(" or ")" | FIELD term | ("after:" | "before:") day | "=" term | days | term
"""

import re
from datetime import date
from typing import NoReturn

from digests.dates import DayOfYear, DayRange, InvalidDay, parse_period, parse_query_days
from digests.errors import QueryError
from digests.query.tree import And, Field, Near, Not, Or, Query, Term
from digests.text import normalise

MAX_QUERY_CHARS = 4096
"""Maximum characters of a query, the same as for a Telegram message."""

MAX_NESTING = 20
"""Maximum depth of nested parentheses."""

MAX_SHOWN_CHARS = 60
"""Maximum characters of a query that an error quotes."""

_MAX_GROWTH = 12
"""Maximum ratio of the normal form's length to that of the query: 去年 becomes 2021-01-01..2021-12-31."""

_FIELDS: dict[str, Field] = {
    "标题": "title", "title": "title", "记者": "by", "by": "by", "版": "page", "page": "page",
    "主题": "theme", "theme": "theme", "人物": "person", "person": "person", "地点": "place", "place": "place",
    "机构": "org", "org": "org", "报纸": "paper", "paper": "paper",
}  # fmt: skip
_BOUNDS = {"after": "after", "before": "before", "之后": "after", "之前": "before"}

_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |   (?P<phrase>["“”„‟「『](?P<quoted>[^"“”„‟「」『』]*)["“”„‟」』])
    |   (?P<open>\() | (?P<close>\))
    |   (?P<or>\|+ | (?:OR|或)(?![\w.·%+&/'-]))
    |   (?P<and>AND(?![\w.·%+&/'-]))
    |   (?P<not>-(?=\S) | (?:NOT|非)(?![\w.·%+&/'-]))
    |   (?P<near>~+)
    |   (?P<as_printed>=(?=\S))
    |   (?P<field>(?i:{"|".join((*_FIELDS, *_BOUNDS))}):\s*)
    |   (?P<word>(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|[\w.·%°+&/'])[\w.·%°+&/'-]*)
    |   (?P<other>.)                       # other punctuation, emoji, control characters
    """,
    re.VERBOSE | re.DOTALL,
)

_NO_CHARACTERS = "\ufffd\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff"
_UNREADABLE = re.compile(rf"(?<=\w)[{_NO_CHARACTERS}]+|[{_NO_CHARACTERS}]+(?=\w)")
"""Characters of private fonts and lost characters inside a word."""
_IGNORED = frozenset(("space", "other", "and"))

_END = ""
"""Kind of the token after the last one."""


class Parser:
    """Parses one query."""

    def __init__(self, typed: str, text: str, today: date | None) -> None:
        """`text` is the query `typed` in the form in which it is parsed."""
        self._typed = typed
        self._today = today
        self._text = text
        check_length(self._text, "characters after normalisation")  # ﷺ becomes 18
        self._tokens = [match for match in _TOKEN.finditer(self._text) if match.lastgroup not in _IGNORED]
        if unreadable := _UNREADABLE.search(self._text):
            suggestion = _UNREADABLE.sub("", self._text).strip()
            problem = f"has the unreadable character U+{ord(unreadable[0][0]):04X}; expected the word without it"
            self._fail(problem, unreadable, suggestion=suggestion)
        self._kinds = [token.lastgroup or "" for token in self._tokens] + [_END]
        self._next = 0

    def query(self) -> Query:
        """Return the query; raises QueryError."""
        query = self._or(0)
        if self._next < len(self._tokens):
            self._fail("has one closing parenthesis too many", suggestion=self._without(self._next))
        if query is None:
            self._fail("has no word to look for")
        if not _needs_a_match(query):
            problem = "asks for every article that lacks a word; add a word to look for"
            self._fail(problem if _has_wanted_part(query) else "has no word to look for")
        if len(self._text) * _MAX_GROWTH > MAX_QUERY_CHARS:
            check_length(str(query), "characters in its normal form")  # subscriptions store the normal form
        return query

    def _or(self, depth: int) -> Query | None:
        """Parse alternatives; like every rule below, return None if there is no term or day."""
        if depth > MAX_NESTING:
            self._fail(f"has more than {MAX_NESTING} parentheses inside each other")
        parts = [self._and(depth)]
        while self._kind() == "or":
            self._next += 1
            parts.append(self._and(depth))
        return _joined(Or, [part for part in parts if part is not None])

    def _and(self, depth: int) -> Query | None:
        parts = []
        while (kind := self._kind()) not in (_END, "or", "close"):
            part = self._not(depth) if kind == "not" else self._near(depth)
            if part is not None:
                parts.append(part)
        if len(parts) < 2:
            return parts[0] if parts else None
        return _joined(And, self._with_one_range(_flattened(And, parts)))

    def _with_one_range(self, parts: list[Query]) -> list[Query]:
        """Merge the day ranges, such as after: and before:, into their intersection."""
        ranges = [part for part in parts if isinstance(part, DayRange)]
        if len(ranges) < 2:
            return parts
        first = max((days.first for days in ranges if days.first), default=None)
        last = min((days.last for days in ranges if days.last), default=None)
        self._check_order(first, last)
        return [*(part for part in parts if not isinstance(part, DayRange)), DayRange(first, last)]

    def _not(self, depth: int) -> Query | None:
        excluded = False
        while self._kind() == "not":
            excluded = not excluded
            self._next += 1
        if self._kind() in (_END, "or", "close"):
            return None
        part = self._near(depth)
        if part is None or not excluded:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def _near(self, depth: int) -> Query | None:
        parts = [self._atom(depth)]
        if self._kind() != "near":
            return parts[0]
        while self._kind() == "near":
            self._next += 1
            if self._kind() not in (_END, "or", "close", "not"):
                parts.append(self._atom(depth))
        present = [part for part in parts if part is not None]
        if len(present) < 2:
            return present[0] if present else None
        if all(isinstance(part, Term) and part.field in ("", "title") for part in present):
            terms = tuple(dict.fromkeys(part for part in present if isinstance(part, Term)))
            return Near(terms) if len(terms) > 1 else terms[0]
        return self._fail("has a ~ between parts that are not words; expected two words, as in 防汛 ~ 强降雨")

    def _atom(self, depth: int) -> Query | None:
        token, kind = self._tokens[self._next], self._kind()
        self._next += 1
        if kind == "open":
            inner = self._or(depth + 1)
            if self._kind() != "close":
                self._fail("has a parenthesis that is not closed", token, suggestion=f"{self._text.strip()})")
            self._next += 1
            return inner
        if kind == "near":  # at the beginning of a query
            return None
        if kind == "as_printed":
            return self._as_printed()
        if kind == "field":
            return self._field(token)
        return self._days_or_term(token) if kind == "word" else _term(token)

    def _as_printed(self) -> Query | None:
        """Parse the term after "="; a "=" before anything else is ignored."""
        if self._kind() not in ("word", "phrase"):
            return None
        term = self._next_term()
        return Term(term.text, term.exact, as_printed=True) if term else None

    def _field(self, token: re.Match[str]) -> Query | None:
        """Parse what follows a field or a bound, such as 标题: or after:."""
        name = normalise(token["field"]).removesuffix(":")
        if self._kind() not in ("word", "phrase"):
            return self._fail(f"has nothing after {name}:", token, suggestion=self._without(self._next - 1))
        if name in _BOUNDS:
            return self._bound(_BOUNDS[name], token)
        term = self._next_term()
        if term is None:
            return None
        if _FIELDS[name] == "page":
            digits = re.sub(r"\D", "", term.text)[:4]
            if not digits:
                self._fail(
                    f"has {term.text!r} after {name}:, which is not a page number", token, suggestion=f"{name}:1"
                )
            return Term(str(int(digits)), field="page")
        return Term(term.text, term.exact, _FIELDS[name])

    def _bound(self, name: str, token: re.Match[str]) -> Query:
        """Parse the day, month or year of a bound; `after:` includes this period, `before:` excludes it."""
        period_token = self._tokens[self._next]
        self._next += 1
        try:
            period = parse_period(period_token[0])
        except InvalidDay:
            return self._no_such_day(period_token)
        if period is None or period.first is None or period.last is None:
            problem = f"has {period_token[0]!r} after {name}:, which is not a day"
            return self._fail(problem, period_token, suggestion=f"{name}:2022-08-28")
        if name == "after":
            return DayRange(period.first, None)
        if period.first == date.min:
            return self._fail("asks for days before the first one", token)
        return DayRange(None, date.fromordinal(period.first.toordinal() - 1))

    def _days_or_term(self, token: re.Match[str]) -> Query | None:
        try:
            days: DayRange | DayOfYear | None = parse_query_days(token[0], self._today)
        except InvalidDay:
            return self._no_such_day(token)
        if isinstance(days, DayRange):
            self._check_order(days.first, days.last, token)
        return days or _term(token)

    def _next_term(self) -> Term | None:
        """Read a word or phrase; None if it has no letters."""
        self._next += 1
        return _term(self._tokens[self._next - 1])

    def _kind(self) -> str:
        return self._kinds[self._next]

    def _without(self, number: int) -> str:
        """Return the text of the query without one token."""
        start, end = self._tokens[number].span()
        return (self._text[:start] + self._text[end:]).strip()

    def _check_order(self, first: date | None, last: date | None, token: re.Match[str] | None = None) -> None:
        if first and last and first > last:
            self._fail(f"asks for days from {first} until {last}, but the first day is later than the last", token)

    def _no_such_day(self, token: re.Match[str]) -> NoReturn:
        self._fail(f"names the day {token[0]!r}, which does not exist", token, suggestion="2022-08-28")

    def _fail(self, problem: str, token: re.Match[str] | None = None, suggestion: str = "") -> NoReturn:
        whole = len(self._typed) <= MAX_SHOWN_CHARS
        shown = self._typed if whole else self._typed[: MAX_SHOWN_CHARS - 1] + "…"
        if token is None and self._next < len(self._tokens):
            token = self._tokens[self._next]
        raise QueryError(f"the query {shown!r} {problem}", at=token.start() if token else None, suggestion=suggestion)


def _term(token: re.Match[str]) -> Term | None:
    """Return the term of a word or phrase; None if it has no letters."""
    quoted = token["quoted"]
    text = normalise(token[0] if quoted is None else quoted)
    has_letters = text.isalnum() or any(char.isalnum() for char in text)
    return Term(text, quoted is not None) if has_letters else None


def check_length(text: str, unit: str) -> None:
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(f"the query has {len(text)} {unit}; at most {MAX_QUERY_CHARS} are understood")


def _joined(kind: type[And] | type[Or], parts: list[Query]) -> Query | None:
    """Join the distinct parts into one query, flattened; return a single part unchanged, None without parts."""
    if len(parts) < 2:
        return parts[0] if parts else None
    unique = tuple(dict.fromkeys(_flattened(kind, parts)))
    return kind(unique) if len(unique) > 1 else unique[0]


def _flattened(kind: type[And] | type[Or], parts: list[Query]) -> list[Query]:
    """Return the parts, with those of the given kind replaced by their own parts."""
    return [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]


def _has_wanted_part(query: Query) -> bool:
    """True if the query has a term or day that is not excluded."""
    match query:
        case Not():
            return False
        case And(parts) | Or(parts):
            return any(map(_has_wanted_part, parts))
        case _:
            return True


def _needs_a_match(query: Query) -> bool:
    """False if excluded terms alone can make an article match; such a query matches nearly every article."""
    match query:
        case Not():
            return False
        case And(parts):
            return any(map(_needs_a_match, parts))
        case Or(parts):
            return all(map(_needs_a_match, parts))
        case _:
            return True

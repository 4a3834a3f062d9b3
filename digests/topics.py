"""New articles x all subscriptions -> who is to be told of what, and why.

One pass over each article with all terms at once (Aho-Corasick) finds the terms that stand in it as printed, and a look
into a table of terms with a gap those that may stand in it with one character misread. Only the subscriptions of these
terms are then held against the article as `matching.matches` does it one by one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import ahocorasick_rs

from digests import query as queries
from digests.errors import QueryError
from digests.matching import NO_LABELS, Reader, level
from digests.models import Article, Labels
from digests.occurring import TELLING, forgiving
from digests.query import And, Near, Or, Query, Term
from digests.readers import Chat, Match, Subscription
from digests.shapes import look_alikes

_Label = Callable[[Article], Labels]


class Topics:
    """All subscriptions of some chats, ready to be matched. Those that cannot be understood are in `unread`.

    `label` tells what is known of an article beside its text, for subscriptions such as 主题:疫情防控.
    """

    def __init__(self, chats: Iterable[Chat], label: _Label = lambda _: NO_LABELS) -> None:
        self._label = label
        self._wishes: list[tuple[int, Subscription, Query]] = []
        self.unread: list[tuple[int, Subscription]] = []
        self._always: list[int] = []
        self._understood: dict[str, Query | None] = {}
        by_term: dict[str, list[int]] = defaultdict(list)
        forgiven: set[str] = set()
        for chat in chats:
            for subscription in chat.subscriptions:
                self._add(chat.id, subscription, by_term, forgiven)
        self._wishes_of_term = list(by_term.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_term)) if by_term else None
        self._gaps = _Gaps((term, number) for number, term in enumerate(by_term) if term in forgiven)

    def _add(self, chat: int, subscription: Subscription, by_term: dict[str, list[int]], forgiven: set[str]) -> None:
        query = self._parsed(subscription.query)
        if query is None:
            self.unread.append((chat, subscription))
            return
        number = len(self._wishes)
        self._wishes.append((chat, subscription, query))
        needed = _needed(query)
        if needed is None:
            self._always.append(number)
            return
        for term in needed:
            by_term[level(term.text)].append(number)
            if forgiving(term):
                forgiven.add(level(term.text))

    def _parsed(self, said: str) -> Query | None:
        if said not in self._understood:
            try:
                self._understood[said] = queries.parse(said)
            except QueryError:
                self._understood[said] = None
        return self._understood[said]

    def match(self, article: Article) -> Iterator[Match]:
        """Every subscription that fires on `article`, by chat and in the order they were made."""
        reader = Reader(article, self._label(article))
        for number in sorted(self._candidates(reader)):
            chat, subscription, query = self._wishes[number]
            if reason := reader.matches(query):
                yield Match(chat, subscription, article.id, reason)

    def _candidates(self, reader: Reader) -> set[int]:
        found: set[int] = set()
        if self._automaton is not None:
            found = {term for term, _, _ in self._automaton.find_matches_as_indexes(reader.row, overlapping=True)}
            for _, _, said in reader.sentences:
                found.update(self._gaps.in_sentence(said, reader.lone(said)))
        candidates = {number for term in found for number in self._wishes_of_term[term]}
        return candidates.union(self._always)


def _needed(query: Query) -> tuple[Term, ...] | None:
    """Terms of which an article must hold one to match; None where the query can match without any (a day, a page)."""
    match query:
        case Term():
            return (query,) if query.field in ("", "title", "by") else None
        case Near(parts):
            return parts[:1]
        case And(parts):
            ways = [terms for part in parts if (terms := _needed(part))]
            return min(ways, key=len, default=None)
        case Or(parts):
            every = [_needed(part) for part in parts]
            return tuple(term for terms in every if terms for term in terms) if all(every) else None
        case _:
            return None


class _Gaps:
    """Terms by what is left of them without one character, to find those with that character misread."""

    def __init__(self, terms: Iterable[tuple[str, int]]) -> None:
        # The characters before and after the gap -> the characters that make it a term.
        self._gaps: dict[str, dict[str, int]] = {}
        # Beginnings and ends of the terms: most places of a text are passed over by them.
        self._heads, self._tails = set[str](), set[str]()
        lengths = set()
        for term, number in terms:
            lengths.add(len(term))
            self._heads.add(term[:2])
            self._tails.add(term[-2:])
            for at, char in enumerate(term):
                self._gaps.setdefault(_gap(term, at), {})[char] = number
        self._lengths = sorted(lengths)

    def in_sentence(self, said: str, loners: frozenset[int]) -> Iterator[int]:
        """The numbers of the terms of which one character stands misread in the sentence."""
        for place, char in enumerate(said):
            alike = look_alikes(char)
            if not alike:
                continue
            for length in self._lengths:
                if length < TELLING and place not in loners:
                    continue
                for start in range(max(0, place - length + 1), min(place, len(said) - length) + 1):
                    end = start + length
                    if length > 3 and (
                        said[start : start + 2] not in self._heads
                        if place > start + 1
                        else said[end - 2 : end] not in self._tails
                    ):
                        continue
                    wanted = self._gaps.get(_gap(said[start:end], place - start))
                    if wanted:
                        for meant in wanted.keys() & alike:
                            yield wanted[meant]


def _gap(term: str, at: int) -> str:
    return f"{term[:at]}\n{term[at + 1 :]}"

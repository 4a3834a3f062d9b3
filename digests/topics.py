"""New articles x all subscriptions -> who is to be told of what, and why.

One pass over each article with all terms at once (Aho-Corasick) finds the terms that stand in it. The terms that may
stand in it with one character misread are found by the same pass: the text around each doubtful character goes with it
a second time, mended. Only the queries of these terms are then held against the article as `matching.matches` does it
one by one, each once for all who ask it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from operator import itemgetter

import ahocorasick_rs

from digests import query as queries
from digests.chinese.occurring import LONGEST_FORGIVEN, forgiving
from digests.chinese.shapes import look_alikes
from digests.errors import QueryError
from digests.finding.matching import NO_LABELS, Reader, level
from digests.models import Article, Labels, Reason
from digests.query import And, Near, Or, Query, Term
from digests.readers import Chat, Match

_Label = Callable[[Article], Labels]


class Topics:
    """All subscriptions of some chats, ready to be matched. Those that cannot be understood are in `unread`.

    `label` tells what is known of an article beside its text, for subscriptions such as 主题:疫情防控.
    """

    def __init__(self, chats: Iterable[Chat], label: _Label = lambda _: NO_LABELS) -> None:
        self._label = label
        self._wishes = [(chat.id, subscription) for chat in chats for subscription in chat.subscriptions]
        self._asked: dict[str, list[int]] = defaultdict(list)
        for wish, (_, subscription) in enumerate(self._wishes):
            self._asked[subscription.query].append(wish)
        self._parsed: dict[str, Query] = {}
        self._always: list[str] = []
        unread: list[int] = []
        by_term: dict[str, list[str]] = defaultdict(list)
        forgiven: set[str] = set()
        for said, wishes in self._asked.items():
            try:
                terms = self._needed(said)
            except QueryError:
                unread += wishes
                continue
            for term in terms:
                text = level(term.text)
                by_term[text].append(said)
                if forgiving(term):
                    forgiven.add(text)
            if not terms:
                self._always.append(said)
        self.unread = [self._wishes[wish] for wish in sorted(unread)]
        self._neighbours = _Neighbours(forgiven)
        self._queries = list(by_term.values())
        self._automaton = ahocorasick_rs.AhoCorasick(by_term) if by_term else None

    def _needed(self, said: str) -> tuple[Term, ...]:
        """The terms of which an article must hold one for the query to match; raises QueryError as `parse` does."""
        if words := queries.plain_words(said):  # parsed when it may match: most of a hundred thousand seldom do
            return (Term(max(words, key=len)),)
        query = self._parsed[said] = queries.parse(said)
        return needed(query)

    def match(self, article: Article) -> Iterator[Match]:
        """Every subscription that fires on `article`, by chat and in the order they were made."""
        reader = Reader(article, self._label(article))
        fired: list[tuple[int, Reason]] = []
        for said in self._candidates(reader):
            if reason := reader.matches(self._parsed.get(said) or queries.parse(said)):
                fired += ((wish, reason) for wish in self._asked[said])
        for wish, reason in sorted(fired, key=itemgetter(0)):
            chat, subscription = self._wishes[wish]
            yield Match(chat, subscription, article.id, reason)

    def _candidates(self, reader: Reader) -> set[str]:
        """The queries that may match."""
        if self._automaton is None:
            return set(self._always)
        text = "\n".join((reader.row, reader.label_row, *self._mended(reader)))
        found = {term for term, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        return {said for term in found for said in self._queries[term]}.union(self._always)

    def _mended(self, reader: Reader) -> Iterator[str]:
        """What stands around each doubtful character, with one in its place that looks like it and may be meant."""
        reach = LONGEST_FORGIVEN - 1
        for sentence in reader.sentences:
            said = sentence.levelled
            for place in reader.doubts(said):
                before, after = said[max(0, place - reach) : place], said[place + 1 : place + 1 + reach]
                for char in self._neighbours.fitting(look_alikes(said[place]), before[-1:], after[:1]):
                    yield f"{before}{char}{after}"


class _Neighbours:
    """Which characters stand beside each other in terms that may be misread: a misread one has a neighbour left."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._after: dict[str, set[str]] = defaultdict(set)
        self._before: dict[str, set[str]] = defaultdict(set)
        for one, other in set(chain.from_iterable(map(pairwise, terms))):
            self._after[one].add(other)
            self._before[other].add(one)

    def fitting(self, chars: frozenset[str], before: str, after: str) -> frozenset[str]:
        """Those of `chars` that stand after `before`, or before `after`, in any of the terms."""
        return (chars & self._after.get(before, _NONE)) | (chars & self._before.get(after, _NONE))


_NONE: set[str] = set()


def needed(query: Query) -> tuple[Term, ...]:
    """Terms of which an article must hold one to match; none where the query can match without any (a day, a page)."""
    match query:
        case Term():
            return () if query.field == "page" else (query,)
        case Near(parts):
            return (max(parts, key=_length),)
        case And(parts):
            ways = [terms for part in parts if (terms := needed(part))]
            return min(ways, key=lambda terms: (len(terms), -min(map(_length, terms))), default=())
        case Or(parts):
            every = [needed(part) for part in parts]
            return tuple(term for terms in every for term in terms) if all(every) else ()
        case _:
            return ()


def _length(term: Term) -> int:
    """The longer a term is, the fewer articles hold it."""
    return len(term.text)

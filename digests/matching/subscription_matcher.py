"""New articles x all subscriptions -> who is to be told of what, and why.

One pass over each article with all terms at once (Aho-Corasick) finds the terms that stand in it. The terms that may
stand in it with one character misread are found by the same pass: the text around each doubtful character goes with it
a second time, mended. Only the queries of these terms are then held against the article as `matching.matches` does it
one by one, each once for all who ask it.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import ahocorasick_rs

from digests import query as queries
from digests.chats import Chat, Match
from digests.errors import QueryError
from digests.language.characters import look_alikes, normalise_in_place
from digests.matching import NO_LABELS, ArticleMatcher
from digests.matching.term_meaning import MAX_MISREADABLE_CHARS, allows_misreadings
from digests.models import Article, Labels, Reason
from digests.query import And, Near, Or, Query, Term, all_terms

_Label = Callable[[Article], Labels]


@dataclass(slots=True, eq=False)
class _Asked:
    """A query and who asks it; `words` where it is nothing but these, a sign and what it refuses, else `query`."""

    said: str
    wishes: list[int]
    words: tuple[str, ...] = ()
    query: Query | None = None


class SubscriptionMatcher:
    """All subscriptions of some chats, ready to be matched. Those that cannot be understood are in `invalid`.

    `label` tells what is known of an article beside its text, for subscriptions such as 主题:疫情防控.
    """

    def __init__(self, chats: Iterable[Chat], label: _Label = lambda _: NO_LABELS) -> None:
        self._label = label
        with _uncollected():
            self._make_ready(chats)

    def _make_ready(self, chats: Iterable[Chat]) -> None:
        self._wishes = [(chat.id, subscription) for chat in chats for subscription in chat.subscriptions]
        by_query: dict[str, list[int]] = defaultdict(list)
        for wish, (_, subscription) in enumerate(self._wishes):
            by_query[subscription.query].append(wish)
        self._always: list[_Asked] = []
        by_term: dict[str, list[_Asked]] = {}
        invalid: list[int] = []
        forgiven: set[str] = set()
        for asked in map(_Asked, by_query, by_query.values()):
            try:
                self._read(asked, by_term, forgiven)
            except QueryError:
                invalid += asked.wishes
        self.invalid = [self._wishes[wish] for wish in sorted(invalid)]
        self._neighbours = _Neighbours(forgiven)
        self._terms, self._asked = list(by_term), list(by_term.values())
        self._automaton = ahocorasick_rs.AhoCorasick(self._terms) if by_term else None

    def _read(self, asked: _Asked, by_term: dict[str, list[_Asked]], forgiven: set[str]) -> None:
        """Have a query's terms looked for; in `forgiven` those that may be misread. Raises as `parse` does."""
        if words := queries.plain_words(asked.said):  # parsed when it matches: most of a hundred thousand seldom do
            asked.words = tuple(normalise_in_place(word) for word in words if word[0] != "-")
            named = [normalise_in_place(word.removeprefix("-")) for word in words]
            for text in named:
                by_term.setdefault(text, [])  # looked for, though it alone makes no query worth looking at
            by_term[max(asked.words, key=len)].append(asked)
            forgiven.update(word for word in named if allows_misreadings(Term(word)))
            return
        if word := queries.single_word(asked.said):  # as is this
            asked.words = (normalise_in_place(word),)
            by_term.setdefault(asked.words[0], []).append(asked)
            # An opening quotation mark that nothing closes makes no exact phrase.
            is_exact = asked.said[0] == "=" or (asked.said[0] == asked.said[-1] == '"')
            if allows_misreadings(Term(word)) and not is_exact:
                forgiven.add(asked.words[0])
            return
        asked.query = queries.parse(asked.said)
        levelled = {term: normalise_in_place(term.text) for term in all_terms(asked.query)}
        for term, text in levelled.items():
            by_term.setdefault(text, [])
            if allows_misreadings(term):
                forgiven.add(text)
        wanted = required_terms(asked.query)
        for term in wanted:
            by_term[levelled[term]].append(asked)
        if not wanted:
            self._always.append(asked)

    def match(self, article: Article) -> Iterator[Match]:
        """Every subscription that fires on `article`, by chat and in the order they were made."""
        reader = ArticleMatcher(article, self._label(article))
        found = self._standing(reader)
        standing = {self._terms[term] for term in found}
        reader.restrict_terms(standing)
        fired: dict[int, Reason] = {}
        for asked in self._candidates(found):
            if not standing.issuperset(asked.words):
                continue
            if reason := reader.match(asked.query or queries.parse(asked.said)):
                for wish in asked.wishes:
                    fired[wish] = reason
        for wish in sorted(fired):
            chat, subscription = self._wishes[wish]
            yield Match(chat, subscription, article.id, fired[wish])

    def _candidates(self, found: Iterable[int]) -> set[_Asked]:
        """The queries that may match where these terms stand."""
        return {asked for term in found for asked in self._asked[term]}.union(self._always)

    def _standing(self, reader: ArticleMatcher) -> set[int]:
        """The terms that stand in the article, as printed or perhaps misread in one character."""
        if self._automaton is None:
            return set()
        text = "\n".join((reader.normalised_text, reader.normalised_labels, *self._mended(reader)))
        return {term for term, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}

    def _mended(self, reader: ArticleMatcher) -> Iterator[str]:
        """What stands around each doubtful character, with one in its place that looks like it and may be meant."""
        reach = MAX_MISREADABLE_CHARS - 1
        for sentence in reader.sentences:
            said = sentence.levelled
            for place in reader.doubtful_positions(said):
                before, after = said[max(0, place - reach) : place], said[place + 1 : place + 1 + reach]
                for char in self._neighbours.fitting(said[place], before[-1:], after[:1]):
                    yield f"{before}{char}{after}"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: all that is made here stays, and it would look through it again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Neighbours:
    """Which characters stand beside each other in terms that may be misread: a misread one has a neighbour left."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._after: dict[str, set[str]] = defaultdict(set)
        self._before: dict[str, set[str]] = defaultdict(set)
        for one, other in set(chain.from_iterable(map(pairwise, terms))):
            self._after[one].add(other)
            self._before[other].add(one)

    def fitting(self, printed: str, before: str, after: str) -> frozenset[str]:
        """The look-alikes of `printed` that stand after `before`, or before `after`, in any of the terms."""
        alike = _alike(printed)
        return (alike & self._after.get(before, _NONE)) | (alike & self._before.get(after, _NONE))


@lru_cache(maxsize=4096)
def _alike(char: str) -> frozenset[str]:
    """The look-alikes of the characters that are read most, ready to be compared."""
    return frozenset(look_alikes(char))


_NONE: frozenset[str] = frozenset()


def required_terms(query: Query) -> tuple[Term, ...]:
    """Terms of which an article must hold one to match; none where the query can match without any (a day, a page)."""
    match query:
        case Term():
            return () if query.field == "page" else (query,)
        case Near(parts):
            return (max(parts, key=_length),)
        case And(parts):
            ways = [terms for part in parts if (terms := required_terms(part))]
            return min(ways, key=lambda terms: (len(terms), -min(map(_length, terms))), default=())
        case Or(parts):
            every = [required_terms(part) for part in parts]
            return tuple(term for terms in every for term in terms) if all(every) else ()
        case _:
            return ()


def _length(term: Term) -> int:
    """The longer a term is, the fewer articles hold it."""
    return len(term.text)

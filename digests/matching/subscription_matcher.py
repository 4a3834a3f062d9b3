"""Match new articles with all subscriptions.

One pass over an article finds all terms that occur in it (Aho-Corasick). The same pass finds terms with one misread
character: the text around every doubtful character is scanned again with look-alikes in place of the character. An
ArticleMatcher then matches only the queries that these terms may satisfy. Chats with equal queries share one match.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import accumulate, chain, pairwise

import ahocorasick_rs

from digests import query as queries
from digests.chats import Chat, Match, Subscription
from digests.errors import QueryError
from digests.guard import Problem, guard
from digests.language.characters import look_alikes
from digests.language.normal_form import normal_form
from digests.matching import NO_LABELS, ArticleMatcher
from digests.matching.term_meaning import MAX_MISREADABLE_CHARS, allows_misreadings, has_misreadable_length
from digests.models import Article, Labels, Reason
from digests.query import And, Near, Or, Query, Term, all_terms


class SubscriptionMatcher:
    """Matches articles with the subscriptions of some chats.

    Subscriptions that cannot be parsed are in `invalid`, and those whose parsing or matching failed unexpectedly in
    `problems`. `label` returns the labels of an article, for subscriptions such as 主题:疫情防控.
    """

    def __init__(self, chats: Iterable[Chat], label: Callable[[Article], Labels] = lambda _: NO_LABELS) -> None:
        self._label = label
        self._chats: list[int] = []
        self._subscriptions: list[Subscription] = []
        query_numbers: dict[str, int] = {}
        subscribers = _Groups()
        for chat in chats:
            for subscription in chat.subscriptions:
                query = query_numbers.setdefault(subscription.query, len(query_numbers))
                subscribers.add(query, len(self._subscriptions))
                self._chats.append(chat.id)
                self._subscriptions.append(subscription)
        self._subscribers = subscribers.sort(len(query_numbers))
        self.problems: list[Problem] = []
        self._queries = _QueryIndex(query_numbers, self._name, self.problems)
        numbers = sorted(at for query in self._queries.invalid for at in self._subscribers[query])
        self.invalid = [(self._chats[at], self._subscriptions[at]) for at in numbers]

    def match(self, article: Article) -> Iterator[Match]:
        """Yield a match for every subscription that matches `article`, in the order of chats and subscriptions."""
        fired: dict[int, Reason] = {}
        for query, reason in self._queries.match(ArticleMatcher(article, self._label(article))):
            fired |= dict.fromkeys(self._subscribers[query], reason)
        for at in sorted(fired):
            yield Match(self._chats[at], self._subscriptions[at], article.id, fired[at])

    def _name(self, query: int) -> str:
        """Return the name of a query in a problem: its first subscription."""
        at = self._subscribers[query][0]
        return f"subscription {self._subscriptions[at].id} of chat {self._chats[at]}"


class _Groups:
    """Map from the number of a group to the numbers in it; all numbers are below 2**32.

    Two flat arrays store all groups. With one list per group, the garbage collector would visit a hundred thousand
    lists repeatedly while subscriptions are prepared.
    """

    def __init__(self) -> None:
        self._pairs = array("Q")
        self._numbers = array("L")
        self._starts = array("L", [0])
        """Index in `_numbers` at which each group begins, and the end of the last group."""

    def add(self, group: int, number: int) -> None:
        """Add `number` to a group; call `sort` before reading groups."""
        self._pairs.append(group << 32 | number)

    def sort(self, groups: int) -> "_Groups":
        """Sort the numbers into `groups` groups, so that they can be read, and return the groups."""
        pairs = sorted(self._pairs)
        sizes = Counter(pair >> 32 for pair in pairs)
        self._numbers = array("L", [pair & 0xFFFFFFFF for pair in pairs])
        self._starts = array("L", accumulate((sizes[group] for group in range(groups)), initial=0))
        self._pairs = array("Q")
        return self

    def __getitem__(self, group: int) -> "array[int]":
        """Return the numbers of a group in ascending order."""
        return self._numbers[self._starts[group] : self._starts[group + 1]]


class _QueryIndex:
    """Index of distinct queries by their required terms; a matching article contains at least one of these."""

    def __init__(self, query_numbers: Iterable[str], name: Callable[[int], str], problems: list[Problem]) -> None:
        """`name` returns the name of a query for `problems`, to which failures are added."""
        self._name = name
        self._problems = problems
        self.invalid: list[int] = []
        """The numbers of the queries that cannot be parsed."""
        self._texts = list(query_numbers)
        self._parsed: dict[int, Query] = {}
        self._plain_words: dict[int, tuple[str, ...]] = {}
        """The normalised words of each query of several plain words; an article that lacks one cannot match."""
        self._term_numbers: dict[str, int] = {}
        self._by_term = _Groups()
        self._always: list[int] = []
        """The numbers of the queries that can match an article without any term, such as a day."""
        misreadable: set[str] = set()
        for number, text in enumerate(self._texts):
            with guard(name(number), problems):
                try:
                    self._add(number, text, misreadable)
                except QueryError:
                    self.invalid.append(number)
        self._by_term.sort(len(self._term_numbers))
        self._neighbours = _Neighbours(misreadable)
        self._terms = list(self._term_numbers)
        self._automaton = ahocorasick_rs.AhoCorasick(self._terms) if self._terms else None

    def match(self, matcher: ArticleMatcher) -> Iterator[tuple[int, Reason]]:
        """Yield the number of every query that matches the article, with the reason."""
        found = self.terms_in(matcher)
        texts = {self._terms[term] for term in found}
        matcher.restrict_terms(texts)
        for number in self.candidates(found):
            if not texts.issuperset(self._plain_words.get(number, ())):
                continue
            reason = None
            with guard(self._name(number), self._problems):
                reason = matcher.match(self._parsed.get(number) or queries.parse(self._texts[number]))
            if reason:
                yield number, reason

    def terms_in(self, matcher: ArticleMatcher) -> set[int]:
        """Return the numbers of the terms that occur in the article, as printed or with one character misread."""
        if self._automaton is None:
            return set()
        corrected = self._corrected_contexts(matcher)
        text = "\n".join((matcher.normalised_text, matcher.normalised_labels, *corrected))
        return {term for term, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}

    def candidates(self, terms: Iterable[int]) -> set[int]:
        """Return the numbers of the queries that may match an article with these terms."""
        return {query for term in terms for query in self._by_term[term]}.union(self._always)

    def _add(self, number: int, text: str, misreadable: set[str]) -> None:
        """Index one query and add those of its terms that may be misread to `misreadable`.

        Most queries are plain words or one word; these are not parsed here, because parsing a hundred thousand of
        them takes long. Raises QueryError for a query that cannot be parsed.
        """
        words = queries.plain_words(text)
        if len(words) > 1:
            texts = [normal_form(word.removeprefix("-")) for word in words]
            included = tuple(text for text, word in zip(texts, words, strict=True) if word[0] != "-")
            if len(included) > 1:
                self._plain_words[number] = included
            self._add_terms(number, texts, (max(included, key=len),))
            misreadable.update(filter(has_misreadable_length, texts))
        elif word := words[0] if words else queries.single_word(text):
            term_text = normal_form(word)
            self._add_terms(number, (term_text,), (term_text,))
            # An unclosed quotation mark does not make a word exact.
            is_exact = text[0] == "=" or (text[0] == text[-1] == '"')
            if not is_exact and has_misreadable_length(term_text):
                misreadable.add(term_text)
        else:
            query = self._parsed[number] = queries.parse(text)
            texts_of = {term: normal_form(term.text) for term in all_terms(query)}
            required = [texts_of[term] for term in required_terms(query)]
            self._add_terms(number, texts_of.values(), required)
            misreadable.update(text for term, text in texts_of.items() if allows_misreadings(term))
            if not required:
                self._always.append(number)

    def _add_terms(self, number: int, texts: Iterable[str], required: Collection[str]) -> None:
        """Add the terms of a query; an article that contains one of `required` makes the query a candidate."""
        for text in texts:
            term_number = self._term_numbers.setdefault(text, len(self._term_numbers))
            if text in required:
                self._by_term.add(term_number, number)

    def _corrected_contexts(self, matcher: ArticleMatcher) -> Iterator[str]:
        """Yield the text around each doubtful character, with each look-alike in its place that may complete a term."""
        reach = MAX_MISREADABLE_CHARS - 1
        for sentence in chain.from_iterable(reading.sentences for reading in matcher.readings):
            text = sentence.normalised
            for at in matcher.doubtful_positions(text):
                before, after = text[max(0, at - reach) : at], text[at + 1 : at + 1 + reach]
                for char in self._neighbours.fitting(text[at], before[-1:], after[:1]):
                    yield f"{before}{char}{after}"


class _Neighbours:
    """Pairs of adjacent characters in terms that may be misread; a look-alike fits if it forms such a pair."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._after: dict[str, set[str]] = defaultdict(set)
        self._before: dict[str, set[str]] = defaultdict(set)
        self._look_alikes: dict[str, frozenset[str]] = {}
        for first, second in set(chain.from_iterable(map(pairwise, terms))):
            self._after[first].add(second)
            self._before[second].add(first)

    def fitting(self, printed: str, before: str, after: str) -> frozenset[str]:
        """Return the look-alikes of `printed` that follow `before`, or precede `after`, in any of the terms."""
        if (alike := self._look_alikes.get(printed)) is None:
            alike = self._look_alikes[printed] = frozenset(look_alikes(printed))
        return (alike & self._after.get(before, _NOTHING)) | (alike & self._before.get(after, _NOTHING))


_NOTHING: frozenset[str] = frozenset()


def required_terms(query: Query) -> tuple[Term, ...]:
    """Return terms; every matching article contains at least one of them. () if a match needs no term (a day)."""
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
    """Return the length of a term's text; fewer articles contain a longer text."""
    return len(term.text)

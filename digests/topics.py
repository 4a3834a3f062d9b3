"""New articles x all subscriptions -> who is to be told of what, and why.

One pass over each article with all terms at once (Aho-Corasick) finds the subscriptions that can match at all; only
those are then held against the article as `matching.matches` does it one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import ahocorasick_rs

from digests import query as queries
from digests.errors import QueryError
from digests.matching import fields, level, matches
from digests.models import Article, Chat, Match, Subscription
from digests.query import Query


class Topics:
    """All subscriptions of some chats, ready to be matched. Those that cannot be understood are in `unread`."""

    def __init__(self, chats: Iterable[Chat]) -> None:
        self._wishes: list[tuple[int, Subscription, Query]] = []
        self.unread: list[tuple[int, Subscription]] = []
        by_term: dict[str, list[int]] = defaultdict(list)
        for chat in chats:
            for subscription in chat.subscriptions:
                self._add(chat.id, subscription, by_term)
        self._wishes_of_term = list(by_term.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_term)) if by_term else None

    def _add(self, chat: int, subscription: Subscription, by_term: dict[str, list[int]]) -> None:
        try:
            query = queries.parse(subscription.query)
        except QueryError:
            self.unread.append((chat, subscription))
            return
        for term in queries.terms(query):
            by_term[level(term.text)].append(len(self._wishes))
        self._wishes.append((chat, subscription, query))

    def match(self, article: Article) -> Iterator[Match]:
        """Every subscription that fires on `article`, by chat and in the order they were made."""
        for number in sorted(self._candidates(article)):
            chat, subscription, query = self._wishes[number]
            if reason := matches(query, article):
                yield Match(chat, subscription, article.id, reason)

    def _candidates(self, article: Article) -> set[int]:
        if self._automaton is None:
            return set()
        row = "\n".join(level(value) for _, value in fields(article))
        found = set(self._automaton.find_matches_as_indexes(row, overlapping=True))
        return {number for term, _, _ in found for number in self._wishes_of_term[term]}

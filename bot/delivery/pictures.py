"""What a picture shows: a reference such as "the card of 29 August" -> values from the archive -> PNG.

A message that is owed carries the reference alone: it stays small, and shows the archive as it is when it leaves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar

from bot.images import charts
from bot.render import pictures as rendered
from bot.render.trends import trend_chart
from digests.archive import Archive
from digests.chats import Picture
from digests.digest import trends
from digests.errors import JianbaoError

Sent = TypeVar("Sent")
Counts = dict[str, list[trends.TermCount]]

COUNTED = 1000
"""The newest issues that words are counted in: about a second; more takes longer than a reader waits."""
KEPT = 16
"""Countings that are kept, so that a chart does not count again what its text has counted."""


class NoPicture(Exception):
    """There is nothing to draw any more: the issue or the words are gone from the archive."""


class Pictures:
    """Pictures of one archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._counted = lru_cache(maxsize=KEPT)(self._count)

    async def send(self, deed: Callable[..., Awaitable[Sent]], picture: Picture, **form: object) -> Sent:
        """Draw off the event loop, then do `deed` with `photo` and the form; raises NoPicture before."""
        return await deed(photo=await asyncio.to_thread(self.draw, picture), **form)

    def draw(self, picture: Picture) -> bytes:
        """The picture as PNG; raises NoPicture."""
        try:
            return charts.png(self._chart(picture))
        except JianbaoError as error:
            raise NoPicture(str(error)) from error

    def counts(self, words: Sequence[str]) -> Counts:
        """How often the newest issues say each word, the oldest of them first."""
        issues = self._archive.issues()[:COUNTED]
        return self._counted(tuple(words), tuple((issue.day, issue.fingerprint) for issue in issues))

    def themes(self, day: date) -> tuple[tuple[str, int], ...]:
        """What an issue's stories are about, with their numbers, the most first; "" for those about nothing known."""
        counted = [(theme, len(stories)) for theme, stories in self._archive.sections(day).items()]
        return tuple(sorted(counted, key=lambda one: (not one[0], -one[1], one[0])))

    def _chart(self, picture: Picture) -> charts.Chart:
        if picture.kind == "trend":
            return trend_chart(self.counts(picture.of.split()), picture.language)
        day = date.fromisoformat(picture.of)
        if picture.kind == "card":
            return rendered.card_chart(self._archive.digest(day), picture.language)
        return rendered.theme_chart(self._archive.issue(day), self.themes(day), picture.language)

    def _count(self, words: Sequence[str], issues: Sequence[tuple[date, str]]) -> Counts:
        """Issue by issue, so that no more than one is held in memory."""
        counted: Counts = {word: [] for word in words}
        for day, _ in reversed(issues):
            articles = {day: self._archive.articles(day)}
            for word in words:
                counted[word] += trends.term_counts(word, articles)
        return counted

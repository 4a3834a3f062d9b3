"""The record of one file in the index, built from its articles part by part."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from digests.models import Article, Issue, SourceFile

MAX_KEPT_PROBLEMS = 20
"""Problems of one file that are kept for later reports."""


class RecordBuilder:
    """Builds the record of one file from its articles, part by part."""

    def __init__(self) -> None:
        self._days: dict[date, _Day] = {}
        self._undated = 0
        self.problems: list[str] = []
        self.structure = 1.0

    def add(self, articles: Iterable[Article]) -> None:
        for article in articles:
            if article.date is None:
                self._undated += 1
            else:
                self._days.setdefault(article.date, _Day(article.paper)).add(article)

    def source(self, name: str, fingerprint: str) -> SourceFile:
        """Return the record of all articles added so far."""
        days = tuple(counted.issue(day) for day, counted in sorted(self._days.items()))
        return SourceFile(
            name, fingerprint, days, self._undated, tuple(self.problems[:MAX_KEPT_PROBLEMS]), self.structure
        )


@dataclass(slots=True)
class _Day:
    """Counts of the articles of one day in one file, from which the Issue of the day is built."""

    paper: str
    pages: set[int] = field(default_factory=set)
    articles: int = 0
    notices: int = 0
    quality: float = 0.0
    fingerprint: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=12))

    def add(self, article: Article) -> None:
        line = repr(article) if not self.articles else f"\n{article!r}"
        self.fingerprint.update(line.encode("utf-8", "surrogatepass"))
        if article.page is not None:
            self.pages.add(article.page)
        self.articles += 1
        self.notices += article.kind == "notice"
        self.quality += article.quality

    def issue(self, day: date) -> Issue:
        return Issue(
            day=day,
            paper=self.paper,
            pages=tuple(sorted(self.pages)),
            articles=self.articles,
            notices=self.notices,
            quality=round(self.quality / self.articles, 4),
            fingerprint=self.fingerprint.hexdigest(),
        )

"""What a file of the archive holds of each day, counted as its articles pass: they need not be held together."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from digests.models import Article, Issue, Source


@dataclass(slots=True)
class _OfDay:
    paper: str
    said: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=12))
    pages: set[int] = field(default_factory=set)
    articles: int = 0
    notices: int = 0
    quality: float = 0.0

    def add(self, article: Article) -> None:
        line = repr(article) if not self.articles else f"\n{article!r}"
        self.said.update(line.encode("utf-8", "surrogatepass"))
        if article.page is not None:
            self.pages.add(article.page)
        self.articles += 1
        self.notices += article.kind == "notice"
        self.quality += article.quality

    def part(self, day: date) -> Issue:
        return Issue(
            day=day,
            paper=self.paper,
            pages=tuple(sorted(self.pages)),
            articles=self.articles,
            notices=self.notices,
            quality=round(self.quality / self.articles, 4),
            fingerprint=self.said.hexdigest(),
        )


class Tally:
    """The articles of one file, counted."""

    def __init__(self) -> None:
        self._days: dict[date, _OfDay] = {}
        self._undated = 0

    def add(self, article: Article) -> None:
        if article.date is None:
            self._undated += 1
            return
        if article.date not in self._days:
            self._days[article.date] = _OfDay(article.paper)
        self._days[article.date].add(article)

    def source(self, name: str, fingerprint: str) -> Source:
        """The record of the file with all that was added."""
        days = tuple(of_day.part(day) for day, of_day in sorted(self._days.items()))
        return Source(name, fingerprint, days, undated=self._undated)

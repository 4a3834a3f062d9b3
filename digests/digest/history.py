"""Comparison with the digests of the last issues: repeated articles, follow-up stories, and trends of keywords."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from digests.analysis.near_duplicates import Sketch, repeats
from digests.models import ArticleRef, Digest, Keyword, PastDigest, Trace, Trend

HISTORY_ISSUES = 7
"""Number of earlier issues that a digest is compared with: a week of a daily paper."""

MIN_RISE, MAX_FALL = 1.5, 0.67
"""Limits of a keyword's ratio: its weight divided by its mean weight in the earlier issues that list it. The trend is
"up" at MIN_RISE or more, and "down" at MAX_FALL or less."""

MIN_SHARED_KEYWORDS, MIN_SHARED_CHARS, MIN_KEYWORD_OVERLAP = 2, 6, 0.5
"""Minimum overlap between the keywords of an article and those of the article that it follows up: the number of shared
keywords, their total characters, and their share of the shorter list. Unrelated articles can share two short words."""

_Key = TypeVar("_Key", bound=Hashable)


class History:
    """The newest HISTORY_ISSUES of the given digests."""

    def __init__(self, digests: Iterable[Digest | PastDigest]) -> None:
        self.digests: Sequence[Digest | PastDigest] = sorted(digests, key=lambda digest: digest.day, reverse=True)[
            :HISTORY_ISSUES
        ]
        self._traces = [(digest.day, trace) for digest in self.digests for trace in digest.traces]
        # With these tables, an article is compared only with traces that share a hash or a keyword with it.
        self._by_hash = _positions(trace.sketch for _, trace in self._traces)
        self._by_keyword = _positions(trace.keywords for _, trace in self._traces)
        self._listed = Counter(keyword.text for digest in self.digests for keyword in digest.keywords)

    def is_repeated(self, sketch: Sketch) -> bool:
        """True if the article with this sketch repeats an article of these issues."""
        return any(repeats(sketch, trace.sketch) for _, trace in self._sharing(sketch, self._by_hash))

    def overlap(self, keywords: Sequence[str]) -> float:
        """Return the largest `keyword_overlap` of `keywords` with an article of these issues, from 0 to 1."""
        traces = self._sharing(keywords, self._by_keyword)
        return max((keyword_overlap(keywords, trace.keywords) for _, trace in traces), default=0.0)

    def followed_article(self, keywords: Sequence[str]) -> ArticleRef | None:
        """Return the article that an article with these keywords follows up; None if there is none.

        If there are several, return one of the newest issue; if that has several, the one with the largest overlap.
        """
        stories = [
            (day, keyword_overlap(keywords, trace.keywords), trace.article, trace.headline)
            for day, trace in self._sharing(keywords, self._by_keyword)
            if is_follow_up(keywords, trace.keywords)
        ]
        if not stories:
            return None
        day, _, article, headline = max(stories)
        return ArticleRef(day, article, headline)

    def listed_share(self, text: str) -> float:
        """Return the share of these issues that list `text` as a keyword, from 0 to 1; 0 if there are no issues."""
        return self._listed[text] / (len(self.digests) or 1)

    def trend(self, keyword: Keyword) -> Trend:
        """Return "new" if no earlier issue lists the keyword, "up" or "down" if its weight differs enough from its mean
        weight in these issues, otherwise "". Without earlier issues every trend is ""."""
        earlier = [other.weight for digest in self.digests for other in digest.keywords if other.text == keyword.text]
        if not self.digests:
            return ""
        if not earlier:
            return "new"
        ratio = keyword.weight * len(earlier) / (sum(earlier) or 1.0)
        return "up" if ratio >= MIN_RISE else "down" if ratio <= MAX_FALL else ""

    def _sharing(self, keys: Collection[_Key], positions: dict[_Key, list[int]]) -> list[tuple[date, Trace]]:
        """Return the traces that share at least one of `keys`, with the dates of their issues."""
        return [self._traces[at] for at in sorted({at for key in keys for at in positions.get(key, ())})]


def is_follow_up(keywords: Collection[str], earlier: Collection[str]) -> bool:
    """True if two articles are about the same story, judged by their keywords."""
    shared = {*keywords} & {*earlier}
    return (
        len(shared) >= MIN_SHARED_KEYWORDS
        and sum(map(len, shared)) >= MIN_SHARED_CHARS
        and keyword_overlap(keywords, earlier) >= MIN_KEYWORD_OVERLAP
    )


def keyword_overlap(keywords: Collection[str], others: Collection[str]) -> float:
    """Return the share of the shorter keyword list that is also in the longer one, from 0 to 1."""
    fewer = min(len(keywords), len(others))
    return len({*keywords} & {*others}) / fewer if fewer else 0.0


def _positions(keys_of_each: Iterable[Iterable[_Key]]) -> dict[_Key, list[int]]:
    """Map each key to the positions of the collections that contain it."""
    positions: dict[_Key, list[int]] = defaultdict(list)
    for at, keys in enumerate(keys_of_each):
        for key in keys:
            positions[key].append(at)
    return positions

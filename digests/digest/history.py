"""Comparison with the digests of the last issues: repeated articles, follow-up stories, and trends of keywords."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from digests.analysis.near_duplicates import Sketch, repeats
from digests.models import ArticleRef, Digest, Keyword, PastDigest, Trace, Trend

HISTORY_ISSUES = 7
"""Number of earlier issues that a digest is compared with: a week of a daily paper."""

MIN_RISE, MAX_FALL = 1.5, 0.67
"""Limits of a keyword's ratio: its weight divided by its mean weight in the earlier issues that list it. The trend is
"up" at MIN_RISE or more, and "down" at MAX_FALL or less."""

RECENT_PERIOD = timedelta(weeks=3)
MAX_NEW = 3
"""Maximum number of keywords of an issue that are called new; more would tell nothing."""

MIN_SHARED_KEYWORDS, MIN_SHARED_CHARS, MIN_KEYWORD_OVERLAP = 2, 6, 0.5
"""Minimum overlap between the keywords of an article and those of the article that it follows up: the number of shared
keywords, their total characters, and their share of the shorter list. Unrelated articles can share two short words."""

_Key = TypeVar("_Key", bound=Hashable)


class EarlierIssue:
    """The digest of an earlier issue, with tables by which an article is compared only with traces that share a hash
    or a keyword with it. Making them takes longest, so they are made once for all later issues."""

    def __init__(self, digest: Digest | PastDigest) -> None:
        self.day = digest.day
        self.fingerprint = digest.fingerprint
        self.weights = {keyword.text: keyword.weight for keyword in digest.keywords}
        self._traces = digest.traces
        self._by_hash = _positions(trace.sketch for trace in digest.traces)
        self._by_keyword = _positions(trace.keywords for trace in digest.traces)

    def sharing_hashes(self, sketch: Sketch) -> Iterator[Trace]:
        """Yield the traces that share a hash with `sketch`."""
        return self._at(self._by_hash, sketch)

    def sharing_keywords(self, keywords: Collection[str]) -> Iterator[Trace]:
        """Yield the traces that share one of `keywords`."""
        return self._at(self._by_keyword, keywords)

    def _at(self, positions: Mapping[_Key, Sequence[int]], keys: Collection[_Key]) -> Iterator[Trace]:
        return (self._traces[at] for at in {at for key in positions.keys() & keys for at in positions[key]})


class History:
    """The newest HISTORY_ISSUES of the given digests."""

    def __init__(self, digests: Iterable[Digest | PastDigest | EarlierIssue]) -> None:
        issues = [digest if isinstance(digest, EarlierIssue) else EarlierIssue(digest) for digest in digests]
        self.issues: Sequence[EarlierIssue] = sorted(issues, key=_day, reverse=True)[:HISTORY_ISSUES]

    def is_repeated(self, sketch: Sketch) -> bool:
        """True if the article with this sketch repeats an article of these issues."""
        return any(repeats(sketch, trace.sketch) for issue in self.issues for trace in issue.sharing_hashes(sketch))

    def overlap(self, keywords: Sequence[str]) -> float:
        """Return the largest `keyword_overlap` of `keywords` with an article of these issues, from 0 to 1."""
        traces = (trace for issue in self.issues for trace in issue.sharing_keywords(keywords))
        return max((keyword_overlap(keywords, trace.keywords) for trace in traces), default=0.0)

    def followed_article(self, keywords: Sequence[str]) -> ArticleRef | None:
        """Return the article that an article with these keywords follows up; None if there is none.

        If there are several, return one of the newest issue; if that has several, the one with the largest overlap.
        """
        for issue in self.issues:
            stories = [
                (keyword_overlap(keywords, trace.keywords), trace.article, trace.headline)
                for trace in issue.sharing_keywords(keywords)
                if is_follow_up(keywords, trace.keywords)
            ]
            if stories:
                _, article, headline = max(stories)
                return ArticleRef(issue.day, article, headline)
        return None

    def listed_share(self, text: str) -> float:
        """Return the share of these issues that list `text` as a keyword, from 0 to 1; 0 if there are no issues."""
        return sum(text in issue.weights for issue in self.issues) / (len(self.issues) or 1)

    def recent(self, day: date) -> "History":
        """Return those of these issues that are at most RECENT_PERIOD older than `day`.

        An archive with gaps may have none: what was printed, or not printed, months ago does not tell what is new.
        """
        return History([issue for issue in self.issues if day - issue.day <= RECENT_PERIOD])

    def with_trends(self, keywords: Iterable[Keyword]) -> tuple[Keyword, ...]:
        """Return the keywords of an issue with their trends, at most MAX_NEW of them "new"."""
        found: list[Keyword] = []
        for keyword in keywords:
            trend = self.trend(keyword)
            is_one_too_many = trend == "new" and sum(other.trend == "new" for other in found) >= MAX_NEW
            found.append(replace(keyword, trend="" if is_one_too_many else trend))
        return tuple(found)

    def trend(self, keyword: Keyword) -> Trend:
        """Return "new" if no earlier issue lists the keyword, "up" or "down" if its weight differs enough from its mean
        weight in these issues, otherwise "". Without earlier issues every trend is ""."""
        earlier = [issue.weights[keyword.text] for issue in self.issues if keyword.text in issue.weights]
        if not self.issues:
            return ""
        if not earlier:
            return "new"
        ratio = keyword.weight * len(earlier) / (sum(earlier) or 1.0)
        return "up" if ratio >= MIN_RISE else "down" if ratio <= MAX_FALL else ""


def _day(issue: EarlierIssue) -> date:
    return issue.day


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

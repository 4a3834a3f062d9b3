"""What the last issues told: whether a story is new, goes on from one of them, and which keywords rise."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from digests.analysis import near_duplicates
from digests.models import ArticleRef, Digest, Keyword, Trace, Trend

HISTORY_ISSUES = 7
"""Earlier issues that are looked at: a week of a daily paper."""
RISEN, FALLEN = 1.5, 0.67
"""A keyword's weight against its mean in the earlier issues that had it, from which on it is up or down."""

_Key = TypeVar("_Key", bound=Hashable)


class History:
    """The last LOOK_BACK of some digests."""

    def __init__(self, digests: Iterable[Digest]) -> None:
        self.digests: Sequence[Digest] = sorted(digests, key=lambda digest: digest.day, reverse=True)[:HISTORY_ISSUES]
        traces = [(digest.day, trace) for digest in self.digests for trace in digest.traces]
        # A story is compared with those alone that share something with it, however many an issue has.
        self._traces = traces
        self._listed = Counter(keyword.text for digest in self.digests for keyword in digest.keywords)
        self._saying = _having((trace.keywords for _, trace in traces))
        self._looking = _having((trace.sketch for _, trace in traces))

    def has(self, sketch: Sequence[int]) -> bool:
        """Whether one of the issues had an article word for word, or nearly."""
        return any(
            near_duplicates.same_sketch(sketch, trace.sketch) for _, trace in self._sharing(sketch, self._looking)
        )

    def likeness(self, keywords: Sequence[str]) -> float:
        """From 0 to 1: how much of its keywords a story shares with the one most like it."""
        akin = self._sharing(keywords, self._saying)
        return max((near_duplicates.likeness(keywords, trace.keywords) for _, trace in akin), default=0.0)

    def begun(self, keywords: Sequence[str]) -> ArticleRef | None:
        """The newest earlier article of the same story, the most alike of its issue."""
        akin = [
            (day, near_duplicates.likeness(keywords, trace.keywords), trace.article, trace.headline)
            for day, trace in self._sharing(keywords, self._saying)
            if near_duplicates.goes_on(keywords, trace.keywords)
        ]
        if not akin:
            return None
        day, _, article, headline = max(akin)
        return ArticleRef(day, article, headline)

    def share(self, text: str) -> float:
        """In what share of the issues a text was a keyword, from 0 to 1; 0 where there are no issues."""
        return self._listed[text] / (len(self.digests) or 1)

    def trend(self, keyword: Keyword) -> Trend:
        """新, ↑ or ↓: not among the keywords of the issues, or listed there with another weight."""
        held = [other.weight for digest in self.digests for other in digest.keywords if other.text == keyword.text]
        if not self.digests:
            return ""
        if not held:
            return "new"
        change = keyword.weight * len(held) / (sum(held) or 1.0)
        return "up" if change >= RISEN else "down" if change <= FALLEN else ""

    def _sharing(self, keys: Collection[_Key], having: dict[_Key, list[int]]) -> list[tuple[date, Trace]]:
        return [self._traces[at] for at in sorted({at for key in keys for at in having.get(key, ())})]


def _having(of_each: Iterable[Iterable[_Key]]) -> dict[_Key, list[int]]:
    """For each key the places of those that have it."""
    having: dict[_Key, list[int]] = defaultdict(list)
    for at, keys in enumerate(of_each):
        for key in keys:
            having[key].append(at)
    return having

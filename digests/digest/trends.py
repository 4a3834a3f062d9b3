"""Trends over several issues: articles with a term, rising keywords, summaries of a week or a month. Pure functions."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digests.models import Digest, Issue, PastDigest, Story

MIN_RISING_ISSUES = 3
"""Minimum number of issues that list a rising keyword."""


@dataclass(frozen=True, slots=True)
class TermCount:
    """The number of articles in an issue that contain a term."""

    day: dt.date
    articles: int
    """Number of articles that contain the term."""
    of: int
    """Number of all articles of the issue."""

    @property
    def share(self) -> float:
        """Articles with the term, in percent of all articles, to compare issues of different size."""
        return round(100 * self.articles / self.of, 1) if self.of else 0.0


@dataclass(frozen=True, slots=True)
class RisingKeyword:
    """A keyword with a higher mean weight in the later half of the issues than in the earlier half."""

    text: str
    before: float
    """Mean weight in the earlier half."""
    now: float
    """Mean weight in the later half."""


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """Summary of the issues of a week or a month."""

    first: dt.date
    last: dt.date
    issues: tuple[dt.date, ...]
    articles: int
    notices: int
    keywords: tuple[tuple[str, int], ...]
    """Keywords with the number of issues that list them, in descending order."""
    stories: tuple[tuple[dt.date, Story], ...]
    """The best stories of all issues with their dates, without stories that have a follow-up in these issues."""


def term_counts(articles_by_day: Mapping[dt.date, int], issues: Iterable[Issue]) -> tuple[TermCount, ...]:
    """Return the count of a term in each issue, the oldest issue first; issues without the term are included."""
    by_day = sorted(issues, key=lambda issue: issue.day)
    return tuple(TermCount(issue.day, articles_by_day.get(issue.day, 0), issue.articles) for issue in by_day)


def rising_keywords(digests: Sequence[PastDigest], limit: int = 10) -> tuple[RisingKeyword, ...]:
    """Return the keywords with a higher mean weight in the later half of the issues, by descending difference."""
    ordered = sorted(digests, key=lambda digest: digest.day)
    early, late = _mean_weights(ordered[: len(ordered) // 2]), _mean_weights(ordered[len(ordered) // 2 :])
    issues = Counter(keyword.text for digest in ordered for keyword in digest.keywords)
    risen = [
        RisingKeyword(text, round(early.get(text, 0.0), 6), round(weight, 6))
        for text, weight in late.items()
        if issues[text] >= MIN_RISING_ISSUES and weight > early.get(text, 0.0)
    ]
    return tuple(sorted(risen, key=lambda keyword: (keyword.before - keyword.now, keyword.text))[:limit])


def _mean_weights(digests: Sequence[PastDigest]) -> dict[str, float]:
    """Return the weight of each keyword, averaged over all the digests."""
    total: dict[str, float] = defaultdict(float)
    for digest in digests:
        for keyword in digest.keywords:
            total[keyword.text] += keyword.weight
    return {text: weight / len(digests) for text, weight in total.items()}


def summarise_period(
    digests: Iterable[Digest], span: tuple[dt.date, dt.date], *, keywords: int = 10, stories: int = 12
) -> PeriodSummary | None:
    """Return the summary of the issues within `span` (both dates included), or None if there are none."""
    in_span = sorted((digest for digest in digests if span[0] <= digest.day <= span[1]), key=lambda digest: digest.day)
    if not in_span:
        return None
    issues = Counter(keyword.text for digest in in_span for keyword in digest.keywords)
    weight = Counter[str]()
    for digest in in_span:
        weight.update({keyword.text: keyword.weight for keyword in digest.keywords})
    ranked = sorted(issues.items(), key=lambda item: (-item[1], -weight[item[0]], item[0]))
    return PeriodSummary(
        first=span[0],
        last=span[1],
        issues=tuple(digest.day for digest in in_span),
        articles=sum(digest.articles for digest in in_span),
        notices=sum(digest.notices for digest in in_span),
        keywords=tuple(ranked[:keywords]),
        stories=_best_stories(in_span, stories),
    )


def _best_stories(digests: Sequence[Digest], limit: int) -> tuple[tuple[dt.date, Story], ...]:
    """Return the stories with the highest scores, without those that have a follow-up in these digests."""
    followed = {story.follows.article for digest in digests for story in digest.stories if story.follows}
    last = [(digest.day, story) for digest in digests for story in digest.stories if story.article not in followed]
    return tuple(sorted(last, key=lambda item: (-item[1].score, item[0], item[1].article))[:limit])

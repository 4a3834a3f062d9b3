"""How much the paper wrote of something, issue by issue, and what it writes of more and more. Pure."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digests.models import Article, Digest, Story

PER = 10_000
"""Characters for which counts are given besides the absolute ones: a thick issue says everything more often."""
LEAST = 3
"""Issues in which a keyword stands before it can rise."""


@dataclass(frozen=True, slots=True)
class TermCount:
    """How often an issue has a term."""

    day: dt.date
    times: int
    articles: int
    """That have it."""
    characters: int
    """Of the whole issue."""

    @property
    def rate(self) -> float:
        """Times per 10,000 characters."""
        return round(self.times * PER / self.characters, 2) if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class RisingKeyword:
    """A keyword that the later issues list more than the earlier ones."""

    text: str
    before: float
    """Mean weight in the earlier half of the issues."""
    now: float


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """What a week or a month of issues said."""

    first: dt.date
    last: dt.date
    issues: tuple[dt.date, ...]
    articles: int
    notices: int
    keywords: tuple[tuple[str, int], ...]
    """With the number of issues that list them, the most first."""
    stories: tuple[tuple[dt.date, Story], ...]
    """The best of all issues, each with its day; of stories that continue one another only the last."""


def term_counts(term: str, issues: Mapping[dt.date, Iterable[Article]]) -> tuple[TermCount, ...]:
    """How often each issue has `term`, the oldest first; an issue without it is there with 0."""
    return tuple(_count(term, day, issues[day]) for day in sorted(issues))


def _count(term: str, day: dt.date, articles: Iterable[Article]) -> TermCount:
    texts = ["\n".join((a.kicker, a.headline or "", a.deck, a.body)) for a in articles]
    times = [text.count(term) for text in texts] if term else []
    return TermCount(day, sum(times), sum(map(bool, times)), sum(len(text) - text.count("\n") for text in texts))


def rising_keywords(digests: Sequence[Digest], limit: int = 10) -> tuple[RisingKeyword, ...]:
    """The keywords that rose most between the earlier and the later half of some issues, the steepest first."""
    ordered = sorted(digests, key=lambda digest: digest.day)
    early, late = _means(ordered[: len(ordered) // 2]), _means(ordered[len(ordered) // 2 :])
    seen = Counter(keyword.text for digest in ordered for keyword in digest.keywords)
    risen = [
        RisingKeyword(text, round(early.get(text, 0.0), 6), round(weight, 6))
        for text, weight in late.items()
        if seen[text] >= LEAST and weight > early.get(text, 0.0)
    ]
    return tuple(sorted(risen, key=lambda one: (one.before - one.now, one.text))[:limit])


def _means(digests: Sequence[Digest]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for digest in digests:
        for keyword in digest.keywords:
            total[keyword.text] += keyword.weight
    return {text: weight / len(digests) for text, weight in total.items()}


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week of `day`."""
    first = day - dt.timedelta(days=day.weekday())
    return first, first + dt.timedelta(days=6)


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month of `day`."""
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def summarise_period(
    digests: Iterable[Digest], span: tuple[dt.date, dt.date], *, keywords: int = 10, stories: int = 12
) -> PeriodSummary | None:
    """What the issues within `span` (both days included) said together; None where there is none."""
    held = sorted((digest for digest in digests if span[0] <= digest.day <= span[1]), key=lambda digest: digest.day)
    if not held:
        return None
    listed = Counter(keyword.text for digest in held for keyword in digest.keywords)
    weight = Counter[str]()
    for digest in held:
        weight.update({keyword.text: keyword.weight for keyword in digest.keywords})
    ranked = sorted(listed.items(), key=lambda item: (-item[1], -weight[item[0]], item[0]))
    return PeriodSummary(
        first=span[0],
        last=span[1],
        issues=tuple(digest.day for digest in held),
        articles=sum(digest.articles for digest in held),
        notices=sum(digest.notices for digest in held),
        keywords=tuple(ranked[:keywords]),
        stories=_best(held, stories),
    )


def _best(digests: Sequence[Digest], most: int) -> tuple[tuple[dt.date, Story], ...]:
    continued = {story.follows.article for digest in digests for story in digest.stories if story.follows}
    told = [(digest.day, story) for digest in digests for story in digest.stories if story.article not in continued]
    return tuple(sorted(told, key=lambda item: (-item[1].score, item[0], item[1].article))[:most])

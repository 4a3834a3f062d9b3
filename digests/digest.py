"""An issue -> Digest. Pure: the same articles always give the same digest.

A story's score is

    score = 0.45 * prominence + 0.35 * keywords + 0.20 * substance

prominence   1 / sqrt(place on its page), and 0.6 of that on inner pages: editors put first what matters
keywords     share of the issue's keyword weight that the story's headings and lead hold: what the day was about
substance    length of the body up to 600 characters, as a share: a brief tells less than a report

Each term lies between 0 and 1. Notices and countdowns are counted and not ranked; captions neither, they have no story.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence

from digests import keywords, summary
from digests.models import Article, Digest, Issue, Keyword, Story

METHOD = "1"
"""Changes whenever a digest may come out differently; all are then built anew."""

PROMINENCE, KEYWORDS, SUBSTANCE = 0.45, 0.35, 0.20
INNER_PAGE = 0.6
FULL_LENGTH = 600
STORIES = 12
"""More than that is no glance any more."""

UNRANKED = ("notice", "countdown", "photo_caption")


def build(issue: Issue, articles: Sequence[Article], *, stories: int = STORIES) -> Digest:
    """The digest of `issue`, whose `articles` come in page order."""
    told = [article for article in articles if article.kind not in UNRANKED]
    issue_keywords = keywords.of_issue(told)
    ranked = sorted(
        (_story(article, place, issue_keywords) for article, place in _placed(told)),
        key=lambda story: (-story.score, story.article),
    )
    return Digest(
        day=issue.day,
        paper=issue.paper,
        pages=issue.pages,
        articles=issue.articles,
        notices=issue.notices,
        quality=issue.quality,
        keywords=issue_keywords,
        stories=tuple(ranked[:stories]),
        fingerprint=fingerprint(issue, stories=stories),
    )


def fingerprint(issue: Issue, *, stories: int = STORIES) -> str:
    """What the digest of `issue` is made from and how; equal where building again would give the same."""
    made_from = f"{METHOD}/{stories}/{issue.fingerprint}"
    return hashlib.blake2b(made_from.encode(), digest_size=8).hexdigest()


def _placed(articles: Sequence[Article]) -> list[tuple[Article, int]]:
    """Each article with its place among the stories of its page, from 1."""
    seen: dict[int | None, int] = {}
    placed = []
    for article in articles:
        seen[article.page] = seen.get(article.page, 0) + 1
        placed.append((article, seen[article.page]))
    return placed


def _story(article: Article, place: int, issue_keywords: Sequence[Keyword]) -> Story:
    parts = (
        ("prominence", round(PROMINENCE * _prominence(article, place), 4)),
        ("keywords", round(KEYWORDS * _share(article, issue_keywords), 4)),
        ("substance", round(SUBSTANCE * min(1.0, len(article.body) / FULL_LENGTH), 4)),
    )
    return Story(
        article=article.id,
        headline=article.title,
        page=article.page,
        quote=summary.quote(article, _weights(article)),
        score=round(sum(value for _, value in parts), 4),
        parts=parts,
    )


def _prominence(article: Article, place: int) -> float:
    return (1.0 if article.page in (None, 1) else INNER_PAGE) / math.sqrt(place)


def _share(article: Article, issue_keywords: Sequence[Keyword]) -> float:
    lead = article.paragraphs[0] if article.paragraphs else ""
    said = "\n".join((article.headline or "", article.kicker, article.deck, lead))
    total = sum(keyword.weight for keyword in issue_keywords)
    held = sum(keyword.weight for keyword in issue_keywords if keyword.text in said)
    return held / total if total else 0.0


def _weights(article: Article) -> Mapping[str, float]:
    return {keyword.text: keyword.weight for keyword in keywords.of_article(article, limit=20)}

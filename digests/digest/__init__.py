"""An issue -> Digest. Pure: the same articles and earlier digests always give the same digest.

A story's score is

    score = 0.35 * prominence + 0.25 * keywords + 0.15 * substance + 0.15 * novelty + 0.10 * local

prominence   1 / sqrt(place on its page), and 0.6 of that on inner pages: editors put first what matters
keywords     share of the issue's keyword weight that the story's headings and lead hold: what the day was about
substance    length of the body up to 600 characters, as a share: a brief tells less than a report
novelty      1 less the share of its keywords that an article of the last issues had: what is told again waits
local        1 where its headings or lead name the paper's own place, 1/2 where its body does, else 0

Each term lies between 0 and 1. Notices and countdowns are counted and not ranked; captions neither, they have no story.
An article that an earlier issue had word for word is left out; one that the issue itself has twice is told once.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from digests.analysis import keywords
from digests.analysis.themes import Theme, builtin_themes
from digests.digest import candidates as telling
from digests.digest.candidates import Candidate
from digests.digest.history import History
from digests.models import Article, Digest, Figure, Issue, Keyword, Story

METHOD = "3"
"""Changes whenever a digest may come out differently; all are then built anew."""

PROMINENCE_WEIGHT, KEYWORDS_WEIGHT, SUBSTANCE_WEIGHT, NOVELTY_WEIGHT, LOCAL_WEIGHT = 0.35, 0.25, 0.15, 0.15, 0.10
MAX_STORIES = 12
"""More than that is no glance any more."""
A_SECTION = 4
"""Stories of one theme; a day of one matter still leaves room for the others."""
FIGURES = 4


def build(
    issue: Issue,
    articles: Sequence[Article],
    *,
    stories: int = MAX_STORIES,
    earlier: Sequence[Digest] = (),
    themes: Sequence[Theme] | None = None,
) -> Digest:
    """The digest of `issue`, whose `articles` come in page order.

    `earlier` are digests of issues before it; the last LOOK_BACK of them count. `themes` are the operator's themes.
    """
    told = telling.issue_candidates(articles, themes)
    return build_from_candidates(issue, told, stories=stories, earlier=earlier, themes=themes)


def build_from_candidates(
    issue: Issue,
    told: Sequence[Candidate],
    *,
    stories: int = MAX_STORIES,
    earlier: Sequence[Digest] = (),
    themes: Sequence[Theme] | None = None,
) -> Digest:
    """The same from what `told.of_issue` found with the same `themes` of themes."""
    past = History(earlier)
    fresh = [one for one in told if not past.has(one.trace.sketch)]
    listed = keywords.issue_keywords([one.gives for one in fresh], usual=past.share)
    ranked = sorted((_story(one, listed, past) for one in fresh), key=lambda story: (-story.score, story.article))
    chosen = _in_sections(ranked, stories)
    by_article = {one.trace.article: one for one in fresh}
    return Digest(
        day=issue.day,
        paper=issue.paper,
        pages=issue.pages,
        articles=issue.articles,
        notices=issue.notices,
        quality=issue.quality,
        keywords=tuple(replace(keyword, trend=past.trend(keyword)) for keyword in listed),
        stories=chosen,
        fingerprint=fingerprint(
            issue, [digest.fingerprint for digest in past.digests], method_fingerprint(stories, themes)
        ),
        figures=tuple(_figures([by_article[story.article] for story in chosen])),
        repeated=len(told) - len(fresh),
        traces=tuple(trace for one in told for trace in (one.trace, *one.copies)),
    )


def fingerprint(issue: Issue, earlier: Iterable[str], method: str) -> str:
    """What the digest of `issue` is made from and how; equal where building again would give the same.

    `earlier` are the fingerprints of the last LOOK_BACK digests before it, the newest first: what changes one of them
    changes all that come after it.
    """
    return _hashed(f"{issue.fingerprint}/{'/'.join(earlier)}/{method}")


def method_fingerprint(stories: int = MAX_STORIES, themes: Sequence[Theme] | None = None) -> str:
    """How digests are built: the program's method, how many stories they tell at most, and the themes."""
    return _hashed(f"{METHOD}/{stories}/{builtin_themes() if themes is None else tuple(themes)!r}")


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _story(told: Candidate, issue_keywords: Sequence[Keyword], past: History) -> Story:
    parts = (
        ("prominence", round(PROMINENCE_WEIGHT * told.prominence, 4)),
        ("keywords", round(KEYWORDS_WEIGHT * _share(told.front, issue_keywords), 4)),
        ("substance", round(SUBSTANCE_WEIGHT * told.substance, 4)),
        ("novelty", round(NOVELTY_WEIGHT * (1 - past.likeness(told.trace.keywords)), 4)),
        ("local", round(LOCAL_WEIGHT * told.local, 4)),
    )
    return Story(
        article=told.trace.article,
        headline=told.trace.headline,
        page=told.page,
        quote=told.quote,
        score=round(sum(value for _, value in parts), 4),
        parts=parts,
        theme=told.theme,
        copies=tuple(copy.article for copy in told.copies),
        follows=past.begun(told.trace.keywords),
    )


def _share(said: str, issue_keywords: Sequence[Keyword]) -> float:
    total = sum(keyword.weight for keyword in issue_keywords)
    held = sum(keyword.weight for keyword in issue_keywords if keyword.text in said)
    return held / total if total else 0.0


def _in_sections(ranked: Sequence[Story], most: int) -> tuple[Story, ...]:
    """The best stories, at most A_SECTION of a theme, theme by theme in the order of their best."""
    sections: dict[str, list[Story]] = {}
    room = most
    for story in ranked:
        section = sections.setdefault(story.theme, [])
        if room and len(section) < A_SECTION:
            section.append(story)
            room -= 1
    return tuple(story for section in sections.values() for story in section)


def _figures(told: Sequence[Candidate]) -> Iterator[Figure]:
    """One figure each of the first stories that give any, none twice."""
    seen: set[str] = set()
    for one in told:
        if one.figure and one.figure.text not in seen and len(seen) < FIGURES:
            seen.add(one.figure.text)
            yield one.figure

"""The digest of an issue: the selected stories in order, with keywords and figures. Pure functions.

A story's score is

    score = 0.35 * prominence + 0.25 * keywords + 0.15 * substance + 0.15 * novelty + 0.10 * local

prominence   1 / sqrt(position on the page), times 0.6 on inner pages: editors place important stories first
keywords     share of the issue's keyword weight in the story's headings and lead: favours the day's main topics
substance    characters of the body / 600, at most 1: favours reports over briefs
novelty      1 - the largest keyword overlap with an article of the last seven issues, of at most three weeks ago
local        1 if headings or lead name the paper's own place, 1/2 if only the rest of the body does, otherwise 0

Each of the five values is between 0 and 1. Notices, countdowns and captions are counted but not ranked. An article that
repeats an article of the last seven issues is omitted. Articles of the issue that repeat each other become one story.
The same articles and earlier digests always give the same digest.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from digests.analysis import keywords
from digests.analysis.themes import Theme, builtin_themes
from digests.digest.candidates import Candidate, issue_candidates
from digests.digest.history import EarlierIssue, History
from digests.models import Article, Digest, Figure, Issue, Keyword, PastDigest, ScoreParts, Story

METHOD_VERSION = "7"
"""Change it when a change to the code may give different digests; all digests are then built again."""

PROMINENCE_WEIGHT, KEYWORDS_WEIGHT, SUBSTANCE_WEIGHT, NOVELTY_WEIGHT, LOCAL_WEIGHT = 0.35, 0.25, 0.15, 0.15, 0.10

MAX_STORIES = 12
MAX_STORIES_PER_SECTION = 4
"""Maximum stories of one theme, so that other themes are included even if one topic fills the issue."""
MAX_FIGURES = 4


def build(
    issue: Issue,
    articles: Sequence[Article],
    *,
    stories: int = MAX_STORIES,
    earlier: Sequence[Digest | PastDigest] = (),
    themes: Sequence[Theme] | None = None,
) -> Digest:
    """Return the digest of `issue` with at most `stories` stories; `articles` must be in page order.

    `earlier` are digests of earlier issues; only the newest HISTORY_ISSUES are used. `themes` are the themes of the
    operator; None means the built-in themes.
    """
    candidates = issue_candidates(articles, themes)
    return build_from_candidates(issue, candidates, stories=stories, earlier=earlier, themes=themes)


def build_from_candidates(
    issue: Issue,
    candidates: Sequence[Candidate],
    *,
    stories: int = MAX_STORIES,
    earlier: Sequence[Digest | PastDigest | EarlierIssue] = (),
    themes: Sequence[Theme] | None = None,
) -> Digest:
    """Return the same digest as `build`, from the result of `issue_candidates` with the same `themes`."""
    history = History(earlier)
    recent = history.recent(issue.day)
    fresh = [candidate for candidate in candidates if not history.is_repeated(candidate.trace.sketch)]
    contributions = [candidate.keyword_weights for candidate in fresh]
    listed = keywords.issue_keywords(contributions, recent_share=recent.listed_share)
    ranked = sorted(
        (_story(candidate, listed, history, recent) for candidate in fresh),
        key=lambda story: (-story.score, story.article),
    )
    chosen = _in_sections(ranked, stories)
    by_article = {candidate.trace.article: candidate for candidate in fresh}
    fingerprints = [digest.fingerprint for digest in history.issues]
    return Digest(
        day=issue.day,
        paper=issue.paper,
        pages=issue.pages,
        articles=issue.articles,
        notices=issue.notices,
        quality=issue.quality,
        keywords=recent.with_trends(listed),
        stories=chosen,
        fingerprint=fingerprint(issue, fingerprints, method_fingerprint(stories, themes)),
        figures=tuple(_figures([by_article[story.article] for story in chosen])),
        repeated=len(candidates) - len(fresh),
        traces=tuple(trace for candidate in candidates for trace in (candidate.trace, *candidate.copies)),
    )


def fingerprint(issue: Issue, earlier: Iterable[str], method: str) -> str:
    """Return a hash of everything that the digest of `issue` depends on; the same hash means the same digest.

    `earlier` are the fingerprints of the HISTORY_ISSUES digests before it, the newest first. A change in one digest
    therefore changes the fingerprints of all later ones. `method` is the result of `method_fingerprint`.
    """
    return _hashed(f"{issue.fingerprint}/{'/'.join(earlier)}/{method}")


def method_fingerprint(stories: int = MAX_STORIES, themes: Sequence[Theme] | None = None) -> str:
    """Return a hash of METHOD_VERSION and the settings of digests: the maximum number of stories, and the themes."""
    return _method_fingerprint(METHOD_VERSION, stories, builtin_themes() if themes is None else tuple(themes))


@lru_cache(maxsize=4)
def _method_fingerprint(version: str, stories: int, themes: tuple[Theme, ...]) -> str:
    return _hashed(f"{version}/{stories}/{themes!r}")


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _story(candidate: Candidate, issue_keywords: Sequence[Keyword], history: History, recent: History) -> Story:
    """Return the story of a candidate with its score and the terms of the score.

    It is new unless one of the `recent` issues has told it.
    """
    parts = ScoreParts(
        prominence=round(PROMINENCE_WEIGHT * candidate.prominence, 4),
        keywords=round(KEYWORDS_WEIGHT * _keyword_share(candidate.opening, issue_keywords), 4),
        substance=round(SUBSTANCE_WEIGHT * candidate.substance, 4),
        novelty=round(NOVELTY_WEIGHT * (1 - recent.overlap(candidate.trace.keywords)), 4),
        local=round(LOCAL_WEIGHT * candidate.local, 4),
    )
    return Story(
        article=candidate.trace.article,
        headline=candidate.trace.headline,
        page=candidate.page,
        quote=candidate.quote,
        score=round(sum(parts), 4),
        parts=parts,
        theme=candidate.theme,
        copies=tuple(copy.article for copy in candidate.copies),
        follows=history.followed_article(candidate.trace.keywords),
    )


def _keyword_share(opening: str, issue_keywords: Sequence[Keyword]) -> float:
    """Return the share of the keywords' total weight that belongs to keywords in `opening`."""
    total = sum(keyword.weight for keyword in issue_keywords)
    contained = sum(keyword.weight for keyword in issue_keywords if keyword.text in opening)
    return contained / total if total else 0.0


def _in_sections(ranked: Sequence[Story], limit: int) -> tuple[Story, ...]:
    """Return the best `limit` stories, at most MAX_STORIES_PER_SECTION of a theme, grouped by theme."""
    sections: dict[str, list[Story]] = {}
    room = limit
    for story in ranked:
        section = sections.setdefault(story.theme, [])
        if room and len(section) < MAX_STORIES_PER_SECTION:
            section.append(story)
            room -= 1
    return tuple(story for section in sections.values() for story in section)


def _figures(candidates: Sequence[Candidate]) -> Iterator[Figure]:
    """Yield the figures of the stories in order, without duplicates and at most MAX_FIGURES."""
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.figure and candidate.figure.text not in seen and len(seen) < MAX_FIGURES:
            seen.add(candidate.figure.text)
            yield candidate.figure

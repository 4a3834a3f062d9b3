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
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digests import figures, keywords, similar, summary, themes
from digests import wording as wordings
from digests.background import YOUNG, Background
from digests.keywords import Weighing
from digests.models import Article, Digest, Figure, Issue, Keyword, Link, Story, Trace, Trend
from digests.themes import Theme

METHOD = "2"
"""Changes whenever a digest may come out differently; all are then built anew."""

PROMINENCE, KEYWORDS, SUBSTANCE, NOVELTY, LOCAL = 0.35, 0.25, 0.15, 0.15, 0.10
INNER_PAGE = 0.6
FULL_LENGTH = 600
STORIES = 12
"""More than that is no glance any more."""
A_SECTION = 4
"""Stories of one theme; a day of one matter still leaves room for the others."""
FIGURES = 4
LOOK_BACK = 7
"""Earlier issues that novelty, trends and links look at: a week of a daily paper."""
RISEN, FALLEN = 1.5, 0.67
"""A keyword's weight against its mean in the earlier issues that had it, from which on it is up or down."""

UNRANKED = ("notice", "countdown", "photo_caption")

_PAPER = re.compile(r"(?:日报|晚报|早报|晨报|时报|都市报|商报|快报|报)$")


@dataclass(frozen=True, slots=True)
class _Told:
    """An article with all that the digest looks at, each found once."""

    article: Article
    place: int
    """Among the stories of its page, from 1."""
    weighing: Weighing
    keywords: tuple[str, ...]
    runs: frozenset[str]
    sketch: tuple[int, ...]
    copies: tuple[str, ...] = ()


def build(
    issue: Issue,
    articles: Sequence[Article],
    *,
    stories: int = STORIES,
    earlier: Sequence[Digest] = (),
    choice: Sequence[Theme] | None = None,
    background: Background = YOUNG,
) -> Digest:
    """The digest of `issue`, whose `articles` come in page order.

    `earlier` are digests of issues before it; the last LOOK_BACK of them count. `choice` are the operator's themes.
    """
    before = sorted(earlier, key=lambda digest: digest.day, reverse=True)[:LOOK_BACK]
    told = [_told(article, place, background) for article, place in _placed(articles)]
    fresh = [one for one in told if not any(similar.same_sketch(one.sketch, trace.sketch) for trace in _traces(before))]
    single = _merged(fresh)
    listed = keywords.of_issue(
        [one.article for one in single], weighings={one.article.id: one.weighing for one in single}
    )
    ranked = sorted(
        (_story(one, listed, before, choice) for one in single), key=lambda story: (-story.score, story.article)
    )
    chosen = _in_sections(ranked, stories)
    by_id = {one.article.id: one.article for one in single}
    return Digest(
        day=issue.day,
        paper=issue.paper,
        pages=issue.pages,
        articles=issue.articles,
        notices=issue.notices,
        quality=issue.quality,
        keywords=tuple(replace(keyword, trend=_trend(keyword, before)) for keyword in listed),
        stories=chosen,
        fingerprint=fingerprint(
            issue,
            stories=stories,
            earlier=[digest.fingerprint for digest in before],
            choice=choice,
            background=background,
        ),
        figures=tuple(_figures([by_id[story.article] for story in chosen])),
        repeated=len(told) - len(fresh),
        traces=tuple(Trace(one.article.id, one.article.title, one.keywords, one.sketch) for one in told),
    )


def fingerprint(
    issue: Issue,
    *,
    stories: int = STORIES,
    earlier: Sequence[str] = (),
    choice: Sequence[Theme] | None = None,
    background: Background = YOUNG,
) -> str:
    """What the digest of `issue` is made from and how; equal where building again would give the same.

    `earlier` are the fingerprints of the last LOOK_BACK digests before it, the newest first: what changes one of them
    changes all that come after it.
    """
    made_by = repr(themes.default() if choice is None else tuple(choice)) + background.fingerprint
    made_from = f"{METHOD}/{stories}/{issue.fingerprint}/{'/'.join(earlier)}/{made_by}"
    return hashlib.blake2b(made_from.encode(), digest_size=8).hexdigest()


def _placed(articles: Sequence[Article]) -> Iterator[tuple[Article, int]]:
    """Each article that can be told with its place among the stories of its page, from 1."""
    seen: dict[int | None, int] = {}
    for article in articles:
        if article.kind not in UNRANKED:
            seen[article.page] = seen.get(article.page, 0) + 1
            yield article, seen[article.page]


def _told(article: Article, place: int, background: Background) -> _Told:
    wording = wordings.of(article)
    weighing = keywords.weigh(article, wording=wording, background=background)
    listed = keywords.of_article(article, weighing=weighing)
    runs = similar.runs(wording)
    return _Told(article, place, weighing, tuple(keyword.text for keyword in listed), runs, similar.sketch(runs))


def _traces(digests: Sequence[Digest]) -> Iterator[Trace]:
    for digest in digests:
        yield from digest.traces


def _merged(told: Sequence[_Told]) -> list[_Told]:
    """The articles without their copies: of those that say the same the longest stays and counts the others."""
    kept: list[_Told] = []
    keepers: dict[str, list[int]] = defaultdict(list)  # the kept articles that have a run of words
    for one in sorted(told, key=lambda one: (-len(one.article.body), one.article.id)):
        shared = Counter(at for run in one.runs for at in keepers.get(run, ()))
        first = min((at for at, runs in shared.items() if similar.same(runs, len(one.runs))), default=None)
        if first is None:
            for run in one.runs:
                keepers[run].append(len(kept))
            kept.append(one)
        else:
            # The story stands as far in front as the foremost of its copies.
            place = min(kept[first].place, one.place)
            kept[first] = replace(kept[first], place=place, copies=(*kept[first].copies, one.article.id))
    order = {one.article.id: at for at, one in enumerate(told)}
    return sorted(kept, key=lambda one: order[one.article.id])


def _story(
    told: _Told, issue_keywords: Sequence[Keyword], before: Sequence[Digest], choice: Sequence[Theme] | None
) -> Story:
    article = told.article
    parts = (
        ("prominence", round(PROMINENCE * _prominence(article, told.place), 4)),
        ("keywords", round(KEYWORDS * _share(article, issue_keywords), 4)),
        ("substance", round(SUBSTANCE * min(1.0, len(article.body) / FULL_LENGTH), 4)),
        ("novelty", round(NOVELTY * _novelty(told, before), 4)),
        ("local", round(LOCAL * _local(article), 4)),
    )
    about = themes.of_article(article, choice)
    return Story(
        article=article.id,
        headline=article.title,
        page=article.page,
        quote=summary.quote(article, _weights(told)),
        score=round(sum(value for _, value in parts), 4),
        parts=parts,
        theme=about[0].name if about else "",
        copies=told.copies,
        follows=_follows(told, before),
    )


def _prominence(article: Article, place: int) -> float:
    return (1.0 if article.page in (None, 1) else INNER_PAGE) / math.sqrt(place)


def _share(article: Article, issue_keywords: Sequence[Keyword]) -> float:
    said = _front(article)
    total = sum(keyword.weight for keyword in issue_keywords)
    held = sum(keyword.weight for keyword in issue_keywords if keyword.text in said)
    return held / total if total else 0.0


def _front(article: Article) -> str:
    """The headings and the first paragraph."""
    lead = article.paragraphs[0] if article.paragraphs else ""
    return "\n".join((article.headline or "", article.kicker, article.deck, lead))


def _novelty(told: _Told, before: Sequence[Digest]) -> float:
    return 1 - max((similar.likeness(told.keywords, trace.keywords) for trace in _traces(before)), default=0.0)


def _local(article: Article) -> float:
    own = ("我市", "本市", "全市", *filter(None, (_PAPER.sub("", article.paper),)))
    if any(name in _front(article) for name in own):
        return 1.0
    return 0.5 if any(name in article.body for name in own) else 0.0


def _weights(told: _Told) -> Mapping[str, float]:
    return {keyword.text: keyword.weight for keyword in keywords.of_article(told.article, 20, weighing=told.weighing)}


def _follows(told: _Told, before: Sequence[Digest]) -> Link | None:
    """The newest earlier article of the same story, the most alike of its issue."""
    for digest in before:
        akin = [trace for trace in digest.traces if similar.goes_on(told.keywords, trace.keywords)]
        if akin:
            nearest = max(akin, key=lambda trace: (similar.likeness(told.keywords, trace.keywords), trace.article))
            return Link(digest.day, nearest.article, nearest.headline)
    return None


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


def _trend(keyword: Keyword, before: Sequence[Digest]) -> Trend:
    """新, ↑ or ↓: not among the keywords of the earlier issues, or listed there with another weight."""
    held = [other.weight for digest in before for other in digest.keywords if other.text == keyword.text]
    if not before:
        return ""
    if not held:
        return "new"
    change = keyword.weight * len(held) / (sum(held) or 1.0)
    return "up" if change >= RISEN else "down" if change <= FALLEN else ""


def _figures(articles: Sequence[Article]) -> Iterator[Figure]:
    """One figure each of the first stories that give any, none twice."""
    seen: set[str] = set()
    for article in articles:
        figure = figures.of_article(article)
        if figure and figure.text not in seen and len(seen) < FIGURES:
            seen.add(figure.text)
            yield figure

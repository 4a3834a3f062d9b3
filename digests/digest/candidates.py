"""What a digest can tell of each article, found from its issue alone.

This is nearly all the work of a digest and needs nothing of other issues, so it is done for many issues at once.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digests.analysis import figures, keywords, near_duplicates, summary
from digests.analysis.keywords import Weighing
from digests.analysis.themes import Theme, article_themes
from digests.language import words as wordings
from digests.models import Article, Figure, Trace
from digests.segment.quality import POOR_QUALITY, is_legible

UNRANKED_KINDS = ("notice", "countdown", "photo_caption")

INNER_PAGE = 0.6
FULL_LENGTH = 600

_PAPER = re.compile(r"(?:日报|晚报|早报|晨报|时报|都市报|商报|快报|报)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of an issue with all that its digest looks at; the parts of its score lie between 0 and 1."""

    trace: Trace
    page: int | None
    place: int
    """Among the stories of its page, from 1."""
    front: str
    """Its headings and first paragraph."""
    gives: Mapping[str, float]
    """The words that it gives to the keywords of its issue, with their weights."""
    substance: float
    local: float
    theme: str
    quote: str
    figure: Figure | None
    copies: tuple[Trace, ...] = ()
    """Articles of the same issue that say the same and are not told."""

    @property
    def prominence(self) -> float:
        return (1.0 if self.page in (None, 1) else INNER_PAGE) / math.sqrt(self.place)


def issue_candidates(articles: Sequence[Article], themes: Sequence[Theme] | None = None) -> tuple[Candidate, ...]:
    """The articles of one issue, given in page order, that can be told, each once; `themes` are the themes to tell."""
    return tuple(_merged([_told(article, place, themes) for article, place in _placed(articles)]))


def _placed(articles: Sequence[Article]) -> Iterator[tuple[Article, int]]:
    """Each article that can be told with its place among the stories of its page, from 1."""
    seen: dict[int | None, int] = {}
    for article in articles:
        if article.kind not in UNRANKED_KINDS:
            seen[article.page] = seen.get(article.page, 0) + 1
            if article.quality >= POOR_QUALITY or is_legible(article.body or article.title):
                yield article, seen[article.page]


_Found = tuple[Candidate, frozenset[str], int]
"""With the runs of its words and the length of its body, by which copies are found."""


def _told(article: Article, place: int, themes: Sequence[Theme] | None) -> _Found:
    wording = wordings.cut_article(article)
    weighing = keywords.weigh_phrases(article, wording=wording)
    listed = tuple(keyword.text for keyword in keywords.article_keywords(article, weighing=weighing))
    runs = near_duplicates.runs(wording)
    about = article_themes(article, themes)
    front = _front(article)
    told = Candidate(
        trace=Trace(article.id, article.title, listed, near_duplicates.sketch(runs)),
        page=article.page,
        place=place,
        front=front,
        gives=keywords.issue_contribution(article, weighing),
        substance=min(1.0, len(article.body) / FULL_LENGTH),
        local=_local(article, front),
        theme=about[0].name if about else "",
        quote=summary.quote(article, _weights(article, weighing)),
        figure=figures.leading_figure(article),
    )
    return told, runs, len(article.body)


def _front(article: Article) -> str:
    lead = article.paragraphs[0] if article.paragraphs else ""
    return "\n".join((article.headline or "", article.kicker, article.deck, lead))


def _local(article: Article, front: str) -> float:
    own = ("我市", "本市", "全市", *filter(None, (_PAPER.sub("", article.paper),)))
    if any(name in front for name in own):
        return 1.0
    return 0.5 if any(name in article.body for name in own) else 0.0


def _weights(article: Article, weighing: Weighing) -> Mapping[str, float]:
    return {keyword.text: keyword.weight for keyword in keywords.article_keywords(article, 20, weighing=weighing)}


def _merged(found: Sequence[_Found]) -> list[Candidate]:
    """The articles without their copies: of those that say the same the longest stays and holds the others."""
    kept: list[Candidate] = []
    keepers: dict[str, list[int]] = defaultdict(list)  # the kept articles that have a run of words
    for one, runs, _ in sorted(found, key=lambda item: (-item[2], item[0].trace.article)):
        shared = Counter(at for run in runs for at in keepers.get(run, ()))
        first = min((at for at, common in shared.items() if near_duplicates.same(common, len(runs))), default=None)
        if first is None:
            for run in runs:
                keepers[run].append(len(kept))
            kept.append(one)
        else:
            # The story stands as far in front as the foremost of its copies.
            place = min(kept[first].place, one.place)
            kept[first] = replace(kept[first], place=place, copies=(*kept[first].copies, one.trace))
    order = {one.trace.article: at for at, (one, _, _) in enumerate(found)}
    return sorted(kept, key=lambda one: order[one.trace.article])

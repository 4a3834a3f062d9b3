"""Candidates: the articles of an issue that its digest can choose from, with the data needed for the choice.

Preparing candidates is most of the work of a digest and does not depend on other issues. The candidates of many issues
can therefore be prepared in parallel.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digests.analysis import figures, keywords, near_duplicates, summary
from digests.analysis.story_lines import story_line
from digests.analysis.themes import Theme, article_themes
from digests.models import Article, Figure, Trace
from digests.segment.quality import POOR_QUALITY, is_legible

UNRANKED_KINDS = ("notice", "countdown", "photo_caption")

INNER_PAGE_FACTOR = 0.6
FULL_LENGTH_CHARS = 600
"""Length of the body at which `substance` reaches 1."""
BODY_LOCAL = 0.5
"""Value of `local` for an article that names the paper's own place only in its body."""
TRACE_KEYWORDS = 8
"""Number of keywords in the trace of an article."""
QUOTE_KEYWORDS = 20
"""Number of keywords used to choose the quoted sentence."""

_PAPER_SUFFIX = re.compile(r"(?:日报|晚报|早报|晨报|时报|都市报|商报|快报|报)$")
_OWN_CITY = ("我市", "本市", "全市")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of an issue with the data that the digest needs.

    `prominence`, `substance` and `local`, which are used for its score, are between 0 and 1.
    """

    trace: Trace
    page: int | None
    place: int
    """Position among the stories of its page, from 1."""
    opening: str
    """Headings and first paragraph."""
    keyword_weights: Mapping[str, float]
    """Phrases that it contributes to the keywords of its issue, with their weights (`keywords.issue_contribution`)."""
    substance: float
    local: float
    theme: str
    quote: str
    figure: Figure | None
    chars: int
    """Length of the body."""
    copies: tuple[Trace, ...] = ()
    """Near-duplicates in the same issue, which were merged into this candidate."""

    @property
    def prominence(self) -> float:
        return (1.0 if self.page in (None, 1) else INNER_PAGE_FACTOR) / math.sqrt(self.place)


def issue_candidates(articles: Sequence[Article], themes: Sequence[Theme] | None = None) -> tuple[Candidate, ...]:
    """Return the candidates of an issue; near-duplicates are merged into one candidate.

    `articles` must be in page order. `themes` are the themes of the operator; None means the built-in themes.
    """
    return tuple(_without_copies([_candidate(article, place, themes) for article, place in _ranked_articles(articles)]))


def _ranked_articles(articles: Sequence[Article]) -> Iterator[tuple[Article, int]]:
    """Yield each legible article of a ranked kind with its position among the stories of its page, from 1."""
    stories: dict[int | None, int] = defaultdict(int)
    for article in articles:
        if article.kind not in UNRANKED_KINDS:
            stories[article.page] += 1
            if article.quality >= POOR_QUALITY or is_legible(article.body or article.title):
                yield article, stories[article.page]


def _candidate(article: Article, place: int, themes: Sequence[Theme] | None) -> Candidate:
    phrases = keywords.weigh_phrases(article)
    chosen = keywords.article_keywords(article, QUOTE_KEYWORDS, phrases=phrases)
    listed = tuple(keyword.text for keyword in chosen[:TRACE_KEYWORDS])
    found_themes = article_themes(article, themes)
    opening = _opening(article)
    return Candidate(
        trace=Trace(article.id, story_line(article).text, listed, near_duplicates.sketch(article)),
        page=article.page,
        place=place,
        opening=opening,
        keyword_weights=keywords.issue_contribution(article, phrases),
        substance=min(1.0, len(article.body) / FULL_LENGTH_CHARS),
        local=_local(article, opening),
        theme=found_themes[0].name if found_themes else "",
        quote=summary.quote(article, {keyword.text: keyword.weight for keyword in chosen}),
        figure=figures.leading_figure(article),
        chars=len(article.body),
    )


def _opening(article: Article) -> str:
    """Return the headings and the first paragraph."""
    lead = article.paragraphs[0] if article.paragraphs else ""
    return "\n".join((article.headline or "", article.kicker, article.deck, lead))


def _local(article: Article, opening: str) -> float:
    """Return 1 if `opening` names the paper's own place, BODY_LOCAL if only the body does, otherwise 0."""
    own_places = (*_OWN_CITY, *filter(None, (_PAPER_SUFFIX.sub("", article.paper),)))
    if any(name in opening for name in own_places):
        return 1.0
    return BODY_LOCAL if any(name in article.body for name in own_places) else 0.0


def _without_copies(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in page order. Near-duplicates are merged into the longest, which lists them as copies."""
    kept: list[Candidate] = []
    by_hash: dict[int, list[int]] = defaultdict(list)  # positions in `kept`
    for candidate in sorted(candidates, key=lambda candidate: (-candidate.chars, candidate.trace.article)):
        sketch = candidate.trace.sketch
        similar = sorted({at for value in sketch for at in by_hash[value]})
        original = next((at for at in similar if near_duplicates.repeats(sketch, kept[at].trace.sketch)), None)
        if original is None:
            for value in sketch:
                by_hash[value].append(len(kept))
            kept.append(candidate)
        else:
            # The merged candidate gets the better of the two positions.
            place = min(kept[original].place, candidate.place)
            copies = (*kept[original].copies, candidate.trace)
            kept[original] = replace(kept[original], place=place, copies=copies)
    page_order = {candidate.trace.article: at for at, candidate in enumerate(candidates)}
    return sorted(kept, key=lambda candidate: page_order[candidate.trace.article])

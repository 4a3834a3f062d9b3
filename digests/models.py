"""Frozen dataclasses that the parts of Jianbao exchange: pages, articles, issues, digests, search results."""

import datetime as dt
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

LineRange = tuple[int, int]
"""First and last line of a range, counted from 1, both included."""

Span = tuple[int, int]
"""Start and end offset in a string, the end excluded."""

ArticleKind = Literal[
    "news",
    "brief",
    "feature",
    "roundup",
    "commentary",
    "interview",
    "letter",
    "literature",
    "photo_caption",
    "notice",
    "countdown",
]
"""digests/README.md describes them."""
DateSource = Literal["archive.toml", "file name", "text", "neighbour", "none"]
Trend = Literal["new", "up", "down", ""]

MAX_PAGE = 9999
"""Highest page number of an issue."""

MAX_TITLE_CHARS = 24
"""Maximum length of a title that is made from the text of an article without a headline."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an issue, as read from its file, before segmentation."""

    file: str
    """Path below the archive folder with forward slashes, or the bare name of a single file."""
    text: str
    paper: str = ""
    date: dt.date | None = None
    date_source: DateSource = "none"
    number: int | None = None
    date_in_text: str = ""
    """The date inferred from the text: 2022-08-12, or XXXX-08-12 if the year is unknown (ISO 8601-2)."""
    date_confidence: float = 1.0
    """From 0 (a guess) to 1 (printed on the page, or given by the operator)."""
    has_usual_paper: bool = False
    """True if `paper` is that of all pages of the archive; the name in a running head is more certain."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """A name in a byline or a photo credit, without letter-spacing (梁 涛 -> 梁涛)."""

    name: str
    role: str = ""
    """As printed (记者, 通讯员, 摄, 制图); "" if a name stands alone."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news story, caption or notice of an issue.

    `id` (k7f3m-9wq2d) is computed from the text alone, so it stays the same if the page number or the date is
    corrected; a ready article may have an id of its own.
    """

    id: str
    headline: str | None
    paragraphs: tuple[str, ...]
    paper: str = ""
    date: dt.date | None = None
    page: int | None = None
    file: str | None = None
    """The page file; None for a ready article."""
    n: int | None = None
    """The article's number on its page, from 1; None for a ready article."""
    kicker: str = ""
    deck: str = ""
    section: str = ""
    kind: ArticleKind = "news"
    reporters: tuple[Reporter, ...] = ()
    dateline_place: str = ""
    dateline_day: str = ""
    """Place and day of the dateline as printed: 北京 and 8月28日."""
    subheads: tuple[str, ...] = ()
    """The `paragraphs` that are headings inside the body."""
    lines: tuple[LineRange, ...] = ()
    continued_on_page: int | None = None
    continued_from_page: int | None = None
    quality: float = 1.0

    @property
    def title(self) -> str:
        """The headline; without a headline, the beginning of the kicker, the first paragraph or the section label."""
        if self.headline:
            return self.headline
        text = self.kicker or (self.paragraphs[0] if self.paragraphs else self.section)
        return text if len(text) <= MAX_TITLE_CHARS else text[: MAX_TITLE_CHARS - 1] + "…"

    @property
    def byline(self) -> tuple[str, ...]:
        """The names of the reporters."""
        return tuple(reporter.name for reporter in self.reporters)

    @property
    def body(self) -> str:
        """The paragraphs, one per line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A segmented page: each of its non-empty lines belongs to one article or to the furniture (running head, foot)."""

    page: Page
    articles: tuple[Article, ...]
    furniture: tuple[LineRange, ...] = ()
    quality: float = 1.0
    """From 0 (noise) to 1 (clean)."""
    structure: float = 1.0
    """How sure the division into articles is: its expected F1, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A summary of the articles of one day, in the whole archive or in one of its files."""

    day: dt.date
    paper: str
    pages: tuple[int, ...]
    articles: int
    notices: int
    quality: float
    fingerprint: str
    """Changes whenever an article of the issue changes."""


@dataclass(frozen=True, slots=True)
class Keyword:
    text: str
    weight: float
    trend: Trend = ""
    """Change compared with earlier issues; "" if the change is small or there are no earlier issues."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A summary of an article, stored to find its copies and follow-ups in later issues."""

    article: str
    headline: str
    keywords: tuple[str, ...]
    sketch: tuple[int, ...]
    """The smallest hashes of the article's shingles; near-duplicates have most of these hashes in common."""


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """A reference to an article of an earlier issue."""

    day: dt.date
    article: str
    headline: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in an article, such as 90亿元."""

    text: str
    quote: str
    """The sentence that contains the figure, word for word."""
    article: str


class ScoreParts(NamedTuple):
    """The terms of the ranking formula of digests; their sum is the score."""

    prominence: float = 0.0
    keywords: float = 0.0
    substance: float = 0.0
    novelty: float = 0.0
    local: float = 0.0


@dataclass(frozen=True, slots=True)
class Story:
    """An article in a digest."""

    article: str
    headline: str
    page: int | None
    quote: str
    """A sentence of the body, word for word; empty if the body has none."""
    score: float
    parts: ScoreParts
    theme: str = ""
    copies: tuple[str, ...] = ()
    """Ids of near-duplicates in the same issue."""
    follows: ArticleRef | None = None
    """The newest article of an earlier issue that this story continues."""


@dataclass(frozen=True, slots=True)
class Digest:
    day: dt.date
    paper: str
    pages: tuple[int, ...]
    articles: int
    notices: int
    quality: float
    keywords: tuple[Keyword, ...]
    stories: tuple[Story, ...]
    fingerprint: str
    """Changes whenever the issue or the method that builds digests changes."""
    figures: tuple[Figure, ...] = ()
    repeated: int = 0
    """Number of articles that were left out because they repeat an article of an earlier issue."""
    traces: tuple[Trace, ...] = ()
    """Traces of all articles of the issue that were candidates for stories."""

    @property
    def sections(self) -> tuple[tuple[str, tuple[Story, ...]], ...]:
        """The stories grouped by theme, in the order of `stories`."""
        return tuple((theme, tuple(stories)) for theme, stories in groupby(self.stories, key=lambda story: story.theme))


@dataclass(frozen=True, slots=True)
class PastDigest:
    """What trends and later digests need of a digest, read without its stories."""

    day: dt.date
    fingerprint: str
    keywords: tuple[Keyword, ...]
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """Whole sentences of an article, with the spans of the matched terms."""

    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    article: Article
    score: float
    snippet: Snippet
    look_alike: bool = False
    """True if the article contains a misread form (近形) of a term of the query instead of the term itself."""
    partial: bool = False
    """True if the article contains only some of the terms of the query."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that a search can be narrowed to, such as a month, a theme or a name."""

    value: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of the hits of a query."""

    query: str
    total: int
    """Number of matching articles; partial hits are not counted."""
    offset: int
    hits: tuple[Hit, ...]
    narrowable: bool = False
    """True if every hit contains all terms, so that a further term narrows the result."""
    partial_only: bool = False
    """True if none of the hits that rank highest contains all terms of the query."""
    suggestions: tuple[str, ...] = ()
    """Queries with hits, if this query has none."""
    wider_queries: tuple[str, ...] = ()
    """Queries with more hits, if this query has few."""


MatchRule = Literal["exact", "word", "inside", "alike", "label"]
"""How a term matched: as printed (a phrase in quotation marks), as a word, inside a longer word, as a misread form
(近形), or as a label of the article (its day, page, theme ...)."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The themes of an article and the names found in it."""

    themes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article matched: the term, the field it was found in, and the sentence around it."""

    term: str
    where: Literal["headline", "kicker", "deck", "section", "byline", "body"]
    snippet: Snippet
    rule: MatchRule = "word"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The record of an archive file in the index."""

    name: str
    """Path below the archive folder, or the absolute path of a file elsewhere."""
    fingerprint: str
    """Hash of the file's size and time of change, its note in archive.toml and the version of the reading method."""
    days: tuple[Issue, ...]
    """One summary for each day in the file; it covers only the articles in this file."""
    undated: int
    """Number of articles without a known day; searches find them, but no digest contains them."""
    problems: tuple[str, ...] = ()
    """What could not be read of the file, in this state; it is tried again when the fingerprint changes."""
    structure: float = 1.0
    """How sure the division of a page into articles is, from 0 to 1; 1.0 for ready articles."""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that has not been matched against the subscriptions yet."""

    id: str
    day: date | None = None
    late: bool = False
    """True if the article is new or changed because its page was read again (补报)."""
    former: Article | None = None
    """The article before its text changed; None for a new article."""

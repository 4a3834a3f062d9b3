"""The frozen values that pass between the parts.

An article's id is made of its text alone (ten letters and digits without look-alikes, in two groups, such as
`k7f3m-9wq2d`), so that it survives a moved page, a corrected date and a better reading, and can be read aloud.

What a taking in brings that subscriptions have not seen yet.
"""

import datetime as dt
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

LineRange = tuple[int, int]
"""First and last line of a stretch, counted from 1, both included."""

Span = tuple[int, int]
"""A stretch of a string as start and end offsets, the end not included."""

ArticleKind = Literal["news", "brief", "feature", "roundup", "photo_caption", "notice", "countdown"]
DateSource = Literal["archive.toml", "file name", "text", "neighbour", "none"]
Trend = Literal["new", "up", "down", ""]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an issue as it was given, before it is taken apart."""

    file: str
    """Path below the archive folder with forward slashes, or the bare name of a single file."""
    text: str
    paper: str = ""
    date: dt.date | None = None
    date_source: DateSource = "none"
    number: int | None = None
    date_in_text: str = ""
    """The day as far as the text tells it: 2022-08-12, or XXXX-08-12 where it does not tell the year (ISO 8601-2)."""
    date_confidence: float = 1.0
    """How sure the day is, from 0 (a guess) to 1 (given or printed)."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody named as the maker of a story; letter-spaced names are closed up (梁 涛 -> 梁涛)."""

    name: str
    role: str = "记者"


@dataclass(frozen=True, slots=True)
class Article:
    """One story, caption or notice of an issue."""

    id: str
    headline: str | None
    paragraphs: tuple[str, ...]
    paper: str = ""
    date: dt.date | None = None
    page: int | None = None
    file: str | None = None
    """The page file it stands in; None for a ready article."""
    n: int | None = None
    """Its number on that page, from 1; None for a ready article."""
    kicker: str = ""
    deck: str = ""
    section: str = ""
    kind: ArticleKind = "news"
    reporters: tuple[Reporter, ...] = ()
    dateline_place: str = ""
    dateline_day: str = ""
    """Where and when the story was filed, as printed at its beginning: 北京 and 8月28日."""
    subheads: tuple[str, ...] = ()
    """Those of `paragraphs` that are headings inside the body."""
    lines: tuple[LineRange, ...] = ()
    continued_on_page: int | None = None
    continued_from_page: int | None = None
    quality: float = 1.0

    @property
    def title(self) -> str:
        """The headline, or for a story without one the beginning of what it says; never empty."""
        if self.headline:
            return self.headline
        text = self.kicker or (self.paragraphs[0] if self.paragraphs else self.section)
        return text if len(text) <= 24 else text[:23] + "…"

    @property
    def byline(self) -> tuple[str, ...]:
        return tuple(reporter.name for reporter in self.reporters)

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page taken apart: each of its non-empty lines belongs to one article or to the furniture."""

    page: Page
    articles: tuple[Article, ...]
    furniture: tuple[LineRange, ...] = ()
    quality: float = 1.0
    """From 0 (noise) to 1 (clean)."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What the archive, or one file of it, holds of one day."""

    day: dt.date
    paper: str
    pages: tuple[int, ...]
    articles: int
    notices: int
    quality: float
    fingerprint: str
    """Changes whenever anything of the issue's articles changes."""


@dataclass(frozen=True, slots=True)
class Keyword:
    text: str
    weight: float
    trend: Trend = ""
    """Against the issues before: new, up or down; "" where it stays or there are none."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of an article, to know it again in later issues."""

    article: str
    headline: str
    keywords: tuple[str, ...]
    sketch: tuple[int, ...]
    """The smallest hashes of its text; texts that share most of them are the same."""


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article of an earlier issue."""

    day: dt.date
    article: str
    headline: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an article gives, such as 90亿元."""

    text: str
    quote: str
    """The sentence it stands in, word for word."""
    article: str


@dataclass(frozen=True, slots=True)
class Story:
    """One article as the digest tells it."""

    article: str
    headline: str
    page: int | None
    quote: str
    """A sentence of the body, word for word; empty where the body has none."""
    score: float
    parts: tuple[tuple[str, float], ...]
    """The terms of the ranking formula, which add up to `score`."""
    theme: str = ""
    """What it is about; "" where that does not show."""
    copies: tuple[str, ...] = ()
    """Other articles of the issue that say the same."""
    follows: ArticleRef | None = None
    """The newest article of an earlier issue whose story this one continues."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What an issue said, in one glance."""

    day: dt.date
    paper: str
    pages: tuple[int, ...]
    articles: int
    notices: int
    quality: float
    keywords: tuple[Keyword, ...]
    stories: tuple[Story, ...]
    fingerprint: str
    """Of the issue and of the method that made this digest from it."""
    figures: tuple[Figure, ...] = ()
    repeated: int = 0
    """Articles that were left out because an earlier issue had them word for word."""
    traces: tuple[Trace, ...] = ()
    """Of all stories of the issue, told or not."""

    @property
    def sections(self) -> tuple[tuple[str, tuple[Story, ...]], ...]:
        """The stories by their themes, in the order in which `stories` holds them."""
        return tuple((theme, tuple(told)) for theme, told in groupby(self.stories, key=lambda story: story.theme))


@dataclass(frozen=True, slots=True)
class Snippet:
    """Whole sentences of an article with the found words marked."""

    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    article: Article
    score: float
    snippet: Snippet
    look_alike: bool = False
    """True where the article holds a form that looks like the word, not the word itself (近形)."""
    partial: bool = False
    """True where the article holds only some of the words asked for."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """What a search can be narrowed to."""

    value: str
    """A month, a theme, a name."""
    count: int
    """Articles that have it, of those that match."""
    query: str
    """What asks for these."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    query: str
    total: int
    """Of the articles that match; the partial ones among the hits do not count."""
    offset: int
    hits: tuple[Hit, ...]
    narrowable: bool = False
    """True where the hits hold all that was asked, so that one word more asks for less of the same."""
    partial_only: bool = False
    """True where none of the best hits holds all the words, only some of them."""
    suggestions: tuple[str, ...] = ()
    """Queries that would find something, where this one finds nothing as it stands."""
    wider_queries: tuple[str, ...] = ()
    """Queries with more hits, offered where this query has few."""


MatchRule = Literal["exact", "word", "inside", "alike", "label"]
"""How a term was found: as printed (in quotation marks), as a word, inside a longer word, misread as a form that looks
like it (近形), or as one of the article's labels (its day, page, theme ...)."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of an article beside its text."""

    themes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article matched: the term, where it stands, and the sentence with the term marked."""

    term: str
    where: Literal["headline", "kicker", "deck", "section", "byline", "body"]
    snippet: Snippet
    rule: MatchRule = "word"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the archive as it was taken in."""

    name: str
    """Its path below the archive folder, or its absolute path where it lies elsewhere."""
    fingerprint: str
    """Of its bytes, of what archive.toml says of it, and of the method it was read with."""
    days: tuple[Issue, ...]
    """What it holds of each day: a part of that issue, or all of it."""
    undated: int
    """Articles whose day is not known; they are found by a search and stand in no digest."""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be held against the subscriptions."""

    id: str
    day: date | None = None
    """Of its issue."""
    late: bool = False
    """Whether its page was read before: a better reading revealed it (补报)."""
    former: Article | None = None
    """What was read of it before; None for one that is new."""

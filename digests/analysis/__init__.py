"""Analysis of one text: the labels by which queries find an article, and the output of `jianbao analyse`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from digests.analysis.newspaper_keywords import keywords_of
from digests.analysis.story_lines import StoryLine, story_line
from digests.analysis.summary import summarise
from digests.analysis.themes import Theme, article_themes, builtin_themes
from digests.models import Article, Keyword, Labels, Reporter
from digests.names import find_names
from digests.names.lexicons import Lexicon
from digests.names.titles import titles_in
from digests.segment.bylines import printed_credits, story_reporters

LABELS_VERSION = 2
"""Increase it when a change to the code gives articles different labels; every index is then labelled again."""

SUMMARY_CHARS = 120
"""Maximum characters of the summary."""

NAMES_BODY_CHARS = 20_000
"""Characters of the body in which `analyse` searches for names."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in an article, with the titles printed there."""

    name: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of `analyse`, which `jianbao analyse` prints."""

    line: StoryLine
    keywords: tuple[Keyword, ...]
    summary: tuple[str, ...]
    """Up to three quotations, each a literal part of the body; joined without separators, they form a readable text."""
    people: tuple[Person, ...]
    reporters: tuple[Reporter, ...]
    places: tuple[str, ...]
    organisations: tuple[str, ...]
    themes: tuple[str, ...]


def analyse(
    article: Article,
    *,
    length: int = SUMMARY_CHARS,
    known: Lexicon | None = None,
    themes: Sequence[Theme] | None = None,
) -> Analysis:
    """Return keywords, a summary of at most `length` characters, names and themes of an article.

    `known` finds names known from the archive (`KnownNames.lexicon`). `themes` are the themes of the operator; None
    means the built-in themes.
    """
    signed = reporters_of(article)
    (named,) = find_names([replace(article, reporters=signed)], max_body_chars=NAMES_BODY_CHARS, known=known)
    text = "\n".join(filter(None, (article.kicker, article.headline, article.deck, *article.paragraphs)))
    return Analysis(
        line=story_line(article),
        keywords=keywords_of(article, named),
        summary=summarise(article, length),
        people=tuple(Person(name, titles_in(text, name)) for name in named.people),
        reporters=signed,
        places=named.places,
        organisations=named.organisations,
        themes=tuple(theme.name for theme in article_themes(article, themes)),
    )


def reporters_of(article: Article) -> tuple[Reporter, ...]:
    """Return the reporters of an article, and whoever is credited in its text, each once."""
    signed = article.reporters or story_reporters(article.paragraphs)
    credited = printed_credits(article.paragraphs or (article.headline or "",))
    by_name = {reporter.name: reporter for reporter in (*credited, *signed)}
    return tuple(dict.fromkeys(by_name[reporter.name] for reporter in (*signed, *credited)))


@dataclass(frozen=True, slots=True)
class Labeller:
    """Determines the labels of articles, by which queries can filter (主题: 人物: 地点: 机构:).

    The composition root creates one labeller. Index, search, subscriptions and digests share it, so that all of them
    use the same themes.
    """

    themes: tuple[Theme, ...] = field(default_factory=builtin_themes)

    @property
    def fingerprint(self) -> str:
        """A hash that changes when the same article may get different labels."""
        return hashlib.blake2b(f"{LABELS_VERSION}/{self.themes!r}".encode(), digest_size=12).hexdigest()

    def label(self, article: Article) -> Labels:
        """Return all labels of `article`."""
        return self.label_all([article])[0]

    def label_all(self, articles: Sequence[Article]) -> list[Labels]:
        """Return all labels of each article, which takes less time than one article after the other."""
        return [
            Labels(self.theme_names(article), named.people, named.places, named.organisations)
            for article, named in zip(articles, find_names(articles), strict=True)
        ]

    def theme_names(self, article: Article) -> tuple[str, ...]:
        """Return the names of the themes of `article` (at most two), the stronger first."""
        return tuple(theme.name for theme in article_themes(article, self.themes))

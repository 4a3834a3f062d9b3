"""Analysis of one text: the labels by which queries find an article, and the output of `jianbao analyse`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from digests.analysis.keywords import article_keywords
from digests.analysis.names import NO_KNOWN_NAMES, KnownNames, find_names
from digests.analysis.story_lines import StoryLine, story_line
from digests.analysis.summary import summarise
from digests.analysis.themes import Theme, article_themes, builtin_themes
from digests.language.words import cut_article
from digests.models import Article, Keyword, Labels

LABELS_VERSION = 1
"""Increase it when a change to the code gives articles different labels; every index is then labelled again."""

SUMMARY_CHARS = 120
"""Maximum characters of the summary."""

NAMES_BODY_CHARS = 20_000
"""Characters of the body in which `analyse` searches for names."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of `analyse`, which `jianbao analyse` prints."""

    line: StoryLine
    keywords: tuple[Keyword, ...]
    summary: tuple[str, ...]
    """Up to three quotations, each a literal part of the body; joined without separators, they form a readable text."""
    people: tuple[str, ...]
    places: tuple[str, ...]
    organisations: tuple[str, ...]
    themes: tuple[str, ...]


def analyse(
    article: Article,
    *,
    length: int = SUMMARY_CHARS,
    known: KnownNames = NO_KNOWN_NAMES,
    themes: Sequence[Theme] | None = None,
) -> Analysis:
    """Return keywords, a summary of at most `length` characters, names and themes of an article.

    `known` are the names found in the archive. `themes` are the themes of the operator; None means the built-in
    themes.
    """
    named = find_names(article, article_words=cut_article(article, NAMES_BODY_CHARS), known=known)
    return Analysis(
        line=story_line(article),
        keywords=article_keywords(article),
        summary=summarise(article, length),
        people=named.people,
        places=named.places,
        organisations=named.organisations,
        themes=tuple(theme.name for theme in article_themes(article, themes)),
    )


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
        named = find_names(article)
        return Labels(self.theme_names(article), named.people, named.places, named.organisations)

    def theme_names(self, article: Article) -> tuple[str, ...]:
        """Return the names of the themes of `article` (at most two), the stronger first."""
        return tuple(theme.name for theme in article_themes(article, self.themes))

"""What one text says: the labels under which an article is found, and all that `jianbao analyse` prints."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from digests.analysis import keywords as keywords_module
from digests.analysis import names
from digests.analysis import summary as summary_module
from digests.analysis import themes as themes_module
from digests.analysis.names import NO_KNOWN_NAMES, KnownNames
from digests.analysis.themes import Theme, builtin_themes
from digests.language import words as wordings
from digests.models import Article, Keyword, Labels

LABELS_VERSION = 1
"""Increase it when a change to the code gives articles other labels: every index is then labelled anew."""

SUMMARY_CHARS = 120
"""Characters of the summary."""

READ = 20_000
"""Characters of body in which names are looked for: they stand anywhere."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one text says."""

    keywords: tuple[Keyword, ...]
    summary: tuple[str, ...]
    """Up to three quotations, each a literal part of the body; joined with nothing between they read as one."""
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
    """Keywords, summary of at most `length` characters, names and themes of an article.

    `known` are names that the archive has seen; `themes` are the operator's themes.
    """
    named = names.find_names(article, wording=wordings.cut_article(article, READ), known=known)
    return Analysis(
        keywords=keywords_module.article_keywords(article),
        summary=summary_module.summarise(article, length),
        people=named.people,
        places=named.places,
        organisations=named.organisations,
        themes=tuple(theme.name for theme in themes_module.article_themes(article, themes)),
    )


@dataclass(frozen=True, slots=True)
class Labeller:
    """Finds the labels by which a query can ask for an article (主题: 人物: 地点: 机构:).

    The composition root makes one; index, search, subscriptions and digests share it, so that all know the same themes.
    """

    themes: tuple[Theme, ...] = field(default_factory=builtin_themes)

    @property
    def fingerprint(self) -> str:
        """Changes when the same article may get other labels."""
        return hashlib.blake2b(f"{LABELS_VERSION}/{self.themes!r}".encode(), digest_size=12).hexdigest()

    def label(self, article: Article) -> Labels:
        """Return all labels of `article`."""
        named = names.find_names(article)
        return Labels(self.theme_names(article), named.people, named.places, named.organisations)

    def theme_names(self, article: Article) -> tuple[str, ...]:
        """Return the names of the one or two themes of `article`, the stronger first."""
        return tuple(theme.name for theme in themes_module.article_themes(article, self.themes))

"""All that is told of one text at once: what `jianbao analyse` answers.

What is known of an article beside its text: its themes, and the people, places and organisations it names.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from digests.analysis import keywords as keywords_module
from digests.analysis import names
from digests.analysis import summary as summary_module
from digests.analysis import themes as themes_module
from digests.analysis.names import NO_KNOWN_NAMES, KnownNames
from digests.analysis.themes import Theme
from digests.language import words as wordings
from digests.models import Article, Keyword, Labels

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


def labels_of(article: Article) -> Labels:
    """The labels by which a query can ask for `article` (主题: 人物: 地点: 机构:)."""
    named = names.find_names(article)
    return Labels(
        themes=tuple(theme.name for theme in themes_module.article_themes(article)),
        people=named.people,
        places=named.places,
        organisations=named.organisations,
    )

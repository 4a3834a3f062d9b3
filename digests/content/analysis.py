"""All that is told of one text at once: what `jianbao analyse` answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from digests import keywords, names, summary, themes
from digests.chinese import wording as wordings
from digests.models import Article, Keyword
from digests.names import NOTHING_KNOWN, Known
from digests.themes import Theme

LENGTH = 120
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
    length: int = LENGTH,
    known: Known = NOTHING_KNOWN,
    choice: Sequence[Theme] | None = None,
) -> Analysis:
    """Keywords, summary of at most `length` characters, names and themes of an article.

    `known` are names that the archive has seen; `choice` are the operator's themes.
    """
    wording = wordings.of(article)
    named = names.of_article(article, wording=wordings.of(article, READ), known=known)
    return Analysis(
        keywords=keywords.of_article(article, weighing=keywords.weigh(article, wording=wording)),
        summary=summary.of_article(article, length),
        people=named.people,
        places=named.places,
        organisations=named.organisations,
        themes=tuple(theme.name for theme in themes.of_article(article, choice)),
    )

"""What a story is about: 疫情防控, 工业经济, 城市建设 ... by the words of `themes.toml`.

A theme's score is the sum over its words found in the article: each counts more where the heading or the first
paragraph has it, and less each time it comes again. A story has the theme with the highest score, and a second where
that is nearly as high.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from digests.errors import ThemesError
from digests.models import Article

DEFAULT = Path(__file__).with_name("themes.toml")

COUNTS = {"weak": 0.25, "words": 1.0, "strong": 3.0}
"""What a word counts: of form only, of the theme, and one that hardly ever stands in a story about anything else."""

HEADING, LEAD, BODY = 4.0, 2.0, 1.0
"""What one occurrence counts by its place: headings and the first paragraph say what the story is about."""

READ = 3000
"""Characters of body that are looked at; the theme of a longer story shows before."""

SECOND = 0.6
"""Share of the first theme's score from which on a second is named."""

ENOUGH = 1.0
"""A score below this is an accident of one word; the story has no theme then."""

MOST = 2


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its words and what each of them counts."""

    name: str
    words: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """A theme of an article, with the words that speak for it, the weightiest first."""

    name: str
    score: float
    words: tuple[str, ...]


def article_themes(article: Article, themes: Sequence[Theme] | None = None) -> tuple[ThemeScore, ...]:
    """The one or two themes of an article, the stronger first; none where too little speaks for any."""
    parts = _parts(article)
    whole = "\n".join(text for text, _ in parts)
    begun = {whole[at : at + 2] for at in range(len(whole))} | set(whole)
    scored = [_scored(theme, parts, whole, begun) for theme in (builtin_themes() if themes is None else themes)]
    ranked = sorted(scored, key=lambda theme: -theme.score)  # stable: the operator's order decides among equals
    best = ranked[0].score if ranked else 0.0
    return tuple(theme for theme in ranked[:MOST] if theme.score >= max(ENOUGH, SECOND * best))


@lru_cache(maxsize=1)
def builtin_themes() -> tuple[Theme, ...]:
    """The themes that come with the program."""
    return load_themes(DEFAULT)


def load_themes(path: Path) -> tuple[Theme, ...]:
    """The themes of a file such as `themes.toml`; raises ThemesError, which lists everything that is wrong with it."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemesError(str(path), [f"cannot be read: {error.strerror}"]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThemesError(str(path), [f"is no TOML in UTF-8: {error}"]) from error
    tables = given.get("theme")
    if not isinstance(tables, list) or not tables:
        raise ThemesError(str(path), ["has no [[theme]] table; expected one for each theme"])
    problems = [f"{key} is not known; expected [[theme]] tables" for key in given if key != "theme"]
    names: set[str] = set()
    for number, table in enumerate(tables, 1):
        problems += _problems(table, f"theme {number}", names)
    if problems:
        raise ThemesError(str(path), problems)
    return tuple(_theme(table) for table in tables)


def _problems(table: Any, where: str, names: set[str]) -> list[str]:
    """What is wrong with one [[theme]] table; `names` are those of the tables before it, and of this one after."""
    if not isinstance(table, dict):
        return [f"{where} is {table!r}; expected a [[theme]] table"]
    found = [f"{where}: {key} is not known; expected name, strong, words or weak" for key in table.keys() - _KEYS]
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        found.append(f"{where}: name is {name!r}; expected what readers shall see")
    elif name in names:
        found.append(f"{where}: the name {name} is taken by a theme before it")
    else:
        names.add(name)
    found += [
        f"{where}: {key} is {table[key]!r}; expected words with spaces between them"
        for key in COUNTS
        if not isinstance(table.get(key, ""), str)
    ]
    if not found and not any(table.get(key, "").split() for key in COUNTS):
        found.append(f"{where}: {name} has no words; expected some in strong, words or weak")
    return sorted(found)


_KEYS = frozenset({"name", *COUNTS})


def _theme(table: Mapping[str, str]) -> Theme:
    weights = {word: count for key, count in COUNTS.items() for word in table.get(key, "").split()}
    return Theme(table["name"], tuple(weights.items()))


def _parts(article: Article) -> tuple[tuple[str, float], ...]:
    heading = "\n".join((article.headline or "", article.kicker, article.deck))
    lead, rest = (article.paragraphs[0], "\n".join(article.paragraphs[1:])) if article.paragraphs else ("", "")
    return (heading, HEADING), (lead[:READ], LEAD), (rest[:READ], BODY)


def _scored(theme: Theme, parts: Sequence[tuple[str, float]], whole: str, begun: Set[str]) -> ThemeScore:
    found = []
    for word, weight in theme.words:
        # Most words do not even begin in the article; asking for their first two characters is ten times as fast.
        if word[:2] in begun and word in whole:
            told = sum(worth * text.count(word) for text, worth in parts)
            found.append((weight * math.sqrt(told), word))
    found.sort(key=lambda item: (-item[0], item[1]))
    return ThemeScore(theme.name, round(sum(value for value, _ in found), 4), tuple(word for _, word in found))

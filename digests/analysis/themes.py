"""Themes: topics of a story (疫情防控, 工业经济, 城市建设 ...), determined by the word lists of `themes.toml`.

A theme's score is the sum of the contributions of its words in the article. A word counts more in the heading or the
first paragraph, and each repetition adds less. A story gets the theme with the highest score, and a second theme if its
score is nearly as high.
"""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from digests.errors import ThemesError
from digests.models import Article

BUILTIN_FILE = Path(__file__).with_name("themes.toml")

WORD_WEIGHTS = {"weak": 0.25, "words": 1.0, "strong": 3.0}
"""Weights by key of the file: general words of reports, words of the theme, and words rare in other stories."""

HEADING_WEIGHT, LEAD_WEIGHT, BODY_WEIGHT = 4.0, 2.0, 1.0
"""Weights of one occurrence in the heading, in the first paragraph, and in the rest of the body."""

MAX_PART_CHARS = 3000
"""Maximum characters read of the first paragraph, and of the rest of the body; they suffice to find the theme."""

MIN_SHARE_OF_FIRST = 0.6
"""Minimum score of a second theme, as a share of the first theme's score."""

MIN_SCORE = 1.0
"""Minimum score of a theme; a lower score usually comes from one incidental word."""

MAX_THEMES = 2


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its words and their weights."""

    name: str
    words: tuple[tuple[str, float], ...] = field(hash=False)  # its name is enough, and hashing all words takes long
    called: tuple[str, ...] = field(default=(), repr=False)
    """Other names by which readers ask for the theme; not part of the representation, which identifies the labels."""


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """A theme's score for an article, and the words found, by descending contribution."""

    name: str
    score: float
    words: tuple[str, ...]


def article_themes(article: Article, themes: Sequence[Theme] | None = None) -> tuple[ThemeScore, ...]:
    """Return the themes of an article (at most two), the stronger first; none if no score reaches MIN_SCORE."""
    themes = builtin_themes() if themes is None else tuple(themes)
    parts = _parts(article)
    found: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for number, word, weight in _words_in("\n".join(text for text, _ in parts), themes):
        occurrences = sum(part_weight * text.count(word) for text, part_weight in parts)
        found[number].append((weight * math.sqrt(occurrences), word))
    # Equal scores keep the operator's order.
    ranked = sorted(
        (_scored(themes[number], found[number]) for number in sorted(found)), key=lambda theme: -theme.score
    )
    best = ranked[0].score if ranked else 0.0
    return tuple(theme for theme in ranked[:MAX_THEMES] if theme.score >= max(MIN_SCORE, MIN_SHARE_OF_FIRST * best))


def _words_in(text: str, themes: tuple[Theme, ...]) -> Iterator[tuple[int, str, float]]:
    """Yield the words of the themes that `text` contains, each with the number of its theme and its weight."""
    words, scan = _scanner(themes)
    sound = text.encode("utf-8", "replace").decode()  # the library refuses lone surrogates
    for at in {at for at, _, _ in scan.find_matches_as_indexes(sound, overlapping=True)}:
        yield words[at]


@lru_cache(maxsize=4)
def _scanner(themes: tuple[Theme, ...]) -> tuple[Sequence[tuple[int, str, float]], AhoCorasick]:
    """Return the words of the themes, each with the number of its theme and its weight, and a scanner for them."""
    words = [(number, word, weight) for number, theme in enumerate(themes) for word, weight in theme.words]
    return words, AhoCorasick([word for _, word, _ in words])


@lru_cache(maxsize=1)
def builtin_themes() -> tuple[Theme, ...]:
    """Return the themes shipped with the program."""
    return load_themes(BUILTIN_FILE)


def load_themes(path: Path) -> tuple[Theme, ...]:
    """Return the themes of a file in the format of `themes.toml`; raise ThemesError if the file has problems."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
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


def themes_by_name(themes: Sequence[Theme]) -> dict[str, str]:
    """Map the names by which readers call each theme, in lower case, to the theme's name; the first theme wins."""
    names: dict[str, str] = {}
    for theme in themes:
        for name in (theme.name, *theme.called):
            names.setdefault(name.casefold(), theme.name)
    return names


def _problems(table: Any, where: str, names: set[str]) -> list[str]:
    """Return the problems of one [[theme]] table, and add its name to `names`, which has those of earlier tables."""
    if not isinstance(table, dict):
        return [f"{where} is {table!r}; expected a [[theme]] table"]
    found = [
        f"{where}: {key} is not known; expected name, called, strong, words or weak" for key in table.keys() - _KEYS
    ]
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        found.append(f"{where}: name is {name!r}; expected the name that readers see")
    elif name in names:
        found.append(f"{where}: the name {name} is already used by an earlier theme")
    else:
        names.add(name)
    found += [
        f"{where}: {key} is {table[key]!r}; expected words with spaces between them"
        for key in ("called", *WORD_WEIGHTS)
        if not isinstance(table.get(key, ""), str)
    ]
    if not found and not any(table.get(key, "").split() for key in WORD_WEIGHTS):
        found.append(f"{where}: {name} has no words; expected some in strong, words or weak")
    return sorted(found)


_KEYS = frozenset({"name", "called", *WORD_WEIGHTS})


def _theme(table: Mapping[str, str]) -> Theme:
    weights = {word: weight for key, weight in WORD_WEIGHTS.items() for word in table.get(key, "").split()}
    return Theme(table["name"], tuple(weights.items()), tuple(table.get("called", "").split()))


def _parts(article: Article) -> tuple[tuple[str, float], ...]:
    """Return heading, first paragraph and the rest of the body, each with its weight."""
    heading = "\n".join((article.headline or "", article.kicker, article.deck))
    lead, rest = (article.paragraphs[0], "\n".join(article.paragraphs[1:])) if article.paragraphs else ("", "")
    return (heading, HEADING_WEIGHT), (lead[:MAX_PART_CHARS], LEAD_WEIGHT), (rest[:MAX_PART_CHARS], BODY_WEIGHT)


def _scored(theme: Theme, found: list[tuple[float, str]]) -> ThemeScore:
    """Return the score of a theme from its words in an article, each with its contribution."""
    ranked = sorted(found, key=lambda item: (-item[0], item[1]))
    return ThemeScore(theme.name, round(sum(value for value, _ in ranked), 4), tuple(word for _, word in ranked))

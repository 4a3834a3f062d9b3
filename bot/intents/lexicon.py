"""The lexicon: cuts a message into words of known classes and the rest, which is what the message is about."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate

from digests.language import words
from digests.language.characters import HANZI
from digests.models import Span

RARE_FREQUENCY = 100
"""Below this frequency in the dictionary, a word made of two words of the lexicon counts as two: 啥事, 停发."""
UNKNOWN = "unknown"
"""The class of text that is not in the lexicon."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a message with the classes that it may have."""

    text: str
    span: Span
    classes: frozenset[str]

    def is_(self, *classes: str) -> bool:
        return not self.classes.isdisjoint(classes)


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("bot.intents").joinpath("lexicon.toml").read_text(encoding="utf-8"))


@cache
def classes_by_word() -> dict[str, frozenset[str]]:
    """Map each word and phrase to its classes."""
    classes: dict[str, set[str]] = {}
    for name, listed in _data()["words"].items():
        for word in listed.split():
            classes.setdefault(word, set()).add(name)
    for name, listed in _data()["phrases"].items():
        for phrase in listed.replace("\n", " ").split(";"):
            if phrase.strip():
                classes.setdefault(phrase.strip(), set()).add(name)
    return {word: frozenset(names) for word, names in classes.items()}


@cache
def not_after_subscribe() -> tuple[str, ...]:
    """The beginnings of nouns such as 订阅号, in which the verb is no wish."""
    return tuple(_data()["topics"]["not_after_subscribe"].split())


@cache
def not_after_order() -> tuple[str, ...]:
    """The ends of words that begin with 订, such as 订票."""
    return tuple(_data()["topics"]["not_after_order"].split())


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(classes_by_word(), key=len, reverse=True)
    hanzi = "|".join(re.escape(word) for word in longest_first if not word.isascii())
    latin = "|".join(re.escape(word) for word in longest_first if word.isascii())
    return re.compile(rf"(?:{hanzi})|(?<![a-z'])(?:{latin})(?![a-z-]|'s)")


def tokens(text: str, marked: dict[Span, str]) -> list[Token]:
    """Cut `text` into tokens; `marked` gives the class of spans that are recognised already (days, times)."""
    found: list[Token] = []
    start = 0
    for span, name in sorted(marked.items()):
        found += _words(text, start, span[0])
        found.append(Token(text[slice(*span)], span, frozenset({name})))
        start = span[1]
    return [*found, *_words(text, start, len(text))]


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the known words between two positions and the unknown text between them."""
    classes, edges = classes_by_word(), _edges(text, start, end)
    at = start
    while match := _pattern().search(text, at, end):
        word = _within(match, edges)
        if word is None:  # part of a longer word: 请 in 请假
            at = match.start() + 1
            continue
        if match.start() > start:
            yield from _unknown(text, start, match.start())
        yield Token(word, (match.start(), match.start() + len(word)), classes[word])
        start = at = match.start() + len(word)
    if start < end:
        yield from _unknown(text, start, end)


def _edges(text: str, start: int, end: int) -> frozenset[int]:
    """Return where the words between two positions begin and end; rare words of two known words count as two."""
    known = classes_by_word()
    pieces: list[str] = []
    for word in words.cut_by_dictionary(text[start:end]):
        parts = [(word[:n], word[n:]) for n in range(1, len(word)) if word[:n] in known and word[n:] in known]
        is_rare = word not in known and words.frequency(word) < RARE_FREQUENCY
        tail = next((n for n in range(len(word) - 2, 0, -1) if "news" in known.get(word[n:], ())), None)
        if tail and word not in known:  # 体育新闻
            pieces += (word[:tail], word[tail:])
        else:
            pieces += parts[0] if parts and is_rare else (word,)
    return frozenset(accumulate(map(len, pieces), initial=start))


def _within(match: re.Match[str], edges: frozenset[int]) -> str | None:
    """Return the match, or its longest beginning that is a word of the lexicon, if it begins and ends with words."""
    if match[0].isascii():
        return match[0]
    if match.start() not in edges:
        return None
    for length in range(len(match[0]), 0, -1):
        if match[0][:length] in classes_by_word() and match.start() + length in edges:
            return match[0][:length]
    return None


def _unknown(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield a token of unknown text; punctuation and spaces are left out."""
    for match in re.finditer(r"[^\s,.;:!?、，。；：~()]+(?:\s+[^\s,.;:!?、，。；：~()]+)*|:", text[start:end]):
        if re.search(rf"[\w{HANZI}:\"]", match[0]):
            yield Token(match[0], (start + match.start(), start + match.end()), frozenset({UNKNOWN}))

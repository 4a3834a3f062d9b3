"""The form in which a message is understood: one width, case and script, without signs; slips in command words mended.

Speech recognition and quick typing confuse characters of the same sound (订月, 上粥三), and some people type pinyin
without characters (dingyue fangxun). Words of the lexicon are recognised in both; topics stay as they were written.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import accumulate, product

from digests.language import words
from digests.language.characters import HANZI, pinyin_readings, simplified
from digests.language.normal_form import clean_text
from digests.text import normalise_widths, single_spaced

_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_THANKS_SIGNS = re.compile("[👍🙏❤🌹💐]")
_ENDING = re.compile(r"[\s?!。.~,;…、，；]+$")
_LATIN = re.compile(r"[a-z' ]+")
_NUMERALS = "零一二三四五六七八九十"
_FUNCTION_CHARACTERS = frozenset("的了着过在是我你他有和就都也不吗呢吧啊个这那些")
"""Characters that are meant where they stand, even if a word sounds like them and their neighbours."""
MIN_MENDED_CHARS, MAX_MENDED_CHARS = 2, 4
"""Lengths of words that are mended; a single character has too many homophones."""


def spoken_form(message: str) -> str:
    """Return the message in the form in which intents are recognised."""
    text = _THANKS_SIGNS.sub(" 谢谢 ", clean_text(message))
    text = simplified(normalise_widths(_EMOJI.sub(" ", text)).casefold())
    text = re.sub(r"[「『“‘]", '"', re.sub(r"[」』”’]", '"', text))
    return _ENDING.sub("", single_spaced(text)).lstrip(",.!。 ")


def mended(text: str, vocabulary: Iterable[str]) -> str:
    """Return `text` with words of the vocabulary in place of homophones that are no words themselves."""
    if not re.search(f"[{HANZI}]", text):
        return _from_pinyin(text, vocabulary)
    known = _by_reading(frozenset(vocabulary))
    single = _single_characters(text)
    start = 0
    while start < len(text):
        for length in range(MAX_MENDED_CHARS, MIN_MENDED_CHARS - 1, -1):
            piece = text[start : start + length]
            is_loose = len(piece) == length and single.issuperset(range(start, start + length))
            if is_loose and (word := _meant(piece, known)):
                text = text[:start] + word + text[start + length :]
                start += length - 1
                break
        start += 1
    return text


def _single_characters(text: str) -> frozenset[int]:
    """Return the places of the characters that form no word with their neighbours."""
    pieces = words.cut_by_dictionary(text)
    starts = accumulate(map(len, pieces), initial=0)
    return frozenset(start for start, piece in zip(starts, pieces, strict=False) if len(piece) == 1)


def _meant(piece: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the word that sounds like `piece` and differs in one character; None if `piece` is itself a word."""
    if not re.fullmatch(f"[{HANZI}]+", piece):
        return None
    for reading in pinyin_readings(piece):
        for word in known.get(reading, ()):
            if word == piece:
                return None
            wrong = sum(a != b for a, b in zip(word, piece, strict=False))
            if len(word) == len(piece) and wrong == 1 and _FUNCTION_CHARACTERS.isdisjoint(piece):
                return word if words.frequency(piece) == 0 else None
    return None


@cache
def _by_reading(vocabulary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    readings: dict[str, tuple[str, ...]] = {}
    for word in sorted(vocabulary):
        if MIN_MENDED_CHARS <= len(word) <= MAX_MENDED_CHARS and re.fullmatch(f"[{HANZI}]+", word):
            for reading in pinyin_readings(word):
                readings[reading] = (*readings.get(reading, ()), word)
    return readings


def _from_pinyin(text: str, vocabulary: Iterable[str]) -> str:
    """Return pinyin with the words of the vocabulary in Hanzi; other text unchanged."""
    if not _LATIN.fullmatch(text):
        return text
    syllables = [syllable for word in text.split() for syllable in _syllables(word)]
    if not syllables or len(syllables) < 2:
        return text
    known = _by_syllables(frozenset(vocabulary))
    longest = max(map(len, known))
    result: list[str] = []
    at = 0
    while at < len(syllables):
        for length in range(min(longest, len(syllables) - at), 0, -1):
            if word := known.get(tuple(syllables[at : at + length])):
                result.append(word)
                at += length
                break
        else:
            result.append(syllables[at])
            at += 1
    if not any(re.search(f"[{HANZI}]", word) for word in result):
        return text
    return re.sub(rf"(?<=[{HANZI}]) (?=[{HANZI}])", "", " ".join(_joined(result)))


def _joined(parts: list[str]) -> list[str]:
    """Join the syllables that are left as pinyin: yang lao -> yanglao."""
    joined: list[str] = []
    for part in parts:
        if joined and part.isascii() and joined[-1].isascii():
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _syllables(word: str) -> list[str]:
    """Return the pinyin syllables of a word; an empty list if it is no pinyin."""
    syllables = _all_syllables()
    found: list[str] = []
    while word:
        piece = next((word[:n] for n in range(min(6, len(word)), 0, -1) if word[:n] in syllables), "")
        if not piece:
            return []
        found.append(piece)
        word = word[len(piece) :]
    return found


@cache
def _all_syllables() -> frozenset[str]:
    common = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    return frozenset(reading for char in common for reading in pinyin_readings(char) if reading.isascii())


@cache
def _by_syllables(vocabulary: frozenset[str]) -> dict[tuple[str, ...], str]:
    numbers = [_numeral(number) for number in range(1, 32)]
    dated = [f"{number}{unit}" for number, unit in product(numbers, ("点", "月", "号", "日", "天", "周"))]
    table: dict[tuple[str, ...], str] = {}
    for word in [*dated, *sorted(vocabulary)]:
        if len(word) > 1 and re.fullmatch(f"[{HANZI}]+", word):
            table.setdefault(tuple(next(pinyin_readings(char)) for char in word), word)
    return table


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _NUMERALS[tens]) + ("十" if tens else "") + (_NUMERALS[ones] if ones else "")

"""General string functions: normal forms, numerals, ids, similarity, sentences, shortening and joining.

Three normal forms, for three purposes:

    normalise            to compare texts: unifies widths, letter case and white space
    normalise_widths     to search with patterns: unifies widths and keeps letter case
    normal_form   (digests/language/characters.py) to find terms in a text: keeps the offset of every character
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Set

from digests.models import Span

NUMERAL = r"[\d〇零一二两三四五六七八九十廿卅]"
"""Pattern of one character of a number that `parse_number` can read."""
SHINGLE_CHARS = 3

_DIGITS = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_BELOW_HUNDRED = re.compile(r"(?:(?P<count>[1-9]?)十|(?P<tens>[廿卅]))(?P<ones>[1-9]?)")
_TENS = {"廿": 20, "卅": 30}

_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: without i, l, o and u, which are easily misread or misheard."""
_ID_BITS = 50
_SENTENCE = re.compile(r"[^。！？；?!;…\n]*(?:[。！？；?!;…][。！？；?!;…”’」』）)》】〉\"']*|\n|$)")


def normalise(text: str) -> str:
    """Return `text` in the form used for comparisons: NFKC, case-folded, single-spaced."""
    return single_spaced(normalise_widths(text)).casefold()


def normalise_widths(text: str) -> str:
    """Return `text` in NFKC: ，becomes , and （ becomes (. Letter case is kept; most characters keep their offset."""
    return unicodedata.normalize("NFKC", text)


def single_spaced(text: str) -> str:
    """Return `text` stripped, with each run of white space (including line breaks) replaced by one space."""
    return " ".join(text.split())


def letters_and_digits(text: str) -> str:
    """Return the letters, digits and Hanzi of the normalised `text`, without punctuation and white space."""
    return "".join(char for char in normalise(text) if char.isalnum())


def parse_number(text: str) -> int | None:
    """Return the number written in `text`: 14, 二〇二二 (digit by digit) or, below 100, 十四; None for other text."""
    digits = text.translate(_DIGITS)
    if digits.isdecimal():
        return int(digits)
    match = _BELOW_HUNDRED.fullmatch(digits)
    if match is None:
        return None
    return (_TENS[match["tens"]] if match["tens"] else int(match["count"] or 1) * 10) + int(match["ones"] or 0)


def article_id(text: str, repetition: int = 0) -> str:
    """Return an id such as `k7f3m-9wq2d` that depends only on the letters, digits and Hanzi of `text`.

    `repetition` distinguishes equal texts: 0 for the first, 1 for its first repetition.
    """
    source = letters_and_digits(text) + (f"\n{repetition}" if repetition else "")
    digest = hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    number = int.from_bytes(digest) >> (64 - _ID_BITS)
    characters = "".join(_ID_ALPHABET[(number >> shift) & 31] for shift in range(_ID_BITS - 5, -1, -5))
    return f"{characters[:5]}-{characters[5:]}"


def jaccard_similarity(text: Set[str], other: Set[str]) -> float:
    """Return the number of shingles in both sets, divided by the number of shingles in either: 0 to 1."""
    return len(text & other) / len(text | other) if text and other else 0.0


def containment(part: Set[str], whole: Set[str]) -> float:
    """Return the share of the shingles in `part` that are also in `whole`: 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0


def shingles(text: str) -> Set[str]:
    """Return all runs of SHINGLE_CHARS letters, digits or Hanzi; a shorter text is a single shingle."""
    plain = letters_and_digits(text)
    last = max(1, len(plain) - SHINGLE_CHARS + 1)
    return {plain[at : at + SHINGLE_CHARS] for at in range(last)} if plain else set()


def bigrams(text: str) -> list[str]:
    """Return all pairs of neighbouring characters, in order."""
    return [text[at : at + 2] for at in range(len(text) - 1)]


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of `text`, without the white space around them.

    A sentence ends at one of 。！？；…!?; or at the end of a line. Closing quotes and brackets after the mark belong
    to the sentence.
    """
    found = ((match.start(), match[0]) for match in _SENTENCE.finditer(text))
    return [
        (start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip()))
        for start, sentence in found
        if sentence.strip()
    ]


def shorten(text: str, length: int) -> str:
    """Return `text` cut to at most `length` characters; a shortened text ends with …."""
    if len(text) <= length:
        return text
    return text[: length - 1].rstrip("，、；：,;: ") + "…" if length > 0 else ""


def join_lines(lines: Iterable[str]) -> str:
    """Return the printed lines of one paragraph as one string, with a space only between two words in Latin letters."""
    whole = ""
    for line in lines:
        if whole and line and _is_latin(whole[-1]) and _is_latin(line[0]):
            whole += " "
        whole += line
    return whole


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()

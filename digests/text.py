"""Plain string work: widths, ids, sentences, shortening, joining. Nothing here knows newspapers."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Set

from digests.models import Span

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o and u, which are misread or misheard."""
_ID_BITS = 50

_SENTENCE = re.compile(r"[^。！？；?!;…\n]*(?:[。！？；?!;…][。！？；?!;…”’」』）)》】〉\"']*|\n|$)")


def normalise(text: str) -> str:
    """`text` with widths and case made equal (NFKC, case folded), for comparing only."""
    return unicodedata.normalize("NFKC", text).casefold()


def letters_and_digits(text: str) -> str:
    """The letters, digits and Hanzi of the folded `text`, without punctuation and white space."""
    return "".join(char for char in normalise(text) if char.isalnum())


def article_id(text: str, again: int = 0) -> str:
    """An id such as `k7f3m-9wq2d` that depends on the letters, digits and Hanzi of `text` alone.

    `again` tells apart texts that are equal: 0 for the first, 1 for its first repetition.
    """
    source = letters_and_digits(text) + (f"\n{again}" if again else "")
    digest = hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    number = int.from_bytes(digest) >> (64 - _ID_BITS)
    signs = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(_ID_BITS - 5, -1, -5))
    return f"{signs[:5]}-{signs[5:]}"


def jaccard_similarity(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1: of the stretches that either has, the share that both have."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def containment(part: Set[str], whole: Set[str]) -> float:
    """Of the stretches in `part`, the share that `whole` has too, from 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0


def shingles(text: str) -> Set[str]:
    """All stretches of three letters, digits or Hanzi; they differ where the words or their order do."""
    plain = letters_and_digits(text)
    return {plain[at : at + 3] for at in range(max(1, len(plain) - 2))} if plain else set()


def sentences(text: str) -> list[Span]:
    """The spans of the sentences of `text`, without the white space around them.

    A sentence ends at 。！？；and their half-width forms or at a line's end; closing quotes and brackets stay with it.
    """
    found = ((one.start(), one[0]) for one in _SENTENCE.finditer(text))
    return [
        (start + len(said) - len(said.lstrip()), start + len(said.rstrip())) for start, said in found if said.strip()
    ]


def shorten(text: str, length: int) -> str:
    """`text` in at most `length` characters, the last of them … where something was left out."""
    if len(text) <= length:
        return text
    return text[: length - 1].rstrip("，、；：,;: ") + "…" if length > 0 else ""


def join_lines(pieces: Iterable[str]) -> str:
    """The pieces of one paragraph as one string; a space only where two words in Latin letters meet."""
    whole = ""
    for piece in pieces:
        if whole and piece and _latin(whole[-1]) and _latin(piece[0]):
            whole += " "
        whole += piece
    return whole


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()

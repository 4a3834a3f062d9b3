"""Values of the characters of a text, of which the features of names are made.

A value is a code of the character, of its word and their tags, of words in the lexicons that cover it, of endings and
titles near it, and of how often the characters around it occur together elsewhere in the same article; 0 for an absent
one. The values of all characters are computed at once, because an archive has many texts; the tables hold what depends
on a single character.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy
from numpy.typing import NDArray

from digests.language import words
from digests.language.person_names import NAME_LENGTHS, SURNAMES, name_log_likelihoods
from digests.names import lexicons

Codes = NDArray[numpy.uint32]
Flags = NDArray[numpy.bool_]
Integers = NDArray[numpy.int64]

MAX_DISTANCE = 9
"""Longer distances to an ending are treated alike."""
MAX_ORGANISATION_DISTANCE = 12
FAR_ORGANISATION_DISTANCE = 8
"""Longest distance to the next ending of at least two characters, whatever stands between."""
MAX_WORD_LENGTH = 5
LIKELIHOOD_STEP, MAX_LIKELIHOOD = 3, 9
"""Likelihoods of names are grouped in steps of natural logarithms."""
TRANSCRIBED, TRANSCRIBED_WITH_DOT = 0.5, -1.0
"""Minimum score of a character of a foreign name; in a sequence with a dot (让·皮埃尔) a lower one suffices."""
UNTRANSCRIBED = -3.0
"""Score of a character that no foreign name has."""
CHARACTERS = 1 << 16
"""Size of the tables; a character beyond is replaced by UNKNOWN."""
UNKNOWN = "\ufffd"

_DOTTED = re.compile("[一-鿿]{1,6}(?:·[一-鿿]{1,6})+")
_DOT = ord("·")


def character_values(
    found: Sequence[str], text: str, char: NDArray[numpy.uint16], article: Integers
) -> dict[str, Codes]:
    """Return the values of each character by their names.

    `found` are the words of `text`, `char` the numbers of its characters, `article` those of the articles to which the
    characters belong.
    """
    values = _word_values(found)
    values |= _single_values(char)
    values |= _title_values(text, char)
    values |= _name_values(char)
    values |= _lexicon_values(text, char)
    values |= _sound_values(text, char)
    values |= _repetition_values(char, article)
    return values


def numbers_of(text: str) -> NDArray[numpy.uint16]:
    """Return the numbers of the characters of a text without rare ones."""
    return numpy.frombuffer(text.encode("utf-16-le"), numpy.uint16)


def moved(codes: Codes, by: int) -> Codes:
    """Return the codes of the characters `by` places later (earlier if negative); 0 beyond the text."""
    shifted = numpy.zeros_like(codes)
    if by > 0:
        shifted[:-by] = codes[by:]
    else:
        shifted[-by:] = codes[:by]
    return shifted


@lru_cache(maxsize=65_536)
def _code(value: str) -> int:
    """Return a positive code of a value; 0 for an absent one."""
    return crc32(value.encode()) or 1 if value else 0


def _tag(word: str) -> str:
    """Return the tag of a word; words that are not in the dictionary are told apart by their length."""
    return words.tag(word) or (f"x{min(len(word), 4)}" if "一" <= word[:1] <= "鿿" else "p")


@lru_cache(maxsize=65_536)
def _word_codes(word: str) -> tuple[int, int, int, int, int]:
    """Return the length of a word, the codes of the word, of its tag and its length, and 1 for a verb of saying."""
    size = min(len(word), MAX_WORD_LENGTH)
    return len(word), _code(word), _code(_tag(word)), size, int(word in lexicons.SPEECH_VERBS)


def _word_values(found: Sequence[str]) -> dict[str, Codes]:
    """Return codes of the words that characters belong to, of the words beside them, and of their tags."""
    table = numpy.array([_word_codes(word) for word in found], numpy.uint32)
    lengths = table[:, 0].astype(numpy.int64)
    ends = numpy.cumsum(lengths)
    place = numpy.ones(int(ends[-1]), numpy.uint32)  # 1 inside a word, 2 first, 3 last, 4 the only one
    place[ends - lengths] += numpy.uint32(1)
    place[ends - 1] += numpy.uint32(2)
    word, tag, size, speech = table[:, 1:].T
    by_word = {
        "word": word, "word-1": moved(word, -1), "word+1": moved(word, 1),
        "tag": tag, "tag-1": moved(tag, -1), "tag+1": moved(tag, 1), "size": size, "speech": moved(speech, 1),
    }  # fmt: skip
    values = numpy.repeat(numpy.stack(list(by_word.values())), lengths, axis=1)
    return {"place": place} | dict(zip(by_word, values, strict=True))


@dataclass(frozen=True, slots=True)
class _Tables:
    """What depends on a character alone, by its number."""

    kind: Codes
    """Digit, letter, Hanzi, or the character itself."""
    own: Codes
    """The tag that the character has as a word."""
    surname: Flags
    hanzi: Flags
    sound: NDArray[numpy.float64]
    """`lexicons.transcription_scores`."""
    place_ending: Codes
    organisation_ending: Codes
    title: Codes


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    chars = [chr(number) for number in range(CHARACTERS)]
    hanzi = numpy.array(["一" <= char <= "鿿" for char in chars])
    kind = ["d" if char.isdigit() else "l" if char.isascii() and char.isalpha() else char for char in chars]
    others = numpy.array([crc32(one.encode("utf-8", "replace")) or 1 for one in kind], numpy.uint32)
    codes = numpy.where(hanzi, numpy.uint32(_code("h")), others)
    sounds = lexicons.transcription_scores()

    def endings(of: frozenset[str]) -> Codes:
        table = numpy.zeros(CHARACTERS, numpy.uint32)
        for ending in of:
            if len(ending) == 1:
                table[ord(ending)] = _code(ending)
        return table

    return _Tables(
        codes,
        numpy.array([_code(words.tag(char)) for char in chars], numpy.uint32),
        numpy.array([char in SURNAMES for char in chars]),
        hanzi,
        numpy.array([sounds.get(char, UNTRANSCRIBED) for char in chars]),
        endings(lexicons.PLACE_ENDINGS),
        endings(lexicons.ORGANISATION_ENDINGS),
        endings(lexicons.TITLE_ENDINGS),
    )


def _single_values(char: NDArray[numpy.uint16]) -> dict[str, Codes]:
    tables = _tables()
    surname = tables.surname[char].astype(numpy.uint32)
    own = tables.own[char]
    return {"char": char.astype(numpy.uint32), "kind": tables.kind[char], "own": own, "surname": surname}


def _title_values(text: str, char: NDArray[numpy.uint16]) -> dict[str, Codes]:
    """Return codes of the titles that end before a character or begin after it."""
    tables = _tables()
    title = moved(tables.title[char], -1)
    size = (title > 0).astype(numpy.uint32)
    following = numpy.zeros(len(text), numpy.uint32)
    longest: dict[int, int] = {}
    for start, end, ending in lexicons.long_title_endings().find(text):
        if end < len(text):
            title[end] = _code(ending) if end - start > longest.get(end, 0) else title[end]
            size[end] = 2
            longest[end] = max(longest.get(end, 0), end - start)
        following[start - 1] = _code(ending)  # matches are found by their ends, so that the longest is the last
    titled = size * tables.surname[char]
    return {
        "title": title, "title_size": size, "title_or_none": title + numpy.uint32(1), "titled": titled,
        "next_title": following, "has_next_title": (following > 0).astype(numpy.uint32),
    }  # fmt: skip


def _name_values(char: NDArray[numpy.uint16]) -> dict[str, Codes]:
    """Return the likelihood, in steps, that a character belongs to a Chinese name, and its piece of the name."""
    chars = len(char)
    steps, pieces = [], []
    for length in NAME_LENGTHS:
        likelihood = name_log_likelihoods(char, length)
        step = numpy.full(chars, MAX_LIKELIHOOD + 1, numpy.int64)
        is_possible = numpy.isfinite(likelihood)
        step[is_possible] = numpy.minimum(MAX_LIKELIHOOD, -likelihood[is_possible] // LIKELIHOOD_STEP).astype(
            numpy.int64
        )
        for at in range(length):
            moved = numpy.full(chars, MAX_LIKELIHOOD + 1, numpy.int64)
            moved[at:] = step[: chars - at]
            steps.append(moved)
            pieces.append(length * 8 + at + 1)
    table = numpy.stack(steps)
    best = table.argmin(axis=0)
    step = table[best, numpy.arange(chars)]
    piece = numpy.where(step <= MAX_LIKELIHOOD, numpy.array(pieces)[best], 0).astype(numpy.uint32)
    return {"name_step": numpy.where(piece > 0, step + 1, 0).astype(numpy.uint32), "name_piece": piece}


def _pieces(spans: Iterable[tuple[int, int, str]], chars: int) -> Codes:
    """Return a code of the span that covers a character and of its piece of it; 0 if there is none.

    `spans` have a start, an end, and a code of their own.
    """
    pieces = numpy.zeros(chars, numpy.uint32)
    for start, end, code in spans:
        for at in range(start, end):
            pieces[at] = _code(code + _piece(start, end, at))
    return pieces


def _piece(start: int, end: int, at: int) -> str:
    """Return the place of a character in a span: S the only one, B first, E last, M inside."""
    if end - start == 1:
        return "S"
    return "B" if at == start else "E" if at == end - 1 else "M"


def _lexicon_values(text: str, char: NDArray[numpy.uint16]) -> dict[str, Codes]:
    """Return codes of the names in the lexicons, and of endings of names at a character and near it."""
    tables = _tables()
    other = ~tables.hanzi[char]
    places = list(lexicons.places().find(text))
    is_last = numpy.zeros(len(text), bool)
    is_last[[end - 1 for _, end, _ in places]] = True
    place_ending, _ = _endings(text, tables.place_ending[char], lexicons.long_place_endings())
    ending, is_long = _endings(text, tables.organisation_ending[char], lexicons.long_organisation_endings())
    is_place = place_ending > 0
    since = _distance((is_place | is_last)[::-1], other[::-1], MAX_DISTANCE)[::-1]
    return {
        "place_name": _pieces(places, len(text)),
        "organisation": _pieces(lexicons.organisations().find(text), len(text)),
        "known_person": _pieces(lexicons.people().find(text), len(text)),
        "place_ending": place_ending,
        "organisation_ending": ending,
        "until_place": _distance(is_place, other, MAX_DISTANCE),
        "since_place": moved(since, -1),
        "until_organisation": _distance(ending > 0, other, MAX_ORGANISATION_DISTANCE),
        "far_organisation": _distance(is_long, numpy.zeros_like(is_long), FAR_ORGANISATION_DISTANCE),
    }


def _endings(text: str, single: Codes, lexicon: lexicons.Lexicon) -> tuple[Codes, Flags]:
    """Return the code of the longest ending that ends at a character, and whether it has at least two characters."""
    is_long = numpy.zeros(len(text), bool)
    longest: dict[int, int] = {}
    for start, end, ending in lexicon.find(text):
        if end - start > longest.get(end, 0):
            longest[end] = end - start
            single[end - 1] = _code(ending)
            is_long[end - 1] = True
    return single, is_long


def _distance(marks: Flags, stops: Flags, limit: int) -> Codes:
    """Return 1 plus the characters to the next mark, at most `limit`; `limit` also if a stop lies before it."""
    chars = len(marks)
    at = numpy.arange(chars)

    def next_of(flags: Flags) -> Integers:
        return numpy.minimum.accumulate(numpy.where(flags, at, chars + limit)[::-1])[::-1]

    following = next_of(marks)
    near = numpy.minimum(following - at, limit)
    return (numpy.where(following < next_of(stops & ~marks), near, limit) + 1).astype(numpy.uint32)


def _sound_values(text: str, char: NDArray[numpy.uint16]) -> dict[str, Codes]:
    """Return values of names written by their sound (普京, 让·皮埃尔)."""
    score = _tables().sound[char]
    padded = numpy.pad(score, (1, 2), constant_values=UNTRANSCRIBED)
    window = (padded[:-3] + padded[1:-2] + padded[2:-1] + padded[3:]) / 4
    is_known = score > UNTRANSCRIBED
    runs = (
        (start, end, f"{'.' if '·' in text[start:end] else ''}{min(end - start, MAX_WORD_LENGTH)}")
        for start, end in _foreign_runs(text, char)
    )
    return {
        "sound": numpy.where(is_known, _step(score, -2, 4), 0),
        "sounds": numpy.where(is_known, _step(window, -3, 4), 0),
        "foreign": _pieces(runs, len(text)),
    }


def _foreign_runs(text: str, char: NDArray[numpy.uint16]) -> list[tuple[int, int]]:
    """Return the spans of at least two characters that foreign names have, and dots between them."""
    limits = numpy.full(len(text), TRANSCRIBED)
    for match in _DOTTED.finditer(text):
        limits[match.start() : match.end()] = TRANSCRIBED_WITH_DOT
    is_sound = _tables().sound[char] > limits
    is_sound[:-1] |= _tables().hanzi[char[:-1]] & (char[1:] == _DOT)
    marks = numpy.where(char == _DOT, ord("."), numpy.where(is_sound, ord("+"), ord("-"))).astype(numpy.uint8)
    return [run.span() for run in re.finditer(rb"[+.]{2,}", marks.tobytes())]


def dotted_names(text: str) -> list[tuple[int, int]]:
    """Return the spans of foreign names with a dot (让·皮埃尔) in a text."""
    if "·" not in text:
        return []
    runs = _foreign_runs(text, numbers_of(text))
    return [(start, end) for start, end in runs if _DOTTED.fullmatch(text[start:end])]


def _step(values: NDArray[numpy.float64], low: int, high: int) -> Codes:
    return (numpy.clip(numpy.trunc(values), low, high) - low + 1).astype(numpy.uint32)


def _repetition_values(char: NDArray[numpy.uint16], article: Integers) -> dict[str, Codes]:
    """Return for pairs of Hanzi that an article repeats whether they occur after, and before, different characters.

    `begins` belongs to the first character of the pair, `ends` to its last: 1 if always the same, 2 if different.
    """
    hanzi = _tables().hanzi[char] | (char == _DOT)
    number = char.astype(numpy.int64)
    pair = article[:-1] << 32 | number[:-1] << 16 | number[1:]
    order = numpy.argsort(pair, kind="stable")
    in_order = pair[order]
    is_new = numpy.concatenate([[True], in_order[1:] != in_order[:-1]])
    group = numpy.cumsum(is_new) - 1
    sizes = numpy.bincount(group)
    is_repeated = numpy.zeros(len(pair), bool)
    is_repeated[order] = sizes[group] > 1
    is_repeated &= hanzi[:-1] & hanzi[1:]
    padded = numpy.concatenate([[0], number, [0]])
    values = {}
    for name, others, place in (("begins", padded[:-3], 0), ("ends", padded[3:], 1)):
        other = others[order]
        starts = numpy.flatnonzero(is_new)
        varied = numpy.maximum.reduceat(other, starts) != numpy.minimum.reduceat(other, starts)
        own = numpy.zeros(len(pair), numpy.uint32)
        own[order] = varied[group] + numpy.uint32(1)
        row = numpy.zeros(len(char), numpy.uint32)
        row[place : place + len(pair)] = own * is_repeated
        values[name] = row
    return values

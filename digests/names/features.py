"""Features of the characters of a text, by which the tagger recognises names.

A feature is the number of a bucket: the hash of its template and of the values (`values.py`) in it. All features of a
text are computed at once, because an archive has many texts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy
from numpy.typing import NDArray

from digests.language.words import Words
from digests.names.values import UNKNOWN, Codes, character_values, moved, numbers_of

BUCKETS = 1 << 21
"""Number of buckets; bucket 0 stands for a feature that a character does not have."""

END_OF_PART = "\n"
"""Ends a part of an article: its heading or a paragraph."""
MARGIN = END_OF_PART * 10
"""Stands between articles; longer than any distance at which a character influences another."""

_PRIME, _SHIFT = numpy.uint32(0x01000193), numpy.uint32(15)
_FIRST_RARE = "\ud800"
_BEYOND = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")

_WORD_TEMPLATES = """
    char=char char-1=char-1 char+1=char+1 char-2=char-2 char+2=char+2 pair-1=char-1,char pair+1=char,char+1
    word=word,place word-1=word-1,place word+1=word+1,place size=size,place
    tag=tag,place tag-1=tag-1,tag,place tag+1=tag,place,tag+1 tags=tag-1,tag,place,tag+1
    kinds=kind-1,kind,kind+1 own=own own+1=own+1 own-1=own-1 owns=own-1,own,own+1
    surname=surname surname_tag=surname,tag,place surname-1=surname-1,place surname-2=surname-2,place
    speech=speech,place
    after_title=title_size after_this_title=title surname_after_title=surname,title_or_none
    after_titled_1=titled-1 after_titled_2=titled-2 after_titled_3=titled-3
    before_this_title=next_title before_title=has_next_title
    name=name_step,name_piece name_tag=name_piece,tag,place known_person=known_person
"""
_LEXICON_TEMPLATES = """
    place=place_name places=place_name-1,place_name,place_name+1
    organisation=organisation organisations=organisation-1,organisation,organisation+1
    place_ending=place_ending place_ending+1=place_ending+1 place_ending+2=place_ending+2
    organisation_ending=organisation_ending until_place=until_place since_place=since_place
    between_places=until_place,since_place until_organisation=until_organisation far_organisation=far_organisation
    sound=sound sounds=sounds foreign=foreign begins=begins ends=ends ended=ends-1
"""


@dataclass(frozen=True, slots=True)
class _Template:
    """A feature made of values of a character or of its neighbours; absent if the first value is 0."""

    code: int
    values: tuple[str, ...]


_TEMPLATES = tuple(
    _Template(crc32(template.encode()), tuple(template.partition("=")[2].split(",")))
    for template in (_WORD_TEMPLATES + _LEXICON_TEMPLATES).split()
)
MAX_VALUES = max(len(template.values) for template in _TEMPLATES)


Parts = Sequence[Words]
"""The words of the heading and of each paragraph of an article."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The features of several articles."""

    text: str
    """The texts of the articles, each between MARGINs, its parts separated by END_OF_PART."""
    numbers: NDArray[numpy.uint16]
    """The numbers of the characters of the text."""
    starts: tuple[int, ...]
    """Positions at which the articles begin, and the end of the last."""
    buckets: Codes
    """The buckets of the features (templates × characters)."""


def features(articles: Sequence[Parts]) -> Batch:
    """Return the features of the characters of articles; those of an article do not depend on the others."""
    found = [MARGIN]
    starts = [len(MARGIN)]
    for parts in articles:
        for part in parts:
            found += map(_without_rare, part)
            found.append(END_OF_PART)
        found.append(MARGIN)
        starts.append(starts[-1] + sum(sum(map(len, part)) + 1 for part in parts) + len(MARGIN))
    text = "".join(found)
    char = numbers_of(text)
    sizes = numpy.diff([0, *starts[1:-1], len(text)]) if len(starts) > 2 else numpy.array([len(text)])
    values = character_values(found, text, char, numpy.repeat(numpy.arange(len(sizes)), sizes))
    return Batch(text, char, tuple(starts), _buckets(values, len(text)))


def _without_rare(word: str) -> str:
    """Return a word without characters beyond the tables."""
    return word if word.isalnum() and word < _FIRST_RARE else _BEYOND.sub(UNKNOWN, word)


def _buckets(values: dict[str, Codes], chars: int) -> Codes:
    """Return the bucket of each template for each character."""
    nothing = numpy.zeros(chars, numpy.uint32)
    rows: dict[str, Codes] = {"": nothing}
    for template in _TEMPLATES:
        for name in template.values:
            if name not in rows:
                rows[name] = values[name] if name in values else moved(values[name[:-2]], int(name[-2:]))
    hashed = numpy.repeat(numpy.array([[template.code] for template in _TEMPLATES], numpy.uint32), chars, axis=1)
    for number in range(MAX_VALUES):
        hashed ^= numpy.stack([rows[(*template.values, "", "", "")[number]] for template in _TEMPLATES])
        hashed *= _PRIME
    hashed ^= hashed >> _SHIFT
    hashed &= numpy.uint32(BUCKETS - 1)
    hashed *= numpy.stack([rows[template.values[0]] for template in _TEMPLATES]) > 0
    return hashed

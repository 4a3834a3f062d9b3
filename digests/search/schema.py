"""What the index keeps of an article: its fields, and the way there and back (pure)."""

import re
import zlib
from collections.abc import Container, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import orjson
from pydantic import TypeAdapter

from digests.language import words
from digests.language.characters import normalise_in_place, pinyin_readings
from digests.matching import article_fields
from digests.models import Article, Labels, Reporter, SourceFile

LEAD_CHARS = 200
"""Characters of the body that say what it is about, as newspapers write."""

FIELD_SEPARATOR = "¶"
"""Stands between fields in the row of characters, so that no phrase runs from one into the next."""

RAW_FIELDS = ("what", "id", "source", "day", "yearly", "page")
FACET_FIELDS = ("month", "theme", "person", "place", "org")
VOCABULARY_FIELDS = ("names", "sounds")
WORD_FIELDS = ("title", "lead", "body")
CHARACTER_FIELDS = ("chars", "titlechars", "by", "themes", "people", "places", "orgs")

_ARTICLE, _SOURCE = TypeAdapter(Article), TypeAdapter(SourceFile)

_RUN, _NO_WORD = re.compile(r"[^\W_]+"), re.compile(r"[\W_]+")


def document(article: Article, source: str, labels: Labels) -> dict[str, Any]:
    """The fields of an article's document."""
    title = FIELD_SEPARATOR.join((article.headline or "", article.kicker, article.deck))
    heading, body = (
        normalise_in_place(f"{title} {article.section}"),
        normalise_in_place(f"{article.body} {' '.join(article.byline)}"),
    )
    row = [normalise_in_place(value) for _, value in article_fields(article)]
    titled, told = words.cut_for_search(heading), words.cut_for_search(body)
    names = dict.fromkeys(normalise_in_place(name) for name in (*article.byline, *labels.people))
    return {
        "what": ["article"],
        "id": [article.id],
        "source": [source],
        "day": [article.date.isoformat() if article.date else ""],
        "yearly": [f"{article.date:%m-%d}" if article.date else ""],
        "page": [str(article.page or "")],
        "ordinal": article.date.toordinal() if article.date else 0,
        "month": [f"{article.date:%Y-%m}"] if article.date else [],
        "theme": list(labels.themes),
        "person": list(labels.people),
        "place": list(labels.places),
        "org": list(labels.organisations),
        "title": [" ".join(titled)],
        "lead": [" ".join(words.cut_for_search(body[:LEAD_CHARS]))],
        "body": [" ".join(told)],
        "pairs": [" ".join(dict.fromkeys(unsegmented_bigrams(f"{heading} {body}", {*titled, *told})))],
        "chars": [FIELD_SEPARATOR.join(row)],
        "titlechars": [normalise_in_place(title)],
        "by": [normalise_in_place(FIELD_SEPARATOR.join(article.byline))],
        "themes": [normalise_in_place(FIELD_SEPARATOR.join(labels.themes))],
        "people": [normalise_in_place(FIELD_SEPARATOR.join((*labels.people, *article.byline)))],
        "places": [normalise_in_place(FIELD_SEPARATOR.join(labels.places))],
        "orgs": [normalise_in_place(FIELD_SEPARATOR.join(labels.organisations))],
        "names": list(names),
        "sounds": [one for word in dict.fromkeys((*titled, *names)) for one in sound_entries(word)],
        "data": pack_article(article),
    }


def sound_entries(word: str) -> Iterator[str]:
    """A word behind each of its sounds, so that all that sound alike stand together: fangxun, then 防汛."""
    if len(word) > 1 and not word.isascii():
        for sound in pinyin_readings(word):
            yield f"{sound_prefix(sound)}{word}"


def sound_prefix(sound: str) -> str:
    """What the words that sound so begin with, as they are kept."""
    return f"{sound}\t"


def bigrams(said: str) -> Iterator[str]:
    """Every two neighbouring characters of the levelled `said`: they find names that are words in no dictionary."""
    for run in _RUN.findall(said):
        yield from _two_by_two(run)


def unsegmented_bigrams(said: str, known: Container[str]) -> Iterator[str]:
    """Those of the `pairs` that may be names in no dictionary: a character that stands alone with the one beside it,
    and what longer words are made of, but for the words among them, that are `known`.

    The seams of two longer words are left out: they find little, and would double the index.
    """
    cut = words.cut(_NO_WORD.sub(FIELD_SEPARATOR, said))
    for one, other in pairwise(cut):
        if (len(one) == 1 or len(other) == 1) and FIELD_SEPARATOR not in (one, other):
            yield one[-1] + other[0]
    for word in cut:
        if len(word) > 2:
            yield from (pair for pair in _two_by_two(word) if pair not in known)


def _two_by_two(run: str) -> Iterator[str]:
    for at in range(len(run) - 1):
        yield run[at : at + 2]


def pack_article(article: Article) -> bytes:
    """Pack an article for storage: JSON of its non-default fields in GB 18030, deflated; half the size of its JSON."""
    return zlib.compress(_ARTICLE.dump_json(article, exclude_defaults=True).decode().encode("gb18030"))


def unpack_article(data: bytes) -> Article:
    """Return the article that was packed; ValueError for bytes that were not."""
    try:
        return article_from_json(zlib.decompress(data).decode("gb18030"))
    except zlib.error as error:
        raise ValueError(f"{len(data)} bytes are no packed article ({error})") from error


def article_from_json(text: bytes | str) -> Article:
    """Return the article of a JSON object; fields that it lacks have their defaults.

    By hand, as a search reads up to 60 articles: pydantic takes twice the time for each (58 against 29 microseconds).
    """
    fields: dict[str, Any] = orjson.loads(text)
    if day := fields.get("date"):
        fields["date"] = date.fromisoformat(day)
    fields["reporters"] = tuple(Reporter(**reporter) for reporter in fields.get("reporters", ()))
    fields["lines"] = tuple((first, last) for first, last in fields.get("lines", ()))
    for name in ("paragraphs", "subheads"):
        fields[name] = tuple(fields.get(name, ()))
    return Article(**fields)


def source_to_json(source: SourceFile) -> bytes:
    """Return the record of a source as it is stored."""
    return _SOURCE.dump_json(source)


def source_from_json(data: bytes) -> SourceFile:
    """Return the record that was stored; ValueError for other bytes."""
    return _SOURCE.validate_json(data)


def page_order(article: Article) -> tuple[int, str, int, str]:
    """Sort key: articles as they stand in the paper."""
    return article.page or 0, article.file or "", article.n or 0, article.id

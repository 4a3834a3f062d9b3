"""The index fields of an article: those that searches use, and the article itself as packed bytes (pure)."""

import re
import zlib
from collections.abc import Container, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import orjson
from pydantic import TypeAdapter

from digests import text as strings
from digests.language import words
from digests.language.characters import pinyin_readings
from digests.language.normal_form import normal_form
from digests.matching import article_fields
from digests.models import Article, Labels, Reporter, SourceFile

LEAD_CHARS = 200
"""Characters at the beginning of the body that count as the lead."""

FIELD_SEPARATOR = "¶"
"""Separates the parts of one index field, so that no phrase matches across two parts."""

RAW_FIELDS = ("what", "id", "source", "day", "yearly", "page")
"""Fields whose whole value must match; `what` is article, source or labels, `yearly` is month and day (08-28)."""
FACET_FIELDS = ("month", "theme", "person", "place", "org")
"""Fields whose values are counted."""
VOCABULARY_FIELDS = ("names", "sounds")
"""Fields whose terms are listed: names of people, and words prefixed with their pinyin."""
WORD_FIELDS = ("title", "lead", "body")
"""Fields of words, with the frequency of each."""
CHARACTER_FIELDS = ("chars", "titlechars", "by", "themes", "people", "places", "orgs", "papers")
"""Fields of single characters with their positions, for phrases."""

_ARTICLE, _SOURCE = TypeAdapter(Article), TypeAdapter(SourceFile)

_LETTERS, _NO_LETTERS = re.compile(r"[^\W_]+"), re.compile(r"[\W_]+")


def document(article: Article, source: str, labels: Labels) -> dict[str, Any]:
    """Return the index fields of an article of the file `source`."""
    title = FIELD_SEPARATOR.join((article.headline or "", article.kicker, article.deck))
    heading = normal_form(f"{title}\n{article.section}")
    body = normal_form("\n".join((article.body, *article.byline)))
    heading_words, body_words = words.cut_for_search(heading), words.cut_for_search(body)
    names = tuple(dict.fromkeys(normal_form(name) for name in (*article.byline, *labels.people)))
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
        "title": [" ".join(heading_words)],
        "lead": [" ".join(words.cut_for_search(body[:LEAD_CHARS]))],
        "body": [" ".join(body_words)],
        "pairs": [" ".join(dict.fromkeys(unsegmented_bigrams(f"{heading}\n{body}", {*heading_words, *body_words})))],
        "chars": [_characters(value for _, value in article_fields(article))],
        "titlechars": [normal_form(title)],
        "by": [_characters(article.byline)],
        "themes": [_characters(labels.themes)],
        "people": [_characters((*labels.people, *article.byline))],
        "places": [_characters(labels.places)],
        "orgs": [_characters(labels.organisations)],
        "papers": [normal_form(article.paper)],
        "names": list(names),
        "sounds": [entry for word in dict.fromkeys((*heading_words, *names)) for entry in sound_entries(word)],
        "data": pack_article(article),
    }


def _characters(values: Iterable[str]) -> str:
    return FIELD_SEPARATOR.join(map(normal_form, values))


def sound_entries(word: str) -> Iterator[str]:
    """Yield the word prefixed with each of its pinyin readings: words that sound the same share a prefix."""
    if len(word) > 1 and not word.isascii():
        for sound in pinyin_readings(word):
            yield f"{sound_prefix(sound)}{word}"


def sound_prefix(sound: str) -> str:
    """Return the prefix of all entries with this pinyin."""
    return f"{sound}\t"


def bigrams(text: str) -> Iterator[str]:
    """Yield the pairs of adjacent letters or Hanzi of a normalised text; pairs find names that are in no dictionary."""
    for run in _LETTERS.findall(text):
        yield from strings.bigrams(run)


def unsegmented_bigrams(text: str, known: Container[str]) -> Iterator[str]:
    """Yield the bigrams that may belong to names that are in no dictionary.

    These are a single-character word with its neighbour, and the bigrams inside longer words unless they are `known`
    words. Bigrams across two longer words are left out: they find few names and would double the index.
    """
    cut = words.cut(_NO_LETTERS.sub(FIELD_SEPARATOR, text))
    for first, second in pairwise(cut):
        if (len(first) == 1 or len(second) == 1) and FIELD_SEPARATOR not in (first, second):
            yield first[-1] + second[0]
    for word in cut:
        if len(word) > 2:
            yield from (pair for pair in strings.bigrams(word) if pair not in known)


def pack_article(article: Article) -> bytes:
    """Pack an article to half the size of its JSON: the JSON of its non-default fields in GB 18030, deflated."""
    return zlib.compress(_ARTICLE.dump_json(article, exclude_defaults=True).decode().encode("gb18030"))


def unpack_article(data: bytes) -> Article:
    """Return the article in packed bytes; raises ValueError for other bytes."""
    try:
        return article_from_json(zlib.decompress(data).decode("gb18030"))
    except (zlib.error, TypeError, AttributeError) as error:
        raise ValueError(f"{len(data)} bytes are not a packed article ({error})") from error


def article_from_json(text: bytes | str) -> Article:
    """Return the article of a JSON object; missing fields have their defaults.

    Pydantic is not used here: it takes 58 instead of 29 microseconds for an article, and a search reads 60 or more.
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
    """Return the record of a source as JSON."""
    return _SOURCE.dump_json(source)


def source_from_json(data: bytes) -> SourceFile:
    """Return the record of a source from JSON; raises ValueError for other bytes."""
    return _SOURCE.validate_json(data)


def page_order(article: Article) -> tuple[int, str, int, str]:
    """Return the sort key for the order of articles in the paper."""
    return article.page or 0, article.file or "", article.n or 0, article.id

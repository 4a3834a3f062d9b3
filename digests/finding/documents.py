"""What the index keeps of an article: its fields, and the way there and back (pure)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from digests import words
from digests.finding.matching import fields, level
from digests.models import Article, Issue, Labels, Reporter, Source

LEAD = 200
"""Characters of the body that say what it is about, as newspapers write."""

GAP = "¶"
"""Stands between fields in the row of characters, so that no phrase runs from one into the next."""

RAW = ("what", "id", "source", "day", "yearly", "page")
FACETS = ("month", "theme", "person", "place", "org")
WORDS = ("title", "lead", "body", "pairs")
ROWS = ("chars", "titlechars", "by", "themes", "people", "places", "orgs")

_RUN = re.compile(r"[^\W_]+")


def document(article: Article, source: str, labels: Labels) -> dict[str, Any]:
    """The fields of an article's document."""
    title = GAP.join((article.headline or "", article.kicker, article.deck))
    heading, body = level(f"{title} {article.section}"), level(f"{article.body} {' '.join(article.byline)}")
    row = [level(value) for _, value in fields(article)]
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
        "title": [" ".join(words.cut_finely(heading))],
        "lead": [" ".join(words.cut_finely(body[:LEAD]))],
        "body": [" ".join(words.cut_finely(body))],
        "pairs": [" ".join(pairs(f"{heading} {body}"))],
        "chars": [GAP.join(row)],
        "titlechars": [level(title)],
        "by": [level(GAP.join(article.byline))],
        "themes": [level(GAP.join(labels.themes))],
        "people": [level(GAP.join((*labels.people, *article.byline)))],
        "places": [level(GAP.join(labels.places))],
        "orgs": [level(GAP.join(labels.organisations))],
        "names": [level(name) for name in dict.fromkeys((*article.byline, *labels.people))],
        "data": orjson.dumps(article),
    }


def pairs(said: str) -> Iterator[str]:
    """Every two neighbouring characters of the levelled `said`: they find names that are words in no dictionary."""
    for run in _RUN.findall(said):
        for at in range(len(run) - 1):
            yield run[at : at + 2]


def article_of(data: bytes) -> Article:
    """The article that was put in."""
    known: dict[str, Any] = orjson.loads(data)
    known["date"] = date.fromisoformat(known["date"]) if known["date"] else None
    known["reporters"] = tuple(Reporter(**reporter) for reporter in known["reporters"])
    known["lines"] = tuple((first, last) for first, last in known["lines"])
    for name in ("paragraphs", "subheads"):
        known[name] = tuple(known[name])
    return Article(**known)


def source_of(data: bytes) -> Source:
    """The source record that was put in."""
    known: dict[str, Any] = orjson.loads(data)
    days = (part | {"day": date.fromisoformat(part["day"]), "pages": tuple(part["pages"])} for part in known["days"])
    return Source(**known | {"days": tuple(Issue(**part) for part in days)})


def page_order(article: Article) -> tuple[int, str, int, str]:
    """A key that sorts articles as they stand in the paper."""
    return article.page or 0, article.file or "", article.n or 0, article.id

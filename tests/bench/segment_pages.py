"""The evaluation's composed pages with a role for every line, as training data.

segment_varied.py lays out the same articles in further ways.
"""

import gzip
import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

from digests.segment import bylines, layout
from digests.segment.lines import Line, make_line
from digests.segment.model import Role

Labelled = list[tuple[Line, Role]]
Source = dict[str, Any]

HELD_OUT = 5
"""Every fifth day is held out of the training."""


def sources(evaluation: Path) -> tuple[list[Source], list[Source]]:
    """Return the articles to train on and the articles held out, split by day."""
    with gzip.open(evaluation / "pages_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        pages = [json.loads(row) for row in file]
    days = sorted({page["date"] for page in pages})
    held_out = set(days[::HELD_OUT])
    kept = [page for page in pages if page["date"] not in held_out]
    return kept, [page for page in pages if page["date"] in held_out]


def composed(module: ModuleType, source: Source, *, hard: bool, rng: random.Random) -> Labelled:
    """Return a page of the evaluation's composer with the role of each line."""
    rows, articles = module.compose(source, hard, rng)
    joined = {at for article in articles for at in article["joins_at"]}
    labelled: Labelled = []
    story = None
    for at, (text, number, role) in enumerate(rows, 1):
        value = make_line(2 * at + 1, 2 * at + 1, text)
        labelled.append((value, _role(value, role, at in joined, number, story)))
        if role in ("section", "kicker", "headline", "deck"):
            story = number
    return _repeat(labelled, rows)


def _role(value: Line, role: str, joined: bool, number: int | None, story: int | None) -> Role:
    is_displaced = number != story and story is not None
    if role == "body" and is_displaced:
        return Role.REST_ON if joined else Role.REST
    if role == "body" and joined:
        return Role.BODY_ON
    if role == "body":
        return Role.BYLINE if bylines.is_byline(value.plain) else body_role(value.text)
    if role == "section":
        return Role.SECTION if is_displaced or story is None else Role.LABEL
    return Role.REST if role == "jump" and is_displaced else Role(role)


def body_role(text: str) -> Role:
    """Return SUBHEAD for a paragraph that looks like a heading, else BODY."""
    return Role.SUBHEAD if layout.line_facts(make_line(1, 1, text)).heading else Role.BODY


_CONTINUATION = {Role.KICKER: Role.KICKER_ON, Role.HEADLINE: Role.HEADLINE_ON, Role.DECK: Role.DECK_ON}


def _repeat(labelled: Labelled, rows: list[Any]) -> Labelled:
    """Return the lines with the roles of the second line of a heading and of the first line of a tail."""
    found: Labelled = []
    in_tail = False
    for at, (value, role) in enumerate(labelled):
        before = labelled[at - 1][1] if at else None
        same = at > 0 and rows[at][1] == rows[at - 1][1]
        goes_on = at + 1 < len(labelled) and labelled[at + 1][1] is Role.BODY_ON
        named = Role.BODY if role is Role.SUBHEAD and goes_on else role
        if role in _CONTINUATION and before is role and same:
            named = _CONTINUATION[role]
        if role in (Role.REST, Role.REST_ON):
            named = role if in_tail else Role.TAIL
            in_tail = True
        elif role is not Role.CAPTION:
            in_tail = False
        found.append((value, named))
    return found

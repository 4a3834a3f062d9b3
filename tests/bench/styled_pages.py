"""Pages composed in a house style, with a role for every line, as training data.

The lines are those that the program itself finds: they went through markup, page_heads and join_wrapped.
"""

import random
from datetime import date
from types import ModuleType
from typing import Any

from digests.segment import lines, markup, page_heads
from digests.segment.lines import Line
from digests.segment.model import Role
from tests.bench.segment_pages import Labelled, Source
from tests.bench.segment_styles import Style


def laid_out(
    module: ModuleType, style: Style, source: Source, pool: list[Source], rng: random.Random
) -> tuple[list[str], dict[int, Any], list[dict[str, Any]]]:
    """Return the lines of a composed file, the composer's row of each line number, and its pages."""
    day = date.fromisoformat(source["date"])
    first = source["page"] if source["page"] <= 16 else source["page"] - 12
    pages = []
    for k in range(style["pages"]):
        here = source if k == 0 else rng.choice(pool)
        here = {**here, "articles": here["articles"][:3]} if style["pages"] > 1 else here
        rows, told = module.compose(style, here, day, first + k, pool, rng)
        for row in rows:
            if row.owner is not None:
                row.owner["page"] = first + k
        parts = module.page_parts(style, day, first + k, style["sections"][0], random.Random(0))
        pages.append(
            {"rows": module.physical(rows, style, rng), "told": told, "day": day, "page": first + k, "parts": parts}
        )
    text, where = module.lay(pages, style, rng)
    return text, where, pages


def labelled(text: list[str], where: dict[int, Any]) -> list[Labelled]:
    """Return the lines of each printed page of a composed file with their roles."""
    marked = markup.plain_lines(lines.numbered_lines("\n".join(text)))
    found = []
    for part in page_heads.printed_pages(marked.lines):
        own = lines.join_wrapped(part.lines)
        found.append(_roles([line for line in own if line.first in where], where))
    return [page for page in found if page]


_HEADINGS = {
    "section": (Role.SECTION, Role.SECTION),
    "kicker": (Role.KICKER, Role.KICKER_ON),
    "headline": (Role.HEADLINE, Role.HEADLINE_ON),
    "deck": (Role.DECK, Role.DECK_ON),
}
_STANDALONE = {
    "caption": (Role.CAPTION, Role.CAPTION_ON),
    "notice": (Role.NOTICE, Role.NOTICE_ON),
    "box": (Role.NOTICE, Role.NOTICE_ON),
}


def _roles(own: list[Line], where: dict[int, Any]) -> Labelled:
    found: Labelled = []
    story: Any = None  # the owner of the current story
    open_box: Any = None  # the owner of the caption or notice whose lines are being read
    in_tail = False
    seen: set[int] = set()
    for at, line in enumerate(own):
        row = where[line.first]
        owner = row.owner
        if owner is None:
            found.append((line, Role.FURNITURE))
            continue
        if owner["class"] in _STANDALONE:
            first, further = _STANDALONE[owner["class"]]
            found.append((line, further if open_box is owner else first))
            open_box = owner
            continue
        is_new = id(owner) not in seen
        role = _story_role(row, is_new, found[-1][1] if found and not is_new else None, _heads_below(own, where, at))
        if not is_new and owner is not story:  # the rest of an article before
            role = Role.REST_ON if row.join and in_tail else Role.REST if in_tail else Role.TAIL
            in_tail = True
        else:
            story, in_tail = owner, False
        open_box = None
        seen.add(id(owner))
        found.append((line, role))
    return found


def _heads_below(own: list[Line], where: dict[int, Any], at: int) -> bool:
    """True if the line below is a heading of the same article."""
    below = where[own[at + 1].first] if at + 1 < len(own) else None
    return below is not None and below.owner is where[own[at].first].owner and below.role in _HEADINGS


def _story_role(row: Any, is_new: bool, before: Role | None, heads_below: bool) -> Role:
    if row.role in _HEADINGS:
        first, further = _HEADINGS[row.role]
        return further if before in (first, further) else first
    if row.role == "jump":
        return Role.SECTION if is_new and heads_below else Role.JUMP
    if is_new:
        return Role.OPENING
    if row.role in ("subhead", "byline"):
        return Role(row.role)
    return Role.BODY_ON if row.join else Role.BODY

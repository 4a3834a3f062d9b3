"""Roles by simple rules instead of the model, as a baseline: python -m tests.bench.segment_rules prints its figures.

segment_notes.md compares them with the model's.
"""

from collections.abc import Sequence
from unittest.mock import patch

from digests import segment
from digests.models import Page, ParsedPage
from digests.segment.layout import PageView, line_facts, wide_gaps
from digests.segment.lines import Line
from digests.segment.model import Role
from tests.bench import quality_pages
from tests.bench.tables import with_floors

MAX_HEADING_CHARS = 48

_BY_SIGN = {
    "countdown": Role.COUNTDOWN,
    "notice": Role.NOTICE,
    "folio": Role.FURNITURE,
    "jump": Role.JUMP,
    "byline": Role.BYLINE,
    "pictured": Role.CAPTION,
    "credited": Role.CAPTION,
    "from": Role.OPENING,
    "lead": Role.BODY,
}


def roles(lines: Sequence[Line]) -> list[Role]:
    """Return the role of each line of a page."""
    page = PageView([line_facts(line) for line in lines], wide_gaps(lines))
    found: list[Role] = []
    for at, line in enumerate(page.lines):
        if line.sign == "credit":
            found.append(Role.CAPTION_ON if found and found[-1] is Role.CAPTION else Role.CAPTION)
        elif line.sign:
            found.append(_BY_SIGN[line.sign])
        elif line.heading and line.length <= MAX_HEADING_CHARS:
            found.append(_heading(page, at))
        else:
            found.append(_body(page, at))
    return found


def _body(page: PageView, at: int) -> Role:
    """Return the role of a paragraph, which continues one that breaks off, also across a caption."""
    upper = page.text_before[at]
    open_end = upper is not None and page.run[upper] == page.run[at] and not page.lines[upper].closed
    return Role.BODY_ON if open_end else Role.BODY


def _heading(page: PageView, at: int) -> Role:
    """Return the role of a heading: one begins a story if the story above has ended or a lead follows."""
    place, size = page.place[at]
    above, below = page.story_before[at], page.sign_below(at)
    ended = above is None or page.lines[above].ends_story
    if page.run[at] not in page.first:
        return Role.LABEL
    if not ended and not below.endswith("!"):
        return Role.SUBHEAD
    run = page.lines[at - place : at - place + size]
    return _names([line.plain for line in run])[place]


def _names(run: Sequence[str]) -> list[Role]:
    """Return the roles of a run of headings, by their dashes and lengths."""
    if len(run) == 1:
        return [Role.HEADLINE]
    if len(run) > 2:
        return [Role.KICKER, Role.HEADLINE, *[Role.DECK] * (len(run) - 2)]
    upper, lower = run
    if lower.startswith("—"):
        return [Role.HEADLINE, Role.DECK]
    if not upper.endswith("—") and 0 <= len(lower) - len(upper) <= 1:
        return [Role.HEADLINE, Role.HEADLINE_ON]
    return [Role.KICKER, Role.HEADLINE]


def read(page: Page) -> ParsedPage:
    """Return the articles of `page` with roles by the rules."""
    with patch.object(segment, "_roles", lambda page_lines: (roles(page_lines), 1.0)):
        return segment.parse_page(page)


if __name__ == "__main__":
    print(with_floors(quality_pages.rows(read)))

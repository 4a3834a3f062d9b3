"""The model's competitor, roles by rules of thumb: python -m tests.bench.segment_rules prints its figures.

segment_notes.md sets them beside the model's.
"""

from collections.abc import Callable, Sequence
from unittest.mock import patch

from digests import segment
from digests.models import Page, Reading
from digests.segment import bylines, signs
from digests.segment.lines import Line, is_closed, split
from digests.segment.roles import Role
from tests.bench import quality_pages

_SHORT = 60

_ALONE: tuple[tuple[Role, Callable[[str], object]], ...] = (
    (Role.COUNTDOWN, lambda plain: len(plain) < _SHORT and signs.COUNTDOWN.match(plain)),
    (Role.NOTICE, signs.NOTICE.match),
    (Role.FURNITURE, lambda plain: len(plain) < _SHORT and signs.FOLIO.match(plain)),
    (Role.JUMP, signs.JUMP_TO.fullmatch),
    (Role.BYLINE, bylines.is_own_line),
    (Role.CAPTION, signs.PICTURED.match),
    (Role.CAPTION, lambda plain: len(plain) < 4 * _SHORT and signs.CREDIT.search(plain)),
    (Role.HEADLINE, lambda plain: len(plain) < _SHORT and not is_closed(plain)),
)


def roles(lines: Sequence[Line]) -> list[Role]:
    """The role of each line of a page."""
    found: list[Role] = []
    for at, line in enumerate(lines):
        role = next((role for role, sign in _ALONE if sign(line.plain)), None)
        found.append(role or _body(lines, at, found))
    return [_heading(lines, at, found) if role is Role.HEADLINE else role for at, role in enumerate(found)]


def _body(lines: Sequence[Line], at: int, before: Sequence[Role]) -> Role:
    """A paragraph goes on from one that has no end, also across a caption."""
    upper = next((k for k in range(at - 1, -1, -1) if before[k] is not Role.CAPTION), None)
    open_end = upper is not None and before[upper] in (Role.BODY, Role.BODY_ON) and not is_closed(lines[upper].plain)
    return Role.BODY_ON if open_end else Role.BODY


def _heading(lines: Sequence[Line], at: int, named: Sequence[Role]) -> Role:
    """The first of several headings leads; a short one between two paragraphs is a subhead."""
    above = named[at - 1] if at else None
    below = named[at + 1] if at + 1 < len(named) else None
    if above is Role.HEADLINE:
        return Role.DECK if lines[at].level != lines[at - 1].level else Role.HEADLINE_ON
    if above is Role.BODY and len(lines[at].plain) < _SHORT // 5:
        return Role.SUBHEAD if below is Role.BODY else Role.LABEL
    return Role.HEADLINE


def read(page: Page) -> Reading:
    """`page` taken apart by the rules, all other steps as they are."""
    with patch.object(segment.model, "decode", lambda features, weights: roles(split(page.text))):
        return segment.read(page)


if __name__ == "__main__":
    print(quality_pages.table(quality_pages.rows(read)))

"""Roles by rules of thumb."""

from collections.abc import Sequence

from digests.segment import bylines, signs
from digests.segment.lines import Line, is_closed
from digests.segment.roles import HEADINGS, Role


def roles(lines: Sequence[Line]) -> list[Role]:
    """The role of each line of a page."""
    found: list[Role] = []
    for at, line in enumerate(lines):
        found.append(_role(lines, at, found))
    return _name_headings(lines, found)


def _role(lines: Sequence[Line], at: int, before: list[Role]) -> Role:
    line = lines[at]
    plain = line.plain
    if signs.COUNTDOWN.match(plain) and len(plain) < 60:
        return Role.COUNTDOWN
    if signs.NOTICE.match(plain):
        return Role.NOTICE
    if signs.FOLIO.match(plain) and len(plain) < 60:
        return Role.FURNITURE
    if signs.JUMP_TO.fullmatch(plain):
        return Role.JUMP
    if bylines.is_own_line(plain):
        return Role.BYLINE
    if signs.ONLY_CREDIT.match(plain) and before and before[-1] is Role.CAPTION:
        return Role.CAPTION_ON
    if signs.PICTURED.match(plain) or (signs.CREDIT.search(plain) and len(plain) < 250):
        return Role.CAPTION
    if len(plain) < 60 and not is_closed(plain):
        return Role.HEADLINE
    previous = next((k for k in range(at - 1, -1, -1) if before[k] is not Role.CAPTION), None)
    if previous is not None and before[previous] in (Role.BODY, Role.BODY_ON) and not is_closed(lines[previous].plain):
        return Role.BODY_ON
    return Role.BODY


def _name_headings(lines: Sequence[Line], roles: list[Role]) -> list[Role]:
    """A short line between two paragraphs of which the second has no lead is a subhead; of two headings the first leads."""
    named = list(roles)
    for at, role in enumerate(roles):
        if role not in HEADINGS:
            continue
        following = roles[at + 1] if at + 1 < len(roles) else None
        if at and roles[at - 1] is Role.HEADLINE:
            named[at] = Role.DECK if lines[at].level != lines[at - 1].level else Role.HEADLINE_ON
        elif at and following in (Role.BODY, None) and len(lines[at].plain) < 12 and roles[at - 1] is Role.BODY:
            named[at] = Role.SUBHEAD if following else Role.LABEL
    return named

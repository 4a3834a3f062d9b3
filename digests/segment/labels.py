"""Whether the series labels of a page stand above or below their stories; one page has one way.

A label on top of the page stands above its story, one at its end below. Otherwise the page as a whole tells: where
stories came out torn, or without the lead and names that all others have, the columns were read out of order, and then
labels come after what they label.
"""

from collections.abc import Sequence

from digests.segment import bylines
from digests.segment.facts import facts
from digests.segment.lines import Line
from digests.segment.roles import ALONE, ASTRAY, HEADINGS, Role

_LABELS = (Role.SECTION, Role.LABEL)


def settle(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """The roles with all labels between two stories put on the page's side."""
    between = {at for at, role in enumerate(roles) if role in _LABELS and _is_between(roles, at)}
    if not between:
        return list(roles)
    role = Role.LABEL if _after(lines, roles) else Role.SECTION
    return [role if at in between else old for at, old in enumerate(roles)]


def _is_between(roles: Sequence[Role], at: int) -> bool:
    """Whether a heading follows, so that the label could belong to either story."""
    following = roles[at + 1 : at + 2]
    return bool(following) and following[0] in HEADINGS and at > 0


def _after(lines: Sequence[Line], roles: Sequence[Role]) -> bool:
    stories = [role for role in roles if role not in ALONE and role is not Role.FURNITURE]
    if stories and stories[0] in _LABELS:
        return False
    if stories and stories[-1] in _LABELS:
        return True
    return any(role in ASTRAY for role in roles) or _has_bare_story(lines, roles)


def _has_bare_story(lines: Sequence[Line], roles: Sequence[Role]) -> bool:
    """Whether a story has neither a lead nor names."""
    marked = True
    has_body = False
    for line, role in zip(lines, roles, strict=True):
        if role in HEADINGS and has_body:
            if not marked:
                return True
            marked, has_body = False, False
        elif role in HEADINGS:
            marked = False
        elif role not in ALONE and role not in _LABELS:
            has_body = True
            marked = marked or _is_marked(line)
    return has_body and not marked


def _is_marked(line: Line) -> bool:
    return facts(line).sign == "lead" or bool(bylines.of_story([line.text]))

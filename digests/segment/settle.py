"""What a model that goes line by line cannot see: roles that the page as a whole decides.

The series labels of a page stand either above or below their stories. A label on top of the page stands above its
story, one at its end below. Otherwise stories tell that came out torn, or without the lead or names that all others
have: there the columns were read out of order, and labels come after what they label.

A story that goes on on another page is over on this one, so a heading below it opens another story. And a lead (本报讯
...) stands at the beginning of a story and nowhere else, so what looks like a subhead right above it is a headline.
"""

from collections.abc import Sequence

from digests.segment import bylines
from digests.segment.facts import facts
from digests.segment.lines import Line
from digests.segment.roles import ALONE, ASTRAY, HEADINGS, Role

_LABELS = (Role.SECTION, Role.LABEL)


def settle(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """The roles with those that the page decides."""
    return _labels(lines, _above_leads(lines, _after_jumps(lines, roles)))


def _after_jumps(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """What looks like a subhead below a jump is the headline of the next story."""
    found: list[Role] = []
    jumped = False
    for line, role in zip(lines, roles, strict=True):
        found.append(Role.HEADLINE if jumped and role is Role.SUBHEAD else role)
        if role not in ALONE and role not in ASTRAY and role not in _LABELS:
            jumped = facts(line).jumps
    return found


def _above_leads(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """What looks like a subhead right above a lead is the headline of the lead's story."""
    found = list(roles)
    for at in range(len(roles) - 1, 0, -1):
        below_is_start = facts(lines[at]).sign == "lead" or found[at] in HEADINGS
        if roles[at - 1] is Role.SUBHEAD and roles[at] in (Role.BODY, Role.SUBHEAD) and below_is_start:
            found[at - 1] = Role.HEADLINE
    return found


def _labels(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """All labels between two stories on the page's side."""
    between = {at for at, role in enumerate(roles) if role in _LABELS and _is_between(roles, at)}
    if not between:
        return list(roles)
    side = Role.LABEL if _below(lines, roles) else Role.SECTION
    return [side if at in between else role for at, role in enumerate(roles)]


def _is_between(roles: Sequence[Role], at: int) -> bool:
    """Whether a heading follows, so that the label could belong to either story."""
    following = roles[at + 1 : at + 2]
    return bool(following) and following[0] in HEADINGS and at > 0


def _below(lines: Sequence[Line], roles: Sequence[Role]) -> bool:
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

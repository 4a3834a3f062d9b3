"""Which of two headings leads, where the model can hardly tell.

Of two headings above a story the upper may be its kicker or the lower its deck. Where the one is less than twice as
likely as the other, both together are given as the headline: nothing is lost, and nothing claimed.

What a model that goes line by line cannot see: roles that the page as a whole decides.

The series labels of a page stand either above or below their stories. A label on top of the page stands above its
story, one at its end below. Otherwise stories tell that came out torn, or without the lead or names that all others
have: there the columns were read out of order, and labels come after what they label.

A story that goes on on another page is over on this one, so a heading below it opens another story. And a lead (本报讯
...) stands at the beginning of a story and nowhere else, so what looks like a subhead right above it is a headline.
"""

from collections.abc import Sequence
from math import log

from digests.segment import bylines
from digests.segment.layout import line_facts
from digests.segment.lines import Line
from digests.segment.model import DISPLACED, HEADINGS, STANDALONE, Role, Weights, role_scores

_DOUBT = log(2)
_UPPER_LEADS = (Role.HEADLINE, Role.DECK)
_LOWER_LEADS = (Role.KICKER, Role.HEADLINE)
_BOTH = (Role.HEADLINE, Role.HEADLINE_ON)


def merge_doubtful_headings(page: Sequence[Sequence[str]], roles: Sequence[Role], weights: Weights) -> list[Role]:
    """The roles of lines with these features, doubtful pairs of headings made one headline."""
    found = list(roles)
    for at in range(len(roles) - 1):
        if _is_pair(roles, at) and abs(_balance(page, roles, weights, at)) < _DOUBT:
            found[at : at + 2] = _BOTH
    return found


def _is_pair(roles: Sequence[Role], at: int) -> bool:
    """Whether a kicker or deck and its headline stand at `at`, without a third heading."""
    above = at > 0 and roles[at - 1] in HEADINGS
    below = at + 2 < len(roles) and roles[at + 2] in HEADINGS
    return tuple(roles[at : at + 2]) in (_UPPER_LEADS, _LOWER_LEADS) and not above and not below


def _balance(page: Sequence[Sequence[str]], roles: Sequence[Role], weights: Weights, at: int) -> float:
    """By how much the upper is likelier to lead than the lower, as a logarithm."""
    number = {role: k for k, role in enumerate(weights.roles)}
    upper, lower = role_scores(page[at], weights), role_scores(page[at + 1], weights)

    def score(pair: tuple[Role, Role]) -> float:
        a, b = number[pair[0]], number[pair[1]]
        before = weights.steps[number[roles[at - 1]]][a] if at else 0.0
        after = weights.steps[b][number[roles[at + 2]]] if at + 2 < len(roles) else 0.0
        return before + upper[a] + weights.steps[a][b] + lower[b] + after

    return score(_UPPER_LEADS) - score(_LOWER_LEADS)


_LABELS = (Role.SECTION, Role.LABEL)


def apply_page_rules(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """The roles with those that the page decides."""
    return _labels(lines, _above_leads(lines, _after_jumps(lines, roles)))


def _after_jumps(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """What looks like a subhead below a jump is the headline of the next story."""
    found: list[Role] = []
    jumped = False
    for line, role in zip(lines, roles, strict=True):
        found.append(Role.HEADLINE if jumped and role is Role.SUBHEAD else role)
        if role not in STANDALONE and role not in DISPLACED and role not in _LABELS:
            jumped = line_facts(line).jumps
    return found


def _above_leads(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """What looks like a subhead right above a lead is the headline of the lead's story."""
    found = list(roles)
    for at in range(len(roles) - 1, 0, -1):
        below_is_start = line_facts(lines[at]).sign == "lead" or found[at] in HEADINGS
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
    stories = [role for role in roles if role not in STANDALONE and role is not Role.FURNITURE]
    if stories and stories[0] in _LABELS:
        return False
    if stories and stories[-1] in _LABELS:
        return True
    return any(role in DISPLACED for role in roles) or _has_bare_story(lines, roles)


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
        elif role not in STANDALONE and role not in _LABELS:
            has_body = True
            marked = marked or _is_marked(line)
    return has_body and not marked


def _is_marked(line: Line) -> bool:
    return line_facts(line).sign == "lead" or bool(bylines.story_reporters([line.text]))

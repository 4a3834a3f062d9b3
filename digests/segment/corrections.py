"""Correct the roles from the model by rules.

Two headings above a body are kicker and headline, or headline and deck. If neither reading is at least twice as likely
as the other, both lines become the headline.

Section labels are above their articles on some pages and below them on others. They are above if the first line of the
articles on the page is a label. Otherwise they are below if the last line is a label, or if the columns seem to have
been read out of order: an article continues after the beginning of the next, or has neither a lead nor reporters.

The part of an article on this page ends with the jump to another page, so a subhead right below a jump is the headline
of the next article.
A jump from another page above a heading belongs to the article below it. Short lines between an author and the next
signed title are verses. In Markdown, deeper headings below the only title of the page are subheads.
A lead (本报讯) begins an article, so a subhead right above a lead is the headline of its article, and likewise any
subheads directly above that subhead.
"""

from collections.abc import Sequence
from math import log

from digests.segment import bylines
from digests.segment.layout import line_facts
from digests.segment.lines import Line
from digests.segment.model import DISPLACED, HEADINGS, STANDALONE, Role, Scores, Weights
from digests.segment.printed_signs import JUMP_FROM, JUMP_TO

MIN_LOG_LIKELIHOOD_RATIO = log(2)
"""Below this, neither reading of two headings is clearly more likely."""

MIN_VERSES = 4
"""Fewer short lines between two authors may be headings."""

_HEADLINE_FIRST = (Role.HEADLINE, Role.DECK)
_HEADLINE_SECOND = (Role.KICKER, Role.HEADLINE)
_HEADLINE_ONLY = (Role.HEADLINE, Role.HEADLINE_ON)


def merge_doubtful_headings(emitted: Scores, roles: Sequence[Role], weights: Weights) -> list[Role]:
    """Return the roles; if the model is not sure about a pair of headings, both lines become the headline.

    `emitted` are the scores of each line.
    """
    found = list(roles)
    for at in range(len(roles) - 1):
        if _is_pair(roles, at) and abs(_balance(emitted, roles, weights, at)) < MIN_LOG_LIKELIHOOD_RATIO:
            found[at : at + 2] = _HEADLINE_ONLY
    return found


def _is_pair(roles: Sequence[Role], at: int) -> bool:
    """True if the two lines from `at` are a headline with its kicker or deck, without a third heading."""
    above = at > 0 and roles[at - 1] in HEADINGS
    below = at + 2 < len(roles) and roles[at + 2] in HEADINGS
    return tuple(roles[at : at + 2]) in (_HEADLINE_FIRST, _HEADLINE_SECOND) and not above and not below


def _balance(emitted: Scores, roles: Sequence[Role], weights: Weights, at: int) -> float:
    """Return the log-likelihood ratio of headline and deck to kicker and headline for the two lines from `at`."""
    number = {role: k for k, role in enumerate(weights.roles)}
    upper, lower = emitted[at], emitted[at + 1]

    def score(pair: tuple[Role, Role]) -> float:
        a, b = number[pair[0]], number[pair[1]]
        before = weights.steps[number[roles[at - 1]]][a] if at else 0.0
        after = weights.steps[b][number[roles[at + 2]]] if at + 2 < len(roles) else 0.0
        return before + upper[a] + weights.steps[a][b] + lower[b] + after

    return score(_HEADLINE_FIRST) - score(_HEADLINE_SECOND)


_LABELS = (Role.SECTION, Role.LABEL)


def apply_page_rules(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Return the roles corrected by the rules for jumps, leads and section labels."""
    roles = _below_lone_title(lines, _last_verses(lines, roles))
    return _unify_labels(lines, _above_leads(lines, _after_jumps(lines, _arrivals(lines, roles))))


def _last_verses(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Make the lines between an author and the title of the next signed piece verses.

    A line of names is an author, and the line above it the title; only short lines without full stops stand between.
    Where a headline follows the author, authors stand below their pieces.
    """
    found = list(roles)
    author: int | None = None
    for at, line in enumerate(lines):
        facts = line_facts(line)
        if facts.shape == "n" and roles[at] is Role.BYLINE:
            if author is not None and at - author - 2 >= MIN_VERSES and roles[author + 1] not in HEADINGS:
                found[author + 1 : at - 1] = [Role.BODY] * (at - author - 2)
                found[at - 1] = Role.HEADLINE
            author = at
        elif not facts.heading or line.level:
            author = None
    return found


def _below_lone_title(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Make headlines of deeper Markdown levels subheads if a single heading of the top level is above all of them.

    A headline with a lead or a byline right below it stays one.
    """
    levels = [line.level for line in lines if line.level]
    top = min(levels, default=0)
    if levels.count(top) != 1 or levels[0] != top:
        return list(roles)
    found = list(roles)
    begun = False
    for at, line in enumerate(lines):
        below = line_facts(lines[at + 1]) if at + 1 < len(lines) else None
        is_signed = below is None or below.sign in ("lead", "byline") or below.shape == "n" or below.heading
        if begun and line.level > top and found[at] is Role.HEADLINE and not is_signed:
            found[at] = Role.SUBHEAD
        begun = begun or roles[at] is Role.BODY
    return found


def _is_arrival(line: Line) -> bool:
    """True if the line only tells the page that an article continues from; 紧接 may also tell where one continues."""
    return bool(JUMP_FROM.fullmatch(line.plain)) and not JUMP_TO.fullmatch(line.plain)


def _arrivals(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Make 上接第一版 above a heading a label of the article below, and a subhead below it the headline.

    With text on the same line it opens an article without heading.
    """
    found = list(roles)
    for at in range(len(roles) - 1):
        facts = line_facts(lines[at])
        if facts.sign == "from" and facts.closed and not facts.jumps and found[at] in HEADINGS:
            found[at] = Role.OPENING
        if _is_arrival(lines[at]) and (found[at + 1] in HEADINGS or found[at + 1] is Role.SUBHEAD):
            found[at] = Role.SECTION
            if found[at + 1] is Role.SUBHEAD:
                found[at + 1] = Role.HEADLINE
    return found


def _after_jumps(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Make a subhead right below a jump the headline of the next article."""
    found: list[Role] = []
    jumped = False
    for line, role in zip(lines, roles, strict=True):
        found.append(Role.HEADLINE if jumped and role is Role.SUBHEAD else role)
        if role not in STANDALONE and role not in DISPLACED and role not in _LABELS:
            jumped = line_facts(line).jumps
    return found


def _above_leads(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Make a subhead right above a lead the headline of its article, and likewise any subheads directly above it."""
    found = list(roles)
    for at in range(len(roles) - 1, 0, -1):
        below_is_start = line_facts(lines[at]).sign == "lead" or found[at] in HEADINGS
        if roles[at - 1] is Role.SUBHEAD and roles[at] in (Role.BODY, Role.SUBHEAD) and below_is_start:
            found[at - 1] = Role.HEADLINE
    return found


def _unify_labels(lines: Sequence[Line], roles: Sequence[Role]) -> list[Role]:
    """Give all labels between two articles the same role: SECTION or LABEL."""
    between = {
        at for at, role in enumerate(roles) if role in _LABELS and _is_between(roles, at) and not _is_arrival(lines[at])
    }
    if not between:
        return list(roles)
    role_on_page = Role.LABEL if _are_labels_below(lines, roles) else Role.SECTION
    return [role_on_page if at in between else role for at, role in enumerate(roles)]


def _is_between(roles: Sequence[Role], at: int) -> bool:
    """True if a line precedes the label and a heading follows it, so that it may belong to either article."""
    following = roles[at + 1 : at + 2]
    return bool(following) and following[0] in HEADINGS and at > 0


def _are_labels_below(lines: Sequence[Line], roles: Sequence[Role]) -> bool:
    """True if the labels of the page are below their articles (see the module docstring)."""
    stories = [role for role in roles if role not in STANDALONE and role is not Role.FURNITURE]
    if stories and stories[0] in _LABELS:
        return False
    if stories and stories[-1] in _LABELS:
        return True
    return any(role in DISPLACED for role in roles) or _has_bare_story(lines, roles)


def _has_bare_story(lines: Sequence[Line], roles: Sequence[Role]) -> bool:
    """True if an article has neither a lead nor reporters."""
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
    """True if the line is a lead or names reporters."""
    return line_facts(line).sign == "lead" or bool(bylines.story_reporters([line.text]))

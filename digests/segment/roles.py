"""The second step's vocabulary: what part a line plays on its page.

A role says where its line belongs, too, so that a sequence of roles is a division into articles: the first heading
after a body opens a story, captions and notices stand for themselves and interrupt nothing, everything else belongs to
the story that is open.
"""

from enum import StrEnum


class Role(StrEnum):
    """The part of a line; `..._ON` goes on from the line of the same part before it."""

    SECTION = "section"  # a series label above its story
    LABEL = "label"  # a series label below its story
    KICKER = "kicker"
    KICKER_ON = "kicker+"
    HEADLINE = "headline"
    HEADLINE_ON = "headline+"
    DECK = "deck"
    DECK_ON = "deck+"
    OPENING = "opening"  # the first paragraph of a story that has no heading
    BODY = "body"
    BODY_ON = "body+"
    TAIL = "tail"  # goes on, in mid-sentence, from a story further up
    REST = "rest"  # the next paragraph of that story
    REST_ON = "rest+"
    SUBHEAD = "subhead"
    BYLINE = "byline"
    JUMP = "jump"
    CAPTION = "caption"
    CAPTION_ON = "caption+"
    NOTICE = "notice"
    NOTICE_ON = "notice+"
    COUNTDOWN = "countdown"
    FURNITURE = "furniture"


HEADINGS = frozenset(
    {Role.SECTION, Role.KICKER, Role.KICKER_ON, Role.HEADLINE, Role.HEADLINE_ON, Role.DECK, Role.DECK_ON}
)
"""Roles of lines above a body."""
ASTRAY = frozenset({Role.TAIL, Role.REST, Role.REST_ON})
"""Roles of lines that belong to a story further up."""
JOINED = frozenset({Role.BODY_ON, Role.TAIL, Role.REST_ON})
"""Roles of lines that go on in mid-paragraph."""
ALONE = {Role.CAPTION: Role.CAPTION_ON, Role.NOTICE: Role.NOTICE_ON, Role.COUNTDOWN: None}
"""Roles that open an article of their own which interrupts nothing, with the role that goes on from them."""

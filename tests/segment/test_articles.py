"""Lines with their roles to articles."""

from digests.segment.articles import group_lines
from digests.segment.lines import make_line
from digests.segment.model import Role


def grouped(*roles: Role) -> tuple[list[list[int]], list[int]]:
    drafts, furniture = group_lines([make_line(n, n, "字") for n in range(1, len(roles) + 1)], roles)
    return [[part.first for part, _ in draft.parts] for draft in drafts], [part.first for part in furniture]


def test_the_first_heading_after_a_body_opens_a_story() -> None:
    roles = (Role.KICKER, Role.HEADLINE, Role.DECK, Role.BODY, Role.SECTION, Role.HEADLINE, Role.BODY)
    assert grouped(*roles) == ([[1, 2, 3, 4], [5, 6, 7]], [])


def test_captions_and_notices_do_not_end_a_story() -> None:
    roles = (Role.HEADLINE, Role.CAPTION, Role.CAPTION_ON, Role.BODY, Role.NOTICE, Role.BODY_ON, Role.COUNTDOWN)
    assert grouped(*roles) == ([[1, 4, 6], [2, 3], [5], [7]], [])


def test_each_caption_and_each_notice_is_an_article_of_its_own() -> None:
    roles = (Role.CAPTION, Role.CAPTION, Role.NOTICE, Role.NOTICE, Role.NOTICE_ON)
    assert grouped(*roles) == ([[1], [2], [3], [4, 5]], [])


def test_a_tail_belongs_to_the_story_before_the_last() -> None:
    roles = (Role.HEADLINE, Role.BODY, Role.HEADLINE, Role.BODY, Role.TAIL, Role.REST, Role.BODY, Role.LABEL)
    assert grouped(*roles) == ([[1, 2, 5, 6], [3, 4, 7, 8]], [])


def test_lines_that_continue_nothing_begin_an_article() -> None:
    assert grouped(Role.TAIL, Role.CAPTION_ON, Role.BODY_ON) == ([[1, 2, 3]], [])
    assert grouped(Role.FURNITURE, Role.BODY, Role.OPENING, Role.FURNITURE) == ([[2], [3]], [1, 4])

"""How sure the division of a page into articles is."""

from math import log

import pytest

from digests import segment
from digests.models import Page
from digests.segment.certainty import certainty
from digests.segment.model import Role, Weights

ROLES = (Role.HEADLINE, Role.BODY)


def weights(*, again: float = 0.0) -> Weights:
    """Return weights without features; `again` is that of the step from headline to headline."""
    return Weights(ROLES, {}, ((again, 0.0), (0.0, 0.0)))


def test_it_is_the_expected_f1_of_the_boundaries() -> None:
    even = [[0.0, 0.0], [0.0, 0.0]]
    # The first line is a headline with 1/2; the second begins an article with 1/4: a headline below a body.
    assert certainty(even, [Role.HEADLINE, Role.BODY], weights()) == round(2 * 0.5 / (1 + 0.75), 3)
    assert certainty(even, [Role.BODY, Role.BODY], weights()) == 0.0


def test_the_steps_between_roles_count() -> None:
    even = [[0.0, 0.0], [0.0, 0.0]]
    # headline+headline has weight 2 of 5: the first line begins with 3/5, the second with 1/5.
    assert certainty(even, [Role.HEADLINE, Role.BODY], weights(again=log(2))) == round(2 * 0.6 / 1.8, 3)


def test_clear_scores_are_sure_and_no_lines_too() -> None:
    clear = [[30.0, 0.0], [0.0, 30.0], [30.0, 0.0], [0.0, 30.0]]
    assert certainty(clear, [Role.HEADLINE, Role.BODY] * 2, weights()) == 1.0
    assert certainty([], [], weights()) == 1.0


def test_very_large_scores_do_not_overflow() -> None:
    assert certainty([[9000.0, -9000.0]] * 3, [Role.HEADLINE] * 3, weights()) == 1.0


@pytest.mark.parametrize("text", ["", "石桥完工", "本报讯 石桥完工。"])
def test_every_page_has_a_structure_from_zero_to_one(text: str) -> None:
    assert 0.0 <= segment.parse_page(Page("page.txt", text)).structure <= 1.0

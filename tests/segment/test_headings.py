"""Pairs of headings that the model is not sure of."""

from math import log

from digests.segment.corrections import merge_doubtful_headings
from digests.segment.model import Role, Weights, line_scores

ROLES = (Role.KICKER, Role.HEADLINE, Role.HEADLINE_ON, Role.DECK, Role.BODY)
LEVEL = tuple((0.0,) * len(ROLES) for _ in ROLES)


def merged(kicker: float, deck: float, roles: list[Role]) -> list[Role]:
    weights = Weights(ROLES, {"upper": ((0, kicker),), "lower": ((3, deck),)}, LEVEL)
    page = [["upper"], ["lower"], ["text"]]
    return merge_doubtful_headings(line_scores(page[: len(roles)], weights), roles, weights)


def test_both_lines_are_the_headline_if_neither_order_is_twice_as_likely() -> None:
    for pair in ([Role.KICKER, Role.HEADLINE], [Role.HEADLINE, Role.DECK]):
        assert merged(1.0, 1.5, [*pair, Role.BODY]) == [Role.HEADLINE, Role.HEADLINE_ON, Role.BODY]


def test_a_clear_pair_is_not_changed() -> None:
    assert merged(2.0, 1.0, [Role.KICKER, Role.HEADLINE, Role.BODY])[:2] == [Role.KICKER, Role.HEADLINE]
    assert merged(1.0, 2.0, [Role.HEADLINE, Role.DECK])[:2] == [Role.HEADLINE, Role.DECK]


def test_three_headings_are_not_changed() -> None:
    roles = [Role.KICKER, Role.HEADLINE, Role.DECK]
    assert merged(1.0, 1.0, roles) == roles


def test_a_pair_is_merged_only_below_a_likelihood_ratio_of_two() -> None:
    pair = [Role.HEADLINE, Role.DECK]
    assert merged(0.0, log(2), pair) == pair
    assert merged(0.0, log(2) - 0.001, pair) == [Role.HEADLINE, Role.HEADLINE_ON]
    assert merged(log(2), 0.0, pair) == pair


def test_a_pair_below_a_body_is_merged_too() -> None:
    assert merged(0.0, 0.0, [Role.BODY, Role.KICKER, Role.HEADLINE]) == [Role.BODY, Role.HEADLINE, Role.HEADLINE_ON]

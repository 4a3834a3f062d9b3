"""The likelihood of cuts."""

import pytest

from digests.language.boundaries import Lattice, log_likelihood
from digests.language.person_names import shared_name_probability


def test_the_likelier_cut_tears_what_only_meets_by_accident() -> None:
    likelihoods = Lattice("这位校长治学严谨").span_likelihoods(3, 5)
    assert likelihoods.split > max(likelihoods.alone, likelihoods.covered)


def test_a_word_between_its_neighbours_stands_alone() -> None:
    likelihoods = Lattice("做好防汛准备").span_likelihoods(2, 4)
    assert likelihoods.alone > max(likelihoods.split, likelihoods.covered)


def test_a_longer_word_covers_and_is_named() -> None:
    likelihoods = Lattice("来到国防部大楼").span_likelihoods(2, 4)
    assert likelihoods.covered > likelihoods.alone
    assert likelihoods.cover == (2, 5)


def test_the_best_cut_is_as_likely_as_its_likeliest_kind() -> None:
    lattice = Lattice("做好防汛准备")
    likelihoods = lattice.span_likelihoods(2, 4)
    assert max(likelihoods.alone, likelihoods.covered, likelihoods.split) <= lattice.best


def test_the_edges_are_those_of_the_best_cut() -> None:
    lattice = Lattice("做好防汛准备")
    assert lattice.edges == {0, 2, 4, 6}
    assert lattice.span_likelihoods(2, 4).alone == pytest.approx(lattice.best)


def test_common_words_and_names_are_likelier() -> None:
    assert log_likelihood("中国") > log_likelihood("防汛") > log_likelihood("韦韬")
    assert shared_name_probability("王晓") > shared_name_probability("殷雪")

"""Word boundaries: the likelihood of cuts."""

import math

import pytest

from digests.language import words
from digests.language.boundaries import Lattice, log_likelihood
from digests.language.person_names import shared_name_probability


def test_the_best_cut_splits_characters_that_meet_by_accident() -> None:
    likelihoods = Lattice("这位校长治学严谨").span_likelihoods(3, 5)
    assert likelihoods.split > max(likelihoods.alone, likelihoods.covered)


def test_a_word_between_its_neighbours_is_likeliest_alone() -> None:
    likelihoods = Lattice("做好防汛准备").span_likelihoods(2, 4)
    assert likelihoods.alone > max(likelihoods.split, likelihoods.covered)


def test_a_longer_word_covers_the_stretch() -> None:
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


def _log_share(word: str) -> float:
    return math.log(words.frequency(word) / words.total_frequency())


def test_the_likelihood_of_a_word_is_its_share_of_the_corpus_and_an_unknown_word_counts_three() -> None:
    assert log_likelihood("防汛") == pytest.approx(_log_share("防汛"))
    assert log_likelihood("锂电池隔膜") == pytest.approx(math.log(3 / words.total_frequency()))


def test_likelihoods_of_words_add_up() -> None:
    likelihoods = Lattice("防汛准备").span_likelihoods(0, 2)
    assert likelihoods.alone == pytest.approx(_log_share("防汛") + _log_share("准备"))
    assert Lattice("防汛准备").best == pytest.approx(_log_share("防汛") + _log_share("准备"))
    assert Lattice("防汛准备").likelihood_with_word(0, 2, 200) == pytest.approx(
        math.log(200 / words.total_frequency()) + _log_share("准备")
    )


def test_a_character_that_the_dictionary_lacks_counts_once() -> None:
    assert Lattice("㐀㐀").best == pytest.approx(-2 * math.log(words.total_frequency()))


@pytest.mark.parametrize("unit", ["12", "12.5%", "约30年", "gdp", "三月", "5km"])
def test_numbers_with_their_unit_and_latin_words_are_one_word(unit: str) -> None:
    assert Lattice(unit).best == pytest.approx(math.log(0.001))


def test_words_of_four_characters_are_compounds_in_the_lattice() -> None:
    assert words.frequency("中华人民共和国") > 0
    lattice = Lattice("中华人民共和国")
    assert lattice.edges == {0, 2, 4, 7}
    assert (0, 7, "ns") in lattice.names


def test_the_names_of_a_clause_have_three_to_ten_characters() -> None:
    ten, eleven = "云南省楚雄彝族自治州", "克孜勒苏柯尔克孜自治州"
    assert words.tag(ten) == words.tag(eleven) == "ns"
    assert (0, 10, "ns") in Lattice(ten).names
    assert (0, 11, "ns") not in Lattice(eleven).names
    assert (0, 3, "ns") in Lattice("太原市").names
    assert Lattice("太原").names == []


def test_without_the_whole_the_clause_is_no_word() -> None:
    assert Lattice("防汛").edges == {0, 2}
    assert Lattice("防汛", whole=False).edges == {0, 1, 2}


def test_the_likelier_of_two_stretches_is_known() -> None:
    lattice = Lattice("这位校长治学严谨")
    assert lattice.is_likelier((2, 4), (3, 5))
    assert not lattice.is_likelier((3, 5), (2, 4))


def test_the_first_character_of_a_clause_can_stand_alone() -> None:
    likelihoods = Lattice("防汛准备").span_likelihoods(0, 1)
    assert likelihoods.alone == pytest.approx(_log_share("防") + _log_share("汛") + _log_share("准备"))
    assert likelihoods.cover == (0, 2)

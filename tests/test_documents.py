"""What the index keeps of an article."""

import pytest

from digests.search.schema import bigrams, sound_entries, unsegmented_bigrams


def test_all_pairs_of_a_clause_are_found_and_none_across_punctuation() -> None:
    assert list(bigrams("石桥完工，通车")) == ["石桥", "桥完", "完工", "通车"]


def test_a_character_that_stands_alone_makes_pairs_with_its_neighbours() -> None:
    assert {"殷雪", "雪嵩"} <= set(unsegmented_bigrams("记者殷雪嵩报道", frozenset()))


def test_the_seam_of_two_words_makes_no_pair_and_neither_does_punctuation() -> None:
    assert list(unsegmented_bigrams("防汛工作，会议", frozenset())) == []


def test_what_a_longer_word_is_made_of_are_pairs_but_for_its_known_words() -> None:
    assert list(unsegmented_bigrams("指挥部", {"指挥"})) == ["挥部"]


@pytest.mark.parametrize(("word", "kept"), [("银行", ["yinxing\t银行", "yinhang\t银行"]), ("桥", []), ("kpl", [])])
def test_a_word_of_hanzi_is_kept_behind_each_of_its_sounds(word: str, kept: list[str]) -> None:
    assert list(sound_entries(word)) == kept

"""Names of people and their printed forms."""

import pytest

from digests.language import person_names
from digests.language.characters import look_alikes, misread_position
from digests.language.person_names import name_variants, names_in, shared_name_probability


def test_a_rare_name_that_differs_in_one_character_is_one_name() -> None:
    forms = name_variants(["殷雪嵩", "殷雪莺", "殷雪莹", "梁涛"])
    assert forms["殷雪嵩"] == ("殷雪嵩", "殷雪莹", "殷雪莺")


def test_common_names_that_do_not_look_alike_are_two_people() -> None:
    assert name_variants(["王晓红", "王晓东", "李华", "李花"] + [f"张{a}{b}" for a in "文武" for b in "山水"]) == {}


def test_names_of_two_characters_have_no_variants() -> None:
    assert name_variants(["刘涛", "刘焘"]) == {}


def test_look_alikes_are_symmetrical() -> None:
    assert "莹" in look_alikes("莺")
    assert "莺" in look_alikes("莹")
    assert misread_position("太湖", "太原") is None
    assert misread_position("阴泉", "阳泉") == 0


def test_a_possible_name_has_a_surname_and_one_or_two_given_characters() -> None:
    found = {(start, end) for start, end, _ in names_in("见王晓红")}
    assert found == {(1, 3), (1, 4)}
    assert {(start, end) for start, end, _ in names_in("王晓")} == {(0, 2)}
    assert list(names_in("王1a")) == []


def test_the_likelihood_of_a_name_is_that_of_its_length_surname_and_given_characters() -> None:
    likelihoods = {end - start: round(likelihood, 4) for start, end, likelihood in names_in("王囗囗")}
    assert likelihoods == {2: -19.2635, 3: -34.1500}
    assert {end - start: round(likelihood, 4) for start, end, likelihood in names_in("王晓红")} == {
        2: -19.2635,
        3: -20.0437,
    }


def test_the_probability_that_another_name_begins_alike() -> None:
    names = ("王晓", "殷雪", "囗囗", "王")
    probabilities = [0.00014902559, 1.7430970e-06, 2.2036625e-09, 0.037970984]
    assert [shared_name_probability(name) for name in names] == pytest.approx(probabilities, rel=1e-6)


@pytest.mark.parametrize(
    ("other", "expected", "is_one"),
    [("殷雪莹", 0.0999, True), ("殷雪莹", 0.1001, False), ("殷雪梅", 0.00099, True), ("殷雪梅", 0.00101, False)],
)
@pytest.mark.parametrize("known", [2, 200, 300])
def test_two_forms_are_one_name_if_hardly_another_would_share_the_rest(
    monkeypatch: pytest.MonkeyPatch, other: str, expected: float, known: int, *, is_one: bool
) -> None:
    names = ["殷雪莺", other, *(f"{chr(0x5000 + n)}{chr(0x6000 + n)}{chr(0x7000 + n)}" for n in range(known - 2))]
    monkeypatch.setattr(person_names, "shared_name_probability", lambda _: expected / max(known, 200))
    assert ("殷雪莺" in name_variants(names)) == is_one


def test_the_rest_of_a_name_is_what_stands_beside_the_differing_character(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[str] = []
    monkeypatch.setattr(person_names, "shared_name_probability", lambda rest: rests.append(rest) or 1.0)
    name_variants(["殷雪莺", "殷雪莹"])
    name_variants(["阴雪莺", "阴霜莺"])
    assert rests == ["殷雪莹", "阴莺"]

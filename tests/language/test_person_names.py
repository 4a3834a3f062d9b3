"""One name printed in several ways."""

from digests.language.characters import look_alikes, misread_position
from digests.language.person_names import name_variants


def test_a_rare_name_that_differs_in_one_character_is_one_name() -> None:
    forms = name_variants(["殷雪嵩", "殷雪莺", "殷雪莹", "梁涛"])
    assert forms["殷雪嵩"] == ("殷雪嵩", "殷雪莹", "殷雪莺")


def test_common_names_that_do_not_look_alike_are_two_people() -> None:
    assert name_variants(["王晓红", "王晓东", "李华", "李花"] + [f"张{a}{b}" for a in "文武" for b in "山水"]) == {}


def test_names_of_two_characters_are_never_joined() -> None:
    assert name_variants(["刘涛", "刘焘"]) == {}


def test_looking_alike_goes_both_ways() -> None:
    assert "莹" in look_alikes("莺")
    assert "莺" in look_alikes("莹")
    assert misread_position("太湖", "太原") is None
    assert misread_position("阴泉", "阳泉") == 0

"""Characters: simplified forms, readings and look-alikes."""

import pytest

from digests.language.characters import (
    look_alikes,
    misread_position,
    pinyin_readings,
    simplified_forms,
)


def test_a_simplified_form_is_one_other_character() -> None:
    forms = simplified_forms()
    assert forms["雲"] == "云"
    assert "云" not in forms
    assert all(len(form) == 1 and form != char for char, form in forms.items())


def test_a_word_has_at_most_sixteen_readings_and_a_character_two() -> None:
    assert list(pinyin_readings("银行")) == ["yinxing", "yinhang"]
    assert list(pinyin_readings("和")) == ["he", "hu"]
    assert len(list(pinyin_readings("行行行行"))) == 16
    assert len(list(pinyin_readings("行行行行行"))) == 16
    assert list(pinyin_readings("a1")) == ["a1"]


def test_look_alikes_come_in_the_order_of_their_codes_without_the_character() -> None:
    alike = look_alikes("莺")
    assert list(alike) == sorted(set(alike))
    assert "莹" in alike
    assert "莺" not in alike
    assert look_alikes("a") == ""


@pytest.mark.parametrize(
    ("printed", "meant", "position"),
    [
        ("阴泉", "阳泉", 0),
        ("殷雪莺", "殷雪莹", 2),
        ("阳泉", "阳泉", None),
        ("太湖", "太原", None),
        ("阴泉市", "阳泉", None),
        ("第二次", "第三次", None),
        ("阴莺", "阳莹", None),
    ],
)
def test_one_look_alike_character_is_a_misreading(printed: str, meant: str, position: int | None) -> None:
    assert misread_position(printed, meant) == position

"""Near-duplicates: which article repeats another, with the exact limits of the measure."""

import zlib

import pytest

from digests.analysis import near_duplicates
from digests.analysis.near_duplicates import repeats, sketch
from digests.language.normal_form import normal_form
from digests.models import Article
from tests.invented import article

GARDEN = (
    "云河市首座雨水花园建成开放，花园可蓄积雨水八百吨，市民前来参观，孩子们在水池边观察水草和小鱼。"
    "园林部门介绍，花园种有睡莲、菖蒲和水杉，雨季里能收下附近三条街道的积水，旱季再用来浇灌草木。"
)
BRIDGE = (
    "石桥修缮工程下月开工，工期一百天，其间行人可走东边的便桥，车辆绕行河滨大街和学府大街。"
    "交通部门在路口加派人手，公共汽车改道行驶，沿线站点照常停靠，居民出行不受影响。"
)


def _article(*paragraphs: str, headline: str = "一件大事") -> Article:
    return article(headline=headline, paragraphs=paragraphs)


def _repeats(one: Article, other: Article) -> bool:
    return repeats(sketch(one), sketch(other))


def test_a_copy_with_other_punctuation_and_headline_repeats() -> None:
    assert _repeats(_article(GARDEN), _article(GARDEN.replace("，", "、"), headline="另一个标题"))


def test_a_shortened_copy_repeats_the_whole_article_and_not_the_other_way_round() -> None:
    assert _repeats(_article(GARDEN), _article(GARDEN, BRIDGE))
    assert not _repeats(_article(GARDEN, BRIDGE), _article(GARDEN))


def test_another_story_does_not_repeat() -> None:
    assert not _repeats(_article(GARDEN), _article(BRIDGE))


def test_a_copy_with_a_sentence_more_repeats() -> None:
    assert _repeats(_article(GARDEN + "完。"), _article(GARDEN))


def test_no_hashes_repeat_nothing() -> None:
    assert not repeats((), ())
    assert not repeats((), (1,))
    assert not repeats((1,), ())


FULL = tuple(range(100, 132))


@pytest.mark.parametrize(("shared", "is_repeated"), [(20, True), (19, True), (12, True), (11, False), (0, False)])
def test_six_tenths_of_the_compared_hashes_make_a_repetition(shared: int, is_repeated: bool) -> None:
    one = (*range(shared), *range(1000, 1020 - shared))
    other = (*range(20), 2000)
    assert len(one) == 20
    assert repeats(one, other) == is_repeated


@pytest.mark.parametrize(("compared", "is_repeated"), [(12, True), (11, False)])
def test_a_full_sketch_is_compared_only_up_to_its_last_hash_and_twelve_are_needed(
    compared: int,
    is_repeated: bool,
) -> None:
    cut = (*FULL[-compared:], *range(1000, 1032 - compared))
    assert len(cut) == near_duplicates.SKETCH_HASHES
    assert repeats(cut, FULL) == is_repeated
    assert repeats(FULL, cut) is (compared == 32)


def test_an_article_of_few_hashes_is_compared_if_all_of_them_can_be() -> None:
    assert repeats((1, 2, 3), (1, 2, 4, 5))
    assert not repeats((1, 2, 3), (1, 4, 5))
    assert not repeats((100, 101, 500), FULL)
    assert repeats((100, 101, 131), FULL)


def test_a_sketch_holds_the_smallest_hashes_of_shingles_that_begin_at_an_anchor() -> None:
    text = "abcdefgh" + "bcd" * 30
    shingles = {text[at : at + 6] for at, char in enumerate(text) if char in "aeiou"}
    assert sketch(_article(text)) == tuple(sorted(zlib.crc32(shingle.encode()) for shingle in shingles))
    assert sketch(_article("一" + "丁七万" * 30)) == tuple(
        sorted(zlib.crc32(shingle.encode()) for shingle in ("一丁七万丁七",))
    )


def test_a_sketch_has_at_most_thirty_two_hashes_in_ascending_order() -> None:
    text = "".join(char for char in map(chr, range(0x4E00, 0x5800)) if normal_form(char) == char)
    shingles = [text[at : at + 6] for at, char in enumerate(text) if ord(char) % 8 == 0]
    assert len(shingles) > 32
    assert sketch(_article(text)) == tuple(sorted(zlib.crc32(shingle.encode()) for shingle in shingles)[:32])


def test_a_body_of_sixty_letters_counts_as_a_whole_with_its_title_and_one_of_sixty_one_by_its_shingles() -> None:
    short, long = "丁" * 60, "丁" * 61
    assert sketch(_article(short, headline="标题")) == (zlib.crc32(f"标题{short}".encode()),)
    assert sketch(_article(long, headline="标题")) == (zlib.crc32(long.encode()),)


def test_width_case_traditional_forms_and_punctuation_make_no_difference() -> None:
    assert sketch(_article("ＡＢ，" + GARDEN.replace("云", "雲"))) == sketch(_article("ab" + GARDEN))


def test_two_short_texts_repeat_each_other_only_if_they_are_equal() -> None:
    assert repeats((7,), (7,))
    assert not repeats((7,), (8,))

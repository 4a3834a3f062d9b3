"""Articles that say the same, and articles that go on with the same story."""

from digests.analysis import near_duplicates
from digests.language import words
from tests.invented import article

TEXT = "云河市首座雨水花园建成开放，花园可蓄积雨水八百吨，市民前来参观，孩子们在水池边观察水草和小鱼。"
OTHER = "石桥修缮工程下月开工，工期一百天，其间行人可走东边的便桥，车辆绕行河滨大街和学府大街。"


def _runs(*paragraphs: str) -> frozenset[str]:
    return near_duplicates.runs(words.cut_article(article(paragraphs=paragraphs)))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return near_duplicates.same(len(one & other), min(len(one), len(other)))


def test_a_copy_with_other_signs_is_the_same() -> None:
    assert _same(_runs(TEXT), _runs(TEXT.replace("，", "、")))


def test_a_shortened_copy_is_the_same() -> None:
    assert _same(_runs(TEXT, OTHER), _runs(TEXT))


def test_another_story_is_not_the_same() -> None:
    assert not _same(_runs(TEXT), _runs(OTHER))
    assert not near_duplicates.same_sketch(near_duplicates.sketch(_runs(TEXT)), near_duplicates.sketch(_runs(OTHER)))


def test_sketches_of_a_copy_agree() -> None:
    assert near_duplicates.same_sketch(
        near_duplicates.sketch(_runs(TEXT)), near_duplicates.sketch(_runs(TEXT + "完。"))
    )


def test_what_has_no_words_is_like_nothing() -> None:
    assert not near_duplicates.same(0, 0)
    assert not near_duplicates.same_sketch((), ())
    assert near_duplicates.likeness((), ("雨水",)) == 0.0


def test_one_story_goes_on_where_most_keywords_are_shared() -> None:
    assert near_duplicates.goes_on(("雨水花园", "云河", "开放", "水池"), ("雨水花园", "云河", "开放", "扩建"))
    assert not near_duplicates.goes_on(("开放", "云河"), ("开放", "云河"))  # two plain words are an accident
    assert not near_duplicates.goes_on(("石桥", "开工"), ("雨水花园", "云河", "开放"))

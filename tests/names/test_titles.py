"""The titles printed with a person's name."""

import pytest

from digests.names.titles import titles_in, titles_of
from tests.invented import article


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("县委常委、云河县县长方小满出席。", ("县委常委、云河县县长",)),
        ("“园林局局长方小满”昨日到场。", ("园林局局长",)),
        ("国家发展和改革委员会主任方小满出席。", ("国家发展和改革委员会主任",)),
        ("吴秋白主席和县长方小满出席。", ("县长",)),
        ("方小满教授到场。", ("教授",)),
        ("方小满是云河书画协会会员。", ("云河书画协会会员",)),
        ("方小满到凤山村担任第一书记。", ("第一书记",)),
        ("方小满是公司派往村里的一名老师。", ("老师",)),
        ("作为食品安全负责人，方小满天天加班。", ("食品安全负责人",)),
        ("书画家吴秋白、方小满到场。", ("书画家",)),
        ("县长李明。方小满会见了县长。", ()),
        ("记者方小满报道。", ()),
        ("方小满走过花园。", ()),
    ],
)
def test_a_title_stands_before_or_after_the_name_or_is_said_of_it(text: str, titles: tuple[str, ...]) -> None:
    assert titles_in(text, "方小满") == titles


def test_the_longer_of_two_overlapping_titles_is_told() -> None:
    assert titles_in("云河县县长方小满到场。县长方小满说。", "方小满") == ("云河县县长",)


def test_a_name_is_searched_for_literally() -> None:
    assert titles_in("县长方小满。", "方.*") == ()


def test_titles_have_at_most_thirty_characters() -> None:
    assert titles_in("云河" * 14 + "县长方小满。", "方小满") == ("云河" * 14 + "县长",)
    assert titles_in("云河" * 15 + "县长方小满。", "方小满") == ("云河" * 14 + "县长",)


def _titles(*texts: str) -> tuple[str, ...]:
    told = [article(id=f"{n:05}-aaaaa", headline=None, paragraphs=(text,)) for n, text in enumerate(texts)]
    return titles_of("方小满", told)


def test_the_title_of_more_articles_comes_first_however_often_an_article_repeats_another() -> None:
    assert _titles("副县长方小满。副县长方小满。副县长方小满。", "县长方小满。", "县长方小满。") == ("县长", "副县长")


def test_titles_that_are_printed_together_are_told_one_by_one() -> None:
    assert _titles("县委副书记、县长方小满。", "县长方小满。") == ("县长", "县委副书记")


def test_the_four_most_frequent_titles_are_told() -> None:
    titles = ("县长", "书记", "院长", "馆长", "会长")
    texts = [f"{title}方小满。" for count, title in enumerate(titles) for _ in range(count + 1)]
    assert _titles(*texts) == ("会长", "馆长", "院长", "书记")

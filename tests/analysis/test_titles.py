"""The titles before a person's name."""

from digests.analysis.names import titles_of
from tests.invented import article


def _titles(*texts: str) -> tuple[str, ...]:
    return titles_of(
        "方小满", [article(id=f"{n:05}-aaaaa", headline=None, paragraphs=(text,)) for n, text in enumerate(texts)]
    )


def test_a_title_before_the_name_includes_the_body_it_belongs_to() -> None:
    assert _titles("县委常委、云河县县长方小满出席。") == ("云河县县长",)
    assert _titles("“园林局局长方小满”昨日到场。") == ("园林局局长",)


def test_the_title_of_more_articles_comes_first_however_often_an_article_repeats_another() -> None:
    assert _titles("副县长方小满。副县长方小满。副县长方小满。", "县长方小满。", "县长方小满。") == ("县长", "副县长")


def test_a_title_behind_the_name_or_of_another_person_is_left_out() -> None:
    assert _titles("方小满会见了县长。", "县长李明、方小满。", "县长 方小满。") == ()


def test_vague_titles_are_left_out() -> None:
    assert _titles("居民方小满说。", "记者方小满报道。", "代表方小满发言。") == ()


def test_a_name_is_searched_for_literally() -> None:
    assert titles_of("方.*", [article(paragraphs=("县长方小满。",))]) == ()


def test_a_title_has_at_most_fourteen_characters() -> None:
    assert _titles("云河云河云河云河云河云河县长方小满。") == ("云河云河云河云河云河云河县长",)
    assert _titles("云河云河云河云河云河云河云县长方小满。") == ()


def test_the_four_most_frequent_titles_are_told() -> None:
    titles = ("县长", "书记", "院长", "馆长", "会长")
    texts = [f"{title}方小满。" for count, title in enumerate(titles) for _ in range(count + 1)]
    assert _titles(*texts) == ("会长", "馆长", "院长", "书记")

"""Who somebody is: the titles that stand before a name."""

from digests.analysis.names import titles_of
from tests.invented import article


def told(*said: str) -> tuple[str, ...]:
    return titles_of(
        "方小满", [article(id=f"{n:05}-aaaaa", headline=None, paragraphs=(one,)) for n, one in enumerate(said)]
    )


def test_a_title_before_the_name_is_told_with_what_belongs_to_it() -> None:
    assert told("县委常委、云河县县长方小满出席。") == ("云河县县长",)
    assert told("“园林局局长方小满”昨日到场。") == ("园林局局长",)


def test_what_is_said_in_more_articles_stands_first_however_often_one_repeats_it() -> None:
    assert told("副县长方小满。副县长方小满。副县长方小满。", "县长方小满。", "县长方小满。") == ("县长", "副县长")


def test_a_title_behind_the_name_or_of_somebody_else_is_none() -> None:
    assert told("方小满会见了县长。", "县长李明、方小满。", "县长 方小满。") == ()


def test_words_that_say_too_little_are_no_titles() -> None:
    assert told("居民方小满说。", "记者方小满报道。", "代表方小满发言。") == ()


def test_a_name_with_signs_of_its_own_is_looked_for_as_it_is() -> None:
    assert titles_of("方.*", [article(paragraphs=("县长方小满。",))]) == ()


def test_a_title_has_at_most_fourteen_characters() -> None:
    assert told("云河云河云河云河云河云河县长方小满。") == ("云河云河云河云河云河云河县长",)
    assert told("云河云河云河云河云河云河云县长方小满。") == ()


def test_the_four_most_frequent_titles_are_told() -> None:
    titles = ("县长", "书记", "院长", "馆长", "会长")
    texts = [f"{title}方小满。" for count, title in enumerate(titles) for _ in range(count + 1)]
    assert told(*texts) == ("会长", "馆长", "院长", "书记")

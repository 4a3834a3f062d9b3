"""People, places and organisations of an article."""

import pytest

from digests.analysis import names
from digests.models import Reporter
from tests.invented import article


def _names(*paragraphs: str, **said: object) -> names.Names:
    return names.find_names(article(headline="", paragraphs=paragraphs, **said))


@pytest.mark.parametrize("text", ["市长陈小满到现场检查。", "陈小满说，花园开放了。", "陈小满局长到现场检查。"])
def test_a_title_or_a_verb_of_saying_shows_a_person(text: str) -> None:
    assert _names(text).people == ("陈小满",)


def test_who_is_listed_with_a_person_is_one_too() -> None:
    assert set(_names("市长陈小满、吴秋白到现场检查。").people) == {"陈小满", "吴秋白"}


def test_an_ordinary_word_that_begins_with_a_surname_is_no_person() -> None:
    assert _names("高端化的蓝图已经画好，高新区建起来了。").people == ()


def test_reporters_are_not_among_the_people() -> None:
    told = _names("记者陈小满介绍了花园。", reporters=(Reporter("陈小满"),))
    assert told.people == ()


def test_a_place_is_told_with_its_last_word() -> None:
    assert "万柏林区" in _names("万柏林区新建一座花园。").places


def test_what_the_dictionary_takes_for_a_place_and_is_none_is_left_out() -> None:
    assert _names("产品新鲜，合作有深度，工作人员上门。").places == ()


@pytest.mark.parametrize("name", ["云河园林集团", "云河水务有限公司", "市水务局", "云河大学"])
def test_an_organisation_is_told_whole(name: str) -> None:
    assert name in _names(f"近日，{name}发布消息。").organisations


def test_a_last_word_alone_is_no_organisation() -> None:
    assert _names("公司发布消息，医院也发布消息。").organisations == ()


def test_what_the_archive_has_seen_is_known_without_company() -> None:
    known = names.Names(people=("欧阳青",))
    assert "欧阳青" not in _names("欧阳青走过花园。").people
    assert (
        "陈小满"
        in names.find_names(
            article(headline="", paragraphs=("陈小满走过花园。",)), known=names.KnownNames(people=frozenset({"陈小满"}))
        ).people
    )
    assert known.people == ("欧阳青",)


def test_the_oftenest_name_comes_first() -> None:
    told = _names("市长陈小满、书记吴秋白检查花园。吴秋白说，花园很好。吴秋白要求开放。")
    assert told.people[0] == "吴秋白"


def test_an_article_without_words_names_nobody() -> None:
    assert _names() == names.Names()


def test_a_name_of_an_organisation_has_at_most_eighteen_characters() -> None:
    assert _names("云河云河云河云河云河云河云河云河大学。").organisations == ("云河云河云河云河云河云河云河云河大学",)
    assert _names("云河云河云河云河云河云河云河云河云河大学。").organisations == (
        "云河云河云河云河云河云河云河云河大学",
    )

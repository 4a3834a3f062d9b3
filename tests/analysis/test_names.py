"""People, places and organisations of an article."""

import pytest

from digests.analysis import names
from digests.models import Reporter
from tests.invented import article


def _names(*paragraphs: str, **fields: object) -> names.Names:
    return names.find_names(article(headline="", paragraphs=paragraphs, **fields))


@pytest.mark.parametrize("text", ["市长陈小满到现场检查。", "陈小满说，花园开放了。", "陈小满局长到现场检查。"])
def test_a_title_or_a_verb_of_saying_shows_a_person(text: str) -> None:
    assert _names(text).people == ("陈小满",)


def test_a_name_listed_with_a_person_is_a_person() -> None:
    assert set(_names("市长陈小满、吴秋白到现场检查。").people) == {"陈小满", "吴秋白"}


def test_an_ordinary_word_that_begins_with_a_surname_is_no_person() -> None:
    assert _names("高端化的蓝图已经画好，高新区建起来了。").people == ()


def test_reporters_are_not_among_the_people() -> None:
    found = _names("记者陈小满介绍了花园。", reporters=(Reporter("陈小满"),))
    assert found.people == ()


def test_the_name_of_a_place_includes_its_last_word() -> None:
    assert "万柏林区" in _names("万柏林区新建一座花园。").places


def test_words_that_the_dictionary_wrongly_tags_as_places_are_left_out() -> None:
    assert _names("产品新鲜，合作有深度，工作人员上门。").places == ()


@pytest.mark.parametrize("name", ["云河园林集团", "云河水务有限公司", "市水务局", "云河大学"])
def test_the_name_of_an_organisation_is_whole(name: str) -> None:
    assert name in _names(f"近日，{name}发布消息。").organisations


def test_a_last_word_alone_is_no_organisation() -> None:
    assert _names("公司发布消息，医院也发布消息。").organisations == ()


def test_names_that_the_archive_has_seen_need_no_context() -> None:
    known = names.Names(people=("欧阳青",))
    assert "欧阳青" not in _names("欧阳青走过花园。").people
    assert (
        "陈小满"
        in names.find_names(
            article(headline="", paragraphs=("陈小满走过花园。",)), known=names.KnownNames(people=frozenset({"陈小满"}))
        ).people
    )
    assert known.people == ("欧阳青",)


def test_the_most_frequent_name_comes_first() -> None:
    found = _names("市长陈小满、书记吴秋白检查花园。吴秋白说，花园很好。吴秋白要求开放。")
    assert found.people[0] == "吴秋白"


def test_an_article_without_words_names_nobody() -> None:
    assert _names() == names.Names()


def test_a_name_of_an_organisation_has_at_most_eighteen_characters() -> None:
    assert _names("云河云河云河云河云河云河云河云河大学。").organisations == ("云河云河云河云河云河云河云河云河大学",)
    assert _names("云河云河云河云河云河云河云河云河云河大学。").organisations == (
        "云河云河云河云河云河云河云河云河大学",
    )


def test_letter_spaced_names_are_names() -> None:
    plain = _names("市长张伟说，防汛工作要抓紧。市委书记习近平出席会议。")
    assert _names("市长张 伟说，防汛工作要抓紧。市委书记习 近 平出席会议。") == plain
    assert plain.people == ("张伟", "习近平")

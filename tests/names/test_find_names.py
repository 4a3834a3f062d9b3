"""People, places and organisations of articles."""

import pytest

from digests import names
from digests.models import Article, Reporter
from digests.names import Names, find_names
from tests.invented import article


def _names(*paragraphs: str, **fields: object) -> Names:
    (found,) = find_names([article(headline="", paragraphs=paragraphs, **fields)])
    return found


@pytest.mark.parametrize("text", ["市长陈小满到现场检查。", "陈小满说，花园开放了。", "陈小满局长到现场检查。"])
def test_a_title_or_a_verb_of_saying_shows_a_person(text: str) -> None:
    assert _names(text).people == ("陈小满",)


def test_a_name_listed_with_a_person_is_a_person() -> None:
    assert set(_names("市长陈小满、吴秋白到现场检查。").people) == {"陈小满", "吴秋白"}


def test_an_ordinary_word_that_begins_with_a_surname_is_no_person() -> None:
    assert _names("高端化的蓝图已经画好，高新区建起来了。").people == ()


def test_reporters_are_not_among_the_people() -> None:
    assert _names("记者陈小满介绍了花园。", reporters=(Reporter("陈小满"),)).people == ()


def test_letter_spaced_names_are_names() -> None:
    plain = _names("市长张伟说，防汛工作要抓紧。市委书记习近平出席会议。")
    assert _names("市长张 伟说，防汛工作要抓紧。市委书记习 近 平出席会议。") == plain
    assert plain.people == ("张伟", "习近平")


def test_the_most_frequent_name_comes_first() -> None:
    found = _names("市长陈小满、书记吴秋白检查花园。吴秋白说，花园很好。吴秋白要求开放。")
    assert found.people == ("吴秋白", "陈小满")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("万柏林区新建一座花园。", ("万柏林区",)),
        ("活动在吉林长春举行。", ("吉林", "长春")),
        ("安徽省黄山市派人参加。", ("安徽省", "黄山市")),
        ("龙城大街今日通车。", ("龙城大街",)),
        ("经北街、太榆路年底完工。", ("经北街", "太榆路")),
        ("本报合肥6月4日电 会议今日召开。", ("合肥",)),
        ("产品新鲜，合作有深度，工作人员上门。", ()),
        ("花园示范县建设启动。", ()),
        ("开发区新建一座花园。", ()),
    ],
)
def test_places_are_found_whole_and_one_by_one(text: str, places: tuple[str, ...]) -> None:
    assert _names(text).places == places


@pytest.mark.parametrize("name", ["云河园林集团", "云河水务有限公司", "市水务局", "云河市公安局滨河分局", "国务院"])
def test_the_name_of_an_organisation_is_whole(name: str) -> None:
    assert _names(f"近日，{name}发布消息。").organisations == (name,)


def test_an_ending_alone_is_no_organisation() -> None:
    assert _names("公司发布消息，医院也发布消息。").organisations == ()


@pytest.mark.parametrize("text", ["", " ", "\U0001f600", "，。", "\ud800", "A"])
def test_a_text_without_names_names_nobody(text: str) -> None:
    assert _names(text) == Names()
    assert find_names([article(headline=None, paragraphs=())]) == [Names()]


def test_the_names_of_an_article_do_not_depend_on_the_articles_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "市长陈小满检查云河水务有限公司。",
        "吴秋白说，万柏林区很好。",
        "",
        "吴秋白。",
        "法国总统会见让·皮埃尔一行。",
    ]
    told = [Article(f"{n}", None, (text,)) for n, text in enumerate(texts)]
    alone = [found for each in told for found in find_names([each])]
    assert find_names(told) == alone
    assert find_names(told[::-1]) == alone[::-1]
    monkeypatch.setattr(names, "BATCH_CHARS", 20)
    assert find_names(told) == alone


def test_only_the_beginning_of_a_long_body_is_searched() -> None:
    told = article(headline="", paragraphs=("花园" * 10, "市长陈小满到场。"))
    assert find_names([told], max_body_chars=20)[0].people == ()
    assert find_names([told], max_body_chars=30)[0].people == ("陈小满",)

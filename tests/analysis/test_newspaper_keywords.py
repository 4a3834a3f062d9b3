"""Keywords of a newspaper's article."""

import math

import pytest

from digests.analysis import newspaper_keywords
from digests.analysis.newspaper_keywords import candidates, editors_keywords, is_of_newspaper, keywords_of
from digests.models import Article, Keyword, Reporter
from digests.names import Names
from tests.invented import article

STORY = article(
    headline="云河市首座雨水花园建成开放",
    paragraphs=(
        "3月4日，云河市首座“雨水花园”在滨河区建成开放。雨水花园由云河水务有限公司建设。",
        "市长陈小满到场。雨水花园年底前再建两座，海绵城市建设加快。",
    ),
)
NAMED = Names(("陈小满",), ("云河市", "滨河区"), ("云河水务有限公司",))


def _features(written: str, told: Article = STORY, named: Names = NAMED) -> dict[str, float]:
    row = dict(candidates(told, named))[written]
    return dict(zip(newspaper_keywords.FEATURE_WEIGHTS, row, strict=True))


def test_an_editor_lists_the_subject_and_the_names_that_matter() -> None:
    listed = [keyword.text for keyword in editors_keywords(STORY, NAMED)]
    assert 5 <= len(listed) <= 8
    assert {"雨水花园", "云河市", "滨河区"} <= set(listed[:5])


def test_keywords_come_by_descending_weight_and_do_not_overlap() -> None:
    found = editors_keywords(STORY, NAMED, 30)
    assert [keyword.weight for keyword in found] == sorted((keyword.weight for keyword in found), reverse=True)
    assert sum(keyword.weight for keyword in found) <= 1
    assert not any(one.text in other.text for one in found for other in found if one is not other)


def test_the_limit_holds() -> None:
    assert len(editors_keywords(STORY, NAMED, 3)) == 3


def test_a_text_without_words_has_no_keywords() -> None:
    assert editors_keywords(article(headline="", paragraphs=("。",)), Names()) == ()


def test_the_features_of_a_name() -> None:
    found = _features("滨河区")
    assert (found["place"], found["person"], found["organisation"]) == (True, False, False)
    assert (found["first of its kind"], found["name in the heading"]) == (False, False)
    assert found["occurrences of a name"] == found["occurrences"] == math.log(2)
    assert found["position of a name"] == found["position"] > 0
    assert _features("云河市")["first of its kind"] is True
    assert _features("云河市")["name in the heading"] is True
    assert _features("陈小满")["person"] is True
    assert _features("云河水务有限公司")["organisation"] is True


def test_the_features_of_a_phrase() -> None:
    found = _features("雨水花园")
    assert (found["in the heading"], found["quoted"], found["in the lead"]) == (True, True, True)
    assert found["occurrences"] == math.log(5)
    assert (found["one word"], found["four characters"], found["three characters"]) == (False, True, False)
    assert found["position of a name"] == 0.0
    assert found["part of a name"] is False


def test_a_word_inside_a_name_and_a_phrase_around_one_are_told_apart() -> None:
    assert _features("滨河", named=Names(places=("滨河区",)), told=_told("滨河区的滨河很美，滨河区的滨河很长。"))[
        "part of a name"
    ]
    assert _features("云河大学生", told=_told("“云河大学生”来了。"), named=Names(places=("云河",)))["holds a name"]


def _told(text: str) -> Article:
    return article(headline="花园", paragraphs=(text,))


def test_a_compound_of_two_nouns_that_stands_once_in_the_body_is_a_candidate() -> None:
    assert _features("海绵城市")["compound"] or _features("海绵城市")["one word"]
    assert "城市建设" in dict(candidates(_told("今年城市建设加快，防雷设备更新。第二段。"), Names()))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Article("a", "题", ("正文。",), page=1), True),
        (Article("a", "题", ("正文。",), reporters=(Reporter("王伟"),)), True),
        (Article("a", "题", ("本报讯 正文。",)), True),
        (Article("a", "题", ("图为会场。",)), True),
        (Article("a", "题", ("正文。（王伟）",)), True),
        (Article("a", "题", ("正文。", "制图：王伟")), True),
        (Article("a", "题", ("今年我市新建三座花园。",)), True),
        (Article("a", "题", ("某某台消息：正文。",)), False),
        (Article("a", "题", ("正文。",)), False),
        (Article("a", None, ()), False),
    ],
)
def test_a_newspaper_shows_by_its_page_or_by_what_it_prints(told: Article, expected: bool) -> None:
    assert is_of_newspaper(told) is expected


def test_other_texts_keep_the_weights_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newspaper_keywords, "article_keywords", lambda *_: (Keyword("其他", 1.0),))
    plain = Article("a", "花园", ("正文。",))
    assert keywords_of(plain, Names()) == (Keyword("其他", 1.0),)
    assert keywords_of(Article("a", "花园", ("正文。",), page=1), Names()) != (Keyword("其他", 1.0),)

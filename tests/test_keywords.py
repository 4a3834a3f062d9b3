"""Keywords of an article and of an issue."""

from digests import keywords
from tests.invented import article

STORY = article(
    headline="雨水花园走进社区",
    paragraphs=(
        "本报讯 云河市雨水花园项目近日开工。雨水花园可以蓄水，也可以净化空气。",
        "会议要求，各部门要做好工作，推动雨水花园建设。",
    ),
)


def test_neighbouring_words_that_keep_company_are_listed_as_one_phrase() -> None:
    assert keywords.of_article(STORY)[0].text == "雨水花园"


def test_no_part_of_a_chosen_phrase_stands_beside_it() -> None:
    listed = [keyword.text for keyword in keywords.of_article(STORY)]
    assert not [a for a in listed for b in listed if a != b and a in b]


def test_what_every_page_says_is_no_keyword() -> None:
    listed = {keyword.text for keyword in keywords.of_article(STORY, limit=30)}
    assert not listed & {"会议", "工作", "部门", "本报讯"}


def test_the_weightiest_comes_first_and_weights_are_shares() -> None:
    weights = [keyword.weight for keyword in keywords.of_article(STORY)]
    assert weights == sorted(weights, reverse=True)
    assert 0 < sum(weights) <= 1


def test_an_article_without_words_has_no_keywords() -> None:
    assert keywords.of_article(article(headline="", paragraphs=("。",))) == ()


def test_an_issue_lists_what_several_stories_share_before_what_one_says_often() -> None:
    long_story = article(headline="石桥修缮", paragraphs=("石桥修缮工程完工。" * 40,))
    floods = [article(headline="防汛演练", paragraphs=("各区开展防汛演练，检查排水泵站。" * 8,)) for _ in range(3)]
    listed = [keyword.text for keyword in keywords.of_issue([long_story, *floods])]
    assert listed.index("防汛演练") < next(n for n, text in enumerate(listed) if "石桥" in text)

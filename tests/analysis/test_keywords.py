"""Keywords of an article and of an issue."""

from digests.analysis import keywords
from digests.language import words
from digests.models import Article
from tests.invented import article

STORY = article(
    headline="雨水花园走进社区",
    paragraphs=(
        "本报讯 云河市雨水花园项目近日开工。雨水花园可以蓄水，也可以净化空气。",
        "会议要求，各部门要做好工作，推动雨水花园建设。",
    ),
)


def _of_issue(*articles: Article) -> list[str]:
    contributions = [keywords.issue_contribution(article, keywords.weigh_phrases(article)) for article in articles]
    return [keyword.text for keyword in keywords.issue_keywords(contributions)]


def _weights(story: Article) -> dict[str, float]:
    return {text: weight for text, _, weight in keywords.weigh_phrases(story)}


def test_repeated_neighbouring_words_are_one_keyword() -> None:
    assert keywords.article_keywords(STORY)[0].text == "雨水花园"


def test_no_part_of_a_chosen_phrase_stands_beside_it() -> None:
    listed = [keyword.text for keyword in keywords.article_keywords(STORY)]
    assert not [a for a in listed for b in listed if a != b and a in b]


def test_words_of_every_page_are_no_keywords() -> None:
    listed = {keyword.text for keyword in keywords.article_keywords(STORY, limit=30)}
    assert not listed & {"会议", "工作", "部门", "本报讯"}


def test_the_weightiest_comes_first_and_weights_are_shares() -> None:
    weights = [keyword.weight for keyword in keywords.article_keywords(STORY)]
    assert weights == sorted(weights, reverse=True)
    assert 0 < sum(weights) <= 1


def test_an_article_without_words_has_no_keywords() -> None:
    assert keywords.article_keywords(article(headline="", paragraphs=("。",))) == ()


def test_an_issue_lists_what_several_stories_share_before_what_one_says_often() -> None:
    long_story = article(headline="石桥修缮", paragraphs=("石桥修缮工程完工。" * 40,))
    floods = [article(headline="防汛演练", paragraphs=("各区开展防汛演练，检查排水泵站。" * 8,)) for _ in range(3)]
    listed = _of_issue(long_story, *floods)
    assert listed.index("防汛演练") < next(n for n, text in enumerate(listed) if "石桥" in text)


def test_keywords_of_the_last_issues_come_after_those_of_the_day() -> None:
    contributions = [{"防汛演练": 1.0, "观鸟节": 0.9, "石桥修缮": 0.4}]
    everyday = keywords.issue_keywords(contributions, recent_share=lambda text: float(text == "防汛演练"))
    assert [keyword.text for keyword in keywords.issue_keywords(contributions)] == ["防汛演练", "观鸟节", "石桥修缮"]
    assert [keyword.text for keyword in everyday] == ["观鸟节", "防汛演练", "石桥修缮"]
    assert set(everyday) == set(keywords.issue_keywords(contributions))


def test_the_list_ends_at_the_first_unlikely_keyword() -> None:
    assert len(keywords.article_keywords(STORY, limit=50)) < 12


def test_a_phrase_is_not_cut_in_two_at_a_hollow_word() -> None:
    story = article(headline="花园的春天", paragraphs=("花园的春天来了。花园的春天很美，花园的工人很忙。",))
    listed = _weights(story)
    assert "花园的春天" in listed
    assert not [text for text in listed if text.endswith("的") or text.startswith("的")]


def test_a_book_title_is_one_phrase() -> None:
    story = article(headline="", paragraphs=("近日，话剧《河边的磨坊》在云河上演。",))
    assert "河边的磨坊" in _weights(story)


def test_no_phrase_crosses_a_space_or_punctuation() -> None:
    story = article(headline="雨水 花园、社区", paragraphs=("雨水 花园。雨水 花园。",))
    assert not {"雨水花园", "花园社区"} & set(_weights(story))


def test_the_paper_s_own_name_is_no_keyword_of_its_issue() -> None:
    story = article(headline="太原建成花园", paragraphs=("太原建成花园，太原市民高兴。" * 10,), paper="太原日报")
    assert "太原" not in _of_issue(story)


def test_an_issue_lists_no_idiom_no_duty_and_no_name_joined_with_a_verb() -> None:
    story = article(
        headline="未雨绸缪 充实工作力量 全市泵站防汛演练",
        paragraphs=("方小满作讲话，未雨绸缪，工作力量要充实，全市泵站要参加防汛演练。" * 3,),
    )
    contributions = keywords.issue_contribution(story, keywords.weigh_phrases(story))
    assert "方小满作" in _weights(story), "else it shows nothing"
    assert not {"未雨绸缪", "工作力量", "方小满作", "全市泵站"} & set(contributions)
    assert "防汛演练" in contributions


def test_an_article_without_headline_has_keywords() -> None:
    story = article(headline=None, paragraphs=STORY.paragraphs)
    assert "雨水花园" in [keyword.text for keyword in keywords.article_keywords(story)]


def test_an_endless_article_is_cut_up_to_the_limit() -> None:
    endless = article(paragraphs=("雨水花园建成开放，市民前来参观。" * 20_000,))
    assert sum(map(len, words.cut_article(endless).paragraphs[0])) <= words.MAX_BODY_CHARS
    assert keywords.article_keywords(endless)

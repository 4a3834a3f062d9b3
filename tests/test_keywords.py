"""Keywords of an article and of an issue."""

from digests import background, keywords, wording
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


def test_the_list_ends_where_the_next_would_rather_be_wrong() -> None:
    assert len(keywords.of_article(STORY, limit=50)) < 12


def test_a_phrase_is_not_cut_in_two_at_a_hollow_word() -> None:
    told = article(headline="花园的春天", paragraphs=("花园的春天来了。花园的春天很美，花园的工人很忙。",))
    listed = keywords.weights(told)
    assert "花园的春天" in listed
    assert not [text for text in listed if text.endswith("的") or text.startswith("的")]


def test_what_stands_in_book_title_marks_is_one_phrase() -> None:
    told = article(headline="", paragraphs=("近日，话剧《河边的磨坊》在云河上演。",))
    assert "河边的磨坊" in keywords.weights(told)


def test_no_phrase_runs_over_a_space_or_a_sign() -> None:
    told = article(headline="雨水 花园、社区", paragraphs=("雨水 花园。雨水 花园。",))
    assert not {"雨水花园", "花园社区"} & set(keywords.weights(told))


def test_the_paper_s_own_name_is_no_keyword_of_its_issue() -> None:
    told = article(headline="太原建成花园", paragraphs=("太原建成花园，太原市民高兴。" * 10,), paper="太原日报")
    assert "太原" not in {keyword.text for keyword in keywords.of_issue([told])}


def test_an_article_without_headline_has_keywords() -> None:
    told = article(headline=None, paragraphs=STORY.paragraphs)
    assert "雨水花园" in [keyword.text for keyword in keywords.of_article(told)]


def test_what_the_paper_always_says_weighs_less() -> None:
    cut = wording.of(STORY)
    usual = background.of([cut] * background.ENOUGH)
    plain = {word.text: word.weight for word in keywords.weigh(STORY)}
    against = {word.text: word.weight for word in keywords.weigh(STORY, background=usual)}
    assert against["雨水花园"] < plain["雨水花园"]


def test_a_phrase_of_the_archive_is_known_where_it_stands_once() -> None:
    usual = background.of([wording.of(article(paragraphs=("石桥修缮开工。",)))] * background.ENOUGH)
    once = article(headline="", paragraphs=("今年有三件事。第一件是石桥修缮。",))
    assert "石桥修缮" not in keywords.weights(once)
    assert "石桥修缮" in {word.text for word in keywords.weigh(once, background=usual)}


def test_a_young_archive_has_no_background() -> None:
    assert background.of([wording.of(STORY)]) == background.YOUNG
    assert background.YOUNG.rarity("雨水花园") == 1.0


def test_a_page_read_as_one_article_is_read_as_far_as_it_tells() -> None:
    endless = article(paragraphs=("雨水花园建成开放，市民前来参观。" * 20_000,))
    assert sum(map(len, wording.of(endless).paragraphs[0])) <= wording.READ
    assert keywords.of_article(endless)

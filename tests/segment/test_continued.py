"""Articles that jump to another page."""

from datetime import date

from digests.models import Article, Reporter
from digests.segment import continued
from tests.invented import article

BEGINNING = article(
    id="begin-00001",
    n=1,
    headline="云河建成雨水花园",
    paragraphs=("雨水花园建成。", "它可以蓄水，也可以净化"),
    continued_on_page=2,
    reporters=(Reporter("方小满"),),
)
REST = article(
    id="resta-00002",
    page=2,
    n=3,
    headline="云河建成雨水花园",
    paragraphs=("空气。", "市民常来散步。"),
    continued_from_page=1,
    reporters=(Reporter("石磊"),),
)
OTHER = article(
    id="other-00003", page=2, n=1, headline="图书馆开放", paragraphs=("图书馆延长开放。",), continued_from_page=1
)
PLAIN = article(id="plain-00004", page=2, n=2, headline="石桥完工", paragraphs=("石桥完工。",))


def _ids(articles: list[Article]) -> list[str]:
    return [each.id for each in articles]


def test_the_pieces_of_an_article_are_joined_at_its_beginning() -> None:
    joined = continued.join_continued([BEGINNING, PLAIN, REST])
    assert _ids(joined) == [BEGINNING.id, PLAIN.id]
    assert joined[0].paragraphs == ("雨水花园建成。", "它可以蓄水，也可以净化空气。", "市民常来散步。")
    assert joined[0].byline == ("方小满", "石磊")
    assert joined[0].continued_on_page is None


def test_of_several_pieces_the_one_with_the_most_similar_heading_is_joined() -> None:
    joined = continued.join_continued([BEGINNING, OTHER, REST])
    assert _ids(joined) == [BEGINNING.id, OTHER.id]


def test_every_piece_leads_to_the_whole_article() -> None:
    issue = [BEGINNING, PLAIN, REST]
    assert (
        continued.whole_story(REST, issue)
        == continued.whole_story(BEGINNING, issue)
        == continued.join_continued(issue)[0]
    )


def test_a_piece_without_its_continuation_stays_as_it_is() -> None:
    assert continued.join_continued([BEGINNING, PLAIN]) == [BEGINNING, PLAIN]
    assert continued.whole_story(REST, [PLAIN, REST]) == REST


def test_a_piece_from_a_different_page_is_not_joined() -> None:
    elsewhere = article(id="elsew-00005", page=2, continued_from_page=4)
    assert continued.join_continued([BEGINNING, elsewhere]) == [BEGINNING, elsewhere]


def test_an_article_can_jump_twice() -> None:
    middle = article(id="middl-00006", page=2, paragraphs=("中段。",), continued_from_page=1, continued_on_page=3)
    last = article(id="lasti-00007", page=3, paragraphs=("尾声。",), continued_from_page=2)
    (story,) = continued.join_continued([BEGINNING, middle, last])
    assert story.paragraphs[-2:] == ("它可以蓄水，也可以净化中段。", "尾声。")


def piece(name: str, page: int, headline: str, *, to: int | None = None, since: int | None = None) -> Article:
    return Article(
        id=name,
        headline=headline,
        paragraphs=(),
        paper="日报",
        date=date(2022, 7, 1),
        page=page,
        continued_on_page=to,
        continued_from_page=since,
    )


def test_a_single_jump_between_two_pages_needs_no_similar_heading() -> None:
    assert continued.match_pieces([piece("a", 1, "防汛会议", to=2), piece("b", 2, "", since=1)]) == {"a": "b"}


def test_headings_decide_between_several_jumps() -> None:
    articles = [
        piece("a", 1, "市防汛会议召开", to=2),
        piece("b", 1, "两处公园开放", to=2),
        piece("c", 2, "公园开放", since=1),
        piece("d", 2, "防汛会议", since=1),
    ]
    assert continued.match_pieces(articles) == {"a": "d", "b": "c"}


def test_a_piece_that_resembles_no_article_stays_alone() -> None:
    articles = [piece("a", 1, "市防汛会议召开", to=2), piece("b", 1, "公园", to=2), piece("c", 2, "高铁通车", since=1)]
    assert continued.match_pieces(articles) == {}


def test_pieces_of_other_pages_are_not_paired() -> None:
    first = piece("a", 1, "防汛会议", to=2)
    assert continued.match_pieces([first, piece("b", 3, "防汛会议", since=1)]) == {}
    assert continued.match_pieces([first, piece("b", 2, "防汛会议", since=4)]) == {}


def test_an_article_is_continued_if_it_jumps_from_or_to_another_page() -> None:
    assert [continued.is_continued(each) for each in (BEGINNING, REST, PLAIN)] == [True, True, False]


def test_the_ids_of_all_pieces_of_an_article_are_known_by_each() -> None:
    issue = [BEGINNING, PLAIN, REST]
    assert continued.piece_ids(REST, issue) == continued.piece_ids(BEGINNING, issue) == {BEGINNING.id, REST.id}
    assert continued.piece_ids(PLAIN, issue) == {PLAIN.id}


def test_the_most_similar_headings_are_paired_first() -> None:
    articles = [
        piece("a", 1, "公园开放仪式", to=2),
        piece("b", 1, "公园绿化", to=2),
        piece("c", 2, "公园绿化工程", since=1),
        piece("d", 2, "公园开放", since=1),
    ]
    assert continued.match_pieces(articles) == {"a": "d", "b": "c"}

"""Stories that go on on another page."""

from datetime import date

from digests.models import Article
from digests.segment import jumps


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


def test_the_only_jump_between_two_pages_needs_no_heading() -> None:
    assert jumps.partners([piece("a", 1, "防汛会议", to=2), piece("b", 2, "", since=1)]) == {"a": "b"}


def test_headings_tell_several_jumps_apart() -> None:
    articles = [
        piece("a", 1, "市防汛会议召开", to=2),
        piece("b", 1, "两处公园开放", to=2),
        piece("c", 2, "公园开放", since=1),
        piece("d", 2, "防汛会议", since=1),
    ]
    assert jumps.partners(articles) == {"a": "d", "b": "c"}


def test_a_piece_that_fits_no_story_is_left_alone() -> None:
    articles = [piece("a", 1, "市防汛会议召开", to=2), piece("b", 1, "公园", to=2), piece("c", 2, "高铁通车", since=1)]
    assert jumps.partners(articles) == {}


def test_pieces_of_other_pages_and_issues_do_not_meet() -> None:
    first = piece("a", 1, "防汛会议", to=2)
    assert jumps.partners([first, piece("b", 3, "防汛会议", since=1)]) == {}
    assert jumps.partners([first, piece("b", 2, "防汛会议", since=4)]) == {}

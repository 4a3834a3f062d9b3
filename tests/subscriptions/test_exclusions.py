"""Proposed exclusions (不要这类): terms that set an article apart from the other matches of a subscription."""

import pytest

from digests.analysis import Labeller
from digests.matching import match_query
from digests.query import parse
from digests.subscriptions import query_excluding
from digests.subscriptions.refinements import propose_exclusions
from tests.invented import article

TENDER = article(
    id="aaaaa-00001",
    headline="云河市煤改电设备采购招标公告",
    paragraphs=("云河市煤改电设备采购项目现面向社会公开招标，招标文件即日起发售，投标人须有相应资质。",),
)
NEWS = [
    article(
        id=f"aaaaa-0001{n}",
        headline=headline,
        paragraphs=(f"{headline}。云河市今年的煤改电惠及农户三千家，补贴已发到户。",),
    )
    for n, headline in enumerate(["煤改电让乡村温暖过冬", "煤改电补贴发到农户手中", "煤改电工程提前完工"])
]


def test_the_best_term_excludes_the_article_and_keeps_the_others() -> None:
    best, *_ = propose_exclusions(TENDER, "煤改电", Labeller(), [TENDER, *NEWS])
    narrower = parse(query_excluding("煤改电", best))
    assert match_query(narrower, TENDER) is None
    assert all(match_query(narrower, other) for other in NEWS)


def test_terms_of_the_subscription_are_not_proposed() -> None:
    assert all(
        "煤改电" not in term and "招标" not in term
        for term in propose_exclusions(TENDER, "煤改电 招标", Labeller(), [TENDER, *NEWS])
    )


def test_every_proposal_excludes_the_article() -> None:
    for term in propose_exclusions(TENDER, "煤改电 OR 防汛", Labeller(), NEWS):
        assert term
        assert match_query(parse(query_excluding("煤改电 OR 防汛", term)), TENDER) is None


@pytest.mark.parametrize("query", ["((", ""])
def test_nothing_is_proposed_for_a_query_that_no_longer_parses(query: str) -> None:
    assert propose_exclusions(TENDER, query, Labeller()) == ()

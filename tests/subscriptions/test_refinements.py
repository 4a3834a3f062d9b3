"""Proposed tighter and looser forms of a query, with exact limits."""

from dataclasses import replace

import pytest

from digests.analysis import Labeller
from digests.analysis.newspaper_keywords import keywords_of
from digests.matching import ArticleMatcher
from digests.models import Reason, Snippet
from digests.query import parse
from digests.subscriptions.refinements import propose_exclusions, propose_forms
from tests.invented import article

BODY = Reason("防汛", "body", Snippet("防汛"))
HEADLINE = Reason("防汛", "headline", Snippet("防汛"))


def forms(query: str, *reasons: Reason) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return propose_forms(parse(query), reasons)


@pytest.mark.parametrize("where", ["headline", "kicker", "deck"])
def test_the_title_form_is_proposed_if_some_but_not_all_matches_are_in_titles(where: str) -> None:
    in_title = Reason("防汛", where, Snippet("防汛"))  # type: ignore[arg-type]
    assert forms("防汛", in_title, BODY)[0] == ("title:防汛",)
    assert forms("防汛", in_title, in_title)[0] == ()
    assert forms("防汛", BODY, BODY)[0] == ()


@pytest.mark.parametrize(("rule", "expected"), [("alike", ('"防汛"',)), ("inside", ()), ("word", ())])
def test_the_exact_form_is_proposed_only_if_it_excludes_a_match_that_is_a_misread_form(
    rule: str, expected: tuple[str, ...]
) -> None:
    assert forms("防汛", Reason("防汛", "body", Snippet("防汛"), rule))[0] == expected  # type: ignore[arg-type]


def test_a_term_of_several_words_can_be_loosened_to_its_words() -> None:
    assert forms("养老服务")[1] == ("养老 ~ 服务", "养老 服务")
    assert forms("防汛")[1] == ()
    assert forms("煤改电")[1] == (), "one of its words has a single character"


@pytest.mark.parametrize(
    ("query", "tighter", "looser"),
    [
        ("title:防汛", (), ("防汛",)),
        ("theme:体育", (), ("体育",)),
        ("person:方小满", (), ()),
        ('"防汛"', (), ("防汛",)),
        ("养老 ~ 服务", (), ("养老 服务",)),
        ("养老 服务", ("养老 ~ 服务",), ("服务", "养老")),
        ("养老 服务 -招标", ("养老 ~ 服务 -招标",), ("服务 -招标", "养老 -招标")),
        ("养老 theme:体育", (), ("theme:体育", "养老")),
        ("养老 -招标", (), ()),
        ("防汛 OR 地铁", ("防汛", "地铁"), ()),
        ("防汛 OR 地铁 OR 养老 OR 供暖", ("防汛", "地铁", "养老"), ()),
        ("防汛 地铁 养老 供暖", ("防汛 ~ 地铁 ~ 养老 ~ 供暖",), ("地铁 养老 供暖", "防汛 养老 供暖", "防汛 地铁 供暖")),
    ],
)
def test_forms_of_compound_queries(query: str, tighter: tuple[str, ...], looser: tuple[str, ...]) -> None:
    assert forms(query) == (tighter, looser)


ARTICLE = article(
    id="aaaaa-00001",
    headline="云河市足球联赛与图书馆阅读节同日开幕",
    paragraphs=(
        "云河市足球联赛昨日在体育场开幕，足球队员展开比赛。",
        "图书馆阅读节同日开幕，阅读节期间图书馆举办读书会，读书会邀请作家到图书馆讲座。",
        "锂电池企业为足球联赛和阅读节提供赞助，锂电池产业园将扩建。",
    ),
)


def test_at_most_three_exclusions_are_proposed() -> None:
    assert len(propose_exclusions(ARTICLE, "云河", Labeller())) == 3


def test_terms_that_exclude_all_other_articles_are_not_proposed() -> None:
    others = [article(id=f"aaaaa-1000{n}", headline="图书馆", paragraphs=("云河图书馆。",)) for n in range(2)]
    matchers = [ArticleMatcher(other) for other in others]
    proposed = propose_exclusions(ARTICLE, "云河", Labeller(), others)
    assert proposed
    assert "图书馆" in propose_exclusions(ARTICLE, "云河", Labeller())
    assert all(sum(matcher.satisfies(parse(term)) for matcher in matchers) < len(others) for term in proposed)


def test_only_the_first_theme_is_proposed_and_not_one_that_the_query_asks_for() -> None:
    labels = Labeller().label(ARTICLE)
    all_keywords = " ".join(keyword.text for keyword in keywords_of(ARTICLE, labels))
    assert labels.themes == ("体育", "文化旅游")
    assert propose_exclusions(ARTICLE, all_keywords, Labeller()) == ("theme:体育",)
    assert propose_exclusions(ARTICLE, f"{all_keywords} theme:体育", Labeller()) == ()


def test_nothing_is_proposed_that_would_exclude_every_other_article() -> None:
    assert propose_exclusions(ARTICLE, "云河", Labeller(), [replace(ARTICLE, id="aaaaa-00002")]) == ()

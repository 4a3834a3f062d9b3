"""The published formula of the digest, by exact values: every weight, exponent, boundary and limit of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from digests import digest
from digests.digest.candidates import Candidate, issue_candidates
from digests.digest.history import History
from digests.models import Article, Digest, Figure, Issue, Keyword, Story, Trace
from tests.invented import DAY, article

ISSUE = Issue(DAY, "云河日报", (1, 2), articles=4, notices=1, quality=0.9, fingerprint="f")


def _candidate(number: int = 0, **fields: Any) -> Candidate:
    usual: dict[str, Any] = {
        "trace": Trace(f"a{number:02}", f"第{number}篇", (), (number,)),
        "page": 1,
        "place": 1,
        "opening": "",
        "keyword_weights": {},
        "substance": 0.0,
        "local": 0.0,
        "theme": "",
        "quote": "",
        "figure": None,
        "chars": 0,
    }
    return Candidate(**usual | fields)


def _build(*candidates: Candidate, **options: Any) -> Digest:
    return digest.build_from_candidates(ISSUE, candidates, **options)


def _story(candidate: Candidate, **options: Any) -> Story:
    (story,) = _build(candidate, **options).stories
    return story


@pytest.mark.parametrize(
    ("page", "place", "prominence"),
    [(1, 1, 0.35), (None, 1, 0.35), (1, 4, 0.175), (1, 2, 0.2475), (2, 1, 0.21), (2, 4, 0.105), (3, 9, 0.07)],
)
def test_prominence_falls_with_the_root_of_the_place_and_to_six_tenths_on_inner_pages(
    page: int | None, place: int, prominence: float
) -> None:
    story = _story(_candidate(page=page, place=place))
    assert story.parts._asdict() == {
        "prominence": prominence,
        "keywords": 0.0,
        "substance": 0.0,
        "novelty": 0.15,
        "local": 0.0,
    }
    assert story.score == round(prominence + 0.15, 4)


def test_keywords_count_a_quarter_of_the_weight_that_headings_and_lead_hold() -> None:
    weights = {"防汛演练": 3.0, "雨水花园": 1.0}
    built = _build(
        _candidate(1, opening="防汛演练举行", keyword_weights=weights),
        _candidate(2, opening="雨水花园开放"),
        _candidate(3, opening="雨水花园防汛演练"),
        _candidate(4, opening="石桥"),
    )
    assert [keyword.weight for keyword in built.keywords] == [0.75, 0.25]
    shares = {story.article: story.parts.keywords for story in built.stories}
    assert shares == {"a01": 0.1875, "a02": 0.0625, "a03": 0.25, "a04": 0.0}


def test_the_share_of_keywords_is_one_of_those_that_the_digest_lists() -> None:
    texts = [f"{first}{second}" for first in "甲乙丙丁" for second in "子丑寅"]
    built = _build(_candidate(opening=min(texts), keyword_weights=dict.fromkeys(texts, 1.0)))
    assert len(built.keywords) == 10
    assert built.stories[0].parts.keywords == 0.025


def test_substance_and_local_count_fifteen_and_ten_hundredths() -> None:
    parts = _story(_candidate(substance=0.5, local=0.5)).parts._asdict()
    assert (parts["substance"], parts["local"]) == (0.075, 0.05)
    parts = _story(_candidate(substance=1.0, local=1.0)).parts._asdict()
    assert (parts["substance"], parts["local"]) == (0.15, 0.1)


def test_the_parts_of_a_score_have_four_digits() -> None:
    weights = {"防汛演练": 1.0, "雨水花园": 1.0, "石桥修缮": 1.0}
    earlier = replace(_build(_candidate()), day=DAY - timedelta(1), traces=(Trace("old", "旧", ("甲",), (99,)),))
    trace = Trace("new", "新", ("甲", "乙", "丙"), (1,))
    candidate = _candidate(
        place=2, substance=1 / 7, local=1 / 3, opening="石桥修缮", keyword_weights=weights, trace=trace
    )
    parts = _story(candidate, earlier=[earlier]).parts._asdict()
    assert parts == {"prominence": 0.2475, "keywords": 0.0833, "substance": 0.0214, "novelty": 0.0, "local": 0.0333}
    longer = replace(earlier, traces=(Trace("old", "旧", ("甲", "丁", "戊"), (99,)),))
    assert _story(candidate, earlier=[longer]).parts.novelty == 0.1


def test_novelty_is_what_no_earlier_article_shares_of_the_keywords() -> None:
    earlier = replace(_build(_candidate()), day=DAY - timedelta(1), traces=(Trace("old", "旧", ("甲", "乙"), (99,)),))
    half = _candidate(1, trace=Trace("new", "新", ("甲", "丙"), (1,)))
    whole = _candidate(2, trace=Trace("new", "新", ("甲", "乙", "丙"), (1,)))
    other = _candidate(3, trace=Trace("new", "新", ("丙",), (1,)))
    novelty = [_story(one, earlier=[earlier]).parts.novelty for one in (half, whole, other)]
    assert novelty == [0.075, 0.0, 0.15]


def test_a_story_with_everything_scores_one() -> None:
    best = _candidate(opening="防汛演练", keyword_weights={"防汛演练": 1.0}, substance=1.0, local=1.0)
    assert _story(best).score == 1.0


def test_of_equal_scores_the_smaller_id_comes_first() -> None:
    built = _build(_candidate(2), _candidate(1), _candidate(3, place=4))
    assert [story.article for story in built.stories] == ["a01", "a02", "a03"]


def test_a_digest_holds_twelve_stories_and_four_of_a_theme_the_best_theme_first() -> None:
    candidates = [_candidate(n, place=n + 1, theme=f"主题{n % 4}") for n in range(20)]
    built = _build(*candidates)
    assert len(built.stories) == digest.MAX_STORIES == 12
    assert [story.article for story in built.stories[:3]] == ["a00", "a04", "a08"]
    one_theme = _build(*(_candidate(n, place=n + 1, theme="甲") for n in range(6)))
    assert [story.article for story in one_theme.stories] == ["a00", "a01", "a02", "a03"]


def test_a_digest_has_the_first_four_different_figures() -> None:
    texts = ("1亿元", "2亿元", "1亿元", "3亿元", "4亿元", "5亿元")
    candidates = [
        _candidate(n, place=n + 1, theme=f"主题{n}", figure=Figure(text, "", "")) for n, text in enumerate(texts)
    ]
    assert [figure.text for figure in _build(*candidates).figures] == ["1亿元", "2亿元", "3亿元", "4亿元"]


def test_a_digest_is_compared_with_seven_earlier_issues() -> None:
    repeated = Trace("old", "旧", (), (0,))

    def digest_of(days: int, traces: tuple[Trace, ...]) -> Digest:
        return replace(_build(_candidate(9)), day=DAY - timedelta(days), traces=traces)

    within = [digest_of(n, (repeated,) if n == 7 else ()) for n in range(1, 8)]
    beyond = [digest_of(n, (repeated,) if n == 8 else ()) for n in range(1, 9)]
    assert _build(_candidate(0), earlier=within).repeated == 1
    assert _build(_candidate(0), earlier=beyond).repeated == 0


def _only(**fields: Any) -> Candidate:
    (candidate,) = issue_candidates([article(**fields)])
    return candidate


@pytest.mark.parametrize(("chars", "substance"), [(60, 0.1), (300, 0.5), (599, 599 / 600), (600, 1.0), (900, 1.0)])
def test_substance_is_the_length_of_the_body_as_a_share_of_six_hundred(chars: int, substance: float) -> None:
    assert _only(paragraphs=("花" * chars,)).substance == substance


@pytest.mark.parametrize(
    ("fields", "local"),
    [
        ({"headline": "我市建花园", "paragraphs": ("甲",)}, 1.0),
        ({"headline": "建花园", "kicker": "本市", "paragraphs": ("甲",)}, 1.0),
        ({"headline": "建花园", "deck": "全市", "paragraphs": ("甲",)}, 1.0),
        ({"headline": "建花园", "paragraphs": ("云河建花园。", "甲")}, 1.0),
        ({"headline": "建花园", "paragraphs": ("甲", "云河建花园。")}, 0.5),
        ({"headline": "建花园", "paragraphs": ("甲", "别处建花园。")}, 0.0),
        ({"headline": "建花园", "paragraphs": ("甲",), "paper": ""}, 0.0),
    ],
)
def test_local_is_whole_in_headings_and_lead_and_half_in_the_body(fields: dict[str, Any], local: float) -> None:
    assert _only(**fields).local == local


@pytest.mark.parametrize("suffix", ["日报", "晚报", "早报", "晨报", "时报", "都市报", "商报", "快报", "报"])
def test_the_name_of_the_paper_is_its_place_without_the_kind_of_paper(suffix: str) -> None:
    assert _only(headline="石桥", paragraphs=("甲", "云河建花园。"), paper=f"云河{suffix}").local == 0.5


def test_the_place_counts_the_stories_of_a_page_and_no_notices() -> None:
    stories = [
        article(id="a", page=1),
        article(id="n", page=1, kind="notice"),
        article(id="b", page=1, paragraphs=("石桥修好了。",)),
        article(id="c", page=2, paragraphs=("花园开了。",)),
    ]
    assert [(one.trace.article, one.place) for one in issue_candidates(stories)] == [("a", 1), ("b", 2), ("c", 1)]


def test_of_copies_the_longest_stays_with_the_foremost_place() -> None:
    text = "云河市首座雨水花园建成开放，花园可蓄积雨水八百吨，市民前来参观，孩子们在水池边观察水草和小鱼。" * 2
    articles: list[Article] = [
        article(id="short", page=1, n=1, paragraphs=(text,)),
        article(id="other", page=1, n=2, paragraphs=("石桥修好了。",)),
        article(id="whole", page=1, n=3, paragraphs=(text + "园林部门说，明年还要再建两座。",)),
    ]
    found = issue_candidates(articles)
    assert [(one.trace.article, one.place) for one in found] == [("other", 2), ("whole", 1)]
    assert [trace.article for trace in found[1].copies] == ["short"]


def test_articles_of_poor_quality_have_to_be_legible() -> None:
    noise = ("■b,@亅一■□,: ##l1I" * 20,)
    assert issue_candidates([article(headline="丶a@#丨l一■#", paragraphs=noise, quality=0.84)]) == ()
    assert len(issue_candidates([article(headline="丶a@#丨l一■#", paragraphs=noise, quality=0.85)])) == 1
    assert len(issue_candidates([article(headline="云河市建成花园", paragraphs=(), quality=0.84)])) == 1
    assert issue_candidates([article(headline="■b,@亅一■□,: ##l1I" * 20, paragraphs=(), quality=0.84)]) == ()


def test_a_keyword_is_up_from_half_more_and_down_from_a_third_less() -> None:
    before = replace(_build(_candidate()), day=DAY - timedelta(1), keywords=(Keyword("防汛", 0.25),))
    history = History([before])
    weights = {0.375: "up", 0.3749: "", 0.1675: "down", 0.1676: ""}
    assert {weight: history.trend(Keyword("防汛", weight)) for weight in weights} == weights

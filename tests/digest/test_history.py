"""The last issues: repetitions, follow-ups and trends of keywords."""

from dataclasses import replace
from datetime import date, timedelta

from digests.digest.history import HISTORY_ISSUES, History, is_follow_up, keyword_overlap
from digests.models import Digest, Keyword, Trace
from tests.invented import DAY

GARDEN = ("清河湿地公园", "观鸟节", "水杉")
SKETCH = tuple(range(16))


def _digest(day: date, *traces: Trace, keywords: tuple[Keyword, ...] = ()) -> Digest:
    return Digest(day, "云河日报", (1,), len(traces), 0, 1.0, keywords, (), f"{day}", traces=traces)


def _trace(article: str, keywords: tuple[str, ...] = GARDEN, sketch: tuple[int, ...] = SKETCH) -> Trace:
    return Trace(article, article, keywords, sketch)


def test_without_earlier_issues_everything_is_new() -> None:
    past = History([])
    assert not past.is_repeated(SKETCH)
    assert past.overlap(GARDEN) == 0
    assert past.followed_article(GARDEN) is None
    assert past.trend(Keyword("观鸟节", 1.0)) == ""


def test_equal_and_nearly_equal_sketches_are_repetitions() -> None:
    past = History([_digest(DAY, _trace("a"))])
    assert past.is_repeated(SKETCH)
    assert past.is_repeated((*SKETCH[:14], 90, 91))
    assert not past.is_repeated((*SKETCH[:3], *range(100, 113)))
    assert not past.is_repeated(())


def test_a_story_follows_the_article_of_the_newest_issue() -> None:
    days = [DAY - timedelta(n) for n in range(3)]
    past = History(_digest(day, _trace(f"of-{day}")) for day in reversed(days))
    link = past.followed_article(GARDEN)
    assert link is not None
    assert (link.day, link.article) == (DAY, f"of-{DAY}")


def test_of_an_issue_a_story_follows_the_most_similar_article() -> None:
    past = History([_digest(DAY, _trace("z", (*GARDEN[:2], "石桥")), _trace("a"))])
    link = past.followed_article(GARDEN)
    assert link is not None
    assert link.article == "a"


def test_issues_further_back_are_forgotten() -> None:
    old = _digest(DAY - timedelta(HISTORY_ISSUES), _trace("old"))
    newer = [_digest(DAY - timedelta(n), _trace(f"n{n}", ("石桥",), (99,))) for n in range(HISTORY_ISSUES)]
    assert History([old, *newer[1:]]).is_repeated(SKETCH)
    assert not History([old, *newer]).is_repeated(SKETCH)


def test_a_keyword_is_new_or_rises_or_falls_against_its_mean() -> None:
    word = Keyword("观鸟节", 0.2)
    past = History([_digest(DAY - timedelta(n), keywords=(replace(word, weight=0.1 * n),)) for n in (1, 3)])
    weights = {0.31: "up", 0.2: "", 0.13: "down"}
    assert {weight: past.trend(replace(word, weight=weight)) for weight in weights} == weights
    assert past.trend(Keyword("石桥", 0.2)) == "new"


def test_what_share_of_the_issues_listed_a_keyword_is_known() -> None:
    listed = (Keyword("观鸟节", 0.1),)
    past = History([_digest(DAY - timedelta(n), keywords=listed if n % 2 else ()) for n in range(1, 5)])
    assert (past.listed_share("观鸟节"), past.listed_share("石桥"), History([]).listed_share("观鸟节")) == (
        0.5,
        0.0,
        0.0,
    )


def test_articles_that_share_most_keywords_tell_one_story() -> None:
    assert is_follow_up(("雨水花园", "云河", "开放", "水池"), ("雨水花园", "云河", "开放", "扩建"))
    assert not is_follow_up(("开放", "云河"), ("开放", "云河"))  # two plain words are an accident
    assert not is_follow_up(("石桥", "开工"), ("雨水花园", "云河", "开放"))
    assert keyword_overlap((), ("雨水",)) == 0.0


def test_a_follow_up_shares_two_keywords_six_characters_and_half_of_the_shorter_list() -> None:
    assert is_follow_up(("雨水花园", "云河"), ("雨水花园", "云河"))
    assert not is_follow_up(("雨水花", "云河"), ("雨水花", "云河"))
    assert not is_follow_up(("雨水花园云河市",), ("雨水花园云河市",))
    assert is_follow_up(("雨水花", "云河市", "甲", "乙"), ("雨水花", "云河市", "丙", "丁", "戊"))
    assert not is_follow_up(("雨水花", "云河市", "甲", "乙", "己"), ("雨水花", "云河市", "丙", "丁", "戊"))
    assert keyword_overlap(("甲", "乙", "丙"), ("甲", "乙")) == 1.0
    assert keyword_overlap(("甲", "乙", "丙"), ("甲", "丁")) == 0.5


def test_trends_are_told_against_the_issues_of_the_last_three_weeks() -> None:
    words = [Keyword("防汛", 0.2)]
    past = History([_digest(DAY, keywords=(Keyword("防汛", 0.1),))])
    assert [word.trend for word in past.recent(DAY + timedelta(days=21)).with_trends(words)] == ["up"]
    assert [word.trend for word in past.recent(DAY + timedelta(days=22)).with_trends(words)] == [""]


def test_at_most_three_keywords_are_called_new() -> None:
    past = History([_digest(DAY, keywords=(Keyword("防汛", 0.1),))])
    words = [Keyword(word, 0.2) for word in ("石桥", "花园", "防汛", "养老", "图书馆")]
    trends = [word.trend for word in past.with_trends(words)]
    assert trends == ["new", "new", "up", "new", ""]

"""Values that no newspaper has: days at both ends of the calendar, and texts that are no language."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests import dates, digest, query, segment
from digests.analysis import Labeller, analyse
from digests.analysis.keywords import logistic
from digests.dates import DayRange, RelativePeriod
from digests.matching import ArticleMatcher
from digests.models import Article, Issue, Page
from tests.newsroom import BEGIN, newsroom, story

DAY = date(2023, 3, 5)
HOSTILE = {
    "a data URI": "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAA" * 80,
    "960 letters": "A" * 960,
    "2,000 digits": "7" * 2000,
    "100,000 letters": "x" * 100_000,
    "only punctuation": "。，、；！？" * 300,
    "only spaces": " \u3000\t" * 300,
    "right to left": "\u202eשלום עולם\u202c" * 50,
    "combining marks": "a" + "\u0301" * 3000,
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈" * 200,
    "private use": "\ue000\uf8ff" * 500,
    "noncharacters": "\ufffe\uffff\U0010ffff" * 300,
    "control characters": "\x01\x1b[31m\x7f" * 300,
    "brackets": "(" * 2000,
    "one Hanzi": "的" * 5000,
    "markup": "<div><table><tr><td>" * 200,
}


@pytest.mark.parametrize("day", [date.min, date.max, date(1600, 1, 1), date(2024, 2, 29)])
def test_arithmetic_of_days_stays_within_the_calendar(day: date) -> None:
    for unit in ("day", "week", "month", "year"):
        for back in range(3):
            period = RelativePeriod(unit, back).days(day)  # type: ignore[arg-type]
            assert period.first
            assert period.last
            assert date.min <= period.first <= period.last <= date.max
    assert dates.week_of(day)[0] <= day <= dates.week_of(day)[1]
    assert query.parse(str(DayRange(None, day))) is not None
    assert dates.PartialDay(None, None, day.day).reported_on(day)


@pytest.mark.parametrize(
    ("day", "days", "shifted"),
    [
        (DAY, 7, date(2023, 3, 12)),
        (DAY, -7, date(2023, 2, 26)),
        (date.max, 1, date.max),
        (date.max - timedelta(1), 1, date.max),
        (date.min, -1, date.min),
        (date.min, 1, date(1, 1, 2)),
    ],
)
def test_a_day_is_shifted_up_to_the_end_of_the_calendar(day: date, days: int, shifted: date) -> None:
    assert dates.shift_day(day, days) == shifted


@pytest.mark.parametrize(("logit", "share"), [(0.0, 0.5), (1e308, 1.0), (-1e308, 0.0), (800.0, 1.0), (-800.0, 0.0)])
def test_the_logistic_function_has_a_value_for_every_number(logit: float, share: float) -> None:
    assert logistic(logit) == share
    assert logistic(2.0) == pytest.approx(0.8807970779778823, abs=0)
    assert logistic(-2.0) == pytest.approx(0.11920292202211755, abs=1e-16)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_text_is_cut_labelled_analysed_matched_and_digested(text: str) -> None:
    page = segment.parse_page(Page("page.txt", f"云河日报\n{text}\n{story('防汛演练', 1)}\n{text}"))
    odd = Article("odd00-00000", text[:300], (text, story("防汛演练", 2)), date=DAY)
    for article in (*page.articles, odd, Article("bare0-00000", None, (text,), date=DAY)):
        Labeller().label(article)
        analyse(article)
        ArticleMatcher(article).match(query.parse("防汛"))
    built = digest.build(Issue(DAY, "云河日报", (1,), 2, 0, 1.0, ""), [*page.articles, odd])
    assert built.day == DAY


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_cut_labelled_analysed_matched_and_digested(text: str, headline: str) -> None:
    page = segment.parse_page(Page("page.txt", text))
    odd = Article("odd00-00000", headline, (text,), date=DAY)
    for article in (*page.articles, odd):
        Labeller().label(article)
        analyse(article)
        ArticleMatcher(article).match(query.parse("防汛 OR 养老"))
    digest.build(Issue(DAY, "", (), 1, 0, 1.0, ""), [*page.articles, odd])


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_an_article_with_an_impossible_date_fails_alone(tmp_path: object, day: str) -> None:
    with newsroom(tmp_path) as room:  # type: ignore[arg-type]
        room.subscribe(1, "防汛")
        room.add_articles(
            "mixed",
            {"headline": "坏的", "body": story("防汛", 1), "date": day},
            {"headline": "好的", "body": story("防汛", 2), "date": BEGIN.date().isoformat()},
        )
        assert room.ingest() == 1
        assert [issue.day for issue in room.services.archive.issues()] == [BEGIN.date()]

"""Limits and edges of the handlers of searches, subscriptions and settings, by exact values."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot import callbacks
from bot.callbacks import decode
from bot.handlers import search, settings, subscription_settings, subscriptions
from digests.chats import OutgoingMessage
from digests.models import Article, Hit, Keyword, Labels, SearchResult, Snippet

DAY = date(2022, 8, 29)
NOW = datetime(2022, 11, 25, 12, tzinfo=UTC)


def article(number: int) -> Article:
    return Article(f"aaaaa-{number:05}", f"标题{number}", ("正文。",), paper="太原日报", date=DAY, page=1)


@dataclass
class Archive:
    """Answers searches from a list of a given length, and remembers from which offsets."""

    total: int
    offsets: list[int] = field(default_factory=list)

    def search(self, query: str, *, limit: int, offset: int, newest: bool, today: date) -> SearchResult:
        self.offsets.append(offset)
        hits = tuple(
            Hit(article(n), 1.0, Snippet("正文。", ())) for n in range(offset, min(offset + limit, self.total))
        )
        return SearchResult(query, self.total, offset, hits)


def context_of(archive: object) -> Any:
    return SimpleNamespace(services=SimpleNamespace(archive=archive, today=DAY), language="zh")


def turns(message: OutgoingMessage) -> list[int]:
    """The offsets to which the buttons of a search turn."""
    found = [decode(data) for row in message.buttons for _, data in row]
    return [callback.offset for callback in found if isinstance(callback, callbacks.TurnHits)]


@pytest.mark.parametrize(
    ("total", "offset", "asked", "turned"),
    [
        (5, 0, [0], []),  # one page exactly
        (6, 0, [0], [5]),
        (10, 5, [5], [0]),  # the last page is full
        (10, 10, [10, 5], [0]),  # beyond the last page, which is full
        (11, 10, [10], [5]),
        (10, 500, [500, 5], [0]),
        (11, 500, [500, 10], [5]),
        (0, 5, [5, 0], []),  # nothing is found any more
        (15, 5, [5], [0, 10]),
    ],
)
async def test_a_page_of_results_beyond_the_end_is_the_last_one(
    total: int, offset: int, asked: list[int], turned: list[int]
) -> None:
    archive = Archive(total)
    message = await search._results(context_of(archive), "防汛", offset, newest=False)
    assert archive.offsets == asked
    assert turns(message) == turned


async def test_the_order_of_results_stays_when_they_are_turned() -> None:
    message = await search._results(context_of(Archive(15)), "防汛", 5, newest=True)
    shown = [decode(data) for row in message.buttons for _, data in row]
    assert [callback for callback in shown if isinstance(callback, callbacks.TurnHits)] == [
        callbacks.TurnHits("防汛", 0, newest=True),
        callbacks.TurnHits("防汛", 10, newest=True),
    ]


def test_topics_of_an_article_are_four_of_each_kind_long_keywords_first(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def keywords_of(_: Article, named: Labels, limit: int) -> tuple[Keyword, ...]:
        limits.append((named.organisations, limit))
        return tuple(
            Keyword(word, 0.1) for word in ("投产", "锂电池隔膜", "NOT", "雨水花园", "海绵城市", "张三", "绿道")
        )

    monkeypatch.setattr("bot.handlers.subscriptions.keywords_of", keywords_of)
    labels = Labels(
        people=("张三", "李四", "王五", "赵六", "钱七"),
        places=("云河市", "小店区", "晋源区", "古交市", "阳曲县"),
        organisations=("云河大学",),
    )
    topics = subscriptions.followable_topics(article(1), SimpleNamespace(label=lambda _: labels))  # type: ignore[arg-type]
    assert topics == (
        *("锂电池隔膜", "雨水花园", "海绵城市", "投产"),
        *("张三", "李四", "王五", "赵六"),
        *("云河市", "小店区", "晋源区", "古交市"),
    )
    assert limits == [(("云河大学",), 12)]


@pytest.mark.parametrize(
    ("word", "expected"), [("防汛", True), ("汛", False), ("a b", True), ('"防汛"', True), ("防汛 OR", False)]
)
def test_a_topic_is_a_word_whose_query_is_the_word(word: str, expected: bool) -> None:
    assert subscriptions._is_topic(word) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", time(7)),
        ("七点半", time(7, 30)),
        (" 07:30 ", time(7, 30)),
        ("７：３０", time(7, 30)),
        ("25", None),
        ("随便", None),
    ],
)
def test_a_typed_time_may_be_an_hour_alone(text: str, expected: time | None) -> None:
    assert settings._typed_time(text) == expected


def test_equal_ends_are_no_quiet_hours() -> None:
    assert settings._quiet_hours(time(22), time(22)) is None
    assert settings._quiet_hours(time(22), time(22, 1)) == (time(22), time(22, 1))


@pytest.mark.parametrize(
    ("days", "until"),
    [(0, None), (1, NOW + timedelta(days=1)), (366, NOW + timedelta(days=366)), (367, NOW + timedelta(days=366))],
)
async def test_a_mute_lasts_a_year_at_most(monkeypatch: pytest.MonkeyPatch, days: int, until: datetime | None) -> None:
    muted = []
    monkeypatch.setattr("digests.subscriptions.mute", lambda chat, number, moment: muted.append((number, moment)))

    async def change(_: object, __: object, how: Any) -> None:
        how(None)

    monkeypatch.setattr(subscription_settings, "_change", change)
    context: Any = SimpleNamespace(services=SimpleNamespace(clock=lambda: NOW))
    await subscription_settings.mute_pressed(None, context, callbacks.MuteSubscription(3, days))  # type: ignore[arg-type]
    assert muted == [(3, until)]


def test_an_unwanted_article_is_compared_with_30_others() -> None:
    assert subscription_settings.MAX_COMPARED_ARTICLES == 30


@pytest.mark.parametrize(("asked", "stored"), [(0, 1), (1, 1), (12, 12), (13, 12), (99, 12)])
async def test_the_number_of_stories_is_between_one_and_that_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch, asked: int, stored: int
) -> None:
    changes = []

    async def change(_: object, __: object, menu: str, **values: int) -> None:
        changes.append((menu, values))

    monkeypatch.setattr(settings, "_set", change)
    context: Any = SimpleNamespace(services=SimpleNamespace(config=SimpleNamespace(digest=SimpleNamespace(stories=12))))
    await settings.story_count_pressed(None, context, callbacks.SetStoryCount(asked))  # type: ignore[arg-type]
    assert changes == [("stories", {"stories": stored})]

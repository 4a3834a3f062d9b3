"""Limits and edges of the handlers of digests, articles, trends, inline mode, groups and the operator."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import (
    Chat,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    Update,
)

from bot.handlers import (
    admin,
    articles,
    digests,
    free_text,
    groups,
    inline,
    middleware,
    personal_data,
    replies,
    trends,
)
from bot.handlers import help as help_commands
from bot.texts import texts_for
from digests.errors import ImportRefused, NoSuchIssue
from digests.models import Article, Hit, Keyword, Labels, SearchResult, Snippet
from digests.storage.personal_data import MAX_EXPORT_BYTES
from tests.updates import DAY, GROUP, USER, message


def article(number: int, **fields: Any) -> Article:
    usual = {"paper": "太原日报", "date": DAY, "page": 1}
    return Article(f"aaaaa-{number:05}", f"标题{number}", ("正文。",), **usual | fields)


def test_limits_have_their_documented_values() -> None:
    assert admin.MAX_ANNOUNCEMENT_UNITS == 3500
    assert (articles.MAX_RELATED_ARTICLES, articles.MAX_PEOPLE_BUTTONS, articles.MAX_PLACE_BUTTONS) == (5, 6, 6)
    assert (trends.RISING_ISSUES, trends.MAX_TREND_WORDS, trends.NEAREST_ISSUES) == (60, 4, 3)
    assert (inline.RESULTS_PER_PAGE, inline.MAX_RESULTS) == (10, 500)
    assert (inline.CACHE_SECONDS, inline.MAX_DESCRIPTION_CHARS) == (60, 100)
    assert free_text.MAX_TITLE_ARTICLES == 30
    assert replies.MAX_ECHO_CHARS == 40
    assert (middleware.TYPING_DELAY_SECONDS, middleware.TYPING_REPEAT_SECONDS) == (0.5, 4.0)
    assert middleware.MAX_CONCURRENT_UPDATES == 1024


@pytest.mark.parametrize(
    ("day", "onward", "expected"),
    [(29, True, 30), (29, False, 12), (30, True, None), (12, False, None), (13, True, 29), (13, False, 12)],
)
def test_the_adjacent_day_is_the_nearest_other_one(day: int, onward: bool, expected: int | None) -> None:
    days = [date(2022, 8, number) for number in (30, 29, 12)]
    found = digests.adjacent_day(days, date(2022, 8, day), onward=onward)
    assert (found and found.day) == expected


def test_six_people_and_six_places_get_a_button_and_no_name_gets_two() -> None:
    names = tuple(f"名{number}" for number in range(9))
    people, places = articles._button_names(
        Labels(people=names[:7], places=("名8", "名0", *(f"地{n}" for n in range(7))))
    )
    assert people == names[:6]
    assert places == ("名8", "地0", "地1", "地2", "地3", "地4")


class Archive:
    """Issues of the given days, searches with `total` hits, digests with `stories` stories."""

    def __init__(self, *, days: list[date] | None = None, total: int = 0, stories: int = 0) -> None:
        self.days, self.total = days if days is not None else [DAY], total
        self.stories = tuple(SimpleNamespace(article=f"aaaaa-{n:05}", quote=f"引{n}") for n in range(stories))

    def issues(self) -> list[Any]:
        return [SimpleNamespace(day=day) for day in self.days]

    def article(self, article_id: str) -> Article | None:
        return article(int(article_id[-5:]))

    def digest(self, day: date) -> Any:
        return SimpleNamespace(day=day, stories=self.stories)

    def search(self, query: str, *, limit: int, offset: int, today: date) -> SearchResult:
        hits = (Hit(article(n), 1.0, Snippet("正文。", ())) for n in range(offset, min(offset + limit, self.total)))
        return SearchResult(query, self.total, offset, tuple(hits))


def found(archive: Archive, text: str, offset: int) -> tuple[int, int | None]:
    """Number of results and the next offset."""
    services: Any = SimpleNamespace(archive=archive, today=DAY)
    results = inline._find(services, text, offset)
    return len(results.articles), results.next_offset


@pytest.mark.parametrize(
    ("total", "offset", "expected"),
    [
        (9, 0, (9, None)),
        (10, 0, (10, None)),
        (11, 0, (10, 10)),
        (11, 10, (1, None)),
        (20, 10, (10, None)),
        (501, 480, (10, 490)),
        (501, 490, (10, None)),
        (0, 0, (0, None)),
    ],
)
def test_an_inline_search_has_pages_of_ten_up_to_500(total: int, offset: int, expected: tuple[int, int | None]) -> None:
    assert found(Archive(total=total), "防汛", offset) == expected


@pytest.mark.parametrize(
    ("stories", "offset", "expected"),
    [(9, 0, (9, None)), (10, 0, (10, None)), (11, 0, (10, 10)), (11, 10, (1, None)), (0, 0, (0, None))],
)
def test_an_inline_digest_has_pages_of_ten(stories: int, offset: int, expected: tuple[int, int | None]) -> None:
    assert found(Archive(stories=stories), "", offset) == expected
    assert found(Archive(stories=stories), "2022-08-29", offset) == expected


def test_an_article_id_has_one_result_on_the_first_page_only() -> None:
    assert found(Archive(), "aaaaa-00007", 0) == (1, None)
    assert found(Archive(), "aaaaa-00007", 10) == (0, None)


def test_an_empty_query_to_an_empty_archive_has_no_results() -> None:
    assert found(Archive(days=[]), "", 0) == (0, None)


@pytest.mark.parametrize(
    ("text", "offset"), [("", 0), ("0", 0), ("10", 10), ("999", 999), ("1000", 0), ("-1", 0), ("²", 0), ("٣", 0)]
)
def test_an_offset_is_a_number_of_at_most_three_ascii_digits(text: str, offset: int) -> None:
    assert inline._offset(text) == offset


def test_the_description_of_a_result_has_at_most_100_characters() -> None:
    answer = inline._answer(article(1), Snippet("字" * 200, ()), "jianbao_bot", "zh")
    assert answer.description
    assert len(answer.description) == 100


def test_without_results_a_button_opens_the_search_or_the_chat() -> None:
    assert inline._chat_button("a" * 46, "zh").start_parameter == "q_" + "YWFh" * 15 + "YQ"
    assert inline._chat_button("a" * 47, "zh").start_parameter == "inline"


class TrendArchive(Archive):
    """An archive whose digests are their days."""

    def digest(self, day: date) -> Any:
        return day

    def past_digest(self, day: date) -> Any:
        return day


@pytest.fixture
def periods(monkeypatch: pytest.MonkeyPatch) -> None:
    def summarise(days: Any, bounds: Any) -> Any:
        return (list(days), bounds) if (days := list(days)) else None

    monkeypatch.setattr(trends.trends, "summarise_period", summarise)
    monkeypatch.setattr(trends.render, "period_review", lambda period, kind, lang, **ends: (*period, kind, ends))


async def review(days: list[date], kind: Any, day: date) -> Any:
    context: Any = SimpleNamespace(services=SimpleNamespace(archive=TrendArchive(days=days)), language="zh")
    return await trends._review(context, kind, day)


WEEKS = [date(2023, 3, 20), date(2023, 3, 19), date(2023, 3, 13), date(2023, 3, 12), date(2023, 2, 1)]
"""Monday, and Sunday, Monday, Sunday before it, and a day a month earlier."""


@pytest.mark.parametrize("day", [date(2023, 3, 13), date(2023, 3, 16), date(2023, 3, 19)])
@pytest.mark.usefixtures("periods")
async def test_a_week_lasts_from_monday_to_sunday_and_names_its_neighbours(day: date) -> None:
    inside, bounds, kind, ends = await review(WEEKS, "week", day)
    assert (inside, kind) == ([date(2023, 3, 19), date(2023, 3, 13)], "week")
    assert bounds == (date(2023, 3, 13), date(2023, 3, 19))
    assert ends == {"newer": date(2023, 3, 20), "older": date(2023, 3, 12)}


@pytest.mark.usefixtures("periods")
async def test_a_day_outside_the_archive_means_its_first_or_last_period() -> None:
    assert (await review(WEEKS, "week", date(2031, 1, 1)))[1] == (date(2023, 3, 20), date(2023, 3, 26))
    assert (await review(WEEKS, "month", date(1999, 1, 1)))[1] == (date(2023, 2, 1), date(2023, 2, 28))
    assert (await review(WEEKS, "month", date(2031, 1, 1)))[3] == {"newer": None, "older": date(2023, 2, 1)}


@pytest.mark.usefixtures("periods")
async def test_a_period_without_issues_names_the_three_nearest() -> None:
    with pytest.raises(NoSuchIssue) as refused:
        await review(WEEKS, "week", date(2023, 2, 20))
    assert list(refused.value.near) == [date(2023, 2, 1), date(2023, 3, 12), date(2023, 3, 13)]
    with pytest.raises(NoSuchIssue):
        await review([], "week", DAY)


async def test_rising_keywords_come_from_the_newest_sixty_issues(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [DAY - timedelta(days=number) for number in range(61)]
    seen: list[Any] = []

    async def reply(_: object, __: object, message: Any) -> None:
        seen.append(message)

    monkeypatch.setattr(trends, "reply", reply)
    monkeypatch.setattr(trends, "message_text", lambda *_: "")
    monkeypatch.setattr(trends.trends, "rising_keywords", list)
    monkeypatch.setattr(trends.render, "rising_words", lambda *values: values)
    context: Any = SimpleNamespace(services=SimpleNamespace(archive=TrendArchive(days=days)), language="zh")
    await trends.trend(None, context)  # type: ignore[arg-type]
    assert seen == [(days[:60], 60, 61, "zh")]


def test_the_examples_of_help_are_single_words_of_the_digest_or_fixed_ones() -> None:
    keywords = (Keyword("防汛 减灾", 0.9), Keyword("锂电池", 0.8), Keyword("养老", 0.7))
    archive: Any = SimpleNamespace(digest=lambda _: SimpleNamespace(keywords=keywords))
    assert help_commands._examples(archive, DAY, texts_for("zh")) == ("锂电池", "养老")
    fixed = texts_for("zh").plain("help.word")
    archive = SimpleNamespace(digest=lambda _: SimpleNamespace(keywords=keywords[:2]))
    assert help_commands._examples(archive, DAY, texts_for("zh")) == ("锂电池", fixed)
    assert help_commands._examples(archive, None, texts_for("zh"))[0] == fixed


def test_group_members_are_offered_the_commands_that_change_nothing() -> None:
    assert sorted(help_commands.GROUP_COMMANDS) == [
        "digest",
        "help",
        "issues",
        "month",
        "search",
        "today",
        "trend",
        "week",
    ]


ADMINISTRATOR = dict.fromkeys(
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories".split(),
    False,
)


def administrator(*, may_post: bool) -> ChatMemberAdministrator:
    return ChatMemberAdministrator(USER, **ADMINISTRATOR, can_post_messages=may_post)


@pytest.mark.parametrize(
    ("member", "in_group", "in_channel"),
    [
        (ChatMemberMember(USER), True, False),
        (ChatMemberLeft(USER), False, False),
        (ChatMemberBanned(USER, 0), False, False),  # type: ignore[arg-type]
        (administrator(may_post=True), True, True),
        (administrator(may_post=False), True, False),
    ],
)
def test_the_bot_can_write_as_a_member_and_in_a_channel_as_an_administrator_who_may_post(
    member: Any, in_group: bool, in_channel: bool
) -> None:
    assert groups._can_write(member, GROUP) is in_group
    assert groups._can_write(member, Chat(-1009, Chat.CHANNEL)) is in_channel


@pytest.mark.parametrize("inside", [True, False])
def test_a_restricted_bot_can_write_while_it_is_a_member(inside: bool) -> None:
    restricted = SimpleNamespace(status="restricted", is_member=inside)
    assert groups._can_write(restricted, GROUP) is inside  # type: ignore[arg-type]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the handlers reply, with the calls of the functions that render it."""
    replies_: list[Any] = []

    async def reply(_: object, __: object, *messages: Any) -> None:
        replies_.extend(messages)

    for module in (admin, free_text, groups):
        monkeypatch.setattr(module, "reply", reply, raising=False)
        monkeypatch.setattr(module, "reply_text", reply, raising=False)
    monkeypatch.setattr(admin.operator, "announcement", lambda text, count, lang: ("preview", len(text), count))
    monkeypatch.setattr(admin.operator, "digest_preview", lambda day, count, lang: (day, count))
    monkeypatch.setattr(admin.flows, "render_edition", lambda *_: ())
    return replies_


def stored_chat(**changes: Any) -> Any:
    settings = SimpleNamespace(digest=changes.pop("digest", True), weekdays=changes.pop("weekdays", (1,)))
    usual = {"id": 1001, "active": True, "subscriptions": ("防汛",), "settings": settings}
    return SimpleNamespace(**usual | changes)


def operator_context(*chats: Any) -> Any:
    access = SimpleNamespace(admins=(1001,))
    services = SimpleNamespace(
        config=SimpleNamespace(access=access),
        chats=SimpleNamespace(all=lambda: list(chats)),
        today=DAY,
        edition=lambda day: ("edition", day),
    )
    texts = SimpleNamespace(html=lambda key, **values: (key, *values.values()))
    return SimpleNamespace(services=services, chat=stored_chat(), texts=texts, language="zh")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("字" * 3500, ("preview", 3500, 1)),
        ("字" * 3501, ("admin.announce_long", 3501, 3500)),
        ("😀" * 1751, ("admin.announce_long", 3502, 3500)),
    ],
)
async def test_an_announcement_has_at_most_3500_units(sent: list[Any], text: str, expected: tuple[Any, ...]) -> None:
    context = operator_context(stored_chat(), stored_chat(active=False))
    await admin.announce(Update(1, message=message(f"/announce {text}")), context)
    assert sent == [expected]


@pytest.mark.parametrize(
    ("changes", "recipients"),
    [
        ({}, 1),
        ({"active": False}, 0),
        ({"digest": False}, 0),
        ({"subscriptions": ()}, 0),
        ({"weekdays": (0, 2, 3, 4, 5, 6)}, 0),
    ],
)
@pytest.mark.usefixtures("sent")
async def test_tomorrows_digest_goes_to_active_chats_that_want_one_that_day(
    changes: dict[str, Any], recipients: int
) -> None:
    """29 August 2022 is a Monday."""
    assert await admin._preview(operator_context(stored_chat(**changes))) == ((date(2022, 8, 30), recipients),)


@pytest.mark.parametrize(("total", "partial_only", "person"), [(3, False, True), (0, False, False), (3, True, False)])
async def test_a_person_whom_no_article_names_is_searched_for(
    monkeypatch: pytest.MonkeyPatch, sent: list[Any], total: int, partial_only: bool, person: bool
) -> None:
    async def answer_search(_: object, __: object, query: str) -> None:
        sent.append(query)

    asked: list[Any] = []

    def search(query: str, *, limit: int, newest: bool) -> Any:
        asked.append((query, limit, newest))
        return SimpleNamespace(total=total, partial_only=partial_only, hits=())

    monkeypatch.setattr(free_text.search, "answer_search", answer_search)
    monkeypatch.setattr(free_text.render, "person", lambda name, *_: f"about {name}")
    archive = SimpleNamespace(search=search)
    services = SimpleNamespace(archive=archive, config=SimpleNamespace(limits=SimpleNamespace(query=256)))
    context: Any = SimpleNamespace(services=services, language="zh", written_text="谁是韦韬")
    await free_text._who_is(None, context, {"name": "韦韬"})  # type: ignore[arg-type]
    assert asked == [('人物:"韦韬"', 30, True)]
    assert sent == ["about 韦韬" if person else "谁是韦韬"]


def document(size: int) -> Any:
    async def download() -> bytearray:
        return bytearray(b"{}")

    async def get_file() -> Any:
        return SimpleNamespace(download_as_bytearray=download)

    return SimpleNamespace(file_size=size, get_file=get_file)


@pytest.mark.parametrize("size", [0, MAX_EXPORT_BYTES])
async def test_a_file_of_the_largest_size_is_downloaded(size: int) -> None:
    assert await personal_data._download(document(size)) == b"{}"


async def test_a_file_over_the_size_limit_is_not_downloaded() -> None:
    with pytest.raises(ImportRefused, match="expected at most") as refused:
        await personal_data._download(document(MAX_EXPORT_BYTES + 1))
    assert refused.value.why == "huge"


async def test_a_group_cannot_manage_a_channel() -> None:
    context: Any = SimpleNamespace(chat=SimpleNamespace(id=-1001), texts=SimpleNamespace(plain=str))
    answer = await groups.manage_pressed(None, context, SimpleNamespace(channel=-1009))  # type: ignore[arg-type]
    assert answer == "button.unknown"


async def test_the_contents_of_a_page_are_its_own_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = [article(1, page=1), article(2, page=2), article(3, page=2)]
    archive = SimpleNamespace(issue=lambda _: "issue", articles=lambda _: printed)
    monkeypatch.setattr(digests.render, "page_contents", lambda *values: values)
    context: Any = SimpleNamespace(services=SimpleNamespace(archive=archive), language="zh")
    assert await digests._page(context, DAY, 2, 5) == ("issue", 2, printed[1:], 5, "zh")
    assert await digests._page(context, DAY, 3, 0) is None


@pytest.mark.parametrize(("pictures", "expected"), [(True, ["card", "digest"]), (False, ["digest"])])
async def test_a_digest_comes_with_its_card_where_the_chat_wants_pictures(
    monkeypatch: pytest.MonkeyPatch, pictures: bool, expected: list[str]
) -> None:
    answered: list[Any] = []

    async def reply(_: object, __: object, *messages: Any) -> None:
        answered.extend(messages)

    monkeypatch.setattr(digests, "reply", reply)
    monkeypatch.setattr(digests.render, "issue_card", lambda *_: "card")
    monkeypatch.setattr(digests.render, "digest", lambda *_: ("digest",))
    chat = SimpleNamespace(settings=SimpleNamespace(pictures=pictures))
    archive = SimpleNamespace(digest=lambda _: None)
    context: Any = SimpleNamespace(services=SimpleNamespace(archive=archive), chat=chat, language="zh")
    await digests.send_digest(None, context, DAY)  # type: ignore[arg-type]
    assert answered == expected

"""What is due when: a digest a day at the chat's wall-clock time, never twice, never missed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.chats import Chat, Settings, Subscription
from digests.digest.editions import Edition, EditionOfDay, EditionPlan, choose_edition
from digests.guard import Problem
from digests.subscriptions import schedule
from digests.subscriptions.alerts import Bundle
from digests.subscriptions.schedule import ChatDefaults, DueMessage, PendingBundle, in_quiet_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEWEST = Edition((date(2022, 8, 29),), "digest:2022-08-29")
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
WINDOW = timedelta(hours=3)
NIGHT = (time(22), time(7))


def reader(chat_id: int = 1, *, since: datetime = LONG_AGO, active: bool = True, **settings: object) -> Chat:
    subscription = Subscription(1, "防汛", since)
    return Chat(chat_id, Settings(**settings), (subscription,), active)  # type: ignore[arg-type]


def all_due(
    *chats: Chat,
    now: datetime,
    edition_of: EditionOfDay = lambda _: NEWEST,
    pending: tuple[PendingBundle, ...] = (),
    done: frozenset[tuple[int, str]] = frozenset(),
    at: time = time(8),
    zone: ZoneInfo = SHANGHAI,
    late: timedelta = timedelta(hours=6),
) -> list[DueMessage]:
    def owed(key: str) -> set[int]:
        return {chat for chat, there in done if there == key}

    problems: list[Problem] = []
    defaults = ChatDefaults(at, zone, late)
    due = schedule.due_messages(chats, pending, edition_of, owed, now=now, defaults=defaults, problems=problems)
    assert problems == []
    return due


def due(*chats: Chat, **given: object) -> list[tuple[int, Edition | None]]:
    """Return chat and edition of each digest that is due."""
    return [(one.chat, one.edition) for one in all_due(*chats, **given) if one.edition]  # type: ignore[arg-type]


def last_moment(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    return schedule.last_occurrence(Settings(digest_time=at), now, ChatDefaults(at, zone, timedelta(hours=6))).at


def shanghai(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2022, 8, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (shanghai(29, 7, 59, 59), False),
        (shanghai(29, 8), True),
        (shanghai(29, 14), True),
        (shanghai(29, 14, 0, 1), False),
    ],
)
def test_a_digest_is_due_from_its_time_until_the_deadline(now: datetime, is_due: bool) -> None:
    assert due(reader(), now=now) == ([(1, NEWEST)] if is_due else [])


def test_the_deadline_may_be_after_midnight() -> None:
    assert due(reader(digest_time=time(23)), now=shanghai(30, 1))


def test_now_may_be_in_any_zone() -> None:
    assert due(reader(), now=shanghai(29, 8).astimezone(UTC))
    assert not due(reader(), now=shanghai(29, 7, 59).astimezone(UTC))


def test_after_midnight_the_edition_is_that_of_the_day_before() -> None:
    """The edition of the next day would come twice: after midnight and at its own time."""
    late = due(reader(digest_time=time(23)), now=shanghai(30, 1), edition_of=lambda day: Edition((), f"digest:{day}"))
    assert [told.key for _, told in late if told] == ["digest:2022-08-29"]


def test_a_digest_in_the_outbox_is_not_due_again() -> None:
    both = due(reader(1), reader(2), now=shanghai(29, 9), done=frozenset({(1, NEWEST.key)}))
    assert [chat for chat, _ in both] == [2]


def test_a_new_issue_is_due_although_yesterdays_was_sent() -> None:
    done = frozenset({(1, "digest:2022-08-28")})
    assert due(reader(), now=shanghai(29, 8), done=done) == [(1, NEWEST)]


def test_an_issue_that_appears_after_the_digest_time_is_sent_late() -> None:
    assert not due(reader(), now=shanghai(29, 8), edition_of=lambda _: None)
    assert due(reader(), now=shanghai(29, 10))


def test_a_chats_own_digest_time_replaces_the_default() -> None:
    assert not due(reader(digest_time=time(20)), now=shanghai(29, 9))
    assert due(reader(digest_time=time(20)), now=shanghai(29, 20))


def test_a_chat_that_subscribes_after_the_digest_time_gets_the_next_digest() -> None:
    late_comer = reader(since=shanghai(29, 8, 1))
    assert not due(late_comer, now=shanghai(29, 9))
    assert due(late_comer, now=shanghai(30, 8))


def test_a_chat_that_adds_a_subscription_after_the_digest_time_still_gets_the_digest() -> None:
    chat = Chat(1, subscriptions=(Subscription(1, "防汛", LONG_AGO), Subscription(2, "核酸", shanghai(29, 8, 30))))
    assert due(chat, now=shanghai(29, 9))


@pytest.mark.parametrize(
    "chat", [Chat(1), reader(digest=False), reader(active=False)], ids=["no subscription", "not wanted", "inactive"]
)
def test_some_chats_get_no_digest(chat: Chat) -> None:
    assert due(chat, now=shanghai(29, 9)) == []


def test_a_time_that_the_clocks_skip_is_put_off_by_as_much() -> None:
    sunday = datetime(2022, 3, 27, 0, 59, 59, tzinfo=UTC)  # a second before 2:00 becomes 3:00
    assert last_moment(time(2, 30), BERLIN, sunday) == datetime(2022, 3, 26, 1, 30, tzinfo=UTC)
    assert last_moment(time(2, 30), BERLIN, sunday + timedelta(minutes=31)) == datetime(2022, 3, 27, 1, 30, tzinfo=UTC)


def test_of_a_time_that_the_clocks_show_twice_the_first_counts() -> None:
    second_time = datetime(2022, 10, 30, 1, 30, tzinfo=UTC)  # 2:30 for the second time
    assert last_moment(time(2, 30), BERLIN, second_time) == datetime(2022, 10, 30, 0, 30, tzinfo=UTC)


def test_the_deadline_is_measured_in_hours_that_pass() -> None:
    """In the night of 30 October an hour passes twice: 6 hours after 1:00 the clocks show 6:00."""
    at_one = reader(digest_time=time(1))
    assert due(at_one, now=datetime(2022, 10, 30, 6, tzinfo=BERLIN), zone=BERLIN)
    assert not due(at_one, now=datetime(2022, 10, 30, 6, 0, 1, tzinfo=BERLIN), zone=BERLIN)


# Changes to and from summer time, by half an hour, at midnight, and a zone without changes.
CHANGES = [
    ("Europe/Berlin", date(2022, 3, 27)),
    ("Europe/Berlin", date(2022, 10, 30)),
    ("America/New_York", date(2022, 3, 13)),
    ("America/New_York", date(2022, 11, 6)),
    ("Australia/Lord_Howe", date(2022, 4, 3)),
    ("Australia/Lord_Howe", date(2022, 10, 2)),
    ("America/Santiago", date(2022, 9, 11)),
    ("Asia/Beirut", date(2022, 3, 27)),
    ("Asia/Shanghai", date(2022, 8, 29)),
]


@settings(deadline=None)
@given(
    change=st.sampled_from(CHANGES),
    at=st.times().map(lambda t: t.replace(microsecond=0)),
    steps=st.lists(st.integers(1, 170), min_size=60, max_size=60),
)
def test_with_an_issue_a_day_each_day_has_one_digest_whatever_the_clocks_do(
    change: tuple[str, date], at: time, steps: list[int]
) -> None:
    """Ticks at odd distances of up to 170 minutes, a window of 3 hours, days on both sides of the change."""
    zone = ZoneInfo(change[0])
    first = change[1] - timedelta(days=1)
    now = last_moment(at, zone, datetime.combine(first, time(23, 59, 59), zone))
    done: set[tuple[int, str]] = set()
    sent: list[date] = []
    moments: list[date] = []

    def of_day(day: date) -> Edition | None:
        return choose_edition(EditionPlan(), [day], day)

    for step in steps:
        moments.append(last_moment(at, zone, now).astimezone(zone).date())
        for chat, told in due(
            reader(), now=now, edition_of=of_day, done=frozenset(done), at=at, zone=zone, late=WINDOW
        ):
            assert told
            sent += told.days
            done.add((chat, told.key))
        now += timedelta(minutes=step)
    assert sent == [first + timedelta(days=n) for n in range((moments[-1] - first).days + 1)]


@settings(deadline=None)
@given(
    at=st.times(),
    now=st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2050, 1, 1)),
    zone=st.sampled_from(
        ["Asia/Shanghai", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
)
def test_the_last_occurrence_is_never_in_the_future_and_at_most_fifty_hours_ago(
    at: time, now: datetime, zone: str
) -> None:
    moment = last_moment(at, ZoneInfo(zone), now)
    assert timedelta(0) <= now - moment <= timedelta(hours=50)


def test_a_day_that_a_zone_skipped_has_no_second_occurrence() -> None:
    """Samoa went from 29 to 31 December 2011 without a 30th."""
    apia = ZoneInfo("Pacific/Apia")
    before = datetime(2011, 12, 31, 7, tzinfo=apia)
    assert last_moment(time(8), apia, before) == datetime(2011, 12, 29, 18, tzinfo=UTC)
    assert last_moment(time(8), apia, before + timedelta(hours=1)) == datetime(2011, 12, 30, 18, tzinfo=UTC)


def waiting(bundle: Bundle, since: datetime, *, topic: int | None = None) -> tuple[PendingBundle, ...]:
    return (PendingBundle(1, topic, bundle, since),)


def quiet_reader(**settings: object) -> Chat:
    return reader(1, quiet=NIGHT, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(("hour", "expected"), [(21, False), (22, True), (0, True), (6, True), (7, False)], ids=str)
def test_quiet_hours_over_midnight_include_their_start_and_exclude_their_end(hour: int, expected: bool) -> None:
    usual = ChatDefaults(time(8), SHANGHAI, WINDOW)
    assert in_quiet_hours(Settings(quiet=NIGHT), shanghai(29, hour), usual) is expected
    assert not in_quiet_hours(Settings(quiet=(time(7), time(7))), shanghai(29, hour), usual)


def test_a_digest_time_in_quiet_hours_is_put_off_to_their_end() -> None:
    chat = quiet_reader(digest_time=time(6))
    assert not due(chat, now=shanghai(29, 6, 59))
    assert due(chat, now=shanghai(29, 7))


def test_quiet_hours_extend_the_deadline() -> None:
    """A digest missed at 21:30 because the program was down is still sent in the morning."""
    chat = quiet_reader(digest_time=time(21, 30))
    assert not due(chat, now=shanghai(29, 22, 30))
    assert due(chat, now=shanghai(30, 7))
    assert due(chat, now=shanghai(30, 12, 30))
    assert not due(chat, now=shanghai(30, 12, 31))


def test_a_chat_gets_its_digest_only_on_its_weekdays() -> None:
    workdays = reader(weekdays=(0, 1, 2, 3, 4))
    assert due(workdays, now=shanghai(26, 8)), "a Friday"
    assert not due(workdays, now=shanghai(27, 8))
    assert not due(workdays, now=shanghai(28, 8))
    assert due(workdays, now=shanghai(29, 8))


def test_the_digest_time_is_in_the_chats_zone() -> None:
    berliner = reader(zone="Europe/Berlin")
    assert not due(berliner, now=shanghai(29, 8))
    assert due(berliner, now=datetime(2022, 8, 29, 8, tzinfo=BERLIN))


def test_an_unknown_zone_is_replaced_by_the_default() -> None:
    assert due(reader(zone="Mars/Olympus"), now=shanghai(29, 8))


def test_a_daily_bundle_is_due_at_the_next_occurrence() -> None:
    kept = waiting("daily", shanghai(29, 9))
    chat = reader(digest=False)
    assert not all_due(chat, now=shanghai(29, 23), pending=kept)
    assert all_due(chat, now=shanghai(30, 8), pending=kept) == [DueMessage(1, bundles=("daily",))]
    assert all_due(chat, now=shanghai(31, 3), pending=kept), "it is never too late"


def test_a_bundle_goes_with_the_digest_of_its_topic_and_alone_to_other_topics() -> None:
    kept = (*waiting("daily", shanghai(28, 9)), *waiting("daily", shanghai(28, 9), topic=5))
    assert all_due(reader(), now=shanghai(29, 8), pending=kept) == [
        DueMessage(1, None, NEWEST, ("daily",)),
        DueMessage(1, 5, None, ("daily",)),
    ]


def test_a_weekly_bundle_is_due_on_the_first_weekday_of_the_chat() -> None:
    kept = waiting("weekly", shanghai(23, 9))
    chat = reader(digest=False)
    assert not all_due(chat, now=shanghai(28, 23), pending=kept)
    assert all_due(chat, now=shanghai(29, 8), pending=kept), "a Monday"
    weekends = reader(digest=False, weekdays=(5, 6))
    assert not all_due(weekends, now=shanghai(26, 23), pending=kept)
    assert all_due(weekends, now=shanghai(27, 8), pending=kept), "a Saturday"


def test_a_bundle_of_the_quiet_hours_is_due_at_their_end_or_when_they_are_switched_off() -> None:
    kept = waiting("quiet", shanghai(29, 23))
    assert not all_due(quiet_reader(digest=False), now=shanghai(30, 6, 59), pending=kept)
    assert all_due(quiet_reader(digest=False), now=shanghai(30, 7), pending=kept)
    assert all_due(reader(digest=False), now=shanghai(29, 23, 1), pending=kept)


def test_a_bundle_of_an_inactive_chat_keeps_waiting() -> None:
    kept = waiting("quiet", shanghai(28, 9))
    assert not all_due(reader(active=False), now=shanghai(29, 8), pending=kept)
    assert all_due(reader(digest=False), now=shanghai(29, 8), pending=kept)


def test_a_bundle_that_began_to_wait_in_the_future_is_not_lost() -> None:
    kept = waiting("daily", shanghai(29, 9) + timedelta(days=365))
    assert all_due(reader(digest=False), now=shanghai(29, 10), pending=kept)


def test_a_clock_set_back_by_an_hour_sends_no_digest_twice() -> None:
    done = frozenset({(1, NEWEST.key)})
    for minute in range(0, 180, 10):
        assert not due(reader(), now=shanghai(29, 7) + timedelta(minutes=minute), done=done)


def test_the_weekly_report_is_due_once_a_week_as_a_message_of_its_own() -> None:
    chat = reader(digest=False, weekly_report=True)
    assert not all_due(chat, now=shanghai(28, 9))
    assert all_due(chat, now=shanghai(29, 8)) == [DueMessage(1, report_day=date(2022, 8, 29))]
    assert not all_due(chat, now=shanghai(29, 8), done=frozenset({(1, "account:2022-08-29")}))


def test_digests_go_to_the_chosen_topic() -> None:
    assert [one.topic for one in all_due(reader(topic=5), now=shanghai(29, 8))] == [5]


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(11, 59, False), (12, 0, True), (13, 59, True), (14, 0, False)]
)
def test_quiet_hours_of_one_day_include_their_start_and_exclude_their_end(
    hour: int, minute: int, expected: bool
) -> None:
    siesta = Settings(quiet=(time(12), time(14)))
    assert in_quiet_hours(siesta, shanghai(29, hour, minute), ChatDefaults(time(8), SHANGHAI, WINDOW)) is expected


@pytest.mark.parametrize(("start", "end", "hour"), [(22, 7, 22), (22, 7, 0), (22, 7, 6), (12, 14, 12), (12, 14, 13)])
def test_nothing_at_all_is_due_in_quiet_hours(start: int, end: int, hour: int) -> None:
    chat = reader(quiet=(time(start), time(end)), digest_time=time(11))
    pending = (*waiting("quiet", shanghai(28, 9)), *waiting("daily", shanghai(28, 9)))
    assert all_due(chat, now=shanghai(30, hour), pending=pending) == []
    assert all_due(chat, now=shanghai(30, end), pending=pending) != []


def test_a_digest_time_at_the_edges_of_quiet_hours() -> None:
    defaults = ChatDefaults(time(8), SHANGHAI, WINDOW)

    def occurrence(at: time) -> datetime:
        return schedule.last_occurrence(Settings(digest_time=at, quiet=NIGHT), shanghai(30, 12), defaults).at

    assert occurrence(time(21, 59)) == shanghai(29, 21, 59)
    assert occurrence(time(22)) == occurrence(time(23, 59)) == occurrence(time(6, 59)) == shanghai(30, 7)
    assert occurrence(time(7)) == shanghai(30, 7)
    assert occurrence(time(7, 1)) == shanghai(30, 7, 1)


@pytest.mark.parametrize(
    ("quiet", "deadline"),
    [
        (None, (29, 14)),
        ((time(14), time(16)), (29, 14)),
        ((time(13, 59), time(16)), (29, 16, 1)),
        ((time(12), time(13)), (29, 15)),
        ((time(9), time(9)), (29, 14)),
        ((time(13), time(7)), (30, 8)),
    ],
    ids=str,
)
def test_quiet_hours_that_begin_before_the_deadline_extend_it(
    quiet: tuple[time, time] | None, deadline: tuple[int, int]
) -> None:
    defaults = ChatDefaults(time(8), SHANGHAI, timedelta(hours=6))
    occurrence = schedule.last_occurrence(Settings(quiet=quiet), shanghai(29, 8), defaults)
    assert (occurrence.at, occurrence.day) == (shanghai(29, 8), date(2022, 8, 29))
    assert occurrence.deadline == shanghai(*deadline)


def test_a_subscription_made_before_the_clock_was_set_back_gets_the_digest() -> None:
    assert due(reader(since=shanghai(30, 9, 0, 1)), now=shanghai(29, 9)) == [(1, NEWEST)]
    assert due(reader(since=shanghai(30, 9)), now=shanghai(29, 9)) == [], "it gets the next digest"


def test_a_subscription_created_at_the_occurrence_gets_the_digest() -> None:
    assert due(reader(since=shanghai(29, 8)), now=shanghai(29, 8))
    assert not due(reader(since=shanghai(29, 8, 0, 1)), now=shanghai(29, 8, 0, 1))


def test_a_bundle_that_began_to_wait_at_the_occurrence_is_due() -> None:
    chat = reader(digest=False)
    assert all_due(chat, now=shanghai(29, 8), pending=waiting("daily", shanghai(29, 8)))
    assert not all_due(chat, now=shanghai(29, 8, 0, 1), pending=waiting("daily", shanghai(29, 8, 0, 1)))


def test_a_bundle_seems_to_come_from_the_future_if_it_began_to_wait_more_than_a_day_ahead() -> None:
    chat, now = reader(digest=False), shanghai(29, 9)
    assert not all_due(chat, now=now, pending=waiting("daily", now + timedelta(days=1)))
    assert all_due(chat, now=now, pending=waiting("daily", now + timedelta(days=1, seconds=1)))


def test_a_weekly_occurrence_put_off_to_the_next_day_is_found_a_week_later() -> None:
    """On a Tuesday before the quiet hours end, the last one is that of Monday a week ago, put off to Tuesday."""
    weekly = Settings(digest_time=time(23), weekdays=(0,), quiet=NIGHT)
    defaults = ChatDefaults(time(8), SHANGHAI, WINDOW)
    last = schedule.last_occurrence(weekly, shanghai(30, 6, 59), defaults, weekly=True)
    assert (last.at, last.day) == (shanghai(23, 7), date(2022, 8, 22))
    last = schedule.last_occurrence(weekly, shanghai(30, 7), defaults, weekly=True)
    assert (last.at, last.day) == (shanghai(30, 7), date(2022, 8, 29))


def test_without_weekdays_every_day_has_an_occurrence() -> None:
    assert due(reader(weekdays=()), now=shanghai(27, 8))


def test_the_local_day_is_that_of_the_chats_zone() -> None:
    defaults = ChatDefaults(time(8), SHANGHAI, WINDOW)
    assert schedule.local_day(Settings(), datetime(2022, 8, 29, 15, 59, tzinfo=UTC), defaults) == date(2022, 8, 29)
    assert schedule.local_day(Settings(), datetime(2022, 8, 29, 16, tzinfo=UTC), defaults) == date(2022, 8, 30)
    in_berlin = Settings(zone="Europe/Berlin")
    assert schedule.local_day(in_berlin, datetime(2022, 8, 29, 16, tzinfo=UTC), defaults) == date(2022, 8, 29)


def test_the_weekly_report_is_due_until_its_deadline() -> None:
    chat = reader(digest=False, weekly_report=True)
    assert all_due(chat, now=shanghai(29, 14))
    assert not all_due(chat, now=shanghai(29, 14, 0, 1))

"""Times of day, weekdays of delivery and time zones as readers type them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from digests.times import (
    MAX_SIMILAR_ZONES,
    NoSuchTimeZone,
    parse_time_of_day,
    parse_time_zone,
    parse_weekdays,
    utc_distance,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("凌晨零点", time(0)),
        ("凌晨十二点", time(0)),
        ("凌晨一点", time(1)),
        ("凌晨五点半", time(5, 30)),
        ("清晨六点", time(6)),
        ("早上七点半", time(7, 30)),
        ("早上十一点", time(11)),
        ("早晨十二点", time(0)),
        ("早七点", time(7)),
        ("上午零点", time(0)),
        ("上午八点", time(8)),
        ("上午十二点", time(12)),
        ("中午十一点半", time(11, 30)),
        ("中午十二点", time(12)),
        ("中午十二点半", time(12, 30)),
        ("中午零点", time(12)),
        ("中午一点", time(13)),
        ("中午五点", time(17)),
        ("中午六点", time(6)),
        ("下午零点", time(12)),
        ("下午一点", time(13)),
        ("下午三点四十分", time(15, 40)),
        ("下午十一点", time(23)),
        ("下午十二点半", time(12, 30)),
        ("傍晚零点", time(0)),
        ("傍晚一点", time(13)),
        ("傍晚五点", time(17)),
        ("傍晚六点半", time(18, 30)),
        ("傍晚十一点", time(23)),
        ("傍晚十二点", time(0)),
        ("晚上零点", time(0)),
        ("晚上一点", time(1)),
        ("晚上四点", time(4)),
        ("晚上五点", time(17)),
        ("晚上八点一刻", time(20, 15)),
        ("晚上十一点三刻", time(23, 45)),
        ("晚上十二点", time(0)),
        ("晚上十二点半", time(0, 30)),
        ("晚上二十点", time(20)),
        ("晚九点", time(21)),
        ("夜里零点", time(0)),
        ("夜里一点", time(1)),
        ("夜里两点半", time(2, 30)),
        ("夜里五点", time(5)),
        ("夜里六点", time(18)),
        ("夜里十一点", time(23)),
        ("夜里十二点", time(0)),
        ("半夜十二点", time(0)),
        ("半夜三点", time(3)),
        ("半夜十一点", time(23)),
        ("深夜十点", time(22)),
        ("午夜十二点", time(0)),
    ],
)
def test_the_part_of_the_day_says_what_an_hour_means(text: str, expected: time) -> None:
    assert parse_time_of_day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("七点", time(7)),
        ("七点整", time(7)),
        ("7时5分", time(7, 5)),
        ("七点零五", time(7, 5)),
        ("二十三点五十九分", time(23, 59)),
        ("零点", time(0)),
        ("7:30", time(7, 30)),
        ("07：05", time(7, 5)),
        ("at 7", time(7)),
        ("12 am", time(0)),
        ("12:30 pm", time(12, 30)),
        ("7 pm", time(19)),
        ("11 am", time(11)),
        ("morning at 8", time(8)),
        ("evening at 8", time(20)),
        ("night at 11", time(23)),
        ("night at 1", time(1)),
    ],
)
def test_a_time_is_read_in_figures_in_numerals_and_in_english(text: str, expected: time) -> None:
    assert parse_time_of_day(text) == expected


@pytest.mark.parametrize("text", ["", *"七 7 十 25点 24点 七点六十分 7:60 7:5 十十点 七点半左右 一会儿".split()])
def test_other_text_is_no_time_of_day(text: str) -> None:
    assert parse_time_of_day(text) is None


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("周末不要发", (0, 1, 2, 3, 4)),
        ("周末别推送简报", (0, 1, 2, 3, 4)),
        ("只在周末发", (5, 6)),
        ("工作日发就行", (0, 1, 2, 3, 4)),
        ("工作日不用送", (5, 6)),
        ("周一、星期三和礼拜天发", (0, 2, 6)),
        ("周日才发", (6,)),
        ("周六也发", (0, 1, 2, 3, 4, 5, 6)),
        ("每天都发", (0, 1, 2, 3, 4, 5, 6)),
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        ("weekends only", (5, 6)),
        ("no digest on weekends", (0, 1, 2, 3, 4)),
    ],
)
def test_weekdays_of_delivery(text: str, weekdays: tuple[int, ...]) -> None:
    assert parse_weekdays(text) == weekdays


@pytest.mark.parametrize("text", ["周末去哪玩", "星期六义诊", "工作日周末不要发", "发", ""])
def test_other_text_names_no_weekdays_of_delivery(text: str) -> None:
    assert parse_weekdays(text) is None


def test_every_zone_is_found_by_its_name_in_any_case() -> None:
    names = [name for name in available_timezones() if "/" in name]
    assert [name for name in names if parse_time_zone(name.lower().replace("_", " ")) != name] == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("shanghai", "Asia/Shanghai"),
        ("New  York", "America/New_York"),
        ("UTC", "UTC"),
        (" asia/tokyo ", "Asia/Tokyo"),
        ("ｐａｒｉｓ", "Europe/Paris"),
        ("louisville", "America/Louisville"),
    ],
)
def test_a_zone_is_found_by_its_city(typed: str, name: str) -> None:
    assert parse_time_zone(typed) == name


def test_an_unknown_zone_is_an_error_that_names_similar_ones() -> None:
    with pytest.raises(NoSuchTimeZone, match="there is no time zone 'Europe/Pariss'; expected an IANA name") as error:
        parse_time_zone("Europe/Pariss")
    assert error.value.near[0] == "Europe/Paris"
    assert len(error.value.near) <= MAX_SIMILAR_ZONES == 3
    with pytest.raises(NoSuchTimeZone) as error:
        parse_time_zone("../etc/passwd")
    assert error.value.near == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("GMT+8", "Asia/Shanghai"),
        ("utc 8", "Asia/Shanghai"),
        ("UTC+08:00", "Asia/Shanghai"),
        ("+08:00", "Asia/Shanghai"),
        ("＋8", "Asia/Shanghai"),
        ("东八区", "Asia/Shanghai"),
        ("東八區", "Asia/Shanghai"),
        ("北京 时间", "Asia/Shanghai"),
        ("GMT-5", "Etc/GMT+5"),
        ("UTC−5", "Etc/GMT+5"),
        ("西五区", "Etc/GMT+5"),
        ("东十二时区", "Etc/GMT-12"),
        ("UTC+14", "Etc/GMT-14"),
        ("UTC-12", "Etc/GMT+12"),
        ("utc+0", "UTC"),
        ("gmt", "UTC"),
        ("+0530", "Asia/Kolkata"),
        ("UTC-9:30", "Pacific/Marquesas"),
        ("EST", "America/New_York"),
        ("美东时间", "America/New_York"),
        ("台北時間", "Asia/Taipei"),
    ],
)
def test_a_zone_is_found_by_its_distance_from_utc_or_its_usual_name(typed: str, name: str) -> None:
    assert parse_time_zone(typed) == name


def test_a_distance_from_utc_means_what_it_says() -> None:
    noon = datetime(2022, 7, 1, 12, tzinfo=UTC)
    for hours in range(-12, 15):
        there = noon.astimezone(ZoneInfo(parse_time_zone(f"UTC{hours:+}")))
        assert there.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("typed", ["UTC+15", "UTC-13", "+3:15", "8", "UTC+", "东区"])
def test_a_distance_that_no_zone_has_is_an_error(typed: str) -> None:
    with pytest.raises(NoSuchTimeZone):
        parse_time_zone(typed)


def test_an_abbreviation_of_two_zones_is_an_error_that_names_both() -> None:
    with pytest.raises(NoSuchTimeZone) as error:
        parse_time_zone("CST")
    assert error.value.near == ("Asia/Shanghai", "America/Chicago")


def test_a_zone_with_a_reversed_sign_is_shown_as_its_distance_from_utc() -> None:
    assert (utc_distance("Etc/GMT+5"), utc_distance("Etc/GMT-14")) == ("UTC-5", "UTC+14")
    assert utc_distance("Asia/Shanghai") is utc_distance("UTC") is None


@pytest.mark.parametrize(("typed", "similar"), [("romx", ("Europe/Rome",)), ("rxmx", ())])
def test_only_names_with_a_similarity_of_seven_tenths_are_offered(typed: str, similar: tuple[str, ...]) -> None:
    with pytest.raises(NoSuchTimeZone) as error:
        parse_time_zone(typed)
    assert error.value.near == similar

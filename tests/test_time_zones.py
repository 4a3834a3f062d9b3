"""Time zones as readers type them."""

from zoneinfo import available_timezones

import pytest

from digests.dates import NoSuchTimeZone, parse_time_zone


def test_every_zone_is_found_by_its_name_in_any_case() -> None:
    names = [name for name in available_timezones() if "/" in name]
    assert [name for name in names if parse_time_zone(name.lower().replace("_", " ")) != name] == []


@pytest.mark.parametrize(
    ("said", "name"),
    [("shanghai", "Asia/Shanghai"), ("New York", "America/New_York"), ("UTC", "UTC"), (" asia/tokyo ", "Asia/Tokyo")],
)
def test_a_zone_is_found_by_its_city(said: str, name: str) -> None:
    assert parse_time_zone(said) == name


def test_a_zone_that_there_is_not_is_said_with_names_like_it() -> None:
    with pytest.raises(NoSuchTimeZone, match="there is no time zone 'Europe/Pariss'; expected an IANA name") as error:
        parse_time_zone("Europe/Pariss")
    assert error.value.near[0] == "Europe/Paris"
    with pytest.raises(NoSuchTimeZone) as error:
        parse_time_zone("../etc/passwd")
    assert error.value.near == ()

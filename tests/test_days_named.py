"""The days that a question names, and the papers that tell of them."""

from datetime import date

import pytest

from digests.dates import PartialDay, find_days


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("二〇二〇年五月二十二日在大会上", PartialDay(2020, 5, 22)),
        ("2020年5月22日", PartialDay(2020, 5, 22)),
        ("四月一日起", PartialDay(None, 4, 1)),
        ("预计十四日结束", PartialDay(None, None, 14)),
        ("十一月三十日", PartialDay(None, 11, 30)),
    ],
)
def test_a_day_is_read_in_figures_and_as_it_is_said(said: str, named: PartialDay) -> None:
    assert find_days(said) == (named,)


@pytest.mark.parametrize("said", ["防灾减灾日", "工作30多日", "昨日", "1234567日", ""])
def test_other_words_name_no_day(said: str) -> None:
    assert find_days(said) == ()


def test_what_happened_on_a_day_is_told_by_the_paper_of_that_day_and_of_the_next() -> None:
    told = [day for day in range(1, 32) if PartialDay(None, 5, 22).reported_on(date(2020, 5, day))]
    assert told == [22, 23]
    assert PartialDay(2020, 5, 31).reported_on(date(2020, 6, 1))
    assert not PartialDay(2019, 5, 22).reported_on(date(2020, 5, 22))
    assert not PartialDay(None, 5, 22).reported_on(None)

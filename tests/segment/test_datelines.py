"""Datelines."""

import pytest

from digests.segment.bylines import parse_dateline


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("新华社北京8月28日电 （记者方小满）会议召开。", ("北京", "8月28日")),
        ("本报云河6月9日电  记者石磊报道：石桥完工。", ("云河", "6月9日")),
        ("本报讯（记者 方小满、石 磊）8月28日，石桥完工。", ("", "8月28日")),
        ("本报讯(记者 方小满)11月23日,石桥完工。", ("", "11月23日")),
        ("本报讯 8月10日，石桥完工。", ("", "8月10日")),
        ("本报讯 石桥于8月10日完工。", ("", "")),
        ("8月10日，石桥完工。", ("", "")),
        ("江城晚报讯 石桥完工。", ("", "")),
        ("青川日报古田5月5日电（记者 方小满）石桥完工。", ("古田", "5月5日")),
        ("江城五日电 石桥完工。", ("江城", "五日")),
        ("〔記者方小滿／台北報導〕石橋完工。", ("台北", "")),
        ("〔記者方小滿／綜合報導〕石橋完工。", ("", "")),
        ("本报今日讯 石桥完工。", ("", "")),
        ("", ("", "")),
    ],
)
def test_place_and_day_are_read_from_the_first_paragraph(paragraph: str, dateline: tuple[str, str]) -> None:
    assert parse_dateline(paragraph) == dateline

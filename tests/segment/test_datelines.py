"""Where and when a story was filed."""

import pytest

from digests.segment.bylines import parse_dateline


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        ("新华社北京8月28日电 （记者方小满）会议召开。", ("北京", "8月28日")),
        ("本报云河6月9日电  记者石磊报道：石桥完工。", ("云河", "6月9日")),
        ("本报讯（记者 方小满、石 磊）8月28日，石桥完工。", ("", "8月28日")),
        ("本报讯(记者 方小满)11月23日,石桥完工。", ("", "11月23日")),
        ("本报讯 8月10日，石桥完工。", ("", "8月10日")),
        ("本报讯 石桥于8月10日完工。", ("", "")),
        ("8月10日，石桥完工。", ("", "")),
        ("", ("", "")),
    ],
)
def test_the_dateline_is_what_a_story_begins_with(paragraph: str, said: tuple[str, str]) -> None:
    assert parse_dateline(paragraph) == said

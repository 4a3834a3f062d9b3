"""How well a text was read."""

from digests.segment.quality import quality

WHOLE = "市防汛抗旱指挥部昨日召开会议，部署防汛工作，要求各部门检查排水设施，确保安全。"
CUT = "市防汛抗旱指挥部昨日召开会议，部署防汛工作，要求各部门检查排水设施，确保"


def test_clean_paragraphs_are_nearly_perfect() -> None:
    assert quality(f"{WHOLE}\n{WHOLE}") > 0.9


def test_paragraphs_that_break_off_count_against_it() -> None:
    assert quality(f"{WHOLE}\n{CUT}") < quality(f"{WHOLE}\n{WHOLE}")
    assert quality(f"{CUT}\n{CUT}") < quality(f"{WHOLE}\n{CUT}")


def test_stray_signs_and_unknown_characters_count_against_it() -> None:
    assert quality(WHOLE.replace("防汛", "\ufffd\ufffd")) < quality(WHOLE)


def test_a_heading_need_not_end_as_a_sentence() -> None:
    assert quality("部署防汛工作") > 0.9


def test_an_empty_text_is_not_badly_read() -> None:
    assert quality(" \n") == 1.0

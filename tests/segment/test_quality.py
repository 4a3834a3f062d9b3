"""The quality of recognised text."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from digests import pages, segment
from digests.pages import archive_notes
from digests.segment.quality import POOR_QUALITY, is_legible, text_quality

WHOLE = "市防汛抗旱指挥部昨日召开会议，部署防汛工作，要求各部门检查排水设施，确保安全。"
CUT = "市防汛抗旱指挥部昨日召开会议，部署防汛工作，要求各部门检查排水设施，确保"


def test_clean_paragraphs_are_nearly_perfect() -> None:
    assert text_quality(f"{WHOLE}\n{WHOLE}") > 0.9


def test_paragraphs_that_break_off_lower_the_quality() -> None:
    assert text_quality(f"{WHOLE}\n{CUT}") < text_quality(f"{WHOLE}\n{WHOLE}")
    assert text_quality(f"{CUT}\n{CUT}") < text_quality(f"{WHOLE}\n{CUT}")


def test_odd_characters_lower_the_quality() -> None:
    assert text_quality(WHOLE.replace("防汛", "\ufffd\ufffd")) < text_quality(WHOLE)


def test_a_very_long_paragraph_with_a_sentence_end_is_not_broken() -> None:
    assert text_quality(WHOLE * 1000) == text_quality(WHOLE)


def test_text_is_legible_if_enough_of_it_is_in_words() -> None:
    assert is_legible(WHOLE)
    assert is_legible(CUT), "it breaks off, but its words are right"
    assert is_legible("")
    assert not is_legible("丶a@#丨l一■#;■b,@亅一■□,: ##l1I")
    assert not is_legible("市昉讯坑旱旨军邹胙曰沼幵佥仪，邬暑汸汛工怍，耍求夂部冂捡杳徘氷没旎，碥俫妛佺。")


def test_a_short_line_need_not_end_like_a_sentence() -> None:
    assert text_quality("部署防汛工作") > 0.9


def test_an_empty_text_has_full_quality() -> None:
    assert text_quality(" \n") == 1.0


def test_misread_pages_are_poor_and_the_sample_pages_are_not(seeds: Path) -> None:
    choose = random.Random(1)
    for file in sorted(seeds.glob("*.txt")):
        page = pages.load_page(file, archive_notes.ArchiveNotes())
        misread = "".join(
            chr(choose.randrange(0x4E00, 0x9FA5)) if "\u4e00" <= char <= "\u9fff" and choose.random() < 0.2 else char
            for char in page.text
        )
        assert segment.parse_page(replace(page, text=misread)).quality < POOR_QUALITY < segment.parse_page(page).quality


def test_quality_is_the_share_of_usual_characters() -> None:
    assert text_quality("会议") == 1.0
    assert text_quality("会议\ufffd") == 0.667
    assert text_quality("会议あ") == 0.833
    assert text_quality("会议 a1。") == 1.0
    assert text_quality("\ufffd") == 0.0


def test_a_paragraph_has_thirty_characters_and_loses_three_tenths_if_it_breaks_off() -> None:
    assert text_quality("会议" * 14 + "会") == 1.0
    assert text_quality("会议" * 15) == 0.7
    assert text_quality("会议" * 15 + "。\n" + "会议" * 15) == 0.85


@pytest.fixture
def known_words(monkeypatch: pytest.MonkeyPatch) -> None:
    frequencies = {"知": 10_000, "少": 9_999, "对子": 1}
    monkeypatch.setattr("digests.language.words.frequency", lambda word: frequencies.get(word, 0))


@pytest.mark.usefixtures("known_words")
def test_a_hanzi_is_usual_in_a_word_or_if_it_is_frequent() -> None:
    assert text_quality("，知，") == 1.0
    assert text_quality("，少，") == 0.667
    assert text_quality("，对子，") == 1.0
    assert text_quality("，子对，") == 0.5


@pytest.mark.usefixtures("known_words")
def test_a_text_is_legible_from_seven_tenths_of_its_first_thousand_characters() -> None:
    assert is_legible("少" * 30 + "知" * 70)
    assert not is_legible("，" + "少" * 31 + "知" * 69)
    assert is_legible("，" * 10 + "\ufffd" * 297 + "知" * 693 + "\ufffd" * 1000)
    assert not is_legible("，" + "少" * 301 + "知" * 698 + "知" * 1000)
    assert is_legible("少" * 3 + "知" * 7 + "，。12 \n" * 9)  # punctuation, digits and white space do not count
    assert not is_legible("知" * 7 + "a" * 4)  # Latin letters count as unknown


def test_only_the_beginning_of_a_long_text_is_measured() -> None:
    assert text_quality("。" * 20_000 + "\n" + "\ufffd\n" * 20_000) == 1.0
    assert text_quality("\ufffd" * 20_000 + "\n" + "。" * 20_000) == 0.0


def test_text_below_85_hundredths_is_poor() -> None:
    assert POOR_QUALITY == 0.85

"""How well a text was read."""

import random
from dataclasses import replace
from pathlib import Path

from digests import pages, segment
from digests.pages import archive_notes
from digests.segment.quality import POOR_QUALITY, is_legible, text_quality

WHOLE = "市防汛抗旱指挥部昨日召开会议，部署防汛工作，要求各部门检查排水设施，确保安全。"
CUT = "市防汛抗旱指挥部昨日召开会议，部署防汛工作，要求各部门检查排水设施，确保"


def test_clean_paragraphs_are_nearly_perfect() -> None:
    assert text_quality(f"{WHOLE}\n{WHOLE}") > 0.9


def test_paragraphs_that_break_off_count_against_it() -> None:
    assert text_quality(f"{WHOLE}\n{CUT}") < text_quality(f"{WHOLE}\n{WHOLE}")
    assert text_quality(f"{CUT}\n{CUT}") < text_quality(f"{WHOLE}\n{CUT}")


def test_stray_signs_and_unknown_characters_count_against_it() -> None:
    assert text_quality(WHOLE.replace("防汛", "\ufffd\ufffd")) < text_quality(WHOLE)


def test_an_endless_paragraph_that_ends_as_a_sentence_is_whole() -> None:
    assert text_quality(WHOLE * 1000) == text_quality(WHOLE)


def test_legible_is_what_a_reader_could_make_out() -> None:
    assert is_legible(WHOLE)
    assert is_legible(CUT), "it breaks off, and is read well as far as it goes"
    assert is_legible("")
    assert not is_legible("丶a@#丨l一■#;■b,@亅一■□,: ##l1I")
    assert not is_legible("市昉讯坑旱旨军邹胙曰沼幵佥仪，邬暑汸汛工怍，耍求夂部冂捡杳徘氷没旎，碥俫妛佺。")


def test_a_heading_need_not_end_as_a_sentence() -> None:
    assert text_quality("部署防汛工作") > 0.9


def test_an_empty_text_is_not_badly_read() -> None:
    assert text_quality(" \n") == 1.0


def test_the_sample_pages_are_well_read_and_badly_read_ones_are_known_as_such(seeds: Path) -> None:
    choose = random.Random(1)
    for file in sorted(seeds.glob("*.txt")):
        page = pages.load_page(file, archive_notes.ArchiveNotes())
        misread = "".join(
            chr(choose.randrange(0x4E00, 0x9FA5)) if "\u4e00" <= char <= "\u9fff" and choose.random() < 0.2 else char
            for char in page.text
        )
        assert segment.parse_page(replace(page, text=misread)).quality < POOR_QUALITY < segment.parse_page(page).quality

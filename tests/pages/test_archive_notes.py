"""archive.toml."""

from datetime import date
from pathlib import Path

import pytest

from digests import pages
from digests.errors import ArchiveNotesError
from digests.pages.archive_notes import ArchiveNotes, PageNote, load_notes, read_notes
from digests.pages.folder import find_page_files

TEXT = "防汛工作会议召开\n\n本报讯（记者 王伟）7月1日，市防汛工作会议召开。\n"


def written(folder: Path, data: bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_note_overrides_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    path = written(tmp_path / "sub", TEXT.encode(), "2022-08-29.txt")
    (tmp_path / "archive.toml").write_text(
        'paper = "日报"\n[pages."sub/2022-08-29.txt"]\ndate = 2021-01-02\npage = 4\npaper = "晚报"\nknown = "stamp"\n'
    )
    page = pages.load_page(path, load_notes(tmp_path), name="sub/2022-08-29.txt")
    assert (page.date, page.date_source, page.number, page.paper) == (date(2021, 1, 2), "archive.toml", 4, "晚报")
    other = pages.load_page(written(tmp_path, TEXT.encode()), load_notes(tmp_path))
    assert (other.paper, other.date) == ("日报", None)


def test_the_error_lists_all_problems(tmp_path: Path) -> None:
    written(tmp_path, TEXT.encode())
    (tmp_path / "archive.toml").write_text(
        'papr = "日报"\n[pages."page.txt"]\ndate = "2022-02-30"\npage = 0\ncolour = 1\n'
    )
    with pytest.raises(ArchiveNotesError) as raised:
        load_notes(tmp_path)
    assert len(raised.value.problems) == 4
    for word in ("papr", "2022-02-30", "page is 0", "colour"):
        assert word in str(raised.value)


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("date = 20220829", "date is 20220829; expected a day such as 2022-08-29, from 1600-01-01 to 2199-12-31"),
        (
            "date = 10:00:00",
            "date is datetime.time(10, 0); expected a day such as 2022-08-29, from 1600-01-01 to 2199-12-31",
        ),
        ("page = true", "page is True; expected a page number from 1 to 9999"),
        ("page = 0", "page is 0; expected a page number from 1 to 9999"),
        ('page = "3"', "page is '3'; expected a page number from 1 to 9999"),
        ("known = 1", "known is 1; expected text in quotes"),
        ("paper = 1", "paper is 1; expected text in quotes"),
        ("day = 2022-08-29", "unknown key 'day'; expected paper, date, page, known"),
    ],
)
def test_a_problem_of_a_note_names_page_key_value_and_expectation(tmp_path: Path, section: str, problem: str) -> None:
    written(tmp_path, TEXT.encode())
    (tmp_path / "archive.toml").write_text(f'[pages."page.txt"]\n{section}\n')
    assert read_notes(tmp_path) == (ArchiveNotes("", {"page.txt": PageNote()}), [f"page 'page.txt': {problem}"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("paper = 3", "paper is 3; expected a name in quotes"),
        ("pages = 3", 'pages is not a table; expected [pages."FILE"] sections'),
        ("papr = 3", "unknown key 'papr'; expected paper, pages"),
        ('[pages]\n"page.txt" = 3', "page 'page.txt': 3 is not a table; expected a [pages.\"page.txt\"] section"),
    ],
)
def test_a_problem_of_the_notes_names_key_value_and_expectation(tmp_path: Path, content: str, problem: str) -> None:
    written(tmp_path, TEXT.encode())
    (tmp_path / "archive.toml").write_text(content)
    notes, problems = read_notes(tmp_path)
    assert problems == [problem]
    assert notes
    assert notes.paper == ""


@pytest.mark.parametrize("date_written", ["2022-08-29", '"2022-08-29"', '"20220829"', "2022-08-29T10:00:00"])
def test_the_valid_keys_of_a_note_with_problems_are_used(tmp_path: Path, date_written: str) -> None:
    written(tmp_path, TEXT.encode())
    (tmp_path / "archive.toml").write_text(f'[pages."page.txt"]\ndate = {date_written}\npage = 0\nknown = "stamp"\n')
    notes, problems = read_notes(tmp_path)
    assert len(problems) == 1
    assert notes == ArchiveNotes("", {"page.txt": PageNote(day=date(2022, 8, 29), known="stamp")})


def test_invalid_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "archive.toml").write_text("paper = \n")
    with pytest.raises(ArchiveNotesError, match="line 1"):
        load_notes(tmp_path)


def test_a_folder_without_archive_toml_has_empty_notes(tmp_path: Path) -> None:
    assert load_notes(tmp_path) == ArchiveNotes()


def test_the_notes_of_the_sample_pages_are_complete(seeds: Path) -> None:
    notes = load_notes(seeds)
    read = [pages.load_page(path, notes) for path in find_page_files(seeds)]
    assert [page.date for page in read] == [
        date(2022, 8, 29),
        date(2022, 7, 29),
        date(2021, 7, 31),
        date(2022, 11, 24),
        date(2022, 8, 12),
    ]
    assert {(page.paper, page.number, page.date_source) for page in read} == {("太原日报", 1, "archive.toml")}

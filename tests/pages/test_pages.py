"""Page files."""

import random
from datetime import date
from pathlib import Path

import pytest

from digests import pages
from digests.errors import UnreadablePage, UsageError
from digests.pages import archive_notes
from digests.pages.folder import find_page_files

TEXT = "防汛工作会议召开\n\n本报讯（记者 王伟）7月1日，市防汛工作会议召开。\n"


def load(path: Path) -> str:
    return pages.load_page(path, archive_notes.ArchiveNotes()).text


def written(folder: Path, data: bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_only_page_files_are_found_below_the_folder(tmp_path: Path) -> None:
    names = "b.txt a.md sub/c.TXT sub/d.jsonl e.jsonl.gz README.md archive.toml .f.txt g.pdf"
    for name in names.split():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("字")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "h.txt").write_text("字")
    found = [path.relative_to(tmp_path).as_posix() for path in find_page_files(tmp_path)]
    assert found == ["a.md", "b.txt", "e.jsonl.gz", "sub/c.TXT", "sub/d.jsonl"]


def test_a_missing_folder_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere does not exist"):
        find_page_files(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is not a folder"):
        find_page_files(written(tmp_path, b"x"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_text_is_decoded_from_every_supported_encoding(tmp_path: Path, encoding: str) -> None:
    assert load(written(tmp_path, TEXT.encode(encoding))) == TEXT


def test_traditional_characters_are_decoded_from_big5_and_from_gb18030(tmp_path: Path) -> None:
    text = "防汛會議今天在縣政府召開，縣長要求各單位做好準備，確保民眾安全。\n"
    for encoding in ("big5", "gb18030"):
        assert load(written(tmp_path, text.encode(encoding))) == text


def test_line_ends_of_windows_and_old_macs_become_newlines(tmp_path: Path) -> None:
    assert load(written(tmp_path, "一\r\n二\r三\n".encode())) == "一\n二\n三\n"


def test_lone_surrogates_and_stray_bytes_become_replacement_characters(tmp_path: Path) -> None:
    assert load(written(tmp_path, "汛".encode() + b"\xed\xa0\x80" + "情".encode())) == "汛\ufffd情"
    assert load(written(tmp_path, TEXT.encode() * 3 + b"\xff\n")).startswith(TEXT)


def test_control_characters_stay_in_the_text(tmp_path: Path) -> None:
    assert load(written(tmp_path, TEXT.encode() + b"\x07\x0c")) == TEXT + "\x07\x0c"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (b"\n" * 100_000, "is empty"),
        (random.Random(1).randbytes(20_000), "is not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "is an image; read it with an OCR program"),
        (b"junk before\n%PDF-1.7\n" + TEXT.encode("gb18030"), "is a PDF; save its text"),
        (b"PK\x03\x04" + bytes(50), "is a packed archive"),
        (b" <!DOCTYPE HTML><p>" + TEXT.encode(), "is a web page"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "is a word processor"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_name_and_the_reason(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(UnreadablePage, match=f"page.txt: {word}"):
        load(written(tmp_path, data))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(UnreadablePage, match="50 MB is too large"):
        load(path)


def test_a_page_has_at_most_5_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    for size, problem in (
        (5 * 2**20, "is not text"),
        (5 * 2**20 + 1, "5 MB is too large for a page; expected at most 5 MB"),
    ):
        with path.open("wb") as file:
            file.truncate(size)
        with pytest.raises(UnreadablePage, match=problem):
            load(path)


@pytest.mark.parametrize(("letters", "is_text"), [(50, True), (49, False)])
def test_one_stray_byte_in_fifty_characters_is_too_many(letters: int, is_text: bool) -> None:
    assert (pages.decode(b"a" * letters + b"\xff") is not None) is is_text


@pytest.mark.parametrize(("letters", "is_text"), [(9, True), (8, False)])
def test_text_has_at_most_one_control_character_in_ten(letters: int, is_text: bool) -> None:
    assert (pages.decode(b"a" * letters + b"\x07") is not None) is is_text


def test_control_characters_are_counted_at_the_beginning() -> None:
    assert pages.decode(b"a" * 18_000 + b"\x07" * 9000)
    assert pages.decode(b"\x07" * 2001 + b"a" * 90_000) is None


def test_utf_16_without_a_byte_order_mark_is_told_by_its_zero_bytes() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert pages.decode("9a汛".encode(encoding)) == "9a汛"
    assert pages.decode(b"\0a\0b\0c") == "abc"
    both = b"a" * 31 + b"\0" + b"a" * 32 + b"\0"  # at an odd and at an even offset
    assert pages.decode(both) == both.decode()


def test_page_zero_in_a_file_name_is_no_page(tmp_path: Path) -> None:
    page = pages.load_page(written(tmp_path, TEXT.encode(), "2022-08-29-00.txt"), archive_notes.ArchiveNotes())
    assert (page.date, page.number) == (date(2022, 8, 29), None)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePage, match=r"gone\.txt: cannot be read: No such file"):
        load(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("name", "day", "number"),
    [
        ("2022-08-29.txt", date(2022, 8, 29), None),
        ("20220829.txt", date(2022, 8, 29), None),
        ("2022-08-29-03.txt", date(2022, 8, 29), 3),
        ("日报_20220829_第2版.txt", date(2022, 8, 29), 2),
        ("2022年8月29日.txt", date(2022, 8, 29), None),
        ("2022-13-29.txt", None, None),
        ("000_dae80abf9b835e1c.txt", None, None),
        ("912022082999.txt", None, None),
    ],
)
def test_day_and_page_number_are_read_from_the_file_name(
    tmp_path: Path, name: str, day: date | None, number: int | None
) -> None:
    page = pages.load_page(written(tmp_path, TEXT.encode(), name), archive_notes.ArchiveNotes())
    assert (page.date, page.number) == (day, number)
    assert page.date_source == ("file name" if day else "none")


@pytest.mark.parametrize(
    ("odd", "even", "is_utf_16"), [(9, 7, False), (8, 6, True), (7, 9, False), (6, 8, True), (0, 0, False)]
)
def test_utf_16_has_clearly_more_zero_bytes_on_one_side(odd: int, even: int, is_utf_16: bool) -> None:
    data = bytearray(b"a" * 400)
    data[1 : 1 + 2 * odd : 2] = b"\0" * odd
    data[100 : 100 + 2 * even : 2] = b"\0" * even
    assert (pages.decode(bytes(data)) != data.decode()) is is_utf_16

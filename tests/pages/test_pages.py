"""Page files, archive.toml and ready articles."""

import gzip
import random
import re
from datetime import date
from pathlib import Path

import pytest

from digests import pages
from digests.errors import ArchiveNotesError, UnreadablePage, UsageError
from digests.models import Article
from digests.pages import archive_notes, ready_articles

TEXT = "防汛工作会议召开\n\n本报讯（记者 王伟）7月1日，市防汛工作会议召开。\n"


def load(path: Path) -> str:
    return pages.load_page(path, archive_notes.ArchiveNotes()).text


def written(folder: Path, data: bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_pages_are_found_below_the_folder_and_nothing_else(tmp_path: Path) -> None:
    names = "b.txt a.md sub/c.TXT sub/d.jsonl e.jsonl.gz README.md archive.toml .f.txt g.pdf"
    for name in names.split():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("字")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "h.txt").write_text("字")
    found = [path.relative_to(tmp_path).as_posix() for path in pages.find_page_files(tmp_path)]
    assert found == ["a.md", "b.txt", "e.jsonl.gz", "sub/c.TXT", "sub/d.jsonl"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere does not exist"):
        pages.find_page_files(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is not a folder"):
        pages.find_page_files(written(tmp_path, b"x"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_text_is_read_in_each_of_its_encodings(tmp_path: Path, encoding: str) -> None:
    assert load(written(tmp_path, TEXT.encode(encoding))) == TEXT


def test_line_ends_of_windows_and_of_old_macs_become_plain(tmp_path: Path) -> None:
    assert load(written(tmp_path, "一\r\n二\r三\n".encode())) == "一\n二\n三\n"


def test_lone_surrogates_and_a_few_stray_bytes_do_not_lose_the_page(tmp_path: Path) -> None:
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
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "is not text"),
    ],
)
def test_what_is_no_page_is_refused_with_its_name_and_why(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(UnreadablePage, match=f"page.txt: {word}"):
        load(written(tmp_path, data))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(UnreadablePage, match="50 MB is too large"):
        load(path)


def test_a_file_that_is_gone_is_reported_as_such(tmp_path: Path) -> None:
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
def test_the_file_name_tells_day_and_page_where_they_are_clear(
    tmp_path: Path, name: str, day: date | None, number: int | None
) -> None:
    page = pages.load_page(written(tmp_path, TEXT.encode(), name), archive_notes.ArchiveNotes())
    assert (page.date, page.number) == (day, number)
    assert page.date_source == ("file name" if day else "none")


def test_the_notes_come_before_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    path = written(tmp_path / "sub", TEXT.encode(), "2022-08-29.txt")
    (tmp_path / "archive.toml").write_text(
        'paper = "日报"\n[pages."sub/2022-08-29.txt"]\ndate = 2021-01-02\npage = 4\npaper = "晚报"\nknown = "stamp"\n'
    )
    page = pages.load_page(path, archive_notes.load_notes(tmp_path), name="sub/2022-08-29.txt")
    assert (page.date, page.date_source, page.number, page.paper) == (date(2021, 1, 2), "archive.toml", 4, "晚报")
    other = pages.load_page(written(tmp_path, TEXT.encode()), archive_notes.load_notes(tmp_path))
    assert (other.paper, other.date) == ("日报", None)


def test_all_problems_of_the_notes_are_listed_at_once(tmp_path: Path) -> None:
    written(tmp_path, TEXT.encode())
    (tmp_path / "archive.toml").write_text(
        'papr = "日报"\n[pages."page.txt"]\ndate = "2022-02-30"\npage = 0\ncolour = 1\n[pages."gone.txt"]\npage = 1\n'
    )
    with pytest.raises(ArchiveNotesError) as raised:
        archive_notes.load_notes(tmp_path)
    assert len(raised.value.problems) == 5
    for word in ("papr", "2022-02-30", "page is 0", "colour", "gone.txt"):
        assert word in str(raised.value)


def test_notes_that_are_not_toml_are_reported_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "archive.toml").write_text("paper = \n")
    with pytest.raises(ArchiveNotesError, match="line 1"):
        archive_notes.load_notes(tmp_path)


def test_without_notes_nothing_is_known(tmp_path: Path) -> None:
    assert archive_notes.load_notes(tmp_path) == archive_notes.ArchiveNotes()


def test_the_notes_of_the_five_pages_are_complete(seeds: Path) -> None:
    notes = archive_notes.load_notes(seeds)
    read = [pages.load_page(path, notes) for path in pages.find_page_files(seeds)]
    assert [page.date for page in read] == [
        date(2022, 8, 29),
        date(2022, 7, 29),
        date(2021, 7, 31),
        date(2022, 11, 24),
        date(2022, 8, 12),
    ]
    assert {(page.paper, page.number, page.date_source) for page in read} == {("太原日报", 1, "archive.toml")}


def _articles(path: Path) -> list[Article]:
    return [found for found in ready_articles.read_articles(path) if isinstance(found, Article)]


def test_ready_articles_are_read_with_all_their_fields(tmp_path: Path) -> None:
    row = (
        '{"id":"a-1","date":"2020-06-10","page":4,"headline":"题","kicker":"引","deck":"副","byline":["王伟"],'
        '"paragraphs":["一。","二。"]}\n\n{"id":"带 空格","headline":"题","paragraphs":["三。"]}\n'
    )
    path = tmp_path / "ready.jsonl.gz"
    path.write_bytes(gzip.compress(row.encode()))
    first, second = _articles(path)
    assert (first.id, first.date, first.page, first.headline) == ("a-1", date(2020, 6, 10), 4, "题")
    assert (first.kicker, first.deck, first.byline, first.paragraphs) == ("引", "副", ("王伟",), ("一。", "二。"))
    assert (first.file, first.n) == (None, None)
    assert len(second.id) == 11


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("not json", "not JSON"),
        ("[1]", "is not an article"),
        ('{"date":"yesterday"}', "date is 'yesterday'"),
        ('{"paragraphs":"一"}', ""),
        ('{"paragraphs":[1]}', "paragraphs is"),
        ('{"headline":1}', "headline is 1"),
        ('{"page":"x"}', "page is 'x'"),
    ],
)
def test_a_bad_row_is_reported_with_file_and_line_and_the_others_are_read(tmp_path: Path, row: str, word: str) -> None:
    path = tmp_path / "ready.jsonl"
    path.write_text('{"headline":"好","paragraphs":[]}\n' + row + '\n{"headline":"也好","paragraphs":[]}\n')
    assert [article.headline for article in _articles(path)][:: 1 if word else 2] == ["好", "也好"]
    problems = [str(problem) for problem in ready_articles.read_articles(path) if isinstance(problem, UnreadablePage)]
    assert [bool(re.match(f"ready.jsonl:2: .*{word}", problem)) for problem in problems] == [True] * bool(word)


def test_a_torn_archive_of_ready_articles_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "ready.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"headline":"x"}\n' * 5000)[:-20])
    *read, problem = ready_articles.read_articles(path)
    assert isinstance(problem, UnreadablePage)
    assert "cannot be read" in str(problem)
    assert len(read) < 5000

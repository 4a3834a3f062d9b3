"""Large files of ready articles: read in parts, ingested as one file."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from digests.analysis import Labeller
from digests.archive import Archive
from digests.ingest import Ingest, reader
from digests.ingest.reader import FoundFile
from digests.models import NewArticle
from digests.pages.archive_notes import ArchiveNotes
from digests.search.index import Index
from digests.storage.stores import DigestStore

ARTICLES = 3 * reader.LINES_PER_PART + 7


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LARGE_FILE_BYTES", 10)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    _write(folder / "ready.jsonl", range(ARTICLES))
    return folder / "ready.jsonl"


@pytest.fixture
def archive(file: Path, tmp_path: Path) -> Iterator[Archive]:
    digests = DigestStore(tmp_path / "digests")
    archive = Archive(file.parent, Index(tmp_path / "index"), digests)
    yield archive
    archive.close()
    digests.close()


def _write(path: Path, numbers: range, *, bridge: str = "石桥") -> None:
    rows = (
        {
            "id": f"r-{n}",
            "date": f"2023-03-{1 + n % 3:02}",
            "page": 1 + n % 4,
            "headline": f"{bridge}第{n}次修缮",
            "paragraphs": [f"{bridge}第{n}次修缮完工。"],
        }
        for n in numbers
    )
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))


def test_a_file_read_in_parts_is_ingested_like_one_read_whole(
    archive: Archive, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = archive.ingest()
    assert (report.read, report.articles, len(report.new)) == (1, ARTICLES, ARTICLES)
    monkeypatch.setattr(reader, "LARGE_FILE_BYTES", 1_000_000)
    whole = Index(tmp_path / "whole")
    taking = Ingest(whole, file.parent, lambda _: None)
    for read in reader.read_files(taking.changed(taking.files(None), None), ArchiveNotes(), Labeller()):
        taking.store(read)
    taking.commit()
    parts = Index(tmp_path / "index", owner=False)
    assert parts.sources() == whole.sources()
    for day in ("2023-03-01", "2023-03-02", "2023-03-03"):
        assert parts.articles("day", day) == whole.articles("day", day)
    whole.close()


def test_only_new_and_differing_articles_of_a_changed_file_are_news(archive: Archive, file: Path) -> None:
    archive.ingest()
    news: list[NewArticle] = []
    _write(file, range(1, ARTICLES + 2))
    lines = file.read_text("utf-8").splitlines()
    lines[0] = lines[0].replace("石桥", "木桥")
    file.write_text("\n".join(lines), "utf-8")
    assert archive.ingest(announce=news.extend).new == (f"r-{ARTICLES}", f"r-{ARTICLES + 1}")
    assert [(news.id, news.former is not None) for news in news] == [
        ("r-1", True),
        (f"r-{ARTICLES}", False),
        (f"r-{ARTICLES + 1}", False),
    ]
    assert archive.article("r-0") is None


def test_a_file_that_is_renamed_brings_no_news(archive: Archive, file: Path) -> None:
    archive.ingest()
    file.rename(file.with_name("renamed.jsonl"))
    report = archive.ingest()
    assert (report.new, report.withdrawn) == ((), 1)
    assert archive.search("石桥").total == ARTICLES


def test_when_reading_a_large_file_is_interrupted_its_earlier_articles_stay(archive: Archive, file: Path) -> None:
    archive.ingest()
    _write(file, range(ARTICLES), bridge="木桥")

    def stop(_phase: str, done: int, _whole: int) -> None:
        if done == 2:
            archive.stop_soon()

    assert archive.ingest(progress=stop).new == ()
    assert (archive.search("石桥").total, archive.search("木桥").total) == (ARTICLES, 0)
    assert archive.check() == []


def test_a_line_without_an_article_is_reported_and_the_others_are_ingested(archive: Archive, file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    lines[reader.LINES_PER_PART + 3] = "{"
    file.write_text("\n".join(lines), "utf-8")
    report = archive.ingest()
    assert report.articles == ARTICLES - 1
    assert [trouble.problem.split()[0] for trouble in report.problems] == [f"ready.jsonl:{reader.LINES_PER_PART + 4}:"]


def test_a_file_without_articles_is_reported_once_and_its_earlier_ones_stay(archive: Archive, file: Path) -> None:
    archive.ingest()
    file.write_text("no article\n" * ARTICLES, "utf-8")
    report = archive.ingest()
    assert [trouble.problem.split()[0] for trouble in report.problems] == ["ready.jsonl:1:"]
    assert archive.search("石桥").total == ARTICLES


def test_the_number_of_reads_is_estimated_from_the_file_size(tmp_path: Path) -> None:
    path = tmp_path / "ready.jsonl"
    path.write_bytes(b" " * 10 * 50 * 2_000)
    files = [FoundFile("ready.jsonl", path, ""), FoundFile("page.txt", tmp_path / "page.txt", "")]
    assert reader.expected_reads(files) == 12


@pytest.mark.parametrize(("lines", "parts"), [(50, [50]), (51, [10, 10, 10, 10, 10, 1])])
def test_a_file_that_goes_on_after_five_megabytes_is_read_in_parts_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: int, parts: list[int]
) -> None:
    monkeypatch.undo()
    path = tmp_path / "ready.jsonl"
    line = orjson.dumps({"id": "r-1", "date": "2023-03-05", "headline": "石桥", "paragraphs": ["石桥。"]})
    path.write_bytes((line.ljust(99_999) + b"\n") * lines)
    read = list(reader.read_files([FoundFile("ready.jsonl", path, "")], ArchiveNotes(), Labeller()))
    assert [len(part.articles) for part in read] == parts


@pytest.mark.parametrize(("lines", "parts"), [(50, [50]), (51, [50, 1]), (100, [50, 50])])
def test_a_part_has_fifty_lines(file: Path, lines: int, parts: list[int]) -> None:
    _write(file, range(lines))
    read = list(reader.read_files([FoundFile("ready.jsonl", file, "")], ArchiveNotes(), Labeller()))
    assert [len(part.articles) for part in read] == parts
    assert [part.is_first for part in read] == [True, *[False] * (len(parts) - 1)]
    assert [part.is_last for part in read] == [*[False] * (len(parts) - 1), True]

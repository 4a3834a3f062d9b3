"""Ingesting pages and reading the archive: real files, real index, real digests."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest

from digests import digest
from digests.archive import Archive
from digests.errors import NoSuchIssue, UsageError
from digests.ingest.reader import FoundFile, ReadFile
from digests.models import Digest, Issue, SourceFile
from digests.search.index import Index
from digests.storage.stores import DigestStore

PAGE = """
云河市建成首座雨水花园

本报讯（记者 方小满）3月4日，云河市首座雨水花园建成开放。花园可蓄积雨水八百吨，周边居民不再担心内涝。

图书馆延长开放时间

本报讯（记者 石磊）市图书馆从下周起开放到晚上九点，读者可以凭身份证入馆。这是今年的一项民生实事。
"""

Open = Callable[[], Archive]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "archive.toml").write_text('paper = "云河日报"\n', encoding="utf-8")
    (folder / "2023-03-05.txt").write_text(PAGE, encoding="utf-8")
    return folder


@pytest.fixture
def open_archive(folder: Path, tmp_path: Path) -> Iterator[Open]:
    opened: list[tuple[Archive, DigestStore]] = []

    def opener() -> Archive:
        while opened:
            _close(*opened.pop())
        digests = DigestStore(tmp_path / "data" / "digests")
        archive = Archive(folder, Index(tmp_path / "data" / "index"), digests)
        opened.append((archive, digests))
        return archive

    yield opener
    while opened:
        _close(*opened.pop())


def _close(archive: Archive, digests: DigestStore) -> None:
    archive.close()
    digests.close()


@pytest.fixture
def archive(open_archive: Open) -> Archive:
    return open_archive()


def test_pages_become_issues_articles_and_digests(archive: Archive) -> None:
    report = archive.ingest()
    assert (report.read, report.articles, len(report.new)) == (1, 2, 2)
    (issue,) = archive.issues()
    assert (issue.day, issue.paper, issue.articles) == (date(2023, 3, 5), "云河日报", 2)
    assert [article.title for article in archive.articles(issue.day)] == [
        "云河市建成首座雨水花园",
        "图书馆延长开放时间",
    ]
    assert {story.article for story in archive.digest().stories} == set(report.new)


def test_an_unchanged_page_is_not_read_again(open_archive: Open) -> None:
    open_archive().ingest()
    report = open_archive().ingest()
    assert (report.read, report.unchanged, report.new) == (0, 1, ())


def test_a_corrected_article_keeps_its_id_and_is_no_news(archive: Archive, folder: Path) -> None:
    before = archive.ingest().new
    (folder / "2023-03-05.txt").write_text(PAGE.replace("晚上九点", "晚上十点半"), encoding="utf-8")
    report = archive.ingest()
    assert [article.id for article in archive.articles(date(2023, 3, 5))] == list(before)
    assert report.new == ()
    assert archive.search('"晚上九点"').total == 0
    assert archive.search('"晚上十点半"').total == 1


def test_another_article_on_a_changed_page_is_news(archive: Archive, folder: Path) -> None:
    before = archive.ingest().new
    other = (
        "石桥修缮完工\n\n本报讯（记者 石磊）云河石桥昨日修缮完工，行人可以从桥上走到对岸的市场，早晚灯光照亮桥面。\n"
    )
    (folder / "2023-03-05.txt").write_text(PAGE.split("图书馆", maxsplit=1)[0] + other, encoding="utf-8")
    report = archive.ingest()
    after = [article.id for article in archive.articles(date(2023, 3, 5))]
    assert after[0] == before[0]
    assert report.new == (after[1],)
    assert archive.article(before[1]) is None


def test_text_that_is_only_divided_differently_is_no_news(archive: Archive, folder: Path) -> None:
    archive.ingest()
    ready = "\n".join(line for line in PAGE.splitlines() if "本报讯" in line)
    (folder / "2023-03-05.txt").write_text("城事\n\n" + ready, encoding="utf-8")
    assert archive.ingest().new == ()


def test_a_renamed_page_keeps_its_ids_and_is_no_news(archive: Archive, folder: Path) -> None:
    before = archive.ingest().new
    (folder / "2023").mkdir()
    (folder / "2023-03-05.txt").rename(folder / "2023" / "2023-03-05.txt")
    report = archive.ingest()
    assert (report.new, report.withdrawn) == ((), 1)
    assert [article.id for article in archive.articles(date(2023, 3, 5))] == list(before)
    assert archive.check() == []


def test_a_withdrawn_page_is_withdrawn_from_search_and_digest(archive: Archive, folder: Path) -> None:
    (folder / "2023-03-06.txt").write_text(PAGE.replace("雨水花园", "屋顶农场"), encoding="utf-8")
    archive.ingest()
    (folder / "2023-03-05.txt").unlink()
    assert archive.ingest().withdrawn == 1
    assert [issue.day for issue in archive.issues()] == [date(2023, 3, 6)]
    with pytest.raises(NoSuchIssue):
        archive.digest(date(2023, 3, 5))
    assert archive.search('"雨水花园"').total == 0
    assert archive.check() == []


def test_when_the_folder_became_empty_nothing_is_withdrawn(archive: Archive, folder: Path) -> None:
    archive.ingest()
    (folder / "2023-03-05.txt").unlink()
    report = archive.ingest()
    assert report.withdrawn == 0
    assert "no page file any more" in report.problems[0].problem
    assert len(archive.issues()) == 1


def test_a_page_that_cannot_be_read_is_reported_and_the_others_are_ingested(archive: Archive, folder: Path) -> None:
    (folder / "2023-03-06.txt").write_bytes(b"")
    (folder / "2023-03-07.txt").write_bytes(bytes(range(256)) * 64)
    report = archive.ingest()
    assert [trouble.file for trouble in report.problems] == ["2023-03-06.txt", "2023-03-07.txt"]
    assert report.read == 1


def test_the_articles_of_a_page_stay_when_its_file_becomes_unreadable(archive: Archive, folder: Path) -> None:
    archive.ingest()
    (folder / "2023-03-05.txt").write_bytes(b"\x00\x01\x02" * 100)
    assert archive.ingest().problems
    assert archive.search("雨水花园").total == 1


@pytest.mark.parametrize(("age", "read"), [(0.0, 0), (3.0, 0), (3.001, 1), (60.0, 1), (-3.0, 0), (-86400.0, 1)])
def test_a_file_counts_as_complete_three_seconds_after_its_last_change_or_with_a_clock_far_ahead(
    archive: Archive, folder: Path, age: float, read: int
) -> None:
    now = datetime(2023, 3, 5, 8, 0, tzinfo=UTC)
    os.utime(folder / "2023-03-05.txt", (now.timestamp() - age, now.timestamp() - age))
    assert archive.ingest(settled=now).read == read


def test_one_wrong_note_does_not_affect_the_others(archive: Archive, folder: Path) -> None:
    notes = folder / "archive.toml"
    notes.write_text('paper = "云河日报"\nspeling = 1\n[pages."gone.txt"]\npage = 2\n', encoding="utf-8")
    report = archive.ingest()
    assert [trouble.problem for trouble in report.problems] == ["unknown key 'speling'; expected paper, pages"]
    assert [trouble.problem for trouble in report.left_out] == [f"page 'gone.txt' is not in {folder}"]
    assert archive.issues()[0].paper == "云河日报"


def test_while_notes_are_half_saved_known_pages_are_not_read_again(archive: Archive, folder: Path) -> None:
    archive.ingest()
    (folder / "archive.toml").write_text('paper = "云河', encoding="utf-8")
    report = archive.ingest()
    assert (report.read, report.unchanged) == (0, 1)
    assert "not valid TOML" in report.problems[0].problem
    assert archive.issues()[0].paper == "云河日报"


def test_a_year_that_is_not_printed_is_taken_from_the_pages_before_and_after(archive: Archive, folder: Path) -> None:
    story = PAGE.replace("3月4日", "3月5日")
    (folder / "a2.txt").write_text(story, encoding="utf-8")
    assert archive.ingest().undated == ("a2.txt",)
    (folder / "a1-2023-03-05.txt").write_text(PAGE.replace("花园", "广场"), encoding="utf-8")
    (folder / "a3-2023-03-07.txt").write_text(PAGE.replace("花园", "公园"), encoding="utf-8")
    assert archive.ingest().undated == ()
    assert date(2023, 3, 6) in [issue.day for issue in archive.issues()]


def test_equal_texts_on_two_pages_are_two_articles(archive: Archive, folder: Path) -> None:
    shutil.copy(folder / "2023-03-05.txt", folder / "2023-03-06.txt")
    report = archive.ingest()
    assert len(set(report.new)) == 4
    for day in (date(2023, 3, 5), date(2023, 3, 6)):
        for article in archive.articles(day):
            found = archive.article(article.id)
            assert found
            assert found.date == day


def test_new_articles_are_announced_before_they_can_be_found(archive: Archive) -> None:
    seen: list[tuple[str, bool]] = []
    archive.ingest(announce=lambda news: seen.extend((n.id, archive.article(n.id) is None) for n in news))
    assert len(seen) == 2
    assert all(not_yet for _, not_yet in seen)


def test_a_page_without_a_day_is_found_but_belongs_to_no_issue(archive: Archive, folder: Path) -> None:
    (folder / "2023-03-05.txt").rename(folder / "page.txt")
    text = (folder / "page.txt").read_text(encoding="utf-8").replace("3月4日，", "")
    (folder / "page.txt").write_text(text, encoding="utf-8")
    assert archive.ingest().undated == ("page.txt",)
    assert archive.issues() == []
    assert archive.search("雨水花园").total == 1
    with pytest.raises(UsageError, match="no dated issue"):
        archive.digest()


def test_ready_articles_are_ingested_beside_pages(archive: Archive, tmp_path: Path) -> None:
    ready = tmp_path / "ready.jsonl"
    row = {"id": "r-1", "date": "2023-03-01", "page": 2, "headline": "石桥修缮完工", "paragraphs": ["石桥修缮完工。"]}
    ready.write_bytes(orjson.dumps(row))
    archive.ingest()
    assert archive.ingest([ready]).new == ("r-1",)
    assert [issue.day.day for issue in archive.issues()] == [5, 1]
    assert archive.ingest().withdrawn == 0, "what lies outside the folder is not withdrawn with it"
    found = archive.article("r-1")
    assert found
    assert (found.file, found.n) == (None, None)


def test_two_ready_articles_of_one_id_are_two_articles(archive: Archive, tmp_path: Path) -> None:
    ready = tmp_path / "ready.jsonl"
    rows = [
        {"id": "r-1", "date": "2023-03-01", "headline": f"新闻{n}", "paragraphs": [f"第{n}条新闻。"]} for n in (1, 2)
    ]
    ready.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    assert len(set(archive.ingest([ready]).new)) == 2


def test_a_day_without_an_issue_is_refused_with_the_nearest_issues(archive: Archive) -> None:
    archive.ingest()
    with pytest.raises(NoSuchIssue, match="2023-03-05") as caught:
        archive.digest(date(2023, 3, 9))
    assert caught.value.near == (date(2023, 3, 5),)


def test_the_three_nearest_issues_are_named_the_nearest_first(archive: Archive, folder: Path) -> None:
    for day in (1, 9, 20, 28):
        shutil.copy(folder / "2023-03-05.txt", folder / f"2023-03-{day:02}.txt")
    archive.ingest()
    with pytest.raises(NoSuchIssue) as caught:
        archive.issue(date(2023, 3, 8))
    assert [day.day for day in caught.value.near] == [9, 5, 1]


def test_every_two_hundred_files_are_committed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    read: list[int] = []

    def read_files(*_options: object) -> Iterator[ReadFile]:
        for number in range(450):
            read.append(number)
            yield ReadFile(FoundFile(f"{number}.txt", Path(f"{number}.txt"), ""), problem="empty")

    monkeypatch.setattr("digests.ingest.reader.read_files", read_files)
    monkeypatch.setattr("digests.ingest.Ingest.commit", lambda _run: commits.append(len(read)))
    assert len(archive.ingest().problems) == 450
    assert commits == [200, 400, 450]


def test_a_rebuilt_archive_gives_the_same_digest(open_archive: Open, tmp_path: Path) -> None:
    open_archive().ingest()
    first = open_archive().digest()
    shutil.rmtree(tmp_path / "data")
    again = open_archive()
    again.ingest()
    assert again.digest() == first


def test_digests_of_an_older_method_are_rebuilt(archive: Archive, tmp_path: Path) -> None:
    archive.ingest()
    digests = DigestStore(tmp_path / "data" / "digests")
    other = Archive(archive.folder, Index(tmp_path / "data" / "index"), digests, stories=1)
    assert len(other.digest().stories) == 1
    other.close()
    digests.close()


def test_check_names_files_that_are_not_ingested_and_files_that_are_gone(archive: Archive, folder: Path) -> None:
    archive.ingest()
    assert archive.check() == []
    (folder / "2023-03-05.txt").rename(folder / "2023-03-08.txt")
    assert archive.check() == [
        "2023-03-08.txt is not ingested yet",
        "2023-03-05.txt was ingested and is gone from the archive",
    ]


def test_closing_the_archive_ends_ingesting_after_the_current_file(archive: Archive, folder: Path) -> None:
    for day in range(10, 20):
        shutil.copy(folder / "2023-03-05.txt", folder / f"2023-03-{day}.txt")

    def stop_at_three(_phase: str, done: int, _all: int) -> None:
        if done == 3:
            archive.stop_soon()

    assert archive.ingest(progress=stop_at_three).read == 3
    assert len(archive.issues()) == 3, "what was read is kept"


def test_a_continued_story_is_whole_once_both_pages_are_there(archive: Archive, folder: Path) -> None:
    begins = PAGE.replace("不再担心内涝。", "不再担心内涝。（下转第2版）")
    (folder / "2023-03-05.txt").unlink()
    (folder / "2023-03-05-01.txt").write_text(begins, encoding="utf-8")
    goes_on = "（上接第1版）花园里种着两百棵水杉，园丁每天清晨浇水，孩子们在这里认识植物。\n\n石桥修缮完工\n\n"
    goes_on += "本报讯（记者 石磊）3月4日，云河石桥修缮完工，行人可以从桥上走到对岸的市场。\n"
    (folder / "2023-03-05-02.txt").write_text(goes_on, encoding="utf-8")
    archive.ingest()
    (story,) = [one for one in archive.articles(date(2023, 3, 5)) if "水杉" in one.body]
    assert story.headline == "云河市建成首座雨水花园"
    assert story.page == 1
    found = archive.search("水杉").hits[0].article
    whole = archive.article(found.id)
    assert whole == story


def test_a_backfill_by_several_processes_gives_the_same_digests_as_one_process(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(10, 20):
        page = PAGE.replace("八百吨", f"{day}吨").replace("雨水花园", f"雨水花园{'甲乙丙丁'[day % 4]}区")
        (folder / f"2023-03-{day}.txt").write_text(page, encoding="utf-8")
    monkeypatch.setattr("digests.ingest.parallel.MAX_SERIAL_ITEMS", 3)
    monkeypatch.setattr("digests.ingest.parallel.usable_cores", lambda: 2)
    progressed: list[tuple[str, int, int]] = []
    archive.ingest(progress=lambda *progress: progressed.append(progress))
    issues = archive.issues()[::-1]
    expected: list[Digest] = []
    for issue in issues:
        expected.append(digest.build(issue, archive.articles(issue.day), earlier=expected))
    assert [archive.digest(issue.day) for issue in issues] == expected
    assert [progress for progress in progressed if progress[0] == "building"] == [
        ("building", count, len(issues)) for count in range(1, len(issues) + 1)
    ]
    progressed.clear()
    archive.ingest(progress=lambda *progress: progressed.append(progress))
    assert progressed == [], "what was built is not built again"


def test_only_the_digest_of_the_new_issue_is_built(archive: Archive, folder: Path) -> None:
    archive.ingest()
    (folder / "2023-03-09.txt").write_text(PAGE.replace("八百吨", "九百吨"), encoding="utf-8")
    progressed: list[tuple[str, int, int]] = []
    archive.ingest(progress=lambda *progress: progressed.append(progress))
    assert [progress for progress in progressed if progress[0] == "building"] == [("building", 1, 1)]


def test_files_of_one_day_make_one_issue_with_their_sums(folder: Path, tmp_path: Path) -> None:
    day = date(2023, 3, 5)
    parts = {
        "b.txt": Issue(day, "云河晚报", (1, 4), articles=1, notices=1, quality=0.6, fingerprint="b"),
        "a.txt": Issue(day, "云河日报", (2, 1), articles=3, notices=0, quality=0.9, fingerprint="a"),
        "c.txt": Issue(day, "云河日报", (), articles=2, notices=2, quality=0.75005, fingerprint="c"),
    }
    index = Index(tmp_path / "index")
    for name, issue in parts.items():
        index.put_source(SourceFile(name, "1", (issue,), 0))
    index.put_source(SourceFile("d.txt", "1", (replace(parts["a.txt"], day=date(2023, 3, 6)),), 0))
    index.commit()
    digests = DigestStore(tmp_path / "digests")
    newer, merged = Archive(folder, index, digests).issues()
    assert newer.day == date(2023, 3, 6)
    fingerprint = hashlib.blake2b(b"abc", digest_size=12).hexdigest()
    assert merged == Issue(day, "云河日报、云河晚报", (1, 2, 4), 6, 3, round((0.6 + 2.7 + 1.5001) / 6, 4), fingerprint)
    index.close()
    digests.close()


def test_the_record_of_a_file_counts_its_articles_by_day(archive: Archive, tmp_path: Path) -> None:
    rows = [
        {"id": "r-1", "date": "2023-03-02", "page": 3, "headline": "一", "paragraphs": ["第一条。"]},
        {"id": "r-2", "date": "2023-03-01", "page": 2, "headline": "二", "paragraphs": ["第二条。"]},
        {"id": "r-3", "date": "2023-03-02", "page": 1, "headline": "三", "paragraphs": ["第三条。"]},
        {"id": "r-4", "headline": "四", "paragraphs": ["第四条。"]},
    ]
    ready = tmp_path / "ready.jsonl"
    ready.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    report = archive.ingest([ready])
    assert (report.read, report.articles, report.undated) == (1, 4, (str(ready),))
    assert [(issue.day.day, issue.pages, issue.articles, issue.quality) for issue in archive.issues()] == [
        (2, (1, 3), 2, 1.0),
        (1, (2,), 1, 1.0),
    ]
    assert archive.check() == ["2023-03-05.txt is not ingested yet"]


def test_changed_articles_change_the_fingerprint_of_their_issue(archive: Archive, folder: Path) -> None:
    archive.ingest()
    before = archive.issues()[0].fingerprint
    (folder / "2023-03-05.txt").write_text(PAGE.replace("八百吨", "九百吨"), encoding="utf-8")
    archive.ingest()
    assert archive.issues()[0].fingerprint != before


def test_check_finds_records_that_contradict_the_index(archive: Archive, tmp_path: Path) -> None:
    archive.ingest()
    archive.close()
    index = Index(tmp_path / "data" / "index")
    index.remove_articles()
    index.commit()
    digests = DigestStore(tmp_path / "data" / "digests")
    digests.remove_many([date(2023, 3, 5)])
    other = Archive(archive.folder, index, digests)
    assert other.check() == [
        "the index contains 0 articles, its source records list 2",
        "the digest of 2023-03-05 is missing",
    ]
    other.close()
    digests.close()


def test_one_paper_of_several_is_searched_by_its_name(archive: Archive, folder: Path) -> None:
    for name in ("江城晚报", "青川日报"):
        page = f"{name} 2023年3月9日 第1版\n\n{PAGE}".replace("八百吨", f"八百吨（{name}）")
        (folder / f"{name}.txt").write_text(page, encoding="utf-8")
    archive.ingest()
    found = archive.search("报纸:江城晚报 雨水花园").hits
    assert {hit.article.paper for hit in found} == {"江城晚报"}
    assert {hit.article.paper for hit in archive.search("paper:日报 雨水花园").hits} >= {"青川日报"}
    assert archive.search("报纸:不存在 雨水花园").total == 0

"""Files that no archive should have, each beside a good page: the good page brings its alert, the culprit is named."""

import gzip
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digests.pages.folder import describe_kind, readable_name
from tests.newsroom import Newsroom, newsroom, story
from tests.poison import GOOD, POISONS, READY, ROWS, flipped

LEFT_OUT = "scan.pdf page.html page.xml pages.json page.docx photo.jpg pages.zip table.csv x.qqq".split()
NOBODY = 65534


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as opened:
        opened.subscribe(1, "防汛")
        yield opened


def pages_of(room: Newsroom) -> Path:
    return room.services.config.archive.folder


def reported(room: Newsroom) -> str:
    return "\n".join(room.services.archive.check())


@pytest.mark.parametrize("name", POISONS)
def test_a_good_page_beside_a_poison_alerts_and_the_poison_is_named(room: Newsroom, name: str) -> None:
    content, problem = POISONS[name]
    (pages_of(room) / name).write_bytes(content)
    room.add_page("2023-03-05.txt", GOOD)
    assert room.ingest() == 1
    assert f"{name}: " in reported(room)
    assert problem in reported(room)


def test_all_poisons_together_are_named_once_and_again_after_a_restart(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        room.subscribe(1, "防汛")
        for name, (content, _) in POISONS.items():
            (pages_of(room) / name).write_bytes(content)
        room.add_page("2023-03-05.txt", GOOD)
        assert room.ingest() == 1
        again = room.services.archive.ingest()
        assert (again.read, again.articles) == (0, 0), "a poison is not read again before it changes"
        assert {problem.file for problem in again.problems} == POISONS.keys()
    with newsroom(tmp_path) as room:
        assert {problem.file for problem in room.services.archive.file_problems} == POISONS.keys()
        assert len(room.services.archive.search("防汛").hits) == 1
        for name in POISONS:
            (pages_of(room) / name).unlink()
        assert room.services.archive.ingest().problems == ()
        assert reported(room) == ""


def test_a_file_that_is_mended_is_read(room: Newsroom) -> None:
    file = pages_of(room) / "ready.jsonl.gz"
    file.write_bytes(flipped(gzip.compress(READY, mtime=0), 200))
    room.ingest()
    assert reported(room)
    file.write_bytes(gzip.compress(READY, mtime=0))
    assert room.services.archive.ingest().articles == len(ROWS)
    assert reported(room) == ""


def test_a_file_that_breaks_keeps_its_former_articles(room: Newsroom) -> None:
    file = pages_of(room) / "ready.jsonl.gz"
    file.write_bytes(gzip.compress(READY, mtime=0))
    room.ingest()
    file.write_bytes(flipped(gzip.compress(READY, mtime=0), 200))
    assert room.services.archive.ingest().problems
    assert room.services.archive.search("养老", limit=1).total == len(ROWS)


def test_good_lines_beside_a_bad_one_are_taken(room: Newsroom) -> None:
    (pages_of(room) / "ready.jsonl").write_bytes(READY + b"\n" + POISONS["day-9999.jsonl"][0])
    report = room.services.archive.ingest()
    assert report.articles == len(ROWS)
    assert [problem.problem.partition(";")[0] for problem in report.problems] == ["ready.jsonl:41: date is 9999-12-31"]


def test_a_page_whose_name_is_in_gbk_is_taken_under_its_readable_name(room: Newsroom) -> None:
    name = "云河日报20230305.txt".encode("gb18030")
    Path(os.fsdecode(os.fsencode(pages_of(room)) + b"/" + name)).write_text(GOOD, encoding="utf-8")
    assert room.ingest() == 1
    [issue] = room.services.archive.issues()
    [article] = room.services.archive.articles(issue.day)
    assert article.file == "云河日报20230305.txt"
    assert reported(room) == ""
    assert room.services.archive.ingest().unchanged == 1


def test_files_of_other_kinds_are_left_out_with_a_sentence(room: Newsroom) -> None:
    for name in LEFT_OUT:
        (pages_of(room) / name).write_bytes(b"x")
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "page.txt.part", "~$page.docx", "README.pdf"):
        (pages_of(room) / name).write_bytes(b"x")
    for folder in ("$RECYCLE.BIN", "System Volume Information", "@eaDir", "__MACOSX", "lost+found"):
        (pages_of(room) / folder).mkdir()
        (pages_of(room) / folder / "page.txt").write_text(GOOD, encoding="utf-8")
    report = room.services.archive.ingest()
    assert (report.read, report.problems) == (0, ())
    assert [problem.file for problem in report.left_out] == sorted(LEFT_OUT)
    assert all(f"{name}: " in reported(room) for name in LEFT_OUT)
    assert describe_kind("scan.PDF").startswith("is a PDF; save its text as .txt")
    assert describe_kind("x.qqq").startswith("is not a page; expected .txt, .md")


def _link_out(folder: Path) -> str:
    outside = folder.parent / "outside.txt"
    outside.write_text(GOOD, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    return "link.txt: is a link out of the archive folder"


def _folder_link_out(folder: Path) -> str:
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / "page.txt").write_text(GOOD, encoding="utf-8")
    (folder / "more").symlink_to(folder.parent / "elsewhere")
    return "more: is a link out of the archive folder"


def _dead_link(folder: Path) -> str:
    (folder / "dead.txt").symlink_to(folder / "nothing.txt")
    return "dead.txt: is a link that leads nowhere"


def _circle(folder: Path) -> str:
    (folder / "a.txt").symlink_to(folder / "b.txt")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    return "a.txt: is a link that leads nowhere"


def _pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.txt")
    return "pipe.txt: is a device, a pipe or a socket"


def _socket(folder: Path) -> str:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(folder / "s.txt"))
    return "s.txt: is a device, a pipe or a socket"


@pytest.mark.parametrize("make", [_link_out, _folder_link_out, _dead_link, _circle, _pipe, _socket])
def test_links_out_of_the_folder_and_devices_are_left_out_and_named(
    room: Newsroom, make: Callable[[Path], str]
) -> None:
    sentence = make(pages_of(room))
    assert room.services.archive.ingest().articles == 0
    assert sentence in reported(room)


def test_a_link_inside_the_folder_does_not_double_its_target(room: Newsroom) -> None:
    room.add_page("2023-03-05.txt", GOOD)
    (pages_of(room) / "newest.txt").symlink_to(pages_of(room) / "2023-03-05.txt")
    (pages_of(room) / "all").symlink_to(pages_of(room))
    report = room.services.archive.ingest()
    assert (report.read, report.left_out) == (1, ())


def test_a_name_is_readable_whatever_its_bytes() -> None:
    assert readable_name("云河.txt") == "云河.txt"
    assert readable_name(os.fsdecode("云河.txt".encode("gb18030"))) == "云河.txt"
    assert readable_name(os.fsdecode(b"\xff\xff.txt")) == "\\xff\\xff.txt"
    assert readable_name("a\nb.txt") == "a\\nb.txt"


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[None]:
    """Run the test as a user without rights, who owns its folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can run a test as another user")
    for parent in list(tmp_path.parents)[:-2]:
        parent.chmod(parent.stat().st_mode | 0o011)
    os.chown(tmp_path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


@pytest.mark.parametrize(("mode", "culprit"), [(0o700, "closed"), (0o744, "closed/page.txt"), (0o711, "closed")])
def test_a_folder_that_cannot_be_entered_fails_alone_and_keeps_its_articles(
    tmp_path: Path, nobody: None, mode: int, culprit: str
) -> None:
    with newsroom(tmp_path) as room:
        room.subscribe(1, "防汛")
        closed = pages_of(room) / "closed"
        closed.mkdir()
        (closed / "page.txt").write_text(f"防风林种下了新苗。{story('植树', 3)}", encoding="utf-8")
        room.ingest()
        os.seteuid(0)
        os.chown(closed, 0, 0)
        closed.chmod(mode)
        os.seteuid(NOBODY)
        room.add_page("2023-03-05.txt", GOOD)
        assert room.ingest() == 1
        [problem] = room.services.archive.file_problems
        assert problem.file.rstrip("/") == culprit
        assert "Permission denied" in problem.problem
        assert room.services.archive.search("防风林").total == 1, "its articles stay"


@pytest.mark.parametrize(
    ("notes", "problem"),
    [
        ("paper = 20220829", "paper is 20220829; expected a name in quotes"),
        ("paper = [1]", "paper is [1]"),
        ("pages = 3", "pages is not a table"),
        ('[pages."2023-03-05.txt"]\npaper = 20220829', "paper is 20220829"),
        ('[pages."2023-03-05.txt"]\npage = 99999999999999999999', "not valid TOML|page is 99999999999999999999"),
        ('[pages."2023-03-05.txt"]\ndate = 9999-12-31', "date is datetime.date(9999, 12, 31)"),
        ("paper = ", "not valid TOML"),
    ],
)
def test_a_wrong_note_is_named_and_mended_without_further_ado(room: Newsroom, notes: str, problem: str) -> None:
    room.add_page("2023-03-05.txt", GOOD)
    (pages_of(room) / "archive.toml").write_text(notes, encoding="utf-8")
    assert room.ingest() == 1
    assert any(part in reported(room) for part in problem.split("|"))
    (pages_of(room) / "archive.toml").write_text('paper = "云河日报"', encoding="utf-8")
    room.services.archive.ingest()
    assert room.services.archive.issues()[0].paper == "云河日报"
    assert reported(room) == ""


def test_a_note_on_a_missing_file_is_a_remark_and_no_failure(room: Newsroom) -> None:
    room.add_page("2023-03-05.txt", GOOD)
    (pages_of(room) / "archive.toml").write_text('[pages."gone.txt"]\npage = 1', encoding="utf-8")
    report = room.services.archive.ingest()
    assert report.problems == ()
    assert [remark.problem for remark in report.left_out] == [f"page 'gone.txt' is not in {pages_of(room)}"]

"""A damaged index is built anew from the pages by its owner, and only by it."""

import logging
from pathlib import Path

import pytest

from bot import app, config
from digests.archive import Archive
from digests.errors import IndexDamaged, IndexUnusable
from digests.search.index import Index
from digests.storage.stores import DigestStore
from tests.newsroom import Newsroom, newsroom, story

PAGE = f"云河日报\n\n云河市召开防汛会议\n\n本报讯（记者 方小满）3月4日，{story('防汛', 7)}\n"


def index_folder(room: Newsroom) -> Path:
    return room.services.config.data / "index"


def spoil(folder: Path, kind: str) -> None:
    """Change the largest file of a kind in the middle, in a copy: the file may be mapped."""
    file = max(folder.glob(kind), key=lambda file: file.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.unlink()
    file.write_bytes(content)


def filled(room: Newsroom) -> None:
    room.subscribe(1, "防汛")
    room.add_page("2023-03-05.txt", PAGE)
    assert room.ingest() == 1


@pytest.mark.parametrize("kind", ["*.term", "*.idx", "*.pos", "*.store", "*.fast", "*.fieldnorm"])
def test_an_index_damaged_while_the_bot_was_stopped_is_built_anew(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with newsroom(tmp_path) as room:
        filled(room)
        folder = index_folder(room)
    spoil(folder, kind)
    with newsroom(tmp_path) as room:
        assert room.ingest() == 0, "no article is alerted twice"
        assert room.services.archive.search("防汛").total == 1
        assert room.services.archive.check() == []
        room.add_page("2023-03-06.txt", PAGE.replace("防汛", "抗洪防汛").replace("3月4日", "3月5日"))
        assert room.ingest() == 0  # a repeat
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().endswith(
        f"it is built anew now; the damaged files are in {folder}.damaged and may be deleted"
    )


@pytest.mark.parametrize("content", [b"{torn", b"", b'{"segments": [{"segment_id": 7}]}'])
def test_an_index_that_cannot_be_opened_is_built_anew_at_the_start(tmp_path: Path, content: bytes) -> None:
    with newsroom(tmp_path) as room:
        filled(room)
        folder = index_folder(room)
    (folder / "meta.json").write_bytes(content)
    with newsroom(tmp_path) as room:
        assert room.ingest() == 0
        assert room.services.archive.search("防汛").total == 1
    assert (folder.with_name("index.damaged") / "meta.json").read_bytes() == content


def test_an_index_that_a_reader_finds_damaged_is_built_anew_by_the_next_ingestion(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        filled(room)
        archive = room.services.archive
        spoil(index_folder(room), "*.store")
        archive._index._index = Index(index_folder(room), owner=False)._index  # as after a commit
        with pytest.raises(IndexDamaged):
            archive.search("防汛")
        assert room.ingest() == 0
        assert archive.search("防汛").total == 1


def test_an_error_of_reading_that_has_passed_builds_nothing_anew(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        filled(room)
        index = room.services.archive._index
        index._damaged(OSError("too many open files"))
        room.ingest()
        assert not index_folder(room).with_name("index.damaged").exists()
        assert index.count() == 1
        spoil(index_folder(room), "*.store")
        assert index.find_damage() is None, "the files are not checked at every run"


def test_without_pages_a_damaged_index_is_kept_and_named(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        filled(room)
        folder = index_folder(room)
        (room.services.config.archive.folder / "2023-03-05.txt").unlink()
    spoil(folder, "*.store")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(IndexDamaged, match="to build it anew"), newsroom(tmp_path) as room:
        room.ingest()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_reader_builds_nothing_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with newsroom(tmp_path) as room:
        filled(room)
        folder, pages = index_folder(room), room.services.config.archive.folder
    index = Index(folder, owner=False)

    def sources() -> None:
        raise IndexDamaged("a torn record")

    monkeypatch.setattr(index, "sources", sources)
    with pytest.raises(IndexDamaged, match="a torn record"):
        Archive(pages, index, DigestStore(tmp_path / "none.json"))
    assert not folder.with_name("index.damaged").exists()


def test_files_of_somebody_else_are_not_set_aside(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "2023-03-05.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[archive]\nfolder = "pages"\n')
    (tmp_path / "data" / "index").mkdir(parents=True)
    (tmp_path / "data" / "index" / "thesis.odt").write_text("mine")
    with (
        pytest.raises(IndexUnusable, match="move the files away, or use another data folder"),
        app.open_services(config.load(tmp_path / "config.toml")),
    ):
        pass
    assert [file.name for file in (tmp_path / "data" / "index").iterdir()] == ["thesis.odt"]

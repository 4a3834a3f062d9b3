"""The full-text index on disk: storing, versions, damage, other folders."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, strategies

from digests.errors import IndexDamaged, IndexNotWritten, IndexUnusable
from digests.models import Reporter, SourceFile
from digests.query import parse
from digests.search import index_files
from digests.search.index import Index
from digests.search.schema import pack_article, unpack_article
from tests.composed import composed
from tests.invented import article

SOURCE = SourceFile("page.txt", "f", (), 0)


def _filled(folder: Path) -> Index:
    filled = Index(folder)
    filled.replace(SOURCE, [article()])
    filled.commit()
    filled.close()
    return filled


def test_an_article_comes_back_as_it_went_in(tmp_path: Path) -> None:
    stored = article(subheads=("云河",), lines=((3, 5), (9, 9)), continued_on_page=2)
    filled = Index(tmp_path / "index")
    filled.replace(SOURCE, [stored])
    filled.commit()
    assert filled.article(stored.id) == stored
    assert filled.sources() == {"page.txt": SOURCE}
    filled.close()


@given(strategies.text(strategies.characters(exclude_categories=["Cs"])))
def test_an_article_with_any_characters_is_unpacked_as_it_was_packed(said: str) -> None:
    stored = article(headline=said, paragraphs=(said, ""), reporters=(Reporter(said),), date=None, quality=0.5)
    assert unpack_article(pack_article(stored)) == stored


def test_unpacking_other_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="not a packed article"):
        unpack_article(b"\xff" * 40)


def test_a_packed_article_takes_less_than_two_bytes_per_character() -> None:
    body = "云河两岸的柳树在春分之后发芽，园林工人趁晴天修枝，孩子们折纸船放进水渠。"
    stored = article(paragraphs=(body,))
    text = f"{stored.id}{stored.headline}{stored.body}{stored.paper}{stored.date}"
    assert len(pack_article(stored)) < 2 * len(text) + 60


def test_changes_without_a_commit_are_lost_after_a_restart(tmp_path: Path) -> None:
    _filled(tmp_path / "index")
    again = Index(tmp_path / "index")
    again.remove_source("page.txt")
    again.close()
    assert Index(tmp_path / "index").count() == 1


def test_a_word_of_the_headline_ranks_before_a_word_of_the_body(tmp_path: Path) -> None:
    filled = Index(tmp_path / "index")
    passing = article(id="passi-00001", headline="石桥修缮完工", paragraphs=("石桥旁有雨水花园。",))
    about = article(id="about-00002", headline="雨水花园建成", paragraphs=("花园在石桥旁。",))
    filled.replace(SOURCE, [passing, about])
    filled.commit()
    total, found = filled.find(parse("雨水花园"), limit=5)
    assert (total, [hit.id for _, hit in found]) == (2, [about.id, passing.id])
    filled.close()


def test_a_phrase_does_not_match_across_paragraphs(tmp_path: Path) -> None:
    filled = Index(tmp_path / "index")
    filled.replace(SOURCE, [article(paragraphs=("他们说云", "河水清澈。"), headline="一")])
    filled.commit()
    assert filled.find(parse('"云河水"'), limit=1)[0] == 0
    filled.close()


def test_an_older_index_is_replaced_by_an_empty_one(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    _filled(folder)
    (folder / "VERSION").write_text("0\n")
    assert Index(folder).count() == 0


def test_a_newer_index_is_refused_and_not_changed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    _filled(folder)
    (folder / "VERSION").write_text(f"{index_files.INDEX_VERSION + 1}\n")
    with pytest.raises(IndexUnusable, match=f"version {index_files.INDEX_VERSION + 1}"):
        Index(folder)
    (folder / "VERSION").write_text(f"{index_files.INDEX_VERSION}\n")
    assert Index(folder).count() == 1


def test_the_error_of_a_damaged_index_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    _filled(folder)
    (folder / "meta.json").write_text("{torn")
    with pytest.raises(IndexDamaged, match="jianbao ingest"):
        Index(folder)
    assert (folder / "meta.json").read_text() == "{torn", "nothing was overwritten"


def test_the_error_of_a_damaged_index_is_one_line_of_bounded_length(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    _filled(folder)
    meta = (folder / "meta.json").read_text()
    (folder / "meta.json").write_text(meta.replace("opstamp", "\n" * 3000))
    with pytest.raises(IndexDamaged) as error:
        Index(folder)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500 + len(str(folder))


@pytest.mark.parametrize("kind", ["idx", "term", "store"])
def test_the_error_of_torn_bytes_in_a_file_of_the_index_says_what_to_do(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "index"
    _filled(folder)
    (file,) = folder.glob(f"*.{kind}")
    held = file.read_bytes()
    half = len(held) // 2
    file.unlink()  # not cut short: it may still be mapped
    file.write_bytes(bytes(byte ^ 255 for byte in held[:half]) + held[half:])
    torn = Index(folder, owner=False)
    for asked in (
        torn.sources,
        lambda: [*torn.find(parse("雨水花园"), limit=1)[1]],
        lambda: [*torn.mentioning([], None, None)],
        partial(torn.article, "aaaaa-aaaaa"),
    ):
        with pytest.raises(IndexDamaged, match=r"cannot be read .*jianbao ingest"):
            asked()


def test_a_folder_of_other_files_is_refused_and_not_changed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "thesis.odt").write_text("mine")
    with pytest.raises(IndexUnusable, match="no index of this program"):
        Index(folder)
    assert [file.name for file in folder.iterdir()] == ["thesis.odt"]


def test_a_second_writer_is_refused_with_the_reason(tmp_path: Path) -> None:
    first, second = Index(tmp_path / "index"), Index(tmp_path / "index")
    first.remove_source("x")
    with pytest.raises(IndexNotWritten, match="no other process"):
        second.remove_source("x")
    first.close()


@contextmanager
def _full_disk(size: int = 100) -> Iterator[None]:
    """Limit the size of files, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_the_error_says_so_and_the_index_is_not_changed(tmp_path: Path) -> None:
    _filled(tmp_path / "index")
    index = Index(tmp_path / "index")
    index.remove_source(SOURCE.name)
    with _full_disk(), pytest.raises(IndexNotWritten, match=r"MB are free there\. Its former contents are unchanged"):
        index.commit()
    assert index.count() == index.find(parse("雨水花园"), limit=1)[0] == 1
    index.replace(SOURCE, [article(id="fresh-00001"), article(id="fresh-00002")])
    index.commit()
    assert index.count() == 2, "with room again, it is written again"
    index.close()


@pytest.mark.parametrize("size", [1, 1000, 5000])
def test_an_error_of_a_full_disk_that_is_kept_does_not_keep_the_index_locked(tmp_path: Path, size: int) -> None:
    index = Index(tmp_path / "index")
    index.replace(SOURCE, composed(40))
    with _full_disk(size), pytest.raises(IndexNotWritten) as kept:
        index.commit()
    index.replace(SOURCE, [article()])
    index.commit()
    assert (index.count(), kept.value.__cause__ is not None) == (1, True)
    index.close()
    other = Index(tmp_path / "index")
    other.remove_source(SOURCE.name)
    other.commit()
    other.close()


@contextmanager
def _nobody() -> Iterator[None]:
    """Give up the rights of root, for whom no folder is read-only."""
    if os.geteuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_read_only_folder_is_refused_and_not_changed() -> None:
    with TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        _filled(folder / "index")
        folder.chmod(0o755)
        for held in (folder / "index", folder):
            held.chmod(0o555)
        with _nobody(), pytest.raises(IndexUnusable, match=r"read-only for this process.* Nothing was changed"):
            Index(folder / "index")
        with _nobody(), pytest.raises(IndexUnusable, match=f"as {folder} is read-only"):
            Index(folder / "other")
        for held in (folder, folder / "index"):
            held.chmod(0o755)
        assert Index(folder / "index").count() == 1

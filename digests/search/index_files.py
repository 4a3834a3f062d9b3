"""The index's folder: its schema and version, how it is begun, and how a foreign or damaged one is known (tantivy).

Whether the index's files are as tantivy wrote them: each ends in a checksum that nobody else looks at.

… content … {"version":{…},"crc":3177044339} length(4) magic(4)
"""

import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson
import tantivy

from digests.errors import IndexDamaged
from digests.search import schema

INDEX_VERSION = 3
"""Of the schema. An older index is rebuilt by itself, as it is made of the pages alone; a newer one is refused."""

REBUILD_ADVICE = "it is made of the pages alone: move it away and run `jianbao ingest` to build it anew"


def is_current(folder: Path) -> bool:
    """Whether there is an index in `folder` that this program can read."""
    return _version(folder) == INDEX_VERSION


def open_index(folder: Path, *, owner: bool) -> tantivy.Index:
    """The index in `folder`; its owner begins a new one where there is none, or only an older one.

    Raises IndexDamaged, and changes nothing, where the folder holds something else or a newer index.
    """
    found = _version(folder)
    if found is None and folder.is_dir() and any(folder.iterdir()):
        raise IndexDamaged(
            f"the folder {folder} holds something that is no index of this program (it has no file VERSION); "
            f"{REBUILD_ADVICE}"
        )
    if found is not None and found > INDEX_VERSION:
        raise IndexDamaged(
            f"the index {folder} has version {found}, this program writes version {INDEX_VERSION}; "
            "use the newer program, or another data folder"
        )
    if found == INDEX_VERSION and not (folder / "meta.json").exists() and any(folder.glob("*.store")):
        raise IndexDamaged(f"the index {folder} has lost its file meta.json; {REBUILD_ADVICE}")
    if found != INDEX_VERSION and not owner:
        raise IndexDamaged(f"there is no index of this version in {folder} yet; run `jianbao ingest` to build it")
    try:
        if found != INDEX_VERSION:
            _begin(folder, older=found is not None)
        index = tantivy.Index(_schema(), str(folder))
    except (ValueError, OSError) as error:
        held = folder if folder.is_dir() else folder.parent
        if not os.access(held, os.W_OK):  # a reader, too, puts a lock there
            raise IndexDamaged(
                f"the index {folder} cannot be opened, as {held} is read-only for this process; expected a folder that "
                "it may write to. Nothing was changed"
            ) from error
        raise IndexDamaged(f"the index {folder} cannot be opened ({error}); {REBUILD_ADVICE}") from error
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.register_tokenizer("chars", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\S")).build())
    return index


def _begin(folder: Path, *, older: bool) -> None:
    """Make an empty folder with its mark; a crash in between leaves either what was there, or nothing, or all of it."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700, parents=True)
    (new / "VERSION").write_text(f"{INDEX_VERSION}\n", encoding="ascii")
    if older:
        old = folder.with_name(folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old)
    else:
        new.replace(folder)


def _version(folder: Path) -> int | None:
    """The version of the index in `folder`; None where there is none yet."""
    mark = folder / "VERSION"
    try:
        return int(mark.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise IndexDamaged(f"{mark} does not hold a version number; expected a line such as {INDEX_VERSION}") from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in schema.RAW_FIELDS:
        builder.add_text_field(name, stored=name == "source", tokenizer_name="raw", index_option="basic")
    for name in schema.FACET_FIELDS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in schema.VOCABULARY_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("ordinal", indexed=True, fast=True)
    builder.add_bytes_field("data", stored=True)
    for name in schema.WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="words", index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="words", index_option="basic")
    for name in schema.CHARACTER_FIELDS:
        builder.add_text_field(name, tokenizer_name="chars", index_option="position")
    return builder.build()


FOOTER_MAGIC = (1337).to_bytes(4, "little")
BLOCK_BYTES = 1 << 20


def torn_files(folder: Path) -> Iterator[Path]:
    """The files of the index in `folder` that are not whole; those that a running program takes away meanwhile are."""
    try:
        segments = orjson.loads((folder / "meta.json").read_bytes())["segments"]
    except (OSError, ValueError, LookupError, TypeError):
        return  # there is none, or it cannot be opened, which says more
    for segment in segments:
        for file in sorted(folder.glob(f"{segment['segment_id'].replace('-', '')}.*")):
            if not _is_whole(file):
                yield file


def _is_whole(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - 8))
            tail = opened.read()
            end = size - 8 - int.from_bytes(tail[:4], "little")
            if tail[4:] != FOOTER_MAGIC or end < 0:
                return False
            opened.seek(end)
            footer = orjson.loads(opened.read()[:-8])
            opened.seek(0)
            found = 0
            while end > 0 and (block := opened.read(min(BLOCK_BYTES, end))):
                found, end = zlib.crc32(block, found), end - len(block)
    except FileNotFoundError:
        return True
    except (orjson.JSONDecodeError, OSError):
        return False
    return isinstance(footer, dict) and footer.get("crc") == found

"""Open, create and check the folder of the index: its version, its tantivy schema and the checksums of its files."""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import orjson
import tantivy

from digests.errors import IndexDamaged, StateError
from digests.search import schema

INDEX_VERSION = 4
"""Version of the schema. An older index is rebuilt automatically from the pages; a newer one is refused."""

REBUILD_ADVICE = "it contains only data from the pages: move it away and run `jianbao ingest` to build it anew"

FOOTER_MAGIC = (1337).to_bytes(4, "little")
"""The last four bytes of every file that tantivy writes."""

BLOCK_BYTES = 1 << 20
"""Bytes read at a time when a file is checked."""

_TOKENIZERS = {"words": tantivy.Tokenizer.whitespace(), "chars": tantivy.Tokenizer.regex(r"\S")}


@contextmanager
def tantivy_errors_as(make_error: Callable[[BaseException], StateError]) -> Iterator[None]:
    """Convert errors of tantivy with `make_error`; other errors pass unchanged."""
    try:
        yield
    except BaseException as error:
        kinds = ValueError | RuntimeError | LookupError | OSError
        if isinstance(error, kinds) or type(error).__name__ == "PanicException":  # a panic is not an Exception
            raise make_error(error) from error
        raise


def is_current(folder: Path) -> bool:
    """True if `folder` contains an index of this program's version."""
    return _version(folder) == INDEX_VERSION


def open_index(folder: Path, *, owner: bool) -> tantivy.Index:
    """Open the index in `folder`; the owner creates a missing one and replaces an older version.

    Raises IndexDamaged, without changing anything, if the index cannot be opened or created, for example because the
    folder contains other files or a newer index.
    """
    version = _version(folder)
    _check_folder(folder, version, owner=owner)
    with tantivy_errors_as(partial(_not_opened, folder)):
        if version != INDEX_VERSION:
            _create(folder, replace_older=version is not None)
        index = tantivy.Index(_schema(), str(folder))
        for name, tokenizer in _TOKENIZERS.items():
            index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(tokenizer).build())
        return index


def _check_folder(folder: Path, version: int | None, *, owner: bool) -> None:
    """Raise IndexDamaged if the index in `folder` can be neither opened nor created."""
    if version is None and folder.is_dir() and any(folder.iterdir()):
        raise IndexDamaged(
            f"the folder {folder} contains files but no index of this program (it has no file VERSION); "
            f"{REBUILD_ADVICE}"
        )
    if version is not None and version > INDEX_VERSION:
        raise IndexDamaged(
            f"the index {folder} has version {version}, this program writes version {INDEX_VERSION}; "
            "use the newer program, or another data folder"
        )
    if version == INDEX_VERSION and not (folder / "meta.json").exists() and any(folder.glob("*.store")):
        raise IndexDamaged(f"the index {folder} has lost its file meta.json; {REBUILD_ADVICE}")
    if version != INDEX_VERSION and not owner:
        raise IndexDamaged(f"there is no index of this version in {folder} yet; run `jianbao ingest` to build it")


def _not_opened(folder: Path, error: BaseException) -> IndexDamaged:
    """Return the error for an index that tantivy cannot open."""
    existing = folder if folder.is_dir() else folder.parent
    if not os.access(existing, os.W_OK):  # readers need write access too: tantivy creates a lock file
        return IndexDamaged(
            f"the index {folder} cannot be opened, as {existing} is read-only for this process; expected a folder that "
            "it may write to. Nothing was changed"
        )
    return IndexDamaged(f"the index {folder} cannot be opened ({error}); {REBUILD_ADVICE}")


def _create(folder: Path, *, replace_older: bool) -> None:
    """Create an empty index folder with its file VERSION; after a crash it is unchanged, missing, or complete."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700, parents=True)
    (new / "VERSION").write_text(f"{INDEX_VERSION}\n", encoding="ascii")
    if replace_older:
        old = folder.with_name(folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old)
    else:
        new.replace(folder)


def _version(folder: Path) -> int | None:
    """Return the version of the index in `folder`, None without an index."""
    file = folder / "VERSION"
    try:
        return int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise IndexDamaged(
            f"{file} does not contain a version number; expected a line such as {INDEX_VERSION}"
        ) from error


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


def torn_files(folder: Path) -> Iterator[Path]:
    """Yield the damaged files of the index in `folder`; a file deleted meanwhile counts as undamaged."""
    try:
        segments = orjson.loads((folder / "meta.json").read_bytes())["segments"]
    except (OSError, ValueError, LookupError, TypeError):
        return  # opening the index raises an error for this
    for segment in segments:
        for file in sorted(folder.glob(f"{segment['segment_id'].replace('-', '')}.*")):
            if not _is_whole(file):
                yield file


def _is_whole(file: Path) -> bool:
    """True if the checksum in the footer is that of the content; tantivy does not compare them on opening.

    File format: … content … {"version":{…},"crc":3177044339} length(4) magic(4)
    """
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
            checksum = 0
            while end > 0 and (block := opened.read(min(BLOCK_BYTES, end))):
                checksum, end = zlib.crc32(block, checksum), end - len(block)
    except FileNotFoundError:
        return True
    except (orjson.JSONDecodeError, OSError):
        return False
    return isinstance(footer, dict) and footer.get("crc") == checksum

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

from digests.errors import IndexDamaged, IndexUnusable, StateError
from digests.guard import MAX_ERROR_CHARS, is_panic
from digests.search import schema
from digests.text import shorten

INDEX_VERSION = 5
"""Version of the schema. An older index is rebuilt automatically from the pages; a newer one is refused."""

REBUILD_ADVICE = (
    "it contains only data from the pages: the running bot builds it anew, or run `jianbao ingest` to build it anew"
)

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
        kinds = ValueError | RuntimeError | LookupError | OSError | OverflowError
        if isinstance(error, kinds) or is_panic(error):
            raise make_error(error) from error
        raise


def is_current(folder: Path) -> bool:
    """True if `folder` contains an index of this program's version."""
    return _version(folder) == INDEX_VERSION


def open_index(folder: Path, *, owner: bool) -> tantivy.Index:
    """Open the index in `folder`; the owner creates a missing one and replaces an older version.

    Raises IndexDamaged, or IndexUnusable if for example the folder contains other files or a newer index; both leave
    everything unchanged.
    """
    with tantivy_errors_as(partial(_not_opened, folder)):
        version = _version(folder)
        _check_folder(folder, version, owner=owner)
        if version != INDEX_VERSION:
            _create(folder, replace_older=version is not None)
        index = tantivy.Index(_schema(), str(folder))
        for name, tokenizer in _TOKENIZERS.items():
            index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(tokenizer).build())
        return index


def _check_folder(folder: Path, version: int | None, *, owner: bool) -> None:
    """Raise IndexUnusable, or IndexDamaged, if the index in `folder` can be neither opened nor created."""
    if version is None and folder.is_dir() and any(folder.iterdir()):
        if (folder / "meta.json").exists():
            raise IndexDamaged(f"the index {folder} has lost its file VERSION; {REBUILD_ADVICE}")
        raise IndexUnusable(
            f"the folder {folder} contains files but no index of this program (it has no file VERSION); expected an "
            "empty folder: move the files away, or use another data folder"
        )
    if version is not None and version > INDEX_VERSION:
        raise IndexUnusable(
            f"the index {folder} has version {version}, this program writes version {INDEX_VERSION}; "
            "use the newer program, or another data folder"
        )
    if version == INDEX_VERSION and not (folder / "meta.json").exists() and any(folder.glob("*.store")):
        raise IndexDamaged(f"the index {folder} has lost its file meta.json; {REBUILD_ADVICE}")
    if version != INDEX_VERSION and not owner:
        raise IndexUnusable(f"there is no index of this version in {folder} yet; run `jianbao ingest` to build it")


def set_aside(folder: Path) -> Path:
    """Rename the folder of a damaged index and return the new path; an index set aside earlier is deleted."""
    aside = folder.with_name(folder.name + ".damaged")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    except OSError as error:
        raise StateError(f"the damaged index {folder} cannot be renamed to {aside}: {error.strerror}") from error
    return aside


def _not_opened(folder: Path, error: BaseException) -> IndexUnusable:
    """Return the error for an index that cannot be opened."""
    existing = next(path for path in (folder, *folder.absolute().parents) if os.access(path, os.F_OK))
    if not existing.is_dir():
        return IndexUnusable(f"the index {folder} cannot be opened, as {existing} is not a folder")
    if not os.access(existing, os.R_OK | os.W_OK | os.X_OK):  # readers need write access too, for tantivy's lock file
        return IndexUnusable(
            f"the index {folder} cannot be opened, as {existing} is read-only for this process or closed to it; "
            "expected a folder that it may write to. Nothing was changed"
        )
    return IndexDamaged(f"the index {folder} cannot be opened ({brief(error)}); {REBUILD_ADVICE}")


def brief(error: BaseException) -> str:
    """Return the message of an error of tantivy on one line; it may contain a whole damaged file."""
    return shorten(" ".join(str(error).split()), MAX_ERROR_CHARS)


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
    except OSError as error:
        raise _not_opened(folder, error) from error
    except ValueError as error:
        raise IndexDamaged(
            f"{file} does not contain a version number; expected a line such as {INDEX_VERSION}; {REBUILD_ADVICE}"
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
        meta = orjson.loads((folder / "meta.json").read_bytes())
        segments = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
        files = sorted(file for file in folder.iterdir() if file.stem.partition(".")[0] in segments)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return  # opening the index raises an error for this
    yield from (file for file in files if not _is_whole(file))


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

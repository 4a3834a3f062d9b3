"""Page files, and what is known of them (archive.toml): from the disk to values."""

import codecs
import re
from datetime import date
from pathlib import Path

from digests.errors import UnreadablePage, UsageError
from digests.models import DateSource, Page
from digests.pages.archive_notes import ArchiveNotes, PageNote

LARGEST = 20 * 1024 * 1024
"""Bytes; a newspaper page has some 50 thousand."""

_PAGES = (".txt", ".md")
_READY = (".jsonl", ".jsonl.gz")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?:([-_.]?)(\d\d)\2(\d\d)|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[-_ ]*(?:[pP版第]|page)?[-_ ]?(\d{1,2})版?)?(?![0-9A-Za-z])"
)


def find_page_files(folder: Path) -> list[Path]:
    """Page files and files of ready articles below `folder`, sorted; hidden files and READMEs are left out."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"the page folder {folder} {what}; expected a folder with page files (.txt, .md, .jsonl)")
    return sorted(path for path in folder.rglob("*") if _is_page_file(path.relative_to(folder)) and path.is_file())


def _is_page_file(path: Path) -> bool:
    if any(part.startswith(".") for part in path.parts) or path.name.upper().startswith("README"):
        return False
    return path.name.lower().endswith((*_PAGES, *_READY))


def holds_ready_articles(path: Path) -> bool:
    """Whether `path` holds ready articles rather than a page."""
    return path.name.lower().endswith(_READY)


def load_page(path: Path, notes: ArchiveNotes, *, name: str | None = None) -> Page:
    """The page in `path` with what `notes` or the file's name say of its paper, date and number.

    `name` is its path below the archive folder, under which `notes` know it; the bare file name if not given.
    """
    file = name if name is not None else path.name
    text = _read(path)
    note = notes.pages.get(file, PageNote())
    day, number = _from_name(path.name)
    source: DateSource = "none"
    if note.day:
        day, source = note.day, "archive.toml"
    elif day:
        source = "file name"
    paper = note.paper if note.paper is not None else notes.paper
    return Page(file, text, paper, day, source, note.page if note.page is not None else number)


def _from_name(name: str) -> tuple[date | None, int | None]:
    """The day in a file name such as 2022-08-29.txt, and the page number that follows it in 2022-08-29-03.txt."""
    match = _DAY.search(name)
    if not match:
        return None, None
    try:
        day = date(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]))
    except ValueError:
        return None, None
    return day, int(match[7]) if match[7] and int(match[7]) else None


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UnreadablePage(
                f"{path}: {size / 2**20:.0f} MB is too large for a page; expected at most {LARGEST >> 20} MB"
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadablePage(f"{path}: cannot be read: {error.strerror or error}") from error
    text = decode(data)
    if text is None:
        raise UnreadablePage(f"{path}: is not text; expected UTF-8, UTF-16 or GB18030")
    if not text.strip():
        raise UnreadablePage(f"{path}: is empty; expected the text of a page")
    return text


def decode(data: bytes) -> str | None:
    """`data` as text with \\n line ends, or None if it is not text in UTF-8, UTF-16 or GB18030.

    Lone surrogates, and stray bytes in what is otherwise UTF-8, come out as U+FFFD.
    """
    text = _decode(data)
    if text is None:
        return None
    text = _SURROGATE.sub("\ufffd", text)
    if not _is_text(text):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | None:
    data = data.removeprefix(codecs.BOM_UTF8)
    for encoding in _encodings(data):
        try:
            return data.decode(encoding, "surrogatepass" if encoding.startswith("utf") else "strict")
        except UnicodeDecodeError:
            continue
    text = data.decode("utf-8", "replace")
    return text if text.count("\ufffd") * 50 < len(text) else None


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    if even + odd and abs(even - odd) * 8 > even + odd:
        return ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le")
    return ("utf-8", "gb18030")


def _is_text(text: str) -> bool:
    """Whether nearly all of it is what pages are made of; random bytes that happen to decode are not."""
    sample = text[:20_000]
    strange = sum(not (char.isprintable() or char.isspace() or char == "\ufffd") for char in sample)
    return strange * 10 <= len(sample)

"""Page files, and what is known of them (archive.toml): from the disk to values."""

import codecs
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from digests.errors import ArchiveNotesError, UnreadablePage, UsageError
from digests.models import DateSource, Page

NOTES = "archive.toml"
LARGEST = 20 * 1024 * 1024
"""Bytes; a newspaper page has some 50 thousand."""

_PAGES = (".txt", ".md")
_READY = (".jsonl", ".jsonl.gz")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?:([-_.]?)(\d\d)\2(\d\d)|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[-_ ]*(?:[pP版第]|page)?[-_ ]?(\d{1,2})版?)?(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class PageNote:
    """What archive.toml says of one page; `known` is how it is known, in words."""

    paper: str | None = None
    day: date | None = None
    page: int | None = None
    known: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """archive.toml: the paper that pages without a note of their own are from, and the notes by page file."""

    paper: str = ""
    pages: dict[str, PageNote] = field(default_factory=dict)


def find(folder: Path) -> list[Path]:
    """Page files and files of ready articles below `folder`, sorted; hidden files and READMEs are left out."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"the page folder {folder} {what}; expected a folder with page files (.txt, .md, .jsonl)")
    return sorted(path for path in folder.rglob("*") if _is_page_file(path.relative_to(folder)) and path.is_file())


def _is_page_file(path: Path) -> bool:
    if any(part.startswith(".") for part in path.parts) or path.name.upper().startswith("README"):
        return False
    return path.name.lower().endswith((*_PAGES, *_READY))


def is_ready(path: Path) -> bool:
    """Whether `path` holds ready articles rather than a page."""
    return path.name.lower().endswith(_READY)


def load_notes(folder: Path) -> Notes:
    """What archive.toml in `folder` says; nothing if there is none. All its problems are raised at once."""
    notes, problems = notes_and_problems(folder)
    if problems:
        raise ArchiveNotesError(str(folder / NOTES), problems)
    return notes or Notes()


def notes_and_problems(folder: Path) -> tuple[Notes | None, list[str]]:
    """What archive.toml in `folder` says as far as it can be understood, and what in it cannot; None: nothing of it."""
    path = folder / NOTES
    if not path.is_file():
        return Notes(), []
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return None, [f"not valid TOML: {error}"]
    problems: list[str] = []
    return _read_notes(table, folder, problems), problems


def _read_notes(table: dict[str, Any], folder: Path, problems: list[str]) -> Notes:
    problems += [f"unknown key {key!r}; expected paper, pages" for key in table if key not in ("paper", "pages")]
    paper = table.get("paper", "")
    if not isinstance(paper, str):
        problems.append(f"paper is {paper!r}; expected a name in quotes")
    pages = table.get("pages", {})
    if not isinstance(pages, dict):
        problems.append('pages is not a table; expected [pages."FILE"] sections')
        pages = {}
    notes = {name: _read_note(name, note, problems) for name, note in pages.items()}
    problems += [f"page {name!r} is not in {folder}" for name in notes if not (folder / name).is_file()]
    return Notes(str(paper), notes)


def _read_note(name: str, note: Any, problems: list[str]) -> PageNote:
    if not isinstance(note, dict):
        problems.append(f'page {name!r}: {note!r} is not a table; expected a [pages."{name}"] section')
        return PageNote()
    expected = ("paper", "date", "page", "known")
    problems += [
        f"page {name!r}: unknown key {key!r}; expected {', '.join(expected)}" for key in note if key not in expected
    ]
    paper, number, known = note.get("paper"), note.get("page"), note.get("known", "")
    problems += [
        f"page {name!r}: {key} is {value!r}; expected text in quotes"
        for key, value in (("paper", paper), ("known", known))
        if not isinstance(value, str | None)
    ]
    if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
        problems.append(f"page {name!r}: page is {number!r}; expected a page number from 1")
    return PageNote(paper, _note_date(name, note.get("date"), problems), number, known)


def _note_date(name: str, value: Any, problems: list[str]) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        problems.append(f"page {name!r}: date is {value!r}; expected a day such as 2022-08-29")
        return None


def load_page(path: Path, notes: Notes, *, name: str | None = None) -> Page:
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

"""archive.toml: the paper, day and page number of page files, as the operator writes them."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from digests.errors import ArchiveNotesError

NOTES_FILE = "archive.toml"


@dataclass(frozen=True, slots=True)
class PageNote:
    """What archive.toml says of one page; `known` is how it is known, in words."""

    paper: str | None = None
    day: date | None = None
    page: int | None = None
    known: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveNotes:
    """archive.toml: the paper that pages without a note of their own are from, and the notes by page file."""

    paper: str = ""
    pages: dict[str, PageNote] = field(default_factory=dict)


def load_notes(folder: Path) -> ArchiveNotes:
    """What archive.toml in `folder` says; nothing if there is none. All its problems are raised at once."""
    notes, problems = read_notes(folder)
    if problems:
        raise ArchiveNotesError(str(folder / NOTES_FILE), problems)
    return notes or ArchiveNotes()


def read_notes(folder: Path) -> tuple[ArchiveNotes | None, list[str]]:
    """What archive.toml in `folder` says as far as it can be understood, and what in it cannot; None: nothing of it."""
    path = folder / NOTES_FILE
    if not path.is_file():
        return ArchiveNotes(), []
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return None, [f"not valid TOML: {error}"]
    problems: list[str] = []
    return _read_notes(table, folder, problems), problems


def _read_notes(table: dict[str, Any], folder: Path, problems: list[str]) -> ArchiveNotes:
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
    return ArchiveNotes(str(paper), notes)


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

"""archive.toml: the operator's notes on the paper, date and page number of page files."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, Strict, TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

from digests.dates import FIRST_ISSUE, LAST_ISSUE
from digests.errors import ArchiveNotesError
from digests.models import MAX_PAGE

NOTES_FILE = "archive.toml"


def _date(value: Any) -> dt.date:
    """Return the date of a TOML date, date and time, or text; raises ValueError."""
    if isinstance(value, dt.datetime):
        day = value.date()
    else:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value if isinstance(value, str) else "")
    if not FIRST_ISSUE <= day <= LAST_ISSUE:
        raise ValueError
    return day


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class PageNote:
    """The section of archive.toml for one page file."""

    paper: Annotated[str | None, Strict()] = None
    day: Annotated[dt.date | None, BeforeValidator(_date), Field(alias="date")] = None
    page: Annotated[int | None, Strict(), Field(ge=1, le=MAX_PAGE)] = None
    known: Annotated[str, Strict()] = ""
    """The operator's source for these facts, in words."""


_PAGE_NOTE = TypeAdapter(PageNote)
_EXPECTED = {
    "paper": "text in quotes",
    "date": f"a day such as 2022-08-29, from {FIRST_ISSUE} to {LAST_ISSUE}",
    "page": f"a page number from 1 to {MAX_PAGE}",
    "known": "text in quotes",
}


@dataclass(frozen=True, slots=True)
class ArchiveNotes:
    """The contents of archive.toml."""

    paper: str = ""
    """The paper of pages without a `paper` in their own section."""
    pages: Mapping[str, PageNote] = field(default_factory=dict)
    """Notes by page file: its path below the archive folder."""


def load_notes(folder: Path) -> ArchiveNotes:
    """Return the notes of `folder`, empty if it has no archive.toml; raises ArchiveNotesError with all problems."""
    notes, problems = read_notes(folder)
    if problems:
        raise ArchiveNotesError(str(folder / NOTES_FILE), problems)
    return notes or ArchiveNotes()


def read_notes(folder: Path) -> tuple[ArchiveNotes | None, list[str]]:
    """Return the valid notes of `folder`, or None if archive.toml cannot be read as TOML, and all problems found."""
    path = folder / NOTES_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ArchiveNotes(), []
    except OSError as error:
        return None, [f"it cannot be read: {error.strerror}; its folder and the file must be readable for this user"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [f"not valid TOML: {error}"]
    return _archive_notes(table)


def _archive_notes(table: Mapping[str, Any]) -> tuple[ArchiveNotes, list[str]]:
    problems = [f"unknown key {key!r}; expected paper, pages" for key in table if key not in ("paper", "pages")]
    paper, pages = table.get("paper", ""), table.get("pages", {})
    if not isinstance(paper, str):
        problems.append(f"paper is {paper!r}; expected a name in quotes")
        paper = ""
    if not isinstance(pages, dict):
        problems.append('pages is not a table; expected [pages."FILE"] sections')
        pages = {}
    notes = {}
    for name, section in pages.items():
        notes[name], found = _page_note(name, section)
        problems += found
    return ArchiveNotes(paper, notes), problems


def _page_note(name: str, section: Any) -> tuple[PageNote, list[str]]:
    """Return the note made from the valid keys of a section, and the problems of the other keys."""
    if not isinstance(section, dict):
        return PageNote(), [f'page {name!r}: {section!r} is not a table; expected a [pages."{name}"] section']
    try:
        return _PAGE_NOTE.validate_python(section), []
    except ValidationError as error:
        details = error.errors()
    wrong = {str(detail["loc"][0]) for detail in details}
    valid = {key: value for key, value in section.items() if key not in wrong}
    return _PAGE_NOTE.validate_python(valid), [f"page {name!r}: {_problem(detail)}" for detail in details]


def _problem(detail: ErrorDetails) -> str:
    key = str(detail["loc"][0])
    if key not in _EXPECTED:
        return f"unknown key {key!r}; expected {', '.join(_EXPECTED)}"
    return f"{key} is {detail['input']!r}; expected {_EXPECTED[key]}"

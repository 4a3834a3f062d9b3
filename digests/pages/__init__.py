"""Read and decode page files, and read the date and page number in their names; folder.py finds the files."""

import codecs
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from digests.dates import valid_date
from digests.errors import UnreadablePage
from digests.language.boundaries import join_split_words
from digests.language.normal_form import clean_text
from digests.models import DateSource, Page
from digests.pages.archive_notes import ArchiveNotes, PageNote
from digests.pages.folder import READY_SUFFIXES, other_kind

MAX_PAGE_BYTES = 5 << 20
"""Larger files are rejected; a newspaper page has about 50 thousand bytes."""
ENCODING_SAMPLE_BYTES = 4000
TEXT_SAMPLE_CHARS = 20_000
MIN_CHARS_PER_CONTROL_CHAR = 10
"""Text has at least this many characters for each unprintable character."""
MIN_CHARS_PER_STRAY_BYTE = 50
"""Text in UTF-8 has more than this many characters for each invalid byte."""

MIN_COMMON_SHARE = 0.4
"""Least share of common characters: Chinese text in its own encoding has 0.65 (traditional text in GB18030) to 1.0,
other bytes have up to 0.3."""

_CHINESE_ENCODINGS = {
    "gb18030": ("gb2312", frozenset((0xA1, 0xA3, *range(0xB0, 0xD8)))),
    "cp950": ("big5", frozenset((0xA1, 0xA2, *range(0xA4, 0xC7)))),
}
"""Encoding -> the encoding of its basic characters, and the first bytes of the common ones: level 1 and punctuation."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_NAME = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?:([-_.]?)(\d\d)\2(\d\d)|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[-_ ]*(?:[pP版第]|page)?[-_ ]?(\d{1,2})版?)?(?![0-9A-Za-z])"
)
"""Date and page number in a file name: 2022-08-29-03, 日报_20220829_第2版."""


def holds_ready_articles(path: Path) -> bool:
    """True if the file contains ready articles instead of a page."""
    return path.name.lower().endswith(READY_SUFFIXES)


def load_page(path: Path, notes: ArchiveNotes, *, name: str | None = None) -> Page:
    """Return the page in a file; its paper comes from `notes`, its date and number from `notes` or the file name.

    `name` is the key of the file in `notes`, by default its bare name. Raises UnreadablePage.
    """
    file = name if name is not None else path.name
    text = _read(path)
    note = notes.pages.get(file, PageNote())
    day, number = _parse_name(path.name)
    source: DateSource = "none"
    if note.day:
        day, source = note.day, "archive.toml"
    elif day:
        source = "file name"
    paper = note.paper if note.paper is not None else notes.paper
    number = note.page if note.page is not None else number
    return Page(file, text, paper, day, source, number, has_usual_paper=note.paper is None)


def _parse_name(name: str) -> tuple[date | None, int | None]:
    match = _NAME.search(name)
    day = valid_date(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])) if match else None
    if match is None or day is None:
        return None, None
    return day, int(match[7] or 0) or None


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_PAGE_BYTES:
            raise UnreadablePage(
                f"{path}: {size / 2**20:.0f} MB is too large for a page; expected at most {MAX_PAGE_BYTES >> 20} MB"
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadablePage(f"{path}: cannot be read: {error.strerror or error}") from error
    if kind := other_kind(data):
        raise UnreadablePage(f"{path}: {kind}")
    text = decode(data)
    if text is None:
        raise UnreadablePage(f"{path}: is not text; expected UTF-8, UTF-16, UTF-32, GB18030 or Big5")
    text = join_split_words(clean_text(text))
    if not text.strip():
        raise UnreadablePage(f"{path}: is empty; expected the text of a page")
    return text


def decode(data: bytes) -> str | None:
    """Return `data` as text with \\n line ends, or None if it is not text in a known encoding.

    Lone surrogates, and a few invalid bytes in UTF-8, become U+FFFD.
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
    for encoding in _unicode_encodings(data):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding, "surrogatepass")
    for encoding in _CHINESE_ENCODINGS:
        with suppress(UnicodeDecodeError):
            if _has_common_characters(text := data.decode(encoding), encoding):
                return text
    text = data.decode("utf-8", "replace")
    return text if text.count("\ufffd") * MIN_CHARS_PER_STRAY_BYTE < len(text) else None


def _unicode_encodings(data: bytes) -> tuple[str, ...]:
    """Return the encodings to try in order; zero bytes mostly at odd (even) offsets suggest UTF-16-LE (UTF-16-BE)."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    even, odd = data[0:ENCODING_SAMPLE_BYTES:2].count(0), data[1:ENCODING_SAMPLE_BYTES:2].count(0)
    if even + odd and abs(even - odd) * 8 > even + odd:
        return ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le")
    return ("utf-8",)


def _has_common_characters(text: str, encoding: str) -> bool:
    """True if at least MIN_COMMON_SHARE of the characters outside ASCII are among the common ones of an encoding.

    Any bytes can often be decoded, but then most of the characters are rare.
    """
    basic, leads = _CHINESE_ENCODINGS[encoding]
    foreign = [char for char in text[:TEXT_SAMPLE_CHARS] if not char.isascii()]
    common = sum(char.encode(basic, "replace")[0] in leads for char in foreign)
    return common >= MIN_COMMON_SHARE * len(foreign)


def _is_text(text: str) -> bool:
    """True if at least nine tenths of the characters are printable; random bytes may decode without being text."""
    sample = clean_text(text[:TEXT_SAMPLE_CHARS])
    control = sum(not (char.isprintable() or char.isspace() or char == "\ufffd") for char in sample)
    return control * MIN_CHARS_PER_CONTROL_CHAR <= len(sample)

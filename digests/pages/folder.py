"""The files of an archive folder: which are pages, which are left out, and why.

Files of other kinds, and links that lead out of the folder, are left out with a sentence that says what they are and
what to do. Hidden files, the folders and files of operating systems, and files that are still being written are left
out without one.
"""

import codecs
import os
from dataclasses import dataclass
from pathlib import Path

from digests.errors import UsageError

READY_SUFFIXES = (".jsonl", ".jsonl.gz")
_PAGE_SUFFIXES = (".txt", ".md", ".text", ".markdown")

_SYSTEM_FOLDERS = frozenset(
    {"$recycle.bin", "system volume information", "@eadir", "__macosx", "lost+found", "#recycle"}
)
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "archive.toml"})
_DOCUMENT_NAMES = ("README", "LICENSE", "LICENCE", "CHANGELOG")
"""Beginnings of the names of files about the folder itself."""
_UNFINISHED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".bak", "~")

_USE_OCR = "read it with an OCR program and put its text here as .txt or .md"
_OTHER_KINDS = {
    (".pdf",): f"is a PDF; save its text as .txt, for example with pdftotext -layout; if it is a scan, {_USE_OCR}",
    (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".jp2", ".heic"): f"is an image; {_USE_OCR}",
    (".html", ".htm", ".xhtml", ".mht", ".hocr"): "is a web page; save its text as .txt or .md",
    (".xml", ".alto"): "is XML; let the OCR program write plain text or Markdown instead",
    (".json",): "is JSON; ready articles stand one a line in a .jsonl file",
    (".doc", ".docx", ".odt", ".rtf", ".wps", ".pages"): "is a word processor's document; save it as plain text (.txt)",
    (".xls", ".xlsx", ".csv", ".tsv", ".ods"): "is a table; Jianbao reads text: .txt, .md or .jsonl",
    (".ppt", ".pptx"): "is a presentation; save its text as .txt",
    (".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz"): "is a packed archive; unpack it here",
    (".epub", ".mobi", ".caj", ".djvu"): "is an electronic book; save its text as .txt",
    (".mp3", ".mp4", ".wav", ".m4a", ".mov", ".avi"): "is a recording; put its text here as .txt",
}
"""What to say of a file, by the ends of its name in lower case."""
_UNKNOWN_KIND = f"is not a page; expected {', '.join((*_PAGE_SUFFIXES, *READY_SUFFIXES))}"

_SIGNATURES = (
    (b"\x89png", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"gif8", ".gif"), (b"pk\x03\x04", ".zip"), (b"\x1f\x8b", ".gz"),
    (b"7z\xbc\xaf", ".7z"), (b"rar!", ".rar"), (b"\xd0\xcf\x11\xe0", ".doc"), (b"{\\rtf", ".rtf"),
    (b"ii*\x00", ".tif"), (b"mm\x00*", ".tif"), (b"<!doctype html", ".html"), (b"<html", ".html"), (b"<?xml", ".xml"),
)  # fmt: skip
"""First bytes of files of other kinds, their letters in lower case."""
_PDF_HEADER_BYTES = 1024
"""A PDF may have up to so many other bytes before its signature (PDF Reference 1.7, implementation note 13)."""


@dataclass(frozen=True, slots=True)
class FolderScan:
    """The result of scanning a folder; names are relative to it, with forward slashes, and sorted."""

    pages: tuple[tuple[str, Path], ...]
    left_out: tuple[tuple[str, str], ...] = ()
    """Files that are no pages, with the reason."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Folders and files that cannot be examined, with the reason."""


def scan_folder(folder: Path) -> FolderScan:
    """Return the pages and files of ready articles below `folder`, and the files left out; raises UsageError."""
    if not folder.is_dir():
        problem = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"the page folder {folder} {problem}; expected a folder with page files (.txt, .md, .jsonl)")
    scan = _Scan(folder.resolve())
    scan.read(folder)
    return FolderScan(tuple(sorted(scan.pages)), tuple(sorted(scan.left_out)), tuple(sorted(scan.unreadable)))


def find_page_files(folder: Path) -> list[Path]:
    """Return the pages and files of ready articles below `folder`, sorted by name; raises UsageError."""
    return [path for _, path in scan_folder(folder).pages]


class _Scan:
    """Collects the files of a folder and its subfolders."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.pages: list[tuple[str, Path]] = []
        self.left_out: list[tuple[str, str]] = []
        self.unreadable: list[tuple[str, str]] = []

    def read(self, folder: Path, prefix: str = "") -> None:
        """Add the files of `folder`, whose names begin with `prefix`; one that cannot be examined fails alone."""
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError as error:
            self.unreadable.append((prefix or ".", f"the folder cannot be read: {error.strerror}"))
            return
        for entry in listed:
            name = prefix + readable_name(entry.name)
            try:
                self._add(entry, name)
            except OSError as error:
                self.unreadable.append((name, f"cannot be examined: {error.strerror}"))

    def _add(self, entry: os.DirEntry[str], name: str) -> None:
        lower = entry.name.lower()
        if lower.startswith((".", "~$")) or lower in _SYSTEM_FOLDERS or lower in _SYSTEM_FILES:
            return
        if entry.is_symlink():
            if reason := self._link_problem(Path(entry.path)):
                self.left_out.append((name, reason))
        elif entry.is_dir():
            self.read(Path(entry.path), f"{name}/")
        elif not entry.is_file():
            self.left_out.append((name, "is a device, a pipe or a socket; expected a file"))
        elif entry.name.upper().startswith(_DOCUMENT_NAMES) or lower.endswith(_UNFINISHED_SUFFIXES):
            return
        elif lower.endswith((*_PAGE_SUFFIXES, *READY_SUFFIXES)):
            self.pages.append((name, Path(entry.path)))
        else:
            self.left_out.append((name, describe_kind(lower)))

    def _link_problem(self, link: Path) -> str:
        """Return why a link is left out; "" if it leads to another place in the folder, where its target is read."""
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):  # missing, or a circle of links
            return "is a link that leads nowhere"
        if target.is_relative_to(self._root):
            return ""
        return f"is a link out of the archive folder, to {readable_name(str(target))}; copy the files themselves here"


def describe_kind(name: str) -> str:
    """Return what a file of another kind is and what to do, by the end of its name."""
    return next((words for ends, words in _OTHER_KINDS.items() if name.lower().endswith(ends)), _UNKNOWN_KIND)


def other_kind(content: bytes) -> str:
    """Return what a file that begins with `content` is if it is no text, by its first bytes; otherwise ""."""
    if b"%PDF-" in content[:_PDF_HEADER_BYTES]:
        return describe_kind(".pdf")
    start = content[:64].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return next((describe_kind(suffix) for signature, suffix in _SIGNATURES if start.startswith(signature)), "")


def readable_name(name: str) -> str:
    """Return a file name as text: bytes that are no UTF-8 are read as GB18030, and control characters are escaped.

    Files packed on Windows often have names in GBK.
    """
    if not name.isprintable():
        data = os.fsencode(name)
        for encoding in ("utf-8", "gb18030"):
            try:
                name = data.decode(encoding)
                break
            except UnicodeDecodeError:
                name = data.decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in name)

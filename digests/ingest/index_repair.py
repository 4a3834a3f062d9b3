"""Replace a damaged index by an empty one, which the next ingestion fills from the pages.

This is done only by the owner of the index, and only if the page folder contains pages; otherwise the error is raised
and nothing is changed. The damaged index is kept beside the new one, because it may contain pages that were ingested
from elsewhere.
"""

import logging
from pathlib import Path

from digests.errors import IndexDamaged, UsageError
from digests.models import SourceFile
from digests.pages.folder import find_page_files
from digests.search.index import Index
from digests.search.index_files import set_aside

log = logging.getLogger(__name__)


def open_index(folder: Path, pages: Path) -> Index:
    """Open the index in `folder` as its owner; replace one that cannot be opened. Raises StateError."""
    try:
        return Index(folder)
    except IndexDamaged as error:
        _refuse_without_pages(pages, error)
        _log(error, set_aside(folder))
        return Index(folder)


def read_sources(index: Index, pages: Path) -> dict[str, SourceFile]:
    """Return the source records of the index by name; {} after replacing it because they cannot be read."""
    try:
        return index.sources()
    except IndexDamaged as error:
        _replace(index, pages, error)
        return {}


def replace_if_damaged(index: Index, pages: Path) -> None:
    """Replace the index if one of its files is damaged, or if it could not be read since the last call."""
    if error := index.find_damage():
        _replace(index, pages, error)


def _replace(index: Index, pages: Path, error: IndexDamaged) -> None:
    if not index.owner:
        raise error
    _refuse_without_pages(pages, error)
    _log(error, index.start_anew())


def _refuse_without_pages(pages: Path, error: IndexDamaged) -> None:
    try:
        found = find_page_files(pages)
    except UsageError:
        found = []
    if not found:
        raise error


def _log(error: IndexDamaged, aside: Path) -> None:
    log.warning("%s; it is built anew now; the damaged files are in %s and may be deleted", error, aside)

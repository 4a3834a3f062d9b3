"""The files of all chats, kept in memory up to MAX_STORED_BYTES.

A photo must have a format and size that Telegram accepts; any other file must be non-empty and not too large.
"""

import secrets
import struct
from dataclasses import dataclass

from bot.local.refusals import JSON, bad_request, too_large

MAX_STORED_BYTES = 128 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
"""Size of the largest file that getFile offers for download."""
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTO_SIDES = 10_000
"""Maximum of width plus height, in pixels."""
MAX_PHOTO_RATIO = 20
"""Maximum ratio of the longer side to the shorter side."""
_JPEG_FRAME_MARKERS = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file uploaded with a request."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file on the server; `width` and `height` are 0 unless it is a photo."""

    id: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def is_photo(self) -> bool:
        return self.width > 0

    @property
    def path(self) -> str:
        return f"{'photos' if self.is_photo else 'documents'}/{self.id}/{self.name}"

    def to_json(self) -> JSON:
        """Return the fields common to File, Document and PhotoSize."""
        return {"file_id": self.id, "file_unique_id": self.id[-12:], "file_size": len(self.content)}

    def photo_json(self) -> list[JSON]:
        return [{**self.to_json(), "width": self.width, "height": self.height}]

    def document_json(self) -> JSON:
        return {**self.to_json(), "file_name": self.name, "mime_type": self.mime}


class FileStore:
    """Files by id; the oldest are deleted when the total size exceeds MAX_STORED_BYTES."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._size = 0

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def store(self, upload: Upload, *, photo: bool) -> StoredFile:
        """Store an upload; raise a 400 or 413 for a file that Telegram would refuse."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > MAX_UPLOAD_BYTES:
            raise too_large()
        width, height, mime = _check_photo(upload.content) if photo else (0, 0, upload.mime)
        name = upload.name.rsplit("/", 1)[-1] or "file"
        stored = StoredFile(secrets.token_urlsafe(24), name, mime, upload.content, width, height)
        self._files[stored.id] = stored
        self._size += len(stored.content)
        while self._size > MAX_STORED_BYTES and len(self._files) > 1:
            oldest = self._files.pop(next(iter(self._files)))
            self._size -= len(oldest.content)
        return stored


def _check_photo(content: bytes) -> tuple[int, int, str]:
    """Return a photo's width, height and MIME type; raise a 400 if Telegram would refuse it."""
    if len(content) > MAX_PHOTO_BYTES:
        raise bad_request("file is too big")
    size = _png(content) or _jpeg(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height, _ = size
    too_large = width + height > MAX_PHOTO_SIDES or max(width, height) > MAX_PHOTO_RATIO * min(width, height)
    if not width or not height or too_large:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def _png(content: bytes) -> tuple[int, int, str] | None:
    """Return width, height and MIME type of a PNG file; None for other content."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height, "image/png"


def _jpeg(content: bytes) -> tuple[int, int, str] | None:
    """Return width, height and MIME type of a JPEG file; None for other content."""
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in _JPEG_FRAME_MARKERS:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height, "image/jpeg"
        at += 2 + length
    return None

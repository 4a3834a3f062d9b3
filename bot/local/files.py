"""Files that were sent, kept in memory up to a limit; pictures are looked at only for their size."""

import secrets
import struct
from dataclasses import dataclass

from bot.local.errors import JSON, bad_request

_ROOM = 128 * 1024 * 1024
_LARGEST_PHOTO = 10 * 1024 * 1024
_LARGEST_SIDES = 10_000
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a request brings it."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
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
        """As a File, a Document or a PhotoSize begins."""
        return {"file_id": self.id, "file_unique_id": self.id[-12:], "file_size": len(self.content)}

    def photo_json(self) -> list[JSON]:
        return [{**self.to_json(), "width": self.width, "height": self.height}]

    def document_json(self) -> JSON:
        return {**self.to_json(), "file_name": self.name, "mime_type": self.mime}


class FileStore:
    """All files by id; the oldest go when there is no more state."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._size = 0

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def store(self, upload: Upload, *, photo: bool) -> StoredFile:
        """Store an upload; as a photo only if it is a picture that Telegram would take."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        width, height, mime = _picture(upload.content) if photo else (0, 0, upload.mime)
        name = upload.name.rsplit("/", 1)[-1] or "file"
        stored = StoredFile(secrets.token_urlsafe(24), name, mime, upload.content, width, height)
        self._files[stored.id] = stored
        self._size += len(stored.content)
        while self._size > _ROOM and len(self._files) > 1:
            oldest = self._files.pop(next(iter(self._files)))
            self._size -= len(oldest.content)
        return stored


def _picture(content: bytes) -> tuple[int, int, str]:
    if len(content) > _LARGEST_PHOTO:
        raise bad_request("file is too big")
    size = _png(content) or _jpeg(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height, _ = size
    if not width or not height or width + height > _LARGEST_SIDES or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def _png(content: bytes) -> tuple[int, int, str] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height, "image/png"


def _jpeg(content: bytes) -> tuple[int, int, str] | None:
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height, "image/jpeg"
        at += 2 + length
    return None

"""Whether the index's files are as tantivy wrote them: each ends in a checksum that nobody else looks at.

… content … {"version":{…},"crc":3177044339} length(4) magic(4)
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson

MAGIC = (1337).to_bytes(4, "little")
BLOCK = 1 << 20


def torn_files(folder: Path) -> Iterator[Path]:
    """The files of the index in `folder` that are not whole; those that a running program takes away meanwhile are."""
    try:
        segments = orjson.loads((folder / "meta.json").read_bytes())["segments"]
    except (OSError, ValueError, LookupError, TypeError):
        return  # there is none, or it cannot be opened, which says more
    for segment in segments:
        for file in sorted(folder.glob(f"{segment['segment_id'].replace('-', '')}.*")):
            if not _is_whole(file):
                yield file


def _is_whole(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - 8))
            tail = opened.read()
            end = size - 8 - int.from_bytes(tail[:4], "little")
            if tail[4:] != MAGIC or end < 0:
                return False
            opened.seek(end)
            footer = orjson.loads(opened.read()[:-8])
            opened.seek(0)
            found = 0
            while end > 0 and (block := opened.read(min(BLOCK, end))):
                found, end = zlib.crc32(block, found), end - len(block)
    except FileNotFoundError:
        return True
    except (orjson.JSONDecodeError, OSError):
        return False
    return isinstance(footer, dict) and footer.get("crc") == found

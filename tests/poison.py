"""Files that no archive should have."""

import gzip
import zlib

import orjson

from digests.pages.ready_articles import MAX_LINE_BYTES
from tests.newsroom import story

GOOD = f"云河日报\n\n云河市召开防汛会议\n\n本报讯（记者 方小满）3月4日，{story('防汛', 7)}\n"
ROWS = [{"headline": f"第{n}条", "date": "2023-03-05", "page": 1, "paragraphs": [story("养老", n)]} for n in range(40)]
READY = b"\n".join(map(orjson.dumps, ROWS))


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def row(**fields: object) -> bytes:
    return orjson.dumps({"headline": "题", "paragraphs": ["防汛。"]} | fields)


POISONS: dict[str, tuple[bytes, str]] = {
    "day-9999.jsonl": (row(date="9999-12-31"), "date is 9999-12-31"),
    "day-1.jsonl": (row(date="0001-01-01"), "date is 0001-01-01"),
    "page-1e30.jsonl": (row(page=1e30), "page is 1e+30"),
    "page-2-64.jsonl": (b'{"page": 18446744073709551616, "headline": "a"}', "page is 1.8"),
    "packed.jsonl.gz": (flipped(gzip.compress(READY, mtime=0), 200), "cannot be read"),
    "half.jsonl.gz": (gzip.compress(READY, mtime=0)[:300], "cannot be read"),
    "not-packed.jsonl.gz": (b"\x1f\x8b" + READY, "cannot be read"),
    "deflated.jsonl": (zlib.compress(READY), "not JSON"),
    "long-line.jsonl": (b'{"headline": "' + b"a" * MAX_LINE_BYTES + b'"}\n' + READY, "the line has more than 2 MB"),
    "nested.jsonl": (b'{"a":' * 3000 + b"1" + b"}" * 3000, "not JSON"),
    "list.jsonl": (b"[1, 2]", "is not an article"),
    "scan.txt": (b"%PDF-1.7\n%\xe4\xe3\xcf\xd2\n" + GOOD.encode("gb18030"), "is a PDF"),
    "photo.txt": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8, "is an image"),
    "noise.txt": (bytes(range(128, 256)) * 40, "is not text"),
    "empty.txt": (b"", "is empty"),
}
"""Name of a file -> its content, and a part of the sentence that names what is wrong with it."""

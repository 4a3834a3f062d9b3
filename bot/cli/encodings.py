"""The encodings of the command line: UTF-8 for arguments, file names and output, in any locale; any for input."""

import codecs
import os
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from digests import pages
from digests.errors import UsageError


def use_utf8() -> None:
    """Make Python use UTF-8 for arguments, file names and output; call this first.

    In a locale with another encoding, Python is started again in its UTF-8 mode, as if by `python -X utf8`.
    """
    if sys.getfilesystemencoding() != "utf-8" and "utf8" not in sys._xoptions:  # noqa: SLF001  a documented name
        os.execv(sys.executable, [os.fsencode(sys.executable), b"-X", b"utf8", *_arguments()])  # noqa: S606
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file name may contain bytes that are no text


def _arguments() -> list[bytes]:
    """Return the arguments of Python as bytes."""
    try:
        # What the C library made of the bytes, Python's codec for GBK cannot always turn back.
        return Path("/proc/self/cmdline").read_bytes().split(b"\0")[1:-1]
    except OSError:
        return [os.fsencode(argument) for argument in sys.orig_argv[1:]]


def decode_argument(_context: object, _parameter: object, argument: str | None) -> str | None:
    """Return a text argument whose bytes are no UTF-8, as from a terminal in GBK, in the encoding that they have."""
    try:
        (argument or "").encode()
    except UnicodeEncodeError:
        return pages.decode(os.fsencode(str(argument)))
    return argument


def read_text(file: BinaryIO | None) -> str:
    """Return the text of a file, or of stdin, in any encoding that a page may have; raises UsageError."""
    text = pages.decode((file or _stdin()).read())
    if text is None:
        raise UsageError("the input is not text; expected UTF-8, UTF-16, UTF-32, GB18030 or Big5")
    return text


def _stdin() -> BinaryIO:
    if sys.stdin is None:  # closed by the program that started this one
        raise UsageError("stdin is closed; expected the input there, or the name of a file")
    return sys.stdin.buffer


def read_lines(file: BinaryIO | None) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file, or of stdin, that are not blank, with their numbers from 1."""
    for number, line in enumerate(file or _stdin(), 1):
        content = line.removeprefix(codecs.BOM_UTF8).strip()
        if content:
            yield number, content

"""Logging: events as text or JSON on stderr, with bot tokens redacted; recent warnings for /admin."""

import logging
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

import orjson

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")  # no word boundary, because in a URL the token follows "bot" directly
MAX_RECENT_WARNINGS = 10

LogFormat = Literal["text", "json"]


class _RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback and redacts bot tokens."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_tokens(_printable(super().format(record)))


class _JsonFormatter(logging.Formatter):
    """Formats a record as a JSON object: at (UTC), level, logger, message and, for an exception, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _printable(record.getMessage()),
        }
        if record.exc_info:
            event["traceback"] = _printable(self.formatException(record.exc_info))
        return redact_tokens(orjson.dumps(event).decode())


class RecentWarnings(logging.Handler):
    """Keeps the last MAX_RECENT_WARNINGS warnings and errors in memory."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(_RedactingFormatter("%(asctime)s %(message)s", "%m-%d %H:%M"))
        self._lines: deque[str] = deque(maxlen=MAX_RECENT_WARNINGS)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record).partition("\n")[0])

    @property
    def lines(self) -> tuple[str, ...]:
        """The first line of each record, the newest record last."""
        return tuple(self._lines)


def _printable(text: str) -> str:
    """Return `text` with escapes in place of surrogates, which stand for bytes of a file name that are no text."""
    return text.encode("utf-8", "backslashreplace").decode()


def redact_tokens(text: str) -> str:
    """Replace bot tokens in `text` with "[token]"."""
    return _TOKEN.sub("[token]", text)


def configure_logging(form: LogFormat = "text", level: int = logging.INFO) -> None:
    """Log to stderr at `level` and above; for libraries that log every request, at WARNING and above."""
    handler = logging.StreamHandler()
    text = _RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(_JsonFormatter() if form == "json" else text)
    logging.basicConfig(level=level, handlers=[handler])
    for library in ("httpx", "httpcore", "telegram", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # APScheduler warns if a job is due while its previous run is in progress, which is normal for delivery.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


@contextmanager
def collect_warnings(recent: RecentWarnings) -> Iterator[None]:
    """Add `recent` to the root logger for the duration of the block."""
    root = logging.getLogger()
    root.addHandler(recent)
    try:
        yield
    finally:
        root.removeHandler(recent)

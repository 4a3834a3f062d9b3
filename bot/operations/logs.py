"""Logging for an operator: one line an event on stderr, never a token; the last troubles are kept at hand."""

import logging
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

import orjson

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")  # in an address it follows "bot" without a break
_KEPT = 10

LogFormat = Literal["text", "json"]


class _NoTokens(logging.Formatter):
    """Formats a record and its traceback, then blanks whatever looks like a bot token."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_tokens(super().format(record))


class _Json(logging.Formatter):
    """A record as one JSON object: at (UTC), level, logger, message and, for an error, its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return redact_tokens(orjson.dumps(event).decode())


class RecentWarnings(logging.Handler):
    """The last warnings and errors, for the operator who asks in the chat."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(_NoTokens("%(asctime)s %(message)s", "%m-%d %H:%M"))
        self._lines: deque[str] = deque(maxlen=_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record).partition("\n")[0])

    @property
    def lines(self) -> tuple[str, ...]:
        """One line each, the newest last."""
        return tuple(self._lines)


def redact_tokens(text: str) -> str:
    return _TOKEN.sub("[token]", text)


def configure_logging(form: LogFormat = "text", level: int = logging.INFO) -> None:
    """Log to stderr from `level` on; libraries that report each request or each job only from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _NoTokens("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    for chatty in ("httpx", "httpcore", "telegram", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns whenever a job is still running when its turn comes again, which is how a long delivery is meant to be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


@contextmanager
def collect_warnings(recent: RecentWarnings) -> Iterator[None]:
    """Let `recent` see all that is logged meanwhile."""
    root = logging.getLogger()
    root.addHandler(recent)
    try:
        yield
    finally:
        root.removeHandler(recent)

"""Logging for an operator: one line an event on stderr, never a token."""

import logging
import re

_TOKEN = re.compile(r"\b\d+:[A-Za-z0-9_-]{20,}")


class _NoTokens(logging.Formatter):
    """Formats a record and its traceback, then blanks whatever looks like a bot token."""

    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))


def without_tokens(text: str) -> str:
    return _TOKEN.sub("[token]", text)


def set_up(level: int = logging.INFO) -> None:
    """Log to stderr from `level` on; libraries that report each request or each job only from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_NoTokens("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    for chatty in ("httpx", "httpcore", "telegram", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns whenever a job is still running when its turn comes again, which is how a long delivery is meant to be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)

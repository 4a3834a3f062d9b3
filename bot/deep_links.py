"""Deep links: `https://t.me/<bot>?start=<payload>` opens the chat with the bot and shows an article, issue or search.

A payload is a letter for the kind and a value: a_<article id>, d_<YYYYMMDD>, q_<query in UTF-8 as base64url>.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime

MAX_PAYLOAD_CHARS = 64
"""Maximum length that Telegram allows; a payload may contain letters, digits, _ and -."""
_PAYLOAD = re.compile(rf"(?P<kind>[adq])_(?P<value>[A-Za-z0-9_-]{{1,{MAX_PAYLOAD_CHARS - 2}}})")


@dataclass(frozen=True, slots=True)
class ArticleLink:
    article: str


@dataclass(frozen=True, slots=True)
class IssueLink:
    day: date


@dataclass(frozen=True, slots=True)
class SearchLink:
    query: str


Target = ArticleLink | IssueLink | SearchLink


def encode_payload(target: Target) -> str | None:
    """Return the payload for a target; None if the target is empty or does not fit into a payload."""
    match target:
        case ArticleLink(article):
            payload = f"a_{article}"
        case IssueLink(day):
            payload = f"d_{day:%Y%m%d}"
        case SearchLink(query):
            payload = "q_" + base64.urlsafe_b64encode(query.encode("utf-8", "replace")).decode().rstrip("=")
    return payload if _PAYLOAD.fullmatch(payload) else None


def decode_payload(payload: str) -> Target | None:
    """Return the target of a payload; None for any other text."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return None
    value = match["value"]
    try:
        match match["kind"]:
            case "a":
                return ArticleLink(value)
            case "d":
                return IssueLink(datetime.strptime(value, "%Y%m%d").date())  # noqa: DTZ007  a day has no time zone
        padded = value + "=" * (-len(value) % 4)
        return SearchLink(base64.urlsafe_b64decode(padded).decode())
    except (ValueError, binascii.Error):
        return None


def url(bot: str, target: Target) -> str:
    """Return the link to the chat with `bot` (user name without @), with the payload of `target` if it has one."""
    start = encode_payload(target)
    return f"https://t.me/{bot}" + (f"?start={start}" if start else "")

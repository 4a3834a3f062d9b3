"""Deep links: `https://t.me/<bot>?start=<payload>`, which opens the chat at an article, an issue or a search.

A payload has at most 64 letters, digits, _ and -. A search is in it as base64url of its UTF-8, where that fits.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime

MAX_PAYLOAD_CHARS = 64
_PAYLOAD = re.compile(r"(?P<kind>[adq])_(?P<value>[A-Za-z0-9_-]{1,62})")


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
    """What stands after `start=`; None for a search that is too long for it."""
    match target:
        case ArticleLink(article):
            made = f"a_{article}"
        case IssueLink(day):
            made = f"d_{day:%Y%m%d}"
        case SearchLink(query):
            made = "q_" + base64.urlsafe_b64encode(query.encode("utf-8", "replace")).decode().rstrip("=")
    return made if len(made) <= MAX_PAYLOAD_CHARS and _PAYLOAD.fullmatch(made) else None


def decode_payload(said: str) -> Target | None:
    """What a payload leads to; None for anything that `payload` never made."""
    match = _PAYLOAD.fullmatch(said)
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
        return SearchLink(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except (ValueError, binascii.Error):
        return None


def url(bot: str, target: Target) -> str:
    """The link that opens the chat with `bot` (its name without @), at `target` where a payload has room for it."""
    start = encode_payload(target)
    return f"https://t.me/{bot}" + (f"?start={start}" if start else "")

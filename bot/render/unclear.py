"""A query that cannot be understood: what is wrong with it, and how it could be written instead."""

import re
import unicodedata

from bot.texts import texts
from bot.texts.markup import Html
from digests.errors import QueryError
from digests.readers import Language, Outgoing
from digests.text import shorten

PLACE = 20
"""Characters of a place that was not understood."""

_REFUSAL = re.compile(r"(?:^|[\s(])(?:-|NOT\b|非)\s*[\w\"“「(]")


def unclear(query: str, error: QueryError, lang: Language, *, follow: bool = False) -> Outgoing:
    """What is wrong with `query`; with `follow` to somebody who wanted to subscribe to it, else to search."""
    say = texts(lang)
    example = "/subscribe " if follow else ""
    written = unicodedata.normalize("NFKC", query)  # as its places are counted
    place = written[error.at :] if error.at is not None else ""
    hint = say.say("unclear.suggestion", query=example + error.suggestion) if error.suggestion else Html()
    if place[:1] in ("(", ")"):
        return Outgoing(Html(say.say("unclear.parenthesis") + hint))
    if hint:
        return Outgoing(Html(say.say("unclear.place", place=shorten(place or written, PLACE)) + hint))
    if not any(map(str.isalnum, written)):
        return Outgoing(say.say("unclear.no_topic" if follow else "unclear.nothing"))
    if _REFUSAL.search(written):
        return Outgoing(say.say("unclear.refusal", query=f"{example}疫情 -外省"))
    return Outgoing(say.say("unclear.otherwise"))

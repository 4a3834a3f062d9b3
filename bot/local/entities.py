"""Formatted text as Telegram keeps it: cleaned, with entities whose offsets are in UTF-16 units.

Telegram removes control characters, and white space at both ends; adds entities for links, mentions, hashtags and
commands; and lets entities overlap only in these ways:

- bold, italic, underline, strikethrough and spoiler are cut where another entity begins or ends;
- code and pre are part of no other entity except a quotation, and contain none;
- quotations are part of no other quotation; all other entities overlap only with the first five kinds and quotations.

A message has at most MAX_ENTITIES entities; Telegram drops the others.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.local.chats import CHATS, User
from bot.local.refusals import JSON, bad_request

MAX_ENTITIES = 100
_FOUND_KINDS = frozenset("mention hashtag cashtag bot_command url email phone_number".split())
"""Kinds that Telegram finds itself; in a request they are ignored."""
_CUT_KINDS = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_PRE = frozenset({"code", "pre"})
_KEEPS_SPACES = _PRE | {"text_link", "text_mention"}
_OUTER_FIRST = (*sorted(_QUOTES), "pre", "code", "text_link", "text_mention", "", *_CUT_KINDS)
"""Order of entities with the same offset and length; the empty string stands for all other kinds."""
ENTITY_TYPES = _FOUND_KINDS | _QUOTES | _KEEPS_SPACES | {*_CUT_KINDS, "custom_emoji", "date_time"}

_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
_SPACES = " \n"
_INVISIBLE = re.compile(r"[\s\u180e\u200b-\u200f\u2028-\u202e\u2060\u2800\ufeff\ufffc]*")
_DOMAIN = r"(?:[A-Za-z0-9-]++\.)+"
_DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>，。；！？、）》”]+)"
    rf"|(?<![\w.@+-])(?P<email>[A-Za-z0-9._%+-]{{1,64}}@{_DOMAIN}[A-Za-z]{{2,}})\b"
    rf"|(?<![\w.@/-])(?P<domain>{_DOMAIN}(?:com|org|net|edu|gov|info|cn|hk|tw|me|io|ru|uk|de|fr|jp)\b(?:/[!-~]*)?)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}+(?:@[A-Za-z0-9_]{3,32}+)?+)(?![\w/<>])"
    r"|(?<!\w)(?P<mention>@[A-Za-z0-9_]{4,32})\b"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w$])(?P<cashtag>\$[A-Z]{1,8})\b"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted part of a text; `offset` and `length` are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    user: User | None = None
    unix_time: int | None = None
    date_time_format: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def to_json(self) -> JSON:
        optional: JSON = {
            "url": self.url,
            "language": self.language,
            "user": self.user and self.user.to_json(),
            "unix_time": self.unix_time,
            "date_time_format": self.date_time_format,
        }
        given = {name: value for name, value in optional.items() if value not in (None, "")}
        return {"type": self.type, "offset": self.offset, "length": self.length, **given}


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text with its entities; `len` returns the length of the text in UTF-16 units."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def __len__(self) -> int:
        return units(self.text)

    def part(self, entity: Entity) -> str:
        """Return the text of one of the entities."""
        return _from_units(_to_units(self.text)[entity.offset : entity.end])


EMPTY_TEXT = FormattedText()


def units(text: str) -> int:
    """Return the length in UTF-16 units; a character beyond the basic plane, such as an emoji, counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _to_units(text: str) -> str:
    """Return a string with one character for each UTF-16 unit."""
    return "".join(map(chr, array("H", text.encode("utf-16-le", "surrogatepass"))))


def _from_units(text: str) -> str:
    return array("H", map(ord, text)).tobytes().decode("utf-16-le", "surrogatepass")


def known_user(user_id: object) -> User | None:
    """Return the user with this id; Telegram drops a mention of a user whom the bot does not know."""
    return next((user for chat in CHATS.values() for user in chat.people if user.id == user_id), None)


def with_found_entities(text: str, entities: Iterable[Entity]) -> FormattedText:
    """Return the text as Telegram sends it, with the given and the found entities sorted by offset.

    Returns an empty text if nothing of it is visible; raises a 400 for an entity outside the text.
    """
    in_units, given = _to_units(text), [entity for entity in entities if entity.length]
    _check_borders(in_units, given)
    in_units, given = _trim(*_clean(in_units, _nest(given)))
    trimmed = _from_units(in_units)
    if _INVISIBLE.fullmatch(trimmed):
        return EMPTY_TEXT
    taken = [entity for entity in given if entity.type not in _QUOTES and entity.type not in _CUT_KINDS]
    found = [one for one in _detect(trimmed) if not any(_overlap(one, other) for other in taken)]
    shown = _without_leading_spaces(in_units, _nest([*given, *found]))
    return FormattedText(trimmed, tuple(sorted(shown, key=_order)[:MAX_ENTITIES]))


def entities_from_json(entities: Iterable[JSON]) -> list[Entity]:
    """Return the entities of a request; raise a 400 for an invalid one."""
    parsed = (_entity_from_json(entity) for entity in entities)
    return [entity for entity in parsed if entity is not None]


def _entity_from_json(entity: JSON) -> Entity | None:
    """Return an entity of a request; None for a kind that Telegram finds itself or does not take from this bot."""
    kind, offset, length = str(entity.get("type")), entity.get("offset"), entity.get("length")
    for name, value in (("offset", offset), ("length", length)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
        if not 0 <= value <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect {name} {value}")
    if kind not in ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    user, unix_time = entity.get("user"), entity.get("unix_time")
    parsed = Entity(
        kind,
        int(offset or 0),
        int(length or 0),
        url=str(entity.get("url", "")) if kind == "text_link" else "",
        language=str(entity.get("language", "")) if kind == "pre" else "",
        user=known_user(user.get("id")) if kind == "text_mention" and isinstance(user, dict) else None,
        unix_time=unix_time if kind == "date_time" and isinstance(unix_time, int) else None,
        date_time_format=str(entity.get("date_time_format", "")) if kind == "date_time" else "",
    )
    dropped = (
        kind in _FOUND_KINDS
        or kind == "custom_emoji"
        or (kind == "text_mention" and parsed.user is None)
        or (kind == "date_time" and parsed.unix_time is None)
    )
    return None if dropped else parsed


def _check_borders(text: str, entities: Iterable[Entity]) -> None:
    """Raise a 400 for an entity that begins or ends outside the text or inside a surrogate pair."""
    for entity in entities:
        if entity.offset >= len(text):
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {entity.offset}")
        beginning = f"entity beginning at UTF-16 offset {entity.offset}"
        if entity.end > len(text):
            raise bad_request(f"{beginning} ends after the end of the text at UTF-16 offset {entity.end}")
        for at, problem in ((entity.offset, "entity begins"), (entity.end, f"{beginning} ends")):
            if "\udc00" <= text[at : at + 1] <= "\udfff":
                byte = len(_from_units(text[: at + 1]).encode("utf-8", "surrogatepass"))
                raise bad_request(f"{problem} in a middle of a UTF-16 symbol at byte offset {byte}")


def _clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Replace control characters by spaces, and remove those that Telegram removes; move the entities."""
    removed = [match.start() for match in _DROPPED.finditer(text)]
    moved = []
    for entity in entities:
        start, end = (at - bisect_left(removed, at) for at in (entity.offset, entity.end))
        if start < end:
            moved.append(replace(entity, offset=start, length=end - start))
    return _DROPPED.sub("", _CONTROL.sub(" ", text)), moved


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Remove white space from both ends of the text and from the beginning of entities; drop blank entities."""
    text = text.rstrip(_SPACES)
    kept = _without_leading_spaces(text, entities)
    first = min((entity.offset for entity in kept), default=len(text))
    lead = first - len(text[:first].lstrip(_SPACES))
    return text[lead:], [replace(entity, offset=entity.offset - lead) for entity in kept]


def _without_leading_spaces(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """Let no entity begin with white space, except code and links; drop what is left without text."""
    kept = []
    for entity in entities:
        start, end = entity.offset, min(entity.end, len(text))
        while start < end and entity.type not in _KEEPS_SPACES and text[start] in _SPACES:
            start += 1
        if start < end:
            kept.append(replace(entity, offset=start, length=end - start))
    return kept


def _nest(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities in order, without forbidden overlaps (see above)."""
    ordered = sorted(entities, key=_order)
    quotes = _first_of_overlapping(entity for entity in ordered if entity.type in _QUOTES)
    others = _first_of_overlapping(e for e in ordered if e.type not in _QUOTES and e.type not in _CUT_KINDS)
    fixed = quotes + [entity for entity in others if not any(_breaks(entity, quote) for quote in quotes)]
    runs = [run for kind in _CUT_KINDS for run in _joined(e for e in ordered if e.type == kind)]
    borders = sorted({run.offset for run in runs} | {at for entity in fixed for at in (entity.offset, entity.end)})
    pieces = [piece for run in runs for piece in _cut(run, borders)]
    opaque = [entity for entity in fixed if entity.type in _PRE]
    return sorted([*fixed, *(one for one in pieces if not any(_overlap(one, pre) for pre in opaque))], key=_order)


def _order(entity: Entity) -> tuple[int, int, int]:
    rank = _OUTER_FIRST.index(entity.type if entity.type in _OUTER_FIRST else "")
    return entity.offset, -entity.length, rank


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _breaks(entity: Entity, quote: Entity) -> bool:
    """True if an entity overlaps a quotation without being part of it."""
    return _overlap(entity, quote) and not quote.offset <= entity.offset <= entity.end <= quote.end


def _first_of_overlapping(ordered: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in ordered:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _joined(ordered: Iterable[Entity]) -> list[Entity]:
    """Join entities of one kind that overlap or touch."""
    joined: list[Entity] = []
    for entity in ordered:
        if joined and entity.offset <= joined[-1].end:
            last = joined[-1]
            joined[-1] = replace(last, length=max(last.end, entity.end) - last.offset)
        else:
            joined.append(entity)
    return joined


def _cut(entity: Entity, borders: Sequence[int]) -> list[Entity]:
    """Cut an entity at each border inside it."""
    inside = borders[bisect_left(borders, entity.offset + 1) : bisect_left(borders, entity.end)]
    ends = [entity.offset, *inside, entity.end]
    return [replace(entity, offset=start, length=end - start) for start, end in pairwise(ends)]


def _detect(text: str) -> Iterable[Entity]:
    """Yield the links, addresses, commands, mentions and tags of a text."""
    counted = offset = 0
    for match in _DETECTED.finditer(text):
        offset += units(text[counted : match.start()])
        counted = match.start()
        kind = "url" if match.lastgroup == "domain" else str(match.lastgroup)
        yield Entity(kind, offset, units(match.group()))

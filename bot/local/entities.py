"""Text with entities: UTF-16 offsets, trimming, and the links, mentions and commands that Telegram finds by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.local.answers import JSON, bad_request

KINDS = frozenset(
    "bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention "
    "mention hashtag cashtag bot_command url email phone_number custom_emoji date_time".split()
)
# Nothing is looked for inside these: what they hold is already said to be something.
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>，。；！？、）》”]+)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/<>])"
    r"|(?<!\w)(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text, counted in UTF-16 units as Telegram counts."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def to_json(self) -> JSON:
        entity: JSON = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url:
            entity["url"] = self.url
        if self.language:
            entity["language"] = self.language
        return entity


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with its entities."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def __len__(self) -> int:
        return units(self.text)


EMPTY = Rich()


def units(text: str) -> int:
    """Length in UTF-16 units: what is beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def finished(text: str, entities: Iterable[Entity]) -> Rich:
    """The text as it is sent: without white space at its ends, entities in order, and what can be found in it found."""
    rich = _trimmed(text, entities)
    marked = rich.entities + tuple(_found(rich))
    return replace(rich, entities=tuple(sorted(marked, key=lambda entity: (entity.offset, -entity.length))))


def from_json(text: str, entities: Iterable[JSON]) -> list[Entity]:
    """Entities that came with a request."""
    known = []
    size = units(text)
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in KINDS:
            raise bad_request(f"can't parse MessageEntity: unknown type {kind!r}")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0 or offset > size:
            raise bad_request("can't parse MessageEntity: wrong offset or length")
        length = min(length, size - offset)
        known.append(Entity(kind, offset, length, str(entity.get("url", "")), str(entity.get("language", ""))))
    return known


def _trimmed(text: str, entities: Iterable[Entity]) -> Rich:
    body = text.strip()
    lead = units(text[: len(text) - len(text.lstrip())])
    size = units(body)
    kept = []
    for entity in entities:
        start, end = max(entity.offset - lead, 0), min(entity.end - lead, size)
        if start < end:
            kept.append(replace(entity, offset=start, length=end - start))
    return Rich(body, tuple(kept))


def _found(rich: Rich) -> Iterable[Entity]:
    closed = [entity for entity in rich.entities if entity.type in _OPAQUE]
    done = offset = 0
    for match in _FOUND.finditer(rich.text):
        offset += units(rich.text[done : match.start()])
        done = match.start()
        length = units(match.group())
        if not any(entity.offset < offset + length and offset < entity.end for entity in closed):
            yield Entity(str(match.lastgroup), offset, length)

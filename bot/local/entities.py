"""Formatted text: entities with offsets in UTF-16 units, parsed from JSON or from Telegram's HTML.

As in Telegram, white space at both ends is removed, and entities for links, mentions, hashtags and commands are added
automatically. HTML may contain only the tags in _TAGS; the error for any other tag contains the byte offset of the tag.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.local.refusals import JSON, Refusal, bad_request

ENTITY_TYPES = frozenset(
    "bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention "
    "mention hashtag cashtag bot_command url email phone_number custom_emoji date_time".split()
)
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
"""Types of entities whose text is not searched for links, mentions, hashtags and commands."""
_DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>，。；！？、）》”]+)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}+(?:@[A-Za-z0-9_]{3,32}+)?+)(?![\w/<>])"
    r"|(?<!\w)(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted part of a text; `offset` and `length` are in UTF-16 units."""

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
class FormattedText:
    """A text with its entities; `len` returns the length of the text in UTF-16 units."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def __len__(self) -> int:
        return units(self.text)

    def part(self, entity: Entity) -> str:
        """Return the text of one of the entities."""
        encoded = self.text.encode("utf-16-le", "surrogatepass")
        return encoded[2 * entity.offset : 2 * entity.end].decode("utf-16-le", "surrogatepass")


EMPTY_TEXT = FormattedText()


def units(text: str) -> int:
    """Return the length in UTF-16 units; a character beyond the basic plane, such as an emoji, counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def with_found_entities(text: str, entities: Iterable[Entity]) -> FormattedText:
    """Return the text as Telegram sends it: trimmed, with the given and the detected entities sorted by offset."""
    trimmed = _trim(text, entities)
    merged = trimmed.entities + tuple(_detect(trimmed))
    return replace(trimmed, entities=tuple(sorted(merged, key=lambda entity: (entity.offset, -entity.length))))


def entities_from_json(text: str, entities: Iterable[JSON]) -> list[Entity]:
    """Return the entities of a request; raise a 400 for an unknown type or a wrong offset or length."""
    parsed = []
    size = units(text)
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in ENTITY_TYPES:
            raise bad_request(f"can't parse MessageEntity: unknown type {kind!r}")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0 or offset > size:
            raise bad_request("can't parse MessageEntity: wrong offset or length")
        length = min(length, size - offset)
        parsed.append(Entity(kind, offset, length, str(entity.get("url", "")), str(entity.get("language", ""))))
    return parsed


def _trim(text: str, entities: Iterable[Entity]) -> FormattedText:
    """Remove white space from both ends of a text; move, shorten or drop its entities accordingly."""
    body = text.strip()
    lead = units(text[: len(text) - len(text.lstrip())])
    size = units(body)
    trimmed = []
    for entity in entities:
        start, end = max(entity.offset - lead, 0), min(entity.end - lead, size)
        if start < end:
            trimmed.append(replace(entity, offset=start, length=end - start))
    return FormattedText(body, tuple(trimmed))


def _detect(formatted: FormattedText) -> Iterable[Entity]:
    """Yield the links, commands, mentions and hashtags of a text that overlap no entity of a type in _OPAQUE."""
    opaque = [entity for entity in formatted.entities if entity.type in _OPAQUE]
    counted = offset = 0
    for match in _DETECTED.finditer(formatted.text):
        offset += units(formatted.text[counted : match.start()])
        counted = match.start()
        length = units(match.group())
        if not any(entity.offset < offset + length and offset < entity.end for entity in opaque):
            yield Entity(str(match.lastgroup), offset, length)


_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_PIECE = re.compile(r"<(?P<close>/?)(?P<name>[^\s>/]*)(?P<attributes>[^<>]*)>|<|[^<]+")
_ATTRIBUTE = re.compile(r"""([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?""")
# Telegram decodes these four named references and all numeric ones; other references stay as they are.
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});?")
_LINK = re.compile(r"(?:https?|tg|mailto|tel)://?[^\s]+", re.IGNORECASE)


@dataclass(slots=True)
class _OpenTag:
    """A start tag without an end tag yet; `offset` is its position in the text (UTF-16 units), `byte` in the source."""

    tag: str
    offset: int
    byte: int
    attributes: Mapping[str, str]


@dataclass(slots=True)
class _HtmlParser:
    """Parses Telegram's HTML into plain text and entities; `size` is the length of the parsed text in UTF-16 units."""

    source: str
    text: list[str] = field(default_factory=list)
    size: int = 0
    open: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> None:
        for piece in _PIECE.finditer(self.source):
            if piece.group() == "<":
                raise self._refuse(f"Unclosed start tag at byte offset {self._byte(piece.start())}")
            if piece["name"] is None:
                self._add_text(piece.group())
            elif piece["close"]:
                self._close(piece)
            else:
                self._begin(piece)
        if self.open:
            raise self._refuse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _add_text(self, raw: str) -> None:
        plain = _REFERENCE.sub(_character, raw)
        self.text.append(plain)
        self.size += units(plain)

    def _begin(self, piece: re.Match[str]) -> None:
        tag, byte = piece["name"].lower(), self._byte(piece.start())
        if tag not in _TAGS:
            raise self._refuse(f'Unsupported start tag "{tag}" at byte offset {byte}')
        attributes = {
            name.lower(): _REFERENCE.sub(_character, double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(piece["attributes"])
        }
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
        self.open.append(_OpenTag(tag, self.size, byte, attributes))

    def _close(self, piece: re.Match[str]) -> None:
        tag, byte = piece["name"].lower(), self._byte(piece.start())
        if not self.open:
            raise self._refuse(f"Unexpected end tag at byte offset {byte}")
        last = self.open.pop()
        if tag and tag != last.tag:
            raise self._refuse(f'Unmatched end tag at byte offset {byte}, expected "</{last.tag}>", found "</{tag}>"')
        if self.size > last.offset:
            self._add_entity(last)

    def _add_entity(self, tag: _OpenTag) -> None:
        kind, length = _TAGS[tag.tag], self.size - tag.offset
        if kind == "text_link":
            url = tag.attributes.get("href") or "".join(self.text)[-length:]
            if _LINK.fullmatch(url):
                self.entities.append(Entity(kind, tag.offset, length, url=url))
            return
        if kind == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        if kind == "code" and self.open and self.open[-1].tag == "pre":
            # <pre><code class="language-x"> becomes a single pre entity with that language.
            self.open[-1].attributes = tag.attributes
            return
        language = tag.attributes.get("class", "").removeprefix("language-") if kind == "pre" else ""
        self.entities.append(Entity(kind, tag.offset, length, language=language))

    def _byte(self, at: int) -> int:
        """Return the byte offset (UTF-8) of a position in the source."""
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    @staticmethod
    def _refuse(reason: str) -> Refusal:
        return bad_request(f"can't parse entities: {reason}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text without tags, and the entities for the tags; raise a 400 for invalid HTML."""
    parser = _HtmlParser(source)
    parser.parse()
    return "".join(parser.text), parser.entities


def _character(reference: re.Match[str]) -> str:
    """Decode a character reference; its semicolon may be missing."""
    return html.unescape(reference.group().rstrip(";") + ";")

"""Text with entities: UTF-16 offsets, trimming, and the links, mentions and commands that Telegram finds by itself.

Telegram's HTML: a short list of tags, anything else is refused with the byte at which it stands.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.local.errors import JSON, ApiRefusal, bad_request

ENTITY_TYPES = frozenset(
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
class FormattedText:
    """A text with its entities."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def __len__(self) -> int:
        return units(self.text)


EMPTY_TEXT = FormattedText()


def units(text: str) -> int:
    """Length in UTF-16 units: what is beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def with_found_entities(text: str, entities: Iterable[Entity]) -> FormattedText:
    """The text as it is sent: without white space at its ends, entities in order, and what can be found in it found."""
    rich = _trimmed(text, entities)
    marked = rich.entities + tuple(_found(rich))
    return replace(rich, entities=tuple(sorted(marked, key=lambda entity: (entity.offset, -entity.length))))


def entities_from_json(text: str, entities: Iterable[JSON]) -> list[Entity]:
    """Entities that came with a request."""
    known = []
    size = units(text)
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in ENTITY_TYPES:
            raise bad_request(f"can't parse MessageEntity: unknown type {kind!r}")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0 or offset > size:
            raise bad_request("can't parse MessageEntity: wrong offset or length")
        length = min(length, size - offset)
        known.append(Entity(kind, offset, length, str(entity.get("url", "")), str(entity.get("language", ""))))
    return known


def _trimmed(text: str, entities: Iterable[Entity]) -> FormattedText:
    body = text.strip()
    lead = units(text[: len(text) - len(text.lstrip())])
    size = units(body)
    kept = []
    for entity in entities:
        start, end = max(entity.offset - lead, 0), min(entity.end - lead, size)
        if start < end:
            kept.append(replace(entity, offset=start, length=end - start))
    return FormattedText(body, tuple(kept))


def _found(rich: FormattedText) -> Iterable[Entity]:
    closed = [entity for entity in rich.entities if entity.type in _OPAQUE]
    done = offset = 0
    for match in _FOUND.finditer(rich.text):
        offset += units(rich.text[done : match.start()])
        done = match.start()
        length = units(match.group())
        if not any(entity.offset < offset + length and offset < entity.end for entity in closed):
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
# Only these four names and numbers are decoded; all other names stay as they are written.
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});?")
_LINK = re.compile(r"(?:https?|tg|mailto|tel)://?[^\s]+", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    byte: int
    attributes: Mapping[str, str]


@dataclass(slots=True)
class _Reader:
    source: str
    text: list[str] = field(default_factory=list)
    size: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> None:
        for piece in _PIECE.finditer(self.source):
            if piece.group() == "<":
                raise self._refuse(f"Unclosed start tag at byte offset {self._byte(piece.start())}")
            if piece["name"] is None:
                self._add(piece.group())
            elif piece["close"]:
                self._close(piece)
            else:
                self._begin(piece)
        if self.open:
            raise self._refuse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _add(self, raw: str) -> None:
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
        self.open.append(_Open(tag, self.size, byte, attributes))

    def _close(self, piece: re.Match[str]) -> None:
        tag, byte = piece["name"].lower(), self._byte(piece.start())
        if not self.open:
            raise self._refuse(f"Unexpected end tag at byte offset {byte}")
        last = self.open.pop()
        if tag and tag != last.tag:
            raise self._refuse(f'Unmatched end tag at byte offset {byte}, expected "</{last.tag}>", found "</{tag}>"')
        if self.size > last.offset:
            self._mark(last)

    def _mark(self, tag: _Open) -> None:
        kind, length = _TAGS[tag.tag], self.size - tag.offset
        if kind == "text_link":
            url = tag.attributes.get("href") or "".join(self.text)[-length:]
            if _LINK.fullmatch(url):
                self.entities.append(Entity(kind, tag.offset, length, url=url))
            return
        if kind == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        if kind == "code" and self.open and self.open[-1].tag == "pre":
            # <pre><code class="language-x"> is one block of code in that language.
            self.open[-1].attributes = tag.attributes
            return
        language = tag.attributes.get("class", "").removeprefix("language-") if kind == "pre" else ""
        self.entities.append(Entity(kind, tag.offset, length, language=language))

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    @staticmethod
    def _refuse(why: str) -> ApiRefusal:
        return bad_request(f"can't parse entities: {why}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text without its tags, and the entities that the tags stood for."""
    reader = _Reader(source)
    reader.read()
    return "".join(reader.text), reader.entities


def _character(reference: re.Match[str]) -> str:
    return html.unescape(reference.group().rstrip(";") + ";")

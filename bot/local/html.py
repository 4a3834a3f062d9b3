"""Telegram's HTML: a short list of tags, anything else is refused with the byte at which it stands."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.local.answers import ApiRefusal, bad_request
from bot.local.entities import Entity, units

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


def parse(source: str) -> tuple[str, list[Entity]]:
    """The text without its tags, and the entities that the tags stood for."""
    reader = _Reader(source)
    reader.read()
    return "".join(reader.text), reader.entities


def _character(reference: re.Match[str]) -> str:
    return html.unescape(reference.group().rstrip(";") + ";")

"""Text with markup: what the parsers of all parse modes share, and the parser of HTML.

A parser returns the text without markup and its entities, or raises a 400 "can't parse entities: ..." in Telegram's
words, most with the byte offset of what is wrong.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from bot.local.entities import Entity, known_user, units
from bot.local.refusals import bad_request

_USER_LINK = re.compile(r"tg://user/?\?(?:.*&)?id=(\d{1,18})\b.*", re.IGNORECASE)
_LINK = re.compile(r"(?:(https?|ftp)://)?([^\s/?#:@]+\.[^\s/?#:@]+(?::\d{1,5})?)([/?#]\S*)?", re.IGNORECASE)


@dataclass(slots=True)
class ParsedText:
    """What has been read of `source`; `size` is the length of the text in UTF-16 units."""

    source: str
    text: list[str] = field(default_factory=list)
    size: int = 0
    entities: list[Entity] = field(default_factory=list)
    _languages: dict[Entity, str] = field(default_factory=dict)
    """Languages of `<code>`, which count only inside `<pre>`."""

    def add(self, text: str) -> None:
        self.text.append(text)
        self.size += units(text)

    def shown(self, since: int) -> str:
        """Return the text read since `self.text` had `since` items."""
        return "".join(self.text[since:])

    def entity(self, kind: str, offset: int, *, url: str = "", language: str = "") -> None:
        """Add an entity from `offset` to the end of the text; a link that Telegram does not take becomes plain text."""
        length = self.size - offset
        if not length:
            return
        if kind != "text_link":
            self.entities.append(Entity(kind, offset, length, language=language))
        elif mentioned := _USER_LINK.fullmatch(url):
            if user := known_user(int(mentioned[1])):
                self.entities.append(Entity("text_mention", offset, length, user=user))
        elif link := checked_link(url):
            self.entities.append(Entity(kind, offset, length, url=link))

    def code(self, kind: str, offset: int, language: str) -> None:
        """Add code; `<pre>` and `<code class="language-...">` around the same text become one entity."""
        last = self.entities[-1] if self.entities else None
        if last and (last.offset, last.end) == (offset, self.size) and {last.type, kind} == {"pre", "code"}:
            language = language or self._languages.get(last, "")
            if language:
                self.entities[-1] = Entity("pre", offset, last.length, language=language)
                return
        self.entity(kind, offset)
        if language and self.size > offset:
            self._languages[self.entities[-1]] = language

    def time(self, offset: int, unix: str, form: str) -> None:
        if unix.isdecimal() and self.size > offset:
            length = self.size - offset
            self.entities.append(Entity("date_time", offset, length, unix_time=int(unix), date_time_format=form))

    def fail(self, reason: str, at: int | None = None) -> NoReturn:
        """Raise a 400; with `at`, the reason ends with the byte offset of this position of the source."""
        offset = "" if at is None else str(len(self.source[:at].encode("utf-8", "surrogatepass")))
        raise bad_request(f"can't parse entities: {reason}{offset}")

    def result(self) -> tuple[str, list[Entity]]:
        return "".join(self.text), self.entities


@dataclass(frozen=True, slots=True)
class OpenEntity:
    """An entity without an end yet: `kind` is its tag or type, `offset` in UTF-16 units, `at` in the source."""

    kind: str
    offset: int
    at: int
    text_index: int
    argument: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def checked_link(url: str) -> str:
    """Return a link as Telegram completes it; an empty string if it takes no such link."""
    url = url.strip()
    if url.lower().startswith(("tg://", "ton://", "mailto:", "tel:")):
        return url
    parts = _LINK.fullmatch(url)
    if parts is None:
        return ""
    scheme, host, rest = parts[1] or "http", parts[2], parts[3] or ""
    return f"{scheme.lower()}://{host.lower()}{rest if rest.startswith('/') else '/' + rest}"


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
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_TEXT_OR_TAG = re.compile(r"[^<]+|<(?P<close>/?)(?P<name>[^\s>]*)")
# Telegram decodes these four named references and all numeric ones; other references stay as they are.
_REFERENCE = re.compile(r"&(?:(?:lt|gt|amp|quot)(?![A-Za-z])|#\d{1,7}|#x[0-9a-fA-F]{1,6});?")
_NAME = re.compile(r"\s*(?P<name>[^\s=>]*)\s*(?P<equals>=?)\s*")
_VALUE = re.compile(r""""(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<token>[A-Za-z0-9.-]*)(?=[\s>]|\Z)""")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Parse Telegram's HTML."""
    parsed, opened, at = ParsedText(source), list[OpenEntity](), 0
    while piece := _TEXT_OR_TAG.match(source, at):
        if piece["name"] is None:
            parsed.add(_REFERENCE.sub(_character, piece.group()))
            at = piece.end()
        elif piece["close"]:
            at = _close_tag(parsed, opened, piece)
        else:
            at = _open_tag(parsed, opened, piece)
    if opened:
        parsed.fail(f'Can\'t find end tag corresponding to start tag "{opened[-1].kind}"')
    return parsed.result()


def _open_tag(parsed: ParsedText, opened: list[OpenEntity], piece: re.Match[str]) -> int:
    """Read a start tag; return the position after it."""
    tag, begin, at = piece["name"].lower(), piece.start(), piece.end()
    if at == len(parsed.source):
        parsed.fail("Unclosed start tag at byte offset ", begin)
    if tag not in _TAGS:
        parsed.fail(f'Unsupported start tag "{tag}" at byte offset ', begin)
    attributes: dict[str, str] = {}
    while (name := _NAME.match(parsed.source, at)) and not parsed.source.startswith(">", name.end("name")):
        attributes[name["name"].lower()], at = _attribute(parsed, tag, begin, name)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        parsed.fail('Tag "span" must have class "tg-spoiler" at byte offset ', begin)
    if name and name["name"]:
        attributes[name["name"].lower()] = ""  # an attribute without a value at the end of the tag
    opened.append(OpenEntity(tag, parsed.size, begin, len(parsed.text), attributes=attributes))
    return parsed.source.index(">", at) + 1


def _attribute(parsed: ParsedText, tag: str, begin: int, name: re.Match[str]) -> tuple[str, int]:
    """Return the value of an attribute, which may be empty, and the position after it."""
    if not name["name"]:
        parsed.fail(f'Empty attribute name in the tag "{tag}" at byte offset ', begin)
    if name.end() == len(parsed.source):
        parsed.fail(f'Unclosed start tag "{tag}" at byte offset ', begin)
    if not name["equals"]:
        return "", name.end()
    value = _VALUE.match(parsed.source, name.end())
    if value is None and not parsed.source.startswith(('"', "'"), name.end()):
        parsed.fail("Unexpected end of name token at byte offset ", name.end())
    if value is None or value.end() == len(parsed.source):
        parsed.fail("Unclosed start tag at byte offset ", begin)
    if value["token"] is not None:
        return value["token"].lower(), value.end()
    return _REFERENCE.sub(_character, value["double"] or value["single"] or ""), value.end()


def _close_tag(parsed: ParsedText, opened: list[OpenEntity], piece: re.Match[str]) -> int:
    """Read an end tag and add its entity; return the position after it."""
    tag, begin = piece["name"].lower(), piece.start()
    if not opened:
        parsed.fail("Unexpected end tag at byte offset ", begin)
    end = re.compile(r"\s*>").match(parsed.source, piece.end())
    if end is None:
        parsed.fail("Unclosed end tag at byte offset ", begin)
    last = opened.pop()
    if tag and tag != last.kind:
        where = len(parsed.source[:begin].encode("utf-8", "surrogatepass"))
        parsed.fail(f'Unmatched end tag at byte offset {where}, expected "</{last.kind}>", found "</{tag}>"')
    _add_tagged(parsed, last)
    return end.end()


def _add_tagged(parsed: ParsedText, tag: OpenEntity) -> None:
    """Add the entity of a tag, unless it contains no text."""
    kind, given, length = _TAGS[tag.kind], tag.attributes, parsed.size - tag.offset
    if kind == "date_time":
        parsed.time(tag.offset, given.get("unix", ""), given.get("format", ""))
    elif kind == "custom_emoji":
        if length and not given.get("emoji-id", "").lstrip("0").isdecimal():
            parsed.fail("Invalid custom emoji identifier specified")
    elif kind in {"code", "pre"}:
        language = given.get("class", "") if tag.kind == "code" else ""
        parsed.code(kind, tag.offset, language.removeprefix("language-") if language.startswith("language-") else "")
    else:
        expandable = kind == "blockquote" and "expandable" in given
        url = given.get("href") or parsed.shown(tag.text_index)
        parsed.entity("expandable_blockquote" if expandable else kind, tag.offset, url=url)


def _character(reference: re.Match[str]) -> str:
    """Decode a character reference; its semicolon may be missing."""
    return html.unescape(reference.group().rstrip(";") + ";")

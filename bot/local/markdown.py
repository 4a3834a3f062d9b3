"""The parsers of MarkdownV2 and of the older Markdown."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.local.entities import Entity
from bot.local.markup import OpenEntity, ParsedText

_TIME_LINK = re.compile(r"tg://time\?unix=(\d{1,12})(?:&format=(\w*))?", re.IGNORECASE)
_EMOJI_LINK = re.compile(r"tg://emoji\?id=(\d+)", re.IGNORECASE)
_TYPES = {
    "Bold": ("bold", "*"),
    "Italic": ("italic", "_"),
    "Underline": ("underline", "__"),
    "Strikethrough": ("strikethrough", "~"),
    "Spoiler": ("spoiler", "||"),
    "TextUrl": ("text_link", "]"),
    "CustomEmoji": ("custom_emoji", "]"),
    "Code": ("code", "`"),
    "Pre": ("pre", "```"),
    "PreCode": ("pre", "```"),
    "BlockQuote": ("blockquote", ""),
}
"""Telegram's names of the types in errors -> type of the entity, end mark."""
_MARKS = {
    "__": "Underline",
    "_": "Italic",
    "*": "Bold",
    "~": "Strikethrough",
    "||": "Spoiler",
    "![": "CustomEmoji",
    "[": "TextUrl",
    "```": "Pre",
    "`": "Code",
}
"""Start marks of MarkdownV2 -> type; a mark that begins with another one precedes it."""
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
_URL_PART = re.compile(r"\((?P<url>(?:\\[\x01-~]|[^)])*)\)?")
_LANGUAGE = re.compile(r"(?P<language>[^\s`]*(?=\s))?(?:\r\n|\n\r|\n|\r)?")


@dataclass(slots=True)
class _MarkdownV2:
    parsed: ParsedText
    at: int = 0
    opened: list[OpenEntity] = field(default_factory=list)
    in_quote: bool = False

    def parse(self) -> None:
        source = self.parsed.source
        while self.at < len(source):
            char, following = source[self.at], source[self.at + 1 : self.at + 2]
            if char == "\\" and "\x01" <= following <= "~":
                self._add(following, 2)
            elif char not in ("`" if self._in_code() else _RESERVED):
                self._add(char, 1)
            elif self._ends():
                self._end()
            else:
                self._begin()
        if self.in_quote and self.opened[-1].kind == "BlockQuote":
            self._add_entity(self.opened.pop())
        if self.opened:
            self._unclosed()

    def _add(self, text: str, length: int) -> None:
        self.parsed.add(text)
        self.at += length

    def _in_code(self) -> bool:
        return bool(self.opened) and _TYPES[self.opened[-1].kind][0] in {"code", "pre"}

    def _unclosed(self) -> NoReturn:
        self.parsed.fail(f"Can't find end of {self.opened[-1].kind} entity at byte offset ", self.opened[-1].at)

    def _ends(self) -> bool:
        """True if the open entity, or the open quotation, ends at this position."""
        source, at = self.parsed.source, self.at
        if not self.opened:
            return False
        if self.in_quote and source[at] == "\n" and not source.startswith(">", at + 1):
            return True
        kind = self.opened[-1].kind
        if kind == "BlockQuote":
            return source.startswith("||", at) and (at + 2 == len(source) or source[at + 2] == "\n")
        return source.startswith(_TYPES[kind][1], at) and not (kind == "Italic" and source.startswith("__", at))

    def _begin(self) -> None:
        """Begin the entity whose start mark is at this position."""
        source, at = self.parsed.source, self.at
        at_line_start = not self.parsed.text or self.parsed.text[-1] == "\n"
        mark = next((mark for mark in _MARKS if source.startswith(mark, at)), "")
        if source[at] == "\n":
            self._add("\n", 1)
            if source.startswith(">", self.at):
                self._begin_quote()
        elif source[at] == ">" and at_line_start and not self.in_quote:
            self._begin_quote()
        elif not mark:
            self.parsed.fail(f"Character '{source[at]}' is reserved and must be escaped with the preceding '\\'")
        else:
            kind, self.at = _MARKS[mark], at + len(mark)
            language = ""
            if kind == "Pre" and (found := _LANGUAGE.match(source, self.at)):
                language, self.at = found["language"] or "", found.end()
            self._open("PreCode" if language else kind, at, language)

    def _begin_quote(self) -> None:
        """Skip the mark of a quoted line, and begin a quotation if it is the first one."""
        at, self.at = self.at, self.at + 1
        if not self.in_quote:
            self.in_quote = True
            self._open("BlockQuote", at)

    def _open(self, kind: str, at: int, language: str = "") -> None:
        self.opened.append(OpenEntity(kind, self.parsed.size, at, len(self.parsed.text), language))

    def _end(self) -> None:
        """End the innermost open entity at this position."""
        source, last = self.parsed.source, self.opened[-1]
        if last.kind == "BlockQuote":
            expandable = source.startswith("||", self.at)
            self.at += 2 if expandable else 0
            if source.startswith("\n", self.at):
                self._add("\n", 1)
            self.in_quote = False
            self._add_entity(self.opened.pop(), kind="expandable_blockquote" if expandable else "")
        elif source[self.at] == "\n":
            self._unclosed()
        else:
            self.at += len(_TYPES[last.kind][1])
            self._add_entity(self.opened.pop())

    def _add_entity(self, last: OpenEntity, kind: str = "") -> None:
        url = ""
        if last.kind == "TextUrl":
            given = self.parsed.source.startswith("(", self.at)
            url = self._url("a URL") if given else self.parsed.shown(last.text_index)
        if last.kind == "CustomEmoji":
            self._end_emoji_or_time(last)
        else:
            self.parsed.entity(kind or _TYPES[last.kind][0], last.offset, url=url, language=last.argument)

    def _end_emoji_or_time(self, last: OpenEntity) -> None:
        if not self.parsed.source.startswith("(", self.at):
            self.parsed.fail("Custom emoji entity must contain a tg://emoji URL")
        url = self._url("a custom emoji URL")
        if found := _TIME_LINK.fullmatch(url):
            self.parsed.time(last.offset, found[1], found[2] or "")
        elif not _EMOJI_LINK.fullmatch(url):
            self.parsed.fail("Custom emoji URL must have an emoji identifier")

    def _url(self, what: str) -> str:
        """Read a URL in parentheses."""
        found, begin = _URL_PART.match(self.parsed.source, self.at), self.at + 1
        if found is None or found.end() == found.end("url"):
            self.parsed.fail(f"Can't find end of {what} at byte offset ", begin)
        self.at = found.end()
        return re.sub(r"\\([\x01-~])", r"\1", found["url"])


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """Parse MarkdownV2."""
    parser = _MarkdownV2(ParsedText(source))
    parser.parse()
    return parser.parsed.result()


_OLD_KINDS = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Parse the older Markdown, whose entities do not nest."""
    parsed, at = ParsedText(source), 0
    while at < len(source):
        char = source[at]
        if char == "\\" and source[at + 1 : at + 2] in tuple("_*`["):
            parsed.add(source[at + 1])
            at += 2
        elif char in _OLD_KINDS:
            at = _old_entity(parsed, at)
        else:
            parsed.add(char)
            at += 1
    return parsed.result()


def _old_entity(parsed: ParsedText, at: int) -> int:
    """Read an entity of the older Markdown; return the position after it."""
    source, kind, offset = parsed.source, _OLD_KINDS[parsed.source[at]], parsed.size
    mark, language, start = source[at], "", at + 1
    if source.startswith("```", at) and (found := _LANGUAGE.match(source, at + 3)):
        kind, mark, language, start = "pre", "```", found["language"] or "", found.end()
    closing = "]" if mark == "[" else mark
    end = source.find(closing, start)
    if end < 0:
        parsed.fail("Can't find end of the entity starting at byte offset ", at)
    parsed.add(source[start:end])
    url, after = source[start:end], end + len(closing)
    if kind == "text_link" and source.startswith("(", after):
        last = source.find(")", after)
        url, after = source[after + 1 : last if last >= 0 else len(source)], (last if last >= 0 else len(source)) + 1
    parsed.entity(kind, offset, url=url, language=language)
    return after

"""Remove the markup of Markdown and HTML from the lines of a page; headings, quotes and tables become plain lines.

A line keeps its number, so that articles can name the lines of the file. Front matter, images, rules and links without
text of their own belong to no article.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Numbered = tuple[int, str]
"""The number of a line in its file, from 1, and its text."""

MAX_FRONT_LINES = 40
"""Front matter has at most this many lines."""

_FENCE = re.compile(r"\s*(?:---|\+\+\+)\s*$")
_FIELD = re.compile(r"\s*(?P<key>[A-Za-z_]+)\s*[:=]\s*(?P<value>.*?)\s*$")
_RULE = re.compile(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$|\s*(?:_\s*){3,}$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?:https?:|/|\.|#)[^)]*\)")
_TABLE_ROW_END = re.compile(r"</tr\s*>|<br\s*/?>", re.IGNORECASE)
_TABLE_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_HEADING_TAG = re.compile(r"<h(?P<level>[1-6])(?:\s[^>]*)?>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(?P<tag>style|script|head|title)\b[^>]*>.*?</(?P=tag)\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:html|body|div|span|p|a|b|i|u|em|strong|font|center|img|figure|figcaption|table|thead|tbody|tr|td|th|ul|ol|"
    r"li|section|article|main|header|footer|br|hr|h[1-6]|meta|link|sup|sub|small|blockquote)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=\S)")
_EMPHASIS = re.compile(r"(?P<mark>\*\*|__)(?P<text>[^*_]+)(?P=mark)")
_ITALIC = re.compile(r"^\s*(?P<mark>[*_])(?P<text>[^*_]+)(?P=mark)\s*$")
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?)?\s*$")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The lines of a file without markup."""

    lines: tuple[Numbered, ...]
    furniture: tuple[int, ...]
    """Numbers of the lines that hold markup only."""
    front: dict[str, str] = field(default_factory=dict)
    """The fields of the front matter, with keys in lower case and values without quotation marks."""

    @property
    def day(self) -> date | None:
        """The `date` of the front matter (2023-05-06); None if it has none."""
        try:
            return date.fromisoformat(self.front.get("date", "")[:10])
        except ValueError:
            return None


def plain_lines(lines: Sequence[Numbered]) -> MarkedText:
    """Return the non-blank `lines` of a file without their markup."""
    front_lines, front = _front_matter(lines)
    kept: list[Numbered] = []
    furniture = [number for number, _ in lines[:front_lines]]
    for number, raw in lines[front_lines:]:
        text = plain_line(raw)
        if text:
            kept.append((number, text))
        else:
            furniture.append(number)
    return MarkedText(tuple(kept), tuple(furniture), front)


def plain_line(raw: str) -> str:
    """Return a line without markup but for the # of headings, "" if nothing is left; other lines are unchanged."""
    if not any(sign in raw for sign in "<>[|*_-+&"):
        return raw
    if _RULE.match(raw) or _TABLE_RULE.match(raw) or _is_link(raw):
        return ""
    text = _IMAGE.sub("", _QUOTE.sub("", raw))
    text = _BULLET.sub("", _EMPHASIS.sub(r"\g<text>", _LINK.sub(r"\g<text>", text)))
    text = _ITALIC.sub(r"\g<text>", text)
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = html.unescape(text)
    if text.strip().startswith("|") and text.strip().endswith("|") and text.count("|") > 2:
        text = " ".join(text.strip().strip("|").split("|"))
    return text if text.strip() else ""


def _is_link(raw: str) -> bool:
    """True if the whole line is one link to another page, such as 查看视频."""
    match = _LINK.fullmatch(raw.strip())
    return match is not None and "http" in raw


def _without_tags(text: str) -> str:
    """Return the text without tags; a heading gets its # signs, cells are separated by spaces and rows by ；."""
    text = _HIDDEN.sub("", text)
    text = _HEADING_TAG.sub(lambda match: "#" * int(match["level"]) + " ", text)
    text = _TABLE_CELL_END.sub(" ", _TABLE_ROW_END.sub("；", text))
    bare = _TAG.sub("", text)
    return re.sub(r"\s*；\s*", "；", bare).strip("； ") if "；" in text and bare != text else bare


def _front_matter(lines: Sequence[Numbered]) -> tuple[int, dict[str, str]]:
    """Return the number of lines of the front matter at the top of the file, and its fields."""
    if not lines or not _FENCE.match(lines[0][1]):
        return 0, {}
    for at, (_, raw) in enumerate(lines[1 : MAX_FRONT_LINES + 1], 1):
        if _FENCE.match(raw):
            found = filter(None, (_FIELD.match(text) for _, text in lines[1:at]))
            return at + 1, {match["key"].lower(): match["value"].strip("\"'“”") for match in found}
    return 0, {}

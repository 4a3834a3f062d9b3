"""Telegram HTML as a type of its own, so that every text is escaped exactly once.

A plain string that enters a sentence is escaped; `Html` is left as it is. Nothing else escapes anything.
"""

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is Telegram HTML already."""

    __slots__ = ()


def as_html(value: object) -> Html:
    """`value` as Telegram HTML: escaped, unless it is Html already."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=False))


def bold(value: object) -> Html:
    """`value` in bold."""
    return Html(f"<b>{as_html(value)}</b>")


def code(value: object) -> Html:
    """`value` as something to be typed or copied."""
    return Html(f"<code>{as_html(value)}</code>")


def quoted(value: object) -> Html:
    """`value` as a quotation set apart from the text around it."""
    return Html(f"<blockquote>{as_html(value)}</blockquote>")


def linked(value: object, url: str) -> Html:
    """`value` as a link to `url`."""
    return Html(f'<a href="{escape(url)}">{as_html(value)}</a>')


def folded(value: object) -> Html:
    """The same, of which only the beginning shows until a reader unfolds it."""
    return Html(f"<blockquote expandable>{as_html(value)}</blockquote>")


def preformatted(value: object) -> Html:
    """`value` with all characters of one width, as a table needs."""
    return Html(f"<pre>{as_html(value)}</pre>")


def join(separator: str, parts: Iterable[object]) -> Html:
    """The parts that are not empty, with the plain `separator` between them."""
    return Html(as_html(separator).join(as_html(part) for part in parts if part))


def lines(*parts: object) -> Html:
    """The parts that are not empty, one below the other."""
    return join("\n", parts)

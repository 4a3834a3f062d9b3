"""Telegram HTML as a type of its own, so that every text is escaped exactly once.

A plain string is escaped where it enters a text; `Html` is left as it is. Nothing else escapes anything.
"""

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is Telegram HTML already."""

    __slots__ = ()


def as_html(value: object) -> Html:
    """Return `value` as Telegram HTML: escaped, unless it is Html already."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=False))


def bold(value: object) -> Html:
    """Return `value` in bold."""
    return Html(f"<b>{as_html(value)}</b>")


def quoted(value: object) -> Html:
    """Return `value` as a block quotation."""
    return Html(f"<blockquote>{as_html(value)}</blockquote>")


def folded(value: object) -> Html:
    """Return `value` as a block quotation of which the first lines show until the reader expands it."""
    return Html(f"<blockquote expandable>{as_html(value)}</blockquote>")


def linked(value: object, url: str) -> Html:
    """Return `value` as a link to `url`."""
    return Html(f'<a href="{escape(url)}">{as_html(value)}</a>')


def preformatted(value: object) -> Html:
    """Return `value` in a fixed-width font, as a table needs."""
    return Html(f"<pre>{as_html(value)}</pre>")


def join(separator: str, parts: Iterable[object]) -> Html:
    """Return the parts that are not empty with the plain `separator` between them."""
    return Html(as_html(separator).join(as_html(part) for part in parts if part))


def lines(*parts: object) -> Html:
    """Return the parts that are not empty, one per line."""
    return join("\n", parts)

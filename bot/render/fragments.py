"""Small parts that several messages share: where an article stands, marked sentences, headlines of a handy length.

Long lists a part at a time: which part is shown, and the buttons that turn to the next.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot.callbacks import Callback
from bot.keyboards import Row, button
from bot.texts import Texts
from bot.texts.markup import Html, as_html, bold, join
from digests.chats import Subscription
from digests.models import Article, Snippet
from digests.text import shorten

MAX_HEADLINE_CHARS = 60
"""Characters of a headline in a list."""
MAX_LABEL_CHARS = 24
"""Characters of a reader's own words in a button."""

_FIELD = re.compile(r"(?<![^\s(-])(title|by|page|theme|person|place|org):")


def headline(text: str) -> str:
    """A headline as a list has room for it."""
    return shorten(text, MAX_HEADLINE_CHARS)


def localised_query(query: str, texts: Texts) -> str:
    """A query's normal form as it is written in the reader's language: 标题:防汛."""
    return _FIELD.sub(lambda field: texts.plain(f"field.{field[1]}") + ":", query)


def subscription_name(one: Subscription, texts: Texts) -> str:
    """What its readers call a subscription."""
    return one.name or localised_query(one.query, texts)


def checked_label(label: str, chosen: bool, texts: Texts) -> str:
    """A button's label, with a mark where it is what is chosen."""
    return texts.plain("button.checked", label=label) if chosen else label


def highlighted(excerpt: Snippet) -> Html:
    """Sentences with the found words in bold."""
    shown, at = Html(), 0
    for start, end in excerpt.marks:
        shown = Html(shown + as_html(excerpt.text[at:start]) + bold(excerpt.text[start:end]))
        at = end
    return Html(shown + as_html(excerpt.text[at:]))


def page_numbers(numbers: Iterable[int], texts: Texts) -> Html:
    """第1版, 第1、4版, or for many 共8版; empty for none."""
    known = sorted(set(numbers))
    if not known:
        return Html()
    if len(known) == 1:
        return texts.html("origin.page", page=known[0])
    if len(known) <= 4:
        return texts.html("origin.pages", pages=texts.listed(map(str, known)))
    return texts.html("origin.many_pages", count=len(known))


def issue_line(paper: str, day: date, texts: Texts) -> Html:
    """Whose issue it is, and of which day."""
    return join(" · ", [paper, texts.full_date(day)])


def origin(article: Article, texts: Texts) -> Html:
    """Where an article stood, as a list has room for it: paper, day and page."""
    return _origin(article, texts.long_date(article.date) if article.date else "", texts)


def origin_with_weekday(article: Article, texts: Texts) -> Html:
    """The same with the weekday."""
    return _origin(article, texts.full_date(article.date) if article.date else "", texts)


def _origin(article: Article, day: str, texts: Texts) -> Html:
    page = page_numbers([article.page] if article.page else [], texts)
    return join(" · ", [article.paper, day or texts.html("origin.undated"), page])


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is shown."""

    offset: int
    size: int
    total: int

    @classmethod
    def at(cls, offset: int, size: int, total: int) -> "Window":
        """The window at `offset`, moved to the last part where the list has become shorter than that."""
        last_part = max(0, (total - 1) // size * size)
        return cls(max(0, min(offset, last_part)), size, total)

    @property
    def end(self) -> int:
        return min(self.offset + self.size, self.total)

    @property
    def is_whole(self) -> bool:
        return self.offset == 0 and self.end == self.total


def paging_row(window: Window, labels: tuple[str, str], press: Callable[[int], Callback]) -> tuple[Row, ...]:
    """The row that turns back and onward; no row where there is nothing to turn to."""
    row = []
    if window.offset > 0:
        row.append(button(labels[0], press(max(0, window.offset - window.size))))
    if window.end < window.total:
        row.append(button(labels[1], press(window.end)))
    return (tuple(row),) if row else ()

"""Fragments used in several messages: headlines, queries, origins of articles, buttons, and paging of lists."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot import callbacks
from bot.callbacks import Callback
from bot.keyboards import Button, Row, button
from bot.texts import Html, Texts, as_html, bold, join
from digests.analysis.story_lines import story_line
from digests.chats import Subscription
from digests.models import Article, Snippet
from digests.text import shorten

MAX_HEADLINE_CHARS = 60
"""Maximum number of characters of a headline in a list."""
MAX_LABEL_CHARS = 24
"""Maximum number of characters of a name, a query or another variable part of a button's label."""
MAX_LISTED_PAGES = 4
"""Maximum number of pages that are listed by their numbers; if there are more, only their count is shown."""

_FIELD = re.compile(r"(?<![^\s(-])(title|by|page|theme|person|place|org|paper):")


def headline(text: str) -> str:
    """Return a headline shortened for a list."""
    return shorten(text, MAX_HEADLINE_CHARS)


def article_line(article: Article) -> str:
    """Return the line that stands for an article in a list."""
    return headline(story_line(article).text)


def localised_query(query: str, texts: Texts) -> str:
    """Return a query's normal form with its field names in the reader's language: 标题:防汛."""
    return _FIELD.sub(lambda field: texts.plain(f"field.{field[1]}") + ":", query)


def subscription_name(subscription: Subscription, texts: Texts) -> str:
    """Return the name that the reader gave a subscription, or its query if it has no name."""
    return subscription.name or localised_query(subscription.query, texts)


def short_name(subscription: Subscription, texts: Texts) -> str:
    """Return the subscription's name shortened for a button."""
    return shorten(subscription_name(subscription, texts), MAX_LABEL_CHARS)


def checked_label(label: str, checked: bool, texts: Texts) -> str:
    """Return the label, with a check mark if `checked`."""
    return texts.plain("button.checked", label=label) if checked else label


def highlighted(snippet: Snippet) -> Html:
    """Return the snippet with the matched terms in bold."""
    html, at = Html(), 0
    for start, end in snippet.marks:
        html = Html(html + as_html(snippet.text[at:start]) + bold(snippet.text[start:end]))
        at = end
    return Html(html + as_html(snippet.text[at:]))


def page_numbers(numbers: Iterable[int], texts: Texts) -> Html:
    """Return one page as 第1版, several as 第1、4版, more than MAX_LISTED_PAGES as 共8版; empty without pages."""
    pages = sorted(set(numbers))
    if not pages:
        return Html()
    if len(pages) == 1:
        return texts.html("origin.page", page=pages[0])
    if len(pages) <= MAX_LISTED_PAGES:
        return texts.html("origin.pages", pages=texts.listed(map(str, pages)))
    return texts.html("origin.many_pages", count=len(pages))


def issue_line(paper: str, day: date, texts: Texts) -> Html:
    """Return the paper and the day of an issue."""
    return join(" · ", [paper, texts.full_date(day)])


def origin(article: Article, texts: Texts) -> Html:
    """Return the paper, day and page of an article, for a list."""
    return _origin(article, texts.long_date(article.date) if article.date else "", texts)


def origin_with_weekday(article: Article, texts: Texts) -> Html:
    """Return the paper, day with weekday, and page of an article."""
    return _origin(article, texts.full_date(article.date) if article.date else "", texts)


def _origin(article: Article, day: str, texts: Texts) -> Html:
    page = page_numbers([article.page] if article.page else [], texts)
    return join(" · ", [article.paper, day or texts.html("origin.undated"), page])


def article_button(number: int, article: str) -> Button:
    """Return the button that opens an article, labelled with the article's number in a list."""
    return button(str(number), callbacks.ShowArticle(article))


def digest_button(day: date, texts: Texts) -> Button:
    """Return the button that opens the digest of a day."""
    return button(texts.plain("button.digest_of", day=texts.long_date(day)), callbacks.ShowDigest(day))


def subscriptions_button(texts: Texts) -> Button:
    """Return the button that opens the chat's subscriptions."""
    return button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions())


def edit_button(subscription: int, texts: Texts) -> Button:
    """Return the button that opens one subscription."""
    return button(texts.plain("button.edit"), callbacks.ShowSubscription(subscription))


def unsubscribe_button(subscription: Subscription, texts: Texts) -> Button:
    """Return the button that ends a subscription."""
    label = texts.plain("button.unsubscribe", query=short_name(subscription, texts))
    return button(label, callbacks.Unsubscribe(subscription.id))


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that one message shows: at most `size` of `total` entries, from `offset` on."""

    offset: int
    size: int
    total: int

    @classmethod
    def at(cls, offset: int, size: int, total: int) -> "Window":
        """Return the window at `offset`, or the last window if the list ends before `offset`."""
        last = max(0, (total - 1) // size * size)
        return cls(max(0, min(offset, last)), size, total)

    @property
    def end(self) -> int:
        return min(self.offset + self.size, self.total)

    @property
    def is_whole(self) -> bool:
        return self.offset == 0 and self.end == self.total


def paging_row(
    window: Window, texts: Texts, turn_to: Callable[[int], Callback], labels: tuple[str, str] | None = None
) -> tuple[Row, ...]:
    """Return a row of buttons to the previous and the next window; no row if the message shows the whole list.

    `turn_to` returns the callback for an offset; `labels` replace the labels "Previous" and "Next".
    """
    previous, following = labels or (texts.plain("button.previous"), texts.plain("button.next"))
    row = []
    if window.offset > 0:
        row.append(button(previous, turn_to(max(0, window.offset - window.size))))
    if window.end < window.total:
        row.append(button(following, turn_to(window.end)))
    return (tuple(row),) if row else ()

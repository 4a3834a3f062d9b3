"""The contents of an issue, of one page and of one theme; the list of issues."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from bot import callbacks
from bot.callbacks import Callback
from bot.keyboards import Button, Row, button, rows
from bot.render.fragments import (
    Window,
    article_button,
    article_line,
    digest_button,
    issue_line,
    page_numbers,
    paging_row,
)
from bot.render.packing import BUTTONS_PER_ROW
from bot.texts import Html, Texts, lines, texts_for
from digests.chats import Language, OutgoingMessage
from digests.models import Article, Issue

MARKED_KINDS = ("photo_caption", "notice", "countdown")
"""Kinds of articles that are labelled in the contents because they are not stories."""
ARTICLES_PER_MESSAGE = 15
ISSUES_PER_MESSAGE = 8
MAX_PAGE_BUTTONS = 40
"""Maximum number of buttons for the pages of an issue; few papers have more pages."""


def contents(issue: Issue, articles: Sequence[Article], offset: int, lang: Language) -> OutgoingMessage:
    """Return the contents of an issue from `offset` on, with a button for each article and for each page."""
    texts = texts_for(lang)
    head = texts.html("contents.title", issue=issue_line(issue.paper, issue.day, texts))
    pages = issue.pages[:MAX_PAGE_BUTTONS] if len(issue.pages) > 1 else ()
    page_rows = rows((_page_button(issue.day, page, texts) for page in pages), BUTTONS_PER_ROW)
    foot = (*page_rows, (digest_button(issue.day, texts),))
    return _listing(
        head,
        articles,
        offset,
        lambda to: callbacks.TurnContents(issue.day, to),
        foot=foot,
        texts=texts,
        page_headings=True,
    )


def page_contents(issue: Issue, page: int, articles: Sequence[Article], offset: int, lang: Language) -> OutgoingMessage:
    """Return the contents of one page, with buttons to the pages before and after it."""
    texts = texts_for(lang)
    paper = issue_line(issue.paper, issue.day, texts)
    head = texts.html("contents.of_page", page=page_numbers([page], texts), count=len(articles), issue=paper)
    foot = (tuple(_neighbouring_pages(issue, page, texts)), _issue_row(issue, texts))
    return _listing(head, articles, offset, lambda to: callbacks.TurnPage(issue.day, page, to), foot=foot, texts=texts)


def section_contents(
    issue: Issue, theme: str, articles: Sequence[Article], offset: int, lang: Language
) -> OutgoingMessage:
    """Return the articles of an issue on one theme, from `offset` on; the theme "" means articles without a theme."""
    texts = texts_for(lang)
    name = theme or texts.html("digest.no_theme")
    paper = issue_line(issue.paper, issue.day, texts)
    return _listing(
        texts.html("contents.of_theme", theme=name, count=len(articles), issue=paper),
        articles,
        offset,
        lambda to: callbacks.TurnSection(issue.day, theme, to),
        foot=(_issue_row(issue, texts),),
        texts=texts,
        page_headings=True,
    )


def issue_list(issues: Sequence[Issue], offset: int, lang: Language) -> OutgoingMessage:
    """Return the list of issues from `offset` on, with a button for each; `issues` are sorted newest first."""
    texts = texts_for(lang)
    if not issues:
        return OutgoingMessage(texts.html("issues.none"))
    window = Window.at(offset, ISSUES_PER_MESSAGE, len(issues))
    shown = issues[window.offset : window.end]
    position = texts.html("issues.range", first=window.offset + 1, last=window.end)
    labels = texts.plain("button.newer"), texts.plain("button.older")
    return OutgoingMessage(
        lines(texts.html("issues.title", count=len(issues)), "" if window.is_whole else position),
        (
            *rows((_issue_button(issue, texts) for issue in shown), 1),
            *paging_row(window, texts, callbacks.TurnIssues, labels),
        ),
    )


def missing_issue(day: date, nearest: Iterable[date], lang: Language) -> OutgoingMessage:
    """Return the message for a day without an issue, with buttons to the nearest issues."""
    texts = texts_for(lang)
    buttons = [button(texts.long_date(other), callbacks.ShowDigest(other)) for other in nearest]
    head = texts.html("day.missing", day=texts.full_date(day))
    return OutgoingMessage(lines(head, texts.html("day.nearest") if buttons else ""), rows(buttons, 2))


def _listing(
    head: Html,
    articles: Sequence[Article],
    offset: int,
    turn_to: Callable[[int], Callback],
    *,
    foot: Iterable[Row],
    texts: Texts,
    page_headings: bool = False,
) -> OutgoingMessage:
    """Return at most ARTICLES_PER_MESSAGE articles from `offset` on; `turn_to` returns the callback for an offset."""
    window = Window.at(offset, ARTICLES_PER_MESSAGE, len(articles))
    shown = list(enumerate(articles[window.offset : window.end], window.offset + 1))
    position = texts.html("contents.range", first=window.offset + 1, last=window.end, total=window.total)
    items = _items_by_page(shown, texts) if page_headings else (_item(number, item, texts) for number, item in shown)
    return OutgoingMessage(
        lines(head, "" if window.is_whole else position, *items),
        (
            *rows((article_button(number, article.id) for number, article in shown), BUTTONS_PER_ROW),
            *paging_row(window, texts, turn_to),
            *filter(None, foot),
        ),
    )


def _items_by_page(shown: Sequence[tuple[int, Article]], texts: Texts) -> Iterator[Html]:
    """Yield a line for each article, with a heading before the first article of each page."""
    page = 0
    for number, article in shown:
        if article.page and article.page != page:
            page = article.page
            yield texts.html("contents.page", page=page_numbers([page], texts))
        yield _item(number, article, texts)


def _item(number: int, article: Article, texts: Texts) -> Html:
    """Return the line of an article, with its kind if that is one of MARKED_KINDS."""
    title = article_line(article)
    if article.kind not in MARKED_KINDS:
        return texts.html("contents.item", number=number, headline=title)
    return texts.html("contents.item_kind", number=number, headline=title, kind=texts.html(f"kind.{article.kind}"))


def _neighbouring_pages(issue: Issue, page: int, texts: Texts) -> Iterator[Button]:
    """Yield buttons to the previous and the next page of the issue, if they exist."""
    for before in [other for other in issue.pages if other < page][-1:]:
        yield button(texts.plain("button.previous_page", page=before), callbacks.TurnPage(issue.day, before, 0))
    for after in [other for other in issue.pages if other > page][:1]:
        yield button(texts.plain("button.next_page", page=after), callbacks.TurnPage(issue.day, after, 0))


def _page_button(day: date, page: int, texts: Texts) -> Button:
    return button(str(page_numbers([page], texts)), callbacks.TurnPage(day, page, 0))


def _issue_row(issue: Issue, texts: Texts) -> Row:
    contents = button(texts.plain("button.contents", count=issue.articles), callbacks.TurnContents(issue.day, 0))
    return contents, digest_button(issue.day, texts)


def _issue_button(issue: Issue, texts: Texts) -> Button:
    label = texts.plain("issues.item", day=texts.full_date(issue.day), count=issue.articles)
    return button(label, callbacks.ShowDigest(issue.day))

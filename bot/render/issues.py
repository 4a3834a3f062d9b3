"""Issues: what one holds, whole, by pages and by themes, and the list of all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from bot import callbacks
from bot.callbacks import Callback
from bot.keyboards import Button, Row, button, rows
from bot.render.digests import article_button
from bot.render.fragments import Window, headline, issue_line, page_numbers, paging_row
from bot.render.packing import BUTTONS_PER_ROW
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, lines
from digests.chats import Language, OutgoingMessage
from digests.models import Article, Issue

Turn = Callable[[int], Callback]
"""An offset -> the button that shows the list from there on."""

OTHER_KINDS = ("photo_caption", "notice", "countdown")
"""What the contents mark as no story."""
ARTICLES_PER_MESSAGE = 15
"""Articles in one message of contents."""
MAX_PAGE_BUTTONS = 40
"""Pages of an issue that get a button; hardly a paper has more."""
ISSUES_PER_MESSAGE = 8
"""Issues in one message of the list."""


def contents(issue: Issue, articles: Sequence[Article], offset: int, lang: Language) -> OutgoingMessage:
    """Everything an issue holds, CONTENTS articles at a time, each with a button, and a button for each page."""
    texts = texts_for(lang)
    head = texts.html("contents.title", issue=issue_line(issue.paper, issue.day, texts))
    several = issue.pages[:MAX_PAGE_BUTTONS] if len(issue.pages) > 1 else ()
    by_page = rows((_opens_page(issue.day, page, texts) for page in several), BUTTONS_PER_ROW)
    foot = (*by_page, (_digest_of(issue.day, texts),))
    return _part(head, articles, offset, lambda to: callbacks.TurnContents(issue.day, to), foot=foot, texts=texts)


def page_contents(
    issue: Issue, number: int, articles: Sequence[Article], offset: int, lang: Language
) -> OutgoingMessage:
    """The table of contents of one page, whose `articles` are given, with its neighbours."""
    texts = texts_for(lang)
    paper = issue_line(issue.paper, issue.day, texts)
    head = texts.html("contents.of_page", page=page_numbers([number], texts), count=len(articles), issue=paper)
    before = [one for one in issue.pages if one < number][-1:]
    after = [one for one in issue.pages if one > number][:1]
    beside = [
        button(texts.plain("button.previous_page", page=one), callbacks.TurnPage(issue.day, one, 0)) for one in before
    ]
    beside += [
        button(texts.plain("button.next_page", page=one), callbacks.TurnPage(issue.day, one, 0)) for one in after
    ]
    foot = (tuple(beside), _whole(issue, texts))
    turn: Turn = lambda to: callbacks.TurnPage(issue.day, number, to)  # noqa: E731
    return _part(head, articles, offset, turn, foot=foot, texts=texts, paged=False)


def section_contents(
    issue: Issue, theme: str, articles: Sequence[Article], offset: int, lang: Language
) -> OutgoingMessage:
    """All articles of an issue that are about `theme`, which is "" for those about none."""
    texts = texts_for(lang)
    name = theme or texts.html("digest.no_theme")
    paper = issue_line(issue.paper, issue.day, texts)
    head = texts.html("contents.of_theme", theme=name, count=len(articles), issue=paper)
    turn: Turn = lambda to: callbacks.TurnSection(issue.day, theme, to)  # noqa: E731
    return _part(head, articles, offset, turn, foot=(_whole(issue, texts),), texts=texts)


def _part(
    head: Html,
    articles: Sequence[Article],
    offset: int,
    turn: Turn,
    *,
    foot: Iterable[Row],
    texts: Texts,
    paged: bool = True,
) -> OutgoingMessage:
    """CONTENTS of the articles from `offset` on, with lines between pages where they are `paged`."""
    window = Window.at(offset, ARTICLES_PER_MESSAGE, len(articles))
    shown = list(enumerate(articles[window.offset : window.end], window.offset + 1))
    place = texts.html("contents.range", first=window.offset + 1, last=window.end, total=window.total)
    listing = _listing(shown, texts) if paged else (_item(number, article, texts) for number, article in shown)
    return OutgoingMessage(
        lines(head, "" if window.is_whole else place, *listing),
        (
            *rows((article_button(number, article.id) for number, article in shown), BUTTONS_PER_ROW),
            *paging_row(window, _back_and_onward(texts), turn),
            *filter(None, foot),
        ),
    )


def _listing(shown: Sequence[tuple[int, Article]], texts: Texts) -> Iterator[Html]:
    """One line an article, and a line before the first of each page."""
    page = 0
    for number, article in shown:
        if article.page and article.page != page:
            page = article.page
            yield texts.html("contents.page", page=page_numbers([page], texts))
        yield _item(number, article, texts)


def _item(number: int, article: Article, texts: Texts) -> Html:
    title = headline(article.title)
    if article.kind not in OTHER_KINDS:
        return texts.html("contents.item", number=number, headline=title)
    return texts.html("contents.item_kind", number=number, headline=title, kind=texts.html(f"kind.{article.kind}"))


def _opens_page(day: date, number: int, texts: Texts) -> Button:
    return button(str(page_numbers([number], texts)), callbacks.TurnPage(day, number, 0))


def _whole(issue: Issue, texts: Texts) -> Row:
    contents = button(texts.plain("button.contents", count=issue.articles), callbacks.TurnContents(issue.day, 0))
    return contents, _digest_of(issue.day, texts)


def _digest_of(day: date, texts: Texts) -> Button:
    return button(texts.plain("button.digest_of", day=texts.long_date(day)), callbacks.ShowDigest(day))


def issue_list(held: Sequence[Issue], offset: int, lang: Language) -> OutgoingMessage:
    """The issues there are, newest first, each a button."""
    texts = texts_for(lang)
    if not held:
        return OutgoingMessage(texts.html("issues.none"))
    window = Window.at(offset, ISSUES_PER_MESSAGE, len(held))
    place = texts.html("issues.range", first=window.offset + 1, last=window.end)
    shown = held[window.offset : window.end]
    return OutgoingMessage(
        lines(texts.html("issues.title", count=len(held)), "" if window.is_whole else place),
        (
            *rows((_issue(issue, texts) for issue in shown), 1),
            *paging_row(window, (texts.plain("button.newer"), texts.plain("button.older")), callbacks.TurnIssues),
        ),
    )


def _issue(issue: Issue, texts: Texts) -> Button:
    label = texts.plain("issues.item", day=texts.full_date(issue.day), count=issue.articles)
    return button(label, callbacks.ShowDigest(issue.day))


def missing_issue(missing: date, days: Iterable[date], lang: Language) -> OutgoingMessage:
    """There is no issue of that day; buttons lead to those near it."""
    texts = texts_for(lang)
    buttons = [button(texts.long_date(day), callbacks.ShowDigest(day)) for day in days]
    head = texts.html("day.missing", day=texts.full_date(missing))
    return OutgoingMessage(lines(head, texts.html("day.nearest") if buttons else ""), rows(buttons, 2))


def _back_and_onward(texts: Texts) -> tuple[str, str]:
    return texts.plain("button.previous"), texts.plain("button.next")

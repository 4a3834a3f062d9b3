"""Issues: what one holds, and the list of all."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot import presses
from bot.keyboards import Button, button, rows
from bot.render.digests import opens
from bot.render.fit import BUTTONS_A_ROW
from bot.render.paging import Window, turning
from bot.render.pieces import headline, issue_line, pages
from bot.texts import Texts, texts
from bot.texts.markup import Html, lines
from digests.models import Article, Issue
from digests.readers import Language, Outgoing

OTHER_KINDS = ("photo_caption", "notice", "countdown")
"""What the contents mark as no story."""
CONTENTS = 15
"""Articles in one message of contents."""
ISSUES = 8
"""Issues in one message of the list."""


def contents(issue: Issue, articles: Sequence[Article], offset: int, lang: Language) -> Outgoing:
    """Everything an issue holds, CONTENTS articles at a time, each with a button."""
    say = texts(lang)
    window = Window.at(offset, CONTENTS, len(articles))
    shown = list(enumerate(articles[window.offset : window.end], window.offset + 1))
    head = say.say("contents.title", issue=issue_line(issue.paper, issue.day, say))
    place = say.say("contents.range", first=window.offset + 1, last=window.end, total=window.total)
    text = lines(head, "" if window.is_whole else place, *_listing(shown, say))
    back = button(say.label("button.digest_of", day=say.short_day(issue.day)), presses.ShowDigest(issue.day))
    return Outgoing(
        text,
        (
            *rows((opens(number, article.id) for number, article in shown), BUTTONS_A_ROW),
            *turning(window, _back_and_onward(say), lambda to: presses.TurnContents(issue.day, to)),
            (back,),
        ),
    )


def _listing(shown: Sequence[tuple[int, Article]], say: Texts) -> Iterator[Html]:
    """One line an article, and a line before the first of each page."""
    page = 0
    for number, article in shown:
        if article.page and article.page != page:
            page = article.page
            yield say.say("contents.page", page=pages([page], say))
        yield _item(number, article, say)


def _item(number: int, article: Article, say: Texts) -> Html:
    title = headline(article.title)
    if article.kind not in OTHER_KINDS:
        return say.say("contents.item", number=number, headline=title)
    return say.say("contents.item_kind", number=number, headline=title, kind=say.say(f"kind.{article.kind}"))


def issues(held: Sequence[Issue], offset: int, lang: Language) -> Outgoing:
    """The issues there are, newest first, each a button."""
    say = texts(lang)
    if not held:
        return Outgoing(say.say("issues.none"))
    window = Window.at(offset, ISSUES, len(held))
    place = say.say("issues.range", first=window.offset + 1, last=window.end)
    shown = held[window.offset : window.end]
    return Outgoing(
        lines(say.say("issues.title", count=len(held)), "" if window.is_whole else place),
        (
            *rows((_issue(issue, say) for issue in shown), 1),
            *turning(window, (say.label("button.newer"), say.label("button.older")), presses.TurnIssues),
        ),
    )


def _issue(issue: Issue, say: Texts) -> Button:
    label = say.label("issues.item", day=say.day(issue.day), count=issue.articles)
    return button(label, presses.ShowDigest(issue.day))


def near(missing: date, days: Iterable[date], lang: Language) -> Outgoing:
    """There is no issue of that day; buttons lead to those near it."""
    say = texts(lang)
    buttons = [button(say.short_day(day), presses.ShowDigest(day)) for day in days]
    head = say.say("day.missing", day=say.day(missing))
    return Outgoing(lines(head, say.say("day.near") if buttons else ""), rows(buttons, 2))


def _back_and_onward(say: Texts) -> tuple[str, str]:
    return say.label("button.back"), say.label("button.onward")

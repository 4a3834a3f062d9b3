"""Issues: the digest of one, what it holds, and the list of all."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot import keyboards
from bot.keyboards import Button, button, rows
from bot.render.fit import BUTTONS_A_ROW, Entry, pack
from bot.render.paging import Window, turning
from bot.render.pieces import POOR, headline, issue_line, pages
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines, quoted
from digests.models import Article, Digest, Issue, Language, Outgoing, Story
from digests.text import shorten

QUOTE = 100
"""Characters of a quoted sentence."""
OTHER_KINDS = ("photo_caption", "notice", "countdown")
"""What the contents mark as no story."""
CONTENTS = 15
"""Articles in one message of contents."""
ISSUES = 8
"""Issues in one message of the list."""


def digest(digest: Digest, lang: Language) -> tuple[Outgoing, ...]:
    """An issue in one glance, with a button for each story and one for everything else in it."""
    say = texts(lang)
    several = len(digest.pages) > 1  # of one page, the head has said which
    entries = [
        Entry(_story(number, story, say, page=several), _opens(number, story.article))
        for number, story in enumerate(digest.stories, 1)
    ]
    contents = button(say.label("button.contents", count=digest.articles), keyboards.ShowContents(digest.day))
    others = button(say.label("button.issues"), keyboards.ShowIssues())
    return pack(_digest_head(digest, say), entries, [(contents, others)])


def _digest_head(digest: Digest, say: Texts) -> Html:
    counts = [
        pages(digest.pages, say),
        say.say("count.articles", count=digest.articles - digest.notices),
        say.say("count.notices", count=digest.notices) if digest.notices else "",
    ]
    keywords = join(" · ", [keyword.text for keyword in digest.keywords])
    return lines(
        say.say("digest.title", issue=issue_line(digest.paper, digest.day, say)),
        join(" · ", counts),
        say.say("digest.poor") if digest.quality < POOR else "",
        Html("\n" + say.say("digest.keywords", keywords=keywords)) if keywords else "",
        Html() if digest.stories else say.say("digest.no_stories"),
    )


def _story(number: int, story: Story, say: Texts, *, page: bool) -> Html:
    title = headline(story.headline)
    if page and story.page:
        place = pages([story.page], say)
        head = say.say("digest.story_page", number=number, headline=title, page=place)
    else:
        head = say.say("digest.story", number=number, headline=title)
    return lines(head, quoted(shorten(story.quote, QUOTE)) if story.quote else "")


def _opens(number: int, article: str) -> Button:
    return button(str(number), keyboards.ShowArticle(article))


def contents(issue: Issue, articles: Sequence[Article], offset: int, lang: Language) -> Outgoing:
    """Everything an issue holds, CONTENTS articles at a time, each with a button."""
    say = texts(lang)
    window = Window.at(offset, CONTENTS, len(articles))
    shown = list(enumerate(articles[window.offset : window.end], window.offset + 1))
    head = say.say("contents.title", issue=issue_line(issue.paper, issue.day, say))
    place = say.say("contents.range", first=window.offset + 1, last=window.end, total=window.total)
    text = lines(head, "" if window.is_whole else place, *_listing(shown, say))
    back = button(say.label("button.digest_of", day=say.short_day(issue.day)), keyboards.ShowDigest(issue.day))
    return Outgoing(
        text,
        (
            *rows((_opens(number, article.id) for number, article in shown), BUTTONS_A_ROW),
            *turning(window, _back_and_onward(say), lambda to: keyboards.TurnContents(issue.day, to)),
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
            *turning(window, (say.label("button.newer"), say.label("button.older")), keyboards.TurnIssues),
        ),
    )


def _issue(issue: Issue, say: Texts) -> Button:
    label = say.label("issues.item", day=say.day(issue.day), count=issue.articles)
    return button(label, keyboards.ShowDigest(issue.day))


def near(missing: date, days: Iterable[date], lang: Language) -> Outgoing:
    """There is no issue of that day; buttons lead to those near it."""
    say = texts(lang)
    buttons = [button(say.short_day(day), keyboards.ShowDigest(day)) for day in days]
    head = say.say("day.missing", day=say.day(missing))
    return Outgoing(lines(head, say.say("day.near") if buttons else ""), rows(buttons, 2))


def _back_and_onward(say: Texts) -> tuple[str, str]:
    return say.label("button.back"), say.label("button.onward")

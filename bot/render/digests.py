"""A digest: an issue in one glance, its stories by themes, and why they stand in this order."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.fragments import headline, issue_line, page_numbers
from bot.render.packing import Entry, pack
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, join, lines, quoted
from digests.chats import Language, OutgoingMessage
from digests.digest import KEYWORDS_WEIGHT, LOCAL_WEIGHT, NOVELTY_WEIGHT, PROMINENCE_WEIGHT, SUBSTANCE_WEIGHT
from digests.models import Digest, Keyword, Story
from digests.segment.quality import POOR_QUALITY
from digests.text import shorten

MAX_QUOTE_CHARS = 80
"""Characters of a quoted sentence."""
MAX_EDITION_BUTTONS = 10
"""Further issues of one edition that get a button; the others are found under /issues."""
SECTIONS_PER_ROW = 3
PAUSES = "，；："
MAX_POINTS = 100
"""What a story can have at most, as readers are told: whole points instead of a share of 1."""
MAX_PART_SCORES = {
    "prominence": PROMINENCE_WEIGHT,
    "keywords": KEYWORDS_WEIGHT,
    "substance": SUBSTANCE_WEIGHT,
    "novelty": NOVELTY_WEIGHT,
    "local": LOCAL_WEIGHT,
}
"""What each part of a story's score can be at most."""


def digest(digest: Digest, lang: Language, *, others: Sequence[date] = ()) -> tuple[OutgoingMessage, ...]:
    """An issue in one glance, with a button for each story and one for everything else in it.

    `others` are days of issues that belong to the same edition; the first OTHERS of them get a button each.
    """
    texts = texts_for(lang)
    foot = [
        button(texts.plain("button.contents", count=digest.articles), callbacks.ShowContents(digest.day)),
        button(texts.plain("button.issues"), callbacks.ShowIssues()),
    ]
    if digest.stories:
        foot.insert(1, button(texts.plain("button.ranking"), callbacks.ShowScores(digest.day)))
    beside = (
        button(texts.plain("button.digest_of", day=texts.long_date(day)), callbacks.ShowDigest(day)) for day in others
    )
    drawn = (
        button(texts.plain("button.card"), callbacks.ShowCard(digest.day)),
        button(texts.plain("button.themes"), callbacks.ShowThemeChart(digest.day)),
    )
    below = [*rows(_sections(digest, texts), SECTIONS_PER_ROW), tuple(foot), drawn, _steps(digest.day, texts)]
    return pack(_head(digest, texts), _entries(digest, texts), [*below, *rows(islice(beside, MAX_EDITION_BUTTONS), 2)])


def _sections(digest: Digest, texts: Texts) -> Iterator[Button]:
    """A button for each section, of a digest that has several."""
    themes = [theme for theme, _ in digest.sections]
    for theme in themes if len(themes) > 1 else ():
        label = texts.plain("digest.theme", theme=theme or texts.plain("digest.no_theme"))
        yield button(label, callbacks.ShowSection(digest.day, theme))


def _steps(day: date, texts: Texts) -> Row:
    """To the issue before and after, whichever they are when the button is pressed."""
    return (
        button(texts.plain("button.previous_issue"), callbacks.StepDigest(day, onward=False)),
        button(texts.plain("button.next_issue"), callbacks.StepDigest(day, onward=True)),
    )


def no_issue_in_earlier_years(lang: Language) -> OutgoingMessage:
    """The one line of a day on which no earlier year has an issue."""
    texts = texts_for(lang)
    return OutgoingMessage(
        texts.html("digest.no_earlier_years"), ((button(texts.plain("button.issues"), callbacks.ShowIssues()),),)
    )


def story_scores(digest: Digest, lang: Language) -> tuple[OutgoingMessage, ...]:
    """The points of each story of a digest, part by part, and a button back to it."""
    texts = texts_for(lang)
    entries = [Entry(_points(number, story, texts)) for number, story in enumerate(digest.stories, 1)]
    head = texts.html("ranking.title", issue=issue_line(digest.paper, digest.day, texts))
    most = {part: _in_points(share) for part, share in MAX_PART_SCORES.items()}
    back = button(texts.plain("button.digest_of", day=texts.long_date(digest.day)), callbacks.ShowDigest(digest.day))
    return pack(lines(head, texts.html("ranking.method", **most)), entries, [(back,)])


def _head(digest: Digest, texts: Texts) -> Html:
    counts = [
        page_numbers(digest.pages, texts),
        texts.html("count.articles", count=digest.articles - digest.notices),
        texts.html("count.notices", count=digest.notices) if digest.notices else "",
        texts.html("digest.repeated", count=digest.repeated) if digest.repeated and digest.stories else "",
    ]
    figures = join(" · ", _figures(digest, texts))
    facts = lines(
        _keywords(digest.keywords, texts) if digest.keywords else "",
        texts.html("digest.figures", figures=figures) if figures else "",
    )
    return lines(
        texts.html("digest.title", issue=issue_line(digest.paper, digest.day, texts)),
        join(" · ", counts),
        texts.html("digest.poor") if digest.quality < POOR_QUALITY else "",
        Html("\n" + facts) if facts else "",
        "" if digest.stories else _nothing(digest, texts),
    )


def _nothing(digest: Digest, texts: Texts) -> Html:
    if digest.repeated:
        return texts.html("digest.nothing_new", count=digest.repeated)
    return texts.html("digest.no_stories")


def _keywords(keywords: Sequence[Keyword], texts: Texts) -> Html:
    """With their trends; that all of them are new is said once."""
    if len(keywords) > 1 and all(keyword.trend == "new" for keyword in keywords):
        return texts.html("digest.keywords_new", keywords=join(" · ", [keyword.text for keyword in keywords]))
    return texts.html("digest.keywords", keywords=join(" · ", [_keyword(keyword, texts) for keyword in keywords]))


def _keyword(keyword: Keyword, texts: Texts) -> Html:
    if not keyword.trend:
        return join("", [keyword.text])
    return texts.html("digest.keyword_trend", keyword=keyword.text, trend=texts.html(f"trend.{keyword.trend}"))


def _figures(digest: Digest, texts: Texts) -> Iterator[Html]:
    """The figures, each with the number of the story that gives it."""
    numbers = {story.article: number for number, story in enumerate(digest.stories, 1)}
    for figure in digest.figures:
        if figure.article in numbers:
            yield texts.html("digest.figure", figure=figure.text, number=numbers[figure.article])


def _entries(digest: Digest, texts: Texts) -> Iterator[Entry]:
    """The stories, numbered through, the first of each section below the name of its theme."""
    several = len(digest.pages) > 1  # of one page, the head has said which
    themed = any(story.theme for story in digest.stories)
    number = 0
    for theme, stories in digest.sections:
        heading = texts.html("digest.theme", theme=theme or texts.html("digest.no_theme")) if themed else Html()
        for story in stories:
            number += 1
            told = _story(number, story, texts, page=several)
            yield Entry(
                lines(heading, told), article_button(number, story.article), _opens_earlier(number, story, texts)
            )
            heading = Html()


def _story(number: int, story: Story, texts: Texts, *, page: bool) -> Html:
    marks = [
        page_numbers([story.page], texts) if page and story.page else "",
        texts.html("digest.copies", count=len(story.copies)) if story.copies else "",
        texts.html("digest.follows", day=texts.long_date(story.follows.day)) if story.follows else "",
    ]
    head = texts.html("digest.story", number=number, headline=headline(story.headline))
    quote = quoted(_briefly(story.quote)) if story.quote else ""
    return lines(join(texts.plain("digest.separator"), [head, join(" · ", marks)]), quote)


def _briefly(quote: str) -> str:
    """A long sentence up to the end of one of its phrases, if there is one in the second half."""
    if len(quote) <= MAX_QUOTE_CHARS:
        return quote
    end = max(quote.rfind(pause, MAX_QUOTE_CHARS // 2, MAX_QUOTE_CHARS - 1) for pause in PAUSES)
    return f"{quote[:end]}…" if end > 0 else shorten(quote, MAX_QUOTE_CHARS)


def article_button(number: int, article: str) -> Button:
    """The button with a story's number that opens it."""
    return button(str(number), callbacks.ShowArticle(article))


def _opens_earlier(number: int, story: Story, texts: Texts) -> Button | None:
    if story.follows is None:
        return None
    return button(texts.plain("button.earlier_story", number=number), callbacks.ShowArticle(story.follows.article))


def _points(number: int, story: Story, texts: Texts) -> Html:
    parts = [
        texts.html(
            "ranking.part",
            part=texts.html(f"ranking.parts.{part}"),
            points=_in_points(share),
            most=_in_points(MAX_PART_SCORES[part]),
        )
        for part, share in story.parts
    ]
    head = texts.html("ranking.story", number=number, headline=headline(story.headline), count=_in_points(story.score))
    return lines(head, join(" · ", parts))


def _in_points(share: float) -> int:
    return round(share * MAX_POINTS)

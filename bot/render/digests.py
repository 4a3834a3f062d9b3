"""The digest of an issue, the points of its stories, and its pictures: the card, and the chart of stories by theme."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from bot import callbacks
from bot.images.card import Card
from bot.images.charts import BarChart
from bot.keyboards import Button, Row, button, rows
from bot.render.fragments import article_button, digest_button, headline, issue_line, page_numbers
from bot.render.packing import Entry, pack
from bot.texts import Html, Texts, folded, join, lines, quoted, texts_for
from digests.chats import Language, OutgoingMessage, Picture
from digests.digest import KEYWORDS_WEIGHT, LOCAL_WEIGHT, NOVELTY_WEIGHT, PROMINENCE_WEIGHT, SUBSTANCE_WEIGHT
from digests.models import Digest, Issue, Keyword, Story
from digests.segment.quality import POOR_QUALITY
from digests.text import shorten

MAX_QUOTE_CHARS = 80
MAX_CARD_KEYWORDS = 8
MAX_CARD_STORIES = 5
"""Maximum number of lead stories on a card; these are the stories with the highest scores."""
MAX_EDITION_BUTTONS = 10
"""Maximum number of buttons below a digest for other issues of the same edition; /issues lists the rest."""
SECTIONS_PER_ROW = 3
EDITION_BUTTONS_PER_ROW = 2
PHRASE_ENDS = "，；："
"""Punctuation marks at which a long quotation is cut."""
MAX_POINTS = 100
"""Points for a score of 1.0: readers see whole points instead of fractions."""
PART_WEIGHTS = {
    "prominence": PROMINENCE_WEIGHT,
    "keywords": KEYWORDS_WEIGHT,
    "substance": SUBSTANCE_WEIGHT,
    "novelty": NOVELTY_WEIGHT,
    "local": LOCAL_WEIGHT,
}
"""The maximum of each part of a story's score."""

ThemeCounts = Sequence[tuple[str, int]]
"""Pairs of a theme and its number of stories; the theme "" means stories without a theme."""


def digest(digest: Digest, lang: Language, *, others: Sequence[date] = ()) -> tuple[OutgoingMessage, ...]:
    """Return an issue's digest, with buttons for stories, sections, contents, pictures and neighbouring issues.

    `others` are the days of the other issues in the same edition; the first MAX_EDITION_BUTTONS of them get a button.
    """
    texts = texts_for(lang)
    edition = (digest_button(day, texts) for day in islice(others, MAX_EDITION_BUTTONS))
    foot = [
        *rows(_section_buttons(digest, texts), SECTIONS_PER_ROW),
        _issue_row(digest, texts),
        (
            button(texts.plain("button.card"), callbacks.ShowCard(digest.day)),
            button(texts.plain("button.themes"), callbacks.ShowThemeChart(digest.day)),
        ),
        (
            button(texts.plain("button.previous_issue"), callbacks.StepDigest(digest.day, onward=False)),
            button(texts.plain("button.next_issue"), callbacks.StepDigest(digest.day, onward=True)),
        ),
        *rows(edition, EDITION_BUTTONS_PER_ROW),
    ]
    return pack(_head(digest, texts), _entries(digest, texts), foot)


def no_issue_in_earlier_years(lang: Language) -> OutgoingMessage:
    """Return the notice that no earlier year has an issue of today's calendar day."""
    texts = texts_for(lang)
    issues = button(texts.plain("button.issues"), callbacks.ShowIssues())
    return OutgoingMessage(texts.html("digest.no_earlier_years"), ((issues,),))


def story_scores(digest: Digest, lang: Language) -> tuple[OutgoingMessage, ...]:
    """For each story of a digest, return its points and those of each part of its score; a button leads back."""
    texts = texts_for(lang)
    entries = [Entry(_points_of(number, story, texts)) for number, story in enumerate(digest.stories, 1)]
    title = texts.html("ranking.title", issue=issue_line(digest.paper, digest.day, texts))
    method = texts.html("ranking.method", **{part: _points(weight) for part, weight in PART_WEIGHTS.items()})
    return pack(lines(title, method), entries, [(digest_button(digest.day, texts),)])


def issue_card(digest: Digest, lang: Language) -> OutgoingMessage:
    """Return the card of an issue, with buttons to its digest and its themes."""
    texts = texts_for(lang)
    keywords = join(" · ", [keyword.text for keyword in digest.keywords[:MAX_CARD_KEYWORDS]])
    stories = (f"{number}. {headline(story.headline)}" for number, story in enumerate(_lead_stories(digest), 1))
    content = lines(
        texts.html("digest.keywords", keywords=keywords) if keywords else "", *stories, _pages_and_count(digest, texts)
    )
    themes = button(texts.plain("button.themes"), callbacks.ShowThemeChart(digest.day))
    return OutgoingMessage(
        lines(texts.html("digest.title", issue=issue_line(digest.paper, digest.day, texts)), folded(content)),
        ((digest_button(digest.day, texts), themes),),
        Picture("card", digest.day.isoformat(), lang),
    )


def card_chart(digest: Digest, lang: Language) -> Card:
    """Return the content of an issue's card."""
    texts = texts_for(lang)
    return Card(
        title=digest.paper or texts.plain("chart.default_paper"),
        day=texts.full_date(digest.day),
        keywords=tuple((keyword.text, keyword.weight) for keyword in digest.keywords[:MAX_CARD_KEYWORDS]),
        stories=tuple(story.headline for story in _lead_stories(digest)),
        foot=_pages_and_count(digest, texts),
    )


def theme_counts(issue: Issue, counts: ThemeCounts, lang: Language) -> OutgoingMessage:
    """Return the number of stories for each theme, with the chart if there are any, and a button to the digest."""
    texts = texts_for(lang)
    themes = [texts.html("chart.theme", theme=name, count=count) for name, count in _named(counts, texts)]
    return OutgoingMessage(
        lines(
            texts.html("digest.title", issue=issue_line(issue.paper, issue.day, texts)),
            texts.html("chart.themes", themes=join(" · ", themes)) if themes else texts.html("digest.no_stories"),
        ),
        ((digest_button(issue.day, texts),),),
        Picture("themes", issue.day.isoformat(), lang) if themes else None,
    )


def theme_chart(issue: Issue, counts: ThemeCounts, lang: Language) -> BarChart:
    """Return the bar chart of stories by theme."""
    texts = texts_for(lang)
    title = f"{issue.paper} {texts.long_date(issue.day)}".strip()
    return BarChart(title, texts.plain("chart.themes_title"), tuple(_named(counts, texts)))


def _section_buttons(digest: Digest, texts: Texts) -> Iterator[Button]:
    """Yield a button for each section if the digest has more than one section."""
    themes = [theme for theme, _ in digest.sections]
    for theme in themes if len(themes) > 1 else ():
        label = texts.plain("digest.theme", theme=theme or texts.plain("digest.no_theme"))
        yield button(label, callbacks.ShowSection(digest.day, theme))


def _issue_row(digest: Digest, texts: Texts) -> Row:
    contents = button(texts.plain("button.contents", count=digest.articles), callbacks.ShowContents(digest.day))
    scores = button(texts.plain("button.ranking"), callbacks.ShowScores(digest.day))
    issues = button(texts.plain("button.issues"), callbacks.ShowIssues())
    return (contents, scores, issues) if digest.stories else (contents, issues)


def _head(digest: Digest, texts: Texts) -> Html:
    """Return the part above the stories: title, counts, keywords and figures."""
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
        "" if digest.stories else _no_stories(digest, texts),
    )


def _no_stories(digest: Digest, texts: Texts) -> Html:
    if digest.repeated:
        return texts.html("digest.nothing_new", count=digest.repeated)
    return texts.html("digest.no_stories")


def _keywords(keywords: Sequence[Keyword], texts: Texts) -> Html:
    """Return the keywords, each with its trend; if all are new, a single remark replaces the trends."""
    if len(keywords) > 1 and all(keyword.trend == "new" for keyword in keywords):
        return texts.html("digest.keywords_new", keywords=join(" · ", [keyword.text for keyword in keywords]))
    return texts.html("digest.keywords", keywords=join(" · ", [_keyword(keyword, texts) for keyword in keywords]))


def _keyword(keyword: Keyword, texts: Texts) -> Html:
    if not keyword.trend:
        return join("", [keyword.text])
    return texts.html("digest.keyword_trend", keyword=keyword.text, trend=texts.html(f"trend.{keyword.trend}"))


def _figures(digest: Digest, texts: Texts) -> Iterator[Html]:
    """Yield each figure with the number of its story; skip figures from articles that the digest does not list."""
    numbers = {story.article: number for number, story in enumerate(digest.stories, 1)}
    for figure in digest.figures:
        if figure.article in numbers:
            yield texts.html("digest.figure", figure=figure.text, number=numbers[figure.article])


def _entries(digest: Digest, texts: Texts) -> Iterator[Entry]:
    """Yield the stories, numbered from 1, with the name of the theme above the first story of each section."""
    show_page = len(digest.pages) > 1  # the head already names a single page
    show_themes = any(story.theme for story in digest.stories)
    number = 0
    for theme, stories in digest.sections:
        heading = texts.html("digest.theme", theme=theme or texts.html("digest.no_theme")) if show_themes else Html()
        for story in stories:
            number += 1
            text = lines(heading, _story(number, story, texts, show_page=show_page))
            yield Entry(text, article_button(number, story.article), _earlier_story_button(number, story, texts))
            heading = Html()


def _story(number: int, story: Story, texts: Texts, *, show_page: bool) -> Html:
    remarks = [
        page_numbers([story.page], texts) if show_page and story.page else "",
        texts.html("digest.copies", count=len(story.copies)) if story.copies else "",
        texts.html("digest.follows", day=texts.long_date(story.follows.day)) if story.follows else "",
    ]
    title = texts.html("digest.story", number=number, headline=headline(story.headline))
    quote = quoted(_shortened_quote(story.quote)) if story.quote else ""
    return lines(join(texts.plain("digest.separator"), [title, join(" · ", remarks)]), quote)


def _shortened_quote(quote: str) -> str:
    """Shorten the quotation to MAX_QUOTE_CHARS, if possible at the last phrase end in its second half."""
    if len(quote) <= MAX_QUOTE_CHARS:
        return quote
    end = max(quote.rfind(mark, MAX_QUOTE_CHARS // 2, MAX_QUOTE_CHARS - 1) for mark in PHRASE_ENDS)
    return f"{quote[:end]}…" if end > 0 else shorten(quote, MAX_QUOTE_CHARS)


def _earlier_story_button(number: int, story: Story, texts: Texts) -> Button | None:
    if story.follows is None:
        return None
    return button(texts.plain("button.earlier_story", number=number), callbacks.ShowArticle(story.follows.article))


def _points_of(number: int, story: Story, texts: Texts) -> Html:
    """Return the points of a story and, below them, the points and the maximum of each part of its score."""
    title = texts.html("ranking.story", number=number, headline=headline(story.headline), count=_points(story.score))
    parts = [
        texts.html(
            "ranking.part",
            part=texts.html(f"ranking.parts.{part}"),
            points=_points(value),
            most=_points(PART_WEIGHTS[part]),
        )
        for part, value in story.parts._asdict().items()
    ]
    return lines(title, join(" · ", parts))


def _points(share: float) -> int:
    """Convert a score, or a part of it, to whole points."""
    return round(share * MAX_POINTS)


def _named(counts: ThemeCounts, texts: Texts) -> list[tuple[str, int]]:
    """Return the counts, with a name in place of the theme ""."""
    return [(theme or texts.plain("digest.no_theme"), count) for theme, count in counts]


def _lead_stories(digest: Digest) -> list[Story]:
    """Return the stories with the highest scores, the highest first."""
    return sorted(digest.stories, key=lambda story: -story.score)[:MAX_CARD_STORIES]


def _pages_and_count(digest: Digest, texts: Texts) -> str:
    articles = texts.plain("count.articles", count=digest.articles - digest.notices)
    return " · ".join(filter(None, [page_numbers(digest.pages, texts), articles]))

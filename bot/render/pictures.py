"""Pictures with the text below them, which has the same content: an issue's card, its stories by theme."""

from collections.abc import Sequence

from bot import callbacks
from bot.images.card import Card
from bot.images.charts import BarChart
from bot.keyboards import button
from bot.render.fragments import digest_button, headline, issue_line, page_numbers
from bot.texts import Texts, texts_for
from bot.texts.markup import folded, join, lines
from digests.chats import Language, OutgoingMessage, Picture
from digests.models import Digest, Issue, Story

MAX_CARD_KEYWORDS = 8
MAX_CARD_STORIES = 5
"""Lead stories on a card: those with the highest scores."""

ThemeCounts = Sequence[tuple[str, int]]
"""Themes with their numbers of stories; "" stands for stories without a theme."""


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
    """Return what the card of an issue shows."""
    texts = texts_for(lang)
    return Card(
        title=digest.paper or texts.plain("chart.default_paper"),
        day=texts.full_date(digest.day),
        keywords=tuple((keyword.text, keyword.weight) for keyword in digest.keywords[:MAX_CARD_KEYWORDS]),
        stories=tuple(story.headline for story in _lead_stories(digest)),
        foot=_pages_and_count(digest, texts),
    )


def theme_counts(issue: Issue, counts: ThemeCounts, lang: Language) -> OutgoingMessage:
    """Return the numbers of stories by theme, with a button to the digest; no picture without stories."""
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
    """Return the bar chart of the themes."""
    texts = texts_for(lang)
    title = f"{issue.paper} {texts.long_date(issue.day)}".strip()
    return BarChart(title, texts.plain("chart.themes_title"), tuple(_named(counts, texts)))


def _named(counts: ThemeCounts, texts: Texts) -> list[tuple[str, int]]:
    return [(theme or texts.plain("digest.no_theme"), count) for theme, count in counts]


def _lead_stories(digest: Digest) -> list[Story]:
    return sorted(digest.stories, key=lambda story: -story.score)[:MAX_CARD_STORIES]


def _pages_and_count(digest: Digest, texts: Texts) -> str:
    articles = texts.plain("count.articles", count=digest.articles - digest.notices)
    return " · ".join(filter(None, [page_numbers(digest.pages, texts), articles]))

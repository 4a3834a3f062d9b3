"""Pictures and the texts below them, which say the same words: an issue's card, its themes."""

from collections.abc import Sequence

from bot import callbacks
from bot.images.charts import BarChart, Card
from bot.keyboards import button
from bot.render.fragments import headline, issue_line, page_numbers
from bot.texts import Texts, texts_for
from bot.texts.markup import folded, join, lines
from digests.chats import Language, OutgoingMessage, Picture
from digests.models import Digest, Issue, Story

MAX_CARD_KEYWORDS = 8
"""On a card."""
MAX_CARD_STORIES = 5
"""Lead stories on a card, by their score."""

Counts = Sequence[tuple[str, int]]
"""Themes with the numbers of their stories; "" stands for those without one."""


def issue_card(digest: Digest, lang: Language) -> OutgoingMessage:
    """An issue's card, with buttons to the digest and to the themes."""
    texts = texts_for(lang)
    keywords = join(" · ", [keyword.text for keyword in digest.keywords[:MAX_CARD_KEYWORDS]])
    stories = (f"{number}. {headline(story.headline)}" for number, story in enumerate(_lead(digest), 1))
    told = lines(
        texts.html("digest.keywords", keywords=keywords) if keywords else "", *stories, _counted(digest, texts)
    )
    return OutgoingMessage(
        lines(texts.html("digest.title", issue=issue_line(digest.paper, digest.day, texts)), folded(told)),
        (
            (
                button(
                    texts.plain("button.digest_of", day=texts.long_date(digest.day)), callbacks.ShowDigest(digest.day)
                ),
                button(texts.plain("button.themes"), callbacks.ShowThemeChart(digest.day)),
            ),
        ),
        Picture("card", digest.day.isoformat(), lang),
    )


def card_chart(digest: Digest, lang: Language) -> Card:
    """What is drawn of it."""
    texts = texts_for(lang)
    return Card(
        title=digest.paper or texts.plain("chart.default_paper"),
        day=texts.full_date(digest.day),
        keywords=tuple((keyword.text, keyword.weight) for keyword in digest.keywords[:MAX_CARD_KEYWORDS]),
        stories=tuple(story.headline for story in _lead(digest)),
        foot=_counted(digest, texts),
    )


def theme_counts(issue: Issue, counts: Counts, lang: Language) -> OutgoingMessage:
    """An issue's themes with the numbers of their stories, and a button to the digest."""
    texts = texts_for(lang)
    named = [texts.html("chart.theme", theme=name, count=count) for name, count in _named(counts, texts)]
    back = button(texts.plain("button.digest_of", day=texts.long_date(issue.day)), callbacks.ShowDigest(issue.day))
    return OutgoingMessage(
        lines(
            texts.html("digest.title", issue=issue_line(issue.paper, issue.day, texts)),
            texts.html("chart.themes", themes=join(" · ", named)) if named else texts.html("digest.no_stories"),
        ),
        ((back,),),
        Picture("themes", issue.day.isoformat(), lang) if named else None,
    )


def theme_chart(issue: Issue, counts: Counts, lang: Language) -> BarChart:
    """What is drawn of it."""
    texts = texts_for(lang)
    day = texts.long_date(issue.day)
    return BarChart(f"{issue.paper} {day}".strip(), texts.plain("chart.themes_title"), tuple(_named(counts, texts)))


def _named(counts: Counts, texts: Texts) -> list[tuple[str, int]]:
    return [(name or texts.plain("digest.no_theme"), count) for name, count in counts]


def _lead(digest: Digest) -> list[Story]:
    return sorted(digest.stories, key=lambda story: -story.score)[:MAX_CARD_STORIES]


def _counted(digest: Digest, texts: Texts) -> str:
    articles = texts.plain("count.articles", count=digest.articles - digest.notices)
    return " · ".join(filter(None, [page_numbers(digest.pages, texts), articles]))

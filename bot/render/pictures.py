"""Pictures and the texts below them, which say the same words: an issue's card, its themes."""

from collections.abc import Sequence

from bot import callbacks
from bot.images.charts import BarChart, Card
from bot.keyboards import button
from bot.render.pieces import headline, issue_line, pages
from bot.texts import Texts, texts
from bot.texts.markup import folded, join, lines
from digests.chats import Language, Outgoing, Picture
from digests.models import Digest, Issue, Story

KEYWORDS = 8
"""On a card."""
STORIES = 5
"""Lead stories on a card, by their score."""

Counts = Sequence[tuple[str, int]]
"""Themes with the numbers of their stories; "" stands for those without one."""


def card(digest: Digest, lang: Language) -> Outgoing:
    """An issue's card, with buttons to the digest and to the themes."""
    say = texts(lang)
    keywords = join(" · ", [keyword.text for keyword in digest.keywords[:KEYWORDS]])
    stories = (f"{number}. {headline(story.headline)}" for number, story in enumerate(_lead(digest), 1))
    told = lines(say.say("digest.keywords", keywords=keywords) if keywords else "", *stories, _counted(digest, say))
    return Outgoing(
        lines(say.say("digest.title", issue=issue_line(digest.paper, digest.day, say)), folded(told)),
        (
            (
                button(say.label("button.digest_of", day=say.short_day(digest.day)), callbacks.ShowDigest(digest.day)),
                button(say.label("button.themes"), callbacks.ShowThemes(digest.day)),
            ),
        ),
        Picture("card", digest.day.isoformat(), lang),
    )


def card_chart(digest: Digest, lang: Language) -> Card:
    """What is drawn of it."""
    say = texts(lang)
    return Card(
        title=digest.paper or say.label("picture.no_paper"),
        day=say.day(digest.day),
        keywords=tuple((keyword.text, keyword.weight) for keyword in digest.keywords[:KEYWORDS]),
        stories=tuple(story.headline for story in _lead(digest)),
        foot=_counted(digest, say),
    )


def themes(issue: Issue, counts: Counts, lang: Language) -> Outgoing:
    """An issue's themes with the numbers of their stories, and a button to the digest."""
    say = texts(lang)
    named = [say.say("picture.theme", theme=name, count=count) for name, count in _named(counts, say)]
    back = button(say.label("button.digest_of", day=say.short_day(issue.day)), callbacks.ShowDigest(issue.day))
    return Outgoing(
        lines(
            say.say("digest.title", issue=issue_line(issue.paper, issue.day, say)),
            say.say("picture.themes", themes=join(" · ", named)) if named else say.say("digest.no_stories"),
        ),
        ((back,),),
        Picture("themes", issue.day.isoformat(), lang) if named else None,
    )


def theme_chart(issue: Issue, counts: Counts, lang: Language) -> BarChart:
    """What is drawn of it."""
    say = texts(lang)
    day = say.short_day(issue.day)
    return BarChart(f"{issue.paper} {day}".strip(), say.label("picture.by_theme"), tuple(_named(counts, say)))


def _named(counts: Counts, say: Texts) -> list[tuple[str, int]]:
    return [(name or say.label("digest.no_theme"), count) for name, count in counts]


def _lead(digest: Digest) -> list[Story]:
    return sorted(digest.stories, key=lambda story: -story.score)[:STORIES]


def _counted(digest: Digest, say: Texts) -> str:
    articles = say.label("count.articles", count=digest.articles - digest.notices)
    return " · ".join(filter(None, [pages(digest.pages, say), articles]))

"""A week or a month of issues, rolled up into one message."""

from datetime import date
from typing import Literal

from bot import presses
from bot.keyboards import button, rows
from bot.render.digests import opens
from bot.render.fit import BUTTONS_A_ROW
from bot.render.pieces import headline
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines
from digests.models import Story
from digests.readers import Language, Outgoing
from digests.trends import Period

Span = Literal["week", "month"]

_TURN: dict[Span, type[presses.ShowWeek] | type[presses.ShowMonth]] = {
    "week": presses.ShowWeek,
    "month": presses.ShowMonth,
}


def period(
    told: Period, span: Span, lang: Language, *, newer: date | None = None, older: date | None = None
) -> Outgoing:
    """What the issues of a week or month said together; `newer` and `older` are days of issues outside of it."""
    say = texts(lang)
    numbered = list(enumerate(told.stories, 1))
    stories = [_story(number, day, story, say) for number, (day, story) in numbered]
    turns = [
        (label, _TURN[span](day))
        for label, day in (("button.newer", newer), ("button.older", older))
        if day is not None
    ]
    return Outgoing(
        join("\n\n", [_head(told, span, say), lines(*stories)]),
        (
            *rows((opens(number, story.article) for number, (_, story) in numbered), BUTTONS_A_ROW),
            *rows((button(say.label(label), press) for label, press in turns), 2),
        ),
    )


def _head(told: Period, span: Span, say: Texts) -> Html:
    title = say.say(f"period.{span}", first=say.short_day(told.first), last=say.short_day(told.last))
    counts = [
        say.say("count.issues", count=len(told.issues)),
        say.say("count.articles", count=told.articles - told.notices),
        say.say("count.notices", count=told.notices) if told.notices else "",
    ]
    keywords = join(" · ", [_keyword(text, count, say) for text, count in told.keywords])
    return lines(
        title,
        join(" · ", counts),
        Html("\n" + say.say("digest.keywords", keywords=keywords)) if keywords else "",
        "" if told.stories else say.say("period.no_stories"),
    )


def _keyword(text: str, count: int, say: Texts) -> Html:
    """With the number of issues that list it, where that is more than one."""
    return say.say("period.keyword", keyword=text, count=count) if count > 1 else join("", [text])


def _story(number: int, day: date, story: Story, say: Texts) -> Html:
    head = say.say("digest.story", number=number, headline=headline(story.headline))
    return join(say.label("digest.gap"), [head, say.short_day(day)])

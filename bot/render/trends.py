"""How much the paper writes of something, issue by issue, and of what it writes more and more.

A week or a month of issues, rolled up into one message.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from bot import callbacks
from bot.images.charts import Line, LineChart
from bot.keyboards import button, rows
from bot.render.digests import article_button
from bot.render.fragments import MAX_LABEL_CHARS, headline
from bot.render.packing import BUTTONS_PER_ROW, MAX_CAPTION_UNITS, plain_text, utf16_units
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, join, lines, preformatted
from digests.chats import Language, OutgoingMessage, Picture
from digests.digest.trends import PeriodSummary, RisingKeyword, TermCount
from digests.models import Story
from digests.text import shorten

MAX_TABLE_ROWS = 12
"""Lines of one word's table; of more issues, several share a line."""
MAX_CHART_POINTS = 36
"""Of one line of the chart at most."""
MAX_BAR_CHARS = 8
"""Characters of the longest bar; the whole line fits a phone."""


def word_trends(
    counted: Mapping[str, Sequence[TermCount]], held: int, lang: Language, *, left_out: Sequence[str] = ()
) -> OutgoingMessage:
    """For each word a small table of the issues that were looked at, of the `held` ones that there are."""
    texts = texts_for(lang)
    looked = len(next(iter(counted.values())))
    each = -(-looked // MAX_TABLE_ROWS)
    told = [
        lines(_looked_at(looked, held, texts), texts.html("trend.how", count=each)),
        *(_word(word, counts, each, texts) for word, counts in counted.items()),
        texts.html("trend.too_many", count=len(counted)) if left_out else "",
    ]
    whole = join("\n\n", told)
    if looked == 1 or not any(count.times for counts in counted.values() for count in counts):
        return OutgoingMessage(whole)
    brief = lines(
        _looked_at(looked, held, texts), *(_head(word, counts, texts) for word, counts in counted.items()), told[-1]
    )
    text = whole if utf16_units(plain_text(whole)) <= MAX_CAPTION_UNITS else brief
    return OutgoingMessage(text, picture=Picture("trend", " ".join(counted), lang))


def trend_chart(counted: Mapping[str, Sequence[TermCount]], lang: Language) -> LineChart:
    """The rates of each word as lines; of many issues, several share a point."""
    texts = texts_for(lang)
    looked = len(next(iter(counted.values())))
    each = -(-looked // MAX_CHART_POINTS)
    points = {word: [_together(part) for part in _parts(counts, each)] for word, counts in counted.items()}
    days = [point.day for point in next(iter(points.values()))]
    named = texts.month_day if days[0].year == days[-1].year else texts.long_date
    return LineChart(
        texts.plain("chart.trend_title"),
        texts.plain("chart.several_issues", count=each) if each > 1 else texts.plain("chart.each_issue"),
        tuple((day.toordinal(), named(day)) for day in days),
        tuple(Line(word, tuple(point.rate for point in told)) for word, told in points.items()),
    )


def rising_words(risen: Sequence[RisingKeyword], looked: int, held: int, lang: Language) -> OutgoingMessage:
    """What the paper writes of more and more, the steepest first."""
    texts = texts_for(lang)
    new = texts.html("trend.new")
    words = [
        texts.html("digest.keyword_trend", keyword=one.text, trend=texts.html("trend.up") if one.before else new)
        for one in risen
    ]
    return OutgoingMessage(
        lines(
            _looked_at(looked, held, texts),
            texts.html("trend.rising", words=join(" · ", words)) if words else texts.html("trend.none"),
            texts.html("trend.usage"),
        )
    )


def _looked_at(looked: int, held: int, texts: Texts) -> Html:
    if looked < held:
        return texts.html("trend.newest", count=looked, total=held)
    return texts.html("trend.all", count=held)


def _word(word: str, counts: Sequence[TermCount], each: int, texts: Texts) -> Html:
    table = preformatted("\n".join(_table(counts, each))) if any(count.times for count in counts) else ""
    return lines(_head(word, counts, texts), table)


def _head(word: str, counts: Sequence[TermCount], texts: Texts) -> Html:
    whole = _together(counts)
    named = shorten(word, MAX_LABEL_CHARS)
    if not whole.times:
        return texts.html("trend.never", word=named)
    articles = texts.html("count.articles", count=whole.articles)
    return texts.html("trend.word", word=named, count=whole.times, articles=articles, rate=f"{whole.rate:.1f}")


def _table(counts: Sequence[TermCount], each: int) -> Iterator[str]:
    """A line for every `each` issues: its first day, a bar of the rate, how often, how often in 10,000 characters."""
    parts = [_together(part) for part in _parts(counts, each)]
    highest = max(part.rate for part in parts)
    for part in parts:
        bar = "█" * max(int(part.times > 0), round(MAX_BAR_CHARS * part.rate / highest) if highest else 0)
        yield f"{part.day.isoformat()} {bar:<{MAX_BAR_CHARS}} {part.times:>4} {part.rate:>5.1f}"


def _parts(counts: Sequence[TermCount], each: int) -> Iterator[Sequence[TermCount]]:
    return (counts[at : at + each] for at in range(0, len(counts), each))


def _together(counts: Sequence[TermCount]) -> TermCount:
    """Several issues counted as one, of the day of the first."""
    return TermCount(
        counts[0].day,
        sum(count.times for count in counts),
        sum(count.articles for count in counts),
        sum(count.characters for count in counts),
    )


PeriodKind = Literal["week", "month"]

_TURN: dict[PeriodKind, type[callbacks.ShowWeek] | type[callbacks.ShowMonth]] = {
    "week": callbacks.ShowWeek,
    "month": callbacks.ShowMonth,
}


def period_review(
    told: PeriodSummary, span: PeriodKind, lang: Language, *, newer: date | None = None, older: date | None = None
) -> OutgoingMessage:
    """What the issues of a week or month said together; `newer` and `older` are days of issues outside of it."""
    texts = texts_for(lang)
    numbered = list(enumerate(told.stories, 1))
    stories = [_story(number, day, story, texts) for number, (day, story) in numbered]
    turns = [
        (label, _TURN[span](day))
        for label, day in (("button.newer", newer), ("button.older", older))
        if day is not None
    ]
    return OutgoingMessage(
        join("\n\n", [_period_head(told, span, texts), lines(*stories)]),
        (
            *rows((article_button(number, story.article) for number, (_, story) in numbered), BUTTONS_PER_ROW),
            *rows((button(texts.plain(label), press) for label, press in turns), 2),
        ),
    )


def _period_head(told: PeriodSummary, span: PeriodKind, texts: Texts) -> Html:
    title = texts.html(f"period.{span}", first=texts.long_date(told.first), last=texts.long_date(told.last))
    counts = [
        texts.html("count.issues", count=len(told.issues)),
        texts.html("count.articles", count=told.articles - told.notices),
        texts.html("count.notices", count=told.notices) if told.notices else "",
    ]
    keywords = join(" · ", [_keyword(text, count, texts) for text, count in told.keywords])
    return lines(
        title,
        join(" · ", counts),
        Html("\n" + texts.html("digest.keywords", keywords=keywords)) if keywords else "",
        "" if told.stories else texts.html("period.no_stories"),
    )


def _keyword(text: str, count: int, texts: Texts) -> Html:
    """With the number of issues that list it, where that is more than one."""
    return texts.html("period.keyword", keyword=text, count=count) if count > 1 else join("", [text])


def _story(number: int, day: date, story: Story, texts: Texts) -> Html:
    head = texts.html("digest.story", number=number, headline=headline(story.headline))
    return join(texts.plain("digest.separator"), [head, texts.long_date(day)])

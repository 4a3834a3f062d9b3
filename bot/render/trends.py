"""Tables and a line chart of how often words occur in each issue; rising words; the review of a week or a month."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from bot import callbacks
from bot.images.charts import LineChart, Series
from bot.keyboards import Button, button, rows
from bot.render.fragments import MAX_LABEL_CHARS, article_button, headline
from bot.render.packing import BUTTONS_PER_ROW, MAX_CAPTION_UNITS, plain_text, utf16_units
from bot.texts import Html, Texts, join, lines, preformatted, texts_for
from digests.chats import Language, OutgoingMessage, Picture
from digests.digest.trends import PeriodSummary, RisingKeyword, TermCount
from digests.models import Story
from digests.text import shorten

MAX_TABLE_ROWS = 12
"""Maximum number of rows in a word's table; if there are more issues, each row combines several issues."""
MAX_CHART_POINTS = 36
"""Maximum number of points in a series; if there are more issues, each point combines several issues."""
MAX_BAR_CHARS = 8
"""Characters of the longest bar, so that a row fits the screen of a phone."""

PeriodKind = Literal["week", "month"]

_CALLBACKS: dict[PeriodKind, type[callbacks.ShowWeek] | type[callbacks.ShowMonth]] = {
    "week": callbacks.ShowWeek,
    "month": callbacks.ShowMonth,
}


def word_trends(
    counts_by_word: Mapping[str, Sequence[TermCount]], lang: Language, *, left_out: Sequence[str] = ()
) -> OutgoingMessage:
    """Return a table for each word, and the line chart if several issues are counted and a word occurs in them.

    `left_out` are words that are not counted because there are too many. If the tables do not fit below the chart, only
    the totals are shown.
    """
    texts = texts_for(lang)
    counted = len(next(iter(counts_by_word.values())))
    per_row = -(-counted // MAX_TABLE_ROWS)
    scope = texts.html("trend.all", count=counted)
    too_many = texts.html("trend.too_many", count=len(counts_by_word)) if left_out else ""
    tables = (_word_with_table(word, counts, per_row, texts) for word, counts in counts_by_word.items())
    full = join("\n\n", [lines(scope, texts.html("trend.how", count=per_row)), *tables, too_many])
    if counted == 1 or not any(count.articles for counts in counts_by_word.values() for count in counts):
        return OutgoingMessage(full)
    brief = lines(scope, *(_word_total(word, counts, texts) for word, counts in counts_by_word.items()), too_many)
    text = full if utf16_units(plain_text(full)) <= MAX_CAPTION_UNITS else brief
    return OutgoingMessage(text, picture=Picture("trend", " ".join(counts_by_word), lang))


def trend_chart(counts_by_word: Mapping[str, Sequence[TermCount]], lang: Language) -> LineChart:
    """Return the line chart of the share of articles with each word, in percent."""
    texts = texts_for(lang)
    counted = len(next(iter(counts_by_word.values())))
    per_point = -(-counted // MAX_CHART_POINTS)
    points = {word: [_total(group) for group in _groups(counts, per_point)] for word, counts in counts_by_word.items()}
    days = [point.day for point in next(iter(points.values()))]
    label = texts.month_day if days[0].year == days[-1].year else texts.long_date
    return LineChart(
        texts.plain("chart.trend_title"),
        texts.plain("chart.several_issues", count=per_point) if per_point > 1 else texts.plain("chart.each_issue"),
        tuple((day.toordinal(), label(day)) for day in days),
        tuple(Series(word, tuple(point.share for point in totals)) for word, totals in points.items()),
    )


def rising_words(rising: Sequence[RisingKeyword], counted: int, issues: int, lang: Language) -> OutgoingMessage:
    """Return the rising keywords of the newest `counted` of the `issues` issues in the archive, in the given order."""
    texts = texts_for(lang)
    words = [
        texts.html(
            "digest.keyword_trend",
            keyword=keyword.text,
            trend=texts.html("trend.up") if keyword.before else texts.html("trend.new"),
        )
        for keyword in rising
    ]
    return OutgoingMessage(
        lines(
            _scope(counted, issues, texts),
            texts.html("trend.rising", words=join(" · ", words)) if words else texts.html("trend.none"),
            texts.html("trend.usage"),
        )
    )


def period_review(
    period: PeriodSummary, kind: PeriodKind, lang: Language, *, newer: date | None = None, older: date | None = None
) -> OutgoingMessage:
    """Return the review of a week or month; `newer` and `older` are days of issues after and before the period."""
    texts = texts_for(lang)
    numbered = list(enumerate(period.stories, 1))
    stories = lines(*(_story(number, day, story, texts) for number, (day, story) in numbered))
    return OutgoingMessage(
        join("\n\n", [_period_head(period, kind, texts), stories]),
        (
            *rows((article_button(number, story.article) for number, (_, story) in numbered), BUTTONS_PER_ROW),
            *rows(_period_buttons(kind, newer, older, texts), 2),
        ),
    )


def _scope(counted: int, issues: int, texts: Texts) -> Html:
    """Return the number of issues that are counted, out of all issues in the archive."""
    if counted < issues:
        return texts.html("trend.newest", count=counted, total=issues)
    return texts.html("trend.all", count=issues)


def _word_with_table(word: str, counts: Sequence[TermCount], per_row: int, texts: Texts) -> Html:
    table = preformatted("\n".join(_table(counts, per_row))) if any(count.articles for count in counts) else ""
    return lines(_word_total(word, counts, texts), table)


def _word_total(word: str, counts: Sequence[TermCount], texts: Texts) -> Html:
    total = _total(counts)
    word = shorten(word, MAX_LABEL_CHARS)
    if not total.articles:
        return texts.html("trend.never", word=word)
    return texts.html("trend.word", word=word, count=total.articles, share=f"{total.share:.1f}")


def _table(counts: Sequence[TermCount], per_row: int) -> Iterator[str]:
    """Yield a row for every `per_row` issues: first day, bar of the share, articles, share in percent."""
    totals = [_total(group) for group in _groups(counts, per_row)]
    highest = max(total.share for total in totals)
    for total in totals:
        chars = round(MAX_BAR_CHARS * total.share / highest) if highest else 0
        bar = "█" * max(int(total.articles > 0), chars)
        yield f"{total.day.isoformat()} {bar:<{MAX_BAR_CHARS}} {total.articles:>4} {total.share:>5.1f}%"


def _groups(counts: Sequence[TermCount], size: int) -> Iterator[Sequence[TermCount]]:
    return (counts[at : at + size] for at in range(0, len(counts), size))


def _total(counts: Sequence[TermCount]) -> TermCount:
    """Return the sums of the counts of several issues, with the day of the first issue."""
    return TermCount(counts[0].day, sum(count.articles for count in counts), sum(count.of for count in counts))


def _period_head(period: PeriodSummary, kind: PeriodKind, texts: Texts) -> Html:
    counts = [
        texts.html("count.issues", count=len(period.issues)),
        texts.html("count.articles", count=period.articles - period.notices),
        texts.html("count.notices", count=period.notices) if period.notices else "",
    ]
    keywords = join(" · ", [_keyword(text, count, texts) for text, count in period.keywords])
    return lines(
        texts.html(f"period.{kind}", first=texts.long_date(period.first), last=texts.long_date(period.last)),
        join(" · ", counts),
        Html("\n" + texts.html("digest.keywords", keywords=keywords)) if keywords else "",
        "" if period.stories else texts.html("period.no_stories"),
    )


def _keyword(text: str, count: int, texts: Texts) -> Html:
    """Return the keyword, with the number of issues that list it if there is more than one."""
    return texts.html("period.keyword", keyword=text, count=count) if count > 1 else join("", [text])


def _story(number: int, day: date, story: Story, texts: Texts) -> Html:
    title = texts.html("digest.story", number=number, headline=headline(story.headline))
    return join(texts.plain("digest.separator"), [title, texts.long_date(day)])


def _period_buttons(kind: PeriodKind, newer: date | None, older: date | None, texts: Texts) -> Iterator[Button]:
    turn_to = _CALLBACKS[kind]
    if newer is not None:
        yield button(texts.plain("button.newer"), turn_to(newer))
    if older is not None:
        yield button(texts.plain("button.older"), turn_to(older))

"""Alerts on new articles with the reason for each match, summaries of held articles, and the weekly report."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot import callbacks
from bot.keyboards import Button, button
from bot.render.fragments import (
    article_line,
    digest_button,
    highlighted,
    issue_line,
    origin,
    short_name,
    subscription_name,
    subscriptions_button,
)
from bot.render.packing import Entry, pack
from bot.texts import Html, Texts, join, lines, quoted, texts_for
from digests.chats import Language, Match, OutgoingMessage, Subscription
from digests.models import Digest
from digests.subscriptions.alerts import MatchedArticle
from digests.subscriptions.weekly_report import ReportLine, WeeklyReport

MAX_ARTICLES_WITH_EXCLUSIONS = 20
"""Maximum number of articles in a list with exclusion buttons; Telegram accepts at most 100 buttons below a message."""


def alert(articles: Sequence[MatchedArticle], lang: Language) -> tuple[OutgoingMessage, ...]:
    """Return the alert on new articles; an article is listed once, with all subscriptions that match it."""
    texts = texts_for(lang)
    if len(articles) == 1:
        return _alert_on_one(articles[0], texts)
    return _list(texts.html("alert.title_many", count=len(articles)), articles, texts)


def alert_bundle(articles: Sequence[MatchedArticle], lang: Language) -> tuple[OutgoingMessage, ...]:
    """Return the summary of articles that were held until the digest, the end of quiet hours or the end of the week."""
    texts = texts_for(lang)
    return _list(texts.html("bundle.title", count=len(articles)), articles, texts)


def unreadable_subscription(subscription: Subscription, lang: Language) -> OutgoingMessage:
    """Return the notice that the query of a subscription can no longer be parsed."""
    texts = texts_for(lang)
    name = subscription_name(subscription, texts)
    text = texts.html("alert.unreadable_subscription", name=name, query=subscription.query)
    return OutgoingMessage(text, ((subscriptions_button(texts),),))


def digest_covered_by_alerts(digest: Digest, lang: Language) -> OutgoingMessage:
    """Return the message that replaces a digest if all its stories have been sent as alerts."""
    texts = texts_for(lang)
    issue = issue_line(digest.paper, digest.day, texts)
    text = texts.html("digest.covered_by_alerts", issue=issue, count=len(digest.stories))
    return OutgoingMessage(text, ((digest_button(digest.day, texts),),))


def weekly_report(report: WeeklyReport, lang: Language) -> tuple[OutgoingMessage, ...]:
    """Return the weekly report: the issues received, and the number of matching articles for each subscription."""
    texts = texts_for(lang)
    title = texts.html("weekly_report.title", first=texts.long_date(report.first), last=texts.long_date(report.last))
    subscriptions = lines(*(_report_line(line, texts) for line in report.lines))
    text = join("\n\n", [lines(title, *_received(report, texts)), subscriptions])
    return pack(text, [], [(subscriptions_button(texts),)])


def _alert_on_one(article: MatchedArticle, texts: Texts) -> tuple[OutgoingMessage, ...]:
    """Return the alert on a single article, with an exclusion button for each subscription that matches it."""
    title = texts.html("alert.title", headline=article_line(article.article))
    read = _read_button(texts.plain("button.read"), article)
    first, *further = article.matches
    if further:  # an exclusion changes one subscription, so each label names its subscription
        exclusions = [
            (_exclusions_button(texts.plain("button.fewer_like_this_of", name=_name(match, texts)), match),)
            for match in article.matches
        ]
        rows = [(read, subscriptions_button(texts)), *exclusions]
    else:
        exclude = _exclusions_button(texts.plain("button.fewer_like_this"), first)
        rows = [(read, exclude), (subscriptions_button(texts),)]
    return pack(lines(title, _details(article, texts)), [], rows)


def _list(title: Html, articles: Sequence[MatchedArticle], texts: Texts) -> tuple[OutgoingMessage, ...]:
    """Return the numbered articles, each with a button to read it and, in a short list, an exclusion button."""
    with_exclusions = len(articles) <= MAX_ARTICLES_WITH_EXCLUSIONS
    entries = [
        Entry(
            _item(number, article, texts),
            _read_button(str(number), article),
            _exclusions_button(texts.plain("button.fewer_like_number", number=number), article.matches[0])
            if with_exclusions
            else None,
        )
        for number, article in enumerate(articles, 1)
    ]
    return pack(title, entries, [(subscriptions_button(texts),)])


def _item(number: int, article: MatchedArticle, texts: Texts) -> Html:
    title = texts.html("alert.item", number=number, headline=article_line(article.article))
    return lines(title, _details(article, texts))


def _details(article: MatchedArticle, texts: Texts) -> Html:
    """Return the remark on a late alert, the origin, and the reason for each match."""
    late = texts.html("alert.late") if article.late else ""
    return lines(late, origin(article.article, texts), *(_reason(match, texts) for match in article.matches))


def _reason(match: Match, texts: Texts) -> Html:
    """Return the subscription, where it matched, the matched sentence, and the term if it differs from the name."""
    reason, name = match.reason, subscription_name(match.subscription, texts)
    where = texts.html(f"matched_in.{reason.where}")
    if reason.term == name:
        why = texts.html("alert.why", query=name, where=where)
    else:
        why = texts.html("alert.why_term", query=name, where=where, term=reason.term)
    return lines(why, quoted(highlighted(reason.snippet)) if reason.snippet.text else "")


def _read_button(label: str, article: MatchedArticle) -> Button:
    return button(label, callbacks.ShowArticle(article.article.id))


def _exclusions_button(label: str, match: Match) -> Button:
    return button(label, callbacks.ShowExclusions(match.subscription.id, match.article))


def _name(match: Match, texts: Texts) -> str:
    return short_name(match.subscription, texts)


def _received(report: WeeklyReport, texts: Texts) -> Iterator[Html]:
    """Yield lines on the issues of the week: how many were received, and which are missing or of poor quality."""
    if report.issues:
        issues = texts.html("count.issues", count=report.issues)
        yield texts.html("weekly_report.read", issues=issues, count=report.pages)
    elif report.newest:
        yield texts.html("weekly_report.no_new_issue", newest=texts.long_date(report.newest))
        return
    else:
        yield texts.html("weekly_report.empty_archive")
        return
    if report.missing:
        yield texts.html("weekly_report.missing", days=_dates(report.missing, texts))
    if report.poor:
        yield texts.html("weekly_report.poor", days=_dates(report.poor, texts))


def _dates(days: Sequence[date], texts: Texts) -> str:
    return texts.listed(map(texts.long_date, days))


def _report_line(line: ReportLine, texts: Texts) -> Html:
    """Return the number of articles that matched a subscription, with a remark if it is paused or muted."""
    name = subscription_name(line.subscription, texts)
    if line.paused:
        return texts.html("weekly_report.paused", name=name, count=line.matched)
    if not line.matched:
        return texts.html("weekly_report.no_match", name=name)
    return texts.html("weekly_report.matched", name=name, count=line.matched)

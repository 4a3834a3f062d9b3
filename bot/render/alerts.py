"""Alerts and bundles: articles on what a chat follows, each with the reason why it is told.

What is one reader's own: the digest of which he was told all, and the account of the week.
"""

from collections.abc import Sequence

from bot import callbacks
from bot.keyboards import Button, button
from bot.render.fragments import MAX_LABEL_CHARS, headline, highlighted, issue_line, origin, subscription_name
from bot.render.packing import Entry, pack
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, join, lines, quoted
from digests.chats import Language, Match, OutgoingMessage, Subscription
from digests.models import Article, Digest
from digests.subscriptions.alerts import MatchedArticle
from digests.subscriptions.weekly_report import ReportLine, WeeklyReport
from digests.text import shorten

REFUSED_BY_NUMBER = 20
"""Articles in one message up to which each has a button to refuse its kind; Telegram takes 100 buttons."""


def alert(found: Sequence[MatchedArticle], lang: Language) -> tuple[OutgoingMessage, ...]:
    """All that one chat is to be told now, an article once however many subscriptions it meets."""
    texts = texts_for(lang)
    if len(found) == 1:
        return _single(found[0], texts)
    return _listed(texts.html("alert.title_many", count=len(found)), found, texts)


def alert_bundle(found: Sequence[MatchedArticle], lang: Language) -> tuple[OutgoingMessage, ...]:
    """The same for what was held for the digest, for the end of quiet hours, or for the end of the week."""
    texts = texts_for(lang)
    return _listed(texts.html("bundle.title", count=len(found)), found, texts)


def unreadable_subscription(subscription: Subscription, lang: Language) -> OutgoingMessage:
    """That a subscription means nothing to the program as it is now."""
    texts = texts_for(lang)
    text = texts.html(
        "alert.unreadable_subscription", name=subscription_name(subscription, texts), query=subscription.query
    )
    return OutgoingMessage(text, ((_mine(texts),),))


def _single(found: MatchedArticle, texts: Texts) -> tuple[OutgoingMessage, ...]:
    title = texts.html("alert.title", headline=headline(found.article.title))
    read = _opens(texts.plain("button.read"), found.article)
    first, *others = found.matches
    refuse = _refuses(texts.plain("button.fewer_like_this"), first)
    if others:  # each is asked of its own subscription
        rows = [
            (_refuses(texts.plain("button.fewer_like_this_of", name=_short(one, texts)), one),) for one in found.matches
        ]
        return pack(lines(title, _why(found, texts)), [], [(read, _mine(texts)), *rows])
    return pack(lines(title, _why(found, texts)), [], [(read, refuse), (_mine(texts),)])


def _listed(title: Html, found: Sequence[MatchedArticle], texts: Texts) -> tuple[OutgoingMessage, ...]:
    few = len(found) <= REFUSED_BY_NUMBER
    entries = [
        Entry(
            _numbered(number, one, texts),
            _opens(str(number), one.article),
            _refuses(texts.plain("button.fewer_like_number", number=number), one.matches[0]) if few else None,
        )
        for number, one in enumerate(found, 1)
    ]
    return pack(title, entries, [(_mine(texts),)])


def _numbered(number: int, found: MatchedArticle, texts: Texts) -> Html:
    return lines(texts.html("alert.item", number=number, headline=headline(found.article.title)), _why(found, texts))


def _why(found: MatchedArticle, texts: Texts) -> Html:
    late = texts.html("alert.late") if found.late else ""
    return lines(late, origin(found.article, texts), *(_reason(match, texts) for match in found.matches))


def _reason(match: Match, texts: Texts) -> Html:
    """Which subscription, where it was met, and the sentence; the term only where it is not the subscription itself."""
    reason, name = match.reason, subscription_name(match.subscription, texts)
    where = texts.html(f"matched_in.{reason.where}")
    if reason.term == name:
        because = texts.html("alert.why", query=name, where=where)
    else:
        because = texts.html("alert.why_term", query=name, where=where, term=reason.term)
    return lines(because, quoted(highlighted(reason.snippet)) if reason.snippet.text else "")


def _opens(label: str, article: Article) -> Button:
    return button(label, callbacks.ShowArticle(article.id))


def _refuses(label: str, match: Match) -> Button:
    return button(label, callbacks.ShowExclusions(match.subscription.id, match.article))


def _mine(texts: Texts) -> Button:
    return button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions())


def _short(match: Match, texts: Texts) -> str:
    return shorten(subscription_name(match.subscription, texts), MAX_LABEL_CHARS)


def digest_covered_by_alerts(digest: Digest, lang: Language) -> OutgoingMessage:
    """In place of a digest of which every story was told as an alert."""
    texts = texts_for(lang)
    issue = issue_line(digest.paper, digest.day, texts)
    whole = button(texts.plain("button.digest_of", day=texts.long_date(digest.day)), callbacks.ShowDigest(digest.day))
    return OutgoingMessage(texts.html("digest.covered_by_alerts", issue=issue, count=len(digest.stories)), ((whole,),))


def weekly_report(account: WeeklyReport, lang: Language) -> tuple[OutgoingMessage, ...]:
    """What was read in the week, and a line for each subscription."""
    texts = texts_for(lang)
    head = lines(
        texts.html("weekly_report.title", first=texts.long_date(account.first), last=texts.long_date(account.last)),
        *_read(account, texts),
    )
    listing = lines(*(_line(line, texts) for line in account.lines))
    mine = button(texts.plain("button.subscriptions"), callbacks.ShowSubscriptions())
    return pack(join("\n\n", [head, listing]), [], [(mine,)])


def _read(account: WeeklyReport, texts: Texts) -> list[Html]:
    if not account.issues:
        newest = texts.long_date(account.newest) if account.newest else ""
        return [
            texts.html("weekly_report.no_new_issue", newest=newest)
            if newest
            else texts.html("weekly_report.empty_archive")
        ]
    said = [
        texts.html("weekly_report.read", issues=texts.html("count.issues", count=account.issues), count=account.pages)
    ]
    if account.missing:
        said.append(texts.html("weekly_report.missing", days=texts.listed(map(texts.long_date, account.missing))))
    if account.poor:
        said.append(texts.html("weekly_report.poor", days=texts.listed(map(texts.long_date, account.poor))))
    return said


def _line(line: ReportLine, texts: Texts) -> Html:
    name = subscription_name(line.subscription, texts)
    if line.resting:
        return texts.html("weekly_report.paused", name=name, count=line.matched)
    if not line.matched:
        return texts.html("weekly_report.no_match", name=name)
    return texts.html("weekly_report.matched", name=name, count=line.matched)

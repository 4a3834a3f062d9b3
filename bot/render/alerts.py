"""Alerts and bundles: articles on what a chat follows, each with the reason why it is told.

What is one reader's own: the digest of which he was told all, and the account of the week.
"""

from collections.abc import Sequence

from bot import callbacks
from bot.callbacks import Button
from bot.keyboards import button
from bot.render.packing import Entry, pack
from bot.render.pieces import LABEL, called, headline, issue_line, marked, origin
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines, quoted
from digests.chats import Language, Match, Outgoing, Subscription
from digests.models import Article, Digest
from digests.subscriptions.alerts import Found
from digests.subscriptions.weekly_report import Line, WeeklyReport
from digests.text import shorten

REFUSED_BY_NUMBER = 20
"""Articles in one message up to which each has a button to refuse its kind; Telegram takes 100 buttons."""


def alert(found: Sequence[Found], lang: Language) -> tuple[Outgoing, ...]:
    """All that one chat is to be told now, an article once however many subscriptions it meets."""
    say = texts(lang)
    if len(found) == 1:
        return _single(found[0], say)
    return _listed(say.say("alert.title_many", count=len(found)), found, say)


def bundle(found: Sequence[Found], lang: Language) -> tuple[Outgoing, ...]:
    """The same for what was held for the digest, for the end of quiet hours, or for the end of the week."""
    say = texts(lang)
    return _listed(say.say("bundle.title", count=len(found)), found, say)


def not_understood(subscription: Subscription, lang: Language) -> Outgoing:
    """That a subscription means nothing to the program as it is now."""
    say = texts(lang)
    text = say.say("alert.not_understood", name=called(subscription, say), query=subscription.query)
    return Outgoing(text, ((_mine(say),),))


def _single(found: Found, say: Texts) -> tuple[Outgoing, ...]:
    title = say.say("alert.title", headline=headline(found.article.title))
    read = _opens(say.label("button.read"), found.article)
    first, *others = found.matches
    refuse = _refuses(say.label("button.not_this"), first)
    if others:  # each is asked of its own subscription
        rows = [(_refuses(say.label("button.not_this_of", name=_short(one, say)), one),) for one in found.matches]
        return pack(lines(title, _why(found, say)), [], [(read, _mine(say)), *rows])
    return pack(lines(title, _why(found, say)), [], [(read, refuse), (_mine(say),)])


def _listed(title: Html, found: Sequence[Found], say: Texts) -> tuple[Outgoing, ...]:
    few = len(found) <= REFUSED_BY_NUMBER
    entries = [
        Entry(
            _numbered(number, one, say),
            _opens(str(number), one.article),
            _refuses(say.label("button.not_this_number", number=number), one.matches[0]) if few else None,
        )
        for number, one in enumerate(found, 1)
    ]
    return pack(title, entries, [(_mine(say),)])


def _numbered(number: int, found: Found, say: Texts) -> Html:
    return lines(say.say("alert.item", number=number, headline=headline(found.article.title)), _why(found, say))


def _why(found: Found, say: Texts) -> Html:
    late = say.say("alert.late") if found.late else ""
    return lines(late, origin(found.article, say), *(_reason(match, say) for match in found.matches))


def _reason(match: Match, say: Texts) -> Html:
    """Which subscription, where it was met, and the sentence; the term only where it is not the subscription itself."""
    reason, name = match.reason, called(match.subscription, say)
    where = say.say(f"where.{reason.where}")
    if reason.term == name:
        because = say.say("alert.why", query=name, where=where)
    else:
        because = say.say("alert.why_term", query=name, where=where, term=reason.term)
    return lines(because, quoted(marked(reason.excerpt)) if reason.excerpt.text else "")


def _opens(label: str, article: Article) -> Button:
    return button(label, callbacks.ShowArticle(article.id))


def _refuses(label: str, match: Match) -> Button:
    return button(label, callbacks.NotThis(match.subscription.id, match.article))


def _mine(say: Texts) -> Button:
    return button(say.label("button.subscriptions"), callbacks.ShowSubscriptions())


def _short(match: Match, say: Texts) -> str:
    return shorten(called(match.subscription, say), LABEL)


def all_told(digest: Digest, lang: Language) -> Outgoing:
    """In place of a digest of which every story was told as an alert."""
    say = texts(lang)
    issue = issue_line(digest.paper, digest.day, say)
    whole = button(say.label("button.digest_of", day=say.short_day(digest.day)), callbacks.ShowDigest(digest.day))
    return Outgoing(say.say("personal.all_told", issue=issue, count=len(digest.stories)), ((whole,),))


def account(account: WeeklyReport, lang: Language) -> tuple[Outgoing, ...]:
    """What was read in the week, and a line for each subscription."""
    say = texts(lang)
    head = lines(
        say.say("account.title", first=say.short_day(account.first), last=say.short_day(account.last)),
        *_read(account, say),
    )
    listing = lines(*(_line(line, say) for line in account.lines))
    mine = button(say.label("button.subscriptions"), callbacks.ShowSubscriptions())
    return pack(join("\n\n", [head, listing]), [], [(mine,)])


def _read(account: WeeklyReport, say: Texts) -> list[Html]:
    if not account.issues:
        newest = say.short_day(account.newest) if account.newest else ""
        return [say.say("account.nothing_newest", newest=newest) if newest else say.say("account.nothing")]
    said = [say.say("account.read", issues=say.say("count.issues", count=account.issues), count=account.pages)]
    if account.missing:
        said.append(say.say("account.missing", days=say.listed(map(say.short_day, account.missing))))
    if account.poor:
        said.append(say.say("account.poor", days=say.listed(map(say.short_day, account.poor))))
    return said


def _line(line: Line, say: Texts) -> Html:
    name = called(line.subscription, say)
    if line.resting:
        return say.say("account.resting", name=name, count=line.matched)
    if not line.matched:
        return say.say("account.silent", name=name)
    return say.say("account.matched", name=name, count=line.matched)

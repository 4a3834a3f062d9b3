"""What is one reader's own: the digest of which he was told all, and the account of the week."""

from bot import presses, wishes
from bot.keyboards import button
from bot.render.fit import pack
from bot.render.pieces import called, issue_line
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines
from digests.following.account import Account, Line
from digests.models import Digest
from digests.readers import Language, Outgoing


def all_told(digest: Digest, lang: Language) -> Outgoing:
    """In place of a digest of which every story was told as an alert."""
    say = texts(lang)
    issue = issue_line(digest.paper, digest.day, say)
    whole = button(say.label("button.digest_of", day=say.short_day(digest.day)), presses.ShowDigest(digest.day))
    return Outgoing(say.say("personal.all_told", issue=issue, count=len(digest.stories)), ((whole,),))


def account(account: Account, lang: Language) -> tuple[Outgoing, ...]:
    """What was read in the week, and a line for each subscription."""
    say = texts(lang)
    head = lines(
        say.say("account.title", first=say.short_day(account.first), last=say.short_day(account.last)),
        *_read(account, say),
    )
    listing = lines(*(_line(line, say) for line in account.lines))
    mine = button(say.label("button.subscriptions"), wishes.ShowSubscriptions())
    return pack(join("\n\n", [head, listing]), [], [(mine,)])


def _read(account: Account, say: Texts) -> list[Html]:
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

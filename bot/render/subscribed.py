"""The answer to a wish to subscribe: how often it would have come, with samples, look-alikes and other forms."""

from collections.abc import Sequence

from bot import presses, wishes
from bot.keyboards import Button, Row, button, mark, rows
from bot.render.pieces import LABEL, called, headline, marked, origin, said
from bot.render.view import View
from bot.texts.markup import Html, join, lines, quoted
from digests.following.backtest import Backtest, LeftOut, Told
from digests.readers import Outgoing, Subscription
from digests.text import shorten

HITS = 3
LEFT_OUT = 2
FORMS = 2
"""Forms of each kind that are offered."""


def subscribed(view: View, to: Subscription, told: Backtest, *, notice: Html | None = None) -> Outgoing:
    """It is made: what it would have brought, and how to have less or more of it. `notice` is said in place of that."""
    say = view.say
    done = notice or lines(
        say.say("subscribe.done_for", query=said(to.query, say), channel=view.channel)
        if view.channel
        else say.say("subscribe.done", query=said(to.query, say)),
        _digest_too(view),
    )
    mine = button(say.label("button.subscriptions"), wishes.ShowSubscriptions())
    change = button(say.label("button.change"), wishes.ShowSubscription(to.id))
    end = button(say.label("button.unsubscribe", query=shorten(called(to, say), LABEL)), wishes.Unsubscribe(to.id))
    return _rehearsed(view, done, told, to.id, ((mine, change), (end,)))


def firehose(view: View, told: Backtest) -> Outgoing:
    """It would bring more than anybody reads, and is made only when asked for again."""
    anyway = button(view.say.label("button.follow_anyway"), wishes.FollowAnyway())
    return _rehearsed(view, view.say.say("subscribe.firehose", query=said(told.query, view.say)), told, 0, ((anyway,),))


def already(view: View, there: Subscription) -> Outgoing:
    """It is followed already."""
    say = view.say
    mine = button(say.label("button.subscriptions"), wishes.ShowSubscriptions())
    change = button(say.label("button.change"), wishes.ShowSubscription(there.id))
    return Outgoing(say.say("subscribe.already", query=called(there, say)), ((mine, change),))


def refusing(view: View, one: Subscription, terms: Sequence[str], article: str) -> Outgoing:
    """What a subscription could refuse, so that articles like one that came do not come."""
    say = view.say
    name = called(one, say)
    if not terms:
        change = button(say.label("button.change"), wishes.ShowSubscription(one.id))
        return Outgoing(say.say("refuse.nothing", query=name), ((change,),))
    offered = (
        button(
            say.label("button.refuse", term=shorten(said(term, say), LABEL)), wishes.Refuse(one.id, article, mark(term))
        )
        for term in terms
    )
    return Outgoing(say.say("refuse.which", query=name), rows(offered, 1))


def _digest_too(view: View) -> Html | str:
    """The first subscription of a chat brings the daily digest along."""
    if len(view.chat.subscriptions) != 1 or not view.chat.settings.digest:
        return ""
    return view.say.say("subscribe.digest_too", time=view.say.clock(view.digest_time))


def _rehearsed(view: View, head: Html, told: Backtest, subscription: int, foot: tuple[Row, ...]) -> Outgoing:
    say = view.say
    hits = list(enumerate(told.hits[:HITS], 1))
    forms = [*told.tighter[:FORMS], *told.looser[:FORMS]]
    shown = join("\n\n", [
        lines(head, _how_often(view, told)),
        *(_hit(number, one, view) for number, one in hits),
        *([lines(say.say("backtest.left_out"), *(_left_out(one) for one in told.left_out[:LEFT_OUT]))]
          if told.left_out else []),
        lines(*(say.say("backtest.tighter", query=said(query, say)) for query in told.tighter[:FORMS]),
              *(say.say("backtest.looser", query=said(query, say)) for query in told.looser[:FORMS])),
    ])  # fmt: skip
    read = rows((button(str(n), presses.ShowArticle(one.article.id)) for n, one in hits), HITS)
    use = tuple((_use(query, n, subscription, view),) for n, query in enumerate(forms, 1))
    return Outgoing(shown, (*read, *use, *foot))


def _how_often(view: View, told: Backtest) -> Html:
    """过去一年 41 次，最忙的一天 3 次; what came before the last year counts where it has nothing."""
    say = view.say
    if not told.total:
        return say.say("backtest.never", count=told.issues)
    often = (
        say.say("backtest.last_year", count=told.last_year)
        if told.last_year
        else say.say("backtest.before", count=told.total)
    )
    if told.busiest is None or told.busiest[1] < 2:
        return Html(often + say.say("backtest.end"))
    day, count = told.busiest
    return Html(often + say.say("backtest.busiest", count=count, day=say.short_day(day)) + say.say("backtest.end"))


def _hit(number: int, told: Told, view: View) -> Html:
    title = view.say.say("search.hit", number=number, headline=headline(told.article.title))
    return lines(title, origin(told.article, view.say))


def _left_out(one: LeftOut) -> Html:
    return quoted(marked(one.excerpt))


def _use(query: str, number: int, subscription: int, view: View) -> Button:
    """The form itself stands in the message, where `keyboards.codes` finds it: it does not fit in callback data."""
    label = view.say.label("button.use_form", query=shorten(said(query, view.say), LABEL))
    return button(label, wishes.UseForm(subscription, number))

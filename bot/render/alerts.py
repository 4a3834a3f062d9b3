"""Alerts: new articles on what a chat follows, each with the reason why it is told."""

from collections.abc import Iterable, Mapping

from bot import presses
from bot.keyboards import Button, button
from bot.render.fit import Entry, pack
from bot.render.pieces import headline, marked, origin
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines, quoted
from digests.models import Article
from digests.readers import Language, Match, Outgoing


def alert(matches: Iterable[Match], articles: Mapping[str, Article], lang: Language) -> tuple[Outgoing, ...]:
    """All that one chat is to be told now, an article once however many subscriptions it meets."""
    say = texts(lang)
    reasons: dict[str, list[Match]] = {}
    for match in matches:
        reasons.setdefault(match.article, []).append(match)
    told = [(articles[name], because) for name, because in reasons.items()]
    mine = (button(say.label("button.subscriptions"), presses.ShowSubscriptions()),)
    if len(told) == 1:
        return _single(*told[0], mine, say)
    entries = [Entry(_numbered(n, *one, say), _opens(str(n), one[0])) for n, one in enumerate(told, 1)]
    return pack(say.say("alert.title_many", count=len(told)), entries, [mine])


def _single(article: Article, because: list[Match], mine: tuple[Button], say: Texts) -> tuple[Outgoing, ...]:
    title = say.say("alert.title", headline=headline(article.title))
    read = _opens(say.label("button.read"), article)
    return pack(lines(title, _why(article, because, say)), [], [(read, *mine)])


def _numbered(number: int, article: Article, because: list[Match], say: Texts) -> Html:
    return lines(
        say.say("alert.item", number=number, headline=headline(article.title)),
        _why(article, because, say),
    )


def _why(article: Article, because: list[Match], say: Texts) -> Html:
    return join("\n", [origin(article, say), *(_reason(match, say) for match in because)])


def _reason(match: Match, say: Texts) -> Html:
    """Which subscription, where it was met, and the sentence; the term only where it is not the subscription itself."""
    reason, query = match.reason, match.subscription.query
    where = say.say(f"where.{reason.where}")
    if reason.term == query:
        because = say.say("alert.why", query=query, where=where)
    else:
        because = say.say("alert.why_term", query=query, where=where, term=reason.term)
    return lines(because, quoted(marked(reason.excerpt)) if reason.excerpt.text else "")


def _opens(label: str, article: Article) -> Button:
    return button(label, presses.ShowArticle(article.id))

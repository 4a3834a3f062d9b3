"""What a search found."""

from bot import presses
from bot.keyboards import Row, button, rows
from bot.render.fit import BUTTONS_A_ROW
from bot.render.paging import Window, turning
from bot.render.pieces import headline, marked, origin
from bot.texts import Texts, texts
from bot.texts.markup import Html, join, lines
from digests.models import Hit, SearchResult
from digests.readers import Language, Outgoing

HITS = 5
"""Hits in one message."""


def search(result: SearchResult, lang: Language) -> Outgoing:
    """The hits with their excerpts. The query stands in the first line, where the buttons find it again."""
    say = texts(lang)
    window = Window(result.offset, HITS, result.total)
    hits = list(enumerate(result.hits, result.offset + 1))
    loose = say.say("search.loose") if result.loose else ""
    head = lines(say.say("search.head", query=result.query), _count(window, say), loose)
    meant = [say.say("search.word", word=word) for word in result.suggestions]
    instead = [say.say("search.meant", words=join(" · ", meant))] if meant else []
    shown = join("\n\n", [head, *instead, *(_hit(number, hit, say) for number, hit in hits)])
    return Outgoing(shown, _below(window, hits, say))


def _count(window: Window, say: Texts) -> Html:
    if window.total == 0:
        return say.say("search.none")
    if window.is_whole:
        return say.say("search.total", count=window.total)
    return say.say("search.range", total=window.total, first=window.offset + 1, last=window.end)


def _hit(number: int, hit: Hit, say: Texts) -> Html:
    alike = say.say("search.alike") if hit.alike else ""
    title = join(" ", filter(None, [say.say("search.hit", number=number, headline=headline(hit.article.title)), alike]))
    return lines(title, origin(hit.article, say), marked(hit.excerpt))


def _below(window: Window, hits: list[tuple[int, Hit]], say: Texts) -> tuple[Row, ...]:
    labels = say.label("button.back"), say.label("button.onward")
    return (
        *rows((button(str(n), presses.ShowArticle(hit.article.id)) for n, hit in hits), BUTTONS_A_ROW),
        *turning(window, labels, presses.TurnHits),
        (button(say.label("button.follow"), presses.FollowSearch()),),
    )

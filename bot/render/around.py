"""What lies around an article: related ones, the people and places it names, what of it can be followed."""

from collections.abc import Sequence

from bot import presses
from bot.keyboards import Button, button, mark, rows
from bot.render.digests import opens
from bot.render.fit import BUTTONS_A_ROW
from bot.render.pieces import LABEL, headline, origin
from bot.texts import texts
from bot.texts.markup import join, lines
from digests.models import Article
from digests.readers import Language, Outgoing
from digests.text import shorten

NAMES_A_ROW = 3


def related(article: Article, others: Sequence[Article], lang: Language) -> Outgoing:
    """The articles that tell of the same, the closest first, each with a button."""
    say = texts(lang)
    head = say.say("around.related", headline=headline(article.title))
    numbered = list(enumerate(others, 1))
    listing = (
        lines(say.say("contents.item", number=number, headline=headline(other.title)), origin(other, say))
        for number, other in numbered
    )
    return Outgoing(
        join("\n\n", [head, *listing]),
        (
            *rows((opens(number, other.id) for number, other in numbered), BUTTONS_A_ROW),
            (_back_to(article, lang),),
        ),
    )


def names(article: Article, people: Sequence[str], places: Sequence[str], lang: Language) -> Outgoing:
    """The people and places that an article names; each button searches the archive for one."""
    say = texts(lang)
    head = say.say("around.names", headline=headline(article.title))
    said = [
        say.say("around.people", names=say.listed(people)) if people else "",
        say.say("around.places", names=say.listed(places)) if places else "",
    ]
    finding = (button(shorten(name, LABEL), presses.FindName(article.id, mark(name))) for name in (*people, *places))
    return Outgoing(lines(head, *said), (*rows(finding, NAMES_A_ROW), (_back_to(article, lang),)))


def following(article: Article, words: Sequence[str], lang: Language) -> Outgoing:
    """Keywords, people and places of an article; each button subscribes to one."""
    say = texts(lang)
    head = say.say("around.following", headline=headline(article.title))
    follow = (button(shorten(word, LABEL), presses.FollowWord(article.id, mark(word))) for word in words)
    return Outgoing(head, (*rows(follow, NAMES_A_ROW), (_back_to(article, lang),)))


def _back_to(article: Article, lang: Language) -> Button:
    return button(texts(lang).label("button.read_article"), presses.ShowArticle(article.id))

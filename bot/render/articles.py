"""An article in full, as it stood in the paper."""

from bot import presses
from bot.keyboards import Row, button
from bot.render.fit import split
from bot.render.pieces import full_origin
from bot.texts import Texts, texts
from bot.texts.markup import Html, bold, join, lines
from digests.models import Article
from digests.readers import Language, Outgoing
from digests.segment.quality import POOR

ENOUGH = 100
"""Characters of body from which on its quality says something."""


def article(article: Article, lang: Language) -> tuple[Outgoing, ...]:
    """The whole article in as many messages as it takes; the last one leads back to its issue."""
    say = texts(lang)
    jump = say.say("article.continued_on", page=article.continued_on_page) if article.continued_on_page else ""
    *first, last = split(join("\n\n", [_head(article, say), *_body(article), jump]))
    return (*map(Outgoing, first), Outgoing(last, _ways_back(article, say)))


def _head(article: Article, say: Texts) -> Html:
    return lines(
        say.say("article.section", section=article.section) if article.section else "",
        article.kicker,
        bold(article.headline) if article.headline else "",
        article.deck,
        join(" · ", [full_origin(article, say), _reporters(article, say)]),
        say.say("article.poor") if _is_poor(article) else "",
        say.say("article.continued_from", page=article.continued_from_page) if article.continued_from_page else "",
    )


def _reporters(article: Article, say: Texts) -> Html:
    """Who made it, each role once: 记者 殷雪嵩、梁涛."""
    roles: dict[str, list[str]] = {}
    for reporter in article.reporters:
        roles.setdefault(reporter.role, []).append(reporter.name)
    return join(" ", [say.say("article.reporters", role=r, names=say.listed(n)) for r, n in roles.items()])


def _body(article: Article) -> list[object]:
    headings = set(article.subheads)
    return [bold(paragraph) if paragraph in headings else paragraph for paragraph in article.paragraphs]


def _ways_back(article: Article, say: Texts) -> tuple[Row, ...]:
    if article.date is None:
        return ()
    label = say.label("button.digest_of", day=say.short_day(article.date))
    return ((button(label, presses.ShowDigest(article.date)),),)


def _is_poor(article: Article) -> bool:
    """Whether a reader is to be warned of wrong characters; a few words, mostly names, tell too little of that."""
    return article.quality < POOR and len(article.body) >= ENOUGH

"""An article as it is shared into another chat."""

from bot.render.fit import plain
from bot.render.pieces import headline, marked, origin
from bot.texts import texts
from bot.texts.markup import Html, bold, lines, linked, quoted
from digests.models import Article, Excerpt
from digests.readers import Language


def shared(article: Article, shown: Excerpt, url: str, lang: Language) -> Html:
    """Its headline, where it stood, the sentences `shown` of it and a link to the rest of it."""
    say = texts(lang)
    quote = quoted(marked(shown)) if shown.text else ""
    return lines(bold(headline(article.title)), origin(article, say), quote, linked(say.label("button.read"), url))


def place(article: Article, lang: Language) -> str:
    """Where an article stood, as plain text."""
    return plain(origin(article, texts(lang)))

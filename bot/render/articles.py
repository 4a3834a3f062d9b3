"""What lies around an article: related ones, the people and places it names, what of it can be followed.

An article as it stood in the paper: the facts with a first part of it, the rest when the reader goes on.

An article as it is shared into another chat.
"""

from collections.abc import Sequence

from bot import callbacks
from bot.keyboards import Button, Row, button, rows, share_button
from bot.render.digests import article_button
from bot.render.fragments import MAX_LABEL_CHARS, headline, highlighted, origin, origin_with_weekday, page_numbers
from bot.render.packing import BUTTONS_PER_ROW, MAX_MESSAGE_UNITS, plain_text, split, utf16_units
from bot.texts import Texts, texts_for
from bot.texts.markup import Html, bold, join, lines, linked, quoted
from digests.chats import Language, OutgoingMessage
from digests.models import Article, Snippet
from digests.segment.quality import POOR_QUALITY
from digests.text import shorten

NAMES_PER_ROW = 3


def related_articles(article: Article, others: Sequence[Article], lang: Language) -> OutgoingMessage:
    """The articles that tell of the same, the closest first, each with a button."""
    texts = texts_for(lang)
    head = texts.html("related.title", headline=headline(article.title))
    numbered = list(enumerate(others, 1))
    listing = (
        lines(texts.html("contents.item", number=number, headline=headline(other.title)), origin(other, texts))
        for number, other in numbered
    )
    return OutgoingMessage(
        join("\n\n", [head, *listing]),
        (
            *rows((article_button(number, other.id) for number, other in numbered), BUTTONS_PER_ROW),
            (_back_to(article, lang),),
        ),
    )


def people_and_places(
    article: Article, people: Sequence[str], places: Sequence[str], lang: Language
) -> OutgoingMessage:
    """The people and places that an article names; each button searches the archive for one."""
    texts = texts_for(lang)
    head = texts.html("names.title", headline=headline(article.title))
    said = [
        texts.html("names.people", names=texts.listed(people)) if people else "",
        texts.html("names.places", names=texts.listed(places)) if places else "",
    ]
    finding = [
        *(_search_button(name, f'person:"{name}"') for name in people),
        *(_search_button(name, f'place:"{name}"') for name in places),
    ]
    return OutgoingMessage(lines(head, *said), (*rows(finding, NAMES_PER_ROW), (_back_to(article, lang),)))


def follow_choices(article: Article, words: Sequence[str], lang: Language) -> OutgoingMessage:
    """Keywords, people and places of an article; each button subscribes to one."""
    texts = texts_for(lang)
    head = texts.html("topics.title", headline=headline(article.title))
    follow = (button(shorten(word, MAX_LABEL_CHARS), callbacks.FollowQuery(word)) for word in words)
    return OutgoingMessage(head, (*rows(follow, NAMES_PER_ROW), (_back_to(article, lang),)))


def _search_button(name: str, query: str) -> Button:
    return button(shorten(name, MAX_LABEL_CHARS), callbacks.RunSearch(query))


def _back_to(article: Article, lang: Language) -> Button:
    return button(texts_for(lang).plain("button.back_to_article"), callbacks.ShowArticle(article.id))


FIRST_PART_UNITS = 500
"""UTF-16 units of an article's body that are shown unasked: with its headings they fill a phone's screen."""
MIN_REST_UNITS = 200
"""Units that are not worth a press of their own."""
FURTHER_PART_UNITS = MAX_MESSAGE_UNITS - 200
"""Units of a further part; the rest of the message is for its headline and where the story goes on."""
MIN_CHARS_FOR_QUALITY = 100
"""Characters of body from which on its quality says something."""


def article(article: Article, lang: Language, *, share: bool = False) -> tuple[OutgoingMessage, ...]:
    """The facts of an article and what of its body a phone's screen holds, with the ways on from it.

    `share` adds the button that shares it. There is more than one message only where the headings alone overflow one.
    """
    texts = texts_for(lang)
    begin, *further = _parts(article, texts)
    *first, last = split(join("\n\n", [_head(article, texts), begin]))
    return (
        *map(OutgoingMessage, first),
        OutgoingMessage(last, _ways(article, 1 if further else None, texts, share=share)),
    )


def article_part(article: Article, part: int, lang: Language, *, share: bool = False) -> OutgoingMessage | None:
    """A further part of a long article; None where it has none such.

    The parts follow from the body alone, so that they are the same in all languages and after any update.
    """
    texts = texts_for(lang)
    parts = _parts(article, texts)
    if not 0 < part < len(parts):
        return None
    place = texts.html("article.part", headline=headline(article.title), number=part + 1, total=len(parts))
    onward = part + 1 if part + 1 < len(parts) else None
    return OutgoingMessage(lines(place, Html("\n" + parts[part])), _ways(article, onward, texts, share=share))


def _parts(article: Article, texts: Texts) -> tuple[Html, ...]:
    """The body cut at ends of paragraphs and sentences: a screen first, then nearly as much as a message holds.

    A body that is only a little longer than a screen stays whole.
    """
    body = join("\n\n", _body(article))
    is_short = utf16_units(plain_text(body)) <= FIRST_PART_UNITS + MIN_REST_UNITS
    *before, last = split(body, FURTHER_PART_UNITS, first=None if is_short else FIRST_PART_UNITS) or (Html(),)
    jump = texts.html("article.continued_on", page=article.continued_on_page) if article.continued_on_page else ""
    return (*before, join("\n\n", [last, jump]))


def _head(article: Article, texts: Texts) -> Html:
    return lines(
        texts.html("article.section", section=article.section) if article.section else "",
        article.kicker,
        bold(article.headline) if article.headline else "",
        article.deck,
        join(" · ", [origin_with_weekday(article, texts), _reporters(article, texts)]),
        texts.html("article.poor") if _is_poor(article) else "",
        texts.html("article.continued_from", page=article.continued_from_page) if article.continued_from_page else "",
    )


def _reporters(article: Article, texts: Texts) -> Html:
    """Who made it, each role once: 记者 殷雪嵩、梁涛."""
    roles: dict[str, list[str]] = {}
    for reporter in article.reporters:
        roles.setdefault(reporter.role, []).append(reporter.name)
    return join(" ", [texts.html("article.reporters", role=r, names=texts.listed(n)) for r, n in roles.items()])


def _body(article: Article) -> list[object]:
    headings = set(article.subheads)
    return [bold(paragraph) if paragraph in headings else paragraph for paragraph in article.paragraphs]


def _ways(article: Article, onward: int | None, texts: Texts, *, share: bool) -> tuple[Row, ...]:
    """To the part `onward`, to what is around the article, to following and sharing it, back to its issue."""
    further = [button(texts.plain("button.read_on"), callbacks.ShowArticlePart(article.id, onward))] if onward else []
    around = [
        button(texts.plain("button.related"), callbacks.ShowRelated(article.id)),
        button(texts.plain("button.names"), callbacks.ShowNames(article.id)),
        button(texts.plain("button.topics"), callbacks.ShowFollowable(article.id)),
    ]
    back = _back(article, texts)
    if share:
        back.append(share_button(texts.plain("button.share"), article.id))
    return tuple(tuple(row) for row in (further, around, back) if row)


def _back(article: Article, texts: Texts) -> list[Button]:
    if article.date is None:
        return []
    digest = button(
        texts.plain("button.digest_of", day=texts.long_date(article.date)), callbacks.ShowDigest(article.date)
    )
    if not article.page:
        return [digest]
    return [button(str(page_numbers([article.page], texts)), callbacks.ShowPage(article.date, article.page)), digest]


def _is_poor(article: Article) -> bool:
    """Whether a reader is to be warned of wrong characters; a few words, mostly names, tell too little of that."""
    return article.quality < POOR_QUALITY and len(article.body) >= MIN_CHARS_FOR_QUALITY


def shared_article(article: Article, shown: Snippet, url: str, lang: Language) -> Html:
    """Its headline, where it stood, the sentences `shown` of it and a link to the rest of it."""
    texts = texts_for(lang)
    quote = quoted(highlighted(shown)) if shown.text else ""
    return lines(bold(headline(article.title)), origin(article, texts), quote, linked(texts.plain("button.read"), url))


def plain_origin(article: Article, lang: Language) -> str:
    """Where an article stood, as plain text."""
    return plain_text(origin(article, texts_for(lang)))

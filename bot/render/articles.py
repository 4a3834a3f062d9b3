"""An article in parts, its related articles, names and topics, and an article shared with another chat."""

from collections.abc import Sequence

from bot import callbacks
from bot.keyboards import Button, Row, button, rows, share_button
from bot.render.fragments import (
    MAX_LABEL_CHARS,
    article_button,
    article_line,
    digest_button,
    headline,
    highlighted,
    origin,
    origin_with_weekday,
    page_numbers,
)
from bot.render.packing import BUTTONS_PER_ROW, MAX_MESSAGE_UNITS, plain_text, split, utf16_units
from bot.texts import Html, Texts, as_html, bold, join, lines, linked, quoted, texts_for
from digests.chats import Language, OutgoingMessage
from digests.models import Article, Snippet
from digests.segment.quality import POOR_QUALITY
from digests.text import shorten

FIRST_PART_UNITS = 500
"""Maximum number of UTF-16 units in the first part of a body; with the headings, it fills the screen of a phone."""
MIN_REST_UNITS = 200
"""A body that exceeds FIRST_PART_UNITS by at most this many UTF-16 units is not divided."""
FURTHER_PART_UNITS = MAX_MESSAGE_UNITS - 200
"""Maximum number of UTF-16 units in a further part; the headline and the note "continued on page" need the rest."""
MIN_CHARS_FOR_QUALITY = 100
"""Shorter bodies have no warning of poor quality: a few names are enough to make a short text look misread."""
NAMES_PER_ROW = 3


def article(article: Article, lang: Language, *, share: bool = False) -> tuple[OutgoingMessage, ...]:
    """Return the headings and the first part of an article, with its buttons; `share` adds the share button.

    This is one message, unless headings and first part together exceed MAX_MESSAGE_UNITS.
    """
    texts = texts_for(lang)
    first_part, *further_parts = _parts(article, texts)
    *messages, last = split(join("\n\n", [_head(article, texts), first_part]))
    buttons = _buttons(article, 1 if further_parts else None, texts, share=share)
    return (*map(OutgoingMessage, messages), OutgoingMessage(last, buttons))


def article_part(article: Article, part: int, lang: Language, *, share: bool = False) -> OutgoingMessage | None:
    """Return a further part of a long article; the part after the first is number 1. None if there is no such part.

    Parts depend only on the body, so the number in an older button stays valid in every language.
    """
    texts = texts_for(lang)
    parts = _parts(article, texts)
    if not 0 < part < len(parts):
        return None
    title = texts.html("article.part", headline=headline(article.title), number=part + 1, total=len(parts))
    next_part = part + 1 if part + 1 < len(parts) else None
    return OutgoingMessage(lines(title, Html("\n" + parts[part])), _buttons(article, next_part, texts, share=share))


def related_articles(article: Article, others: Sequence[Article], lang: Language) -> OutgoingMessage:
    """Return the related articles `others` in the given order, each with a button that opens it."""
    texts = texts_for(lang)
    numbered = list(enumerate(others, 1))
    items = (
        lines(texts.html("contents.item", number=number, headline=article_line(other)), origin(other, texts))
        for number, other in numbered
    )
    buttons = rows((article_button(number, other.id) for number, other in numbered), BUTTONS_PER_ROW)
    text = join("\n\n", [texts.html("related.title", headline=headline(article.title)), *items])
    return OutgoingMessage(text, (*buttons, _back_row(article, texts)))


def people_and_places(
    article: Article, people: Sequence[str], places: Sequence[str], lang: Language
) -> OutgoingMessage:
    """Return the people and places that an article names, with a button for each name that searches the archive."""
    texts = texts_for(lang)
    text = lines(
        texts.html("names.title", headline=headline(article.title)),
        texts.html("names.people", names=texts.listed(people)) if people else "",
        texts.html("names.places", names=texts.listed(places)) if places else "",
    )
    searches = [
        *(_search_button(name, f'person:"{name}"') for name in people),
        *(_search_button(name, f'place:"{name}"') for name in places),
    ]
    return OutgoingMessage(text, (*rows(searches, NAMES_PER_ROW), _back_row(article, texts)))


def follow_choices(article: Article, words: Sequence[str], lang: Language) -> OutgoingMessage:
    """Return a button for each of an article's `words` (keywords, people, places) that subscribes to the word."""
    texts = texts_for(lang)
    text = texts.html("topics.title", headline=headline(article.title))
    topics = (button(shorten(word, MAX_LABEL_CHARS), callbacks.FollowQuery(word)) for word in words)
    return OutgoingMessage(text, (*rows(topics, NAMES_PER_ROW), _back_row(article, texts)))


def shared_article(article: Article, snippet: Snippet, url: str, lang: Language) -> Html:
    """Return an article for another chat: headline, origin, a snippet and a link to the whole article."""
    texts = texts_for(lang)
    quote = quoted(highlighted(snippet)) if snippet.text else ""
    return lines(bold(article_line(article)), origin(article, texts), quote, linked(texts.plain("button.read"), url))


def plain_origin(article: Article, lang: Language) -> str:
    """Return the paper, day and page of an article as plain text."""
    return plain_text(origin(article, texts_for(lang)))


def _parts(article: Article, texts: Texts) -> tuple[Html, ...]:
    """Split the body into a first part and further parts, if possible at the ends of paragraphs or sentences.

    The last part ends with a note of the page on which the article continues.
    """
    body = join("\n\n", _paragraphs(article))
    is_short = utf16_units(plain_text(body)) <= FIRST_PART_UNITS + MIN_REST_UNITS
    *parts, last = split(body, FURTHER_PART_UNITS, first=None if is_short else FIRST_PART_UNITS) or (Html(),)
    continued = texts.html("article.continued_on", page=article.continued_on_page) if article.continued_on_page else ""
    return (*parts, join("\n\n", [last, continued]))


def _paragraphs(article: Article) -> list[object]:
    """Return the paragraphs, with subheads in bold."""
    subheads = set(article.subheads)
    return [bold(paragraph) if paragraph in subheads else paragraph for paragraph in article.paragraphs]


def _head(article: Article, texts: Texts) -> Html:
    """Return the headings as printed, the origin with the reporters, and remarks on quality and continuation."""
    return lines(
        texts.html("article.section", section=article.section) if article.section else "",
        article.kicker,
        bold(article.headline) if article.headline else "",
        article.deck,
        join(" · ", [origin_with_weekday(article, texts), _reporters(article, texts)]),
        texts.html("article.poor") if _has_poor_quality(article) else "",
        texts.html("article.continued_from", page=article.continued_from_page) if article.continued_from_page else "",
    )


def _reporters(article: Article, texts: Texts) -> Html:
    """Return the reporters' names, grouped by role, if one is printed: 记者 殷雪嵩、梁涛."""
    roles: dict[str, list[str]] = {}
    for reporter in article.reporters:
        roles.setdefault(reporter.role, []).append(reporter.name)
    by_role = (
        texts.html("article.reporters", role=role, names=texts.listed(names)) if role else as_html(texts.listed(names))
        for role, names in roles.items()
    )
    return join(" ", by_role)


def _has_poor_quality(article: Article) -> bool:
    return article.quality < POOR_QUALITY and len(article.body) >= MIN_CHARS_FOR_QUALITY


def _buttons(article: Article, next_part: int | None, texts: Texts, *, share: bool) -> tuple[Row, ...]:
    """Return the rows of buttons: next part; related articles, names and topics; page, digest and share."""
    read_on = (
        [button(texts.plain("button.read_on"), callbacks.ShowArticlePart(article.id, next_part))] if next_part else []
    )
    onward = [
        button(texts.plain("button.related"), callbacks.ShowRelated(article.id)),
        button(texts.plain("button.names"), callbacks.ShowNames(article.id)),
        button(texts.plain("button.topics"), callbacks.ShowFollowable(article.id)),
    ]
    back = _issue_buttons(article, texts)
    if share:
        back.append(share_button(texts.plain("button.share"), article.id))
    return tuple(tuple(row) for row in (read_on, onward, back) if row)


def _issue_buttons(article: Article, texts: Texts) -> list[Button]:
    """Return buttons for the article's page and digest, as far as its day and page are known."""
    if article.date is None:
        return []
    digest = digest_button(article.date, texts)
    if not article.page:
        return [digest]
    page = str(page_numbers([article.page], texts))
    return [button(page, callbacks.ShowPage(article.date, article.page)), digest]


def _search_button(name: str, query: str) -> Button:
    return button(shorten(name, MAX_LABEL_CHARS), callbacks.RunSearch(query))


def _back_row(article: Article, texts: Texts) -> Row:
    return (button(texts.plain("button.back_to_article"), callbacks.ShowArticle(article.id)),)

"""Every message about composed articles: valid HTML for Telegram, within its limits, nothing half-made in it."""

import os
from collections.abc import Iterator

import pytest

from bot import render
from bot.keyboards import LIMIT, SHARING, decode
from bot.local import html
from bot.presses import ReadOn
from bot.render.fit import MESSAGE, units
from bot.texts import LANGUAGES
from digests import digest, labels
from digests.excerpts import excerpt
from digests.models import Article, Hit, SearchResult
from digests.query import Term
from digests.readers import Language, Outgoing
from tests import composed

COUNT = int(os.environ.get("JIANBAO_COMPOSED", "150"))
"""`make soak` composes 2,000."""
NAMED = 10
"""Of so many articles one is asked for its people and places, which takes longest."""


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return composed.composed(COUNT)


def proper(message: Outgoing) -> None:
    """Telegram takes it and shows nothing half-made."""
    text, _ = html.parse(message.text)
    assert text.strip()
    assert units(text) <= MESSAGE
    buttons = [button for row in message.buttons for button in row]
    assert len(buttons) <= 100
    for label, data in buttons:
        assert 0 < len(label) <= 40
        assert data.startswith(SHARING) or (len(data.encode()) <= LIMIT and data.isascii() and decode(data)), data


def read_on(article: Article, lang: Language) -> Iterator[Outgoing]:
    """All parts of an article, each reached by the button of the one before it."""
    message: Outgoing | None = None
    for message in render.article(article, lang, share=True):
        yield message
    while message and (
        press := next((p for row in message.buttons for _, d in row if isinstance(p := decode(d), ReadOn)), None)
    ):
        message = render.article_part(article, press.part, lang, share=True)
        assert message
        yield message


@pytest.mark.parametrize("lang", LANGUAGES)
def test_articles_with_all_that_leads_on_from_them(articles: list[Article], lang: Language) -> None:
    for number, article in enumerate(articles):
        messages = [*read_on(article, lang), render.related(article, articles[number : number + 5], lang)]
        if number % NAMED == 0:
            named = labels.of(article)
            messages.append(render.names(article, named.people, named.places, lang))
            messages.append(render.following(article, named.places or ("太原",), lang))
        for message in messages:
            proper(message)
        shown = render.shared(article, excerpt(article, [Term("太原")]), "https://t.me/a?start=b&c=<", lang)
        assert units(html.parse(shown)[0]) <= MESSAGE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_issues_with_their_pages_and_sections(articles: list[Article], lang: Language) -> None:
    for held in composed.days(articles):
        whole = composed.issue(held)
        told = digest.build(whole, held)
        messages = [*render.digest(told, lang), *render.why(told, lang), render.section(whole, "", held, 15, lang)]
        messages += [render.contents(whole, held, offset, lang) for offset in (0, 15)]
        for page in whole.pages:
            on_it = [article for article in held if article.page == page]
            messages.append(render.page(whole, page, on_it, 0, lang))
        for message in messages:
            proper(message)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_searches_over_them(articles: list[Article], lang: Language) -> None:
    for offset in range(0, len(articles) - 5, 5):
        hits = tuple(
            Hit(article, 1.0, excerpt(article, [Term("太原"), Term("<b>")]))
            for article in articles[offset : offset + 5]
        )
        found = SearchResult('太原 "<b>"', len(articles), offset, hits)
        proper(render.search(found, lang, newest=offset % 2 == 0))
        proper(render.person("韦<韬", ("市&长",), found, lang))

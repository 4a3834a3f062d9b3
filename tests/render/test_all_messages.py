"""All messages about composed articles: valid HTML within the limits of Telegram, and buttons that can be read back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot import render
from bot.callbacks import MAX_CALLBACK_BYTES, ShowArticlePart, decode
from bot.keyboards import INLINE_QUERY_SIGN
from bot.local import entities
from bot.local.entities import with_found_entities
from bot.local.markup import parse_html
from bot.render.packing import MAX_CAPTION_UNITS, MAX_ENTITIES, MAX_MESSAGE_UNITS, utf16_units
from bot.texts import LANGUAGES
from digests import analysis, dates, digest
from digests.chats import Language, Match, OutgoingMessage, Subscription
from digests.digest import trends
from digests.models import Article, Hit, Reason, SearchResult
from digests.query import Term
from digests.search.snippets import snippet
from digests.storage.button_texts import replace_texts
from digests.subscriptions.alerts import MatchedArticle
from tests import composed

COUNT = int(os.environ.get("JIANBAO_COMPOSED", "150"))
"""Articles; `make soak` composes 2,000."""
ARTICLES_PER_ANALYSIS = 10
"""Every so many articles, people and places are found, which takes longest."""


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return composed.composed(COUNT)


@pytest.fixture(autouse=True)
def all_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the entities that Telegram would drop, so that `proper` sees them."""
    monkeypatch.setattr(entities, "MAX_ENTITIES", 100_000)


def proper(message: OutgoingMessage) -> None:
    """Check that Telegram accepts the message, and that its buttons can be read back."""
    text, marked = parse_html(message.text)
    assert text.strip()
    assert len(with_found_entities(text, marked).entities) <= MAX_ENTITIES
    assert utf16_units(text) <= (MAX_CAPTION_UNITS if message.picture else MAX_MESSAGE_UNITS)
    buttons = [button for row in message.buttons for button in row]
    assert len(buttons) <= 100
    for label, _ in buttons:
        assert 0 < len(label) <= 40
    sent, texts = replace_texts(message)
    for _, data in (button for row in sent.buttons for button in row):
        assert data.startswith(INLINE_QUERY_SIGN) or (
            len(data.encode()) <= MAX_CALLBACK_BYTES and decode(data, texts)
        ), data


def read_on(article: Article, lang: Language) -> Iterator[OutgoingMessage]:
    """Yield all parts of an article, each by the button of the part before it."""
    message: OutgoingMessage | None = None
    for message in render.article(article, lang, share=True):
        yield message
    while message and (
        press := next(
            (p for row in message.buttons for _, d in row if isinstance(p := decode(d), ShowArticlePart)), None
        )
    ):
        message = render.article_part(article, press.part, lang, share=True)
        assert message
        yield message


@pytest.mark.parametrize("lang", LANGUAGES)
def test_articles_and_the_messages_that_they_lead_to(articles: list[Article], lang: Language) -> None:
    for number, article in enumerate(articles):
        messages = [*read_on(article, lang), render.related_articles(article, articles[number : number + 5], lang)]
        if number % ARTICLES_PER_ANALYSIS == 0:
            named = analysis.Labeller().label(article)
            messages.append(render.people_and_places(article, named.people, named.places, lang))
            messages.append(render.follow_choices(article, named.places or ("太原",), lang))
        for message in messages:
            proper(message)
        shown = render.shared_article(article, snippet(article, [Term("太原")]), "https://t.me/a?start=b&c=<", lang)
        assert utf16_units(parse_html(shown)[0]) <= MAX_MESSAGE_UNITS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_issues_with_their_pages_and_sections(articles: list[Article], lang: Language) -> None:
    for day in composed.days(articles):
        whole = composed.issue(day)
        edition = digest.build(whole, day)
        messages = [
            *render.digest(edition, lang),
            *render.story_scores(edition, lang),
            render.section_contents(whole, "", day, 15, lang),
        ]
        messages += [render.contents(whole, day, offset, lang) for offset in (0, 15)]
        for page in whole.pages:
            on_it = [article for article in day if article.page == page]
            messages.append(render.page_contents(whole, page, on_it, 0, lang))
        for message in messages:
            proper(message)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_search_results_of_composed_articles(articles: list[Article], lang: Language) -> None:
    for offset in range(0, len(articles) - 5, 5):
        hits = tuple(
            Hit(article, 1.0, snippet(article, [Term("太原"), Term("<b>")]))
            for article in articles[offset : offset + 5]
        )
        found = SearchResult('太原 "<b>"', len(articles), offset, hits)
        proper(render.search_results(found, lang, newest=offset % 2 == 0))
        proper(render.person("韦<韬", ("市&长",), found, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reviews_and_trends_of_composed_issues(articles: list[Article], lang: Language) -> None:
    by_day = {composed.issue(day).day: day for day in composed.days(articles)}
    digests = [digest.build(composed.issue(day), day) for day in list(by_day.values())[:8]]
    messages = [render.issue_list([composed.issue(day) for day in by_day.values()], 0, lang)]
    last, spans = digests[-1].day, (("week", dates.week_of), ("month", dates.month_of))
    messages += [
        render.period_review(period, span, lang, newer=last, older=digests[0].day)  # type: ignore[arg-type]
        for span, bounds in spans
        if (period := trends.summarise_period(digests, bounds(last)))
    ]
    words = ("太原", "<b>", "疫情")
    by_word = {
        word: trends.term_counts(
            {day: sum(word in article.body for article in of_day) for day, of_day in by_day.items()},
            map(composed.issue, by_day.values()),
        )
        for word in words
    }
    messages.append(render.word_trends(by_word, lang, left_out="x"))
    messages.append(render.rising_words(trends.rising_keywords(digests), len(digests), len(by_day), lang))
    for message in messages:
        proper(message)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_alerts_and_bundles(articles: list[Article], lang: Language) -> None:
    """Alerts on one article and on many, with a query that needs escaping."""
    query = '太原 OR "<b>&"'
    wanted = Subscription(1, query, datetime(2019, 1, 1, tzinfo=UTC), name="<我的>")
    all_found = []
    for article in articles:
        reason = Reason("太原", "body", snippet(article, [Term("太原")]))
        all_found.append(MatchedArticle(article, (Match(7, wanted, article.id, reason),)))
        for message in render.alert(all_found[-1:], lang):
            proper(message)
    for message in (*render.alert(all_found, lang), *render.alert_bundle(all_found[:30], lang)):
        proper(message)

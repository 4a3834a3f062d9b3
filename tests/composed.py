"""Articles composed at random from sentences of the sample pages: long, short, without headings, with HTML markup."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from digests.models import Article, Issue, Reporter
from digests.text import article_id, sentences
from tests.conftest import SEEDS

ARTICLES_PER_PAGE, ARTICLES_PER_ISSUE = 9, 27
FIRST = date(2019, 1, 1)
MARKUP = ("<b>50%</b> & <", "&lt;5 < 6&gt;", "𠮷😀🀄", '"{0}" {count}', "</blockquote>", "a<i", "％＜＞", "\\n*_`[")


def composed(count: int, seed: int = 7) -> list[Article]:
    """Return `count` articles in page order, ARTICLES_PER_ISSUE of them a day; the same for the same seed."""
    chance = random.Random(seed)
    return [_article(number, chance) for number in range(count)]


def issue(articles: list[Article]) -> Issue:
    """Return the issue of articles of one day."""
    pages = tuple(sorted({article.page or 0 for article in articles}))
    return Issue(articles[0].date or FIRST, articles[0].paper, pages, len(articles), 0, 0.9, articles[0].id)


def days(articles: list[Article]) -> Iterator[list[Article]]:
    """Yield the articles day by day."""
    for start in range(0, len(articles), ARTICLES_PER_ISSUE):
        yield articles[start : start + ARTICLES_PER_ISSUE]


def _article(number: int, chance: random.Random) -> Article:
    long = chance.random() < 0.1
    paragraphs = tuple(
        "".join(_sentence(chance) for _ in range(chance.randint(1, 12)))
        for _ in range(chance.randint(0, 30 if long else 6))
    )
    headline = _sentence(chance)[: chance.choice((8, 20, 60, 300))] if chance.random() < 0.9 else None
    return Article(
        id=article_id(f"{number}{headline}"),
        headline=headline,
        paragraphs=paragraphs,
        paper=chance.choice(("云河日报", "云河日报、云河晚报", "<&>")),
        date=FIRST + timedelta(days=number // ARTICLES_PER_ISSUE),
        page=number % ARTICLES_PER_ISSUE // ARTICLES_PER_PAGE + 1,
        kicker=_sentence(chance) if chance.random() < 0.3 else "",
        deck=_sentence(chance) if chance.random() < 0.3 else "",
        section=_sentence(chance)[:12] if chance.random() < 0.2 else "",
        kind=chance.choice(("news", "news", "news", "brief", "photo_caption", "notice", "countdown")),
        reporters=tuple(Reporter(_sentence(chance)[:3], "记者") for _ in range(chance.randint(0, 3))),
        subheads=paragraphs[1:2] if len(paragraphs) > 3 else (),
        continued_on_page=4 if chance.random() < 0.1 else None,
        quality=chance.random(),
    )


def _sentence(chance: random.Random) -> str:
    return chance.choice(MARKUP) if chance.random() < 0.05 else chance.choice(_sentences())


@cache
def _sentences() -> tuple[str, ...]:
    """Return all sentences of the sample pages, line by line."""
    lines = (line for file in sorted(SEEDS.glob("*.txt")) for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(line[start:end] for line in lines for start, end in sentences(line))

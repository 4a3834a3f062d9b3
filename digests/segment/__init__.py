"""Page -> articles, in small pure steps.

text -> lines -> a role for each line -> drafts of articles -> articles with all their fields
"""

from collections.abc import Sequence
from dataclasses import replace

from digests.models import LineRange, Page, ParsedPage
from digests.pages import issue_date
from digests.segment import articles, corrections, features, lines, model, quality
from digests.segment.model import Role

METHOD = "4"
"""Changes whenever a page may be read differently than before."""


def read(page: Page) -> ParsedPage:
    """`page` taken apart; a page without a date is given the one that its text tells, as far as it tells it."""
    if page.date is None and (told := issue_date.from_text(page.text)):
        page = replace(page, date=told.day, date_source="text", date_told=told.text, date_sure=told.sure)
    split = lines.split(page.text)
    drafts, furniture = articles.group(split, _roles(split))
    order = [number for number, _ in lines.numbered(page.text)]
    found = articles.articles(drafts, page, order)
    ranges: tuple[LineRange, ...] = tuple((line.first, line.last) for line in furniture)
    bodies = "\n".join(article.body for article in found)
    return ParsedPage(page, found, ranges, quality.quality(bodies or page.text))


def _roles(split: Sequence[lines.Line]) -> list[Role]:
    seen, weights = features.of_page(split), model.shipped()
    decoded = model.decode(seen, weights)
    return corrections.settle(split, corrections.undecided(seen, decoded, weights))

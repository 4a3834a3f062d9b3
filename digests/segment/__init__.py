"""Page -> articles, in small pure steps.

text -> lines -> a role for each line -> drafts of articles -> articles with all their fields
"""

from collections.abc import Sequence
from dataclasses import replace

from digests.models import LineRange, Page, ParsedPage
from digests.pages import issue_date
from digests.segment import articles, corrections, features, lines, model, quality
from digests.segment.model import Role

METHOD_VERSION = "4"
"""Changes whenever a page may be read differently than before."""


def parse_page(page: Page) -> ParsedPage:
    """`page` taken apart; a page without a date is given the one that its text tells, as far as it tells it."""
    if page.date is None and (told := issue_date.from_text(page.text)):
        page = replace(page, date=told.day, date_source="text", date_in_text=told.text, date_confidence=told.confidence)
    split = lines.split_lines(page.text)
    drafts, furniture = articles.group_lines(split, _roles(split))
    order = [number for number, _ in lines.numbered_lines(page.text)]
    found = articles.build_articles(drafts, page, order)
    ranges: tuple[LineRange, ...] = tuple((line.first, line.last) for line in furniture)
    bodies = "\n".join(article.body for article in found)
    return ParsedPage(page, found, ranges, quality.text_quality(bodies or page.text))


def _roles(split: Sequence[lines.Line]) -> list[Role]:
    seen, weights = features.page_features(split), model.bundled_weights()
    decoded = model.decode_roles(seen, weights)
    return corrections.apply_page_rules(split, corrections.merge_doubtful_headings(seen, decoded, weights))

"""Segmentation: divide a page into articles, in pure steps.

    lines          text -> numbered lines
    layout         line -> facts about it; page -> runs of headings and text
    features       page -> features of each line
    model          features -> the most likely sequence of roles
    corrections    roles -> roles corrected by rules
    articles       lines and roles -> articles with all their fields

bylines finds the reporters of an article, quality measures how well a text was recognised, and continued joins the
pieces of articles that continue on another page.
"""

from collections.abc import Sequence
from dataclasses import replace

from digests.models import LineRange, Page, ParsedPage
from digests.pages import issue_date
from digests.segment import articles, corrections, features, lines, model, quality
from digests.segment.model import Role

METHOD_VERSION = "5"
"""Increase it with every change that may change the articles of a page; ingesting then reads all pages again."""


def parse_page(page: Page) -> ParsedPage:
    """Return the articles of `page`; a page without a date gets the date inferred from its text."""
    if page.date is None and (found := issue_date.from_text(page.text)):
        page = replace(
            page, date=found.day, date_source="text", date_in_text=found.text, date_confidence=found.confidence
        )
    page_lines = lines.split_lines(page.text)
    drafts, furniture = articles.group_lines(page_lines, _roles(page_lines))
    numbers = [number for number, _ in lines.numbered_lines(page.text)]
    built = articles.build_articles(drafts, page, numbers)
    ranges: tuple[LineRange, ...] = tuple((line.first, line.last) for line in furniture)
    bodies = "\n".join(article.body for article in built)
    return ParsedPage(page, built, ranges, quality.text_quality(bodies or page.text))


def _roles(page_lines: Sequence[lines.Line]) -> list[Role]:
    line_features, weights = features.page_features(page_lines), model.bundled_weights()
    roles = model.decode_roles(line_features, weights)
    roles = corrections.merge_doubtful_headings(line_features, roles, weights)
    return corrections.apply_page_rules(page_lines, roles)

"""Segmentation: divide a page into articles, in pure steps.

    markup         file -> lines without Markdown and HTML
    page_heads     lines -> printed pages without their running heads and feet, and what these say
    lines          lines -> lines with hard-wrapped paragraphs joined
    layout         line -> facts about it; page -> runs of headings and text
    features       page -> features of each line
    model          features -> the most likely sequence of roles
    corrections    roles -> roles corrected by rules
    articles       lines and roles -> articles with all their fields

printed_signs has the patterns of what papers print around their articles (leads, bylines, jumps), head_parts those of
running heads. bylines and name_lists find the reporters of an article, quality measures how well a text was recognised,
certainty how sure its division into articles is, and continued joins the pieces of articles that continue on another
page.
"""

from collections.abc import Sequence
from dataclasses import replace

from digests.models import Article, LineRange, Page, ParsedPage
from digests.pages import issue_date
from digests.segment import (
    articles,
    certainty,
    corrections,
    features,
    head_parts,
    lines,
    markup,
    model,
    page_heads,
    quality,
)
from digests.segment.model import Role

METHOD_VERSION = "7"
"""Increase it with every change that may change the articles of a page; ingesting then reads all pages again."""


def parse_page(page: Page) -> ParsedPage:
    """Return the articles of `page`, and the page with the date, number and paper that its text tells.

    What the file's name or archive.toml tells is kept. A file with several printed pages gets no number of its own;
    each of its articles has the number of the page that it is printed on.
    """
    numbered = lines.numbered_lines(page.text)
    marked = markup.plain_lines(numbered)
    printed = page_heads.printed_pages(marked.lines)
    page = _with_printed_facts(page, marked, printed)
    drafts: list[articles.Draft] = []
    expected, counted = 0.0, 0
    furniture: list[LineRange] = [(number, number) for number in marked.furniture]
    for part in printed:
        page_lines = lines.join_wrapped(part.lines)
        roles, sureness = _roles(page_lines)
        expected += sureness * len(page_lines)
        counted += len(page_lines)
        own_drafts, margin = articles.group_lines(page_lines, roles)
        drafts += [replace(draft, page=part.number) for draft in own_drafts]
        furniture += [(number, number) for number in part.furniture]
        furniture += [(line.first, line.last) for line in margin]
    built = articles.build_articles(drafts, page, [number for number, _ in numbered])
    structure = round(expected / counted, 3) if counted else 1.0
    return ParsedPage(page, built, tuple(sorted(furniture)), _legibility(page, built), structure)


def _legibility(page: Page, built: Sequence[Article]) -> float:
    """Return the mean quality of the articles, weighted by their length; that of the text if no article has a body."""
    lengths = [len(article.body) for article in built]
    if not any(lengths):
        return quality.text_quality(page.text)
    total = sum(article.quality * length for article, length in zip(built, lengths, strict=True))
    return round(total / sum(lengths), 3)


def _with_printed_facts(page: Page, marked: markup.MarkedText, printed: Sequence[page_heads.PrintedPage]) -> Page:
    """Return `page` with the facts it lacks from its front matter, its running heads, or the days of its events."""
    if not page.paper or page.has_usual_paper:
        told = (*(part.paper for part in printed), head_parts.paper_named(marked.front.get("title", "")), page.paper)
        named = next(filter(None, (*told, *(part.paper_in_leads for part in printed))), "")
        page = replace(page, paper=named)
    if page.number is None and len(printed) == 1:
        page = replace(page, number=printed[0].number)
    if page.date is not None:
        return page
    if day := marked.day or next((part.day for part in printed if part.day), None):
        return replace(page, date=day, date_source="text", date_in_text=day.isoformat(), date_confidence=1.0)
    if found := issue_date.from_text(page.text):
        return replace(
            page, date=found.day, date_source="text", date_in_text=found.text, date_confidence=found.confidence
        )
    return page


def _roles(page_lines: Sequence[lines.Line]) -> tuple[list[Role], float]:
    """Return the role of each line of a printed page, and how sure the division into articles is."""
    weights = model.bundled_weights()
    emitted = model.line_scores(features.page_features(page_lines), weights)
    roles = model.decode_roles(emitted, weights)
    sureness = certainty.certainty(emitted, roles, weights)
    roles = corrections.merge_doubtful_headings(emitted, roles, weights)
    return corrections.apply_page_rules(page_lines, roles), sureness

"""Page -> articles, in small pure steps.

text -> lines -> a role for each line -> drafts of articles -> articles with all their fields
"""

from dataclasses import replace

from digests import dates
from digests.models import LineRange, Page, Reading
from digests.segment import build, features, groups, lines, model, quality, settle

METHOD = "1"
"""Changes whenever a page may be read differently than before."""


def read(page: Page) -> Reading:
    """`page` taken apart; a page without a date is given the one that its text tells, if it tells one with the year."""
    if page.date is None and (told := dates.from_text(page.text)) and told.day:
        page = replace(page, date=told.day, date_source="text")
    split = lines.split(page.text)
    roles = settle.settle(split, model.decode(features.of_page(split), model.shipped()))
    drafts, furniture = groups.group(split, roles)
    order = [number for number, raw in enumerate(page.text.split("\n"), 1) if raw.strip()]
    found = build.articles(drafts, page, order)
    ranges: tuple[LineRange, ...] = tuple((line.first, line.last) for line in furniture)
    return Reading(page, found, ranges, quality.quality(page.text))

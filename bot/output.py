"""Values -> what the command line prints: text for people, JSON for programs."""

from collections.abc import Mapping
from typing import Any

import orjson

from digests.errors import UsageError
from digests.models import Article, Digest, Reading, SearchResult


def as_json(value: Any) -> str:
    """One line of JSON; dataclasses become objects, days become 2022-08-29."""
    return orjson.dumps(value).decode()


def reading_json(reading: Reading) -> str:
    """A page taken apart, in the form that `jianbao parse --json` promises."""
    page = reading.page
    return as_json(
        {
            "file": page.file,
            "paper": page.paper,
            "date": page.date or page.date_told or None,
            "date_source": page.date_source,
            "date_sure": page.date_sure if page.date_source != "none" else 0.0,
            "page": page.number,
            "quality": reading.quality,
            "articles": [_article(article) for article in reading.articles],
            "furniture": reading.furniture,
        }
    )


def _article(article: Article) -> Mapping[str, Any]:
    return {
        "id": article.id,
        "n": article.n,
        "kicker": article.kicker,
        "headline": article.headline,
        "deck": article.deck,
        "section": article.section,
        "kind": article.kind,
        "byline": article.byline,
        "reporters": article.reporters,
        "dateline": {"place": article.dateline_place, "day": article.dateline_day},
        "subheads": article.subheads,
        "lines": article.lines,
        "continued_on_page": article.continued_on_page,
        "continued_from_page": article.continued_from_page,
        "quality": article.quality,
        "paragraphs": article.paragraphs,
    }


def reading_text(reading: Reading) -> str:
    page = reading.page
    day = page.date or page.date_told
    day = f"{day} ({page.date_source}, sure {page.date_sure:.2f})" if day else "day not known"
    number = f"page {page.number}" if page.number else "page not known"
    head = f"{page.file}: {page.paper or 'paper not known'}, {day}, {number}, quality {reading.quality:.2f}"
    return "\n".join([head, *(_article_line(article) for article in reading.articles)])


def _article_line(article: Article) -> str:
    lines = ",".join(f"{first}-{last}" for first, last in article.lines)
    by = f" ({'、'.join(article.byline)})" if article.byline else ""
    return f"{article.n:>3}. [{article.kind}] {article.title}{by}  lines {lines}"


def digest_text(digest: Digest) -> str:
    notices = f", {digest.notices} notices" if digest.notices else ""
    lines = [
        f"{digest.paper} {digest.day}: {digest.articles} articles{notices}",
        "、".join(keyword.text for keyword in digest.keywords),
    ]
    for number, story in enumerate(digest.stories, 1):
        lines += ["", f"{number:>2}. {story.headline}  ({story.article}, score {story.score:.2f})"]
        if story.quote:
            lines.append(f"    {story.quote}")
    return "\n".join(lines)


def search_json(asked: str, result: SearchResult) -> str:
    """The hits, in the form that `jianbao search --json` promises."""
    hits = [
        {
            "id": hit.article.id,
            "file": hit.article.file,
            "n": hit.article.n,
            "date": hit.article.date,
            "headline": hit.article.headline,
            "score": round(hit.score, 4),
            "excerpt": hit.excerpt.text,
        }
        for hit in result.hits
    ]
    return as_json({"q": asked, "total": result.total, "loose": result.loose, "hits": hits})


def search_text(result: SearchResult) -> str:
    note = " (nothing matches all of it; these hold some of its words)" if result.loose else ""
    lines = [f"{result.total} articles{note}"]
    for number, hit in enumerate(result.hits, 1):
        day = hit.article.date.isoformat() if hit.article.date else "day not known"
        lines += ["", f"{number:>2}. {day}  {hit.article.title}  ({hit.article.id})", f"    {hit.excerpt.text}"]
    return "\n".join(lines)


def field_of_line(line: str, field: str, number: int) -> str:
    """The text of `field` in one line of JSON Lines; `number` names the line where it is not as expected."""
    try:
        return str(orjson.loads(line)[field])
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError) as error:
        raise UsageError(f'line {number} of the input is {line.strip()[:60]!r}; expected {{"{field}": ...}}') from error

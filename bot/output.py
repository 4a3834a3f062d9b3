"""Values -> what the command line prints: text for people, JSON for programs."""

from collections.abc import Mapping
from typing import Any

import orjson

from digests.analysis import Analysis
from digests.errors import UsageError
from digests.models import Article, Digest, Reading, Reason, SearchResult


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
            "alike": hit.alike,
            "excerpt": hit.excerpt.text,
        }
        for hit in result.hits
    ]
    found = {"q": asked, "total": result.total, "loose": result.loose, "suggestions": result.suggestions}
    return as_json(found | {"hits": hits})


def search_text(result: SearchResult) -> str:
    note = " (nothing matches all of it; these hold some of its words)" if result.loose else ""
    lines = [f"{result.total} articles{note}"]
    if result.suggestions:
        lines.append("did you mean: " + ", ".join(result.suggestions))
    for number, hit in enumerate(result.hits, 1):
        day = hit.article.date.isoformat() if hit.article.date else "day not known"
        lines += ["", f"{number:>2}. {day}  {hit.article.title}  ({hit.article.id})", f"    {hit.excerpt.text}"]
    return "\n".join(lines)


def reason_text(reason: Reason | None) -> str:
    """Why a query matched, the found words in [brackets]."""
    if reason is None:
        return "no match"
    said, marks = reason.excerpt.text, reason.excerpt.marks
    for start, end in reversed(marks):
        said = f"{said[:start]}[{said[start:end]}]{said[end:]}"
    return f"match: {reason.term} ({reason.rule}) in the {reason.where}: {said}"


def analysis_json(row_id: Any, found: Analysis) -> str:
    """What a text says, in the form that `jianbao analyse --jsonl` promises."""
    return as_json(
        {
            "id": row_id,
            "keywords": [keyword.text for keyword in found.keywords],
            "summary": "".join(found.summary),
            "quotations": found.summary,
            "people": found.people,
            "places": found.places,
            "organisations": found.organisations,
            "themes": found.themes,
        }
    )


def as_article(body: str, *, title: str = "") -> Article:
    """A bare text as an article, each of its lines a paragraph."""
    return Article(id="", headline=title or None, paragraphs=tuple(line for line in body.split("\n") if line.strip()))


class Row:
    """One line of JSON Lines from stdin; whatever is not as expected is said with the line's number."""

    def __init__(self, line: str, number: int) -> None:
        self._number, self._line = number, line.strip()
        try:
            self._fields = orjson.loads(line)
        except orjson.JSONDecodeError:
            self._fields = None
        if not isinstance(self._fields, dict):
            raise UsageError(f"line {number} of the input is {self._line[:60]!r}; expected a JSON object")

    def given(self, name: str) -> Any:
        return self._fields.get(name)

    def text(self, *names: str, default: str | None = None) -> str:
        """The text of the first of the fields `names` that is there."""
        for name in names:
            if isinstance(value := self._fields.get(name), str):
                return value
        if default is not None:
            return default
        expected = " or ".join(f'"{name}"' for name in names)
        raise UsageError(f"line {self._number} of the input is {self._line[:60]!r}; expected a text in {expected}")

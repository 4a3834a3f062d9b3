"""Values -> what the command line prints: text for people, JSON for programs."""

from collections.abc import Mapping
from typing import Any

import orjson

from digests.analysis import Analysis
from digests.errors import UsageError
from digests.models import Article, Digest, ParsedPage, Reason, SearchResult, Snippet, Story
from digests.subscriptions.backtest import Backtest


def as_json(value: Any) -> str:
    """One line of JSON; dataclasses become objects, days become 2022-08-29."""
    return orjson.dumps(value).decode()


def reading_json(reading: ParsedPage) -> str:
    """A page taken apart, in the form that `jianbao parse --json` promises."""
    page = reading.page
    return as_json(
        {
            "file": page.file,
            "paper": page.paper,
            "date": page.date or page.date_in_text or None,
            "date_source": page.date_source,
            "date_sure": page.date_confidence if page.date_source != "none" else 0.0,
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


def reading_text(reading: ParsedPage) -> str:
    page = reading.page
    day = page.date or page.date_in_text
    day = f"{day} ({page.date_source}, sure {page.date_confidence:.2f})" if day else "day not known"
    number = f"page {page.number}" if page.number else "page not known"
    head = f"{page.file}: {page.paper or 'paper not known'}, {day}, {number}, quality {reading.quality:.2f}"
    return "\n".join([head, *(_article_line(article) for article in reading.articles)])


def _article_line(article: Article) -> str:
    lines = ",".join(f"{first}-{last}" for first, last in article.lines)
    by = f" ({'、'.join(article.byline)})" if article.byline else ""
    return f"{article.n:>3}. [{article.kind}] {article.title}{by}  lines {lines}"


def digest_text(digest: Digest) -> str:
    """A digest in sections as readers get it; one without stories says so in one line."""
    notices = f", {digest.notices} notices" if digest.notices else ""
    pages = f", page {', '.join(map(str, digest.pages))}" if digest.pages else ""
    numbers = {story.article: number for number, story in enumerate(digest.stories, 1)}
    keywords = [f"{keyword.text} ({keyword.trend})" if keyword.trend else keyword.text for keyword in digest.keywords]
    figures = [f"{figure.text} ({numbers[figure.article]})" for figure in digest.figures if figure.article in numbers]
    lines = [
        f"{digest.paper or 'paper not known'} {digest.day}{pages}: {digest.articles} articles{notices}, "
        f"quality {digest.quality:.2f}",
        *(["keywords: " + "、".join(keywords)] if keywords else []),
        *(["figures: " + "、".join(figures)] if figures else []),
    ]
    for theme, stories in digest.sections:
        lines += ["", f"【{theme or 'other'}】"]
        for story in stories:
            lines += _story_lines(numbers[story.article], story)
    return "\n".join(lines if digest.stories else [*lines, _nothing(digest)])


def _story_lines(number: int, story: Story) -> list[str]:
    marks = [
        f"score {story.score:.2f}",
        *([f"{len(story.copies)} more of the same"] if story.copies else []),
        *([f"goes on from {story.follows.day} {story.follows.article}"] if story.follows else []),
    ]
    head = f"{number:>2}. {story.headline}  ({story.article}, {', '.join(marks)})"
    return [head, f"    {story.quote}"] if story.quote else [head]


def _nothing(digest: Digest) -> str:
    if digest.repeated:
        return f"nothing new in this issue: {digest.repeated} stories were in earlier ones"
    return "no complete story was found in this issue"


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
            "alike": hit.look_alike,
            "partial": hit.partial,
            "excerpt": hit.snippet.text,
        }
        for hit in result.hits
    ]
    found = {"q": asked, "total": result.total, "loose": result.partial_only, "suggestions": result.suggestions}
    return as_json(found | {"hits": hits})


def search_text(result: SearchResult) -> str:
    note = " (the best hold some of the words, none holds all)" if result.partial_only else ""
    lines = [f"{result.total} articles{note}"]
    if result.suggestions:
        lines.append("did you mean: " + ", ".join(result.suggestions))
    for number, hit in enumerate(result.hits, 1):
        day = hit.article.date.isoformat() if hit.article.date else "day not known"
        some = ", some of the words" if hit.partial else ""
        lines += ["", f"{number:>2}. {day}  {hit.article.title}  ({hit.article.id}{some})", f"    {hit.snippet.text}"]
    return "\n".join(lines)


def backtest_json(asked: str, tested: Backtest) -> str:
    """What a subscription would have brought, in the form that `jianbao backtest --json` promises."""
    hits = [
        {
            "id": hit.article.id,
            "file": hit.article.file,
            "n": hit.article.n,
            "date": hit.article.date,
            "headline": hit.article.headline,
            "reason": reason_document(hit.reason),
        }
        for hit in tested.hits
    ]
    day, count = tested.busiest or (None, 0)
    return as_json(
        {
            "query": asked,
            "total": tested.total,
            "last_year": tested.last_year,
            "issues": tested.issues,
            "by_month": tested.by_month,
            "busiest": {"date": day, "count": count},
            "firehose": tested.firehose,
            "left_out": [{"id": one.article.id, "excerpt": one.snippet} for one in tested.look_alikes],
            "tighter": tested.tighter,
            "looser": tested.looser,
            "hits": hits,
        }
    )


def backtest_text(tested: Backtest) -> str:
    busiest = ", at most {1} on a day ({0})".format(*tested.busiest) if tested.busiest else ""
    said = [f"{tested.total} alerts over {tested.issues} issues, {tested.last_year} in the last year{busiest}"]
    if tested.firehose:
        said.append("a firehose: more than anybody reads")
    for name, forms in (("less of it", tested.tighter), ("more of it", tested.looser)):
        if forms:
            said.append(f"{name}: {', '.join(forms)}")
    for hit in tested.hits:
        day = hit.article.date.isoformat() if hit.article.date else "day not known"
        said += ["", f"{day}  {hit.article.title}  ({hit.article.id})", f"    {reason_text(hit.reason)}"]
    for one in tested.look_alikes:
        said += ["", f"left out: {one.article.title}  ({one.article.id})", f"    {_bracketed(one.snippet)}"]
    return "\n".join(said)


def reason_document(reason: Reason) -> dict[str, object]:
    """Return a match's reason as JSON output shows it."""
    return {"term": reason.term, "where": reason.where, "excerpt": reason.snippet, "rule": reason.rule}


def reason_text(reason: Reason | None) -> str:
    """Why a query matched, the found words in [brackets]."""
    if reason is None:
        return "no match"
    return f"match: {reason.term} ({reason.rule}) in the {reason.where}: {_bracketed(reason.snippet)}"


def _bracketed(excerpt: Snippet) -> str:
    said = excerpt.text
    for start, end in reversed(excerpt.marks):
        said = f"{said[:start]}[{said[start:end]}]{said[end:]}"
    return said


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

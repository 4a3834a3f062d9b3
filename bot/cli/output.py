"""Format values for the command line, as text for people and JSON for programs; parse JSON Lines input."""

from collections.abc import Mapping
from typing import Any

import orjson

from digests.analysis import Analysis
from digests.ask import Answers
from digests.errors import UsageError
from digests.language.boundaries import join_split_words
from digests.language.normal_form import clean_text
from digests.models import Article, Digest, ParsedPage, Reason, ScoreParts, SearchResult, Snippet, Story
from digests.promises import Promise
from digests.subscriptions.backtest import Backtest


def as_json(value: Any) -> str:
    """Return a value as one line of JSON: dataclasses as objects, dates as strings such as "2022-08-29"."""
    return orjson.dumps(value, default=_score_parts).decode()


def _score_parts(value: Any) -> list[tuple[str, float]]:
    """Return the terms of a score with their names; orjson does not write named tuples."""
    if isinstance(value, ScoreParts):
        return list(value._asdict().items())
    raise TypeError


def counted(count: int, noun: str) -> str:
    """Return the number with the noun in singular or plural: 1 article, 2 articles."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def page_json(parsed: ParsedPage) -> str:
    """Return the output of `jianbao parse --json` for one page."""
    page = parsed.page
    return as_json(
        {
            "file": page.file,
            "paper": page.paper,
            "date": page.date or page.date_in_text or None,
            "date_source": page.date_source,
            "date_sure": page.date_confidence if page.date_source != "none" else 0.0,
            "page": page.number,
            "quality": parsed.quality,
            "structure": parsed.structure,
            "articles": [_article(article) for article in parsed.articles],
            "furniture": parsed.furniture,
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


def page_text(parsed: ParsedPage) -> str:
    """Return a page as text: a line about the page, and a line for each article."""
    page = parsed.page
    day = page.date or page.date_in_text
    day = f"{day} ({page.date_source}, sure {page.date_confidence:.2f})" if day else "day not known"
    number = f"page {page.number}" if page.number else "page not known"
    sure = f"quality {parsed.quality:.2f}, structure {parsed.structure:.2f}"
    head = f"{page.file}: {page.paper or 'paper not known'}, {day}, {number}, {sure}"
    return "\n".join([head, *(_article_line(article) for article in parsed.articles)])


def _article_line(article: Article) -> str:
    lines = ",".join(f"{first}-{last}" for first, last in article.lines)
    by = f" ({'、'.join(article.byline)})" if article.byline else ""
    return f"{article.n:>3}. [{article.kind}] {article.title}{by}  lines {lines}"


def digest_text(digest: Digest) -> str:
    """Return a digest as text, with the same sections as the chat message, or with the reason why it has no stories."""
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
    return "\n".join(lines if digest.stories else [*lines, _why_empty(digest)])


def _story_lines(number: int, story: Story) -> list[str]:
    marks = [
        f"score {story.score:.2f}",
        *([f"{len(story.copies)} near-duplicates"] if story.copies else []),
        *([f"follows up {story.follows.day} {story.follows.article}"] if story.follows else []),
    ]
    head = f"{number:>2}. {story.headline}  ({story.article}, {', '.join(marks)})"
    return [head, f"    {story.quote}"] if story.quote else [head]


def _why_empty(digest: Digest) -> str:
    if digest.repeated:
        return f"nothing new in this issue: {digest.repeated} stories repeat earlier issues"
    return "no complete story was found in this issue"


def search_json(query: str, result: SearchResult) -> str:
    """Return the output of `jianbao search --json`."""
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
    document = {"q": query, "total": result.total, "loose": result.partial_only, "suggestions": result.suggestions}
    return as_json(document | {"hits": hits})


def search_text(result: SearchResult) -> str:
    """Return search hits as text."""
    note = " (no article contains all words; these contain some of them)" if result.partial_only else ""
    lines = [f"{counted(result.total, 'article')}{note}"]
    if result.suggestions:
        lines.append("did you mean: " + ", ".join(result.suggestions))
    for number, hit in enumerate(result.hits, 1):
        day = hit.article.date.isoformat() if hit.article.date else "day not known"
        some = ", some of the words" if hit.partial else ""
        lines += ["", f"{number:>2}. {day}  {hit.article.title}  ({hit.article.id}{some})", f"    {hit.snippet.text}"]
    return "\n".join(lines)


def answers_json(question: str, answers: Answers) -> str:
    """Return the answers to a question as one line of JSON; a refusal has none."""
    quotes = [] if answers.refused else [{"id": best.article.id, "quote": best.quote} for best in answers.best]
    return as_json({"q": question, "answers": quotes, "refused": answers.refused})


def answers_text(answers: Answers) -> str:
    """Return the answers as text; for a refusal, the nearest sentences after a line that says so."""
    quotes = [
        f"{best.quote}\n    {best.article.date or 'without date'}  {best.article.title}  ({best.article.id})"
        for best in answers.best
    ]
    if answers.refused:
        nearest = ["nearest sentences:", *quotes] if quotes else []
        return "\n".join(["the archive does not seem to answer this question", *nearest])
    return "\n".join(quotes)


def backtest_json(query: str, result: Backtest) -> str:
    """Return the output of `jianbao backtest --json`."""
    hits = [
        {
            "id": hit.article.id,
            "file": hit.article.file,
            "n": hit.article.n,
            "date": hit.article.date,
            "headline": hit.article.headline,
            "reason": reason_document(hit.reason),
        }
        for hit in result.hits
    ]
    day, count = result.busiest or (None, 0)
    return as_json(
        {
            "query": query,
            "total": result.total,
            "last_year": result.last_year,
            "issues": result.issues,
            "by_month": result.by_month,
            "busiest": {"date": day, "count": count},
            "firehose": result.firehose,
            "left_out": [{"id": item.article.id, "excerpt": item.snippet} for item in result.look_alikes],
            "tighter": result.tighter,
            "looser": result.looser,
            "hits": hits,
        }
    )


def backtest_text(result: Backtest) -> str:
    """Return a back-test as text: counts, narrower and broader queries, hits, and articles left out."""
    busiest = ", at most {1} on a day ({0})".format(*result.busiest) if result.busiest else ""
    lines = [
        f"{counted(result.total, 'alert')} over {counted(result.issues, 'issue')}, "
        f"{result.last_year} in the last year{busiest}"
    ]
    if result.firehose:
        lines.append("a firehose: too many alerts to read")
    for name, forms in (("narrower", result.tighter), ("broader", result.looser)):
        if forms:
            lines.append(f"{name}: {', '.join(forms)}")
    for hit in result.hits:
        day = hit.article.date.isoformat() if hit.article.date else "day not known"
        lines += ["", f"{day}  {hit.article.title}  ({hit.article.id})", f"    {reason_text(hit.reason)}"]
    for item in result.look_alikes:
        lines += ["", f"left out: {item.article.title}  ({item.article.id})", f"    {_bracketed(item.snippet)}"]
    return "\n".join(lines)


def reason_document(reason: Reason) -> dict[str, object]:
    """Return the reason of a match as an object for JSON output."""
    return {"term": reason.term, "where": reason.where, "excerpt": reason.snippet, "rule": reason.rule}


def reason_text(reason: Reason | None) -> str:
    """Return the reason of a match as text, with the matched words in [brackets]; "no match" if it is None."""
    if reason is None:
        return "no match"
    return f"match: {reason.term} ({reason.rule}) in the {reason.where}: {_bracketed(reason.snippet)}"


def _bracketed(snippet: Snippet) -> str:
    text = snippet.text
    for start, end in reversed(snippet.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def analysis_json(row_id: Any, analysis: Analysis) -> str:
    """Return one line of the output of `jianbao analyse --jsonl`."""
    return as_json(
        {
            "id": row_id,
            "keywords": [keyword.text for keyword in analysis.keywords],
            "summary": "".join(analysis.summary),
            "quotations": analysis.summary,
            "people": analysis.people,
            "reporters": analysis.reporters,
            "places": analysis.places,
            "organisations": analysis.organisations,
            "themes": analysis.themes,
            "line": analysis.line.text,
            "parts": analysis.line.parts,
        }
    )


def promise_text(promise: Promise) -> str:
    """Return a promise as one line: the days, the kind, who and what."""
    first, last = promise.due.first or "", promise.due.last or ""
    days = f"{first}" if first == last else f"{first}..{last}"
    return f"{days}  {promise.kind}  {promise.who + ': ' if promise.who else ''}{promise.what}"


def article_from_text(body: str, *, title: str = "", kicker: str = "", deck: str = "") -> Article:
    """Return an article made of plain text; each line that is not blank becomes a paragraph."""
    lines = join_split_words(clean_text(body)).split("\n")
    return Article(
        id="",
        headline=join_split_words(clean_text(title)) or None,
        paragraphs=tuple(line for line in lines if line.strip()),
        kicker=join_split_words(clean_text(kicker)),
        deck=join_split_words(clean_text(deck)),
    )


class Row:
    """One line of JSON Lines input; raises UsageError with the line number if the line is not a JSON object."""

    def __init__(self, line: bytes, number: int) -> None:
        self._number, self._line = number, line.decode("utf-8", "backslashreplace")
        try:
            self._fields = orjson.loads(line)
        except orjson.JSONDecodeError:
            self._fields = None
        if not isinstance(self._fields, dict):
            raise UsageError(f"line {number} of the input is {self._line[:60]!r}; expected a JSON object")

    def field(self, name: str) -> Any:
        return self._fields.get(name)

    def text(self, *names: str, default: str | None = None) -> str:
        """Return the first string in the fields `names`, else `default`; raise UsageError if there is neither."""
        for name in names:
            if isinstance(value := self._fields.get(name), str):
                return value
        if default is not None:
            return default
        expected = " or ".join(f'"{name}"' for name in names)
        raise UsageError(f"line {self._number} of the input is {self._line[:60]!r}; expected a text in {expected}")

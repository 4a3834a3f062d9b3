"""The commands for single texts, or many line by line: match a query, analyse."""

import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TextIO

import click

from bot import app
from bot.cli import output
from bot.config import Config
from digests import analysis, matching
from digests import query as queries
from digests.analysis.names import NO_KNOWN_NAMES, KnownNames
from digests.errors import QueryError, UsageError
from digests.search.index import Index

Command = Callable[..., None]


def register(cli: click.Group, with_config: Callable[[Command], Command]) -> None:
    """Add the commands to `cli`; `with_config` passes each its Config as the first argument."""
    for command in (match, analyse):
        cli.command()(with_config(command))


@click.argument("query", required=False)
@click.argument("file", required=False, type=click.File(encoding="utf-8"))
@click.option("--jsonl", is_flag=True, help='Read {"id","term" or "query","sentence" or "text"} lines from stdin.')
def match(_config: Config, query: str | None, file: TextIO | None, jsonl: bool) -> None:
    """Print whether a subscription to QUERY matches a text (FILE, or stdin), and why."""
    if jsonl == (query is not None):
        raise UsageError("match: expected either a QUERY or --jsonl with pairs on stdin")
    if jsonl:
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                click.echo(_match_line(output.Row(line, number)))
        return
    article = output.article_from_text((file or sys.stdin).read())
    reason = matching.match_query(queries.parse(str(query)), article)
    click.echo(output.reason_text(reason))
    if reason is None:
        sys.exit(1)


def _match_line(row: output.Row) -> str:
    query, text = row.text("term", "query"), row.text("sentence", "text")
    try:
        reason = matching.match_query(queries.parse(query), output.article_from_text(text))
    except QueryError as error:
        return output.as_json({"id": row.field("id"), "match": False, "reason": None, "error": str(error)})
    return output.as_json(
        {"id": row.field("id"), "match": reason is not None, "reason": reason and output.reason_document(reason)}
    )


@click.argument("file", required=False, type=click.File(encoding="utf-8"))
@click.option("--jsonl", is_flag=True, help='Read {"id","title","body"} lines from stdin, answer one line each.')
@click.option("--length", type=click.IntRange(20, 1000), default=analysis.SUMMARY_CHARS, show_default=True)
def analyse(config: Config, file: TextIO | None, jsonl: bool, length: int) -> None:
    """Print keywords, summary, people, places, organisations and themes of a text (FILE, or stdin)."""
    themes = config.digest.labeller().themes
    analyse_article = partial(analysis.analyse, length=length, known=_known_names(config), themes=themes)
    if not jsonl:
        article = output.article_from_text((file or sys.stdin).read())
        click.echo(output.analysis_json(None, analyse_article(article)))
        return
    for number, line in enumerate(file or sys.stdin, 1):
        if line.strip():
            row = output.Row(line, number)
            article = output.article_from_text(row.text("body"), title=row.text("title", default=""))
            click.echo(output.analysis_json(row.field("id"), analyse_article(article)))


def _known_names(config: Config) -> KnownNames:
    """Return the names known from the archive; none if it has not been ingested."""
    if not app.has_index(config):
        return NO_KNOWN_NAMES
    with closing(Index(config.data / "index", owner=False)) as index:
        return index.known_names()

"""The commands for the data folder (check, backup, restore) and for texts (match, analyse, understand, promises)."""

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import click

from bot import app, intents
from bot.cli import encodings, output
from bot.config import Config
from bot.intents import Reading
from digests import analysis, matching
from digests import promises as promising
from digests import query as queries
from digests.analysis.themes import themes_by_name
from digests.errors import IndexUnusable, QueryError, StateError, UsageError
from digests.models import NewArticle
from digests.names import KnownNames
from digests.search.index import Index
from digests.storage import backup as backup_module
from digests.storage import restore as restore_module
from digests.storage.backup_catalog import Manifest
from digests.storage.lock import FolderLock
from digests.text import sentences

Command = Callable[..., None]


def register(cli: click.Group, with_config: Callable[[Command], Command]) -> None:
    """Add the commands to `cli`; `with_config` wraps a command so that its first argument is the Config."""
    for command in (check, backup, restore, match, analyse, understand, promises):
        cli.command()(with_config(command))


def check(config: Config) -> None:
    """Check archive, index, stores and backups; print all problems, and exit with 1 if there are any."""
    with app.open_for_check(config) as (archive, problems):
        try:
            problems.extend(archive.check() if archive else [])
            for unsure in archive.unsure_papers() if archive else ():
                click.echo(f"{unsure.file}: {unsure.problem}", err=True)
        except StateError as error:
            problems.append(str(error))
    for problem in problems:
        click.echo(problem)
    if problems:
        sys.exit(1)
    click.echo("all is well")


@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(config: Config, folder: Path) -> None:
    """Back up chats, outbox and digests to FOLDER, which must not exist yet; the bot may be running."""
    manifest = backup_module.back_up(config.data, folder, app.utc_now())
    click.echo(f"backed up {_listed(manifest)} of {config.data} to {folder}")


@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def restore(config: Config, folder: Path) -> None:
    """Restore the backup in FOLDER; the replaced files are set aside. The bot must not be running."""
    with FolderLock(config.data):
        result = restore_module.restore(config.data, folder, app.utc_now(), _articles(config))
    click.echo(f"restored {_listed(result.backup)} as of {result.backup.taken:%Y-%m-%d %H:%M} UTC")
    if result.set_aside.exists():
        click.echo(f"the replaced files are in {result.set_aside}")
    if not result.outbox_was_intact:
        click.echo("messages sent since the backup are not known: the newest digest and recent alerts may arrive twice")
    if result.rematched:
        click.echo(
            f"articles ingested since the backup: {result.rematched}; "
            "each chat is alerted to the articles that it did not get"
        )


def _listed(backup: Manifest) -> str:
    """Return the names of the files and folders of a backup."""
    return ", ".join(dict.fromkeys(name.partition("/")[0] for name in backup.files))


def _articles(config: Config) -> list[NewArticle]:
    """Return all articles of the index; none if there is no index of this version.

    In that case the next ingestion reads all pages again.
    """
    try:
        return [NewArticle(article, day) for article, day in Index(config.data / "index", owner=False).article_days()]
    except IndexUnusable:
        return []


@click.argument("query", required=False, callback=encodings.decode_argument)
@click.argument("file", required=False, type=click.File("rb"))
@click.option("--jsonl", is_flag=True, help='Read {"id","term" or "query","sentence" or "text"} lines from stdin.')
def match(_config: Config, query: str | None, file: BinaryIO | None, jsonl: bool) -> None:
    """Print whether a subscription to QUERY matches a text (FILE, or stdin), and why."""
    if jsonl == (query is not None):
        raise UsageError("match: expected either a QUERY or --jsonl with pairs on stdin")
    if jsonl:
        for number, line in encodings.read_lines(None):
            click.echo(_match_line(output.Row(line, number)))
        return
    article = output.article_from_text(encodings.read_text(file))
    reason = matching.match_query(queries.parse(str(query)), article)
    click.echo(output.reason_text(reason))
    if reason is None:
        sys.exit(1)


def _match_line(row: output.Row) -> str:
    """Return whether the query of an input line matches its text, and why, as one line of JSON."""
    query, text = row.text("term", "query"), row.text("sentence", "text")
    try:
        reason = matching.match_query(queries.parse(query), output.article_from_text(text))
    except QueryError as error:
        return output.as_json({"id": row.field("id"), "match": False, "reason": None, "error": str(error)})
    return output.as_json(
        {"id": row.field("id"), "match": reason is not None, "reason": reason and output.reason_document(reason)}
    )


@click.argument("file", required=False, type=click.File("rb"))
@click.option("--jsonl", is_flag=True, help='Read {"id","title","body"} lines; print one line for each.')
@click.option("--length", type=click.IntRange(20, 1000), default=analysis.SUMMARY_CHARS, show_default=True)
def analyse(config: Config, file: BinaryIO | None, jsonl: bool, length: int) -> None:
    """Print keywords, summary, people, places, organisations and themes of a text (FILE, or stdin)."""
    themes = config.digest.labeller().themes
    analyse_article = partial(analysis.analyse, length=length, known=_known_names(config).lexicon(), themes=themes)
    if not jsonl:
        article = output.article_from_text(encodings.read_text(file))
        click.echo(output.analysis_json(None, analyse_article(article)))
        return
    for number, line in encodings.read_lines(file):
        row = output.Row(line, number)
        title, kicker, deck = (row.text(part, default="") for part in ("title", "kicker", "deck"))
        article = output.article_from_text(
            row.text("body", default="" if title else None), title=title, kicker=kicker, deck=deck
        )
        click.echo(output.analysis_json(row.field("id"), analyse_article(article)))


def _known_names(config: Config) -> KnownNames:
    """Return the names known from the archive; no names if the archive has not been ingested."""
    if not app.has_index(config):
        return KnownNames()
    with closing(Index(config.data / "index", owner=False)) as index:
        return index.known_names()


@click.argument("text", required=False, callback=encodings.decode_argument)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to which yesterday refers; by default today.")
@click.option("--issues", default="", help="The days of the issues there are, with commas; by default those ingested.")
@click.option("--jsonl", is_flag=True, help='Read {"text"} lines from stdin; print one line for each.')
def understand(config: Config, text: str | None, today: datetime | None, issues: str, *, jsonl: bool) -> None:
    """Print what the bot takes a message for: the intent with its parameters."""
    if jsonl == (text is not None):
        raise UsageError("understand: expected either a TEXT or --jsonl with lines on stdin")
    themes = themes_by_name(config.digest.labeller().themes)
    try:
        days = [date.fromisoformat(day) for day in issues.split(",")] if issues else _ingested_days(config)
    except ValueError:
        raise UsageError(f"--issues is {issues!r}; expected days such as 2022-08-29,2022-08-12") from None
    day = today.date() if today else datetime.now(config.zone).date()
    read = partial(intents.understand, today=day, issues=days, themes=themes)
    if not jsonl:
        click.echo(_reading_line({"text": text}, read(str(text))))
        return
    for number, line in encodings.read_lines(None):
        row = output.Row(line, number)
        click.echo(_reading_line({"id": row.field("id"), "text": row.text("text")}, read(row.text("text"))))


def _ingested_days(config: Config) -> list[date]:
    if not app.has_index(config):
        return []
    with app.open_archive(config) as archive:
        return [issue.day for issue in archive.issues()]


def _reading_line(given: dict[str, Any], reading: Reading) -> str:
    fields = {name: value for name, value in given.items() if value is not None}
    return output.as_json({**fields, "intent": reading.intent, **reading.parameters, "sureness": reading.sureness})


@click.argument("file", required=False, type=click.File("rb"))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the paper; by default today.")
@click.option("--jsonl", is_flag=True, help='Read {"id","at","date","sentence"} lines; print one line for each.')
def promises(config: Config, file: BinaryIO | None, day: datetime | None, *, jsonl: bool) -> None:
    """Print what a text (FILE, or stdin) says is to be done by when."""
    if jsonl:
        for number, line in encodings.read_lines(file):
            click.echo(_promises_line(output.Row(line, number)))
        return
    issue = day.date() if day else datetime.now(config.zone).date()
    text = encodings.read_text(file)
    for first, last in sentences(text):
        for promise in promising.find_promises(text[first:last], issue):
            click.echo(output.promise_text(promise))


def _promises_line(row: output.Row) -> str:
    """Return the promises of the sentence of an input line as one line of JSON."""
    try:
        issue = date.fromisoformat(row.text("date"))
    except ValueError:
        raise UsageError(f"{row.text('date')!r} is not a day; expected a day such as 2022-08-29") from None
    found = promising.find_promises(row.text("sentence"), issue)
    documents = [promising.as_document(promise) for promise in found]
    return output.as_json({"id": row.field("id"), "at": row.field("at"), "promises": documents})

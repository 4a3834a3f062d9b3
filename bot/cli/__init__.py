"""The command line: parse the arguments, call the domain, print the result.

An error is printed as one line on stderr; the exit code is 2 for bad usage or input and 1 for a failure. With --json or
--jsonl, only JSON is printed on stdout. The commands for the data folder and for single texts are in commands.py.
"""

import asyncio
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import app, flows, process
from bot import config as configuration
from bot.cli import commands, encodings, output
from bot.cli.output import counted
from bot.config import Config
from bot.operations import logs
from digests import archive as archiving
from digests import dates, pages, segment
from digests.archive import Archive
from digests.errors import JianbaoError, QueryError, UsageError
from digests.ingest import IngestReport
from digests.models import ParsedPage
from digests.pages import archive_notes
from digests.pages.folder import find_page_files

DEFAULT_HITS = 10


class _Commands(click.Group):
    """Prints an expected error as one line on stderr, and exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            click.echo(f"jianbao: {error}", err=True)
            ctx.exit(2 if isinstance(error, UsageError) else 1)
        except BrokenPipeError:
            raise  # click ends quietly: the reader of the output wants no more
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"jianbao: {where}{error.strerror or error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("jianbao: stopped; the next run continues where this one ended", err=True)
            ctx.exit(130)


def _config_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options --config and --data to a command."""
    data = click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), help="Folder of the index, chats and messages."
    )
    file = click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        help="Configuration file (default: ./config.toml, if it exists).",
    )
    return file(data(command))


def _load_config(config_file: Path | None, data: Path | None) -> Config:
    config = configuration.load(config_file)
    return config.model_copy(update={"data": data}) if data else config


def _with_config(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options --config and --data to a command, and pass it the Config as the first argument."""

    @_config_options
    @functools.wraps(command)
    def wrapped(config_file: Path | None, data: Path | None, **rest: Any) -> None:
        command(_load_config(config_file, data), **rest)

    return wrapped


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jianbao")
def cli() -> None:
    """简报 Jianbao: digests, search and topic alerts from a newspaper's pages."""


@cli.command()
@_config_options
def run(config_file: Path | None, data: Path | None) -> None:
    """Run the bot: on Telegram if there is a token, otherwise on a local chat page."""
    config = _load_config(config_file, data)
    logs.configure_logging(config.log.form)
    reload = functools.partial(_load_config, config_file, data)
    asyncio.run(process.serve(app.running(config), _announce, reload))


def _announce(address: str) -> None:
    click.echo(f"简报 Jianbao is ready: {address}  (Ctrl-C ends it)")


@cli.command()
@_config_options
def config(config_file: Path | None, data: Path | None) -> None:  # noqa: ARG001  options that every command takes
    """Print an example configuration: every key with its default and meaning."""
    click.echo(configuration.example(), nl=False)


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_with_config
def ingest(config: Config, paths: tuple[Path, ...]) -> None:
    """Ingest the archive folder, or only PATHS: pages (.txt, .md) and ready articles (.jsonl, .jsonl.gz)."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; expected a page file or a folder of page files")
    with app.open_services(config) as services:
        report = _with_progress(lambda progress: flows.ingest_pages(services, list(paths) or None, progress=progress))
        stale = flows.count_stale_articles(services)
    if stale:
        age = f"more than [alerts] max_age = {config.alerts.max_age} days older than the newest issue"
        click.echo(f"{stale} articles of this backlog will cause no alerts: they are {age}", err=True)
    _print_report(report)


def _with_progress(work: Callable[[archiving.Progress], IngestReport]) -> IngestReport:
    """Run `work`; show progress bars on stderr if stderr is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {phase: bar.add_task(label, total=None, visible=False) for phase, label in _PHASES.items()}

        def advance(phase: archiving.Phase, done: int, total: int) -> None:
            bar.update(tasks[phase], completed=done, total=total, visible=True)

        return work(advance)


_PHASES: Mapping[archiving.Phase, str] = {
    "labelling": "labelling articles",
    "reading": "reading pages",
    "building": "building digests",
}


def _print_report(report: IngestReport) -> None:
    """Print the counts on stdout and all problems on stderr; exit with 1 if a file could not be read."""
    click.echo(
        f"read {counted(report.read, 'file')} with {counted(report.articles, 'article')} ({len(report.new)} new), "
        f"{report.unchanged} unchanged, {report.withdrawn} withdrawn"
    )
    for file in report.undated:
        click.echo(f"{file}: the date of the issue is not known; enter it in archive.toml", err=True)
    for file, quality in report.low_quality:
        click.echo(f"{file}: poor text recognition (quality {quality:.2f} of 1)", err=True)
    for file, structure in report.unsure:
        click.echo(f"{file}: its articles may be cut wrongly (structure {structure:.2f} of 1)", err=True)
    for problem in (*report.left_out, *report.problems):
        click.echo(f"{problem.file}: {problem.problem}", err=True)
    if report.problems:
        sys.exit(1)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON per page.")
@_with_config
def parse(config: Config, files: tuple[Path, ...], as_json: bool) -> None:
    """Segment pages into articles and print them; nothing is stored."""
    failed = False
    for file in (page for path in files for page in (find_page_files(path) if path.is_dir() else [path])):
        try:
            page = _parse_page(config, file)
        except UsageError as error:
            click.echo(f"jianbao: {error}", err=True)
            failed = True
        else:
            click.echo(output.page_json(page) if as_json else output.page_text(page))
    if failed:
        sys.exit(2)


def _parse_page(config: Config, file: Path) -> ParsedPage:
    """Read and segment a page with the notes of the archive; use those of its folder if it is outside the archive."""
    folder = config.archive.folder
    inside = file.resolve().is_relative_to(folder.resolve())
    notes = archive_notes.load_notes(folder if inside else file.parent)
    name = file.resolve().relative_to(folder.resolve()).as_posix() if inside else file.name
    return segment.parse_page(pages.load_page(file, notes, name=name))


@cli.command()
@click.argument("day", required=False, callback=encodings.decode_argument)
@click.option("--json", "as_json", is_flag=True)
@_with_config
def digest(config: Config, day: str | None, as_json: bool) -> None:
    """Print the digest of the issue of DAY (2022-08-29 or 8月29日), or of the newest issue."""
    with _archive(config) as archive:
        digest = archive.digest(_day(day, archive, config) if day else None)
    click.echo(output.as_json(digest) if as_json else output.digest_text(digest))


def _day(text: str, archive: Archive, config: Config) -> date:
    """Return the day that `text` means; raise UsageError if it is not a day."""
    day = dates.parse_day(text, [issue.day for issue in archive.issues()], _today(config))
    if day is None:
        raise UsageError(f"{text!r} is not a day; expected a day such as 2022-08-29 or 8月29日")
    return day


def _today(config: Config) -> date:
    return datetime.now(config.zone).date()


@cli.command()
@click.argument("query", required=False, callback=encodings.decode_argument)
@click.option("--limit", type=click.IntRange(1, 1000), default=DEFAULT_HITS, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", is_flag=True, help='Read {"q"} lines from stdin; print one line for each.')
@_with_config
def search(config: Config, query: str | None, limit: int, as_json: bool, jsonl: bool) -> None:
    """Search the archive; the best hits come first."""
    if jsonl == (query is not None):
        raise UsageError("search: expected either a QUERY or --jsonl with queries on stdin")
    with _archive(config) as archive:
        if jsonl:
            for line_query in _queries():
                click.echo(_search_line(archive, line_query, limit, _today(config)))
        else:
            result = archive.search(str(query), limit=limit, today=_today(config))
            click.echo(output.search_json(str(query), result) if as_json else output.search_text(result))


def _search_line(archive: Archive, query: str, limit: int, today: date) -> str:
    """Return the hits of a query, or its error, as one line of JSON."""
    try:
        return output.search_json(query, archive.search(query, limit=limit, today=today))
    except QueryError as error:
        return output.as_json({"q": query, "total": 0, "hits": [], "error": str(error)})


def _queries() -> Iterator[str]:
    """Yield the field `q` of each line of stdin."""
    for number, line in encodings.read_lines(None):
        yield output.Row(line, number).text("q")


@cli.command()
@click.argument("question", required=False, callback=encodings.decode_argument)
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", is_flag=True, help='Read {"q"} lines from stdin; print one line for each.')
@_with_config
def ask(config: Config, question: str | None, *, as_json: bool, jsonl: bool) -> None:
    """Print the sentences of the archive that answer QUESTION, word for word, or that it does not answer it."""
    if jsonl == (question is not None):
        raise UsageError("ask: expected either a QUESTION or --jsonl with questions on stdin")
    with _archive(config) as archive:
        if jsonl:
            for line_question in _queries():
                click.echo(output.answers_json(line_question, archive.ask(line_question)))
        else:
            answers = archive.ask(str(question))
            click.echo(output.answers_json(str(question), answers) if as_json else output.answers_text(answers))


@cli.command()
@click.argument("query", callback=encodings.decode_argument)
@click.option("--json", "as_json", is_flag=True)
@_with_config
def backtest(config: Config, query: str, as_json: bool) -> None:
    """Print the articles of the archive that a subscription to QUERY would have matched."""
    with _archive(config) as archive:
        result = archive.backtest(query)
    click.echo(output.backtest_json(query, result) if as_json else output.backtest_text(result))


commands.register(cli, _with_config)


def _archive(config: Config) -> AbstractContextManager[Archive]:
    """Open the archive for reading; ingest the archive folder first if there is no index of this version."""
    if not app.has_index(config):
        with app.open_services(config) as services:
            _with_progress(lambda progress: flows.ingest_pages(services, progress=progress))
    return app.open_archive(config)


def main() -> None:
    """Entry point of the command `jianbao`."""
    encodings.use_utf8()
    cli(prog_name="jianbao")

"""The command line: reads what was asked, calls the domain, prints.

Errors are one line on stderr, with exit code 2 for bad usage or input and 1 for a failure. JSON goes to stdout alone.
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
from bot.cli import output, state, texts
from bot.config import Config
from bot.operations import logs
from digests import archive as archiving
from digests import dates, pages, segment
from digests.archive import Archive
from digests.errors import JianbaoError, QueryError, UsageError
from digests.ingest import IngestReport
from digests.models import ParsedPage
from digests.pages import archive_notes

_HITS = 10


class _Commands(click.Group):
    """Says every expected error in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            click.echo(f"jianbao: {error}", err=True)
            ctx.exit(2 if isinstance(error, UsageError) else 1)
        except KeyboardInterrupt:
            click.echo("jianbao: stopped; what was taken in is kept, and the next run goes on from there", err=True)
            ctx.exit(130)


def _config_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --config and --data."""
    data = click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), help="Where Jianbao keeps its data."
    )
    file = click.option(
        "--config", "config_file", type=click.Path(path_type=Path), help="The configuration (./config.toml)."
    )
    return file(data(command))


def _configured(config_file: Path | None, data: Path | None) -> Config:
    config = configuration.load(config_file)
    return config.model_copy(update={"data": data}) if data else config


def _with_config(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --config and --data, and the Config they make as its first argument."""

    @_config_options
    @functools.wraps(command)
    def wrapped(config_file: Path | None, data: Path | None, **rest: Any) -> None:
        command(_configured(config_file, data), **rest)

    return wrapped


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jianbao")
def cli() -> None:
    """简报 Jianbao: digests, search and topic alerts from a newspaper's pages."""


@cli.command()
@_config_options
def run(config_file: Path | None, data: Path | None) -> None:
    """Serve readers: on Telegram with a token, else on a chat page of this machine."""
    config = _configured(config_file, data)
    logs.configure_logging(config.log.form)
    reread = functools.partial(_configured, config_file, data)
    asyncio.run(process.serve(app.running(config), _announce, reread))


def _announce(where: str) -> None:
    click.echo(f"简报 Jianbao is ready: {where}  (Ctrl-C ends it)")


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_with_config
def ingest(config: Config, paths: tuple[Path, ...]) -> None:
    """Take in the archive folder, or only PATHS: pages (.txt, .md) and ready articles (.jsonl, .jsonl.gz)."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; expected a page file or a folder of them")
    with app.open_services(config) as services:
        taken = _with_bar(lambda progress: flows.ingest_pages(services, list(paths) or None, progress=progress))
        untold = flows.count_stale_articles(services)
    if untold:
        age = f"[alerts] max_age = {config.alerts.max_age}"
        click.echo(f"{untold} articles are a backlog older than {age} days and will alert nobody", err=True)
    _tell(taken)


def _with_bar(work: Callable[[archiving.Progress], IngestReport]) -> IngestReport:
    """Do the work under progress bars on stderr, where stderr is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {phase: bar.add_task(said, total=None, visible=False) for phase, said in _PHASES.items()}

        def advance(phase: archiving.Phase, done: int, total: int) -> None:
            bar.update(tasks[phase], completed=done, total=total, visible=True)

        return work(advance)


_PHASES: Mapping[archiving.Phase, str] = {
    "labelling": "labelling articles",
    "reading": "reading pages",
    "building": "building digests",
}


def _tell(taken: IngestReport) -> None:
    """What was taken in on stdout, what could not be read on stderr; a failure if nothing could."""
    click.echo(
        f"read {taken.read} files with {taken.articles} articles ({len(taken.new)} new), "
        f"{taken.unchanged} unchanged, {taken.withdrawn} withdrawn"
    )
    for name in taken.undated:
        click.echo(f"{name}: the day of its issue is not known; say it in archive.toml", err=True)
    for name, quality in taken.low_quality:
        click.echo(f"{name}: badly read (quality {quality:.2f} of 1)", err=True)
    for trouble in taken.problems:
        click.echo(f"{trouble.file}: {trouble.problem}", err=True)
    if taken.problems:
        sys.exit(1)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One page a line as JSON.")
@_with_config
def parse(config: Config, files: tuple[Path, ...], as_json: bool) -> None:
    """Take pages apart into articles and print them; nothing is stored."""
    failed = False
    for file in files:
        try:
            reading = _read(config, file)
        except UsageError as error:
            click.echo(f"jianbao: {error}", err=True)
            failed = True
        else:
            click.echo(output.reading_json(reading) if as_json else output.reading_text(reading))
    if failed:
        sys.exit(2)


def _read(config: Config, file: Path) -> ParsedPage:
    folder = config.archive.folder
    inside = file.resolve().is_relative_to(folder.resolve())
    notes = archive_notes.load_notes(folder if inside else file.parent)
    name = file.resolve().relative_to(folder.resolve()).as_posix() if inside else file.name
    return segment.parse_page(pages.load_page(file, notes, name=name))


@cli.command()
@click.argument("day", required=False)
@click.option("--json", "as_json", is_flag=True)
@_with_config
def digest(config: Config, day: str | None, as_json: bool) -> None:
    """Print the digest of an issue: DAY as 2022-08-29 or 8月29日, the newest without it."""
    with _library(config) as archive:
        digest = archive.digest(_day(day, archive, config) if day else None)
    click.echo(output.as_json(digest) if as_json else output.digest_text(digest))


def _day(said: str, archive: Archive, config: Config) -> date:
    day = dates.parse_day(said, [issue.day for issue in archive.issues()], _today(config))
    if day is None:
        raise UsageError(f"{said!r} is no day; expected one such as 2022-08-29 or 8月29日")
    return day


def _today(config: Config) -> date:
    return datetime.now(config.zone).date()


@cli.command()
@click.argument("query", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=_HITS, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", is_flag=True, help='Read {"q"} lines from stdin, answer one line each.')
@_with_config
def search(config: Config, query: str | None, limit: int, as_json: bool, jsonl: bool) -> None:
    """Search the archive; the best hits come first."""
    if jsonl == (query is not None):
        raise UsageError("search: expected either a QUERY or --jsonl with queries on stdin")
    with _library(config) as archive:
        if jsonl:
            for asked in _queries():
                click.echo(_answered(archive, asked, limit, _today(config)))
        else:
            result = archive.search(str(query), limit=limit, today=_today(config))
            click.echo(output.search_json(str(query), result) if as_json else output.search_text(result))


def _answered(archive: Archive, asked: str, limit: int, today: date) -> str:
    try:
        return output.search_json(asked, archive.search(asked, limit=limit, today=today))
    except QueryError as error:
        return output.as_json({"q": asked, "total": 0, "hits": [], "error": str(error)})


def _queries() -> Iterator[str]:
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            yield output.Row(line, number).text("q")


@cli.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True)
@_with_config
def backtest(config: Config, query: str, as_json: bool) -> None:
    """Say what a subscription to QUERY would have brought over the archive."""
    with _library(config) as archive:
        tested = archive.backtest(query)
    click.echo(output.backtest_json(query, tested) if as_json else output.backtest_text(tested))


for commands in (texts, state):
    commands.register(cli, _with_config)


def _library(config: Config) -> AbstractContextManager[Archive]:
    """The archive for reading; one that was never taken in is taken in first."""
    if not app.has_index(config):
        with app.open_services(config) as services:
            _with_bar(lambda progress: flows.ingest_pages(services, progress=progress))
    return app.open_archive(config)


def main() -> None:
    """The entry point."""
    cli(prog_name="jianbao")

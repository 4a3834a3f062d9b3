"""The commands for the data folder: look it over, back it up, go back to a backup."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from bot import app
from bot.config import Config
from digests.errors import IndexDamaged
from digests.models import NewArticle
from digests.search.index import Index
from digests.storage import backup as backup_module
from digests.storage import restore as restore_module
from digests.storage.lock import FolderLock

Command = Callable[..., None]


def register(cli: click.Group, with_config: Callable[[Command], Command]) -> None:
    """Add the commands; `with_config` gives each its Config as the first argument."""
    for command in (check, backup, restore):
        cli.command()(with_config(command))


def check(config: Config) -> None:
    """Look over archive, index, stores and backups; say what is wrong, with exit code 1 if anything is."""
    with app.open_for_check(config) as (archive, problems):
        found = [*problems, *(archive.check() if archive else [])]
    for problem in found:
        click.echo(problem)
    if found:
        sys.exit(1)
    click.echo("all is well")


@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(config: Config, folder: Path) -> None:
    """Make FOLDER, which is not there yet, a backup of chats, outbox and digests; the bot may be running."""
    made = backup_module.back_up(config.data, folder, app.utc_now())
    click.echo(f"backed up {', '.join(made.files)} of {config.data} to {folder}")


@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def restore(config: Config, folder: Path) -> None:
    """Go back to the backup in FOLDER; what it replaces is set aside. The bot must not be running."""
    with FolderLock(config.data):
        done = restore_module.restore(config.data, folder, app.utc_now(), _articles(config))
    click.echo(f"restored {', '.join(done.backup.files)} as of {done.backup.taken:%Y-%m-%d %H:%M} UTC")
    if done.set_aside.exists():
        click.echo(f"what was there before lies in {done.set_aside}")
    if not done.outbox_was_intact:
        click.echo("what was sent since the backup is not known: the newest digest and newer alerts may come twice")
    if done.rematched:
        click.echo(f"articles taken in since: {done.rematched}; readers hear of those that they were not told of")


def _articles(config: Config) -> list[NewArticle]:
    """All that are in the index; where there is none of this version, they are taken in anew and announced then."""
    try:
        return [NewArticle(article, day) for article, day in Index(config.data / "index", owner=False).article_days()]
    except IndexDamaged:
        return []

"""The commands for the data folder: check, backup, restore."""

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
    """Add the commands to `cli`; `with_config` passes each its Config as the first argument."""
    for command in (check, backup, restore):
        cli.command()(with_config(command))


def check(config: Config) -> None:
    """Check archive, index, stores and backups; print all problems, and exit with 1 if there are any."""
    with app.open_for_check(config) as (archive, problems):
        all_problems = [*problems, *(archive.check() if archive else [])]
    for problem in all_problems:
        click.echo(problem)
    if all_problems:
        sys.exit(1)
    click.echo("all is well")


@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(config: Config, folder: Path) -> None:
    """Back up chats, outbox and digests to FOLDER, which must not exist yet; the bot may be running."""
    manifest = backup_module.back_up(config.data, folder, app.utc_now())
    click.echo(f"backed up {', '.join(manifest.files)} of {config.data} to {folder}")


@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def restore(config: Config, folder: Path) -> None:
    """Restore the backup in FOLDER; the replaced files are set aside. The bot must not be running."""
    with FolderLock(config.data):
        result = restore_module.restore(config.data, folder, app.utc_now(), _articles(config))
    click.echo(f"restored {', '.join(result.backup.files)} as of {result.backup.taken:%Y-%m-%d %H:%M} UTC")
    if result.set_aside.exists():
        click.echo(f"the replaced files are in {result.set_aside}")
    if not result.outbox_was_intact:
        click.echo("messages sent since the backup are not known: the newest digest and newer alerts may arrive twice")
    if result.rematched:
        click.echo(
            f"articles ingested since the backup: {result.rematched}; chats are alerted of those they have not got"
        )


def _articles(config: Config) -> list[NewArticle]:
    """Return all articles of the index; none if there is no index of this version, as the next ingestion finds them."""
    try:
        return [NewArticle(article, day) for article, day in Index(config.data / "index", owner=False).article_days()]
    except IndexDamaged:
        return []

"""Check a data folder: find its problems, each with a remedy, without changing anything.

Another process may be using the folder. The outbox is read before the chats, as in a backup, because a chat is stored
before a message is queued for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from digests.chats import Chat
from digests.errors import QueryError, StateError
from digests.query import parse
from digests.search.index_files import REBUILD_ADVICE, torn_files
from digests.storage import outbox_file
from digests.storage.backup_catalog import BACKUPS_FOLDER, MANIFEST_FILE, backup_names, read_manifest, recovery_hint
from digests.storage.outbox_file import OutboxSummary
from digests.storage.restore import is_interrupted
from digests.storage.stores import ChatStore

MAX_CHATS_NAMED = 3
"""Maximum number of chats named in one problem; the others are counted."""

Part = TypeVar("Part")


def check(data: Path) -> list[str]:
    """Return the problems of the outbox, the chats, the files of the index and the backups, as sentences.

    Archive.check compares the index with the archive folder.
    """
    try:
        list(data.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        return [f"the data folder {data} cannot be read: {error.strerror}; expected a folder that this user may read"]
    problems: list[str] = []
    if is_interrupted(data):
        problems.append(f"a restore of {data} was interrupted; the next start of Jianbao completes it")
    outbox = _read(_outbox, data, problems)
    chats = _read(_chats, data, problems)
    if outbox:
        problems += _outbox_problems(data, outbox)
    if chats is not None:
        problems += _chat_problems(data, chats)
    if outbox and chats is not None:
        problems += _disagreements(data, outbox, {chat.id: chat for chat in chats})
    problems += [
        f"{file} is damaged (its checksum does not match); {REBUILD_ADVICE}" for file in torn_files(data / "index")
    ]
    return problems + list(_backup_problems(data))


def _read(read: Callable[[Path], Part], data: Path, problems: list[str]) -> Part | None:
    """Return the result of `read`; if it raises StateError, add the error to `problems` and return None."""
    try:
        return read(data)
    except StateError as error:
        problems.append(str(error))
        return None


def _outbox(data: Path) -> OutboxSummary | None:
    file = data / "outbox.sqlite"
    return outbox_file.summarise(file) if outbox_file.exists(file) else None


def _chats(data: Path) -> list[Chat]:
    return ChatStore(data / "chats.json", owner=False).all()


def _outbox_problems(data: Path, outbox: OutboxSummary) -> Iterator[str]:
    file = data / "outbox.sqlite"
    if outbox.stray:
        yield f"{file} contains {outbox.stray} message parts without an entry of their chat; {recovery_hint(data)}"
    if outbox.unreadable:
        yield f"{file} contains {outbox.unreadable} unsent messages that cannot be read; {recovery_hint(data)}"


def _chat_problems(data: Path, chats: Iterable[Chat]) -> Iterator[str]:
    file = data / "chats.json"
    for chat in chats:
        numbers = [subscription.id for subscription in chat.subscriptions]
        if len(set(numbers)) < len(numbers) or max(numbers, default=0) >= chat.next_subscription:
            yield f"{file}: chat {chat.id} has subscription ids that are or will be used twice; {recovery_hint(data)}"
        for subscription in chat.subscriptions:
            try:
                parse(subscription.query)
            except QueryError as error:
                yield (
                    f"{file}: subscription {subscription.id} of chat {chat.id} cannot be parsed any longer "
                    f"({error}); it matches nothing until its reader replaces it"
                )


def _disagreements(data: Path, outbox: OutboxSummary, chats: Mapping[int, Chat]) -> Iterator[str]:
    """Yield the contradictions between outbox and chats; entries about deleted articles are allowed."""
    unknown = sorted(outbox.owed.keys() - chats.keys())
    if unknown:
        count = sum(outbox.owed[chat] for chat in unknown)
        yield (
            f"{count} unsent messages are for chats that are not in {data / 'chats.json'} ({_shortened(unknown)}); "
            f"they will be sent, but these chats get no new messages; if chats are missing, {recovery_hint(data)}"
        )
    stuck = sorted(chat for chat in outbox.held & outbox.owed.keys() if chat in chats and chats[chat].active)
    if stuck:
        yield (
            f"messages for active chats are held back ({_shortened(stuck)}); "
            "they are sent when a reader writes in these chats"
        )


def _backup_problems(data: Path) -> Iterator[str]:
    for name in backup_names(data):
        folder = data / BACKUPS_FOLDER / name
        try:
            # Without a manifest the folder is being written, or was left by a crash; the next backup deletes it.
            if (folder / MANIFEST_FILE).exists():
                read_manifest(folder)
        except StateError as error:
            yield f"{error}; remove that folder; {recovery_hint(data)}"


def _shortened(chats: Sequence[int]) -> str:
    more = f" and {len(chats) - MAX_CHATS_NAMED} more" if len(chats) > MAX_CHATS_NAMED else ""
    return f"{', '.join(map(str, chats[:MAX_CHATS_NAMED]))}{more}"

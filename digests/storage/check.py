"""What is wrong with a data folder, in sentences that say what to do; nothing is changed by looking.

Another process may be working on the folder. The outbox is looked at before the chats, as in a backup: whoever it owes
something was stored before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from digests.chats import Chat
from digests.errors import QueryError, StateError
from digests.query import parse
from digests.search.index_files import torn_files
from digests.storage.manifest import BACKUPS_FOLDER, MANIFEST_FILE, backup_names, read_manifest, recovery_hint
from digests.storage.outbox_file import OutboxSummary, summarise
from digests.storage.restore import is_interrupted
from digests.storage.stores import ChatStore

REBUILD_INDEX = "the index is made of the pages alone: move its folder away and run `jianbao ingest` to build it anew"
MAX_CHATS_NAMED = 3
"""Of many chats with the same trouble so many are named."""

Part = TypeVar("Part")


def check(data: Path) -> list[str]:
    """What is wrong with outbox, chats, the index's files and backups; Archive.check knows of what they say."""
    problems: list[str] = []
    if is_interrupted(data):
        problems.append(f"a restore of {data} was interrupted; the next start of Jianbao carries it through")
    outbox = _tried(_outbox, data, problems)
    chats = _tried(_chats, data, problems)
    if outbox:
        problems += _of_outbox(data, outbox)
    if chats is not None:
        problems += _of_chats(data, chats)
    if outbox and chats is not None:
        problems += _between(data, outbox, {chat.id: chat for chat in chats})
    problems += [f"{file} is torn (its checksum does not fit); {REBUILD_INDEX}" for file in torn_files(data / "index")]
    return problems + list(_of_backups(data))


def _tried(look: Callable[[Path], Part], data: Path, problems: list[str]) -> Part | None:
    """What looking gives; None where it fails, which is a problem."""
    try:
        return look(data)
    except StateError as error:
        problems.append(str(error))
        return None


def _outbox(data: Path) -> OutboxSummary | None:
    file = data / "outbox.sqlite"
    return summarise(file) if file.exists() else None


def _chats(data: Path) -> list[Chat]:
    return ChatStore(data / "chats.json", owner=False).all()


def _of_outbox(data: Path, outbox: OutboxSummary) -> Iterator[str]:
    file = data / "outbox.sqlite"
    if outbox.stray:
        stray = f"{outbox.stray} parts of messages that belong to no letter of their chat"
        yield f"{file} holds {stray}; {recovery_hint(data)}"
    if outbox.garbled:
        yield f"{file} owes {outbox.garbled} messages that cannot be read; {recovery_hint(data)}"


def _of_chats(data: Path, chats: Iterable[Chat]) -> Iterator[str]:
    file = data / "chats.json"
    for chat in chats:
        numbers = [subscription.id for subscription in chat.subscriptions]
        if len(set(numbers)) < len(numbers) or max(numbers, default=0) >= chat.next_subscription:
            yield f"{file}: chat {chat.id} has given a subscription's number twice; {recovery_hint(data)}"
        for subscription in chat.subscriptions:
            try:
                parse(subscription.query)
            except QueryError as error:
                yield (
                    f"{file}: subscription {subscription.id} of chat {chat.id} cannot be understood any more "
                    f"({error}); it finds nothing until its reader makes it anew"
                )


def _between(data: Path, outbox: OutboxSummary, chats: Mapping[int, Chat]) -> Iterator[str]:
    """Where outbox and chats disagree. What was told of articles that are gone is no trouble."""
    unknown = sorted(outbox.owed.keys() - chats.keys())
    if unknown:
        count = sum(outbox.owed[chat] for chat in unknown)
        yield (
            f"{count} messages are owed to chats that {data / 'chats.json'} does not know ({_some(unknown)}); they are "
            f"sent all the same, and nothing after them; if chats are missing, {recovery_hint(data)}"
        )
    stuck = sorted(chat for chat in outbox.held & outbox.owed.keys() if chat in chats and chats[chat].active)
    if stuck:
        yield (
            f"what is owed to chats that take messages is held back ({_some(stuck)}); "
            "it goes out as soon as they write again"
        )


def _of_backups(data: Path) -> Iterator[str]:
    for name in backup_names(data):
        folder = data / BACKUPS_FOLDER / name
        try:
            if (
                folder / MANIFEST_FILE
            ).exists():  # else it is being made, or what a crash left and the next one takes away
                read_manifest(folder)
        except StateError as error:
            yield f"{error}; remove that folder; {recovery_hint(data)}"


def _some(chats: Sequence[int]) -> str:
    more = f" and {len(chats) - MAX_CHATS_NAMED} more" if len(chats) > MAX_CHATS_NAMED else ""
    return f"{', '.join(map(str, chats[:MAX_CHATS_NAMED]))}{more}"

"""A chat that wants to be forgotten is deleted wherever it is kept: in the stores and in the backups of them."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from digests.chats import Chat
from digests.errors import DamagedFile
from digests.storage import files
from digests.storage.files import seal, unseal, write_whole
from digests.storage.manifest import FOLDER, NAME, made, read_manifest, write_manifest
from digests.storage.outbox import Outbox
from digests.storage.stores import Chats

CHATS, OUTBOX = "chats.json", "outbox.sqlite"


def erase_chat(data: Path, chats: Chats, outbox: Outbox, chat: int) -> None:
    """Delete all that the data folder holds of a chat; durable on return. Raises StateError where that is impossible.

    A channel is forgotten by those who look after it, too. The chat goes before what it is owed, so that after a crash
    nobody owes it anything new. A backup that is torn is left as it is.
    """
    for other in chats.all():
        if any(one.id == chat for one in other.channels):
            chats.change(other.id, partial(_without, channel=chat))
    chats.forget(chat)
    outbox.forget(chat)
    for name in made(data):
        _forget_in(data / FOLDER / name, chat)


def _forget_in(backup: Path, chat: int) -> None:
    try:
        manifest = read_manifest(backup)
    except DamagedFile:
        return
    (backup / NAME).unlink()  # until it is whole again it is no backup, also after a crash in between
    if CHATS in manifest.files:
        _drop_chat(backup / CHATS, chat)
    if OUTBOX in manifest.files:
        outbox = Outbox(backup / OUTBOX)
        outbox.forget(chat)
        outbox.close()
    write_manifest(backup, manifest.taken)


def _without(chat: Chat, channel: int) -> Chat:
    kept = tuple(one for one in chat.channels if one.id != channel)
    return replace(
        chat, channels=kept, managed_channel=None if chat.managed_channel == channel else chat.managed_channel
    )


def _drop_chat(file: Path, chat: int) -> None:
    """Rewrite the file without the chat, in the form in which it is."""
    version, tables = unseal(file.read_bytes(), holds="chats", known=files.current(files.CHATS))
    documents = tables.get("chats", {})
    documents.pop(str(chat), None)
    for document in documents.values():
        if "channels" in document:
            document["channels"] = [one for one in document["channels"] if one[0] != chat]
        if document.get("manages") == chat:
            del document["manages"]
    write_whole(file, seal(tables, holds="chats", version=version))

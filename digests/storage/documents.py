"""Values of one type in a TinyDB file, as documents in pydantic's JSON form without fields that have their default.

The number of a document is the ordinal of a day or the id of a chat, so the time to read one does not depend on how
many there are.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from tinydb import TinyDB
from tinydb.table import Document

from digests.storage.json_storage import JsonFile
from digests.storage.migrations import Migration

Value = TypeVar("Value")


def to_document(value_format: TypeAdapter[Value], value: Value) -> dict[str, Any]:
    """Return the document of a value; defaults are left out, because every write contains all documents."""
    document: dict[str, Any] = value_format.dump_python(value, mode="json", exclude_defaults=True)
    return document


class Documents(Generic[Value]):
    """A file with one table, values by number; thread-safe, each change durable on return."""

    def __init__(
        self,
        path: Path,
        value_format: TypeAdapter[Value],
        *,
        holds: str,
        steps: Sequence[Migration],
        rebuildable: bool,
        owner: bool = False,
    ) -> None:
        self._format = value_format
        self._lock = threading.RLock()
        self._db = TinyDB(path, storage=JsonFile, holds=holds, steps=steps, rebuildable=rebuildable)
        self._file = cast(JsonFile, self._db.storage)
        self._table = self._db.table(holds)
        if owner and self._file.needs_migration:
            self.put_many({})

    def get(self, number: int) -> Value | None:
        document = self.document(number)
        return None if document is None else self.value(document)

    def document(self, number: int) -> Document | None:
        with self._lock:
            return self._table.get(doc_id=number)

    def put(self, number: int, value: Value) -> None:
        document = to_document(self._format, value)

        def rewrite(stored: Any) -> None:
            stored.clear()
            stored.update(document)

        with self._lock:
            # TinyDB's upsert would write the file twice for a new document, and keep fields that the new value lacks.
            if self._table.contains(doc_id=number):
                self._table.update(rewrite, doc_ids=[number])
            else:
                self._table.insert(Document(document, number))

    def put_many(self, values: Mapping[int, Value]) -> None:
        """Store all values in a single write of the file; the file is written even if `values` is empty."""
        documents = {number: to_document(self._format, value) for number, value in values.items()}

        def rewrite(table: dict[int, Any]) -> None:
            table.update(documents)

        with self._lock:
            # TinyDB's insert_multiple refuses existing numbers, and an update of these would be a second write.
            self._table._update_table(rewrite)  # noqa: SLF001  TinyDB has no public method that changes many at once

    def remove(self, *numbers: int) -> None:
        with self._lock:
            if stored := [number for number in numbers if self._table.contains(doc_id=number)]:
                self._table.remove(doc_ids=stored)

    def documents(self) -> list[Document]:
        with self._lock:
            return self._table.all()

    def all(self) -> dict[int, Value]:
        return {document.doc_id: self.value(document) for document in self.documents()}

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def value(self, document: Document) -> Value:
        """Return the value of a document; raises DamagedFile."""
        try:
            return self._format.validate_python(document)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            found = f"has a document {document.doc_id} that cannot be read ({where}: {problem['msg']})"
            raise self._file.damaged(found) from error

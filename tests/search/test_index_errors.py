"""Every public method of the index turns the errors of tantivy into errors of the program."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from digests.errors import IndexDamaged, IndexNotWritten
from digests.models import Labels, SourceFile
from digests.query import Term, parse
from digests.search.index import Index
from tests.invented import article

SOURCE = SourceFile("page.txt", "f", (), 0)

WRITES: dict[str, Callable[[Index], Any]] = {
    "replace": lambda index: index.replace(SOURCE, [article()]),
    "put_source": lambda index: index.put_source(SOURCE),
    "add_articles": lambda index: index.add_articles("page.txt", [article()], [Labels()]),
    "put_labels_fingerprint": lambda index: index.put_labels_fingerprint("f"),
    "remove_source": lambda index: index.remove_source("page.txt"),
    "remove_articles": lambda index: index.remove_articles(),
    "commit": lambda index: index.commit(),
    "rollback": lambda index: index.rollback(),
    "close": lambda index: index.close(),
}
READS: dict[str, Callable[[Index], Any]] = {
    "sources": lambda index: index.sources(),
    "source_of": lambda index: index.source_of("aaaaa-aaaaa"),
    "article": lambda index: index.article("aaaaa-aaaaa"),
    "articles": lambda index: index.articles("source", "page.txt"),
    "article_days": lambda index: [*index.article_days()],
    "stored_articles": lambda index: [*index.stored_articles()],
    "labels_fingerprint": lambda index: index.labels_fingerprint(),
    "count": lambda index: index.count(),
    "find": lambda index: [*index.find(parse("花园"), limit=1)[1]],
    "find_any_word": lambda index: [*index.find_any_word(parse("雨水花园"), limit=1)[1]],
    "find_misread": lambda index: [*index.find_misread(Term("忻州"), limit=1)[1]],
    "find_weighted": lambda index: index.find_weighted({"花园": 1.0}, limit=1),
    "mentioning": lambda index: [*index.mentioning([Term("花园")], None, None)],
    "mention_days": lambda index: index.mention_days([Term("花园")], None, None),
    "facets": lambda index: index.facets(parse("花园")),
    "document_frequency": lambda index: index.document_frequency("花园"),
    "name_variants": lambda index: index.name_variants(),
    "words_sounding_like": lambda index: index.words_sounding_like("huayuan"),
    "known_names": lambda index: index.known_names(),
}
READS_DOCUMENTS = (
    "sources", "source_of", "article", "articles", "article_days", "stored_articles", "find", "find_any_word",
    "find_misread", "find_weighted", "mentioning", "mentioning",
)  # fmt: skip


class PanicException(BaseException):
    """Named like the error that pyo3 raises where tantivy panics."""


ERRORS = [
    ValueError("torn"),
    OSError("no room"),
    RuntimeError("consumed"),
    LookupError("no data"),
    PanicException("eof"),
]


class _Failing:
    """In place of a part of tantivy: every call of a method in `failing`, or of any, raises `error`."""

    def __init__(self, error: BaseException, part: Any = None, failing: str = "") -> None:
        self._error, self._part, self._failing = error, part, failing

    def __getattr__(self, name: str) -> Any:
        def fail(*_args: Any, **_options: Any) -> Any:
            raise self._error

        return fail if not self._failing or name == self._failing else getattr(self._part, name)


class _Searching(_Failing):
    """An index whose searchers fail to read documents."""

    def searcher(self) -> Any:
        return _Failing(self._error, self._part.searcher(), "doc")


@pytest.fixture(scope="module")
def sound_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    index = Index(tmp_path_factory.mktemp("errors") / "index")
    index.replace(SOURCE, [article(paragraphs=("雨水花园在析州开放。",))])
    index.commit()
    yield index
    index.close()


@pytest.fixture
def index(sound_index: Index) -> Iterator[Index]:
    """The index, whose parts a test may replace by failing ones."""
    parts = sound_index._index, sound_index._writer
    yield sound_index
    sound_index._index, sound_index._writer = parts


def _put(index: Index, part: str, value: Any) -> None:
    setattr(index, part, value)


def test_the_two_tables_name_every_public_method_of_the_index_but_those_for_its_repair() -> None:
    public = {name for name, _ in inspect.getmembers(Index, inspect.isfunction) if not name.startswith("_")}
    assert public - {"find_damage", "start_anew"} == WRITES.keys() | READS.keys()


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("name", READS)
def test_a_method_that_reads_says_that_the_index_is_damaged(index: Index, name: str, error: BaseException) -> None:
    _put(index, "_index", _Failing(error))
    with pytest.raises(IndexDamaged, match=r"cannot be read .*jianbao ingest") as raised:
        READS[name](index)
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("name", READS_DOCUMENTS)
def test_a_method_that_reads_documents_says_so_when_only_these_are_torn(
    index: Index, name: str, error: BaseException
) -> None:
    _put(index, "_index", _Searching(error, index._index))
    with pytest.raises(IndexDamaged, match=r"cannot be read .*jianbao ingest"):
        READS[name](index)


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("name", WRITES)
def test_a_method_that_writes_says_that_the_index_is_not_written(index: Index, name: str, error: BaseException) -> None:
    _put(index, "_writer", _Failing(error))
    with pytest.raises(IndexNotWritten, match=r"cannot be written .*Its former contents are unchanged"):
        WRITES[name](index)
    assert index._writer is None, "the next change starts with a writer of its own"


def test_a_commit_that_cannot_be_made_visible_says_that_the_index_is_damaged(index: Index) -> None:
    index.remove_source("page.txt")
    _put(index, "_index", _Failing(ValueError("torn"), index._index, "reload"))
    with pytest.raises(IndexDamaged):
        index.commit()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), TypeError("a fault of the program")], ids=repr)
def test_other_errors_leave_the_index_as_they_are(index: Index, error: BaseException) -> None:
    _put(index, "_index", _Failing(error))
    with pytest.raises(type(error)):
        index.count()
    _put(index, "_writer", _Failing(error))
    with pytest.raises(type(error)):
        index.remove_articles()


def test_the_name_variants_are_worked_out_once_per_commit(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    before = index.name_variants()
    assert index.name_variants() is before
    index.add_articles("page.txt", [article(id="aaaaa-00002")], [Labels()])
    index.commit()
    assert index.name_variants() is not before
    index.close()

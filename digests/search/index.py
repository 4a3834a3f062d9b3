"""The full-text index: with compiling.py the only file that knows tantivy.

It holds the articles themselves, what can be searched of them, and one record a source file (which makes taking in
incremental), all changed by one atomic commit. It can always be rebuilt from the pages.

documents.py says what it keeps of an article, compiling.py what finds it.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import chain, repeat
from pathlib import Path

import orjson
import tantivy

from digests.analysis.names import KnownNames
from digests.errors import IndexDamaged, IndexNotWritten
from digests.models import Article, Labels, SourceFile
from digests.query import Query, Term
from digests.search import schema
from digests.search.compiler import Compiler, all_of
from digests.search.index_files import REBUILD_ADVICE, open_index
from digests.search.schema import page_order, source_from_json, unpack_article

MAX_VOCABULARY_TERMS = 200_000
"""Terms of a field that are looked through at most."""

WRITER_MEMORY_BYTES = 50_000_000
"""Bytes that tantivy collects before it writes a segment; one thread keeps taking in bounded and deterministic."""

Found = tuple[int, Iterator[tuple[float, Article]]]
"""How many articles there are, and those asked for with their scores, each read when it is its turn."""


class Index:
    """The articles of an archive, on disk in `folder`. Many readers, one writer (from the first change on)."""

    def __init__(self, folder: Path, *, owner: bool = True) -> None:
        """Open the index; its `owner` begins one where there is none or only an older one, others never change it."""
        self._folder = folder
        self._index = open_index(folder, owner=owner)
        self._compiler = Compiler(self._index.schema)
        self.generation = 0
        """Counts the commits; what was worked out from the index before holds no longer."""
        self._writer: tantivy.IndexWriter | None = None

    # ---- changing

    def replace(self, source: SourceFile, articles: Iterable[Article], labels: Iterable[Labels] = ()) -> None:
        """Put what `source` holds now in the place of what it held before; counts from the next commit on.

        `labels` belong to the articles in their order; without them an article is found by its text alone.
        """
        self.remove_source(source.name)
        self.put_source(source)
        self.add_articles(source.name, articles, labels)

    def put_source(self, source: SourceFile) -> None:
        """Put the record of a source; counts from the next commit on."""
        record = tantivy.Document()
        record.add_text("what", "source")
        record.add_text("source", source.name)
        record.add_bytes("data", orjson.dumps(source))
        self._put(record)

    def add_articles(self, name: str, articles: Iterable[Article], labels: Iterable[Labels] = ()) -> None:
        """Put further articles of the source `name`; counts from the next commit on."""
        known = chain(labels, repeat(Labels()))
        for article, label in zip(articles, known, strict=False):
            self._put(tantivy.Document(**schema.document(article, name, label)))

    def remove_source(self, name: str) -> None:
        """Take out all that the source `name` held; counts from the next commit on."""
        with self._writing() as writer:
            writer.delete_documents_by_term("source", name)

    def remove_articles(self) -> None:
        """Remove all articles and keep the records of their sources; takes effect with the next commit."""
        with self._writing() as writer:
            writer.delete_documents_by_term("what", "article")

    def put_labels_fingerprint(self, fingerprint: str) -> None:
        """Record with which labeller the labels were found; takes effect with the next commit."""
        with self._writing() as writer:
            writer.delete_documents_by_term("what", "labels")
        self._put(tantivy.Document(what=["labels"], data=fingerprint.encode()))

    def _put(self, document: tantivy.Document) -> None:
        with self._writing() as writer:
            writer.add_document(document)

    def commit(self) -> None:
        """Make all changes durable and visible at once; a crash before leaves the state before them."""
        if self._writer:
            with self._writing() as writer:
                writer.commit()
            self._index.reload()
            self.generation += 1

    def rollback(self) -> None:
        """Drop all changes since the last commit."""
        if self._writer:
            self._writer.rollback()

    def close(self) -> None:
        """Release the writer; changes that were not committed are dropped."""
        if self._writer:
            self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """The writer; raises IndexNotWritten where it fails, and then drops all changes since the last commit."""
        try:
            if self._writer is None:
                self._writer = self._index.writer(WRITER_MEMORY_BYTES, 1)
            yield self._writer
        except (ValueError, OSError) as error:
            if self._writer:
                with suppress(ValueError):  # without any room; the next commit clears up as well
                    self._writer.rollback()
                    self._writer.garbage_collect_files()  # what was half written fills a full disk for nothing
                self._writer = None
            free = shutil.disk_usage(self._folder).free // 1_000_000
            raise IndexNotWritten(
                f"the index {self._folder} cannot be written ({error}); {free} MB are free there. What it held before "
                "stays as it was. Expected a folder that has room, that this process may write to, and that no other "
                "process is writing"
            ) from error

    # ---- looking up

    def sources(self) -> dict[str, SourceFile]:
        """All source records by name."""
        with self._reading():
            return {s.name: s for s in map(source_from_json, self._all(self._compiler.term("what", "source")))}

    def article(self, article_id: str) -> Article | None:
        return next(self._articles(self._compiler.term("id", article_id)), None)

    def articles(self, field: str, value: str) -> list[Article]:
        """The articles of a `day` (2022-08-29) or of a `source`, in page order."""
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, self._compiler.term(field, value)),
                (tantivy.Occur.Must, self._compiler.term("what", "article")),
            ]
        )
        return sorted(self._articles(query), key=page_order)

    def stored_articles(self) -> Iterator[tuple[str, Article]]:
        """Yield all articles of the last commit, each with the name of its source, in no order."""
        with self._reading():
            searcher = self._index.searcher()
            for _, at in searcher.search(self._compiler.term("what", "article"), max(1, searcher.num_docs)).hits:
                document = searcher.doc(at)
                yield str(document.get_first("source")), unpack_article(document["data"][0])

    def labels_fingerprint(self) -> str:
        """Return the fingerprint of the labeller whose labels the index holds, "" where it has none yet."""
        with self._reading():
            return b"".join(self._all(self._compiler.term("what", "labels"))).decode()

    def article_days(self) -> Iterator[tuple[str, date | None]]:
        """The ids of all articles with the days of their issues."""
        for article in self._articles(self._compiler.term("what", "article")):
            yield article.id, article.date

    def source_of(self, article_id: str) -> str | None:
        """The name of the source that holds an article."""
        found = self._index.searcher().search(self._compiler.term("id", article_id), 1).hits
        return self._index.searcher().doc(found[0][1]).get_first("source") if found else None

    def count(self) -> int:
        """How many articles there are."""
        with self._reading():
            return _total(self._index.searcher().search(self._compiler.term("what", "article"), 1))

    def find(self, query: Query, *, limit: int, offset: int = 0, newest: bool = False) -> Found:
        """How many articles match `query`, and those from `offset` on with their scores, the best (newest) first."""
        return self._ranked(self._compiler.compile(query), limit, offset, newest=newest)

    def find_any_word(self, query: Query, *, limit: int, offset: int = 0) -> Found:
        """The same for articles that hold any of the words of `query`: for where nothing matches it whole."""
        return self._ranked(self._compiler.any_word(query), limit, offset)

    def find_misread(self, term: Term, *, limit: int) -> Found:
        """The same for articles that hold `term` with one character that only looks like the right one."""
        return self._ranked(self._compiler.misread(term), limit)

    def find_weighted(self, words: Mapping[str, float], *, limit: int) -> list[Article]:
        """The articles that hold most of `words` by their weights, in their bodies."""
        return [article for _, article in self._ranked(self._compiler.weighted_words(words), limit)[1]]

    def _ranked(self, query: tantivy.Query, limit: int, offset: int = 0, *, newest: bool = False) -> Found:
        searcher = self._index.searcher()
        # tantivy makes room for as many as are asked for, whether they are there or not.
        limit, offset = max(1, min(limit, searcher.num_docs)), min(offset, searcher.num_docs)
        with self._reading():
            result = searcher.search(
                self._articles_only(query), limit, offset=offset, order_by_field="ordinal" if newest else None
            )
        return _total(result), self._read(searcher, result)

    def _read(self, searcher: tantivy.Searcher, result: tantivy.SearchResult) -> Iterator[tuple[float, Article]]:
        with self._reading():
            for score, at in result.hits:
                yield float(score or 0), unpack_article(searcher.doc(at)["data"][0])

    def _articles_only(self, query: tantivy.Query) -> tantivy.Query:
        return all_of([query, tantivy.Query.const_score_query(self._compiler.term("what", "article"), 0.0)])

    def mentioning(self, terms: Sequence[Term]) -> Iterator[Article]:
        """Every article that holds the characters of one of `terms`, as printed or misread in one; in no order."""
        return self._articles(self._articles_only(self._compiler.mentioning(terms)))

    def between(self, first: date | None, last: date | None) -> Iterator[Article]:
        """Every article of these days, both included, in no order; all articles where both sides are open."""
        days = self._compiler.days(first, last) if first or last else tantivy.Query.all_query()
        return self._articles(self._articles_only(days))

    def facets(self, query: Query, *, size: int = 12) -> dict[str, tuple[tuple[str, int], ...]]:
        """How many of the articles that match `query` have which month, theme, person, place and organisation."""
        asked = {name: {"terms": {"field": name, "size": size}} for name in schema.FACET_FIELDS}
        with self._reading():
            counted = self._index.searcher().aggregate(self._articles_only(self._compiler.compile(query)), asked)
        return {
            name: tuple((str(bucket["key"]), int(bucket["doc_count"])) for bucket in counted[name]["buckets"])
            for name in schema.FACET_FIELDS
        }

    def person_names(self) -> list[str]:
        """The names of people, levelled."""
        with self._reading():
            return [
                name for name, _ in self._index.searcher().terms_with_prefix("names", "", limit=MAX_VOCABULARY_TERMS)
            ]

    def words_sounding_like(self, sound: str) -> list[str]:
        """The words of headlines and the names of people that sound so, in pinyin without tones, levelled."""
        before = schema.sound_prefix(sound)
        with self._reading():
            terms = self._index.searcher().terms_with_prefix("sounds", before, limit=MAX_VOCABULARY_TERMS)
        return [term.removeprefix(before) for term, _ in terms]

    def known_names(self) -> KnownNames:
        """The people, places and organisations that several articles have."""
        searcher = self._index.searcher()
        with self._reading():
            counted = (
                searcher.terms_with_prefix(field, "", limit=MAX_VOCABULARY_TERMS)
                for field in ("person", "place", "org")
            )
            return KnownNames(*(frozenset(term for term, count in terms if count > 1) for terms in counted))

    def document_frequency(self, term: str, field: str = "body") -> int:
        """How many articles hold `term` in `field` (`body` and `title` hold words, `pairs` pairs of characters)."""
        return int(self._index.searcher().doc_freq(field, term))

    def _articles(self, query: tantivy.Query) -> Iterator[Article]:
        with self._reading():
            yield from map(unpack_article, self._all(query))

    def _all(self, query: tantivy.Query) -> Iterator[bytes]:
        """The stored bytes of all that matches; who reads them says what torn ones make of the answer."""
        searcher = self._index.searcher()
        for _, at in searcher.search(query, max(1, searcher.num_docs)).hits:
            yield searcher.doc(at)["data"][0]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say what a torn file makes of an answer."""
        try:
            yield
        except BaseException as error:
            # On some torn bytes tantivy panics, which comes as no Exception.
            if not isinstance(error, ValueError) and type(error).__name__ != "PanicException":
                raise
            raise IndexDamaged(f"the index {self._folder} cannot be read ({error}); {REBUILD_ADVICE}") from error


def _total(result: tantivy.SearchResult) -> int:
    return int(getattr(result, "count") or 0)  # noqa: B009  tantivy's type stub does not know it

"""The full-text index of an archive, on disk: its articles, and one record per source file.

schema.py defines the index fields, compiler.py compiles queries for tantivy, index_files.py opens the folder. All
changes take effect together by one atomic commit. The index can be rebuilt from the pages.

Every call of tantivy is inside `_reading` or `_writing`, which turn its errors into IndexDamaged and IndexNotWritten.
"""

import shutil
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import chain, repeat
from pathlib import Path

import tantivy

from digests.errors import IndexDamaged, IndexNotWritten
from digests.language.person_names import name_variants
from digests.models import Article, Labels, SourceFile
from digests.names import KnownNames
from digests.query import Query, Term
from digests.search import schema
from digests.search.compiler import Compiler, all_of
from digests.search.index_files import REBUILD_ADVICE, brief, open_index, set_aside, tantivy_errors_as, torn_files

MAX_VOCABULARY_TERMS = 200_000
"""Maximum number of terms read from one field."""

WRITER_MEMORY_BYTES = 50_000_000
"""Bytes that tantivy collects before it writes a segment; one thread makes memory and segments reproducible."""

MAX_FACET_VALUES = 12
"""Maximum number of values per facet; the most frequent ones are kept."""

Found = tuple[int, Iterator[tuple[float, Article]]]
"""The number of matching articles, and a page of them with their scores; each article is read when needed."""


class Index:
    """The index in one folder, with any number of readers and one writer, which starts with the first change."""

    def __init__(self, folder: Path, *, owner: bool = True) -> None:
        """Open the index; only its `owner` may create it or replace an older version."""
        self._folder = folder
        self.owner = owner
        self._checked = self._failed = False
        self._index = open_index(folder, owner=owner)
        self._compiler = Compiler(self._index.schema)
        self._writer: tantivy.IndexWriter | None = None
        self._commits = 0
        self._name_variants: tuple[int, Mapping[str, tuple[str, ...]]] | None = None

    # ---- changing

    def replace(self, source: SourceFile, articles: Iterable[Article], labels: Iterable[Labels] = ()) -> None:
        """Replace the record and the articles of `source`; takes effect with the next commit.

        `labels` are the labels of the articles, in the same order; a missing one counts as empty.
        """
        documents = _article_documents(source.name, articles, labels)
        self.remove_source(source.name)
        self.put_source(source)
        self._put(documents)

    def put_source(self, source: SourceFile) -> None:
        """Replace the record of a source and keep its articles; takes effect with the next commit."""
        record = [self._compiler.term("what", "source"), self._compiler.term("source", source.name)]
        with self._writing() as writer:
            writer.delete_documents_by_query(all_of(record))
        data = schema.source_to_json(source)
        self._put([tantivy.Document(what=["source"], source=[source.name], data=data)])

    def add_articles(self, name: str, articles: Iterable[Article], labels: Iterable[Labels] = ()) -> None:
        """Add articles to the source `name`, all or, if one has an impossible value, none.

        Takes effect with the next commit.
        """
        self._put(_article_documents(name, articles, labels))

    def put_labels_fingerprint(self, fingerprint: str) -> None:
        """Replace the fingerprint of the labeller that found the labels; takes effect with the next commit."""
        self._remove("what", "labels")
        self._put([tantivy.Document(what=["labels"], data=fingerprint.encode())])

    def remove_source(self, name: str) -> None:
        """Remove the record and the articles of the source `name`; takes effect with the next commit."""
        self._remove("source", name)

    def remove_articles(self) -> None:
        """Remove all articles and keep the records of sources; takes effect with the next commit."""
        self._remove("what", "article")

    def commit(self) -> None:
        """Make all changes durable and visible at once; a crash during a commit leaves the previous commit intact."""
        if self._writer:
            with self._writing() as writer:
                writer.commit()
            with self._reading():
                self._index.reload()
            self._commits += 1

    def rollback(self) -> None:
        """Drop all changes since the last commit."""
        if self._writer:
            with self._writing() as writer:
                writer.rollback()

    def close(self) -> None:
        """Drop uncommitted changes and release the writer."""
        if self._writer:
            with self._writing() as writer:
                writer.rollback()
                writer.wait_merging_threads()
            self._writer = None

    def find_damage(self) -> IndexDamaged | None:
        """Return the error of a damaged file, None if there is none; compares all checksums at the first call.

        After an error of reading, which may have had other causes, the checksums are compared again, and all articles
        are read. Otherwise nothing is checked.
        """
        if self._checked and not self._failed:
            return None
        if torn := next(torn_files(self._folder), None):
            return IndexDamaged(f"{torn} is damaged (its checksum does not match); {REBUILD_ADVICE}")
        if self._failed:
            try:
                deque(Index(self._folder, owner=False).stored_articles(), maxlen=0)
            except IndexDamaged as error:
                return error
        self._checked, self._failed = True, False
        return None

    def start_anew(self) -> Path:
        """Set the damaged files aside and continue with an empty index; return the folder of the damaged files."""
        with suppress(IndexNotWritten):
            self.close()
        aside = set_aside(self._folder)
        self._index = open_index(self._folder, owner=True)
        self._compiler = Compiler(self._index.schema)
        self._commits += 1
        self._failed = False
        return aside

    def _put(self, documents: Iterable[tantivy.Document]) -> None:
        with self._writing() as writer:
            for document in documents:
                writer.add_document(document)

    def _remove(self, field: str, value: str) -> None:
        with self._writing() as writer:
            writer.delete_documents_by_term(field, value)

    # ---- sources and single articles

    def sources(self) -> dict[str, SourceFile]:
        """Return all source records by name."""
        with self._reading() as searcher:
            documents = _documents(searcher, self._compiler.term("what", "source"))
            records = [schema.source_from_json(document["data"][0]) for document in documents]
            return {source.name: source for source in records}

    def source_of(self, article_id: str) -> str | None:
        """Return the name of the source that contains an article, None for an unknown article."""
        with self._reading() as searcher:
            found = searcher.search(self._compiler.term("id", article_id), 1).hits
            return searcher.doc(found[0][1]).get_first("source") if found else None

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, None for an unknown id."""
        return next(self._articles(self._compiler.term("id", article_id)), None)

    def articles(self, field: str, value: str) -> list[Article]:
        """Return the articles of a `day` (2022-08-29) or of a `source`, in page order."""
        return sorted(self._articles(self._articles_only(self._compiler.term(field, value))), key=schema.page_order)

    def article_days(self) -> Iterator[tuple[str, date | None]]:
        """Yield the id of each article with the day of its issue."""
        for article in self._articles(self._compiler.term("what", "article")):
            yield article.id, article.date

    def stored_articles(self) -> Iterator[tuple[str, Article]]:
        """Yield all articles of the last commit, each with the name of its source, in any order."""
        with self._reading() as searcher:
            for document in _documents(searcher, self._compiler.term("what", "article")):
                yield str(document.get_first("source")), schema.unpack_article(document["data"][0])

    def labels_fingerprint(self) -> str:
        """Return the fingerprint of the labeller that found the labels, "" for a new index."""
        with self._reading() as searcher:
            documents = _documents(searcher, self._compiler.term("what", "labels"))
            return "".join(document["data"][0].decode() for document in documents)

    # ---- searching

    def count(self) -> int:
        """Return the number of articles."""
        with self._reading() as searcher:
            return _total(searcher.search(self._compiler.term("what", "article"), 1))

    def find(self, query: Query, *, limit: int, offset: int = 0, newest: bool = False) -> Found:
        """Return the number of articles that match `query` and a page of them, the best (or the newest) first."""
        return self._ranked(self._compiler.compile(query), limit, offset, newest=newest)

    def find_any_word(self, query: Query, *, limit: int, offset: int = 0) -> Found:
        """Like `find`, for articles that contain any of the words of `query`."""
        return self._ranked(self._compiler.any_word(query), limit, offset)

    def find_misread(self, term: Term, *, limit: int) -> Found:
        """Like `find`, for articles that contain `term` with one character replaced by a look-alike."""
        return self._ranked(self._compiler.misread(term), limit)

    def find_weighted(self, words: Mapping[str, float], *, limit: int) -> list[Article]:
        """Return the articles whose bodies match `words` best, each word scored with its weight."""
        return [article for _, article in self._ranked(self._compiler.weighted_words(words), limit)[1]]

    def mentioning(
        self, terms: Sequence[Term], first: date | None, last: date | None, days: Collection[date] | None = None
    ) -> Iterator[Article]:
        """Yield the articles from `first` to `last` that contain one of `terms`, printed or with one character misread.

        Both days are included, and None is no bound; without `terms`, yield every article of these days. With `days`,
        yield only the articles of these days.
        """
        return self._articles(self._articles_only(self._compiler.mentioning(terms, first, last, days)))

    # ---- counting

    def facets(self, query: Query) -> dict[str, tuple[tuple[str, int], ...]]:
        """Count the articles that match `query` by month, theme, person, place and organisation, largest first."""
        request = {name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in schema.FACET_FIELDS}
        matching = self._articles_only(self._compiler.compile(query))
        with self._reading() as searcher:
            counts = searcher.aggregate(matching, request)
            return {
                name: tuple((str(bucket["key"]), int(bucket["doc_count"])) for bucket in counts[name]["buckets"])
                for name in schema.FACET_FIELDS
            }

    def mention_days(self, terms: Sequence[Term], first: date | None, last: date | None) -> dict[date, int]:
        """Return the number of articles that `mentioning` would yield, by day, without reading them."""
        request = {"days": {"histogram": {"field": "ordinal", "interval": 1, "min_doc_count": 1}}}
        matching = self._articles_only(self._compiler.mentioning(terms, first, last))
        with self._reading() as searcher:
            buckets = searcher.aggregate(matching, request)["days"]["buckets"]
            counts = {int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
            return {date.fromordinal(ordinal): count for ordinal, count in counts.items() if ordinal}

    def document_frequency(self, term: str, field: str = "body") -> int:
        """Return the number of articles with `term` in `field`; `body` and `title` have words, `pairs` bigrams."""
        with self._reading() as searcher:
            return int(searcher.doc_freq(field, term))

    def name_variants(self) -> Mapping[str, tuple[str, ...]]:
        """Map each name of a person to the forms in which the archive prints it; cached until a commit."""
        commits = self._commits
        if self._name_variants is None or self._name_variants[0] != commits:
            names = [name for name, _ in self._vocabulary("names")]
            self._name_variants = commits, name_variants(names)
        return self._name_variants[1]

    def words_sounding_like(self, sound: str) -> list[str]:
        """Return the normalised words of headlines and names of people with this pinyin (without tones)."""
        prefix = schema.sound_prefix(sound)
        return [term.removeprefix(prefix) for term, _ in self._vocabulary("sounds", prefix)]

    def known_names(self) -> KnownNames:
        """Return the people, places and organisations that label at least two articles."""
        counted = map(self._vocabulary, ("person", "place", "org"))
        return KnownNames(*(frozenset(term for term, count in terms if count > 1) for terms in counted))

    def _vocabulary(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        """Return the terms of `field` that begin with `prefix`, each with its document frequency."""
        with self._reading() as searcher:
            return list(searcher.terms_with_prefix(field, prefix, limit=MAX_VOCABULARY_TERMS))

    # ---- reading documents

    def _ranked(self, query: tantivy.Query, limit: int, offset: int = 0, *, newest: bool = False) -> Found:
        with self._reading() as searcher:
            # tantivy allocates memory for `limit` hits even if fewer exist.
            limit, offset = max(1, min(limit, searcher.num_docs)), min(offset, searcher.num_docs)
            result = searcher.search(
                self._articles_only(query), limit, offset=offset, order_by_field="ordinal" if newest else None
            )
            return _total(result), self._hits(searcher, result)

    def _hits(self, searcher: tantivy.Searcher, result: tantivy.SearchResult) -> Iterator[tuple[float, Article]]:
        with self._reading():
            for score, address in result.hits:
                yield float(score or 0), schema.unpack_article(searcher.doc(address)["data"][0])

    def _articles(self, query: tantivy.Query) -> Iterator[Article]:
        with self._reading() as searcher:
            for document in _documents(searcher, query):
                yield schema.unpack_article(document["data"][0])

    def _articles_only(self, query: tantivy.Query) -> tantivy.Query:
        return all_of([query, tantivy.Query.const_score_query(self._compiler.term("what", "article"), 0.0)])

    # ---- errors

    @contextmanager
    def _reading(self) -> Iterator[tantivy.Searcher]:
        """Yield a searcher over the last commit; raise IndexDamaged if tantivy cannot read its files."""
        with tantivy_errors_as(self._damaged):
            yield self._index.searcher()

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """Yield the writer; if it fails, drop all changes since the last commit and raise IndexNotWritten."""
        with tantivy_errors_as(self._not_written):
            if self._writer is None:
                self._writer = self._index.writer(WRITER_MEMORY_BYTES, 1)
            yield self._writer

    def _damaged(self, error: BaseException) -> IndexDamaged:
        self._failed = True
        return IndexDamaged(f"the index {self._folder} cannot be read ({brief(error)}); {REBUILD_ADVICE}")

    def _not_written(self, error: BaseException) -> IndexNotWritten:
        """Return the error after removing half-written files, which take up space, and releasing the lock."""
        writer, self._writer = self._writer, None
        if writer:
            for step in (writer.rollback, writer.garbage_collect_files, writer.wait_merging_threads):
                with (
                    suppress(IndexNotWritten),
                    tantivy_errors_as(IndexNotWritten),
                ):  # a failed step does not stop the next
                    step()
        free = shutil.disk_usage(self._folder).free // 1_000_000
        return IndexNotWritten(
            f"the index {self._folder} cannot be written ({brief(error)}); {free} MB are free there. Its "
            "former contents are unchanged. Expected a folder that has free space, that this process may write to, "
            "and that no other process is writing"
        )


def _article_documents(name: str, articles: Iterable[Article], labels: Iterable[Labels]) -> list[tantivy.Document]:
    """Return the documents of articles of the source `name`; a missing label counts as empty."""
    labels = chain(labels, repeat(Labels()))
    labelled = zip(articles, labels, strict=False)
    return [tantivy.Document(**schema.document(article, name, found)) for article, found in labelled]


def _documents(searcher: tantivy.Searcher, query: tantivy.Query) -> Iterator[tantivy.Document]:
    for _, address in searcher.search(query, max(1, searcher.num_docs)).hits:
        yield searcher.doc(address)


def _total(result: tantivy.SearchResult) -> int:
    return int(getattr(result, "count") or 0)  # noqa: B009  missing from tantivy's type stub

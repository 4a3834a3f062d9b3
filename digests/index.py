"""The full-text index: the only file that knows tantivy.

It holds the articles themselves, what can be searched of them, and one record a source file (which makes taking in
incremental), all changed by one atomic commit. It can always be rebuilt from the pages.

Articles are found by characters and ranked by words: a term matches where its characters stand in a row, and
articles that hold it as a word come first, the headline counting more than the body.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import tantivy

from digests import words
from digests.errors import IndexDamaged
from digests.matching import fields, level
from digests.models import Article, DayPart, Reporter, Source
from digests.query import And, Not, Or, Query, Term, terms
from digests.text import fold

VERSION = 1
"""Of the schema. An older index is rebuilt by itself; a newer one is refused."""

HEADLINE_WEIGHT = 3.0
"""A word of the headline says what the article is about; a word of the body may be said in passing."""

WRITER_MEMORY = 50_000_000
"""Bytes that tantivy collects before it writes a segment; one thread keeps taking in bounded and deterministic."""

_GAP = "¶"
"""Stands between fields in the row of characters, so that no phrase runs from one into the next."""


class Index:
    """The articles of an archive, on disk in `folder`. Many readers, one writer (from the first change on)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _open(folder)
        self._schema = self._index.schema
        self._writer: tantivy.IndexWriter | None = None

    # ---- changing

    def replace(self, source: Source, articles: Iterable[Article]) -> None:
        """Put what `source` holds now in the place of what it held before; counts from the next commit on."""
        self.withdraw(source.name)
        record = tantivy.Document()
        record.add_text("what", "source")
        record.add_text("source", source.name)
        record.add_bytes("data", orjson.dumps(source))
        self._changing().add_document(record)
        for article in articles:
            self._changing().add_document(_document(article, source.name))

    def withdraw(self, name: str) -> None:
        """Take out all that the source `name` held; counts from the next commit on."""
        self._changing().delete_documents_by_term("source", name)

    def commit(self) -> None:
        """Make all changes durable and visible at once; a crash before leaves the state before them."""
        if self._writer:
            self._writer.commit()
            self._index.reload()

    def close(self) -> None:
        """Release the writer; changes that were not committed are dropped."""
        if self._writer:
            self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    def _changing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(WRITER_MEMORY, 1)
            except ValueError as error:
                raise IndexDamaged(
                    f"the index {self._folder} cannot be written ({error}); expected a folder that this "
                    "process may write to and that no other process is writing"
                ) from error
        return self._writer

    # ---- looking up

    def sources(self) -> dict[str, Source]:
        """All source records by name."""
        return {s.name: s for s in map(_source, self._all(self._term("what", "source")))}

    def article(self, article_id: str) -> Article | None:
        return next(map(_article, self._all(self._term("id", article_id))), None)

    def articles(self, field: str, value: str) -> list[Article]:
        """The articles of a `day` (2022-08-29) or of a `source`, in page order."""
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self._term(field, value)), (tantivy.Occur.Must, self._term("what", "article"))]
        )
        return sorted(map(_article, self._all(query)), key=page_order)

    def owner(self, article_id: str) -> str | None:
        """The name of the source that holds an article."""
        found = self._index.searcher().search(self._term("id", article_id), 1).hits
        return self._index.searcher().doc(found[0][1]).get_first("source") if found else None

    def count(self) -> int:
        """How many articles there are."""
        return _total(self._index.searcher().search(self._term("what", "article"), 1))

    def find(self, query: Query, *, limit: int, offset: int = 0) -> tuple[int, list[tuple[float, Article]]]:
        """How many articles match `query`, and those from `offset` on with their scores, the best first."""
        return self._ranked(self._compiled(query), limit, offset)

    def find_any(self, query: Query, *, limit: int, offset: int = 0) -> tuple[int, list[tuple[float, Article]]]:
        """The same for articles that hold any of `loose_words(query)`: for where nothing matches it whole."""
        return self._ranked(_any([self._word(word) for word in loose_words(query)]), limit, offset)

    def _ranked(self, query: tantivy.Query, limit: int, offset: int) -> tuple[int, list[tuple[float, Article]]]:
        searcher = self._index.searcher()
        articles_only = tantivy.Query.const_score_query(self._term("what", "article"), 0.0)
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, articles_only)])
        result = searcher.search(both, limit, offset=offset)
        found = [(float(score), _article(searcher.doc(at)["data"][0])) for score, at in result.hits]
        return _total(result), found

    def _all(self, query: tantivy.Query) -> Iterator[bytes]:
        searcher = self._index.searcher()
        for _, at in searcher.search(query, max(1, searcher.num_docs)).hits:
            yield searcher.doc(at)["data"][0]

    # ---- queries

    def _compiled(self, query: Query) -> tantivy.Query:
        match query:
            case Term():
                return self._wanted(query)
            case Not(part):
                everything = tantivy.Query.all_query()
                return tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, everything), (tantivy.Occur.MustNot, self._compiled(part))]
                )
            case And(parts):
                return tantivy.Query.boolean_query([self._clause(part) for part in parts])
            case Or(parts):
                return _any([self._compiled(part) for part in parts])

    def _clause(self, part: Query) -> tuple[tantivy.Occur, tantivy.Query]:
        if isinstance(part, Not):
            return tantivy.Occur.MustNot, self._compiled(part.part)
        return tantivy.Occur.Must, self._compiled(part)

    def _wanted(self, term: Term) -> tantivy.Query:
        row = self._row(term.text)
        parts = words.cut(fold(term.text))
        if term.exact:
            return row
        if len(parts) == 1:
            return _any([row, self._word(parts[0])])
        together = [(tantivy.Occur.Must, self._word(word)) for word in parts if any(c.isalnum() for c in word)]
        return _any([tantivy.Query.boost_query(row, 2.0), tantivy.Query.boolean_query(together)])

    def _row(self, text: str) -> tantivy.Query:
        """The characters of `text` in a row."""
        row: list[str | tuple[int, str]] = [c for c in level(text) if not c.isspace()]
        if len(row) == 1:
            return self._term("chars", str(row[0]))
        return tantivy.Query.phrase_query(self._schema, "chars", row)

    def _word(self, word: str) -> tantivy.Query:
        headline = tantivy.Query.boost_query(self._term("headline", word), HEADLINE_WEIGHT)
        return _any([headline, self._term("body", word)])

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)


def loose_words(query: Query) -> tuple[str, ...]:
    """The words of more than one character that `query` is made of; phrases in quotation marks are meant whole."""
    loose = [word for term in terms(query) if not term.exact for word in words.cut(fold(term.text))]
    return tuple(dict.fromkeys(word for word in loose if len(word) > 1))


def page_order(article: Article) -> tuple[int, str, int, str]:
    """A key that sorts articles as they stand in the paper."""
    return article.page or 0, article.file or "", article.n or 0, article.id


def _total(result: tantivy.SearchResult) -> int:
    return int(getattr(result, "count") or 0)  # noqa: B009  tantivy's type stub does not know it


def _any(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    if not parts:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])


def _document(article: Article, source: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("what", "article")
    document.add_text("id", article.id)
    document.add_text("source", source)
    document.add_text("day", article.date.isoformat() if article.date else "")
    document.add_bytes("data", orjson.dumps(article))
    headings = " ".join((article.headline or "", article.kicker, article.deck, article.section))
    document.add_text("headline", " ".join(words.cut_finely(fold(headings))))
    document.add_text("body", " ".join(words.cut_finely(fold(article.body + " " + " ".join(article.byline)))))
    document.add_text("chars", _GAP.join(level(value) for _, value in fields(article)))
    return document


def _article(data: bytes) -> Article:
    known: dict[str, Any] = orjson.loads(data)
    known["date"] = date.fromisoformat(known["date"]) if known["date"] else None
    known["reporters"] = tuple(Reporter(**reporter) for reporter in known["reporters"])
    known["lines"] = tuple((first, last) for first, last in known["lines"])
    for name in ("paragraphs", "subheads"):
        known[name] = tuple(known[name])
    return Article(**known)


def _source(data: bytes) -> Source:
    known: dict[str, Any] = orjson.loads(data)
    days = (part | {"day": date.fromisoformat(part["day"]), "pages": tuple(part["pages"])} for part in known["days"])
    return Source(**known | {"days": tuple(DayPart(**part) for part in days)})


def _open(folder: Path) -> tantivy.Index:
    """The index in `folder`, a new one where there is none or only an older one (which is derived and rebuilt)."""
    mark = folder / "VERSION"
    found = _version(mark)
    if found is None and folder.is_dir() and any(folder.iterdir()):
        raise IndexDamaged(
            f"the folder {folder} holds something that is no index of this program (it has no file VERSION); "
            "move it away and run `jianbao ingest` to build the index anew"
        )
    if found is not None and found > VERSION:
        raise IndexDamaged(
            f"the index {folder} has version {found}, this program writes version {VERSION}; "
            "use the newer program, or another data folder"
        )
    if found is not None and found < VERSION:
        shutil.rmtree(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if found != VERSION:
            mark.write_text(f"{VERSION}\n", encoding="ascii")
        index = tantivy.Index(_schema(), str(folder))
    except (ValueError, OSError) as error:
        raise IndexDamaged(
            f"the index {folder} cannot be opened ({error}); it is made of the pages alone: "
            "move it away and run `jianbao ingest` to build it anew"
        ) from error
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.register_tokenizer("chars", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\S")).build())
    return index


def _version(mark: Path) -> int | None:
    """The version of the index beside `mark`; None where there is none yet."""
    try:
        return int(mark.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise IndexDamaged(f"{mark} does not hold a version number; expected a line such as {VERSION}") from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("what", "id", "source", "day"):
        builder.add_text_field(name, stored=name == "source", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("data", stored=True)
    builder.add_text_field("headline", tokenizer_name="words", index_option="freq")
    builder.add_text_field("body", tokenizer_name="words", index_option="freq")
    builder.add_text_field("chars", tokenizer_name="chars", index_option="position")
    return builder.build()

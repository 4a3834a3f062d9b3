"""Speed of searching and ingesting: python -m tests.bench.search_speed [ARTICLES]

The articles are recombined from the sentences of the evaluation archive, with the labels of real articles. Each figure
is a ratio to the bare work of a library, measured in the same run: tantivy's query, jieba's segmentation.

The bare query is the one that search runs in tantivy, with its total, its ten best hits and their stored bytes. Both
sides run every query once, alternating which is first, so that neither profits from a cache.
"""

import gzip
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import jieba
import tantivy

from digests import query as queries
from digests import search
from digests.analysis import Labeller
from digests.ingest import Ingest, reader
from digests.language import words
from digests.models import Article, Labels, SourceFile
from digests.query import Query
from digests.search.compiler import Compiler, all_of
from digests.search.index import Index
from digests.search.index_files import open_index
from digests.text import sentences
from tests.bench.tables import show
from tests.conftest import EVALUATION
from tests.invented import read_articles

ARTICLES = 100_000
QUERIES = 400
INGESTED_ARTICLES = 5_000
LABELLED_ARTICLES = 300

TITLE, HEAD = "search in a large archive, ingesting", ("what", "reached", "at most")

Row = tuple[str, float, float]


def recombined(count: int) -> Iterator[Article]:
    """Yield articles of about 800 characters, made of sentences of the sample."""
    rng = random.Random(7)
    headlines, pool = [], []
    with gzip.open(EVALUATION / "archive_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            headlines.append(article["headline"])
            for paragraph in article["paragraphs"]:
                pool += [paragraph[a:b] for a, b in sentences(paragraph)]
    for number in range(count):
        paragraphs = tuple("".join(rng.choices(pool, k=4)) for _ in range(4))
        day = date(2015, 1, 1) + timedelta(days=number % 3000)
        yield Article(f"a{number:010}", rng.choice(headlines), paragraphs, date=day, page=1 + number % 12)


def sampled_labels(count: int) -> Iterator[Labels]:
    """Return random labels of articles of the sample."""
    articles = read_articles(EVALUATION / "archive_dev.jsonl.gz")
    known = Labeller().label_all([found for found in islice(articles, LABELLED_ARTICLES) if isinstance(found, Article)])
    return iter(random.Random(1).choices(known, k=count))


def word_queries(count: int) -> list[str]:
    """Return queries of one or two words of the articles."""
    rng = random.Random(5)
    bodies = (article.body for article in recombined(40))
    vocabulary = [word for body in bodies for word in words.cut(body) if len(word) > 1]
    return [" ".join(rng.sample(vocabulary, rng.choice((1, 1, 2)))) for _ in range(count)]


def question_queries(count: int) -> list[str]:
    """Return clauses of the articles without their last word, like the questions of readers."""
    rng = random.Random(6)
    clauses = [clause for article in recombined(200) for clause in re.findall(r"\w{8,20}", article.body)]
    return ["".join(words.cut(clause)[:-1]) for clause in rng.sample(clauses, count)]


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def search_rows(folder: Path, name: str, texts: list[str], *, are_questions: bool = False) -> list[Row]:
    """Compare a search with snippets to the bare query over the same index, p50 and p99."""
    index, below = Index(folder, owner=False), open_index(folder, owner=False)
    compiler = Compiler(below.schema)
    only = tantivy.Query.const_score_query(compiler.term("what", "article"), 0.0)
    searcher = below.searcher()

    def bare(query: Query) -> None:
        compiled = compiler.any_word(query) if are_questions else compiler.compile(query)
        for _, at in searcher.search(all_of([compiled, only]), 10).hits:
            searcher.doc(at)

    search.search(index, "防汛", limit=10)
    times: dict[bool, list[float]] = {True: [], False: []}
    for number, text in enumerate(texts):
        query = queries.parse(text)
        for ours in (True, False) if number % 2 else (False, True):
            work = (lambda: search.search(index, text, limit=10)) if ours else (lambda: bare(query))  # noqa: B023
            times[ours].append(milliseconds(work))
    rows = []
    for share in (50, 99):
        whole, below_it = (sorted(times[side])[len(texts) * share // 100] for side in (True, False))
        print(f"search {name} p{share} {whole:.1f} ms (bare {below_it:.1f})")
        rows.append((f"search {name} p{share} / bare tantivy", whole / below_it, 2.0))
    return rows


def memory_rows(folder: Path, texts: list[str]) -> list[Row]:
    """Measure the memory of the whole program while it answers, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.serving", str(folder)]
    lines = "\n".join([*texts, "fangxun", "訪汛"])
    output = subprocess.run(command, input=lines, text=True, capture_output=True, check=True).stdout
    whole, own = map(float, output.split())
    return [
        ("serving, MB without mapped files", own, 600.0),
        ("serving, MB with the mapped files of the index", whole, 600.0),
    ]


def ingest_row() -> Row:
    """Compare ingesting a file of ready articles to segmenting them with jieba on one core."""
    articles = list(recombined(INGESTED_ARTICLES))
    words.load()
    jieba.initialize()
    start = time.perf_counter()
    for article in articles:
        jieba.lcut(f"{article.headline}\n{article.body}")
    segmenting = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive"
        archive.mkdir()
        with (archive / "ready.jsonl").open("w", encoding="utf-8") as file:
            for article in articles:
                row = {"id": article.id, "headline": article.headline, "paragraphs": article.paragraphs}
                file.write(json.dumps(row | {"date": str(article.date), "page": article.page}) + "\n")
        index = Index(Path(name) / "index")
        start = time.perf_counter()
        run = Ingest(index, archive, lambda _: None)
        for read in reader.read_files(run.changed(run.files(None), None), run.notes, Labeller()):
            run.store(read)
        run.commit()
        ingesting = time.perf_counter() - start
        index.close()
    print(f"ingesting {INGESTED_ARTICLES} articles {ingesting:.1f} s, segmenting with jieba {segmenting:.1f} s")
    return "ingesting / segmenting with jieba", ingesting / segmenting, 1.5


def rows(count: int = ARTICLES) -> list[Row]:
    """Return each figure with what was reached and its limit; none without the evaluation folder."""
    if not EVALUATION.is_dir():
        return []
    words.load()
    rows = [ingest_row()]
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "index")
        index.replace(SourceFile("sample", "1", (), 0), recombined(count), sampled_labels(count))
        index.commit()
        index.close()
        rows += search_rows(Path(folder) / "index", "words", word_queries(QUERIES))
        rows += search_rows(Path(folder) / "index", "questions", question_queries(QUERIES), are_questions=True)
        rows += memory_rows(Path(folder) / "index", word_queries(QUERIES) + question_queries(QUERIES))
    return rows


def main() -> None:
    show(TITLE, HEAD, rows(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))


if __name__ == "__main__":
    main()

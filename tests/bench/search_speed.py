"""How fast search and taking in are: python -m tests.bench.search_speed [ARTICLES]

The articles are made of the evaluation archive's sentences, recombined, with the labels of real ones. Every figure
stands beside the bare work of the library below it, measured in the same run: tantivy's query, jieba's cutting.

The bare query is the one that search asks of tantivy, with its total, its ten best and their stored bytes. Either side
has each query once, in turns first; what was asked before is in nobody's memory.
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
from digests.pages import ready_articles
from digests.query import Query
from digests.search.compiler import Compiler, all_of
from digests.search.index import Index
from digests.search.index_files import open_index
from digests.text import sentences
from tests.bench.tables import show
from tests.conftest import EVALUATION

ARTICLES = 100_000
QUERIES = 400
TAKEN_IN = 5_000
LABELLED = 300

TITLE, HEAD = "search in a large archive, taking in", ("what", "reached", "at most")

Row = tuple[str, float, float]


def recombined(count: int) -> Iterator[Article]:
    """Articles of about 800 characters, made of sentences of the sample."""
    rng = random.Random(7)
    heads, said = [], []
    with gzip.open(EVALUATION / "archive_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            heads.append(article["headline"])
            for paragraph in article["paragraphs"]:
                said += [paragraph[a:b] for a, b in sentences(paragraph)]
    for number in range(count):
        paragraphs = tuple("".join(rng.choices(said, k=4)) for _ in range(4))
        day = date(2015, 1, 1) + timedelta(days=number % 3000)
        yield Article(f"a{number:010}", rng.choice(heads), paragraphs, date=day, page=1 + number % 12)


def drawn_labels(count: int) -> Iterator[Labels]:
    """Labels of some articles of the sample, by chance."""
    told = ready_articles.read_articles(EVALUATION / "archive_dev.jsonl.gz")
    known = [Labeller().label(article) for article in islice(told, LABELLED) if isinstance(article, Article)]
    return iter(random.Random(1).choices(known, k=count))


def asked_words(count: int) -> list[str]:
    """One or two words of the articles."""
    rng = random.Random(5)
    said = [word for article in recombined(40) for word in words.cut(article.body) if len(word) > 1]
    return [" ".join(rng.sample(said, rng.choice((1, 1, 2)))) for _ in range(count)]


def asked_questions(count: int) -> list[str]:
    """Clauses of the articles without their last word: such as readers write when they ask."""
    rng = random.Random(6)
    clauses = [clause for article in recombined(200) for clause in re.findall(r"\w{8,20}", article.body)]
    return ["".join(words.cut(clause)[:-1]) for clause in rng.sample(clauses, count)]


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def search_rows(folder: Path, name: str, asked: list[str], *, loosely: bool = False) -> list[Row]:
    """Search with excerpts against the bare query over the same index, p50 and p99."""
    index, below = Index(folder, owner=False), open_index(folder, owner=False)
    compiler = Compiler(below.schema)
    only = tantivy.Query.const_score_query(compiler.term("what", "article"), 0.0)
    searcher = below.searcher()

    def bare(query: Query) -> None:
        compiled = compiler.any_word(query) if loosely else compiler.compile(query)
        for _, at in searcher.search(all_of([compiled, only]), 10).hits:
            searcher.doc(at)

    search.search(index, "防汛", limit=10)
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number, one in enumerate(asked):
        query = queries.parse(one)
        for ours in (True, False) if number % 2 else (False, True):
            work = (lambda: search.search(index, one, limit=10)) if ours else (lambda: bare(query))  # noqa: B023
            spent[ours].append(milliseconds(work))
    made = []
    for share in (50, 99):
        whole, below_it = (sorted(spent[side])[len(asked) * share // 100] for side in (True, False))
        print(f"search {name} p{share} {whole:.1f} ms (bare {below_it:.1f})")
        made.append((f"search {name} p{share} / bare tantivy", whole / below_it, 2.0))
    return made


def memory_rows(folder: Path, asked: list[str]) -> list[Row]:
    """What the whole program holds while it answers, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.serving", str(folder)]
    said = "\n".join([*asked, "fangxun", "訪汛"])
    told = subprocess.run(command, input=said, text=True, capture_output=True, check=True).stdout
    whole, own = map(float, told.split())
    return [
        ("serving, MB of its own", own, 600.0),
        ("serving, MB with the index's files as far as they are mapped", whole, 600.0),
    ]


def taking_in_row() -> Row:
    """Taking a file of ready articles into the index, labels and all, against jieba's cutting of them on one core."""
    articles = list(recombined(TAKEN_IN))
    words.load()
    jieba.initialize()
    start = time.perf_counter()
    for article in articles:
        jieba.lcut(f"{article.headline}\n{article.body}")
    cutting = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive"
        archive.mkdir()
        with (archive / "ready.jsonl").open("w", encoding="utf-8") as file:
            for article in articles:
                told = {"id": article.id, "headline": article.headline, "paragraphs": article.paragraphs}
                file.write(json.dumps(told | {"date": str(article.date), "page": article.page}) + "\n")
        index = Index(Path(name) / "index")
        start = time.perf_counter()
        taking = Ingest(index, archive, lambda _: None)
        for read in reader.read_files(taking.changed(taking.files(None), None), taking.notes, Labeller()):
            taking.store(read)
        taking.commit()
        taken = time.perf_counter() - start
        index.close()
    print(f"taking in {TAKEN_IN} articles {taken:.1f} s, jieba's cutting {cutting:.1f} s")
    return "taking in / jieba's cutting", taken / cutting, 1.5


def rows(count: int = ARTICLES) -> list[Row]:
    """Each figure with what was reached and its limit; none where the evaluation folder is missing."""
    if not EVALUATION.is_dir():
        return []
    words.load()
    made = [taking_in_row()]
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "index")
        index.replace(SourceFile("sample", "1", (), 0), recombined(count), drawn_labels(count))
        index.commit()
        index.close()
        made += search_rows(Path(folder) / "index", "words", asked_words(QUERIES))
        made += search_rows(Path(folder) / "index", "questions", asked_questions(QUERIES), loosely=True)
        made += memory_rows(Path(folder) / "index", asked_words(QUERIES) + asked_questions(QUERIES))
    return made


def main() -> None:
    show(TITLE, HEAD, rows(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))


if __name__ == "__main__":
    main()

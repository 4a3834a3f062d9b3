"""`make bench`: the cost of each operation, compared with the cost of its unavoidable part in the same run.

A ratio says more than a time: both sides ran on the same machine in the same minute. Nothing here decides a test.
"""

import contextlib
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import jieba.analyse

from bot import app, config, flows
from digests import digest, pages, segment
from digests.language import words
from digests.models import Page
from digests.pages import archive_notes
from tests.bench import alerts_speed, backfill, chat_speed, search_speed, state_speed, topics_speed
from tests.bench.tables import show
from tests.conftest import SEEDS

RUNS = 7
SIZES = (200, 400, 800)


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of some runs in milliseconds, after a first one that does not count."""
    work()
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - started))
    return median(spent)


def reading(sample: list[Page]) -> tuple[object, ...]:
    ours = timed(lambda: [segment.parse_page(page) for page in sample])
    cutting = timed(lambda: [jieba.lcut(page.text) for page in sample])
    return f"reading {len(sample)} pages / cutting their words", ours, cutting, ours / cutting


def building(settings: config.Config) -> tuple[object, ...]:
    with app.open_archive(settings) as archive:
        issue = archive.issues()[0]
        articles = archive.articles(issue.day)
    body = "\n".join(article.body for article in articles)
    ours = timed(lambda: digest.build(issue, articles))
    tags = timed(lambda: jieba.analyse.extract_tags(body))
    return "digest of an issue / jieba's extract_tags", ours, tags, ours / tags


def searching(settings: config.Config) -> tuple[object, ...]:
    queries = ("防汛", "疫情防控", "锂电池隔膜", "养老 服务", "太原")
    with app.open_archive(settings) as archive:
        ours = timed(lambda: [archive.search(query) for query in queries]) / len(queries)
    return "a search with excerpts", ours, "", ""


def growing() -> list[tuple[object, ...]]:
    """Ingest archives of growing size; a page should cost the same in each."""
    choose = random.Random(1)
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    rows = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            pages_folder = Path(folder) / "pages"
            pages_folder.mkdir()
            for number in range(size):
                day = date(2000, 1, 1) + timedelta(days=number // 4)
                paragraphs = choose.choice(texts).split("\n")
                lines = [line for line in paragraphs if len(line) < 60 or choose.random() < 0.8]
                (pages_folder / f"{day}-{number % 4 + 1:02}.txt").write_text("\n".join(lines), encoding="utf-8")
            defaults = config.Config()
            settings = defaults.model_copy(
                update={
                    "data": Path(folder) / "data",
                    "archive": defaults.archive.model_copy(update={"folder": pages_folder}),
                }
            )
            with app.open_services(settings) as services:
                started = time.perf_counter()
                taken = flows.ingest_pages(services)
                seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append((f"{size} pages, {taken.articles} articles", seconds, 1000 * seconds / size, peak))
    return rows


def main() -> None:
    words.load()
    notes = archive_notes.load_notes(SEEDS)
    sample = [pages.load_page(path, notes, name=path.name) for path in sorted(SEEDS.glob("*.txt"))]
    with contextlib.ExitStack() as parts:
        data = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        settings = config.Config().model_copy(update={"data": data})
        with app.open_services(settings) as services:
            services.archive.ingest()
        rows = [reading(sample), building(settings), searching(settings)]
    show("taking in", ("what", "seconds", "ms a page", "peak MB of this process"), growing())
    show("speed, in milliseconds", ("what", "ours", "beside", "ratio"), rows)
    show("10,000 readers with 30,000 subscriptions", ("what", "figure", "has to be"), state_speed.rows())
    show(search_speed.TITLE, search_speed.HEAD, search_speed.rows())
    show("subscriptions and bad queries", ("what", "reached", "at most"), topics_speed.rows())
    show("alerts, in milliseconds", ("what", "ours", "at most"), alerts_speed.rows())
    show("backfilling an archive of short issues", backfill.HEAD, backfill.rows())
    chat_speed.main()


if __name__ == "__main__":
    main()

"""Speed and memory over an archive of many years: python -m tests.bench.large_archive [ARTICLES ...]

The archive is recombined from the evaluation's archive: issues on consecutive days with real numbers of articles, real
lengths of articles, stories that are continued for days, and the names of the sample. It is one file of ready articles.

Each figure is stored in the folder as soon as it is measured, so an interrupted run continues where it stopped. A run
that takes longer than MAX_SECONDS ends with the figures measured so far. JIANBAO_BENCH_FOLDER selects the folder.
"""

import asyncio
import gzip
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import jieba

from bot import app, config
from bot.local.chats import CHATS, Chat, User
from digests.storage.backup import run_backup_schedule
from digests.text import sentences
from tests.bench.chat_speed import Meter
from tests.bench.search_speed import question_queries, word_queries
from tests.bench.tables import show
from tests.conftest import EVALUATION

SIZES = (10_000, 100_000, 1_000_000)
"""Numbers of articles; the next size is about ten times as long in the making."""
MAX_SECONDS = 2 * 3600.0
LAST_DAY = date(2026, 6, 30)
STORY_DAYS_ARTICLES = 300
"""The newest articles that a new one may continue: about ten issues."""
CONTINUING, FROM_STORY, REPLACED = 0.25, 0.35, 0.5
"""Shares: of articles that continue a story, of their sentences that come from it, of other sentences replaced."""
CUT_SAMPLE = 2_000
"""Articles cut by jieba, to estimate the time for all."""
ANSWER_SECONDS = 180.0
"""A question without an answer after this time counts as this long."""

READERS = [Chat(7000 + n, "private", f"读者{n}", (User(7000 + n, f"读者{n}", f"l{n}", "zh"),)) for n in range(20)]

Figures = dict[str, float]


# ---- composing


def sample_rows() -> list[dict[str, Any]]:
    """Return the articles of the evaluation's archive."""
    with gzip.open(EVALUATION / "archive_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def compose(count: int, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield `count` composed articles in order of date, the last ones dated LAST_DAY."""
    rng = random.Random(count)
    daily = list(Counter(row["date"] for row in rows).values())
    issue_sizes: list[int] = []
    while sum(issue_sizes) < count:
        issue_sizes.append(rng.choice(daily))
    pool = [text for row in rows for paragraph in row["paragraphs"] for text in _sentences(paragraph)]
    recent: deque[list[str]] = deque(maxlen=STORY_DAYS_ARTICLES)
    number = 0
    for back, size in zip(range(len(issue_sizes) - 1, -1, -1), issue_sizes, strict=True):
        day = LAST_DAY - timedelta(days=back)
        for position in range(min(size, count - number)):
            number += 1
            model = rng.choice(rows)
            paragraphs = _paragraphs(model["paragraphs"], rng, pool, recent)
            dated = {"id": f"{day:%Y%m%d}-{position:03}", "date": day.isoformat(), "paragraphs": paragraphs}
            yield model | dated


def _paragraphs(model: Sequence[str], rng: random.Random, pool: Sequence[str], recent: deque[list[str]]) -> list[str]:
    """Return paragraphs with the lengths of `model`, in sentences; they may continue one of the `recent` articles."""
    story = rng.choice(recent) if recent and rng.random() < CONTINUING else []
    paragraphs = []
    for paragraph in model:
        composed = []
        for sentence in _sentences(paragraph):
            if story and rng.random() < FROM_STORY:
                composed.append(rng.choice(story))
            else:
                composed.append(rng.choice(pool) if rng.random() < REPLACED else sentence)
        paragraphs.append("".join(composed))
    recent.append([text for paragraph in paragraphs for text in _sentences(paragraph)])
    return paragraphs


def _sentences(paragraph: str) -> list[str]:
    return [paragraph[start:end] for start, end in sentences(paragraph)]


def write_archive(folder: Path, count: int) -> Figures:
    """Write the archive as one file, if it is not there; return its size."""
    file = folder / "archive" / "ready.jsonl"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        with part.open("w", encoding="utf-8") as opened:
            for row in compose(count, sample_rows()):
                opened.write(json.dumps(row, ensure_ascii=False) + "\n")
        part.rename(file)
    return {"archive, MB": file.stat().st_size / 1e6}


# ---- ingesting, in a process of its own


def settings(folder: Path) -> config.Config:
    return config.Config(
        data=folder / "data",
        archive=config.ArchiveConfig(folder=folder / "archive", every_seconds=3600),
        access=config.AccessConfig(per_minute=1000),
        local=config.LocalConfig(port=0),
    )


def ingest(folder: Path) -> Figures:
    """Ingest the archive and build its digests; return wall and CPU seconds, and both relative to jieba's cutting."""
    building = 0.0
    began = time.perf_counter()

    def progress(phase: str, _done: int, _total: int) -> None:
        nonlocal building
        if phase == "building" and not building:
            building = time.perf_counter()

    with app.open_archive(settings(folder), owner=True) as archive:
        archive.ingest(progress=progress)
        issues = len(archive.issues())
    ended = time.perf_counter()
    for worker in multiprocessing.active_children():
        worker.join()  # its CPU time counts from then on
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    months = (folder / "data" / "digests").glob("*.json")
    cutting = _cutting_seconds(folder / "archive" / "ready.jsonl")
    cpu = sum(part.ru_utime + part.ru_stime for part in usage)
    return {
        "issues": issues,
        "ingesting, wall s": ended - began,
        "ingesting, CPU s": cpu,
        "jieba's cutting of the text, s": cutting,
        "ingesting CPU / jieba's cutting": cpu / cutting,
        "building digests, wall s": ended - building,
        "building digests / jieba's cutting": (ended - building) / cutting,
        "index, MB": _size(folder / "data" / "index"),
        "digests, MB": _size(folder / "data" / "digests"),
        "the largest file of digests, KB": max(1000 * _size(path) for path in months),
    }


def _cutting_seconds(file: Path) -> float:
    """Return the seconds that jieba takes to cut all articles, estimated from a sample spread over the file."""
    jieba.initialize()
    with file.open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    sample = articles[:: max(1, len(articles) // CUT_SAMPLE)]
    texts = [article["headline"] + "\n" + "\n".join(article["paragraphs"]) for article in sample]
    characters = sum(len(article["headline"]) + sum(map(len, article["paragraphs"])) for article in articles)
    began = time.perf_counter()
    for text in texts:
        jieba.lcut(text)
    return (time.perf_counter() - began) * characters / sum(map(len, texts))


def _size(path: Path) -> float:
    """Return the size of a file or folder in MB."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


# ---- serving, in a process of its own


def serve(folder: Path) -> Figures:
    """Start the bot on the archive, ask questions of each kind, take in one more day and back up."""
    return asyncio.run(_serve(folder))


async def _serve(folder: Path) -> Figures:
    CHATS.update({reader.id: reader for reader in READERS})
    figures: Figures = {}
    began = time.perf_counter()
    async with app.running(settings(folder)) as running:
        assert running.server
        meter = Meter(running.server)
        await _ask(meter, 0, "/help")
        figures["start to the first answer, s"] = time.perf_counter() - began
        figures |= _memory("after the start")
        for kind, texts in _questions().items():
            waits = [await _ask(meter, number, text) for number, text in enumerate(texts)]
            cuts = quantiles([*waits, *waits], n=100)
            figures |= {f"{kind}, p50 ms": cuts[49], f"{kind}, p99 ms": cuts[98]} | _memory(f"after {kind}")
        figures["one more day, s"] = await _one_more_day(folder, running)
        figures |= await asyncio.to_thread(_next_backup, running)
    return figures


def _questions() -> dict[str, list[str]]:
    """Return the messages of each kind, the cheapest kinds first."""
    terms = word_queries(200)
    return {
        "search": [f"/search {text}" for text in terms],
        "question": question_queries(200),
        "/today": ["/today"] * 100,
        "/week": ["/week"] * 100,
        "/trend of two words": [f"/trend {a} {b}" for a, b in zip(terms[:20], terms[20:40], strict=True)],
        "/trend": ["/trend"] * 20,
        "subscribing to a rare word": [f"/subscribe {text}" for text in ("滑翔伞", "蜂蜜柚子", "皮影戏", "冰壶赛道")],
        "subscribing to a common word": [f"/subscribe {text}" for text in ("养老", "防汛", "高铁", "博物馆")],
        "subscribing to a firehose": ["/subscribe 经济", "/subscribe 发展"],
    }


async def _ask(meter: Meter, number: int, text: str) -> float:
    """Return the milliseconds until the first message of the answer; ANSWER_SECONDS without one."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(meter.ask(READERS[number % len(READERS)], text), ANSWER_SECONDS)
    return 1000 * ANSWER_SECONDS


async def _one_more_day(folder: Path, running: app.Jianbao) -> float:
    """Return the seconds to take in one more issue, its digest and alerts included."""
    file = folder / "archive" / "next.jsonl"
    day = LAST_DAY + timedelta(days=1)
    rows = sample_rows()[:30]
    lines = [json.dumps(row | {"id": f"next-{n}", "date": day.isoformat()}) for n, row in enumerate(rows)]
    file.write_text("\n".join(lines), encoding="utf-8")
    os.utime(file, (0, 0))  # not a file that is still being copied
    began = time.perf_counter()
    await running.ingestion.run()
    taken = time.perf_counter() - began
    file.unlink()
    return taken


def _next_backup(running: app.Jianbao) -> Figures:
    """Back up, as an hour later, what the program has changed since it started."""
    services = running.services
    began = time.perf_counter()
    with services.chat_lock:
        later = services.clock() + timedelta(hours=1)
        made = run_backup_schedule(services.config.data, later, services.config.backup.rounds)
    seconds = time.perf_counter() - began
    assert made, "the backup was due"
    files = [path.stat() for path in made.rglob("*") if path.is_file()]
    copied = sum(file.st_size for file in files if file.st_nlink == 1) / 1e6
    return {"the next backup, s": seconds, "of it copied, MB": copied, "linked, MB": _size(made) - copied}


def _memory(when: str) -> Figures:
    """Return the process's own memory and its mapped files, in MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    own, mapped = (int(status[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))
    return {f"own memory {when}, MB": own, f"mapped memory {when}, MB": mapped}


# ---- the curve


STEPS: dict[str, Callable[[Path], Figures]] = {"ingest": ingest, "serve": serve}


def measure(folder: Path, count: int, deadline: float) -> Figures:
    """Return the figures of an archive of `count` articles; those of an earlier run are not measured again."""
    stored = folder / "figures.json"
    done: dict[str, Figures] = json.loads(stored.read_text()) if stored.exists() else {}
    done["write"] = write_archive(folder, count)
    for step in STEPS:
        seconds = deadline - time.monotonic()
        if step in done or seconds <= 0:
            continue
        command = [sys.executable, "-m", "tests.bench.large_archive", "--step", step, str(folder)]
        try:
            output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds).stdout
        except subprocess.TimeoutExpired:
            break
        done[step] = json.loads(output.splitlines()[-1])
        stored.write_text(json.dumps(done))
    return {name: value for figures in done.values() for name, value in figures.items()}


def main() -> None:
    if sys.argv[1:2] == ["--step"]:
        print(json.dumps(STEPS[sys.argv[2]](Path(sys.argv[3]))))
        return
    if not EVALUATION.is_dir():
        print("the evaluation folder is missing; nothing is measured")
        return
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    root = Path(os.environ.get("JIANBAO_BENCH_FOLDER", Path(tempfile.gettempdir()) / "jianbao-bench-large"))
    deadline = time.monotonic() + MAX_SECONDS
    curve = {count: measure(root / str(count), count, deadline) for count in sizes}
    names = dict.fromkeys(name for figures in curve.values() for name in figures)
    rows = [(name, *(figures.get(name, "-") for figures in curve.values())) for name in names]
    show("an archive of many years", ("what", *(f"{count:,} articles" for count in sizes)), rows)


if __name__ == "__main__":
    main()

"""Killing the real program while it takes pages in, and looking at what it left."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bot import app, config
from tests.conftest import SEEDS

PAGES_A_STRIKE = 3


class Killing:
    """An archive that grows by some pages before each strike; whatever is not whole afterwards raises."""

    def __init__(self, folder: Path, choose: random.Random) -> None:
        self._pages = folder / "pages"
        self._pages.mkdir()
        self._file = folder / "config.toml"
        self._file.write_text(f'data = "{folder / "data"}"\n[archive]\nfolder = "{self._pages}"\n')
        self._config = config.load(self._file, environment={})
        self._choose = choose
        self._page = (SEEDS / "000_dae80abf9b835e1c.txt").read_text(encoding="utf-8")
        self.strikes = 0
        self.killed = 0
        started = time.monotonic()
        self._ingest(limit=60)
        self._whole = time.monotonic() - started

    def strike(self) -> None:
        """Add pages, kill the program that takes them in at some moment, and look."""
        self.strikes += 1
        for copy in range(PAGES_A_STRIKE):
            own = self._page.replace("太原", f"太{self.strikes}{copy}原")
            name = (
                f"{2000 + self.strikes // 300}-{self.strikes % 12 + 1:02}-{self.strikes % 25 + 1:02}-{copy + 1:02}.txt"
            )
            (self._pages / name).write_text(own, encoding="utf-8")
        self.killed += self._ingest(limit=self._whole * self._choose.uniform(0.3, 1.3))
        self._look()

    def report(self) -> list[tuple[str, int]]:
        """What happened; that nothing was torn or lost is that nothing was raised."""
        return [("runs", self.strikes), ("killed in the middle", self.killed), ("states torn or incomplete", 0)]

    def _ingest(self, limit: float) -> bool:
        """Whether the program had to be killed after `limit` seconds."""
        command = [sys.executable, "-m", "bot", "ingest", "--config", str(self._file)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        return False

    def _look(self) -> None:
        """The next start is clean, and after it everything is there."""
        with app.open_services(self._config) as services:
            now = datetime.now(UTC)
            taken = services.archive.take_in(announce=lambda ids: services.outbox.expect(ids, now))
            problems = [trouble.problem for trouble in taken.troubles] + services.archive.check()
            issues = services.archive.issues()
            held = {article.id for issue in issues for article in services.archive.articles(issue.day)}
            if missing := held - set(services.outbox.expected()):
                problems.append(f"articles nobody will be alerted of: {sorted(missing)}")
            problems += [f"no stories on {i.day}" for i in issues if not services.archive.digest(i.day).stories]
            if problems:
                raise AssertionError(f"after kill {self.killed}: {problems}")

"""Kill the real program while it ingests pages, and check the state it left."""

import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import app, config, flows
from bot.context import Services
from digests.subscriptions import subscribe
from tests.conftest import SEEDS

CHAT = 7
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class CrashTrial:
    """An archive that grows by a page before each kill; raises AssertionError if anything is lost or doubled."""

    def __init__(self, folder: Path) -> None:
        self._pages = folder / "pages"
        self._pages.mkdir()
        self._file = folder / "config.toml"
        self._file.write_text(f'data = "{folder / "data"}"\n[archive]\nfolder = "{self._pages}"\n')
        self._config = config.load(self._file, environment={})
        self._page = (SEEDS / "004_28efd789d574a832.txt").read_text(encoding="utf-8")
        self.pages = 0
        self.killed = 0
        with app.open_services(self._config) as services:
            chat, _, _ = subscribe(services.chats.get_or_create(CHAT, "zh"), "防汛", now=LONG_AGO, limit=1)
            services.chats.put(chat)

    def kill_at(self, gap: int) -> bool:
        """Kill the program at its `gap`-th gap between two writes; return False if it ended before."""
        self._new_page()
        command = [sys.executable, "-m", "tests.killed_ingestion", str(self._file), str(gap)]
        ended = subprocess.run(command, check=False).returncode
        if ended not in (0, -signal.SIGKILL):
            raise AssertionError(f"the program ended with {ended} instead of being killed")
        self.killed += ended != 0
        self._check()
        return ended != 0

    def _new_page(self) -> None:
        """Add a page with new stories, dated more than a week later, so that none of them repeats an earlier one."""
        self.pages += 1
        day = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=10 * self.pages)
        choose = random.Random(self.pages)
        hanzi = "云河石桥花园市场书馆街巷山水林田湖草春夏秋冬"
        own = "".join(c + choose.choice(hanzi) if c in "的了和在，" else c for c in self._page)
        (self._pages / f"{day:%Y-%m-%d}.txt").write_text(own, encoding="utf-8")

    def _check(self) -> None:
        """Raise unless the next start finds a consistent state and completes it without repetitions."""
        with app.open_services(self._config) as services:
            flows.ingest_pages(services)
            flows.queue_alerts(services)
            problems = services.archive.check()
            issues = services.archive.issues()
            digests = [services.archive.digest(issue.day) for issue in issues]
            problems += [
                f"no stories on {digest.day}" for digest in digests if not digest.stories and not digest.repeated
            ]
            if len(issues) != self.pages:
                problems.append(f"{self.pages} pages were given, {len(issues)} issues are there")
            problems += _alert_problems(services)
            if problems:
                raise AssertionError(f"after kill {self.killed}: {problems}")


def _alert_problems(services: Services) -> list[str]:
    """Return the matching stories without an alert, and whether there are more alerts than issues."""
    wanted = {
        article.id
        for issue in services.archive.issues()
        for article in services.archive.articles(issue.day)
        if "防汛" in f"{article.headline}{article.body}"
    }
    reported = {article for _, article in services.outbox.reported_pairs(wanted)}
    alerts = services.outbox.keys_with_prefix("alert:")
    problems = [f"no alert for {name}" for name in sorted(wanted - reported)]
    if len(alerts) > len(services.archive.issues()):
        problems.append(f"{len(alerts)} alerts of {len(services.archive.issues())} issues")
    return problems

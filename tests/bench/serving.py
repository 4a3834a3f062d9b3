"""Memory of the program while it answers searches: python -m tests.bench.serving FOLDER <queries, one a line

Runs in a process of its own, which loads the program alone; prints its largest resident size in megabytes, and the size
without mapped files.
"""

import sys
from pathlib import Path

import bot.app  # noqa: F401  the whole program
from digests import search
from digests.language import words
from digests.search.index import Index


def main() -> None:
    index = Index(Path(sys.argv[1]), owner=False)
    words.load()
    for text in map(str.strip, sys.stdin):
        search.search(index, text, limit=5)
        search.facets(index, text)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(*(int(status[name].split()[0]) / 1024 for name in ("VmHWM", "RssAnon")))


if __name__ == "__main__":
    main()

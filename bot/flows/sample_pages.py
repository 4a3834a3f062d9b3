"""Sample pages: invented news that a reader can add to the sample archive one by one, to see how an alert arrives.

Their text says that they are invented. They are offered beside the sample archive only, so that they never mix with
an archive of one's own.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.texts import texts_for
from digests.ingest import IngestReport

SAMPLE_PAGES = tuple(sorted(Path(__file__).with_name("samples").glob("*.jsonl")))


def label() -> str:
    """Return the label of the button that adds a page."""
    return texts_for("zh").plain("sample.add")


async def add_next(ingest: Callable[[Sequence[Path]], Awaitable[IngestReport]]) -> str:
    """Ingest the first page that is not in the archive yet; return a sentence about the result."""
    texts = texts_for("zh")
    for page in SAMPLE_PAGES:
        report = await ingest([page])
        if report.read:
            return texts.plain("sample.added", name=page.stem, count=report.articles)
    return texts.plain("sample.all_there")

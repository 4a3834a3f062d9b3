"""Sample pages: invented news, put into the archive one by one to see how an alert comes.

They say themselves that they are invented, and are offered only beside the pages that come with the program: nobody's
own archive is mixed with them.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.texts import texts_for
from digests.ingest import IngestReport

PAGES = tuple(sorted(Path(__file__).with_name("samples").glob("*.jsonl")))


def label() -> str:
    """What the button says that adds one."""
    return texts_for("zh").plain("sample.add")


async def add_next(take_in: Callable[[Sequence[Path]], Awaitable[IngestReport]]) -> str:
    """Take in the first of the pages that is not there yet; says what was added, or that all are there."""
    texts = texts_for("zh")
    for page in PAGES:
        taken = await take_in([page])
        if taken.read:
            return texts.plain("sample.added", name=page.stem, count=taken.articles)
    return texts.plain("sample.all_there")

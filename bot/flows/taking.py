"""Taking in what is new."""

from collections.abc import Sequence
from pathlib import Path

from bot.context import Services
from digests.archive import Progress
from digests.taking.intake import TakenIn


def take_in(
    services: Services,
    paths: Sequence[Path] | None = None,
    *,
    progress: Progress = lambda _phase, _done, _all: None,
    wait_for_copies: bool = False,
) -> TakenIn:
    """Take in what is new in the archive folder, or in `paths`; who is to hear of it is decided by `owe_alerts`.

    With `wait_for_copies`, files changed in the last seconds are left for the next time.
    """
    now = services.clock()
    return services.archive.take_in(
        paths,
        announce=lambda news: services.outbox.expect(news, now),
        progress=progress,
        settled=now if wait_for_copies else None,
    )

"""What a taking in brings that subscriptions have not seen yet."""

from dataclasses import dataclass
from datetime import date

from digests.models import Article


@dataclass(frozen=True, slots=True)
class News:
    """An article to be held against the subscriptions."""

    id: str
    day: date | None = None
    """Of its issue."""
    late: bool = False
    """Whether its page was read before: a better reading revealed it (补报)."""
    former: Article | None = None
    """What was read of it before; None for one that is new."""

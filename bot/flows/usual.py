"""What holds for chats that have chosen nothing, as the operator configured it."""

from datetime import timedelta

from bot.context import Services
from digests.schedule import Usual


def usual(services: Services) -> Usual:
    """The digest's time, the zone, and how late a digest may be."""
    digest = services.config.digest
    return Usual(digest.time, services.config.zone, timedelta(hours=digest.late_hours))

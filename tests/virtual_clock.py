"""A clock that tests control."""

import asyncio
from datetime import UTC, datetime, timedelta

NOW = datetime(2022, 8, 29, 8, tzinfo=UTC)


class Clock:
    """Time passes only in `sleep`."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return (self.now - NOW).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

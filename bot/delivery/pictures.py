"""Draw the pictures of messages: reference ("the card of 29 August") -> values from the archive -> PNG.

A message in the outbox contains only the reference, so that the outbox remains small; the picture is drawn when the
message is sent.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

from bot.images import Chart, Painter
from bot.render.digests import card_chart, theme_chart
from bot.render.trends import trend_chart
from digests.archive import Archive
from digests.chats import Picture
from digests.errors import JianbaoError

Sent = TypeVar("Sent")


class NoPicture(Exception):
    """Raised if the issue or the words of a picture are no longer in the archive."""


class Pictures:
    """Draws the pictures of one archive; caches the latest pictures."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._painter = Painter()

    async def send(self, send_photo: Callable[..., Awaitable[Sent]], picture: Picture, **form: object) -> Sent:
        """Draw the picture in a thread, then call `send_photo` with the PNG and `form`. Raises NoPicture."""
        return await send_photo(photo=await asyncio.to_thread(self.draw, picture), **form)

    def draw(self, picture: Picture) -> bytes:
        """Return the picture as PNG. Raises NoPicture."""
        try:
            return self._painter.png(self._chart(picture))
        except JianbaoError as error:
            raise NoPicture(str(error)) from error

    def themes(self, day: date) -> tuple[tuple[str, int], ...]:
        """Return the themes of an issue with their numbers of stories, the largest first, but "" (no theme) last."""
        counts = [(theme, len(stories)) for theme, stories in self._archive.sections(day).items()]
        return tuple(sorted(counts, key=lambda count: (not count[0], -count[1], count[0])))

    def _chart(self, picture: Picture) -> Chart:
        if picture.kind == "trend":
            return trend_chart({word: self._archive.term_counts(word) for word in picture.of.split()}, picture.language)
        day = date.fromisoformat(picture.of)
        if picture.kind == "card":
            return card_chart(self._archive.digest(day), picture.language)
        return theme_chart(self._archive.issue(day), self.themes(day), picture.language)

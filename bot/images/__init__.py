"""PNG pictures in the colours of the chat page: an issue's card, line charts over issues, bar charts."""

import threading
from functools import lru_cache

from bot.images.card import Card, draw_card
from bot.images.charts import BarChart, LineChart, draw_bar_chart, draw_line_chart
from bot.images.drawing import Canvas, Font

MAX_CACHED_PICTURES = 64
"""Maximum number of pictures kept in memory; each has 20 to 100 KB."""

Chart = Card | LineChart | BarChart


class Painter:
    """Draws charts with the font of this package, and caches the most recently used pictures."""

    def __init__(self) -> None:
        self._font = Font()
        self._lock = threading.Lock()
        self._cached = lru_cache(maxsize=MAX_CACHED_PICTURES)(self._png)

    def png(self, chart: Chart) -> bytes:
        """Return `chart` as PNG.

        Drawing takes about 0.2 seconds, and about 1 second for the first picture; do not call this in the event loop.
        """
        return self._cached(chart)

    def _png(self, chart: Chart) -> bytes:
        with self._lock:  # measuring a character changes the state of the font's face
            return self._draw(chart).png()

    def _draw(self, chart: Chart) -> Canvas:
        match chart:
            case Card():
                return draw_card(chart, self._font)
            case LineChart():
                return draw_line_chart(chart, self._font)
            case BarChart():
                return draw_bar_chart(chart, self._font)

"""Pictures as PNG, in the colours of the chat page: an issue's card, line charts over issues, bar charts."""

import threading
from functools import lru_cache

from bot.images.card import Card, draw_card
from bot.images.charts import BarChart, LineChart, draw_bar_chart, draw_line_chart
from bot.images.drawing import Canvas, Font

MAX_CACHED_PICTURES = 64
"""Pictures of 20 to 100 KB."""

Chart = Card | LineChart | BarChart


class Painter:
    """Draws charts with the font of this package, and caches the latest pictures by their values."""

    def __init__(self) -> None:
        self._font = Font()
        self._lock = threading.Lock()
        self._cached = lru_cache(maxsize=MAX_CACHED_PICTURES)(self._png)

    def png(self, chart: Chart) -> bytes:
        """Return the picture of `chart`.

        It takes a fifth of a second, the first one a second: call it off the event loop.
        """
        return self._cached(chart)

    def _png(self, chart: Chart) -> bytes:
        with self._lock:  # the font's face is changed by each measurement
            return self._draw(chart).png()

    def _draw(self, chart: Chart) -> Canvas:
        match chart:
            case Card():
                return draw_card(chart, self._font)
            case LineChart():
                return draw_line_chart(chart, self._font)
            case BarChart():
                return draw_bar_chart(chart, self._font)

"""Long lists a part at a time: which part is shown, and the buttons that turn to the next."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.keyboards import Row, button
from bot.presses import Press


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is shown."""

    offset: int
    size: int
    total: int

    @classmethod
    def at(cls, offset: int, size: int, total: int) -> "Window":
        """The window at `offset`, moved to the last part where the list has become shorter than that."""
        last_part = max(0, (total - 1) // size * size)
        return cls(max(0, min(offset, last_part)), size, total)

    @property
    def end(self) -> int:
        return min(self.offset + self.size, self.total)

    @property
    def is_whole(self) -> bool:
        return self.offset == 0 and self.end == self.total


def turning(window: Window, labels: tuple[str, str], press: Callable[[int], Press]) -> tuple[Row, ...]:
    """The row that turns back and onward; no row where there is nothing to turn to."""
    row = []
    if window.offset > 0:
        row.append(button(labels[0], press(max(0, window.offset - window.size))))
    if window.end < window.total:
        row.append(button(labels[1], press(window.end)))
    return (tuple(row),) if row else ()

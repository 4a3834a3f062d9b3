"""Buttons of messages that were sent before callback data held its texts.

Their data has an offset alone, or a checksum in place of a word: `1:q:5`, `1:K:k7f3m-9wq2d:495873210`. What they mean
stands in the message, whose wording never changes after it was sent: the query as code in its first line, other forms
of the query as further code, a word in the label of the button or in the first line. No new button has this form.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from telegram import Message, MessageEntity

from bot.callbacks.registry import CALLBACK_DATA_VERSION, Callback, ExpiredText, decode, inline_text, split_address

MAX_WORD_CHARS = 40
_CHECKSUMS = 1_000_000_000
"""Checksums of words have at most nine digits."""


def decode_legacy(data: str, message: object) -> Callback | None:
    """Return what the button of `message` with this data does; None for data that never had the old form.

    Raises ExpiredText where the message does not show what the button means.
    """
    version, _, rest = data.partition(":")
    letter, *values = rest.split(":")
    upgrade = _UPGRADES.get((letter, len(values)))
    if version != CALLBACK_DATA_VERSION or upgrade is None:
        return None
    if not isinstance(message, Message):  # too old: Telegram shows only where it stood
        raise ExpiredText(data)
    return decode(f"{CALLBACK_DATA_VERSION}:{upgrade(_Sent(message, data), values)}")


@dataclass(frozen=True)
class _Sent:
    """A message with the data of one of its buttons. Its properties are texts as callback data spells them.

    Each raises ExpiredText where the message has no such text.
    """

    message: Message
    data: str

    @property
    def query(self) -> str:
        return self._first(code for offset, code in self._codes() if offset < len(self._first_line))

    @property
    def announcement(self) -> str:
        _, _, text = (self.message.text or "").partition("\n\n")
        return self._first(filter(None, [text.strip()]))

    def form(self, number: str) -> str:
        """The form of the query with a number; forms begin at 1."""
        return self._first(code for place, (_, code) in enumerate(self._codes()) if place and str(place) == number)

    def word(self, checksum: str) -> str:
        """The part of the label, or of the first line, that has a checksum."""
        return self._first(word for word in self._words() if str(zlib.crc32(word.encode()) % _CHECKSUMS) == checksum)

    def _first(self, texts: Iterator[str]) -> str:
        text = next(texts, None)
        if text is None:
            raise ExpiredText(self.data)
        return inline_text(text)

    @property
    def _first_line(self) -> str:
        return (self.message.text or "").partition("\n")[0]

    def _codes(self) -> list[tuple[int, str]]:
        """What stands as code, with its offsets, in the order of the text."""
        codes = self.message.parse_entities([MessageEntity.CODE])
        return sorted((entity.offset, code) for entity, code in codes.items())

    def _words(self) -> Iterator[str]:
        yield ""  # the section of articles without a theme
        for line in (self._label(), self._first_line):
            for start in range(len(line)):
                for end in range(start + 1, min(start + MAX_WORD_CHARS, len(line)) + 1):
                    yield line[start:end]

    def _label(self) -> str:
        keyboard = self.message.reply_markup
        buttons = (button for row in (keyboard.inline_keyboard if keyboard else ()) for button in row)
        return next((button.text for button in buttons if split_address(str(button.callback_data))[0] == self.data), "")


_UPGRADES: dict[tuple[str, int], Callable[[_Sent, list[str]], str]] = {
    ("q", 1): lambda sent, values: f"q:{sent.query}:{values[0]}:0",
    ("Q", 1): lambda sent, values: f"q:{sent.query}:{values[0]}:1",
    ("qf", 1): lambda sent, values: f"qf:{sent.query}:{values[0]}",
    ("qi", 1): lambda sent, values: f"qi:{sent.word(values[0])}",
    ("f", 0): lambda sent, _: f"f:{sent.query}",
    ("va", 0): lambda sent, _: f"va:{sent.query}",
    ("vf", 2): lambda sent, values: ("f:" if values[0] == "0" else f"vf:{values[0]}:") + sent.form(values[1]),
    ("vy", 3): lambda sent, values: f"vy:{values[0]}:{sent.word(values[2])}",
    ("e", 2): lambda sent, values: f"e:{values[0]}:{sent.word(values[1])}",
    ("E", 3): lambda sent, values: f"E:{values[0]}:{sent.word(values[1])}:{values[2]}",
    ("F", 2): lambda sent, values: f"qi:{sent.word(values[1])}",
    ("K", 2): lambda sent, values: f"f:{sent.word(values[1])}",
    ("an", 0): lambda sent, _: f"an:{sent.announcement}",
}
"""By the old letter and number of values: the data of today without its version."""

"""Buttons of messages that were sent before callback data contained its texts.

Such data omits the text or has a checksum in place of a word: `1:q:5`, `1:K:k7f3m-9wq2d:495873210`. The text is read
from the message of the button: the query is the code entity in its first line, narrower and wider queries are the next
code entities, a word is in the label of the button or in the first line, and an announcement follows the first blank
line. No new button has such data.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from telegram import Message, MessageEntity

from bot.callbacks.registry import CALLBACK_DATA_VERSION, Callback, ExpiredText, decode, inline_text, split_address

MAX_WORD_CHARS = 40
"""Maximum number of characters of a word that is searched for by its checksum."""
_MODULUS = 1_000_000_000
"""Limits checksums of words to nine digits."""


def decode_legacy(data: str, message: object) -> Callback | None:
    """Return the callback of a button of `message` with old data; None if the data has none of the old forms.

    Raises ExpiredText if the message does not contain the missing text.
    """
    version, _, rest = data.partition(":")
    letter, *values = rest.split(":")
    upgrade = _UPGRADES.get((letter, len(values)))
    if version != CALLBACK_DATA_VERSION or upgrade is None:
        return None
    if not isinstance(message, Message):  # too old: Telegram no longer sends its content
        raise ExpiredText(data)
    return decode(f"{CALLBACK_DATA_VERSION}:{upgrade(_SentMessage(message, data), values)}")


@dataclass(frozen=True)
class _SentMessage:
    """A message with the data of one of its buttons.

    The public properties and methods return texts as they are encoded in callback data, or raise ExpiredText if the
    message has no such text.
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
        """Return the narrower or wider query with this number; they are counted from 1 in the order of the text."""
        return self._first(code for place, (_, code) in enumerate(self._codes()) if place and str(place) == number)

    def word(self, checksum: str) -> str:
        """Return the part of the label or of the first line that has this checksum."""
        return self._first(word for word in self._words() if str(zlib.crc32(word.encode()) % _MODULUS) == checksum)

    def _first(self, texts: Iterator[str]) -> str:
        text = next(texts, None)
        if text is None:
            raise ExpiredText(self.data)
        return inline_text(text)

    @property
    def _first_line(self) -> str:
        return (self.message.text or "").partition("\n")[0]

    def _codes(self) -> list[tuple[int, str]]:
        """Return the code entities with their offsets, in the order of the text."""
        codes = self.message.parse_entities([MessageEntity.CODE])
        return sorted((entity.offset, code) for entity, code in codes.items())

    def _words(self) -> Iterator[str]:
        """Yield the empty word and every part of the label and of the first line, up to MAX_WORD_CHARS."""
        yield ""  # the theme of the section of articles without a theme
        for line in (self._label(), self._first_line):
            for start in range(len(line)):
                for end in range(start + 1, min(start + MAX_WORD_CHARS, len(line)) + 1):
                    yield line[start:end]

    def _label(self) -> str:
        """Return the label of the button with this data."""
        keyboard = self.message.reply_markup
        buttons = (button for row in (keyboard.inline_keyboard if keyboard else ()) for button in row)
        return next((button.text for button in buttons if split_address(str(button.callback_data))[0] == self.data), "")


_UPGRADES: dict[tuple[str, int], Callable[[_SentMessage, list[str]], str]] = {
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
"""Functions that convert old values to present data without the version, by old letter and number of values."""

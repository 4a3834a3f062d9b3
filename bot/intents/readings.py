"""What a message means, and the words of a message that all rules look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.intents.lexicon import Token
from bot.intents.message import Message

SURE, LIKELY, UNSURE = 0.95, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means."""

    intent: str
    """A name of the schema, such as `subscribe`."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    sureness: float = SURE
    """How likely it is that the reader means this."""


Rule = Callable[[Message], Reading | None]


def make_reading(intent: str, sureness: float = SURE, **parameters: Any) -> Reading:
    return Reading(intent, {name: value for name, value in parameters.items() if value not in (None, [], "")}, sureness)


def first_of(message: Message, *classes: str) -> Token | None:
    return next((token for token in message.tokens if token.is_(*classes)), None)


def start_of(message: Message) -> int:
    return next((token.span[0] for token in message.tokens if not token.is_("filler")), 0)


def is_polite(message: Message, verb: Token) -> bool:
    """True if only words of politeness stand before the verb."""
    return all(token.is_("filler") for token in message.tokens if token.span[0] < verb.span[0])

"""Whose subscriptions and settings a message shows, and to whom."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.texts import Texts, texts
from digests.following.subscriptions import listed
from digests.readers import Chat, Language, Subscription
from digests.schedule import Usual, zone_of


@dataclass(frozen=True, slots=True)
class View:
    """A chat as one of its readers sees it now."""

    chat: Chat
    language: Language
    """In which it is shown; a channel speaks its own."""
    config: Config
    """Holds what a chat that chose nothing has."""
    now: datetime
    topic: int | None = None
    """The forum topic that it is shown in."""
    channel: str = ""
    """The title of the channel that is managed from another chat; empty where the chat is shown in itself."""

    @property
    def say(self) -> Texts:
        return texts(self.language)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Those of this topic."""
        return listed(self.chat, self.topic)

    @property
    def digest_time(self) -> time:
        return self.chat.settings.digest_time or self.config.digest.time

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks the chat lives."""
        usual = Usual(self.config.digest.time, self.config.zone, timedelta())
        return zone_of(self.chat.settings, usual)

    @property
    def stories(self) -> int:
        return min(self.chat.settings.stories or self.config.digest.stories, self.config.digest.stories)

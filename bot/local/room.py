"""Everything the server remembers, in one value that the Bot API methods and the page's API share."""

from dataclasses import dataclass, field

from bot.local.answers import bad_request, forbidden
from bot.local.events import EventLog
from bot.local.faults import Faults, Pace
from bot.local.files import FileBox
from bot.local.history import History
from bot.local.profile import Profile
from bot.local.questions import Questions
from bot.local.updates import UpdateQueue
from bot.local.webhook import Webhook
from bot.local.world import CHATS, Chat


@dataclass(slots=True)
class Room:
    events: EventLog
    history: History
    updates: UpdateQueue
    questions: Questions
    webhook: Webhook
    files: FileBox = field(default_factory=FileBox)
    profile: Profile = field(default_factory=Profile)
    faults: Faults = field(default_factory=Faults)
    pace: Pace | None = None
    away: set[int] = field(default_factory=set)
    """Chats whose people have blocked the bot or put it out."""

    def chat(self, chat_id: int | str) -> Chat:
        """The chat with that id, or that public name (@name), for reading."""
        named = (chat for chat in CHATS.values() if chat.username and f"@{chat.username}" == chat_id)
        chat = CHATS.get(chat_id) if isinstance(chat_id, int) else next(named, None)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat with that id, if the bot may write there."""
        chat = self.chat(chat_id)
        if chat.id in self.away or chat.id in self.faults.blocked:
            private = chat.type == "private"
            raise forbidden("bot was blocked by the user" if private else f"bot was kicked from the {chat.type} chat")
        return chat

"""The users and chats of the local server, and the profile that the bot sets: command menus, names, descriptions.

There are two users, each with a private chat, and one group with both. The ids of users and chats
are the same after every start, so that the data that a bot has stored for a chat remains valid.
"""

from dataclasses import dataclass, field
from typing import Literal

from bot.local.refusals import JSON


@dataclass(frozen=True, slots=True)
class User:
    id: int
    first_name: str
    username: str
    language: str = ""
    is_bot: bool = False

    def to_json(self) -> JSON:
        user: JSON = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, "username": self.username}
        if self.language:
            user["language_code"] = self.language
        return user


@dataclass(frozen=True, slots=True)
class Chat:
    id: int
    type: Literal["private", "supergroup", "channel"]
    title: str
    people: tuple[User, ...]
    """The members, without the bot. The first one owns the group or channel; in a channel all are administrators."""
    username: str = ""
    """Public name of a channel."""
    topics: tuple[int, ...] = ()
    """Thread ids of a forum's topics, except General; empty if the chat has no topics."""

    def to_json(self) -> JSON:
        if self.type == "private":
            user = self.people[0]
            return {"id": self.id, "type": self.type, "first_name": user.first_name, "username": user.username}
        public: JSON = {"username": self.username} if self.username else {}
        forum: JSON = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.type, "title": self.title, **public, **forum}


BOT = User(1, "简报", "jianbao_bot", is_bot=True)
WANG = User(1001, "读者小王", "xiaowang", language="zh-hans")
ALEX = User(1002, "Alex", "alex", language="en")

CHATS: dict[int, Chat] = {
    chat.id: chat
    for chat in (
        Chat(WANG.id, "private", WANG.first_name, (WANG,)),
        Chat(ALEX.id, "private", ALEX.first_name, (ALEX,)),
        Chat(-1001000000003, "supergroup", "街坊读报群", (WANG, ALEX)),
    )
}
GROUP = CHATS[-1001000000003]


def member(chat: Chat, user_id: int | None) -> User | None:
    """Return the member with this id, or the first member if it is None; None if the chat has no such member."""
    if user_id is None:
        return chat.people[0]
    return next((user for user in chat.people if user.id == user_id), None)


DEFAULT_COMMAND_SCOPE: JSON = {"type": "default"}


def _scope_key(scope: JSON) -> tuple[str, int | None, int | None]:
    """Return a BotCommandScope as a hashable key."""
    chat = scope.get("chat_id")
    return scope.get("type", "default"), int(chat) if chat is not None else None, scope.get("user_id")


@dataclass(slots=True)
class Profile:
    """The bot's names, descriptions and command menus, by language code; "" is the default for other languages."""

    names: dict[str, str] = field(default_factory=lambda: {"": BOT.first_name})
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    _commands: dict[tuple[tuple[str, int | None, int | None], str], list[JSON]] = field(default_factory=dict)

    def set_commands(self, scope: JSON, language: str, commands: list[JSON]) -> None:
        self._commands[_scope_key(scope), language] = commands

    def commands(self, scope: JSON, language: str) -> list[JSON]:
        return self._commands.get((_scope_key(scope), language), [])

    def delete_commands(self, scope: JSON, language: str) -> None:
        self._commands.pop((_scope_key(scope), language), None)

    def commands_for(self, chat: Chat, user: User) -> list[JSON]:
        """Return the menu of the narrowest scope that has a menu for the user's language or for other languages."""
        private = chat.type == "private"
        kinds = ["all_private_chats"] if private else ["all_group_chats"]
        if not private and user == chat.people[0]:
            kinds = ["all_chat_administrators", *kinds]
        scopes: list[JSON] = [
            {"type": "chat_member", "chat_id": chat.id, "user_id": user.id},
            {"type": "chat", "chat_id": chat.id},
            *({"type": kind} for kind in kinds),
            DEFAULT_COMMAND_SCOPE,
        ]
        for scope in scopes:
            for language in (user.language[:2], ""):
                if commands := self._commands.get((_scope_key(scope), language)):
                    return commands
        return []


def text_in_language(texts: dict[str, str], language: str) -> str:
    """Return the text for a language code, else the default text, else an empty string."""
    return texts.get(language[:2], texts.get("", ""))

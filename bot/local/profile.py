"""What the bot says of itself: command lists by scope and language, its name and descriptions."""

from dataclasses import dataclass, field

from bot.local.answers import JSON
from bot.local.world import BOT, Chat, User

DEFAULT_SCOPE: JSON = {"type": "default"}


def _scope_key(scope: JSON) -> tuple[str, int | None, int | None]:
    chat = scope.get("chat_id")
    return scope.get("type", "default"), int(chat) if chat is not None else None, scope.get("user_id")


@dataclass(slots=True)
class Profile:
    """Set by the bot, shown by the page."""

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
        """The list that this person sees in this chat: the narrowest scope first, in it his language first."""
        private = chat.type == "private"
        kinds = ["all_private_chats"] if private else ["all_group_chats"]
        if not private and user == chat.people[0]:  # who made the group administers it
            kinds = ["all_chat_administrators", *kinds]
        scopes: list[JSON] = [
            {"type": "chat_member", "chat_id": chat.id, "user_id": user.id},
            {"type": "chat", "chat_id": chat.id},
            *({"type": kind} for kind in kinds),
            DEFAULT_SCOPE,
        ]
        for scope in scopes:
            for language in (user.language[:2], ""):
                if found := self._commands.get((_scope_key(scope), language)):
                    return found
        return []


def in_language(texts: dict[str, str], language: str) -> str:
    """The text for a language, or the one for all."""
    return texts.get(language[:2], texts.get("", ""))
